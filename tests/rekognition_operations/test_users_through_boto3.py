"""Users and tags through an unmodified boto3 client, with drawn faces."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Refusal = Callable[..., tuple[str, str]]
NOBODY = "00000000-0000-4000-8000-000000000000"


def test_the_life_of_a_user(door: Any, refusal: Refusal) -> None:
    """Made, given faces, listed, bereft of them and deleted."""
    client = door.client
    anna, again = door.ids(door.album.anna)[0], door.ids(door.album.anna_again)[0]
    (bert,) = door.ids(door.album.bert)
    client.create_user(CollectionId="c", UserId="anna")

    given = client.associate_faces(
        CollectionId="c", UserId="anna", FaceIds=[anna, again, bert, NOBODY]
    )
    listed = client.list_users(CollectionId="c")["Users"]
    faces = client.list_faces(CollectionId="c", UserId="anna")["Faces"]
    kept = client.delete_faces(CollectionId="c", FaceIds=[anna])
    taken = client.disassociate_faces(CollectionId="c", UserId="anna", FaceIds=[anna, again])
    client.delete_user(CollectionId="c", UserId="anna")

    assert given["AssociatedFaces"] == [{"FaceId": anna}, {"FaceId": again}]
    refused = {one["FaceId"]: one["Reasons"] for one in given["UnsuccessfulFaceAssociations"]}
    assert refused == {bert: ["LOW_MATCH_CONFIDENCE"], NOBODY: ["FACE_NOT_FOUND"]}
    assert given["UserStatus"] == "ACTIVE"
    assert listed == [{"UserId": "anna", "UserStatus": "ACTIVE"}]
    assert {(face["FaceId"], face["UserId"]) for face in faces} == {(anna, "anna"), (again, "anna")}
    assert kept["UnsuccessfulFaceDeletions"] == [
        {"FaceId": anna, "UserId": "anna", "Reasons": ["ASSOCIATED_TO_AN_EXISTING_USER"]}
    ]
    assert len(taken["DisassociatedFaces"]) == 2
    assert taken["UserStatus"] == "CREATED"
    gone = refusal(client.delete_user, CollectionId="c", UserId="anna")
    assert gone == ("ResourceNotFoundException", "The user id: anna does not exist")


def test_a_user_is_made_once(door: Any, refusal: Refusal) -> None:
    """A second one is a conflict, unless it is the same request with the same token."""
    user = {"CollectionId": "c", "UserId": "u"}
    door.client.create_user(**user, ClientRequestToken="t-1")
    door.client.create_user(**user, ClientRequestToken="t-1")

    conflict, _ = refusal(door.client.create_user, **user)
    mismatch = refusal(
        door.client.create_user, CollectionId="c", UserId="v", ClientRequestToken="t-1"
    )

    assert conflict == "ConflictException"
    assert mismatch == (
        "IdempotentParameterMismatchException",
        "The ClientRequestToken: t-1 you have supplied is already in use.",
    )


def test_search_users(door: Any, refusal: Refusal) -> None:
    """A face and a user find users; exactly one of them must be named."""
    client = door.client
    (anna,), (again,) = door.ids(door.album.anna), door.ids(door.album.anna_again)
    for name, face in (("one", anna), ("two", again)):
        client.create_user(CollectionId="c", UserId=name)
        client.associate_faces(CollectionId="c", UserId=name, FaceIds=[face])

    by_face = client.search_users(CollectionId="c", FaceId=anna)
    by_user = client.search_users(CollectionId="c", UserId="one")

    assert [match["User"]["UserId"] for match in by_face["UserMatches"]] == ["one", "two"]
    assert by_face["SearchedFace"] == {"FaceId": anna}
    assert [match["User"]["UserId"] for match in by_user["UserMatches"]] == ["two"]
    assert by_user["SearchedUser"] == {"UserId": "one"}
    for which in ({}, {"UserId": "one", "FaceId": anna}):
        name, _ = refusal(client.search_users, CollectionId="c", **which)
        assert name == "InvalidParameterException"


def test_search_users_by_image(door: Any) -> None:
    """The largest face is searched for, the others are told; no face is no error here."""
    client = door.client
    (anna,) = door.ids(door.album.anna)
    client.create_user(CollectionId="c", UserId="anna")
    client.associate_faces(CollectionId="c", UserId="anna", FaceIds=[anna])

    found = client.search_users_by_image(CollectionId="c", Image={"Bytes": door.album.both})
    none = client.search_users_by_image(CollectionId="c", Image={"Bytes": door.album.nobody})

    assert [match["User"]["UserId"] for match in found["UserMatches"]] == ["anna"]
    assert "BoundingBox" in found["SearchedFace"]["FaceDetail"]
    assert [face["Reasons"] for face in found["UnsearchedFaces"]] == [["FACE_NOT_LARGEST"]]
    assert none["UserMatches"] == []
    assert "SearchedFace" not in none


def test_pages_of_users(door: Any) -> None:
    """boto3's own paginator lists every user."""
    names = [f"user-{number}" for number in range(5)]
    for name in names:
        door.client.create_user(CollectionId="c", UserId=name)

    pages = door.client.get_paginator("list_users").paginate(CollectionId="c", MaxResults=2)

    assert [user["UserId"] for page in pages for user in page["Users"]] == names


def test_tags(door: Any, refusal: Refusal) -> None:
    """Tags are kept under either form of the collection's name."""
    client = door.client
    arn = client.describe_collection(CollectionId="c")["CollectionARN"]

    client.tag_resource(ResourceArn=arn, Tags={"a": "1", "b": ""})
    short = client.list_tags_for_resource(ResourceArn=arn.removeprefix("arn:"))["Tags"]
    client.untag_resource(ResourceArn=arn, TagKeys=["a"])

    assert short == {"a": "1", "b": ""}
    assert client.list_tags_for_resource(ResourceArn=arn)["Tags"] == {"b": ""}
    for wrong in (f"{arn}-absent", "arn:aws:s3:::somewhere-else"):
        assert refusal(client.list_tags_for_resource, ResourceArn=wrong)[0] == (
            "ResourceNotFoundException"
        )
    many = {f"k{number}": "" for number in range(200)}
    too_many, _ = refusal(client.tag_resource, ResourceArn=arn, Tags=many)
    assert too_many == "ServiceQuotaExceededException"
