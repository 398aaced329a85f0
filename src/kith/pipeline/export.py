"""What the library knows, as JSON and as CSV rows, for other programs."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from kith.domain.face import Box, Face, FaceDetail, Point
from kith.domain.person import Appearance, Person, PersonId
from kith.domain.photo import Photo, PhotoId, Place
from kith.pipeline.chunks import in_chunks
from kith.ports.catalog import Catalog

SCHEMA_VERSION = 1
"""Of the document that ``export_photos`` makes of a photo; changes with its meaning."""

CSV_COLUMNS: tuple[str, ...] = (
    "photo_id", "path", "taken_at", "face_id", "left", "top", "width", "height",
    "confidence", "person_id", "person", "similarity", "confirmed",
)  # fmt: skip
"""The columns of ``export_rows``; one row per face, and one without a face for other photos."""


def export_photos(
    catalog: Catalog, photo_ids: Collection[PhotoId] | None = None
) -> Iterator[dict[str, Any]]:
    """One JSON document for each of these photos, or of all, in order of arrival."""
    people = _People(catalog)
    if photo_ids is None:
        people.read_all()
    for photos in in_chunks(catalog.photos(photo_ids)):
        yield from _documents(catalog, photos, people)


class _People:
    """Those of the library who are asked for, each read once."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._known: dict[PersonId, Person] = {}

    def read_all(self) -> None:
        """Read everyone at once: for many it is quicker."""
        self._known = {each.person.id: each.person for each in self._catalog.people()}

    def __getitem__(self, person_id: PersonId) -> Person:
        if person_id not in self._known:
            self._known[person_id] = self._catalog.person(person_id)
        return self._known[person_id]


def export_rows(
    catalog: Catalog, photo_ids: Collection[PhotoId] | None = None
) -> Iterator[dict[str, Any]]:
    """One flat row per face of these photos, or of all, keyed by ``CSV_COLUMNS``."""
    for document in export_photos(catalog, photo_ids):
        photo = {
            "photo_id": document["photo_id"],
            "path": document["places"][0] if document["places"] else "",
            "taken_at": document["taken_at"] or "",
        }
        faces: list[dict[str, Any]] = document["faces"] or [{}]
        for face in faces:
            yield photo | _face_columns(face)


def _face_columns(face: dict[str, Any]) -> dict[str, Any]:
    if not face:
        return {}
    person: dict[str, Any] = face["person"] or {}
    return {
        "face_id": face["face_id"],
        **face["box"],
        "confidence": face["confidence"],
        "person_id": person.get("person_id", ""),
        "person": person.get("name") or "",
        "similarity": person.get("similarity", ""),
        "confirmed": person.get("confirmed", ""),
    }


def _documents(
    catalog: Catalog, photos: Sequence[Photo], people: _People
) -> Iterator[dict[str, Any]]:
    photo_ids = [photo.id for photo in photos]
    places = catalog.places_of(photo_ids)
    faces: dict[PhotoId, list[Face]] = {photo_id: [] for photo_id in photo_ids}
    for face in catalog.faces(photo_ids):
        faces[face.photo_id].append(face)
    appearances = catalog.appearances_of([f.id for some in faces.values() for f in some])
    for photo in photos:
        document = photo_json(photo, places.get(photo.id, ()))
        document["faces"] = [
            face_json(face) | {"person": _person_json(people, appearances.get(face.id))}
            for face in faces[photo.id]
        ]
        yield document


def _person_json(people: _People, appearance: Appearance | None) -> dict[str, Any] | None:
    person = people[appearance.person_id] if appearance else None
    if appearance is None or person is None or person.consent is False:
        return None
    return person_json(person) | {
        "similarity": round(appearance.similarity, 2),
        "confirmed": appearance.confirmed,
    }


def photo_json(photo: Photo, places: tuple[Place, ...]) -> dict[str, Any]:
    """A photo without its faces."""
    location = photo.location
    return {
        "schema": SCHEMA_VERSION,
        "photo_id": photo.id,
        "places": [place.path for place in places],
        "format": photo.format,
        "width": photo.width,
        "height": photo.height,
        "byte_size": photo.byte_size,
        "taken_at": photo.taken_at.isoformat() if photo.taken_at else None,
        "camera": photo.camera,
        "location": location
        and {
            "latitude": location.latitude,
            "longitude": location.longitude,
            "altitude": location.altitude,
        },
    }


def face_json(face: Face) -> dict[str, Any]:
    """A face with its id."""
    return {"face_id": face.id} | detail_json(face.detail)


def detail_json(detail: FaceDetail) -> dict[str, Any]:
    """What can be seen of a face."""
    quality, pose, marks = detail.quality, detail.pose, detail.landmarks
    return {
        "box": box_json(detail.box),
        "confidence": round(detail.confidence, 2),
        "quality": {
            "overall": round(quality.overall, 2),
            "brightness": round(quality.brightness, 2),
            "sharpness": round(quality.sharpness, 2),
            "pixels": round(quality.pixels, 1),
        },
        "pose": {
            "yaw": round(pose.yaw, 1),
            "pitch": round(pose.pitch, 1),
            "roll": round(pose.roll, 1),
        },
        "landmarks": {
            "left_eye": _point_json(marks.left_eye),
            "right_eye": _point_json(marks.right_eye),
            "nose": _point_json(marks.nose),
            "mouth_left": _point_json(marks.mouth_left),
            "mouth_right": _point_json(marks.mouth_right),
        },
    }


def box_json(box: Box) -> dict[str, float]:
    """A box as ratios of the upright picture."""
    return {
        "left": round(box.left, 6),
        "top": round(box.top, 6),
        "width": round(box.width, 6),
        "height": round(box.height, 6),
    }


def person_json(person: Person) -> dict[str, Any]:
    """A person."""
    return {"person_id": person.id, "name": person.name}


def _point_json(point: Point) -> dict[str, float]:
    return {"x": round(point.x, 6), "y": round(point.y, 6)}
