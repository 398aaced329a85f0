"""Cursors: where a list goes on, as text that a client hands back unread."""

from __future__ import annotations

import binascii
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from types import UnionType
from typing import Any, cast

from kith.domain.errors import UsageError
from kith.ports.queries import Position

_LONGEST = 10_000
"""Characters; a cursor may hold a path."""


def to_cursor(*parts: str | float | None) -> str:
    """The cursor that holds these parts."""
    text = json.dumps(parts, separators=(",", ":"))
    return urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def from_cursor(cursor: str, *kinds: type[Any] | UnionType) -> list[Any]:
    """The parts of a cursor.

    Args:
        cursor: as ``to_cursor`` made it.
        kinds: what each part must be: ``str``, ``int``, ``float``, or a union with ``None``.

    Raises:
        UsageError: it is no cursor, or that of another list.
    """
    try:
        if len(cursor) > _LONGEST:
            raise ValueError  # noqa: TRY301 - told the same way as what the decoders raise
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        parts: object = json.loads(urlsafe_b64decode(padded))
    except (ValueError, RecursionError, binascii.Error):
        parts = None
    listed = cast("list[Any]", parts) if isinstance(parts, list) else []
    fitting = len(listed) == len(kinds) and all(map(isinstance, listed, kinds))
    if not fitting or any(isinstance(part, bool) for part in listed):
        raise UsageError(
            f"{cursor[:80]!r} is no cursor of this list",
            "Hand over what `next_cursor` said, or nothing to begin anew.",
        )
    return listed


def position_cursor(position: Position | None) -> str | None:
    """The cursor of a place in the order of photos."""
    if position is None:
        return None
    return to_cursor(position.second and position.second.isoformat(), position.arrival)


def position_of(cursor: str | None) -> Position | None:
    """The place in the order of photos that a cursor stands for.

    Raises:
        UsageError: it is no such cursor.
    """
    if cursor is None:
        return None
    second, arrival = from_cursor(cursor, str | None, int)
    try:
        at = None if second is None else datetime.fromisoformat(second)
    except ValueError:
        at = None
    if (at is None) != (second is None) or not 0 <= arrival < 1 << 63 or (at and at.tzinfo):
        raise UsageError(f"{cursor[:80]!r} is no cursor of photos", "Begin anew without one.")
    return Position(at and at.replace(microsecond=0), arrival)
