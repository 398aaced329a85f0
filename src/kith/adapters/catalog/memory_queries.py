"""Questions answered by looking at every photo of a catalog: slow, and plain to see right."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from kith.domain.face import FaceId
from kith.domain.names import folded
from kith.domain.person import Appearance, Person, PersonId, Standing
from kith.domain.photo import Photo, PhotoId
from kith.domain.query import (
    HasFaces,
    ShowsUnnamed,
    TakenNever,
    TakenOn,
    TakenWith,
)
from kith.domain.selection import (
    HasAppearance,
    InFolder,
    Picked,
    Selection,
    Shows,
    ShowsExactly,
    Under,
    Wanted,
    Within,
)
from kith.ports.albums import Albums
from kith.ports.catalog import Catalog
from kith.ports.queries import Folder

_MOST_PEOPLE = 100


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of one photo.

    Attributes:
        photo: itself.
        paths: where it lies.
        face_count: faces found, without those of which a human said that they are none.
        appearances: whose they are.
        people: who appears, by id.
    """

    photo: Photo
    paths: Sequence[str]
    face_count: int
    appearances: Sequence[Appearance]
    people: Mapping[PersonId, Person]


class MemoryPhotoQueries:
    """Questions to any catalog, answered in Python."""

    def __init__(self, catalog: Catalog, albums: Albums) -> None:
        self._catalog = catalog
        self._albums = albums

    def matching(self, selection: Selection, /, *, limit: int | None = None) -> Sequence[PhotoId]:
        """The photos that the selection means, by the time they were taken."""
        found = [known.photo for known in self._photos() if self._meets(known, selection)]
        return [photo.id for photo in sorted(found, key=_second)[:limit]]

    def count(self, selection: Selection, /) -> int:
        """How many photos the selection means."""
        return len(self.matching(selection))

    def folders(self) -> Sequence[Folder]:
        """Every folder that holds photos itself, ordered by path."""
        held: dict[str, set[PhotoId]] = {}
        for known in self._catalog.places():
            if known.photo_id is not None:
                held.setdefault(_folder_of(known.place.path), set()).add(known.photo_id)
        return [Folder(path, len(held[path])) for path in sorted(held)]

    def named_people(self) -> Mapping[PersonId, str]:
        """The names of everyone who has one and an appearance; by id."""
        everyone = self._everyone()
        return {
            person_id: name
            for person_id in sorted(everyone)
            if (name := everyone[person_id].name) is not None
        }

    def people_with_id(self, beginning: str, /) -> Sequence[PersonId]:
        """Everyone with an appearance whose id begins so; by id."""
        found = [person_id for person_id in self._everyone() if person_id.startswith(beginning)]
        return sorted(found)[:_MOST_PEOPLE]

    def _everyone(self) -> dict[PersonId, Person]:
        return {summary.person.id: summary.person for summary in self._catalog.people()}

    def _photos(self) -> Iterator[_Known]:
        """Every photo, in order of arrival."""
        everyone, standings = self._everyone(), self._catalog.standings()
        appearances = {one.face_id: one for one in self._catalog.appearances()}
        photos = list(self._catalog.photos())
        places = self._catalog.places_of([photo.id for photo in photos])
        faces: dict[PhotoId, list[FaceId]] = {photo.id: [] for photo in photos}
        for face in self._catalog.faces():
            faces[face.photo_id].append(face.id)
        for photo in photos:
            found = faces[photo.id]
            shown = [appearances[face_id] for face_id in found if face_id in appearances]
            yield _Known(
                photo,
                [place.path for place in places[photo.id]],
                sum(standings.get(face_id) is not Standing.NOT_A_FACE for face_id in found),
                shown,
                {one.person_id: everyone[one.person_id] for one in shown},
            )

    def _meets(self, known: _Known, selection: Selection) -> bool:
        return all(
            self._satisfies(known, condition.wanted) != condition.negated
            for condition in selection.conditions
        )

    def _satisfies(self, known: _Known, wanted: Wanted) -> bool:
        match wanted:
            case Picked(album):
                return known.photo.id in self._albums.picked(album)
            case Within(selection):
                return self._meets(known, selection)
            case TakenOn() | TakenNever() | TakenWith():
                return _was_taken(known.photo, wanted)
            case Under() | InFolder():
                return any(_lies(path, wanted) for path in known.paths)
            case _:
                return _shows(known, wanted)


def _shows(
    known: _Known, wanted: Shows | ShowsExactly | ShowsUnnamed | HasFaces | HasAppearance
) -> bool:
    match wanted:
        case Shows(people):
            return not people.isdisjoint(known.people)
        case ShowsExactly(people):
            return frozenset(known.people) == people
        case ShowsUnnamed():
            return any(one.name is None and not one.hidden for one in known.people.values())
        case HasFaces(least, most):
            return least <= known.face_count and (most is None or known.face_count <= most)
        case HasAppearance(bounds, people):
            return any(
                bounds.hold(one.similarity)
                for one in known.appearances
                if people is None or one.person_id in people
            )


def _was_taken(photo: Photo, wanted: TakenOn | TakenNever | TakenWith) -> bool:
    match wanted:
        case TakenOn(first, last):
            day = photo.taken_at and photo.taken_at.date()
            return (
                day is not None
                and (first is None or first <= day)
                and (last is None or day <= last)
            )
        case TakenNever():
            return photo.taken_at is None
        case TakenWith(text):
            return photo.camera is not None and folded(text) in folded(photo.camera)


def _lies(path: str, wanted: Under | InFolder) -> bool:
    folder = wanted.path.rstrip(os.sep)
    match wanted:
        case Under():
            return path == folder or path.startswith(folder + os.sep)
        case InFolder():
            return _folder_of(path).rstrip(os.sep) == folder and path != folder


def _folder_of(path: str) -> str:
    return os.path.dirname(path)  # noqa: PTH120 - paths are text here


def _second(photo: Photo) -> tuple[bool, datetime]:
    """Undated photos last; the camera's own clock, to the second."""
    taken_at = photo.taken_at or datetime.min  # noqa: DTZ901 - compared among its like alone
    return photo.taken_at is None, taken_at.replace(tzinfo=None, microsecond=0)
