# The catalog. Nothing else remembers what was done: messages come twice, and every write to the
# catalog has a condition by which the second finds the work done.

resource "aws_dynamodb_table" "catalog" {
  name                        = "${var.name_prefix}-catalog"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = var.catalog.hash_key
  range_key                   = var.catalog.range_key
  deletion_protection_enabled = var.deletion_protection
  tags                        = var.tags

  dynamic "attribute" {
    for_each = var.catalog.attributes

    content {
      name = attribute.key
      type = attribute.value
    }
  }

  dynamic "global_secondary_index" {
    for_each = var.catalog.indexes

    content {
      name               = global_secondary_index.key
      hash_key           = global_secondary_index.value.hash_key
      range_key          = global_secondary_index.value.range_key
      projection_type    = global_secondary_index.value.projection
      non_key_attributes = global_secondary_index.value.non_key_attributes
    }
  }

  # These cannot be changed later: another set of them is another table.
  dynamic "local_secondary_index" {
    for_each = var.catalog.local_indexes

    content {
      name            = local_secondary_index.key
      range_key       = local_secondary_index.value
      projection_type = "ALL"
    }
  }

  dynamic "ttl" {
    for_each = var.catalog.ttl_attribute == null ? [] : [var.catalog.ttl_attribute]

    content {
      attribute_name = ttl.value
      enabled        = true
    }
  }

  point_in_time_recovery {
    enabled = var.point_in_time_recovery
  }

  server_side_encryption {
    enabled = false # with DynamoDB's own key, which costs nothing; true means a key of KMS
  }
}
