"""The catalog's values as documents, and back."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import astuple
from datetime import date, datetime
from typing import Any, Final, TypeAlias

from kith.domain.decision import Decision
from kith.domain.face import Box, Face, FaceDetail, FaceId, Landmarks, Point, Pose, Quality
from kith.domain.grouping import GroupId, Reunion, Seat, Step
from kith.domain.journal import from_json, to_json
from kith.domain.person import Appearance, Person, PersonId
from kith.domain.photo import Location, Photo, PhotoId, Place, Problem

Doc: TypeAlias = dict[str, Any]

SECOND: Final = len("2024-06-30T12:00:00")
"""Characters of a moment in ISO 8601 to the second."""


# -- photos and files ------------------------------------------------------------------------------


def photo_doc(photo: Photo, arrival: int) -> Doc:
    """A photo that has just arrived.

    ``faces`` has, by face id, the area of its box, whose it is, the similarity, and the standing;
    ``places`` has, by path, the size and time of each file.
    """
    return {
        "format": photo.format,
        "width": photo.width,
        "height": photo.height,
        "byte_size": photo.byte_size,
        "taken_at": photo.taken_at and photo.taken_at.isoformat(),
        "camera": photo.camera,
        "location": photo.location and astuple(photo.location),
        "arrival": arrival,
        "faces": {},
        "places": {},
    }


def photo_of(photo_id: PhotoId, doc: Mapping[str, Any]) -> Photo:
    """The photo of a document."""
    taken_at, location = doc["taken_at"], doc["location"]
    return Photo(
        id=photo_id,
        format=doc["format"],
        width=doc["width"],
        height=doc["height"],
        byte_size=doc["byte_size"],
        taken_at=taken_at and datetime.fromisoformat(taken_at),
        camera=doc["camera"],
        location=location and Location(*location),
    )


def second_of(doc: Mapping[str, Any]) -> str | None:
    """When a photo was taken, to the second, as its camera's clock showed it."""
    taken_at: str | None = doc["taken_at"]
    return taken_at and taken_at[:SECOND]


def faces_in_order(doc: Mapping[str, Any]) -> list[FaceId]:
    """The faces of a photo, the largest first."""
    faces: Mapping[str, Any] = doc["faces"]
    return [FaceId(each) for each in sorted(faces, key=lambda id_: (-faces[id_][0], id_))]


def places_of(doc: Mapping[str, Any]) -> tuple[Place, ...]:
    """Where a photo lies, ordered by path."""
    places: Mapping[str, Any] = doc["places"]
    return tuple(Place(path, *places[path]) for path in sorted(places))


def file_doc(place: Place, photo_id: PhotoId | None) -> Doc:
    """A file that holds a photo, or was refused."""
    return {**_place_doc(place), "photo": photo_id}


def refused_doc(problem: Problem) -> Doc:
    """Why a file was refused."""
    return {**_place_doc(problem.place), "reason": problem.reason, "advice": problem.advice}


def place_of(doc: Mapping[str, Any]) -> Place:
    """The file of a document."""
    return Place(doc["path"], doc["size"], doc["time"])


def _place_doc(place: Place) -> Doc:
    return {"path": place.path, "size": place.byte_size, "time": place.modified_ns}


def tiny_doc(placeholder: bytes) -> Doc:
    """A placeholder."""
    return {"bytes": base64.b64encode(placeholder).decode()}


def tiny_of(doc: Mapping[str, Any]) -> bytes:
    """The placeholder of a document."""
    return base64.b64decode(doc["bytes"])


# -- faces and people ------------------------------------------------------------------------------


def face_doc(face: Face) -> Doc:
    """A face that nothing was made of yet.

    ``who`` is whose it is, the similarity, and whether a human said so; ``seat`` its group as that
    was called then, and the number of the step.
    """
    detail = astuple(face.detail)
    return {"photo": face.photo_id, "detail": detail, "who": None, "standing": None, "seat": None}


def face_of(face_id: FaceId, doc: Mapping[str, Any]) -> Face:
    """The face of a document."""
    box, confidence, marks, pose, quality = doc["detail"]
    detail = FaceDetail(
        box=Box(*box),
        confidence=confidence,
        landmarks=Landmarks(*(Point(*mark) for mark in marks)),
        pose=Pose(*pose),
        quality=Quality(*quality),
    )
    return Face(face_id, PhotoId(doc["photo"]), detail)


def appearance_of(face_id: FaceId, doc: Mapping[str, Any]) -> Appearance | None:
    """Whose a face is, by its document."""
    return None if doc["who"] is None else Appearance(face_id, *doc["who"])


def person_doc() -> Doc:
    """A person of whom nothing is known.

    ``into`` is who it is now; ``photos`` and ``faces`` are how many show it; ``best`` is its face
    of the best quality, with that; ``chosen`` says whether the cover is a face of this person.
    """
    return {
        "name": None,
        "hidden": False,
        "born": None,
        "cover": None,
        "consent": None,
        "into": None,
        "photos": 0,
        "faces": 0,
        "best": None,
        "chosen": False,
    }


def describe(doc: Doc, person: Person) -> None:
    """Let a document say this of its person."""
    doc["name"], doc["hidden"] = person.name, person.hidden
    doc["born"] = person.born and person.born.isoformat()
    doc["cover"], doc["consent"] = person.cover, person.consent


def person_of(person_id: PersonId, doc: Mapping[str, Any]) -> Person:
    """The person of a document."""
    born = doc["born"] and date.fromisoformat(doc["born"])
    return Person(person_id, doc["name"], doc["hidden"], born, doc["cover"], doc["consent"])


# -- groups and decisions --------------------------------------------------------------------------


def step_doc(step: Step) -> Doc:
    """A step; of which group it is, its partition says."""
    if isinstance(step, Seat):
        return {"face": step.face_id, "similarity": step.similarity, "support": step.support}
    return {"stays": step.stays, "support": step.support}


def step_of(group_id: GroupId, doc: Mapping[str, Any]) -> Step:
    """The step of a document in a group's partition."""
    if "face" in doc:
        support = tuple(FaceId(each) for each in doc["support"])
        return Seat(FaceId(doc["face"]), group_id, doc["similarity"], support)
    pairs = tuple((FaceId(one), FaceId(other)) for one, other in doc["support"])
    return Reunion(group_id, GroupId(doc["stays"]), pairs)


def decision_doc(decision: Decision) -> Doc:
    """A decision."""
    return to_json(decision)


def decision_of(doc: Mapping[str, Any]) -> Decision:
    """The decision of a document."""
    return from_json(doc)
