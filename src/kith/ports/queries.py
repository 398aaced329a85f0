"""Which photos are meant: a query, after its names were looked up, put to what is known."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from kith.domain.person import PersonId
from kith.domain.photo import PhotoId
from kith.domain.selection import Selection


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that holds photos itself, not only deeper: its absolute path, and how many."""

    path: str
    photo_count: int


class Order(StrEnum):
    """In which order pages come. Photos of which it is not known when come last in both.

    ``OLDEST`` is the order of ``PhotoQueries.matching``; ``NEWEST`` has the dated photos the other
    way round, and so the undated ones among themselves.
    """

    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the order of photos: after the photo that has it, whether or not it is there yet.

    Attributes:
        second: when that photo was taken, as its camera's clock showed it; ``None``: not known.
        arrival: tells photos of one second apart; grows with the order of arrival.
    """

    second: datetime | None
    arrival: int


@dataclass(frozen=True, slots=True)
class Page:
    """Some photos in their order.

    Attributes:
        photo_ids: they.
        end: where to go on; ``None`` where no photo follows.
    """

    photo_ids: tuple[PhotoId, ...]
    end: Position | None


@dataclass(frozen=True, slots=True)
class Month:
    """How many photos were taken in a month, by the cameras' own clocks.

    Attributes:
        first: the month's first day; ``None`` for photos of which it is not known.
        photo_count: at least one.
    """

    first: date | None
    photo_count: int


@dataclass(frozen=True, slots=True)
class Span:
    """What a row of photos amounts to.

    Attributes:
        photo_count: how many there are.
        first: the first of them, in the order of ``PhotoQueries.matching``; ``None`` for none.
        begins: the second at which the first dated one was taken; ``None`` where none is dated.
        ends: that of the last one.
    """

    photo_count: int
    first: PhotoId | None
    begins: datetime | None
    ends: datetime | None


@dataclass(frozen=True, slots=True)
class Tile:
    """What a grid of photos shows of one.

    Attributes:
        photo_id: which.
        width: pixels of the upright picture.
        height: pixels of the upright picture.
        taken_at: as of ``Photo``.
        face_count: faces found; those of which a human said that they are none do not count.
        placeholder: a picture of some hundred bytes to show until the thumbnail is there; ``None``
            where none was made yet.
    """

    photo_id: PhotoId
    width: int
    height: int
    taken_at: datetime | None
    face_count: int
    placeholder: bytes | None


class PhotoQueries(Protocol):
    """Questions to the record of one library; answers as one moment left it.

    What the parts of a selection mean is said in ``kith.domain.selection`` and
    ``kith.domain.query``. People who were merged away are in no photo: say whom they became. May be
    called from several threads.
    """

    def matching(self, selection: Selection, /, *, limit: int | None = None) -> Sequence[PhotoId]:
        """The photos that the selection means, the first ``limit`` of them.

        By the second at which they were taken, as the camera's own clock showed it; then those of
        which that is not known; equal ones in order of arrival.
        """
        ...

    def count(self, selection: Selection, /) -> int:
        """How many photos the selection means."""
        ...

    def page(
        self,
        selection: Selection,
        /,
        *,
        order: Order = Order.NEWEST,
        after: Position | None = None,
        limit: int,
    ) -> Page:
        """The next photos that the selection means, ``limit`` of them if there are as many.

        Pages that begin where the one before ended show every photo once that was there all the
        time, and none twice, whatever is added and removed meanwhile.
        """
        ...

    def months(self, selection: Selection, /) -> Sequence[Month]:
        """The months of the photos that the selection means, newest first; the unknown one last."""
        ...

    def tiles(self, photo_ids: Collection[PhotoId], /) -> Mapping[PhotoId, Tile]:
        """What a grid shows of these photos; unknown ids are left out."""
        ...

    def folders(self) -> Sequence[Folder]:
        """Every folder that holds photos itself, ordered by path. A photo counts once in each."""
        ...

    def span(self, selection: Selection, /) -> Span:
        """What the photos that the selection means amount to."""
        ...

    def folder_spans(self) -> Mapping[str, Span]:
        """What the photos of each folder amount to, by the path of every one of ``folders``."""
        ...

    def named_people(self) -> Mapping[PersonId, str]:
        """The names of everyone who has one and an appearance, hidden people too; by id."""
        ...

    def people_with_id(self, beginning: str, /) -> Sequence[PersonId]:
        """Everyone with an appearance whose id begins so; by id, at most a hundred."""
        ...
