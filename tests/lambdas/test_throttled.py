"""What taking in photos promises where Rekognition and DynamoDB refuse a part of all calls."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Generator, Mapping
from typing import TYPE_CHECKING, Any

import pytest
from relay import Relay, relaying, some_of

from kith.lambdas.ingest import handler as ingest

if TYPE_CHECKING:
    from tests.lambdas.conftest import Station

pytestmark = [pytest.mark.weights, pytest.mark.photos, pytest.mark.emulators]

_REFUSED = 0.3
"""Of all calls, until it is enough."""

_ENOUGH = {"DynamoDB": 6, "Rekognition": 2}
"""Refused calls. Each slows the clients down, on purpose, for some seconds."""


@pytest.fixture
def ways(station: Station, monkeypatch: pytest.MonkeyPatch) -> Generator[tuple[Relay, Relay]]:
    """The ways of this process's functions to AWS, and to Rekognition."""
    told = station.environment
    with (
        relaying(told["AWS_ENDPOINT_URL"]) as aws,
        relaying(told["AWS_ENDPOINT_URL_REKOGNITION"]) as rekognition,
    ):
        monkeypatch.setenv("AWS_ENDPOINT_URL", aws.url)
        monkeypatch.setenv("AWS_ENDPOINT_URL_REKOGNITION", rekognition.url)
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        yield aws, rekognition


def test_throttled_calls_lose_nothing(
    station: Station,
    ways: tuple[Relay, Relay],
    pictures: Mapping[str, bytes],
    context: Any,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Of 30 % refused calls, each is tried again: no photo is lost, none twice; figures say so."""
    aws, rekognition = ways
    for way, (service, most) in zip(ways, _ENOUGH.items(), strict=True):
        way.refuse = some_of(_REFUSED, {service}, most)
    first, second, _, again, *_ = pictures
    messages = [station.put(key, pictures[key]) for key in (first, second, again)]

    while messages:
        answer = ingest({"Records": messages}, context)
        again = {each["itemIdentifier"] for each in answer["batchItemFailures"]}
        messages = [each for each in messages if each["messageId"] in again]

    counts = station.cloud().catalog.counts()
    assert (counts.photos, counts.faces, counts.people) == (3, 3, 2)
    assert rekognition.refused.total() > 0
    assert aws.refused.total() == _ENOUGH["DynamoDB"]
    assert set(aws.refused) >= {"DynamoDB.GetItem", "DynamoDB.Query"}
    figures = _figures(capsys.readouterr().out)
    assert figures["RekognitionRetries"] == rekognition.refused.total()
    assert figures["DynamoDBRetries"] == _ENOUGH["DynamoDB"]


def _figures(said: str) -> Counter[str]:
    """What CloudWatch adds up of what functions print."""
    figures = Counter[str]()
    for line in said.splitlines():
        told = json.loads(line)
        if "_aws" in told:
            for metric in told["_aws"]["CloudWatchMetrics"][0]["Metrics"]:
                figures[metric["Name"]] += sum(told[metric["Name"]])
    return figures
