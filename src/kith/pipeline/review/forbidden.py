"""Which pairs are never asked about, because the answer is known."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from kith.domain.decision import Repeats, anchors_in, in_force
from kith.domain.face import FaceId
from kith.domain.photo import PhotoId
from kith.grouping.parts import Sighting
from kith.grouping.said import hear
from kith.pipeline.review.subjects import Subject
from kith.ports.catalog import Catalog


class Forbidden:
    """What the journal and the photos say of pairs of people."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._first_days: dict[str, tuple[frozenset[PhotoId], date | None]] = {}
        self.read()

    def read(self) -> None:
        """Read the journal anew."""
        journal = list(self._catalog.decisions())
        valid = in_force(journal)
        allowed: dict[PhotoId, bool] = {}
        for decision in valid:
            if isinstance(decision.said, Repeats):
                allowed[decision.said.photo_id] = decision.said.allowed
        self._repeats = frozenset(photo_id for photo_id, yes in allowed.items() if yes)
        self._apart: dict[FaceId, set[FaceId]] = {}
        photo_ids = {anchor.photo_id for each in valid for anchor in anchors_in(each.said)}
        if photo_ids:
            sightings = [Sighting(face) for face in self._catalog.faces(photo_ids)]
            # What people are called does not matter here, so neither do groups.
            parts = hear(sightings, journal, {}).parts
            for sighting in sightings:
                barred = parts.of(sighting.face.id).barred
                if barred:
                    self._apart[sighting.face.id] = set(barred)

    def keep_apart(self, one: Subject, other: Subject) -> None:
        """It was just said that these are two people."""
        first, second = min(one.faces), min(other.faces)
        self._apart.setdefault(first, set()).add(second)
        self._apart.setdefault(second, set()).add(first)

    def forbids(self, one: Subject, other: Subject) -> bool:
        """Whether it is known that these two are not one person, or are nobody to ask about."""
        return (
            (one.person is None and other.person is None)
            or self._have_two_names(one, other)
            or not (one.photos & other.photos) <= self._repeats
            or any(self._apart_from(one, other))
            or self._is_too_early(one, other)
            or self._is_too_early(other, one)
        )

    @staticmethod
    def _have_two_names(one: Subject, other: Subject) -> bool:
        names = {each.person.name for each in (one, other) if each.person and each.person.name}
        return len(names) > 1

    def _apart_from(self, one: Subject, other: Subject) -> Iterator[bool]:
        few, many = sorted((one, other), key=lambda each: len(each.faces))
        for face_id in few.faces & self._apart.keys():
            yield not many.faces.isdisjoint(self._apart[face_id])

    def _is_too_early(self, one: Subject, other: Subject) -> bool:
        """Whether the second was seen before the first was born."""
        born = one.person.born if one.person else None
        if born is None:
            return False
        first = self._first_day(other)
        return first is not None and first < born

    def _first_day(self, subject: Subject) -> date | None:
        photos, day = self._first_days.get(subject.id, (frozenset[PhotoId](), None))
        if photos != subject.photos:
            taken = (photo.taken_at for photo in self._catalog.photos(subject.photos))
            day = min((each.date() for each in taken if each), default=None)
            self._first_days[subject.id] = (subject.photos, day)
        return day
