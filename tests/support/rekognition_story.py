"""One story that every client of a server tells: a collection from its making to its end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from rekognition_clients import Client, RefusedError

from kith.rekognition.keys import AccessKey

COLLECTION = "clients"
NOBODY = "00000000-0000-4000-8000-000000000000"


@dataclass(frozen=True)
class Pictures:
    """Pictures as files in a folder, which is a bucket of the server, too."""

    folder: Path

    def bytes(self, name: str) -> dict[str, Any]:
        """An ``Image`` with the bytes of one."""
        return {"Bytes": (self.folder / name).read_bytes()}

    def object(self, name: str) -> dict[str, Any]:
        """An ``Image`` that names one as an object in a bucket."""
        return {"S3Object": {"Bucket": self.folder.name, "Name": name}}


@dataclass(frozen=True)
class Keys:
    """The server's file of keys, and the keys in it."""

    file: Path
    writer: AccessKey
    reader: AccessKey


@dataclass
class Story:
    """What was asked, and what was heard."""

    client: Client
    operations: set[str] = field(default_factory=set[str])
    heard: dict[str, Any] = field(default_factory=dict[str, Any])
    refused: dict[str, RefusedError] = field(default_factory=dict[str, RefusedError])

    def ask(self, title: str, operation: str, **members: Any) -> Any:
        """Ask the service; what it says is kept under a title."""
        self.operations.add(operation)
        self.heard[title] = self.client.call(operation, **members)
        return self.heard[title]

    def fail(self, title: str, operation: str, client: Client | None = None, **of: Any) -> None:
        """Ask for what is refused; how is kept under a title."""
        try:
            (client or self.client).call(operation, **of)
        except RefusedError as error:
            self.refused[title] = error

    def list(self, title: str, operation: str, size: int, **members: Any) -> None:
        """Let the client turn the pages of a long list."""
        self.heard[title] = self.client.pages(operation, size, **members)


def tell(make: Callable[[AccessKey], Client], keys: Keys, pictures: Pictures) -> Story:
    """Call every operation, and hear the errors that programs live by."""
    story = Story(make(keys.writer))
    _make_a_collection(story)
    _see_faces(story, pictures)
    faces = _index_faces(story, pictures)
    _search_faces(story, pictures, faces)
    _keep_users(story, pictures, faces)
    _hear_errors(story, pictures)
    _come_with_other_keys(story, make, keys)
    _end(story, faces)
    return story


def _make_a_collection(story: Story) -> None:
    story.ask("made", "CreateCollection", CollectionId=COLLECTION, Tags={"of": "clients"})
    story.fail("made again", "CreateCollection", CollectionId=COLLECTION)
    story.ask("collections", "ListCollections")
    told = story.ask("described", "DescribeCollection", CollectionId=COLLECTION)
    arn = told["CollectionARN"]
    story.ask("tagged", "TagResource", ResourceArn=arn, Tags={"größe": "klein", "empty": ""})
    story.ask("untagged", "UntagResource", ResourceArn=arn, TagKeys=["of"])
    story.ask("tags", "ListTagsForResource", ResourceArn=arn)


def _see_faces(story: Story, pictures: Pictures) -> None:
    both, nobody = pictures.bytes("both.jpg"), pictures.bytes("nobody.jpg")
    story.ask("seen", "DetectFaces", Image=both, Attributes=["ALL"])
    story.ask("seen in a large picture", "DetectFaces", Image=pictures.bytes("noise.png"))
    one = pictures.bytes("001-smiling.jpg")
    story.ask("compared", "CompareFaces", SourceImage=one, TargetImage=both)
    properties = {"MaxDominantColors": 2}
    story.ask(
        "colors",
        "DetectLabels",
        Image=nobody,
        Features=["IMAGE_PROPERTIES"],
        Settings={"ImageProperties": properties},
    )
    story.ask("labels", "DetectLabels", Image=both, MaxLabels=1, MinConfidence=70.5)
    story.ask(
        "some labels",
        "DetectLabels",
        Image=both,
        Features=["GENERAL_LABELS"],
        Settings={"GeneralLabels": {"LabelExclusionFilters": ["Person"]}},
    )
    story.ask("text", "DetectText", Image=pictures.bytes("sign.jpg"))
    upper = {"BoundingBox": {"Left": 0.0, "Top": 0.0, "Width": 1.0, "Height": 0.5}}
    story.ask(
        "some text",
        "DetectText",
        Image=pictures.bytes("sign.jpg"),
        Filters={"WordFilter": {"MinConfidence": 50}, "RegionsOfInterest": [upper]},
    )


def _index_faces(story: Story, pictures: Pictures) -> Sequence[str]:
    """Their ids: of 001, of 003, then of both in one picture."""
    ids: list[str] = []
    for name, image in (
        ("001", pictures.bytes("001-neutral.jpg")),
        ("003", pictures.bytes("003-neutral.jpg")),
        ("both", pictures.object("both.jpg")),
    ):
        answer = story.ask(
            f"indexed {name}",
            "IndexFaces",
            CollectionId=COLLECTION,
            Image=image,
            ExternalImageId=f"{name}.jpg",
            DetectionAttributes=["DEFAULT"],
        )
        ids += [record["Face"]["FaceId"] for record in answer["FaceRecords"]]
    story.ask("faces", "ListFaces", CollectionId=COLLECTION, MaxResults=3)
    story.list("all faces", "ListFaces", 3, CollectionId=COLLECTION)
    return ids


def _search_faces(story: Story, pictures: Pictures, faces: Sequence[str]) -> None:
    story.ask("found", "SearchFaces", CollectionId=COLLECTION, FaceId=faces[0])
    story.ask(
        "found by picture",
        "SearchFacesByImage",
        CollectionId=COLLECTION,
        Image=pictures.bytes("003-smiling.jpg"),
        FaceMatchThreshold=92.5,
        MaxFaces=2,
    )


def _keep_users(story: Story, pictures: Pictures, faces: Sequence[str]) -> None:
    for user in ("anna", "bert"):
        story.ask(f"user {user}", "CreateUser", CollectionId=COLLECTION, UserId=user)
    story.fail("user again", "CreateUser", CollectionId=COLLECTION, UserId="anna")
    story.list("users", "ListUsers", 1, CollectionId=COLLECTION)
    story.ask("some users", "ListUsers", CollectionId=COLLECTION, MaxResults=1)
    anna: dict[str, Any] = {"CollectionId": COLLECTION, "UserId": "anna"}
    asked = [faces[0], faces[1], NOBODY]
    story.ask("associated", "AssociateFaces", FaceIds=asked, **anna)
    story.ask("users of a face", "SearchUsers", CollectionId=COLLECTION, FaceId=faces[2])
    image = pictures.bytes("001-smiling.jpg")
    story.ask("users of a picture", "SearchUsersByImage", CollectionId=COLLECTION, Image=image)
    story.fail("no user", "SearchUsers", CollectionId=COLLECTION)
    story.ask("disassociated", "DisassociateFaces", FaceIds=[faces[0]], **anna)
    story.ask("user gone", "DeleteUser", **anna)


def _hear_errors(story: Story, pictures: Pictures) -> None:
    nobody = pictures.bytes("nobody.jpg")
    story.fail("no face", "SearchFacesByImage", CollectionId=COLLECTION, Image=nobody)
    story.fail("no picture", "DetectFaces", Image={"Bytes": b"this is no picture"})
    story.fail("no object", "DetectFaces", Image=pictures.object("absent.jpg"))
    story.fail("no collection", "ListFaces", CollectionId="absent")
    story.fail("no such page", "ListFaces", CollectionId=COLLECTION, NextToken="x")
    story.fail("a space", "DescribeCollection", CollectionId="a b")
    story.fail("no celebrities", "RecognizeCelebrities", Image=nobody)


def _come_with_other_keys(story: Story, make: Callable[[AccessKey], Client], keys: Keys) -> None:
    for title, key in (
        ("a key that reads", keys.reader),
        ("a wrong secret", replace(keys.writer, secret="wrong")),
        ("nobody's key", replace(keys.writer, key_id="AKIAIOSFODNN7EXAMPLE")),
    ):
        story.fail(title, "DeleteCollection", make(key), CollectionId=COLLECTION)


def _end(story: Story, faces: Sequence[str]) -> None:
    asked = [faces[3], NOBODY]
    story.ask("faces gone", "DeleteFaces", CollectionId=COLLECTION, FaceIds=asked)
    story.ask("gone", "DeleteCollection", CollectionId=COLLECTION)
    story.fail("gone already", "DeleteCollection", CollectionId=COLLECTION)
