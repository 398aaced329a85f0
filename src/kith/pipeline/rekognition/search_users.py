"""SearchUsers, SearchUsersByImage."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kith.domain.errors import NotFoundError
from kith.domain.face import FaceDetail
from kith.domain.thresholds import DEFAULT_MIN_SIMILARITY
from kith.pipeline.rekognition.choice import choose, shortcomings
from kith.pipeline.rekognition.kit import Kit
from kith.pipeline.rekognition.least import least_similarity
from kith.pipeline.rekognition.refusing import invalid
from kith.pipeline.rekognition.saying import face_detail
from kith.pipeline.rekognition.users import refuse_user, status
from kith.ports.collections import UserMatch
from kith.rekognition.interface import Call, Members

_MOST: Final = 500
"""Users that a search returns; the real service's limit."""


def search_users(kit: Kit, members: Members, _call: Call) -> Members:
    """The users most similar to a face, or to another user."""
    if ("UserId" in members) == ("FaceId" in members):
        raise invalid()
    users = kit.open(members).users
    least = least_similarity(members, "UserMatchThreshold", DEFAULT_MIN_SIMILARITY)
    most = members.get("MaxUsers", _MOST)
    if "UserId" in members:
        user_id = members["UserId"]
        try:
            matches = users.search_by_user(user_id, min_similarity=least, limit=most)
        except NotFoundError:
            raise refuse_user(user_id) from None
        return {"SearchedUser": {"UserId": user_id}, **_found(kit, matches)}
    face_id = members["FaceId"]
    try:
        matches = users.search(face_id, min_similarity=least, limit=most)
    except NotFoundError:
        raise invalid("faceId was not found in the collection") from None
    return {"SearchedFace": {"FaceId": face_id}, **_found(kit, matches)}


def search_users_by_image(kit: Kit, members: Members, _call: Call) -> Members:
    """The users most similar to the largest face of a picture; none where it shows none."""
    users = kit.open(members).users
    picture = kit.images.picture(members["Image"])
    bar = members.get("QualityFilter", "NONE")
    seen = kit.recognizer.detect_faces(picture)
    good = choose(seen, bar).chosen
    if not good:
        return {**_found(kit, ()), "UnsearchedFaces": _unsearched(seen, None, bar)}
    largest = good[min(good)]
    matches = users.search_by_picture(
        picture,
        largest,
        min_similarity=least_similarity(members, "UserMatchThreshold", DEFAULT_MIN_SIMILARITY),
        limit=members.get("MaxUsers", _MOST),
    )
    return {
        **_found(kit, matches),
        "SearchedFace": {"FaceDetail": face_detail(largest)},
        "UnsearchedFaces": _unsearched(seen, largest, bar),
    }


def _found(kit: Kit, matches: Sequence[UserMatch]) -> Members:
    return {
        "UserMatches": [
            {
                "Similarity": match.similarity,
                "User": {"UserId": match.user_id, "UserStatus": status(active=True)},
            }
            for match in matches
        ],
        "FaceModelVersion": kit.collections.model_version,
    }


def _unsearched(seen: Sequence[FaceDetail], searched: FaceDetail | None, bar: str) -> list[Members]:
    return [
        {
            "FaceDetails": face_detail(face),
            "Reasons": shortcomings(face, bar) or ("FACE_NOT_LARGEST",),
        }
        for face in seen
        if face is not searched
    ]
