"""What changes while a page is open: how much the library holds, looked at once for all pages."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from kith.pipeline.albums.records import Records

_LOOK_SECONDS: Final = 1.0
"""How old an answer may be. Other processes change a library, too, and tell nobody."""


@dataclass(frozen=True, slots=True)
class Beat:
    """The library as it was: the number of what is shown, and how many photos and people it had."""

    edition: int
    photos: int
    people: int


def shown_edition(records: Records) -> int:
    """A number that grows with all that a page may show: the library, and what was found in it.

    Findings have an edition of their own, so that nobody's work on people is refused for them.
    """
    return records.catalog.edition() + records.findings.edition()


class Pulse:
    """Looks at a library at most once a second, however often it is asked. For several threads."""

    def __init__(self, records: Records, clock: Callable[[], float] = time.monotonic) -> None:
        self._records = records
        self._clock = clock
        self._looking = threading.Lock()
        self._last: tuple[float, Beat] | None = None

    def beat(self) -> Beat:
        """The library as it was a second ago at most."""
        with self._looking:
            now = self._clock()
            if self._last is None or now - self._last[0] >= _LOOK_SECONDS:
                self._last = now, self._look(self._last[1] if self._last else None)
            return self._last[1]

    def _look(self, last: Beat | None) -> Beat:
        edition = shown_edition(self._records)
        if last is not None and last.edition == edition:
            return last
        counts = self._records.catalog.counts()
        return Beat(edition, counts.photos, counts.people)
