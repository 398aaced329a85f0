"""Requests that a client repeats because it did not hear the answer: they are worked on once."""

from __future__ import annotations

import hashlib
from typing import Final

from kith.domain.errors import LibraryBusyError, UsageError
from kith.pipeline.access.kit import Access
from kith.ports.access import Claim, Replies, Reply

KEPT_SECONDS: Final = 24 * 3600
"""How long a key stands for its request."""

_GIVEN_UP_SECONDS: Final = 600
"""Whoever took longer has died."""

_SWEEPING: Final = "0"
"""What a digest begins with at which old answers are forgotten: at one in sixteen, for forgetting
is one more write."""


class RepeatedKeyError(UsageError):
    """The key was used for another request."""


def digest_of(*parts: bytes) -> str:
    """A digest that differs wherever any part does."""
    lengths = b",".join(str(len(part)).encode() for part in parts)
    return hashlib.sha256(lengths + b"\0" + b"".join(parts)).hexdigest()


def earlier_reply(replies: Replies, access: Access, key: str, request: str) -> Reply | None:
    """What was answered to a request; nothing where it is new, and then its key is taken.

    Args:
        replies: where answers are kept.
        access: whose clock counts.
        key: a digest of the client's key, and of who the client is.
        request: a digest of what is asked for.

    Raises:
        RepeatedKeyError: the key was used for another request.
        LibraryBusyError: the same request is worked on at this moment.
    """
    now = access.clock()
    if key.startswith(_SWEEPING):
        replies.sweep(now - KEPT_SECONDS)
    earlier = replies.claim(Claim(key, request, now), stale_before=now - _GIVEN_UP_SECONDS)
    if earlier is None:
        return None
    if earlier.request != request:
        raise RepeatedKeyError(
            "This Idempotency-Key was used for another request", "Make a new key."
        )
    if earlier.reply is None:
        raise LibraryBusyError("The same request is worked on already", "Ask again in a moment.")
    return earlier.reply
