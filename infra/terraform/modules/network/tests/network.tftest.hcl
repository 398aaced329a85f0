mock_provider "aws" {
  source          = "../../mocks"
  override_during = plan
}

variables {
  name_prefix                = "kith-test"
  endpoint_security_group_id = "sg-1"
}

run "two_zones_and_six_endpoints" {
  command = plan

  assert {
    condition     = { for zone, subnet in aws_subnet.private : zone => subnet.cidr_block } == { "eu-west-1a" = "10.20.0.0/24", "eu-west-1b" = "10.20.1.0/24" }
    error_message = "Each zone must have addresses of its own."
  }

  assert {
    condition     = alltrue([for subnet in aws_subnet.private : subnet.map_public_ip_on_launch != true])
    error_message = "Nothing may have an address in the internet."
  }

  assert {
    condition     = keys(aws_vpc_endpoint.gateway) == ["dynamodb", "s3"] && keys(aws_vpc_endpoint.interface) == ["logs", "rekognition", "sns", "sqs"]
    error_message = "Every service that the functions use must be reachable."
  }

  assert {
    condition     = aws_vpc_endpoint.interface["rekognition"].service_name == "com.amazonaws.eu-west-1.rekognition" && aws_vpc_endpoint.interface["rekognition"].private_dns_enabled
    error_message = "The endpoint must be found by the service's own name."
  }
}

run "refuses_small_networks_and_paying_for_what_is_free" {
  command = plan

  variables {
    cidr                = "10.20.0.0/24"
    interface_endpoints = ["s3"]
  }

  expect_failures = [var.cidr, var.interface_endpoints]
}
