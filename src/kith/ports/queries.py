"""Which photos are meant: a query, after its names were looked up, put to what is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from kith.domain.person import PersonId
from kith.domain.photo import PhotoId
from kith.domain.selection import Selection


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that holds photos itself, not only deeper: its absolute path, and how many."""

    path: str
    photo_count: int


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

    def folders(self) -> Sequence[Folder]:
        """Every folder that holds photos itself, ordered by path. A photo counts once in each."""
        ...

    def named_people(self) -> Mapping[PersonId, str]:
        """The names of everyone who has one and an appearance, hidden people too; by id."""
        ...

    def people_with_id(self, beginning: str, /) -> Sequence[PersonId]:
        """Everyone with an appearance whose id begins so; by id, at most a hundred."""
        ...
