"""Chips: upright, equally sized pictures of faces."""

from __future__ import annotations

from typing import Final

import numpy as np

from kith.engine.align import Points, fit_similarity
from kith.engine.pixels import Pixels, PixelSource

FACE_POINTS: Final = np.array([(0.31, 0.46), (0.69, 0.46), (0.5, 0.66), (0.35, 0.84), (0.65, 0.84)])
"""Where the five landmarks lie in a chip that no embedder prescribes, as ratios of its side."""

WORKING_SIDE: Final = 1280
"""Pixels. The longer side of the picture that serves most faces; smaller ones ask for more."""


def cut_chip_of(source: PixelSource, ratios: Points, reference: Points, size: int) -> Pixels:
    """A chip of one face: turned, scaled and moved so that its landmarks lie where they are wanted.

    Args:
        source: the picture.
        ratios: the landmarks as ratios of the picture's width and height (5 x 2).
        reference: where they go, in pixels of the chip.
        size: pixels of the chip's side.
    """
    original = np.array([source.width, source.height], dtype=np.float64)
    back = fit_similarity(ratios * original, reference).inverse()
    return source.cut(np.column_stack([back.matrix, back.shift]), size)
