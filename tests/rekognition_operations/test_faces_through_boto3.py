"""Collections, faces and searches through an unmodified boto3 client, with drawn faces."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from kith.adapters.recognition.memory import DrawnFace, draw_picture, hue_of_person
from kith.domain.face import Box

Refusal = Callable[..., tuple[str, str]]
NOBODY = "00000000-0000-4000-8000-000000000000"
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


# -- collections -----------------------------------------------------------------------------------


def test_the_life_of_a_collection(door: Any, refusal: Refusal) -> None:
    """Made, described, listed and deleted, with the service's own answers and errors."""
    client = door.client

    made = client.create_collection(CollectionId="x", Tags={"k": "v"})
    told = client.describe_collection(CollectionId="x")
    listed = client.list_collections()
    deleted = client.delete_collection(CollectionId="x")

    assert made["StatusCode"] == deleted["StatusCode"] == 200
    assert made["CollectionArn"] == "aws:rekognition:eu-west-3:000000000000:collection/x"
    assert told["CollectionARN"] == f"arn:{made['CollectionArn']}"
    assert (told["FaceCount"], told["UserCount"]) == (0, 0)
    assert abs((datetime.now(UTC) - told["CreationTimestamp"]).total_seconds()) < 3600
    assert listed["CollectionIds"] == ["c", "x"]
    assert listed["FaceModelVersions"] == [made["FaceModelVersion"]] * 2
    gone = ("ResourceNotFoundException", "The collection id: x does not exist")
    assert refusal(client.describe_collection, CollectionId="x") == gone
    assert refusal(client.delete_collection, CollectionId="x") == gone
    assert refusal(client.list_faces, CollectionId="x") == gone
    assert refusal(client.create_collection, CollectionId="c") == (
        "ResourceAlreadyExistsException",
        "The collection id: c already exists",
    )


def test_paginators(door: Any) -> None:
    """boto3's own paginators walk over everything, and the last page has no token."""
    for name in ("d", "e", "f"):
        door.client.create_collection(CollectionId=name)
    for number in range(5):
        door.index(door.album.anna, f"n{number}")

    pages = list(door.client.get_paginator("list_collections").paginate(MaxResults=2))
    faces = door.client.get_paginator("list_faces").paginate(CollectionId="c", MaxResults=2)
    names = [face["ExternalImageId"] for page in faces for face in page["Faces"]]

    assert [id_ for page in pages for id_ in page["CollectionIds"]] == ["c", "d", "e", "f"]
    assert "NextToken" not in pages[-1]
    assert names == ["n0", "n1", "n2", "n3", "n4"]


def test_tokens_of_other_lists_are_refused(door: Any, refusal: Refusal) -> None:
    """A token that was made up, or is of another collection, is an InvalidPaginationToken."""
    door.client.create_collection(CollectionId="d")
    for _ in range(2):
        door.index(door.album.anna)
    token = door.client.list_faces(CollectionId="c", MaxResults=1)["NextToken"]

    others = ("made up", f"{token}A", "ä", "", "AAAA", token[:8], "MS4y" * 9)
    for collection, wrong in (("d", token), *(("c", other) for other in others)):
        answer = refusal(door.client.list_faces, CollectionId=collection, NextToken=wrong)
        assert answer == ("InvalidPaginationTokenException", "Invalid Token")


# -- IndexFaces ------------------------------------------------------------------------------------


def test_index_faces(door: Any) -> None:
    """Faces are recorded largest first, with ids, boxes and all that is known of every face."""
    answer = door.index(door.album.both, "album:both")

    large, small = answer["FaceRecords"]
    assert large["Face"]["BoundingBox"]["Width"] > small["Face"]["BoundingBox"]["Width"]
    assert UUID.fullmatch(large["Face"]["FaceId"])
    assert UUID.fullmatch(large["Face"]["ImageId"])
    assert large["Face"]["ExternalImageId"] == "album:both"
    assert re.fullmatch(r"[0-9.]+", large["Face"]["IndexFacesModelVersion"])
    assert set(large["FaceDetail"]) == {"BoundingBox", "Confidence", "Landmarks", "Pose", "Quality"}
    order = ["eyeLeft", "eyeRight", "mouthLeft", "mouthRight", "nose"]
    assert [mark["Type"] for mark in large["FaceDetail"]["Landmarks"]] == order
    assert answer["UnindexedFaces"] == []
    assert "OrientationCorrection" not in answer


def test_index_faces_again(door: Any) -> None:
    """The same picture and name give the same faces; without a name, new ones of the same image."""
    first, again = (door.index(door.album.both, "x")["FaceRecords"] for _ in range(2))
    nameless = [door.index(door.album.both)["FaceRecords"] for _ in range(2)]

    assert [one["Face"] for one in first] == [one["Face"] for one in again]
    every = [one["Face"] for records in (first, *nameless) for one in records]
    assert len({face["FaceId"] for face in every}) == 6
    assert len({face["ImageId"] for face in every}) == 1
    assert door.client.describe_collection(CollectionId="c")["FaceCount"] == 6


def test_max_faces(door: Any) -> None:
    """Above MaxFaces, faces of low quality are left first, then the smallest, and named."""
    dim = DrawnFace(hue_of_person(1), Box(0.05, 0.1, 0.4, 0.6))
    data = draw_picture(
        [
            dim,
            DrawnFace(hue_of_person(5), Box(0.55, 0.1, 0.2, 0.3)),
            DrawnFace(hue_of_person(9), Box(0.8, 0.1, 0.1, 0.2)),
        ]
    )

    answer = door.index(data, MaxFaces=1)

    (record,) = answer["FaceRecords"]
    assert record["Face"]["BoundingBox"]["Left"] == pytest.approx(0.05, abs=0.01)
    reasons = [face["Reasons"] for face in answer["UnindexedFaces"]]
    assert reasons == [["EXCEEDS_MAX_FACES"]] * 2
    assert door.client.describe_collection(CollectionId="c")["FaceCount"] == 1


def test_quality_filters(door: Any) -> None:
    """A face that is too small for a filter is not indexed, and the reason is told."""
    data = draw_picture(
        [
            DrawnFace(hue_of_person(1), Box(0.1, 0.1, 0.5, 0.6)),
            DrawnFace(hue_of_person(5), Box(0.8, 0.1, 0.1, 0.12)),
        ]
    )

    strict = door.index(data, "x", QualityFilter="HIGH")
    lax = door.index(data, "x", QualityFilter="NONE")

    assert len(strict["FaceRecords"]) == 1
    assert "SMALL_BOUNDING_BOX" in strict["UnindexedFaces"][0]["Reasons"]
    assert len(lax["FaceRecords"]) == 2
    assert lax["FaceRecords"][0]["Face"] == strict["FaceRecords"][0]["Face"]


def test_no_face_to_index(door: Any) -> None:
    """A picture without a face is no error."""
    answer = door.index(door.album.nobody)

    assert answer["FaceRecords"] == answer["UnindexedFaces"] == []


def test_all_attributes(door: Any) -> None:
    """Who asks for ALL can read every member, and none claims to know what nobody looked at."""
    seen = door.client.detect_faces(Image={"Bytes": door.album.anna}, Attributes=["ALL"])
    some = door.client.detect_faces(Image={"Bytes": door.album.anna}, Attributes=["SMILE"])

    (face,) = seen["FaceDetails"]
    assert (face["AgeRange"]["Low"], face["AgeRange"]["High"]) == (0, 120)
    unknown = ("Smile", "Eyeglasses", "Sunglasses", "Gender", "Beard", "Mustache", "EyesOpen")
    for name in (*unknown, "MouthOpen", "FaceOccluded", "EyeDirection"):
        assert face[name]["Confidence"] == 0
    assert "Value" not in face["Gender"]
    assert [emotion["Type"] for emotion in face["Emotions"]] == ["UNKNOWN"]
    assert set(face) - set(some["FaceDetails"][0]) >= {"AgeRange", "Emotions"}
    assert "Smile" in some["FaceDetails"][0]


# -- ListFaces, DeleteFaces ------------------------------------------------------------------------


def test_pages_survive_writes(door: Any) -> None:
    """Whoever turns pages while others write sees each face once that was there all the while."""
    for number in range(4):
        door.index(door.album.anna, f"n{number}")
    first = door.client.list_faces(CollectionId="c", MaxResults=2)

    door.client.delete_faces(CollectionId="c", FaceIds=[first["Faces"][1]["FaceId"]])
    door.index(door.album.anna, "late")
    rest = door.client.list_faces(CollectionId="c", NextToken=first["NextToken"])

    assert [face["ExternalImageId"] for face in rest["Faces"]] == ["n2", "n3", "late"]


def test_list_some_faces(door: Any) -> None:
    """ListFaces can be asked for some faces alone."""
    one, _, three = (door.ids(door.album.anna, f"n{number}")[0] for number in range(3))

    listed = door.client.list_faces(CollectionId="c", FaceIds=[three, NOBODY, one])

    assert [face["FaceId"] for face in listed["Faces"]] == [one, three]


def test_delete_faces(door: Any) -> None:
    """Deleted faces are listed; the others have a reason."""
    (face,) = door.ids(door.album.anna)

    answer = door.client.delete_faces(CollectionId="c", FaceIds=[NOBODY, face])

    assert answer["DeletedFaces"] == [face]
    assert answer["UnsuccessfulFaceDeletions"] == [
        {"FaceId": NOBODY, "Reasons": ["FACE_NOT_FOUND"]}
    ]
    assert door.client.list_faces(CollectionId="c")["Faces"] == []


# -- searches --------------------------------------------------------------------------------------


def test_search_faces(door: Any, refusal: Refusal) -> None:
    """A face finds the person's others, most similar first, and not itself."""
    (anna,) = door.ids(door.album.anna, "anna")
    (again,) = door.ids(door.album.anna_again, "again")
    both = door.ids(door.album.both, "both")

    answer = door.client.search_faces(CollectionId="c", FaceId=anna)

    assert answer["SearchedFaceId"] == anna
    assert {match["Face"]["FaceId"] for match in answer["FaceMatches"]} == {again, both[0]}
    similarities = [match["Similarity"] for match in answer["FaceMatches"]]
    assert similarities == sorted(similarities, reverse=True)
    every = door.client.search_faces(CollectionId="c", FaceId=anna, FaceMatchThreshold=0)
    one = door.client.search_faces(CollectionId="c", FaceId=anna, FaceMatchThreshold=0, MaxFaces=1)
    assert len(every["FaceMatches"]) == 3
    assert one["FaceMatches"] == every["FaceMatches"][:1]
    assert refusal(door.client.search_faces, CollectionId="c", FaceId=NOBODY) == (
        "InvalidParameterException",
        "faceId was not found in the collection",
    )


def test_search_by_image(door: Any, refusal: Refusal) -> None:
    """The largest face of a picture is searched for; without a face, the known words are said."""
    (anna,) = door.ids(door.album.anna, "anna")
    door.ids(door.album.bert, "bert")

    answer = door.client.search_faces_by_image(CollectionId="c", Image={"Bytes": door.album.both})

    assert [match["Face"]["FaceId"] for match in answer["FaceMatches"]] == [anna]
    assert answer["SearchedFaceBoundingBox"]["Left"] == pytest.approx(0.1, abs=0.01)
    nobody = {"Bytes": door.album.nobody}
    assert refusal(door.client.search_faces_by_image, CollectionId="c", Image=nobody) == (
        "InvalidParameterException",
        "There are no faces in the image. Should be at least 1.",
    )


def test_compare_faces(door: Any, refusal: Refusal) -> None:
    """Every face of the target is matched or unmatched; without a face, parameters are invalid."""
    anna, both, nobody = (
        {"Bytes": data} for data in (door.album.anna, door.album.both, door.album.nobody)
    )

    answer = door.client.compare_faces(SourceImage=anna, TargetImage=both)

    (match,), (other,) = answer["FaceMatches"], answer["UnmatchedFaces"]
    assert match["Similarity"] >= 80
    assert match["Face"]["BoundingBox"]["Left"] < other["BoundingBox"]["Left"]
    assert set(answer["SourceImageFace"]) == {"BoundingBox", "Confidence"}
    invalid = ("InvalidParameterException", "Request has invalid parameters")
    for source, target in ((anna, nobody), (nobody, anna)):
        assert refusal(door.client.compare_faces, SourceImage=source, TargetImage=target) == invalid


def test_detect_faces(door: Any) -> None:
    """Faces come largest first; a picture without one is no error."""
    seen = door.client.detect_faces(Image={"Bytes": door.album.both})["FaceDetails"]
    none = door.client.detect_faces(Image={"Bytes": door.album.nobody})["FaceDetails"]

    assert [face["BoundingBox"]["Left"] for face in seen] == pytest.approx([0.1, 0.6], abs=0.01)
    assert none == []
