"""Whether a PNG holds the pixels that its header claims."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import Final

_CHANNELS: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""Color type -> samples a pixel."""

_PASSES: Final = (
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
)
"""Of Adam7: first column, first row, and the steps to the next."""

_STEP: Final = 1 << 20


def png_lacks_lines(data: bytes) -> bool:
    """Whether the compressed stream ends before the last line.

    Pillow leaves such lines black without a word. Counting takes as long as decoding, so this is
    for pictures whose last line is black. Source: PNG (third edition), sections 7 to 10.

    Raises:
        zlib.error, struct.error, KeyError: the file is damaged.
    """
    expected = _bytes_of(data[16:29])
    stream = zlib.decompressobj()
    for part in _compressed(data):
        pending = part
        while expected > 0 and (lines := stream.decompress(pending, _STEP)):
            expected -= len(lines)
            pending = stream.unconsumed_tail
    return expected > 0


def _bytes_of(header: bytes) -> int:
    """Bytes of all lines with their filter bytes, before compression, from the IHDR chunk."""
    width, height, depth, color, _, _, interlaced = struct.unpack(">IIBBBBB", header)
    bits = depth * _CHANNELS[color]
    passes = _PASSES if interlaced else ((0, 0, 1, 1),)
    total = 0
    for left, top, across, down in passes:
        columns, lines = -(-(width - left) // across), -(-(height - top) // down)
        if columns > 0 and lines > 0:
            total += lines * (1 + -(-columns * bits // 8))
    return total


def _compressed(data: bytes) -> Iterator[bytes]:
    start = 8
    while start + 8 <= len(data):
        length = int.from_bytes(data[start : start + 4], "big")
        if data[start + 4 : start + 8] == b"IDAT":
            yield data[start + 8 : start + 8 + length]
        start += 12 + length
