"""Parts: faces that belong together so far, and what keeps parts from being one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from kith.domain.face import Face, FaceId
from kith.domain.grouping import GroupId
from kith.domain.person import Person
from kith.domain.photo import PhotoId
from kith.grouping.neighborhood import is_solid


@dataclass(frozen=True, slots=True)
class Sighting:
    """A face, and the day on which its photo was taken, by the clock of the camera."""

    face: Face
    taken: date | None = None

    @property
    def solid(self) -> bool:
        """Whether the face may found a person."""
        return is_solid(self.face.detail.quality)


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom a human knows a part as.

    Attributes:
        person: the person, as the decisions describe it.
        rank: of the newest decision that says so; a higher one is newer.
    """

    person: Person
    rank: int

    @property
    def protected(self) -> bool:
        """Whether the machine may add to this person, but never make it part of another one."""
        return self.person.name is not None or self.person.hidden


@dataclass(slots=True, eq=False)
class Part:
    """Faces that belong together so far.

    Attributes:
        faces: which.
        photos: the photos that show them.
        barred: faces that may not be among them.
        identity: whom a human knows them as.
        natural: the machine's group that began with them.
        earliest: the day of the oldest photo.
    """

    faces: list[FaceId]
    photos: set[PhotoId]
    barred: set[FaceId] = field(default_factory=set[FaceId])
    identity: Identity | None = None
    natural: GroupId | None = None
    earliest: date | None = None


class Parts:
    """All parts of some faces: at first every face is one of its own."""

    def __init__(self, sightings: Iterable[Sighting], repeats: frozenset[PhotoId]) -> None:
        self._repeats = repeats
        self._of = {
            each.face.id: Part([each.face.id], {each.face.photo_id}, earliest=each.taken)
            for each in sightings
        }

    def of(self, face_id: FaceId) -> Part:
        """The part to which a face belongs now."""
        return self._of[face_id]

    def bar(self, face_ids: Iterable[FaceId], others: Iterable[FaceId]) -> None:
        """From now on none of the first is united with any of the others; later bars lose."""
        seconds = list(others)
        for first in face_ids:
            for second in seconds:
                one, other = self._of[first], self._of[second]
                if one is not other:
                    one.barred.add(second)
                    other.barred.add(first)

    def tie(self, face_ids: Iterable[FaceId]) -> None:
        """Unite these faces as a human said, where nothing said later bars it."""
        before: list[FaceId] = []
        for face_id in face_ids:
            partner = next((one for one in before if not self._barred(face_id, one)), None)
            if partner is not None:
                self._unite(self._of[face_id], self._of[partner])
            before.append(face_id)

    def may_unite(self, one: Part, other: Part) -> bool:
        """Whether the machine may take two parts for one person."""
        return not (
            self._bars(one, other)
            or _are_different_people(one, other)
            or _is_too_early(one, other)
            or _is_too_early(other, one)
            or self._share_a_photo(one, other)
        )

    def unite(self, gone: Part, stays: Part) -> None:
        """Make two parts one; without a human's word it is called what the second was called."""
        identity = _stronger(gone.identity, stays.identity)
        natural = stays.natural or gone.natural
        whole = self._unite(gone, stays)
        whole.identity, whole.natural = identity, natural

    def _barred(self, face_id: FaceId, other: FaceId) -> bool:
        return self._bars(self._of[face_id], self._of[other])

    def _bars(self, one: Part, other: Part) -> bool:
        few, many = (one, other) if len(one.barred) <= len(other.barred) else (other, one)
        return any(self._of[face_id] is many for face_id in few.barred)

    def _share_a_photo(self, one: Part, other: Part) -> bool:
        if one.photos.isdisjoint(other.photos):
            return False
        return not (one.photos & other.photos) <= self._repeats

    def _unite(self, one: Part, other: Part) -> Part:
        """The smaller part goes into the larger one, so that no face moves often."""
        if one is other:
            return one
        small, large = sorted((one, other), key=lambda part: len(part.faces))
        large.faces += small.faces
        large.photos |= small.photos
        large.barred |= small.barred
        days = [day for day in (small.earliest, large.earliest) if day]
        large.earliest = min(days, default=None)
        for face_id in small.faces:
            self._of[face_id] = large
        return large


def _are_different_people(one: Part, other: Part) -> bool:
    """Named and hidden people are never absorbed; only who has the same name may be the same."""
    a, b = one.identity, other.identity
    if not (a and b and a.protected and b.protected):
        return False
    return (a.person.name, a.person.hidden) != (b.person.name, b.person.hidden)


def _is_too_early(one: Part, other: Part) -> bool:
    """Whether a face of the second was seen before the first was born."""
    born = one.identity.person.born if one.identity else None
    return born is not None and other.earliest is not None and other.earliest < born


def _stronger(one: Identity | None, other: Identity | None) -> Identity | None:
    """Who two parts are together: the protected one, else who was spoken of last."""
    known = sorted(
        (each for each in (one, other) if each), key=lambda each: (each.protected, each.rank)
    )
    if len(known) < 2:
        return known[0] if known else None
    less, more = (each.person for each in known)
    born, cover = more.born or less.born, more.cover or less.cover
    consent = less.consent if more.consent is None else more.consent
    return replace(known[1], person=replace(more, born=born, cover=cover, consent=consent))
