"""Amazon resource names of collections."""

from __future__ import annotations

import re
from typing import Final

from kith.rekognition.errors import Kind, RekognitionError
from kith.rekognition.interface import Call

_ARN: Final = re.compile(
    r"(?:arn:)?aws[\w-]*:rekognition:[\w-]*:\d*:collection/([\w.-]{1,255})", re.A
)


def arn_of(collection_id: str, call: Call) -> str:
    """The name of a collection, as DescribeCollection gives it."""
    return f"arn:{short_arn_of(collection_id, call)}"


def short_arn_of(collection_id: str, call: Call) -> str:
    """The same without its first part, as CreateCollection of the real service gives it."""
    return f"aws:rekognition:{call.region}:{call.account}:collection/{collection_id}"


def collection_of(arn: str) -> str:
    """The id of the collection that a name, with or without its first part, is of.

    Raises:
        RekognitionError: ``ResourceNotFoundException``; it is of no collection.
    """
    found = _ARN.fullmatch(arn)
    if found is None:
        raise RekognitionError(Kind.RESOURCE_NOT_FOUND, f"The resource {arn} does not exist")
    return found[1]
