"""NanoDet-m, the detector of objects that Kith does not use, for comparison.

Source: RangiLyu, "NanoDet-Plus", https://github.com/RangiLyu/nanodet; X. Li et al., "Generalized
Focal Loss", arXiv:2006.04388, for boxes as distributions of distances.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kith.engine.pixels import Pixels
from kith.engine.runtime import Feed, Network

SIDE = 416
_MEAN = (103.53, 116.28, 123.675)
_DEVIATION = (57.375, 57.12, 58.395)
_HEADS = ((8, "792", "795"), (16, "814", "817"), (32, "836", "839"))
"""Stride, scores, distances."""


class NanoDet:
    """The model over its file; finds which kinds a picture shows."""

    def __init__(self, file: Path) -> None:
        scale = tuple(1 / value for value in _DEVIATION)
        feed = Feed("BGR", _MEAN, (scale[0], scale[1], scale[2]))
        self._network = Network(lambda: file, feed, workers=1)

    def best(self, pixels: Pixels) -> NDArray[np.float32]:
        """The highest raw score of each kind in a picture of at most 416 pixels."""
        height, width, _ = pixels.shape
        canvas = np.zeros((SIDE, SIDE, 3), dtype=np.uint8)
        canvas[:height, :width] = pixels
        outputs = self._network.run(canvas)
        return np.max([outputs[scores][0].max(axis=0) for _, scores, _ in _HEADS], axis=0)
