"""Photos that were announced and are not taken in yet, as somebody sees them who looks after them.

See ``kith.ports.queue`` for whoever announces them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Depth:
    """How much there is to do; all of it is counted roughly.

    Attributes:
        waiting: announcements that nobody has begun with.
        in_flight: those that somebody works on, or did and failed; they come again after a while.
        failed: those that were tried too often, and are set aside.
        undelivered: those that never came as far as the queue.
    """

    waiting: int
    in_flight: int
    failed: int
    undelivered: int


@dataclass(frozen=True, slots=True)
class Stuck:
    """An announcement that was set aside.

    Attributes:
        id: as the log calls it.
        body: what it says.
        sent_at: when it was announced; aware, in UTC.
    """

    id: str
    body: str
    sent_at: datetime


class Backlog(Protocol):
    """What waits, and what waits in vain.

    Every method may raise ``StoreError`` where it cannot be reached, ``NotFoundError`` where it is
    not there, and ``SettingError`` where it is not known who asks.
    """

    def depth(self) -> Depth:
        """How much there is to do."""
        ...

    def stuck(self, most: int, /) -> Sequence[Stuck]:
        """Announcements that were set aside, at most so many, those that waited longest first.

        They stay where they are. Whoever asks again at once may see fewer.
        """
        ...

    def redrive(self) -> int:
        """Have everything that was set aside, or did not come as far, tried again.

        Nothing is lost, wherever this is interrupted; some may be tried twice. Answers how many
        there were.
        """
        ...
