"""How a HEIC is turned: its decoder turns the picture and does not tell.

Source: ISO/IEC 14496-12, 4.2 (boxes) and ISO/IEC 23008-12, 6.5.10 (``irot``). The EXIF orientation
of such a file only repeats what ``irot`` says, and does not count where there is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

_PATH: Final = (b"meta", b"iprp", b"ipco")
"""Where the properties of a file's pictures are."""

_AFTER_SIZE_AND_TYPE: Final[Mapping[bytes, int]] = {b"meta": 4}
"""Bytes before the boxes inside a box; none unless said here."""

_ORIENTATIONS: Final = {0: 1, 1: 8, 2: 3, 3: 6}
"""Quarter turns to the left that make the picture upright -> the same as EXIF counts."""


def heif_orientation(data: bytes) -> int:
    """The EXIF orientation that stands for what the decoder does; 1 if that is nothing.

    Also 1 for a mirrored picture, which no camera writes: its upright form counts as stored then.
    """
    start, end = 0, len(data)
    for wanted in _PATH:
        inside = next((box for box in _boxes(data, start, end) if box[0] == wanted), None)
        if inside is None:
            return 1
        _, start, end = inside
        start += _AFTER_SIZE_AND_TYPE.get(wanted, 0)
    properties = {kind: data[at] for kind, at, stop in _boxes(data, start, end) if at < stop}
    if b"imir" in properties:
        return 1
    return _ORIENTATIONS[properties.get(b"irot", 0) & 3]


def _boxes(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """The type of each box, and where its contents begin and end."""
    while start + 8 <= end:
        size, head = int.from_bytes(data[start : start + 4], "big"), 8
        if size == 1:
            size, head = int.from_bytes(data[start + 8 : start + 16], "big"), 16
        elif size == 0:
            size = end - start
        if size < head:
            return
        yield data[start + 4 : start + 8], start + head, min(start + size, end)
        start += size
