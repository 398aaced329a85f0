"""What photos cost on AWS: how often Kith asks for what, and what each of it costs.

Everything is counted as ``kith.compose.cloud.Cloud`` hears it: by operation, such as
``Rekognition.IndexFaces``. What is not paid by the request is counted in its own unit, such as
``Lambda.GBSeconds``. Prices are AWS's list prices of us-east-1 in US dollars, without free tiers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from typing import Final

READ_ON: Final = "2026-10-07"
"""When the prices were read, or remembered; AWS changes them, mostly downwards."""


@dataclass(frozen=True, slots=True)
class Price:
    """What one of something costs.

    Attributes:
        tiers: how many a month, and what each of these costs, in dollars; the last has no end.
        source: where it was read.
        known: whether it was read there, and not remembered.
    """

    tiers: tuple[tuple[float, float], ...]
    source: str
    known: bool = True

    def of(self, count: float) -> float:
        """Dollars for so many in one month."""
        dollars, left = 0.0, count
        for size, each in self.tiers:
            taken = min(left, size)
            dollars += taken * each
            left -= taken
        return dollars


@dataclass(frozen=True, slots=True)
class Charge:
    """A line of a bill.

    Attributes:
        what: the operation, or what else is paid for.
        count: how many.
        dollars: what they cost together.
    """

    what: str
    count: float
    dollars: float

    @property
    def service(self) -> str:
        """Whose bill it is on, such as ``Rekognition``."""
        return self.what.partition(".")[0]


def _flat(dollars: float, per: float, source: str, *, known: bool = True) -> Price:
    return Price(((inf, dollars / per),), source, known)


_REKOGNITION: Final = "https://aws.amazon.com/rekognition/pricing/"
_DYNAMODB: Final = "https://aws.amazon.com/dynamodb/pricing/on-demand/"
_S3: Final = "https://aws.amazon.com/s3/pricing/"

# The boundaries between tiers, and all of group 1, are remembered; the page shows them by script.
_GROUP_1: Final = Price(
    ((1e6, 0.001), (4e6, 0.0008), (30e6, 0.0006), (inf, 0.0004)), _REKOGNITION, known=False
)
_GROUP_2: Final = Price(((1e6, 0.001), (4e6, 0.0008), (30e6, 0.0006), (inf, 0.00025)), _REKOGNITION)
_S3_WRITE: Final = _flat(0.005, 1_000, _S3, known=False)
_S3_READ: Final = _flat(0.0004, 1_000, _S3, known=False)
_SQS: Final = _flat(0.40, 1e6, "https://aws.amazon.com/sqs/pricing/")

PRICES: Final[Mapping[str, Price]] = {
    "Rekognition.CompareFaces": _GROUP_1,
    "Rekognition.IndexFaces": _GROUP_1,
    "Rekognition.SearchFaces": _GROUP_1,
    "Rekognition.SearchFacesByImage": _GROUP_1,
    "Rekognition.DetectFaces": _GROUP_2,
    "Rekognition.DetectLabels": _GROUP_2,
    "Rekognition.DetectText": _GROUP_2,
    "Rekognition.FacesKept": _flat(0.01, 1_000, _REKOGNITION),
    "Lambda.GBSeconds": _flat(0.0000133334, 1, "https://aws.amazon.com/lambda/pricing/"),
    "Lambda.Calls": _flat(0.20, 1e6, "https://aws.amazon.com/lambda/pricing/"),
    "DynamoDB.WriteRequestUnits": _flat(0.625, 1e6, _DYNAMODB),
    "DynamoDB.ReadRequestUnits": _flat(0.125, 1e6, _DYNAMODB),
    "S3.PutObject": _S3_WRITE,
    "S3.ListObjectsV2": _S3_WRITE,
    "S3.GetObject": _S3_READ,
    "S3.HeadObject": _S3_READ,
    "S3.GBKept": _flat(0.023, 1, _S3, known=False),
    "SQS.SendMessage": _SQS,
    "SQS.ReceiveMessage": _SQS,
    "SQS.DeleteMessage": _SQS,
    "EventBridge.Events": _flat(1.00, 1e6, "https://aws.amazon.com/eventbridge/pricing/"),
    "SNS.Publish": _flat(0.50, 1e6, "https://aws.amazon.com/sns/pricing/", known=False),
    "CloudWatch.GBLogged": _flat(
        0.50, 1, "https://aws.amazon.com/cloudwatch/pricing/", known=False
    ),
}
"""By what is counted. What is not here costs nothing by itself: DynamoDB's requests are paid by
units, and deleting from S3 or from a collection is free."""


def bill(counts: Mapping[str, float]) -> list[Charge]:
    """What so many of each cost in one month, the dearest first; what is free is left out."""
    charges = [
        Charge(what, count, PRICES[what].of(count))
        for what, count in counts.items()
        if what in PRICES and count
    ]
    return sorted(charges, key=lambda charge: (-charge.dollars, charge.what))


def cost(counts: Mapping[str, float]) -> float:
    """Dollars for so many of each in one month."""
    return sum(charge.dollars for charge in bill(counts))


def calls_for(
    photos: int, faces: float = 2.0, *, findings: bool = False, gb_seconds: float = 3.0
) -> dict[str, float]:
    """What taking in so many photos asks of AWS; tests count it, but for Lambda's time.

    Args:
        photos: how many.
        faces: that a photo shows, on average.
        findings: whether labels and text are asked for, too.
        gb_seconds: of Lambda for a photo: 1.5 GB for two seconds, most of which is waiting.
    """
    each = {
        "EventBridge.Events": 1.0,
        "SQS.SendMessage": 1.0,
        "SQS.ReceiveMessage": 1.0,
        "SQS.DeleteMessage": 1.0,
        "Lambda.Calls": 1.0,
        "Lambda.GBSeconds": gb_seconds,
        "Rekognition.IndexFaces": 1.0,
        "Rekognition.SearchFaces": faces,
        "S3.PutObject": 2.0 + faces + findings,  # the photo, its thumbnail, crops and document
        "S3.HeadObject": 1.0,
        "S3.GetObject": 3.0 + findings,
        "DynamoDB.WriteRequestUnits": 20.0 + 14.0 * faces + 10.0 * findings,
        "DynamoDB.ReadRequestUnits": 20.0 + 20.0 * faces + 15.0 * findings,
        "CloudWatch.GBLogged": 3e-6,
    }
    if findings:
        each |= {"Rekognition.DetectLabels": 1.0, "Rekognition.DetectText": 1.0}
    return {what: photos * count for what, count in each.items()}


def kept_for(photos: int, faces: float = 2.0, megabytes: float = 4.0) -> dict[str, float]:
    """What keeping so many photos takes each month.

    Args:
        photos: how many.
        faces: that a photo shows, on average.
        megabytes: of a photo, on average.
    """
    return {
        "Rekognition.FacesKept": photos * faces,
        "S3.GBKept": photos * (megabytes + 0.05 + 0.01 * faces) / 1_000,
    }


def cost_of_pairs(photos: int) -> float:
    """Dollars for comparing every photo with every other one through CompareFaces."""
    return PRICES["Rekognition.CompareFaces"].of(photos * (photos - 1) / 2)
