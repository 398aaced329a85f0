"""Files that are waited for until nobody writes to them any more."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass

from kith.domain.photo import Place


@dataclass(frozen=True, slots=True)
class _Seen:
    """A file as it was when it was looked at last, and since when it has been like that."""

    place: Place
    since: float


class Settling:
    """Files that have come, until each has stayed as it is for a while.

    A file is whole when its size and time of change have been the same for ``calm_seconds``. What
    was last changed longer ago than that when it appears is whole at once: it was written somewhere
    else and renamed into its place, as ``mv``, rsync and browsers do it. A writer who pauses for
    longer is taken for done; then the file is refused as truncated, and comes again as it grows.

    Args:
        calm_seconds: how long a file must stay as it is.
        now: seconds of a clock that never goes back.
        wall: seconds since 1970, to be compared with a file's time of change.
    """

    def __init__(
        self,
        calm_seconds: float,
        now: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._calm = calm_seconds
        self._now = now
        self._wall = wall
        self._seen: dict[str, _Seen] = {}

    def __len__(self) -> int:
        return len(self._seen)

    def note(self, place: Place) -> None:
        """This file has come, or may have changed."""
        before = self._seen.get(place.path)
        if before is not None and before.place == place:
            return
        age = self._wall() - place.modified_ns / 1e9
        since = self._now() - (self._calm if age >= self._calm else 0)
        # Behind those that came before, also if it was known already.
        self._seen.pop(place.path, None)
        self._seen[place.path] = _Seen(place, since)

    def take(self, most: int) -> list[Place]:
        """Those that are whole, in the order in which they came; they are not waited for any more.

        Those that have changed wait again, those that are gone are forgotten.
        """
        due = [seen for seen in self._seen.values() if self._is_due(seen)][:most]
        whole: list[Place] = []
        for seen in due:
            del self._seen[seen.place.path]
            place = place_of(seen.place.path)
            if place == seen.place:
                whole.append(seen.place)
            elif place is not None:
                self.note(place)
        return whole

    def _is_due(self, seen: _Seen) -> bool:
        return self._now() - seen.since >= self._calm


def place_of(path: str) -> Place | None:
    """A file as it is now, if it is there."""
    try:
        status = os.stat(path)  # noqa: PTH116 - asked for every file that arrives
    except (OSError, ValueError):
        return None
    return Place(path, status.st_size, status.st_mtime_ns)
