"""How often somebody may try: waiting longer after each wrong password, and so many per minute.

It is kept in memory: a new start forgets it, and a start takes longer than what that gains. Whoever
was not seen for longest is forgotten first, so that a flood of addresses takes no memory. Where
many processes answer, they count together what was tried for one account or link.
"""

from __future__ import annotations

import ipaddress
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from kith.domain.errors import TooManyAttemptsError
from kith.ports.access import Tried, Tries

_REMEMBERED: Final = 10_000
"""Names; some two megabytes."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How wrong passwords are taken.

    Attributes:
        free: wrong ones before anybody waits.
        first_seconds: the first wait; each further one is twice as long.
        most_seconds: the longest.
    """

    free: int
    first_seconds: float
    most_seconds: float


PER_ADDRESS: Final = Patience(free=10, first_seconds=2, most_seconds=900)
"""Several people may share an address; after 19 wrong ones it is four an hour."""

PER_ACCOUNT: Final = Patience(free=5, first_seconds=1, most_seconds=60)
"""From whatever addresses: at most 1,440 guesses a day, and nobody can lock out its owner."""


@dataclass(slots=True)
class _Tries:
    wrong: int
    blocked_until: float


class Attempts:
    """Counts wrong passwords. May be used from several threads.

    Args:
        clock: seconds that only go forward.
        together: where several processes count together, if they do.
        wall_clock: seconds since 1970, for these.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        together: Tries | None = None,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        self._clock = clock
        self._together = together
        self._wall_clock = wall_clock
        self._lock = threading.Lock()
        self._tries: OrderedDict[str, _Tries] = OrderedDict()

    def begin(self, what: str, address: str) -> None:
        """Somebody tries a password. It counts as wrong until ``succeed`` says otherwise.

        Args:
            what: for which account or link.
            address: from where.

        Raises:
            TooManyAttemptsError: it is too early; nothing is to be looked at, and it counts not.
        """
        if self._together is not None:
            self._together.change(what, self._judged)
        whose = {f"at {network_of(address)}": PER_ADDRESS, f"for {what}": PER_ACCOUNT}
        now = self._clock()
        with self._lock:
            waits = [self._tries[name].blocked_until - now for name in whose if name in self._tries]
            _require_patience(max(waits, default=0))
            for name, patience in whose.items():
                self._count(name, patience, now)

    def succeed(self, what: str, address: str) -> None:
        """The password was right: what was wrong before is forgotten."""
        if self._together is not None:
            self._together.forget(what)
        with self._lock:
            for name in (f"at {network_of(address)}", f"for {what}"):
                self._tries.pop(name, None)

    def _count(self, name: str, patience: Patience, now: float) -> None:
        tries = self._tries.pop(name, None) or _Tries(0, 0)
        tries.wrong += 1
        tries.blocked_until = now + _wait(tries.wrong, patience)
        self._tries[name] = tries
        if len(self._tries) > _REMEMBERED:
            self._tries.popitem(last=False)

    def _judged(self, known: Tried | None) -> Tried:
        """What all processes know from now on."""
        now, wrong = self._wall_clock(), 1
        if known is not None:
            _require_patience(known.blocked_until - now)
            wrong = known.wrong + 1
        return Tried(wrong, now + _wait(wrong, PER_ACCOUNT))


def _require_patience(seconds: float) -> None:
    if seconds > 0:
        raise TooManyAttemptsError("Too many wrong passwords", math.ceil(seconds))


def _wait(wrong: int, patience: Patience) -> float:
    """Seconds to wait after so many wrong ones."""
    excess = wrong - patience.free
    if excess <= 0:
        return 0
    # Beyond 2**30 there is nothing to double any more.
    return min(patience.first_seconds * 2 ** min(excess - 1, 30), patience.most_seconds)


class Pace:
    """So many requests a minute of one kind from one address. May be used from several threads.

    Args:
        clock: seconds that only go forward.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._seen: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, kind: str, address: str, per_minute: int) -> None:
        """One more; as many as go in a minute may come at once.

        Raises:
            TooManyAttemptsError: that is too many.
        """
        name, now = f"{kind} {network_of(address)}", self._clock()
        with self._lock:
            left, at = self._seen.pop(name, (float(per_minute), now))
            left = min(per_minute, left + (now - at) * per_minute / 60)
            self._seen[name] = (left - 1 if left >= 1 else left, now)
            if len(self._seen) > _REMEMBERED:
                self._seen.popitem(last=False)
        if left < 1:
            wait = math.ceil((1 - left) * 60 / per_minute)
            raise TooManyAttemptsError("Too many requests", max(wait, 1))


def network_of(address: str) -> str:
    """Whom an address stands for: of IPv6, one customer has 2**64 of them."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 6:
        return str(parsed.ipv4_mapped or ipaddress.ip_network((parsed, 64), strict=False))
    return address
