"""What each role may do, right by right: nothing less than it needs, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from cloud_deployment import COLLECTION, Deployment
from emulators import REGION

pytestmark = pytest.mark.terraform

ROLES = ("api", "backfill", "guest", "ingest", "notices", "regroup", "scheduler")

WITHOUT_RESOURCES = {
    "rekognition:DetectFaces",
    "rekognition:DetectLabels",
    "rekognition:DetectText",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
}
"""Actions for which IAM knows no resource, or none that is there before the action."""

CATALOG = {
    "dynamodb:BatchGetItem",
    "dynamodb:ConditionCheckItem",
    "dynamodb:DeleteItem",
    "dynamodb:GetItem",
    "dynamodb:PutItem",
    "dynamodb:Query",
    "dynamodb:UpdateItem",
}

RIGHTS: dict[str, dict[str, set[str]]] = {
    "api": {
        "original": {"s3:GetObject"},
        "upload": {"s3:PutObject"},
        "originals": {"s3:ListBucket"},
        "crop": {"s3:DeleteObject", "s3:GetObject", "s3:PutObject"},
        "document": {"s3:DeleteObject", "s3:GetObject", "s3:PutObject"},
        "derived": {"s3:ListBucket"},
        "state": {"s3:DeleteObject", "s3:GetObject", "s3:PutObject"},
        "catalog": CATALOG,
        "index": CATALOG,
        "collection": {
            "rekognition:DeleteFaces",
            "rekognition:IndexFaces",
            "rekognition:SearchFaces",
            "rekognition:SearchFacesByImage",
        },
        "anything": {"rekognition:DetectFaces"},
        "own log": {"logs:CreateLogStream", "logs:PutLogEvents"},
    },
    "backfill": {
        "originals": {"s3:ListBucket"},
        "derived": {"s3:ListBucket"},
        "state": {"s3:GetObject", "s3:PutObject"},
        "queue": {"sqs:SendMessage"},
        "own log": {"logs:CreateLogStream", "logs:PutLogEvents"},
    },
    "guest": {"shared": {"execute-api:Invoke"}},
    "ingest": {
        "original": {"s3:GetObject", "s3:GetObjectVersion"},
        "originals": {"s3:ListBucket"},
        "crop": {"s3:GetObject", "s3:PutObject"},
        "document": {"s3:GetObject", "s3:PutObject"},
        "derived": {"s3:ListBucket"},
        "state": {"s3:GetObject", "s3:PutObject"},
        "catalog": CATALOG,
        "index": CATALOG,
        "collection": {"rekognition:IndexFaces", "rekognition:SearchFaces"},
        "anything": {"rekognition:DetectLabels", "rekognition:DetectText"},
        "queue": {
            "sqs:ChangeMessageVisibility",
            "sqs:DeleteMessage",
            "sqs:GetQueueAttributes",
            "sqs:ReceiveMessage",
        },
        "own log": {"logs:CreateLogStream", "logs:PutLogEvents"},
    },
    "notices": {
        "catalog": CATALOG,
        "index": CATALOG,
        "notices": {"sns:Publish"},
        "own log": {"logs:CreateLogStream", "logs:PutLogEvents"},
    },
    "regroup": {
        "document": {"s3:GetObject", "s3:PutObject"},
        "derived": {"s3:ListBucket"},
        "catalog": CATALOG,
        "index": CATALOG,
        "collection": {"rekognition:ListFaces", "rekognition:SearchFaces"},
        "own log": {"logs:CreateLogStream", "logs:PutLogEvents"},
    },
    "scheduler": {"scheduled": {"lambda:InvokeFunction"}},
}
"""By role and by what is touched, all that it may do there."""

OTHERS: dict[str, set[str]] = {
    "original": {
        "s3:DeleteObject",
        "s3:DeleteObjectVersion",
        "s3:PutObject",
        "s3:PutObjectAcl",
    },
    "upload": {"s3:DeleteObject", "s3:PutObjectAcl"},
    "originals": {"s3:DeleteBucket", "s3:PutBucketPolicy", "s3:PutLifecycleConfiguration"},
    "crop": {"s3:PutObjectAcl"},
    "page": {"s3:GetObject", "s3:PutObject"},
    "catalog": {"dynamodb:DeleteTable", "dynamodb:Scan", "dynamodb:UpdateTable"},
    "collection": {"rekognition:DeleteCollection", "rekognition:ListFaces"},
    "queue": {"sqs:DeleteQueue", "sqs:PurgeQueue", "sqs:SetQueueAttributes"},
    "failed": {"sqs:DeleteMessage", "sqs:ReceiveMessage", "sqs:SendMessage"},
    "alarms": {"sns:Publish"},
    "notices": {"sns:DeleteTopic", "sns:Subscribe"},
    "own log": {"logs:DeleteLogGroup"},
    "another log": {"logs:GetLogEvents", "logs:PutLogEvents"},
    "scheduled": {"lambda:UpdateFunctionCode"},
    "unscheduled": {"lambda:InvokeFunction"},
    "private": {"execute-api:Invoke"},
    "role": {"iam:PassRole", "iam:PutRolePolicy", "sts:AssumeRole"},
    "accounts": {"cognito-idp:AdminCreateUser", "cognito-idp:ListUsers"},
}
"""What nobody may do, besides what others may."""


REFUSALS = {"AccessDenied", "AccessDeniedException", "AuthorizationError"}
"""As services spell it."""


@pytest.mark.parametrize("role", ROLES)
def test_roles_may_do_what_they_need_and_nothing_else(deployment: Deployment, role: str) -> None:
    """Of all actions on all things, a role may do exactly those that its work is made of."""
    iam = deployment.client("iam")
    arn = iam.get_role(RoleName=deployment.outputs["roles"][role])["Role"]["Arn"]

    allowed: dict[str, set[str]] = {}
    for thing, touched in _things(role, deployment).items():
        answer = iam.simulate_principal_policy(
            PolicySourceArn=arn, ActionNames=_all_actions(thing), ResourceArns=[touched]
        )
        found = {
            each["EvalActionName"]
            for each in answer["EvaluationResults"]
            if each["EvalDecision"] == "allowed"
        }
        if found:
            allowed[thing] = found

    assert allowed == RIGHTS[role]


def _all_actions(thing: str) -> list[str]:
    """All that any role may do with a thing, and what nobody may."""
    some = (rights.get(thing, set[str]()) for rights in RIGHTS.values())
    return sorted(OTHERS.get(thing, set[str]()).union(*some))


def _things(role: str, deployment: Deployment) -> dict[str, str]:
    """What there is to touch, by the names above: a role's log is its own."""
    outputs = deployment.outputs
    account = deployment.client("sts").get_caller_identity()["Account"]
    api = next(each for each in deployment.resources if each["type"] == "aws_apigatewayv2_api")
    api_id, pool = api["values"]["id"], outputs["login"]["user_pool_id"]
    another = "ingest" if role != "ingest" else "api"

    def arn(service: str, rest: str) -> str:
        return f"arn:aws:{service}:{REGION}:{account}:{rest}"

    def queue(name: str) -> str:
        return arn("sqs", outputs["queue_urls"][name].rpartition("/")[2])

    def log(name: str) -> str:
        return arn("logs", f"log-group:/aws/lambda/{name}:log-stream:1")

    return {
        "original": f"arn:aws:s3:::{outputs['originals_bucket']}/photos/1.jpg",
        "upload": f"arn:aws:s3:::{outputs['originals_bucket']}/photos/uploads/2024/06/1.jpg",
        "originals": f"arn:aws:s3:::{outputs['originals_bucket']}",
        "crop": f"arn:aws:s3:::{outputs['derived_bucket']}/crops/1.jpg",
        "document": f"arn:aws:s3:::{outputs['derived_bucket']}/findings/1.json",
        "derived": f"arn:aws:s3:::{outputs['derived_bucket']}",
        "state": f"arn:aws:s3:::{outputs['derived_bucket']}/state/1.json",
        "page": f"arn:aws:s3:::{outputs['page_bucket']}/index.html",
        "catalog": arn("dynamodb", f"table/{outputs['catalog_table']}"),
        "index": arn("dynamodb", f"table/{outputs['catalog_table']}/index/by_time"),
        "collection": arn("rekognition", f"collection/{COLLECTION}"),
        "queue": queue("photos"),
        "failed": queue("failed"),
        "notices": outputs["topic_arns"]["notices"],
        "alarms": outputs["topic_arns"]["alarms"],
        "own log": log(outputs["roles"][role]),
        "another log": log(outputs["functions"][another]),
        "scheduled": arn("lambda", f"function:{outputs['functions']['regroup']}"),
        "unscheduled": arn("lambda", f"function:{outputs['functions']['backfill']}"),
        "shared": arn("execute-api", f"{api_id}/$default/GET/api/v1/shared/abc"),
        "private": arn("execute-api", f"{api_id}/$default/GET/api/v1/people"),
        "role": f"arn:aws:iam::{account}:role/{outputs['roles']['api']}",
        "accounts": arn("cognito-idp", f"userpool/{pool}"),
        "anything": "*",
    }


@pytest.mark.parametrize(
    ("function", "service", "operation", "wanted"),
    [
        ("ingest", "s3", "get_object", {"Bucket": "originals_bucket", "Key": "photos/none.jpg"}),
        ("backfill", "s3", "list_objects_v2", {"Bucket": "originals_bucket"}),
        ("api", "s3", "list_objects_v2", {"Bucket": "derived_bucket"}),
        ("notices", "sns", "publish", {"TopicArn": "notices", "Message": "Ana appears"}),
    ],
)
def test_functions_can_do_their_work(
    deployment: Deployment, function: str, service: str, operation: str, wanted: dict[str, str]
) -> None:
    """A function that calls AWS with its own role is let do what it is for."""
    code = deployment.ask(function, service, operation, **_named(deployment, wanted))

    assert code in (None, "NoSuchKey")


@pytest.mark.parametrize(
    ("function", "service", "operation", "wanted"),
    [
        ("ingest", "s3", "delete_object", {"Bucket": "originals_bucket", "Key": "photos/1.jpg"}),
        ("ingest", "dynamodb", "scan", {"TableName": "catalog_table"}),
        ("api", "s3", "delete_object", {"Bucket": "originals_bucket", "Key": "photos/1.jpg"}),
        ("ingest", "sns", "publish", {"TopicArn": "notices", "Message": "Ana appears"}),
        ("notices", "s3", "list_objects_v2", {"Bucket": "originals_bucket"}),
        ("regroup", "sns", "publish", {"TopicArn": "notices", "Message": "Ana appears"}),
        ("backfill", "dynamodb", "delete_table", {"TableName": "catalog_table"}),
        ("backfill", "sqs", "purge_queue", {"QueueUrl": "photos"}),
    ],
)
def test_functions_are_refused_the_rest(
    deployment: Deployment, function: str, service: str, operation: str, wanted: dict[str, str]
) -> None:
    """A function that calls AWS with its own role is refused what it is not for."""
    code = deployment.ask(function, service, operation, **_named(deployment, wanted))

    assert code in REFUSALS


def _named(deployment: Deployment, wanted: dict[str, str]) -> dict[str, str]:
    """The arguments, with the outputs that they name."""
    outputs = deployment.outputs
    known = {**outputs, **outputs["topic_arns"], **outputs["queue_urls"]}
    return {name: known.get(value, value) for name, value in wanted.items()}


def test_no_policy_has_a_star(deployment: Deployment) -> None:
    """Policies of roles name every action, and every resource where the action knows one."""
    statements = list(_statements(deployment, "aws_iam_role_policy", "policy"))

    for statement in statements:
        assert "NotAction" not in statement
        assert "NotResource" not in statement
        actions, resources = _several(statement["Action"]), _several(statement["Resource"])
        assert not [action for action in actions if "*" in action]
        assert "*" not in resources or set(actions) <= WITHOUT_RESOURCES
        assert all(each == "*" or each.count(":") >= 5 for each in resources)
    assert len(statements) > 20


def test_roles_trust_one_service(deployment: Deployment) -> None:
    """A role is taken by the service it is for, and the guests' only with a token of theirs."""
    trusted: dict[str, set[str]] = {}
    for statement in _statements(deployment, "aws_iam_role", "assume_role_policy"):
        (principals,) = statement["Principal"].values()
        for service in _several(principals):
            trusted.setdefault(service, set()).update(statement.get("Condition", {}))

    assert trusted == {
        "lambda.amazonaws.com": set(),
        "scheduler.amazonaws.com": {"StringEquals"},
        "cognito-identity.amazonaws.com": {"StringEquals", "ForAnyValue:StringLike"},
    }


@pytest.mark.parametrize(
    ("kind", "count"),
    [("aws_s3_bucket_policy", 3), ("aws_sqs_queue_policy", 3), ("aws_sns_topic_policy", 2)],
)
def test_nothing_travels_in_the_clear(deployment: Deployment, kind: str, count: int) -> None:
    """Buckets, queues and topics refuse whoever does not use TLS."""
    refusing = [
        statement
        for statement in _statements(deployment, kind, "policy")
        if statement["Effect"] == "Deny"
        and statement.get("Condition") == {"Bool": {"aws:SecureTransport": "false"}}
    ]

    assert len(refusing) == count
    assert all(statement["Principal"] in ("*", {"AWS": "*"}) for statement in refusing)


def _statements(deployment: Deployment, kind: str, attribute: str) -> Iterator[dict[str, Any]]:
    for resource in deployment.resources:
        if resource["type"] == kind:
            yield from json.loads(resource["values"][attribute])["Statement"]


def _several(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
