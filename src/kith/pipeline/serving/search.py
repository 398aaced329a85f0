"""Searching by a picture that somebody hands over, and by a face of the library.

A picture to search with is held in memory for one request, and is neither kept nor told of.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from kith.domain.errors import NotFoundError
from kith.domain.face import Face, FaceDetail, FaceId, Match
from kith.domain.person import Person, PersonId
from kith.domain.photo import PhotoId
from kith.domain.thresholds import MAX_MATCHES
from kith.imaging.crop import face_crop
from kith.imaging.picture import Picture
from kith.pipeline.crops import CROP_SIZE
from kith.pipeline.library import Library

_WIDENED: Final = 4
"""How many more faces are searched for than photos are answered: some photos show several."""


@dataclass(frozen=True, slots=True)
class FoundFace:
    """A face of the library that is like the one searched for; similarity in percent."""

    face: Face
    similarity: float


@dataclass(frozen=True, slots=True)
class Searched:
    """A face of the picture that was handed over.

    Attributes:
        detail: where it is.
        crop: its pixels as JPEG.
        person: whom it shows: the person of the most similar face; ``None`` if nobody is similar,
            or if that person refused to be recognized. Then there are no faces, either.
        similarity: percent, to the most similar face; 0 without one.
        found: the most similar face of each photo that shows it, most similar first.
    """

    detail: FaceDetail
    crop: bytes
    person: Person | None
    similarity: float
    found: tuple[FoundFace, ...]


def search_picture(
    library: Library, picture: Picture, *, min_similarity: float, limit: int
) -> list[Searched]:
    """Who is in this picture, and where else; faces come largest first, so many photos each.

    Raises:
        PictureError: it is no picture.
    """
    return [
        _search(library, picture, face, min_similarity, limit)
        for face in library.recognizer.detect_faces(picture)
    ]


def _search(
    library: Library, picture: Picture, face: FaceDetail, min_similarity: float, limit: int
) -> Searched:
    matches = library.collection.search_by_picture(
        picture,
        face=face,
        min_similarity=min_similarity,
        limit=min(MAX_MATCHES, limit * _WIDENED),
    ).matches
    crop = face_crop(picture, face.box, CROP_SIZE)
    owners = _Owners(library, matches)
    person = owners.first_of(matches)
    if person is not None and person.consent is False:
        return Searched(face, crop, None, 0.0, ())
    found = _one_of_each_photo(owners.allowed(matches))[:limit]
    return Searched(
        face, crop, person, found[0].similarity if found else 0.0, tuple(owners.faces(found))
    )


def similar_faces(
    library: Library, face_id: FaceId, *, min_similarity: float, limit: int
) -> list[FoundFace]:
    """The faces of other photos and this one that are most like a face, most similar first.

    Those of people who refused to be recognized are left out, and found by nobody.

    Raises:
        NotFoundError: there is no such face.
    """
    if not library.catalog.faces_by_id([face_id]):
        raise NotFoundError(f"The library has no face {face_id}")
    matches = library.collection.search([face_id], min_similarity=min_similarity, limit=limit)[0]
    itself = Match(face_id, PhotoId(""), 100.0)
    owners = _Owners(library, [itself, *matches])
    return owners.faces(owners.allowed(matches)) if owners.allowed([itself]) else []


class _Owners:
    """Whose the faces of some matches are."""

    def __init__(self, library: Library, matches: Sequence[Match]) -> None:
        self._catalog = library.catalog
        known = library.catalog.appearances_of([match.face_id for match in matches])
        self._whose = {face_id: each.person_id for face_id, each in known.items()}
        self._people: dict[PersonId, Person] = {
            person_id: library.catalog.person(person_id) for person_id in set(self._whose.values())
        }

    def first_of(self, matches: Sequence[Match]) -> Person | None:
        """The person of the first match that is somebody's."""
        found = (self._whose[match.face_id] for match in matches if match.face_id in self._whose)
        first = next(found, None)
        return None if first is None else self._people[first]

    def allowed(self, matches: Sequence[Match]) -> list[Match]:
        """Those that are not of people who refused."""
        refused = {id_ for id_, person in self._people.items() if person.consent is False}
        return [match for match in matches if self._whose.get(match.face_id) not in refused]

    def faces(self, matches: Collection[Match]) -> list[FoundFace]:
        """The faces; those that are being forgotten, or not stored yet, are left out."""
        faces = self._catalog.faces_by_id([match.face_id for match in matches])
        return [
            FoundFace(faces[match.face_id], match.similarity)
            for match in matches
            if match.face_id in faces
        ]


def _one_of_each_photo(matches: Sequence[Match]) -> list[Match]:
    best: dict[PhotoId, Match] = {}
    for match in matches:
        best.setdefault(match.photo_id, match)
    return list(best.values())
