"""Sixels: pictures as DEC's terminals take them, six lines of pixels to a row of characters.

Source: the VT330/VT340 Programmer Reference Manual, volume 2, chapter 14.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from kith.imaging.terminal.strip import strip

_COLORS: Final = 128
"""Colors of a picture. Every terminal with sixels has 256 registers; faces gain nothing from more,
and half as many are drawn in half the time."""

_BAND: Final = 6
_SHORTEST_RUN: Final = 4
"""Equal characters from which on a count is shorter than the characters."""

_START: Final = "\x1bP0;1q"
"""Begins a picture; pixels that are not drawn keep what was behind them."""

_END: Final = "\x1b\\"


def strip_sixels(crops: Sequence[bytes], side: int) -> str:
    """A strip of faces (see ``strip``) as the characters that draw it."""
    return sixels(strip(crops, side))


def sixels(image: Image.Image) -> str:
    """The characters that draw this picture where the cursor is."""
    reduced = image.convert("RGB").quantize(_COLORS)
    pixels = np.asarray(reduced)
    size = f'"1;1;{image.width};{image.height}'
    bands = (_band(pixels[top : top + _BAND]) for top in range(0, image.height, _BAND))
    return _START + size + "".join(_palette(reduced)) + "-".join(bands) + _END


def _palette(image: Image.Image) -> Iterator[str]:
    """The registers' colors; sixels count red, green and blue in percent."""
    levels = image.getpalette() or []
    for register in range(len(levels) // 3):
        red, green, blue = (round(level / 2.55) for level in levels[3 * register :][:3])
        yield f"#{register};2;{red};{green};{blue}"


def _band(pixels: NDArray[np.uint8]) -> str:
    """Six lines or fewer: one pass of the cursor for each color, ``$`` takes it back."""
    weights = (1 << np.arange(len(pixels)))[:, np.newaxis]
    registers = np.unique(pixels)
    passes = (
        f"#{register}" + "".join(_runs(np.sum(weights * (pixels == register), axis=0)))
        for register in registers.tolist()
    )
    return "$".join(passes)


def _runs(bits: NDArray[np.int64]) -> Iterator[str]:
    """A line of sixels, long runs of one character shortened to its count."""
    starts = np.flatnonzero(np.diff(bits, prepend=-1))
    lengths = np.diff(np.append(starts, len(bits)))
    for value, length in zip(bits[starts].tolist(), lengths.tolist(), strict=True):
        character = chr(63 + value)
        yield f"!{length}{character}" if length >= _SHORTEST_RUN else character * length
