"""What was found in the photos besides faces: kept, and asked for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from kith.domain.findings import PhotoFindings
from kith.domain.notice import Posting
from kith.domain.photo import PhotoId


@dataclass(frozen=True, slots=True)
class KnownLabel:
    """A label that photos have.

    Attributes:
        name: as they have it.
        parents: every wider label, by name.
        aliases: other names for the same.
        photo_count: photos that have it; at least one.
    """

    name: str
    parents: frozenset[str]
    aliases: frozenset[str]
    photo_count: int


@dataclass(frozen=True, slots=True)
class FindingCounts:
    """How many photos were looked at for labels, and how many were read, by whatever version."""

    labelled: int
    read: int


class Findings(Protocol):
    """What was found in the photos of one library.

    It goes with its photo, when the catalog removes that. Which photos have a label, hold a text,
    or were not looked at yet, is asked by ``PhotoQueries``. May be called from several threads.
    """

    def keep(self, found: Sequence[PhotoFindings], /, notices: Sequence[Posting] = ()) -> None:
        """Keep what was found, in the place of what was known before.

        What was not looked for stays as it is known. Photos that are unknown are left out. All of
        it is kept or nothing, durable when this returns, and may be repeated. The catalog's edition
        stays as it is, lest whoever works on the people must begin anew. ``notices`` come into the
        outbox in the same step, as with ``Catalog.store``.

        Raises:
            LibraryFullError, LibraryReadOnlyError, LibraryBusyError: nothing was kept.
        """
        ...

    def of(self, photo_ids: Collection[PhotoId], /) -> Mapping[PhotoId, PhotoFindings]:
        """What was found in these photos; those not looked at, and unknown ones, are left out."""
        ...

    def labels(self) -> Sequence[KnownLabel]:
        """Every label that photos have, that of most photos first, then by name."""
        ...

    def counts(self) -> FindingCounts:
        """How many photos were looked at; quick, whatever the size of the library."""
        ...

    def edition(self) -> int:
        """A number that grows each time that something is kept; never falls."""
        ...
