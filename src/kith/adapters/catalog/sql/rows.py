"""The catalog's values as rows, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from kith.adapters.catalog.sql.reading import Row
from kith.database.faces import DETAIL_COLUMNS, detail_of, detail_values
from kith.database.tables import faces, photos
from kith.domain.decision import Decision
from kith.domain.face import Face, FaceId
from kith.domain.journal import from_json, to_json
from kith.domain.photo import Location, Photo, PhotoId, Place, Problem

Values = Mapping[str, Any]
"""The values of a row to be written, by column."""

PHOTO_COLUMNS = (
    photos.c.photo_id,
    photos.c.format,
    photos.c.width,
    photos.c.height,
    photos.c.byte_size,
    photos.c.taken_at,
    photos.c.camera,
    photos.c.latitude,
    photos.c.longitude,
    photos.c.altitude,
)
"""What ``photo_of`` takes, in order."""

FACE_COLUMNS = (faces.c.face_id, photos.c.photo_id, *(faces.c[name] for name in DETAIL_COLUMNS))
"""What ``face_of`` takes, in order."""


SECOND = len("2024-06-30T12:00:00")
"""Characters of a moment in ISO 8601 to the second."""


def photo_row(photo: Photo, placeholder: bytes | None) -> Values:
    """The row of a photo."""
    location, taken_at = photo.location, photo.taken_at and photo.taken_at.isoformat()
    return {
        "photo_id": photo.id,
        "format": photo.format,
        "width": photo.width,
        "height": photo.height,
        "byte_size": photo.byte_size,
        "taken_at": taken_at,
        "clock": taken_at and taken_at[:SECOND],
        "placeholder": placeholder,
        "camera": photo.camera,
        "latitude": location and location.latitude,
        "longitude": location and location.longitude,
        "altitude": location and location.altitude,
    }


def photo_of(row: Row) -> Photo:
    """The photo of a row of ``PHOTO_COLUMNS``."""
    photo_id, format_, width, height, byte_size, taken_at, camera, latitude, longitude, altitude = (
        row
    )
    return Photo(
        id=photo_id,
        format=format_,
        width=width,
        height=height,
        byte_size=byte_size,
        taken_at=taken_at and datetime.fromisoformat(taken_at),
        camera=camera,
        location=None if latitude is None else Location(latitude, longitude, altitude),
    )


def place_row(place: Place, photo: int) -> Values:
    """The row of a file that holds the photo of this arrival."""
    return {**_file_row(place), "photo": photo, "reason": None, "advice": None}


def problem_row(problem: Problem) -> Values:
    """The row of a file that was refused."""
    return {
        **_file_row(problem.place),
        "photo": None,
        "reason": problem.reason,
        "advice": problem.advice,
    }


def face_row(face: Face, photo: int) -> Values:
    """The row of a face in the photo of this arrival."""
    return {"face_id": face.id, "photo": photo, **detail_values(face.detail)}


def face_of(row: Row) -> Face:
    """The face of a row of ``FACE_COLUMNS``."""
    return Face(FaceId(row[0]), PhotoId(row[1]), detail_of(row[2:]))


def decision_row(decision: Decision) -> Values:
    """The row of a decision in the journal."""
    said = to_json(decision)
    return {
        "decision_id": said.pop("id"),
        "decided_at": said.pop("at"),
        "decided_by": said.pop("by"),
        "kind": said.pop("kind"),
        "payload": json.dumps(said),
    }


def decision_of(row: Row) -> Decision:
    """The decision of a row of the journal: id, time, author, kind, payload."""
    decision_id, decided_at, decided_by, kind, payload = row[:5]
    columns = {"id": decision_id, "at": decided_at, "by": decided_by, "kind": kind}
    return from_json({**json.loads(payload), **columns})


def _file_row(place: Place) -> Values:
    return {
        "path": place.path,
        "byte_size": place.byte_size,
        "modified_ns": place.modified_ns,
    }
