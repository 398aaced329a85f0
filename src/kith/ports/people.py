"""Who the people of a library are, as lists and pages show them: many at once, and quickly."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from kith.domain.face import FaceId
from kith.domain.person import Person, PersonId
from kith.domain.photo import PhotoId
from kith.ports.catalog import PersonSummary


class Order(StrEnum):
    """How the appearances of a person are sorted; equal ones by face id.

    By time means by the second at which the photo was taken, as the camera's own clock showed it;
    photos of which that is not known come last, either way.
    """

    SIMILARITY = "similarity"
    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True)
class InYear:
    """Only what was taken in that year, or (``None``) of which it is not known when."""

    year: int | None


@dataclass(frozen=True, slots=True)
class Seen:
    """One appearance, with what it is sorted by.

    Attributes:
        face_id: the face.
        photo_id: the photo that shows it.
        similarity: how well it fits the person's other faces, percent.
        second: when the photo was taken, ``2024-06-30T12:00:00`` by the camera's own clock.
    """

    face_id: FaceId
    photo_id: PhotoId
    similarity: float
    second: str | None


@dataclass(frozen=True, slots=True)
class YearOfPhotos:
    """How many photos of a year show somebody; ``None`` for those never known."""

    year: int | None
    photos: int


@dataclass(frozen=True, slots=True)
class Companion:
    """Somebody who is in the same photos, and in how many."""

    person_id: PersonId
    photos: int


class PeopleQueries(Protocol):
    """Questions to the record of one library; answers as one moment left it.

    People who were merged away appear nowhere: ask ``Catalog.person`` whom they became. May be
    called from several threads.
    """

    def people(self, person_ids: Collection[PersonId], /) -> Mapping[PersonId, Person]:
        """Those of these people who are known, appearing or not; merged ones are left out."""
        ...

    def summaries(self, person_ids: Collection[PersonId], /) -> Sequence[PersonSummary]:
        """Those of these people who appear, in the order of ``Catalog.people``."""
        ...

    def years(self, person_id: PersonId, /) -> Sequence[YearOfPhotos]:
        """In which years somebody was photographed: newest first, never known last."""
        ...

    def span(self, person_id: PersonId, /) -> tuple[str, str] | None:
        """The first and the last second at which somebody was photographed, if one is known."""
        ...

    def together(self, person_id: PersonId, limit: int, /) -> Sequence[Companion]:
        """Who is in the same photos: those in most of them first, then by id.

        Hidden people, and those who refused to be recognized, are left out.
        """
        ...

    def appearances(
        self,
        person_id: PersonId,
        /,
        *,
        order: Order,
        within: InYear | None = None,
        after: Seen | None = None,
        limit: int,
    ) -> Sequence[Seen]:
        """The next appearances of somebody, from behind ``after`` on.

        ``after`` need not be there any more.
        """
        ...
