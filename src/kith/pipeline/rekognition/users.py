"""CreateUser, DeleteUser, ListUsers, AssociateFaces, DisassociateFaces."""

from __future__ import annotations

import json
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

from kith.domain.errors import NotFoundError
from kith.pipeline.rekognition.kit import Kit
from kith.pipeline.rekognition.least import least_similarity
from kith.pipeline.rekognition.pages import page_of, whole
from kith.ports.collections import (
    MAX_USER_FACES,
    AlreadyThereError,
    Once,
    Refusal,
    RefusedFace,
    TokenTakenError,
    TooManyFacesError,
)
from kith.rekognition.errors import Kind, RekognitionError
from kith.rekognition.interface import Call, Members

_PAGE: Final = 500
"""Users on a page where the request does not say; the most that it can ask for."""

_ASSOCIATE_MIN_SIMILARITY: Final = 75.0
"""Percent. The real service's default."""

_REASONS: Final = {
    Refusal.NOT_FOUND: "FACE_NOT_FOUND",
    Refusal.OTHER_USER: "ASSOCIATED_TO_A_DIFFERENT_USER",
    Refusal.UNLIKE: "LOW_MATCH_CONFIDENCE",
}


def create_user(kit: Kit, members: Members, call: Call) -> Members:
    """Make a user without faces."""
    users = kit.open(members, writing=True).users
    with _said(members):
        users.create(members["UserId"], _once(members, call))
    return {}


def delete_user(kit: Kit, members: Members, call: Call) -> Members:
    """Delete a user; his faces stay, as nobody's."""
    users = kit.open(members, writing=True).users
    with _said(members):
        users.delete(members["UserId"], _once(members, call))
    return {}


def list_users(kit: Kit, members: Members, _call: Call) -> Members:
    """The users of a collection, in the order in which they were made."""
    users = kit.open(members).users
    page, more = page_of(
        members,
        ("ListUsers", members["CollectionId"]),
        _PAGE,
        lambda after, size: users.page(whole(after), size),
        lambda user: str(user.number),
    )
    return {
        "Users": [{"UserId": user.id, "UserStatus": status(active=user.active)} for user in page],
        **more,
    }


def associate_faces(kit: Kit, members: Members, call: Call) -> Members:
    """Add faces to a user, if they are similar to those that he has."""
    users = kit.open(members, writing=True).users
    with _said(members):
        faces = users.associate(
            members["UserId"],
            members["FaceIds"],
            _once(members, call),
            min_similarity=least_similarity(
                members, "UserMatchThreshold", _ASSOCIATE_MIN_SIMILARITY
            ),
        )
    return {
        "AssociatedFaces": [{"FaceId": face_id} for face_id in faces.done],
        "UnsuccessfulFaceAssociations": [_not_done(face) for face in faces.refused],
        "UserStatus": status(active=faces.active),
    }


def disassociate_faces(kit: Kit, members: Members, call: Call) -> Members:
    """Take faces from a user; they stay in the collection."""
    users = kit.open(members, writing=True).users
    with _said(members):
        faces = users.disassociate(members["UserId"], members["FaceIds"], _once(members, call))
    return {
        "DisassociatedFaces": [{"FaceId": face_id} for face_id in faces.done],
        "UnsuccessfulFaceDisassociations": [_not_done(face) for face in faces.refused],
        "UserStatus": status(active=faces.active),
    }


def status(*, active: bool) -> str:
    """A ``UserStatus``; nobody ever sees UPDATING here, for what was said holds at once."""
    return "ACTIVE" if active else "CREATED"


def refuse_user(user_id: str) -> RekognitionError:
    """There is no such user."""
    return RekognitionError(Kind.RESOURCE_NOT_FOUND, f"The user id: {user_id} does not exist")


@contextmanager
def _said(members: Members) -> Generator[None]:
    """What users raise, in the service's words."""
    user_id, token = members["UserId"], members.get("ClientRequestToken")
    try:
        yield
    except NotFoundError:
        raise refuse_user(user_id) from None
    except AlreadyThereError:
        raise RekognitionError(Kind.CONFLICT, f"The user id: {user_id} already exists") from None
    except TooManyFacesError:
        raise RekognitionError(
            Kind.SERVICE_QUOTA_EXCEEDED, f"A user may have {MAX_USER_FACES} faces"
        ) from None
    except TokenTakenError:
        raise RekognitionError(
            Kind.IDEMPOTENT_PARAMETER_MISMATCH,
            f"The ClientRequestToken: {token} you have supplied is already in use.",
        ) from None


def _once(members: Members, call: Call) -> Once | None:
    token = members.get("ClientRequestToken")
    if token is None:
        return None
    asked = {name: value for name, value in members.items() if name != "ClientRequestToken"}
    return Once(token, json.dumps([call.operation, asked], sort_keys=True))


def _not_done(face: RefusedFace) -> Members:
    members: dict[str, object] = {"FaceId": face.face_id, "Reasons": [_REASONS[face.reason]]}
    if face.user_id is not None:
        members["UserId"] = face.user_id
    if face.similarity is not None:
        members["Confidence"] = face.similarity
    return members
