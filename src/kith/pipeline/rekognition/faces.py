"""IndexFaces, ListFaces, DeleteFaces."""

from __future__ import annotations

from typing import Final

from kith.domain.face import FaceId
from kith.pipeline.rekognition.choice import Choice, choose
from kith.pipeline.rekognition.kit import Kit
from kith.pipeline.rekognition.pages import page_of
from kith.pipeline.rekognition.saying import face_detail, kept_face
from kith.ports.collections import Removal
from kith.rekognition.interface import Call, Members

_PAGE: Final = 4096
"""Faces on a page where the request does not say; the most that it can ask for."""


def index_faces(kit: Kit, members: Members, _call: Call) -> Members:
    """Keep the faces of a picture that are good enough."""
    collection = kit.open(members, writing=True)
    picture = kit.images.picture(members["Image"])
    choice = choose(
        kit.recognizer.detect_faces(picture),
        members.get("QualityFilter", "AUTO"),
        members.get("MaxFaces"),
    )
    kept = collection.faces.keep(picture, members.get("ExternalImageId"), choice.chosen)
    attributes = members.get("DetectionAttributes", ())
    version = kit.collections.model_version
    return {
        "FaceRecords": [
            {"Face": kept_face(face, version), "FaceDetail": face_detail(detail, attributes)}
            for face, detail in zip(kept, choice.chosen.values(), strict=True)
        ],
        "UnindexedFaces": _unindexed(choice, attributes),
        "FaceModelVersion": version,
    }


def list_faces(kit: Kit, members: Members, _call: Call) -> Members:
    """The faces of a collection, in the order in which they were kept."""
    faces = kit.open(members).faces
    user_id, face_ids = members.get("UserId"), members.get("FaceIds")
    page, more = page_of(
        members,
        ("ListFaces", members["CollectionId"], user_id, face_ids and sorted(face_ids)),
        _PAGE,
        lambda after, size: faces.page(after, size, user_id=user_id, face_ids=face_ids),
        lambda face: face.place,
    )
    version = kit.collections.model_version
    return {
        "Faces": [kept_face(face, version) for face in page],
        "FaceModelVersion": version,
        **more,
    }


def delete_faces(kit: Kit, members: Members, _call: Call) -> Members:
    """Delete faces, but for those that are associated with a user."""
    face_ids = list(dict.fromkeys(members["FaceIds"]))
    removal = kit.open(members, writing=True).faces.remove(face_ids)
    return {
        "DeletedFaces": [face_id for face_id in face_ids if face_id in removal.removed],
        "UnsuccessfulFaceDeletions": [
            _not_deleted(face_id, removal) for face_id in face_ids if face_id not in removal.removed
        ],
    }


def _unindexed(choice: Choice, attributes: list[str]) -> list[Members]:
    return [
        {"Reasons": reasons, "FaceDetail": face_detail(face, attributes)}
        for face, reasons in choice.left
    ]


def _not_deleted(face_id: FaceId, removal: Removal) -> Members:
    user_id = removal.of_users.get(face_id)
    if user_id is None:
        return {"FaceId": face_id, "Reasons": ["FACE_NOT_FOUND"]}
    reasons = ["ASSOCIATED_TO_AN_EXISTING_USER"]
    return {"FaceId": face_id, "UserId": user_id, "Reasons": reasons}
