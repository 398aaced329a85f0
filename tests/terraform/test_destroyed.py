"""What is left when everything is destroyed. Behind the others: it takes away what they look at."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from cloud_deployment import PREFIX, Deployment

pytestmark = pytest.mark.terraform


def test_destroying_leaves_nothing(deployment: Deployment) -> None:
    """Nothing that was made is left, in the account as in Terraform's mind."""
    terraform = deployment.terraform
    assert len(list(_left(deployment))) > 20

    # What is there was read a moment ago; the emulator does not show all of it (see UNREADABLE).
    terraform.run("destroy", "-auto-approve", "-refresh=false", "-parallelism=40")

    assert "values" not in terraform.document("show")
    assert list(_left(deployment)) == []


def _left(deployment: Deployment) -> Iterator[str]:
    """What has our prefix in its name, service by service."""
    for service, operation, path in (
        ("s3", "list_buckets", "Buckets[].Name"),
        ("dynamodb", "list_tables", "TableNames[]"),
        ("sqs", "list_queues", "QueueUrls[]"),
        ("sns", "list_topics", "Topics[].TopicArn"),
        ("lambda", "list_functions", "Functions[].FunctionName"),
        ("lambda", "list_event_source_mappings", "EventSourceMappings[].EventSourceArn"),
        ("iam", "list_roles", "Roles[].RoleName"),
        ("logs", "describe_log_groups", "logGroups[].logGroupName"),
        ("events", "list_rules", "Rules[].Name"),
        ("scheduler", "list_schedules", "Schedules[].Name"),
        ("apigatewayv2", "get_apis", "Items[].Name"),
        ("cloudwatch", "describe_alarms", "MetricAlarms[].AlarmName"),
        ("cloudwatch", "list_dashboards", "DashboardEntries[].DashboardName"),
        ("cloudfront", "list_distributions", "DistributionList.Items[].Comment"),
        ("ec2", "describe_vpcs", "Vpcs[].Tags[].Value"),
        ("ec2", "describe_security_groups", "SecurityGroups[].GroupName"),
    ):
        found = deployment.client(service).get_paginator(operation).paginate().search(path)
        yield from (name for name in found if name and PREFIX in name)
    pools = deployment.client("cognito-idp").list_user_pools(MaxResults=60)["UserPools"]
    guests = deployment.client("cognito-identity").list_identity_pools(MaxResults=60)
    yield from (pool["Name"] for pool in pools)
    yield from (pool["IdentityPoolName"] for pool in guests["IdentityPools"])
