"""Squares cut out of a picture by an affine map: faces, turned upright."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.Image import Transpose

Affine: TypeAlias = NDArray[np.float64]
"""2 x 3: ``affine @ (x, y, 1)`` is the place in the picture that the square's (x, y) shows. Both in
pixels, and the center of the first pixel is (0.5, 0.5)."""

_MARGIN: Final = 2
"""Pixels around the square that bilinear sampling may touch."""


def cut_square(image: Image.Image, affine: Affine, size: int) -> Image.Image:
    """A square of ``size`` pixels; beyond the picture's edge its last pixel repeats.

    Where the picture is finer than the square, whole blocks of pixels are averaged first, so that
    no detail aliases; the rest is bilinear.
    """
    block = max(1, int(math.sqrt(abs(affine[0, 0] * affine[1, 1] - affine[0, 1] * affine[1, 0]))))
    corners = affine @ np.array([[0, size, 0, size], [0, 0, size, size], [1, 1, 1, 1]], dtype=float)
    low = np.floor(corners.min(axis=1)) - _MARGIN * block
    high = np.ceil(corners.max(axis=1)) + _MARGIN * block
    limit = np.array(image.size)
    start = np.clip(low, 0, limit - 1).astype(int)
    end = np.clip(high, start + 1, limit).astype(int)
    box = (int(start[0]), int(start[1]), int(end[0]), int(end[1]))
    part = image.reduce(block, box) if block > 1 else image.crop(box)
    if (low < 0).any() or (high > limit).any():
        part, start = _extended(part, start, low, high, block)
    inner = affine - np.column_stack([np.zeros((2, 2)), start])
    data = (inner / block).reshape(-1).tolist()
    return part.transform((size, size), Image.Transform.AFFINE, data, Image.Resampling.BILINEAR)


def _extended(
    part: Image.Image,
    start: NDArray[np.int_],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    block: int,
) -> tuple[Image.Image, NDArray[np.int_]]:
    """The part with its edge repeated as far as the square reaches, and where it begins then."""
    before = np.maximum(0, np.ceil((start - low) / block)).astype(int)
    after = np.maximum(0, np.ceil((high - start) / block - part.size)).astype(int)
    pixels = np.asarray(part)
    widths: Sequence[tuple[int, int]] = [(before[1], after[1]), (before[0], after[0])]
    widths = [*widths, *[(0, 0)] * (pixels.ndim - 2)]
    return Image.fromarray(np.pad(pixels, widths, mode="edge")), start - before * block


def to_stored(turn: Transpose | None, stored: tuple[int, int]) -> Affine:
    """From places in the upright picture to places in the stored one, which ``turn`` turns upright.

    Args:
        turn: what Pillow does to the stored picture; see ``Image.transpose``.
        stored: width and height of the stored picture.
    """
    width, height = stored
    same, back_x, back_y = (1, 0, 0), (-1, 0, width), (0, -1, height)
    rows = {
        None: (same, (0, 1, 0)),
        Transpose.FLIP_LEFT_RIGHT: (back_x, (0, 1, 0)),
        Transpose.FLIP_TOP_BOTTOM: (same, back_y),
        Transpose.ROTATE_180: (back_x, back_y),
        Transpose.ROTATE_90: ((0, -1, width), same),
        Transpose.ROTATE_270: ((0, 1, 0), (-1, 0, height)),
        Transpose.TRANSPOSE: ((0, 1, 0), same),
        Transpose.TRANSVERSE: ((0, -1, width), (-1, 0, height)),
    }[turn]
    return np.array(rows, dtype=np.float64)
