"""Who is in the library, and who is in a picture."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from kith.domain.errors import NotFoundError, UsageError
from kith.domain.face import Face, FaceDetail, Match
from kith.domain.person import Appearance, Person, PersonId
from kith.domain.photo import Photo, PhotoId, Place
from kith.domain.thresholds import DEFAULT_MIN_SIMILARITY
from kith.pipeline.chunks import in_chunks
from kith.pipeline.originals import is_address
from kith.pipeline.walk import absolute
from kith.ports.catalog import Catalog, PersonSummary

_LEAST_PREFIX = 4
"""Characters of an id that must be typed, so that a slip does not name someone."""


_SHOWN = 12
"""Characters of an id in a message: enough to tell a few apart."""

_MOST_SHOWN = 8
"""Ids in a message."""

if TYPE_CHECKING:
    from kith.imaging.picture import Picture
    from kith.pipeline.library import Library

Known = TypeVar("Known", Photo, Person)


@dataclass(frozen=True, slots=True)
class PhotoFace:
    """A face of a photo in the library, and whose it is."""

    face: Face
    person: Person | None


@dataclass(frozen=True, slots=True)
class PhotoOfPerson:
    """A photo that shows a person, where it lies, and how well the face fits."""

    photo: Photo
    places: tuple[Place, ...]
    appearance: Appearance


@dataclass(frozen=True, slots=True)
class FoundPhoto:
    """A photo that shows a face like the one searched for, with its best similarity, percent."""

    photo_id: PhotoId
    places: tuple[Place, ...]
    similarity: float


@dataclass(frozen=True, slots=True)
class Recognized:
    """A face of a picture that was asked about.

    Attributes:
        detail: where it is.
        person: whom it shows: the person of the most similar face; ``None`` if nobody is similar,
            or if that person refused to be recognized. Then there are no photos, either.
        similarity: percent, to the most similar face; 0 without one.
        photos: the photos that show this face, most similar first.
    """

    detail: FaceDetail
    person: Person | None
    similarity: float
    photos: tuple[FoundPhoto, ...]


def find(
    library: Library,
    picture: Picture,
    *,
    min_similarity: float = DEFAULT_MIN_SIMILARITY,
    limit: int = 100,
) -> list[Recognized]:
    """Who is in this picture, and which photos show each of its faces; the picture is not kept.

    Faces come largest first; at most ``limit`` photos each.
    """
    return [
        _recognize(library, picture, face, min_similarity, limit)
        for face in library.recognizer.detect_faces(picture)
    ]


def _recognize(
    library: Library, picture: Picture, face: FaceDetail, min_similarity: float, limit: int
) -> Recognized:
    found = library.collection.search_by_picture(
        picture, face=face, min_similarity=min_similarity
    ).matches
    people = library.catalog.appearances_of([match.face_id for match in found])
    who = next((people[m.face_id].person_id for m in found if m.face_id in people), None)
    person = library.catalog.person(who) if who else None
    if person and person.consent is False:
        return Recognized(face, person=None, similarity=0.0, photos=())
    return Recognized(
        detail=face,
        person=person,
        similarity=found[0].similarity if found else 0.0,
        photos=tuple(_photos(library, found)[:limit]),
    )


def _photos(library: Library, matches: Sequence[Match]) -> list[FoundPhoto]:
    """Each photo once, with its most similar face; most similar photo first."""
    best: dict[PhotoId, float] = {}
    for match in matches:
        best.setdefault(match.photo_id, match.similarity)
    places = library.catalog.places_of(best.keys())
    return [
        FoundPhoto(photo_id, places[photo_id], similarity)
        for photo_id, similarity in best.items()
        if photo_id in places
    ]


def faces_of(catalog: Catalog, photo_id: PhotoId) -> list[PhotoFace]:
    """The faces of a photo of the library, largest first, each with its person."""
    faces = list(catalog.faces([photo_id]))
    known = catalog.appearances_of([face.id for face in faces])
    return [
        PhotoFace(face, catalog.person(known[face.id].person_id) if face.id in known else None)
        for face in faces
    ]


def find_photo(catalog: Catalog, which: str) -> Photo:
    """The photo at this path, or with this id or beginning of an id.

    Raises:
        NotFoundError: the library has no such photo.
        UsageError: several photos' ids begin so.
    """
    path = which if is_address(which) else str(absolute(Path(which)))
    if path == which or os.path.exists(path):  # noqa: PTH110 - ``Path`` raises, as for a long name
        known = [known.photo_id for known in catalog.places(path) if known.place.path == path]
        ids = [photo_id for photo_id in known if photo_id]
        if not ids:
            raise NotFoundError(f"{path} is not a photo of this library", "Add it with `kith add`.")
        return next(catalog.photos(ids[:1]))
    exact = list(catalog.photos([PhotoId(which)]))
    matching = exact or [
        photo
        for photo in catalog.photos()
        if len(which) >= _LEAST_PREFIX and photo.id.startswith(which)
    ]
    return _only(matching, f"photo {which!r}")


def lost_photos(catalog: Catalog) -> list[PhotoId]:
    """The photos whose files are all gone, in order of arrival."""
    lost: list[PhotoId] = []
    for photos in in_chunks(catalog.photos()):
        places = catalog.places_of([photo.id for photo in photos])
        lost += [photo.id for photo in photos if not places.get(photo.id)]
    return lost


def list_people(catalog: Catalog) -> Sequence[PersonSummary]:
    """Everyone: the named first, then by number of photos."""
    return catalog.people()


def find_person(catalog: Catalog, which: str) -> Person:
    """The person of that name, id, or beginning of an id; an id that was merged away counts, too.

    Raises:
        NotFoundError: there is nobody like that.
        UsageError: it could be several people.
    """
    with suppress(NotFoundError):
        return catalog.person(PersonId(which))
    people = [summary.person for summary in catalog.people()]
    by_name = [person for person in people if person.name == which] or [
        person for person in people if person.name and person.name.casefold() == which.casefold()
    ]
    by_prefix = [
        person for person in people if len(which) >= _LEAST_PREFIX and person.id.startswith(which)
    ]
    return _only(by_name or by_prefix, f"person {which!r}")


def photos_of(catalog: Catalog, person: Person) -> list[PhotoOfPerson]:
    """The photos that show a person, best fitting first."""
    appearances = list(catalog.appearances([person.id]))
    faces = catalog.faces_by_id([appearance.face_id for appearance in appearances])
    photo_ids = [faces[appearance.face_id].photo_id for appearance in appearances]
    photos = {photo.id: photo for photo in catalog.photos(photo_ids)}
    places = catalog.places_of(photo_ids)
    return [
        PhotoOfPerson(photos[photo_id], places[photo_id], appearance)
        for photo_id, appearance in zip(photo_ids, appearances, strict=True)
    ]


def _only(candidates: Sequence[Known], what: str) -> Known:
    if not candidates:
        raise NotFoundError(f"There is no {what} in this library")
    if len(candidates) > 1:
        ids = ", ".join(each.id[:_SHOWN] for each in candidates[:_MOST_SHOWN])
        raise UsageError(f"There are {len(candidates)} for {what}", f"Say which by its id: {ids}.")
    return candidates[0]
