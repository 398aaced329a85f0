output "vpc_id" {
  description = "Id of the network."
  value       = aws_vpc.this.id
}

output "cidr" {
  description = "Its addresses."
  value       = aws_vpc.this.cidr_block
}

output "subnet_ids" {
  description = "Ids of the subnets."
  value       = [for subnet in aws_subnet.private : subnet.id]

  # A function that starts before the endpoints are there reaches nothing.
  depends_on = [aws_vpc_endpoint.gateway, aws_route_table_association.private]
}

output "prefix_list_ids" {
  description = "By service (`s3`, `dynamodb`): the prefix list of its addresses."
  value       = { for service, endpoint in aws_vpc_endpoint.gateway : service => endpoint.prefix_list_id }
}
