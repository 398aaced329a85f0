"""Pictures as colored characters, for terminals that show no others.

A character with two colors stands for 2 x 2 pixels: which of them are in the one color and which in
the other is what its shape says. Of all shapes, the one that changes the pixels least is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from kith.imaging.terminal.strip import strip

_SHAPES: Final = " ▘▝▀▖▌▞▛"
"""The character whose ink covers the pixels of each number: 1 is the upper left one, 2 the upper
right one, 4 the lower left one. The lower right one is never inked, because the other eight shapes
are these with the colors changed about."""

_RESET: Final = "\x1b[0m"


def strip_blocks(crops: Sequence[bytes], rows: int) -> list[str]:
    """A strip of faces (see ``strip``) as lines of text, two columns wide for a row of height."""
    # A character is about twice as high as wide, and so are its quarters.
    image = strip(crops, 4 * rows)
    return blocks(image.resize((image.width, 2 * rows), Image.Resampling.BOX))


def blocks(image: Image.Image) -> list[str]:
    """The lines of text that look like this picture, one for two lines of its pixels."""
    width, height = image.width - image.width % 2, image.height - image.height % 2
    pixels = np.asarray(image.convert("RGB"), np.float64)[:height, :width]
    cells = pixels.reshape(height // 2, 2, width // 2, 2, 3).transpose(0, 2, 1, 3, 4)
    shapes, ink, paper = _fit(cells.reshape(height // 2, width // 2, 4, 3))
    return [
        "".join(_line(*row)) + _RESET
        for row in zip(shapes.tolist(), ink.tolist(), paper.tolist(), strict=True)
    ]


_Colors = NDArray[np.int64]


def _fit(cells: NDArray[np.float64]) -> tuple[NDArray[np.int64], _Colors, _Colors]:
    """The best shape of every cell, and its two colors.

    Args:
        cells: rows x columns x 4 pixels x 3 levels.
    """
    inked = np.array([[shape >> pixel & 1 for pixel in range(4)] for shape in range(8)], bool)
    inks = np.stack([_mean(cells, chosen) for chosen in inked])
    papers = np.stack([_mean(cells, ~chosen) for chosen in inked])
    drawn = np.where(
        inked[:, np.newaxis, np.newaxis, :, np.newaxis],
        inks[:, :, :, np.newaxis],
        papers[:, :, :, np.newaxis],
    )
    best = np.argmin(np.sum((drawn - cells) ** 2, axis=(3, 4)), axis=0)
    return best, _of_best(inks, best), _of_best(papers, best)


def _of_best(colors: NDArray[np.float64], best: NDArray[np.int64]) -> _Colors:
    """Of the colors for every shape, those for the chosen one."""
    chosen = np.take_along_axis(colors, best[np.newaxis, :, :, np.newaxis], axis=0)
    return chosen[0].round().astype(np.int64)


def _mean(cells: NDArray[np.float64], chosen: NDArray[np.bool_]) -> NDArray[np.float64]:
    if not chosen.any():
        return np.zeros_like(cells[:, :, 0])
    return cells[:, :, chosen].mean(axis=2)


def _line(
    shapes: Sequence[int], ink: Sequence[Sequence[int]], paper: Sequence[Sequence[int]]
) -> Iterator[str]:
    """The characters of a row; colors are said where they change."""
    styled = (
        (_style(one, other), _SHAPES[shape])
        for shape, one, other in zip(shapes, ink, paper, strict=True)
    )
    for style, run in groupby(styled, key=lambda each: each[0]):
        yield style + "".join(character for _, character in run)


def _style(ink: Sequence[int], paper: Sequence[int]) -> str:
    over, under = (";".join(map(str, color)) for color in (ink, paper))
    return f"\x1b[38;2;{over};48;2;{under}m"
