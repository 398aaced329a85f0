"""What a migration works with: a library, and its faces in another pack, in the making."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from kith.domain.face import Face
from kith.domain.grouping import Step
from kith.domain.person import PeopleChange
from kith.domain.photo import PhotoId
from kith.pipeline.library import Library


class Successor(Protocol):
    """The faces of a library in another pack, in the making; composed with the adapters."""

    @property
    def pack(self) -> str:
        """The pack's name and version."""
        ...

    def indexed(self, photo_ids: Collection[PhotoId], /) -> frozenset[PhotoId]:
        """Those of the photos that were looked at already, with faces or without."""
        ...

    def take_over(
        self,
        faces: Mapping[PhotoId, Sequence[Face]],
        steps: Sequence[Step],
        change: PeopleChange,
        edition: int,
        /,
    ) -> None:
        """Take the place of the library's faces, in one step.

        Args:
            faces: what these photos show from now on; others keep the faces they have.
            steps: all that grouping did.
            change: who everybody is.
            edition: of the catalog from which this was worked out.

        Raises:
            StaleError: the catalog is of another edition by now; then nothing was changed.
        """
        ...


@dataclass(frozen=True, slots=True)
class Migrating:
    """What a migration works with.

    Attributes:
        library: the library, except that its collection is the one in the making.
        successor: that collection's other side.
    """

    library: Library
    successor: Successor


Listener = Callable[[str, int, int], None]
"""Hears of the phase (``finding faces``, ``grouping``), and how many of how many are done."""
