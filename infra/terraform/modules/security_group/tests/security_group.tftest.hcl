mock_provider "aws" {
  source          = "../../mocks"
  override_during = plan
}

variables {
  name_prefix     = "kith-test"
  vpc_id          = "vpc-1"
  prefix_list_ids = { s3 = "pl-1", dynamodb = "pl-2" }
}

run "tls_to_aws_and_nothing_else" {
  command = plan

  assert {
    condition = alltrue([
      for rule in concat(
        [aws_vpc_security_group_egress_rule.to_endpoints, aws_vpc_security_group_ingress_rule.from_functions],
        values(aws_vpc_security_group_egress_rule.to_gateways),
      ) : rule.from_port == 443 && rule.to_port == 443 && rule.ip_protocol == "tcp" && rule.cidr_ipv4 == null && rule.cidr_ipv6 == null
    ])
    error_message = "Nothing but TLS may pass, and to no range of addresses."
  }

  assert {
    condition     = { for name, rule in aws_vpc_security_group_egress_rule.to_gateways : name => rule.prefix_list_id } == { s3 = "pl-1", dynamodb = "pl-2" }
    error_message = "S3 and DynamoDB must be reachable, in this region."
  }
}

run "refuses_what_is_no_network" {
  command = plan

  variables {
    vpc_id = "subnet-1"
  }

  expect_failures = [var.vpc_id]
}
