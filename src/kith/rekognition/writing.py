"""The members of an answer → a document for JSON, as the model says they are written.

Floats are those of 32 bits, widened: what the real service sends, and what clients compare with.
Times are seconds since 1970 as a number, for some SDKs die of a text. What does not conform to the
model is an error of ours, and raised as such: a client must never see a member that its SDK does
not know, or one of another type.
"""

from __future__ import annotations

import base64
import math
import struct
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, cast

from kith.rekognition.interface import Members
from kith.rekognition.model import (
    Blob,
    Flag,
    ListOf,
    MapOf,
    Moment,
    Real,
    Shape,
    Structure,
    Text,
    Whole,
)

_FLOAT = struct.Struct("<f")

Write = Callable[[Any], Any]
"""A value of an answer → what stands for it in the document.

Raises:
    TypeError: the value, or one in it, is not what the model says; the message says where.
    OverflowError: a number does not fit into 32 bits.
"""


def writer_of(shape: Shape) -> Write:
    """How values of a shape are written; made once, for an answer may have 4,096 faces."""
    match shape:
        case Structure():
            return _structure_writer(shape)
        case ListOf(item):
            return _list_writer(writer_of(item))
        case MapOf(_, of):
            return _map_writer(writer_of(of))
        case _:
            return _PLAIN[type(shape)]


def narrowed(number: float) -> float:
    """The nearest float of 32 bits, widened again: 99.9 becomes 99.9000015258789."""
    return _FLOAT.unpack(_FLOAT.pack(number))[0]


def _structure_writer(shape: Structure) -> Write:
    writers = {name: writer_of(member) for name, member in shape.members.items()}

    def write(value: Any) -> dict[str, Any]:
        if not isinstance(value, dict | Mapping):
            raise _mistyped(value, shape.name)
        members = cast(Members, value)
        written: dict[str, Any] = {}
        for name, one in members.items():
            if name not in writers:
                raise TypeError(f"{shape.name} has no member {name}")
            try:
                written[name] = writers[name](one)
            except (TypeError, ValueError, OverflowError) as error:
                error.add_note(f"in {name} of {shape.name}")
                raise
        return written

    return write


def _list_writer(write_item: Write) -> Write:
    def write(value: Any) -> list[Any]:
        if isinstance(value, str | bytes) or not isinstance(value, Sequence):
            raise _mistyped(value, "list")
        items = cast(Sequence[Any], value)
        return [write_item(item) for item in items]

    return write


def _map_writer(write_entry: Write) -> Write:
    def write(value: Any) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise _mistyped(value, "map")
        entries = cast(Members, value)
        return {_text(key): write_entry(entry) for key, entry in entries.items()}

    return write


def _real(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _mistyped(value, "number")
    if not math.isfinite(value):
        raise ValueError(f"{value} is no number of JSON's")
    return narrowed(value)


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _mistyped(value, "whole number")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise _mistyped(value, "text")
    return str(value)  # of an enumeration, its text


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _mistyped(value, "flag")
    return value


def _moment(value: Any) -> float:
    seconds = value.timestamp() if isinstance(value, datetime) else value
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise _mistyped(value, "time")
    return round(seconds, 3)


def _blob(value: Any) -> str:
    if not isinstance(value, bytes):
        raise _mistyped(value, "blob")
    return base64.b64encode(value).decode("ascii")


def _mistyped(value: object, wanted: str) -> TypeError:
    return TypeError(f"a {type(value).__name__} is no {wanted}")


_PLAIN: Final[Mapping[type[Shape], Write]] = {
    Text: _text,
    Whole: _whole,
    Real: _real,
    Flag: _flag,
    Moment: _moment,
    Blob: _blob,
}
