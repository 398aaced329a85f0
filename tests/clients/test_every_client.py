"""Unmodified clients tell one story to a real server, and hear the same."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from typing import Any

import pytest
from rekognition_clients import REGION, Client
from rekognition_story import COLLECTION, NOBODY, Story
from rekognition_wire import WRITER, running

from kith.pipeline.rekognition.operations import SUPPORTED
from kith.rekognition.errors import Kind, RekognitionError
from kith.rekognition.interface import Call, Members
from kith.rekognition.wire import ACCOUNT, Wire
from kith.rekognition_server.service_file import load_service

pytestmark = [pytest.mark.weights, pytest.mark.photos, pytest.mark.clients]

ARN = f"aws:rekognition:{REGION}:{ACCOUNT}:collection/{COLLECTION}"


def names(faces: list[Any]) -> list[str]:
    """The pictures that faces are of."""
    return [face["ExternalImageId"] for face in faces]


def lasting(story: Story) -> dict[str, Any]:
    """What was heard, without what is another every time."""
    answers = copy.deepcopy(story.heard)
    for title, passing in (
        ("described", "CreationTimestamp"),
        ("faces", "NextToken"),
        ("some users", "NextToken"),
    ):
        del answers[title][passing]
    return answers


def test_every_operation_is_asked(story: Story) -> None:
    """The story leaves out none that is supported."""
    assert story.operations == set(SUPPORTED)


def test_all_hear_the_same(story: Story, reference: Story) -> None:
    """To the last digit; ids of faces included, for they follow from picture and name."""
    assert lasting(story) == lasting(reference)


def test_collections(story: Story) -> None:
    """Made, listed, described with a time that is a time, and deleted."""
    heard = story.heard
    assert (heard["made"]["StatusCode"], heard["made"]["CollectionArn"]) == (200, ARN)
    assert COLLECTION in heard["collections"]["CollectionIds"]
    assert heard["described"]["CollectionARN"] == f"arn:{ARN}"
    assert abs(heard["described"]["CreationTimestamp"] - time.time()) < 3600
    assert heard["tags"] == {"Tags": {"größe": "klein", "empty": ""}}
    assert heard["gone"] == {"StatusCode": 200}


def test_faces_are_seen(story: Story) -> None:
    """Largest first, with all attributes where these were asked for; a large picture arrives."""
    large, small = story.heard["seen"]["FaceDetails"]
    assert large["BoundingBox"]["Left"] < 0.5 < small["BoundingBox"]["Left"]
    assert large["AgeRange"] == {"Low": 0, "High": 120}
    assert story.heard["seen in a large picture"]["FaceDetails"] == []
    (match,), (other,) = (story.heard["compared"][key] for key in ("FaceMatches", "UnmatchedFaces"))
    assert match["Similarity"] > 99
    assert match["Face"]["BoundingBox"]["Left"] < 0.5 < other["BoundingBox"]["Left"]
    (gray,) = story.heard["colors"]["ImageProperties"]["DominantColors"]
    assert (gray["HexCode"], gray["CSSColor"]) == ("#808080", "gray")


def test_labels_and_text_are_told(story: Story) -> None:
    """As many, as sure and where as was asked for."""
    heard = story.heard
    (person,) = heard["labels"]["Labels"]
    assert person["Name"] == "Person"
    assert len(person["Instances"]) == 2
    assert "Person" not in [label["Name"] for label in heard["some labels"]["Labels"]]
    lines, fewer = (
        [one["DetectedText"] for one in heard[title]["TextDetections"] if one["Type"] == "LINE"]
        for title in ("text", "some text")
    )
    assert lines == ["GATE 12", "Boarding at 09:45"]
    assert fewer == lines[:1]


def test_faces_are_kept_and_found(story: Story) -> None:
    """Whoever smiles is found under the neutral picture, alone and beside another."""
    heard = story.heard
    every = ["001.jpg", "003.jpg", "both.jpg", "both.jpg"]
    assert names(heard["faces"]["Faces"]) == every[:3]
    assert names(heard["all faces"]) == every
    assert heard["indexed both"]["FaceRecords"][0]["Face"] == heard["all faces"][2]
    assert names([match["Face"] for match in heard["found"]["FaceMatches"]]) == ["both.jpg"]
    matches = heard["found by picture"]["FaceMatches"]
    assert {*names([match["Face"] for match in matches])} == {"003.jpg", "both.jpg"}
    assert all(match["Similarity"] > 99 for match in matches)
    assert heard["faces gone"]["DeletedFaces"] == [heard["all faces"][3]["FaceId"]]
    (unknown,) = heard["faces gone"]["UnsuccessfulFaceDeletions"]
    assert unknown == {"FaceId": NOBODY, "Reasons": ["FACE_NOT_FOUND"]}


def test_users(story: Story) -> None:
    """A user has faces of one person, and is found by others of hers."""
    heard = story.heard
    assert [user["UserId"] for user in heard["users"]] == ["anna", "bert"]
    first, stranger = (heard["all faces"][number]["FaceId"] for number in (0, 1))
    associated = heard["associated"]
    assert associated["AssociatedFaces"] == [{"FaceId": first}]
    refused = {one["FaceId"]: one["Reasons"] for one in associated["UnsuccessfulFaceAssociations"]}
    assert refused == {stranger: ["LOW_MATCH_CONFIDENCE"], NOBODY: ["FACE_NOT_FOUND"]}
    for title in ("users of a face", "users of a picture"):
        (match,) = heard[title]["UserMatches"]
        assert match["User"] == {"UserId": "anna", "UserStatus": "ACTIVE"}
    assert heard["disassociated"]["UserStatus"] == "CREATED"
    assert heard["user gone"] == {}


@pytest.mark.parametrize(
    ("title", "name", "message"),
    [
        ("made again", "ResourceAlreadyExistsException", f"The collection id: {COLLECTION} al"),
        ("no collection", "ResourceNotFoundException", "The collection id: absent does not exist"),
        ("gone already", "ResourceNotFoundException", f"The collection id: {COLLECTION} does not"),
        ("user again", "ConflictException", "The user id: anna already exists"),
        ("no user", "InvalidParameterException", "Request has invalid parameters"),
        ("no face", "InvalidParameterException", "There are no faces in the image. Should be at l"),
        ("no picture", "InvalidImageFormatException", "Request has invalid image format"),
        ("no object", "InvalidS3ObjectException", "Unable to get object metadata from S3. Check"),
        ("no such page", "InvalidPaginationTokenException", "Invalid Token"),
        ("a space", "ValidationException", "1 validation error detected: Value 'a b' at 'collecti"),
        ("no celebrities", "UnknownOperationException", "RecognizeCelebrities is not supported"),
        ("a key that reads", "AccessDeniedException", "User: arn:aws:iam::000000000000:user/reade"),
        ("a wrong secret", "InvalidSignatureException", "The request signature we calculated does"),
        (
            "nobody's key",
            "UnrecognizedClientException",
            "The security token included in the reques",
        ),
    ],
)
def test_errors(story: Story, title: str, name: str, message: str) -> None:
    """By the names and words that programs look for."""
    error = story.refused[title]

    assert (error.name, error.message[: len(message)]) == (name, message)


def test_errors_of_the_model_are_caught_by_class(story: Story) -> None:
    """Where a client has a class for each."""
    for title in ("no collection", "made again", "no face", "no object", "user again"):
        error = story.refused[title]
        assert (error.name in error.kinds) == story.client.makes_classes


@pytest.mark.parametrize("kind", [Kind.THROTTLING, Kind.INTERNAL_SERVER_ERROR])
def test_what_passes_is_asked_again(make_client: Callable[..., Client], kind: Kind) -> None:
    """A client that was told to come back, or of an error of ours, does so by itself."""
    calls: list[Call] = []

    def once_not(_members: Members, call: Call) -> Members:
        calls.append(call)
        if len(calls) == 1:
            raise RekognitionError(kind, "Not now")
        return {"CollectionIds": ["x"], "FaceModelVersions": ["1.0"]}

    wire = Wire(load_service(), {"ListCollections": once_not}, lambda: {WRITER.key_id: WRITER})
    with running(wire) as server:
        answer = make_client(server.address, WRITER).call("ListCollections")

    assert answer["CollectionIds"] == ["x"]
    assert len({call.request_id for call in calls}) == 2
