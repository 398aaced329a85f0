"""Every member of every answer that the service's model knows is there, or is left out on purpose.

That nothing else is there, and that each has its type, is checked of all answers that tests of this
folder ever get: see ``conftest``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, cast

import pytest

from kith.pipeline.rekognition.operations import SUPPORTED
from kith.rekognition.model import ListOf, MapOf, Service, Shape, Structure
from kith.rekognition_server.service_file import load_service

NOBODY: Final = "00000000-0000-4000-8000-000000000000"
COLLECTION: Final = {"CollectionId": "c"}

_TURNED: Final = r"(\w+)?OrientationCorrection"
"""The service leaves it out, too: whoever finds it turns the picture once more."""

_UNKNOWN: Final = (
    "AgeRange|Beard|Emotions|EyeDirection|Eyeglasses|EyesOpen|FaceOccluded|Gender|MouthOpen"
    "|Mustache|Smile|Sunglasses"
)
"""What the engine cannot know; it is told as unknown where it is asked for, and nowhere else."""

_GENDER: Final = r"(.+\.)?Gender\.Value"
"""Of two values, neither says that it is unknown."""

LEFT_OUT: Final = {
    "CompareFaces": (_TURNED, r"\w+\[\]\.(Face\.)?(Emotions|Smile).*"),
    "DetectFaces": (_TURNED, r"FaceDetails\[\]\.Gender\.Value"),
    # Colors are of whole pictures; what is in front and what behind, nobody knows.
    "DetectLabels": (
        _TURNED,
        r"Labels\[\]\.Instances\[\]\.DominantColors.*",
        r"ImageProperties\.(Foreground|Background)\..*",
    ),
    # A face that is new is no user's.
    "IndexFaces": (_TURNED, _GENDER, r"FaceRecords\[\]\.Face\.UserId"),
    "SearchUsersByImage": (rf".*\.FaceDetails?\.({_UNKNOWN})\b.*",),
}


@dataclass(frozen=True)
class Shelf:
    """A collection: faces of Anna, one of them hers, and of Bert, one of them his."""

    client: Any
    album: Any
    of_anna: str
    of_bert: str
    anna: str
    bert: str


@pytest.fixture
def shelf(door: Any) -> Shelf:
    """The collection ``c``, with the users ``anna`` and ``bert``, and another collection."""
    client = door.client
    client.create_collection(CollectionId="d", Tags={"k": "v"})
    of_anna, of_bert = door.ids(door.album.both, "both")
    (anna,), (bert,) = door.ids(door.album.anna, "anna"), door.ids(door.album.bert, "bert")
    for user, face in (("anna", of_anna), ("bert", of_bert)):
        client.create_user(**COLLECTION, UserId=user)
        client.associate_faces(**COLLECTION, UserId=user, FaceIds=[face])
    return Shelf(client, door.album, of_anna, of_bert, anna, bert)


def image(data: bytes) -> dict[str, bytes]:
    """An ``Image``."""
    return {"Bytes": data}


ASKED: Final[dict[str, Callable[[Shelf], list[dict[str, Any]]]]] = {
    "CreateCollection": lambda _: [{"CollectionId": "e"}],
    "ListCollections": lambda _: [{"MaxResults": 1}],
    "DescribeCollection": lambda _: [COLLECTION],
    "DeleteCollection": lambda _: [COLLECTION],
    "IndexFaces": lambda on: [
        {
            **COLLECTION,
            "Image": image(on.album.both),
            "ExternalImageId": "new",
            "DetectionAttributes": ["ALL"],
            "MaxFaces": 1,
        }
    ],
    "ListFaces": lambda _: [{**COLLECTION, "MaxResults": 1}],
    "DeleteFaces": lambda on: [{**COLLECTION, "FaceIds": [on.anna, on.of_anna, NOBODY]}],
    "SearchFaces": lambda on: [{**COLLECTION, "FaceId": on.anna}],
    "SearchFacesByImage": lambda on: [{**COLLECTION, "Image": image(on.album.anna_again)}],
    "CompareFaces": lambda on: [
        {"SourceImage": image(on.album.anna), "TargetImage": image(on.album.both)}
    ],
    "DetectFaces": lambda on: [{"Image": image(on.album.both), "Attributes": ["ALL"]}],
    "DetectLabels": lambda on: [
        {"Image": image(on.album.both), "Features": ["GENERAL_LABELS", "IMAGE_PROPERTIES"]},
    ],
    "DetectText": lambda on: [{"Image": image(on.album.sign)}],
    "CreateUser": lambda _: [{**COLLECTION, "UserId": "new"}],
    "DeleteUser": lambda _: [{**COLLECTION, "UserId": "anna"}],
    "ListUsers": lambda _: [{**COLLECTION, "MaxResults": 1}],
    "AssociateFaces": lambda on: [
        {**COLLECTION, "UserId": "anna", "FaceIds": [on.anna, on.bert, on.of_bert, NOBODY]}
    ],
    "DisassociateFaces": lambda on: [
        {**COLLECTION, "UserId": "anna", "FaceIds": [on.of_anna, on.of_bert]}
    ],
    "SearchUsers": lambda on: [
        {**COLLECTION, "FaceId": on.anna},
        {**COLLECTION, "UserId": "anna", "UserMatchThreshold": 0},
    ],
    "SearchUsersByImage": lambda on: [{**COLLECTION, "Image": image(on.album.both)}],
    "TagResource": lambda on: [{"ResourceArn": _arn(on), "Tags": {"k": "v"}}],
    "UntagResource": lambda on: [{"ResourceArn": _arn(on), "TagKeys": ["k"]}],
    "ListTagsForResource": lambda on: [{"ResourceArn": _arn(on)}],
}
"""Requests of each operation; what is in none of their answers is never answered."""


@pytest.fixture(scope="module")
def service() -> Service:
    """The model of the real service."""
    return load_service()


def test_every_operation_has_its_requests() -> None:
    """None is left out below."""
    assert ASKED.keys() == SUPPORTED


@pytest.mark.parametrize("operation", sorted(ASKED))
def test_all_members_are_answered(shelf: Shelf, service: Service, operation: str) -> None:
    """Member by member, down to the leaves; but for those that are left out, for a reason."""
    method = shelf.client.meta.method_to_api_mapping
    (name,) = (name for name, asked in method.items() if asked == operation)

    answers = [getattr(shelf.client, name)(**members) for members in ASKED[operation](shelf)]

    every = set(_paths(service.gives(operation)))
    for left_out in LEFT_OUT.get(operation, ()):
        some = {path for path in every if re.fullmatch(left_out, path)}
        assert some, left_out
        every -= some
    assert {path for answer in answers for path in _leaves(_told(answer))} == every


def _arn(shelf: Shelf) -> str:
    return shelf.client.describe_collection(CollectionId="d")["CollectionARN"]


def _paths(shape: Shape, path: str = "") -> Iterator[str]:
    """The places in a structure where a plain value may stand."""
    match shape:
        case Structure():
            for name, member in shape.members.items():
                yield from _paths(member, f"{path}.{name}" if path else name)
        case ListOf(item):
            yield from _paths(item, f"{path}[]")
        case MapOf(_, of):
            yield from _paths(of, f"{path}{{}}")
        case _:
            yield path


def _leaves(value: Any, path: str = "") -> Iterator[str]:
    """The places in an answer where a plain value stands."""
    if isinstance(value, dict):
        for name, member in cast("dict[str, Any]", value).items():
            tags = path == "Tags"
            yield from _leaves(member, "Tags{}" if tags else f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for entry in cast("list[Any]", value):
            yield from _leaves(entry, f"{path}[]")
    else:
        yield path


def _told(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}
