"""Files of drawn pictures: PNG, with a chunk that says what is written where."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kith.domain.face import Box, Point
from kith.domain.text import Polygon, TextLine, TextWord

if TYPE_CHECKING:
    from numpy.typing import NDArray

_KIND: Final = b"kiTh"
"""Of the chunk: ancillary, private, and safe to copy (PNG, third edition, 5.4)."""

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_CONFIDENCE: Final = 99.9


@dataclass(frozen=True, slots=True)
class DrawnText:
    """A line to write.

    Attributes:
        text: words, with single spaces between them.
        box: where it is written.
    """

    text: str
    box: Box


def png_of(pixels: NDArray[np.uint8], text: Sequence[DrawnText]) -> bytes:
    """A PNG file of RGB pixels, and of text (W3C PNG, 3rd edition: IHDR, kiTh, IDAT, IEND)."""
    height, width = pixels.shape[:2]
    lines = np.zeros((height, 1 + 3 * width), np.uint8)  # each line begins with its filter: none
    lines[:, 1:] = pixels.reshape(height, -1)
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        *([(_KIND, _chunk_of(text))] if text else []),
        (b"IDAT", zlib.compress(lines.tobytes())),
        (b"IEND", b""),
    )
    return _SIGNATURE + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def read_lines(data: bytes) -> tuple[TextLine, ...]:
    """The lines of a file; none where it is no PNG, or has no such chunk."""
    held = next((held for kind, held in _chunks(data) if kind == _KIND), b"[]")
    rows: list[Any] = json.loads(held)
    return tuple(_line(text, Box(*sides)) for text, *sides in rows)


def _chunk_of(lines: Sequence[DrawnText]) -> bytes:
    """What the chunk of text holds."""
    rows = [[one.text, one.box.left, one.box.top, one.box.width, one.box.height] for one in lines]
    return json.dumps(rows).encode()


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    start = len(_SIGNATURE) if data.startswith(_SIGNATURE) else len(data)
    while start + 12 <= len(data):
        length = int.from_bytes(data[start : start + 4], "big")
        yield data[start + 4 : start + 8], data[start + 8 : start + 8 + length]
        start += 12 + length


def _line(text: str, box: Box) -> TextLine:
    """Every letter is as wide as every other."""
    words: list[TextWord] = []
    begin = 0
    for word in text.split(" "):
        left = box.left + box.width * begin / len(text)
        place = Box(left, box.top, box.width * len(word) / len(text), box.height)
        words.append(TextWord(word, _CONFIDENCE, _corners(place)))
        begin += len(word) + 1
    return TextLine(text, _CONFIDENCE, _corners(box), tuple(words))


def _corners(box: Box) -> Polygon:
    return (
        Point(box.left, box.top),
        Point(box.right, box.top),
        Point(box.right, box.bottom),
        Point(box.left, box.bottom),
    )
