"""What a deployment will cost, before there is one: for photos that come, and for those that lie.

Prices and how often what is asked are ``kith.pipeline.cloud_cost``'s; here they are put into the
words of a bill. Everything is in US dollars, at list prices of us-east-1, without free tiers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kith.pipeline.cloud_cost import PRICES, READ_ON, bill, calls_for, cost, cost_of_pairs, kept_for

_MONTH_HOURS: Final = 730
"""As AWS counts a month."""

_ALARMS: Final = 14
"""That infra/terraform makes without a network."""

_ALARM: Final = 0.10
"""Dollars a month (https://aws.amazon.com/cloudwatch/pricing/), remembered and not read there."""

_NOTICES_AN_HOUR: Final = 12
"""Calls by the clock; see ``schedules`` of infra/terraform."""

_NOTICES_GB_SECONDS: Final = 0.5 * 0.3
"""Of a call that finds nothing to tell: 512 MB for a third of a second."""

_POLLS_AN_HOUR: Final = 5 * 3600 / 20
"""Lambda asks an empty queue with five long polls at once, of 20 seconds each
(https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html)."""

_WORDS: Final[Mapping[str, str]] = {
    "Rekognition.IndexFaces": "Rekognition: finding faces and keeping them",
    "Rekognition.SearchFaces": "Rekognition: searching for each face",
    "Rekognition.DetectLabels": "Rekognition: what photos show",
    "Rekognition.DetectText": "Rekognition: what is written in them",
    "Rekognition.FacesKept": "Rekognition: faces that are kept",
    "S3.GBKept": "S3: photos that are kept",
}
"""What is told by itself; the rest of a service is told together."""

_REST: Final[Mapping[str, str]] = {
    "Lambda": "Lambda: the functions",
    "DynamoDB": "DynamoDB: the catalog",
    "S3": "S3: writing and reading",
    "SQS": "SQS: the queue",
    "EventBridge": "EventBridge: events",
    "CloudWatch": "CloudWatch: logs",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a bill.

    Attributes:
        what: in words.
        dollars: how much.
        source: where its price is to be read.
        known: whether it was read there on ``READ_ON``, and not remembered.
    """

    what: str
    dollars: float
    source: str
    known: bool


@dataclass(frozen=True, slots=True)
class Estimate:
    """What it will cost.

    Attributes:
        photos: that come.
        faces: that each shows, on average.
        coming: for taking them in, once; the dearest first.
        lying: for keeping them, each month.
        idle: each month in which nothing comes, whatever is kept.
        pairs: for comparing each of them with every other one through CompareFaces instead.
        read_on: when the prices were read.
    """

    photos: int
    faces: float
    coming: Sequence[Line]
    lying: Sequence[Line]
    idle: Sequence[Line]
    pairs: float
    read_on: str = READ_ON


def estimate(photos: int = 1_000, faces: float = 2.0, *, findings: bool = False) -> Estimate:
    """What a deployment costs for so many photos of 4 MB; with Amazon Rekognition, and no network.

    Args:
        photos: how many come.
        faces: that each shows, on average.
        findings: whether they are looked at for what they show and what is written in them, too.
    """
    return Estimate(
        photos=photos,
        faces=faces,
        coming=_lines(calls_for(photos, faces, findings=findings)),
        lying=_lines(kept_for(photos, faces)),
        idle=_idle(),
        pairs=cost_of_pairs(photos),
    )


def together(lines: Sequence[Line]) -> float:
    """Dollars of all these."""
    return sum(line.dollars for line in lines)


def _idle() -> list[Line]:
    calls = _NOTICES_AN_HOUR * _MONTH_HOURS
    counts = {
        "Lambda.Calls": calls,
        "Lambda.GBSeconds": calls * _NOTICES_GB_SECONDS,
        "DynamoDB.ReadRequestUnits": 2.0 * calls,
        "SQS.ReceiveMessage": _POLLS_AN_HOUR * _MONTH_HOURS,
    }
    source = PRICES["CloudWatch.GBLogged"].source
    alarms = Line(f"CloudWatch: {_ALARMS} alarms", _ALARMS * _ALARM, source, known=False)
    return sorted([alarms, *_lines(counts)], key=lambda line: -line.dollars)


def _lines(counts: Mapping[str, float]) -> list[Line]:
    """The bill for so many of each, with what is told together put together."""
    groups: dict[str, dict[str, float]] = {}
    for charge in bill(counts):
        words = _WORDS.get(charge.what) or _REST.get(charge.service, charge.service)
        groups.setdefault(words, {})[charge.what] = charge.count
    lines = [
        Line(
            words,
            cost(counted),
            PRICES[next(iter(counted))].source,
            known=all(PRICES[what].known for what in counted),
        )
        for words, counted in groups.items()
    ]
    return sorted(lines, key=lambda line: -line.dollars)
