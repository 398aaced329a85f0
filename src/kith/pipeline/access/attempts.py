"""How often somebody may try: waiting longer after each wrong password, and so many per minute.

It is kept in memory: a new start forgets it, and a start takes longer than what that gains. Whoever
was not seen for longest is forgotten first, so that a flood of addresses takes no memory.
"""

from __future__ import annotations

import ipaddress
import math
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from kith.domain.errors import TooManyAttemptsError

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
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
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
        whose = {f"at {network_of(address)}": PER_ADDRESS, f"for {what}": PER_ACCOUNT}
        now = self._clock()
        with self._lock:
            waits = [self._tries[name].blocked_until - now for name in whose if name in self._tries]
            if waits and max(waits) > 0:
                raise TooManyAttemptsError("Too many wrong passwords", math.ceil(max(waits)))
            for name, patience in whose.items():
                self._count(name, patience, now)

    def succeed(self, what: str, address: str) -> None:
        """The password was right: what was wrong before is forgotten."""
        with self._lock:
            for name in (f"at {network_of(address)}", f"for {what}"):
                self._tries.pop(name, None)

    def _count(self, name: str, patience: Patience, now: float) -> None:
        tries = self._tries.pop(name, None) or _Tries(0, 0)
        tries.wrong += 1
        excess = tries.wrong - patience.free
        if excess > 0:
            # Beyond 2**30 there is nothing to double any more.
            wait = patience.first_seconds * 2 ** min(excess - 1, 30)
            tries.blocked_until = now + min(wait, patience.most_seconds)
        self._tries[name] = tries
        if len(self._tries) > _REMEMBERED:
            self._tries.popitem(last=False)


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
