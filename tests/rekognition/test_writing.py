"""Answers are written as the service's model says, and never otherwise."""

from __future__ import annotations

import json
import math
import struct
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith.rekognition.json_body import render
from kith.rekognition.model import Service
from kith.rekognition.writing import narrowed, writer_of


class Reason(StrEnum):
    """An enumeration as an operation may have it."""

    SMALL = "SMALL_BOUNDING_BOX"


def written(service: Service, operation: str, members: Any) -> Any:
    """What a client reads."""
    return json.loads(render(writer_of(service.gives(operation))(members)))


def test_floats_are_those_of_32_bits(service: Service) -> None:
    """Widened again, as the real service sends them."""
    answer = written(service, "DetectFaces", {"FaceDetails": ({"Confidence": 99.99998},)})

    assert answer == {"FaceDetails": [{"Confidence": 99.9999771118164}]}


def test_times_are_seconds_since_1970_as_a_number(service: Service) -> None:
    """To the millisecond, which 32 bits could not hold."""
    moment = datetime(2026, 1, 2, 3, 4, 5, 678_901, tzinfo=UTC)

    for time in (moment, moment.timestamp()):
        answer = written(service, "DescribeCollection", {"CreationTimestamp": time})
        assert answer == {"CreationTimestamp": 1767323045.679}


def test_enumerations_and_tuples_are_texts_and_lists(service: Service) -> None:
    """Operations may answer with what they have."""
    answer = written(service, "IndexFaces", {"UnindexedFaces": ({"Reasons": (Reason.SMALL,)},)})

    assert answer == {"UnindexedFaces": [{"Reasons": ["SMALL_BOUNDING_BOX"]}]}


def test_text_is_written_as_utf_8(service: Service) -> None:
    """Without escapes that would lengthen it."""
    writer = writer_of(service.gives("ListTagsForResource"))

    assert render(writer({"Tags": {"é": "写"}})) == '{"Tags":{"é":"写"}}'.encode()


@pytest.mark.parametrize(
    "members",
    [
        {"Nobodys": 1},
        {"FaceModelVersion": None},
        {"FaceModelVersion": 7},
        {"FaceMatches": "none"},
        {"FaceMatches": [{"Similarity": "99"}]},
        {"FaceMatches": [{"Similarity": True}]},
        {"FaceMatches": [{"Similarity": math.nan}]},
        {"FaceMatches": [{"Similarity": math.inf}]},
        {"FaceMatches": [{"Similarity": 1e39}]},
        {"FaceMatches": [{"Face": {"Faceid": "x"}}]},
        {"FaceMatches": ["x"]},
        "no members",
    ],
)
def test_what_is_not_in_the_model_is_an_error_of_ours(service: Service, members: Any) -> None:
    """A client must never see it."""
    with pytest.raises((TypeError, ValueError, OverflowError)):
        written(service, "SearchFaces", members)


def test_an_error_of_ours_says_where_it_is(service: Service) -> None:
    """Member by member, from the inside."""
    with pytest.raises(TypeError) as caught:
        written(service, "SearchFaces", {"FaceMatches": [{"Face": {"FaceId": 3}}]})

    assert caught.value.__notes__ == [
        "in FaceId of Face",
        "in Face of FaceMatch",
        "in FaceMatches of SearchFacesResponse",
    ]


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_a_float_of_32_bits_is_written_as_it_is(number: float) -> None:
    """And any other as the nearest one."""
    assert narrowed(number) == number
    assert struct.pack("<f", narrowed(number / 3)) == struct.pack("<f", number / 3)
