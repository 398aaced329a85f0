"""The example ``complete`` as it stands in an emulator of AWS that enforces policies, over TLS."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cloud_deployment import COLLECTION, DOMAIN, FUNCTIONS, PREFIX, Deployment
from cloud_visits import Answer, guest_keys, owner_token, visit, visit_api, visit_page

from kith.adapters.catalog.dynamo.schema import table_definition

pytestmark = pytest.mark.terraform

DIFFERENCES = {
    # The emulator gives a value that nobody set.
    "aws_apigatewayv2_authorizer": {"authorizer_payload_format_version"},
    "aws_cloudfront_response_headers_policy": {"remove_headers_config"},
    # It keeps alarms whole, and shows the provider only a part of them.
    "aws_cloudwatch_metric_alarm": {
        "actions_enabled",
        "alarm_actions",
        "alarm_description",
        "dimensions",
        "ok_actions",
        "period",
        "statistic",
        "treat_missing_data",
    },
    # It does not keep these.
    "aws_vpc_endpoint": {"private_dns_enabled", "security_group_ids"},
}
"""What a second plan would change, by type of resource: all of it for the emulator's sake."""

UNREADABLE = "aws_vpc_security_group_egress_rule.to_gateways"
"""The emulator does not show the prefix list of a rule, and the provider cannot plan without it."""


def test_a_second_plan_changes_nothing(deployment: Deployment) -> None:
    """What was applied is what is asked for, but for what the emulator does not keep."""
    terraform = deployment.terraform
    addresses = {each["address"].partition('["')[0] for each in deployment.resources}
    targets = [f"-target={each}" for each in sorted(addresses) if UNREADABLE not in each]

    terraform.run("plan", "-parallelism=40", "-out=second", *targets)

    plan = terraform.document("show", "second")
    changed = [each for each in plan["resource_changes"] if each["change"]["actions"] != ["no-op"]]
    assert [each["address"] for each in changed if not _is_the_emulators(each)] == []


def _is_the_emulators(planned: dict[str, Any]) -> bool:
    change = planned["change"]
    differing = {
        name for name in change["after"] if change["after"][name] != change["before"][name]
    }
    known = DIFFERENCES.get(planned["type"], set[str]())
    return change["actions"] == ["update"] and differing <= known


def test_the_table_is_the_one_that_the_code_expects(deployment: Deployment) -> None:
    """Keys, indexes and time to live of the catalog are those of the DynamoDB adapter."""
    name = deployment.outputs["catalog_table"]
    wanted = table_definition(name)
    client = deployment.client("dynamodb")

    table = client.describe_table(TableName=name)["Table"]
    expiring = client.describe_time_to_live(TableName=name)["TimeToLiveDescription"]

    assert table["KeySchema"] == wanted["KeySchema"]
    assert _by(table["AttributeDefinitions"], "AttributeName") == _by(
        wanted["AttributeDefinitions"], "AttributeName"
    )
    assert _indexes(table) == _indexes(wanted)
    assert "GlobalSecondaryIndexes" not in table
    assert expiring["AttributeName"] == "expires"  # as the description of the schema says


def _by(entries: list[dict[str, Any]], key: str) -> dict[str, dict[str, Any]]:
    return {entry[key]: entry for entry in entries}


def _indexes(table: dict[str, Any]) -> dict[str, Any]:
    return {
        each["IndexName"]: (each["KeySchema"], each["Projection"])
        for each in table["LocalSecondaryIndexes"]
    }


def test_a_new_photo_reaches_the_function_once(deployment: Deployment) -> None:
    """An event of EventBridge comes out of the queue, with the key as it is and an etag."""
    key = "photos/Aunt & Uncle/Ostern 2024 (1) é+.jpg"
    bucket = deployment.outputs["originals_bucket"]
    s3 = deployment.client("s3")

    s3.put_object(Bucket=bucket, Key="elsewhere/1.jpg", Body=b"no photo: another prefix")
    etag = s3.put_object(Bucket=bucket, Key=key, Body=b"a photo")["ETag"]

    (event,) = deployment.eventually(lambda: _kept(deployment))
    assert event["source"] == "aws.s3"
    assert event["detail-type"] == "Object Created"
    assert event["detail"]["bucket"]["name"] == bucket
    assert event["detail"]["object"]["key"] == key
    assert event["detail"]["object"]["etag"] == etag.strip('"')
    deployment.eventually(lambda: _waiting(deployment) == 0)
    _take_away(deployment, bucket, key)


def _take_away(deployment: Deployment, bucket: str, key: str) -> None:
    """Delete all versions: with the emulator, Terraform tries to delete such a key for ever."""
    s3 = deployment.client("s3")
    versions = s3.list_object_versions(Bucket=bucket, Prefix=key)["Versions"]
    gone = [{"Key": each["Key"], "VersionId": each["VersionId"]} for each in versions]
    s3.delete_objects(Bucket=bucket, Delete={"Objects": gone})


def _kept(deployment: Deployment) -> list[dict[str, Any]]:
    """What the function wrote down of the messages that it got."""
    s3 = deployment.client("s3")
    bucket = deployment.outputs["derived_bucket"]
    listed = s3.list_objects_v2(Bucket=bucket, Prefix="probe/").get("Contents", [])
    events: list[dict[str, Any]] = []
    for each in listed:
        with s3.get_object(Bucket=bucket, Key=each["Key"])["Body"] as body:
            events.append(json.loads(body.read()))
    return events


def _waiting(deployment: Deployment) -> int:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    url = deployment.outputs["queue_urls"]["photos"]
    told = deployment.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=names)
    return sum(int(told["Attributes"][name]) for name in names)


def test_functions_are_told_what_they_use(deployment: Deployment) -> None:
    """The names in the environment are those of the README, and nothing is empty that is needed."""
    outputs = deployment.outputs
    told = {name: _environment(deployment, name) for name in FUNCTIONS}

    assert {each["KITH_TABLE"] for each in told.values()} == {outputs["catalog_table"]}
    assert {each["KITH_COLLECTION"] for each in told.values()} == {COLLECTION}
    assert {each["KITH_TITLE"] for each in told.values()} == {"The Limas"}
    assert told["ingest"]["KITH_ORIGINALS_BUCKET"] == outputs["originals_bucket"]
    assert told["ingest"]["KITH_DERIVED_BUCKET"] == outputs["derived_bucket"]
    assert told["notices"]["KITH_TOPIC_ARN"] == outputs["topic_arns"]["notices"]
    assert told["notices"]["KITH_PUBLIC_URL"] == f"https://{DOMAIN}"
    assert told["backfill"]["KITH_QUEUE_URL"] == outputs["queue_urls"]["photos"]
    assert told["backfill"]["KITH_KEY_PREFIX"] == told["api"]["KITH_KEY_PREFIX"] == "photos/"
    assert "KITH_TOPIC_ARN" not in told["api"]


def test_the_readme_names_every_variable(deployment: Deployment, readme: str) -> None:
    """Whatever functions are told stands in the README."""
    told = {name for function in FUNCTIONS for name in _environment(deployment, function)}

    assert [name for name in sorted(told - {"KITH_TITLE"}) if f"`{name}`" not in readme] == []


def _environment(deployment: Deployment, function: str) -> dict[str, str]:
    name = deployment.outputs["functions"][function]
    told = deployment.client("lambda").get_function_configuration(FunctionName=name)
    return told["Environment"]["Variables"]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html"),
        ("/people/7", "text/html"),
        ("/main.js", "text/javascript"),
        ("/styles/app.css", "text/css"),
        ("/settings.json", "application/json"),
    ],
)
def test_cloudfront_serves_the_page(deployment: Deployment, path: str, kind: str) -> None:
    """Files come as what they are, and addresses of the page are the page."""
    answer = visit_page(deployment, path)

    assert answer.status == 200
    assert answer.headers["content-type"].startswith(kind)
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["strict-transport-security"].startswith("max-age=63072000")


def test_the_page_knows_where_it_is(deployment: Deployment) -> None:
    """``settings.json`` says how to log in and where the API is."""
    login = deployment.outputs["login"]

    told = json.loads(visit_page(deployment, "/settings.json").body)

    assert told["api"] == "/api/v1"
    assert told["client_id"] == login["client_id"]
    assert told["login"] == f"https://{login['domain']}"


def test_buckets_are_closed_to_passers_by(deployment: Deployment) -> None:
    """Who has no keys gets nothing out of a bucket, the page's included."""
    for name in ("originals_bucket", "derived_bucket", "page_bucket"):
        address = f"{deployment.endpoint.url}/{deployment.outputs[name]}/index.html"

        assert visit(deployment, address).status == 403


def test_the_api_asks_for_a_token(deployment: Deployment) -> None:
    """Without a token, or with one that is not ours, there is no answer; with one there is."""
    token = owner_token(deployment)

    assert visit_api(deployment, "/api/v1/people").status == 401
    assert visit_api(deployment, "/api/v1/people", token=f"{token[:-8]}AAAAAAAA").status == 401
    assert visit_api(deployment, "/api/v1/people", token=token) == Answer.of("/api/v1/people")
    assert visit_api(deployment, "/api/v1/health") == Answer.of("/api/v1/health")


def test_guests_see_shared_albums_only(deployment: Deployment) -> None:
    """Keys of the guest identity open routes of shared albums, and no other."""
    keys = guest_keys(deployment)

    assert visit_api(deployment, "/api/v1/shared/abc").status == 403
    assert visit_api(deployment, "/api/v1/shared/abc", keys=keys) == Answer.of("/api/v1/shared/abc")
    assert visit_api(deployment, "/api/v1/people", keys=keys).status in (401, 403)


def test_alarms_would_be_heard(deployment: Deployment) -> None:
    """Every alarm tells the topic that the owner's address is subscribed to."""
    topic = deployment.outputs["topic_arns"]["alarms"]
    alarms = deployment.client("cloudwatch").describe_alarms(AlarmNamePrefix=PREFIX)["MetricAlarms"]

    subscribed = deployment.client("sns").list_subscriptions_by_topic(TopicArn=topic)

    assert len(alarms) == 2 * len(FUNCTIONS) + 4
    assert all(alarm["AlarmActions"] == [topic] for alarm in alarms)
    assert [each["Endpoint"] for each in subscribed["Subscriptions"]] == ["owner@example.org"]
