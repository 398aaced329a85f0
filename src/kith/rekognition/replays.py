"""Signatures that were seen, so that a request caught on its way cannot be sent again later.

A signature alone does not make a request unique. boto3 signs the time by the second, and no id: two
threads that ask the same within one second sign the same, and so does a quick retry. These are
honest, and come close together. So a signature may be repeated for a short while after it was first
seen, and is refused then until it has expired by its own date. Whoever repeats a request that fast
gets an answer that he has seen on its way, or does again what may be done twice: the service's
operations are safe to repeat, because clients retry them.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Final

from kith.rekognition.errors import Kind, RekognitionError
from kith.rekognition.sigv4 import MAX_SKEW, Signature

GRACE: Final = timedelta(seconds=15)
"""How long a signature may be repeated: two of a clock's seconds, and a slow, retrying proxy."""

_REMEMBERED: Final = 100_000
"""Signatures kept, 20 MB; at more than 160 requests a second the oldest are forgotten early."""


class Replays:
    """The signatures of the last minutes; may be used by several threads.

    Args:
        remembered: signatures that are kept at most.
    """

    def __init__(self, remembered: int = _REMEMBERED) -> None:
        self._first_seen: OrderedDict[bytes, tuple[datetime, datetime]] = OrderedDict()
        self._remembered = remembered
        self._lock = threading.Lock()

    def check(self, signature: Signature, now: datetime) -> None:
        """See that a signature, which holds, is not one of long ago.

        Raises:
            RekognitionError: it was first seen more than ``GRACE`` ago.
        """
        digest = bytes.fromhex(signature.digest)
        with self._lock:
            self._forget(now)
            seen, _ = self._first_seen.setdefault(digest, (now, signature.moment + MAX_SKEW))
        if now - seen > GRACE:
            raise RekognitionError(
                Kind.INVALID_SIGNATURE, "The request was received before; sign each one anew"
            )

    def _forget(self, now: datetime) -> None:
        """Drop what has expired or is too much; the oldest stand first, or nearly."""
        while self._first_seen:
            digest, (_, expires) = next(iter(self._first_seen.items()))
            if expires >= now and len(self._first_seen) < self._remembered:
                return
            del self._first_seen[digest]
