"""Questions answered by looking at every photo of a catalog: slow, and plain to see right."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kith.domain.face import FaceId
from kith.domain.findings import PhotoFindings
from kith.domain.meant import KnownPhoto, folder_of, is_meant
from kith.domain.person import Person, PersonId, Standing
from kith.domain.photo import Photo, PhotoId
from kith.domain.selection import (
    Condition,
    InFolder,
    Selection,
)
from kith.ports.albums import Albums
from kith.ports.catalog import Catalog
from kith.ports.findings import Findings
from kith.ports.queries import Folder, Month, Order, Page, Position, Span, Tile

_MOST_PEOPLE = 100


@dataclass(frozen=True, slots=True)
class _Known:
    """One photo, and what is known of it."""

    photo: Photo
    facts: KnownPhoto


class MemoryPhotoQueries:
    """Questions to any catalog, answered in Python.

    Args:
        catalog: the photos, faces and people.
        albums: the albums that someone made.
        findings: what was found in the photos besides; without it, none was looked at.
    """

    def __init__(self, catalog: Catalog, albums: Albums, findings: Findings | None = None) -> None:
        self._catalog = catalog
        self._albums = albums
        self._findings = findings
        self._arrivals: dict[PhotoId, int] = {}
        self._numbering = threading.Lock()

    def matching(self, selection: Selection, /, *, limit: int | None = None) -> Sequence[PhotoId]:
        """The photos that the selection means, by the time they were taken."""
        return [photo_id for _, photo_id in self._ordered(selection, Order.OLDEST)[:limit]]

    def count(self, selection: Selection, /) -> int:
        """How many photos the selection means."""
        return len(self.matching(selection))

    def page(
        self,
        selection: Selection,
        /,
        *,
        order: Order = Order.NEWEST,
        after: Position | None = None,
        limit: int,
    ) -> Page:
        """The next photos that the selection means."""
        every = self._ordered(selection, order)
        begun = (
            0 if after is None else sum(_rank(at, order) <= _rank(after, order) for at, _ in every)
        )
        shown = every[begun : begun + limit]
        more = len(every) > begun + limit
        return Page(tuple(photo_id for _, photo_id in shown), shown[-1][0] if more else None)

    def months(self, selection: Selection, /) -> Sequence[Month]:
        """The months of the photos that the selection means."""
        meant = [known.photo for known in self._photos() if self._meets(known, selection)]
        counted = Counter(
            photo.taken_at and photo.taken_at.date().replace(day=1) for photo in meant
        )
        undated = [Month(None, counted.pop(None))] if None in counted else []
        dated = [Month(first, count) for first, count in counted.items() if first is not None]
        return [*sorted(dated, key=_first, reverse=True), *undated]

    def tiles(self, photo_ids: Collection[PhotoId], /) -> Mapping[PhotoId, Tile]:
        """What a grid shows of these photos; unknown ids are left out."""
        made = self._catalog.placeholders(photo_ids)
        return {
            known.photo.id: Tile(
                known.photo.id,
                known.photo.width,
                known.photo.height,
                known.photo.taken_at,
                known.facts.face_count,
                made.get(known.photo.id),
            )
            for known in self._photos()
            if known.photo.id in photo_ids
        }

    def folders(self) -> Sequence[Folder]:
        """Every folder that holds photos itself, ordered by path."""
        held: dict[str, set[PhotoId]] = {}
        for known in self._catalog.places():
            if known.photo_id is not None:
                held.setdefault(folder_of(known.place.path), set()).add(known.photo_id)
        return [Folder(path, len(held[path])) for path in sorted(held)]

    def span(self, selection: Selection, /) -> Span:
        """What the photos that the selection means amount to."""
        every = self._ordered(selection, Order.OLDEST)
        dated = [position.second for position, _ in every if position.second is not None]
        return Span(
            len(every),
            every[0][1] if every else None,
            min(dated, default=None),
            max(dated, default=None),
        )

    def folder_spans(self) -> Mapping[str, Span]:
        """What the photos of each folder amount to."""
        return {
            folder.path: self.span(Selection((Condition(InFolder(folder.path)),)))
            for folder in self.folders()
        }

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
        found_in = self._found_in(places.keys())
        faces: dict[PhotoId, list[FaceId]] = {photo.id: [] for photo in photos}
        for face in self._catalog.faces():
            faces[face.photo_id].append(face.id)
        for photo in photos:
            found = faces[photo.id]
            shown = [appearances[face_id] for face_id in found if face_id in appearances]
            people = [everyone[one.person_id] for one in shown]
            facts = KnownPhoto(
                photo_id=photo.id,
                day=photo.taken_at and photo.taken_at.date(),
                camera=photo.camera,
                paths=[place.path for place in places[photo.id]],
                face_count=sum(
                    standings.get(face_id) is not Standing.NOT_A_FACE for face_id in found
                ),
                appearances=[(one.person_id, one.similarity) for one in shown],
                unnamed=[who.id for who in people if who.name is None and not who.hidden],
                found=found_in.get(photo.id, PhotoFindings(photo.id)),
            )
            yield _Known(photo, facts)

    def _found_in(self, photo_ids: Collection[PhotoId]) -> Mapping[PhotoId, PhotoFindings]:
        return {} if self._findings is None else self._findings.of(photo_ids)

    def _meets(self, known: _Known, selection: Selection) -> bool:
        return is_meant(known.facts, selection, self._albums.picked)

    def _ordered(self, selection: Selection, order: Order) -> list[tuple[Position, PhotoId]]:
        """The photos that the selection means, each with its place among all."""
        self._number()
        found = [known.photo for known in self._photos() if self._meets(known, selection)]
        placed = [(self._position(photo), photo.id) for photo in found]
        return sorted(placed, key=lambda one: _rank(one[0], order))

    def _number(self) -> None:
        """Number all that arrived; who came back arrived anew, and no number is used twice."""
        last = 0
        with self._numbering:
            for photo in self._catalog.photos():
                if self._arrivals.get(photo.id, 0) <= last:
                    self._arrivals[photo.id] = max(self._arrivals.values(), default=0) + 1
                last = self._arrivals[photo.id]

    def _position(self, photo: Photo) -> Position:
        return Position(photo.taken_at and _second(photo.taken_at), self._arrivals[photo.id])


def _second(moment: datetime) -> datetime:
    """The camera's own clock, to the second."""
    return moment.replace(tzinfo=None, microsecond=0)


def _rank(position: Position, order: Order) -> tuple[bool, timedelta, int]:
    """What positions are sorted by; undated photos last."""
    sign = -1 if order is Order.NEWEST else 1
    since = (position.second or datetime.min) - datetime.min  # noqa: DTZ901 - a difference
    return position.second is None, sign * since, sign * position.arrival


def _first(month: Month) -> date:
    assert month.first is not None
    return month.first
