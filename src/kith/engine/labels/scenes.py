"""What a whole picture is of, with MobileNetV2.

Source: M. Sandler et al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks",
arXiv:1801.04381.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kith.engine.labels.pack import PictureModel
from kith.engine.pixels import PixelSource
from kith.engine.runtime import Feed, Network

Chances = NDArray[np.float64]
"""Of each kind of ImageNet, from 0 to 1."""

_STEP: Final = 1 / 256
"""Of the model's answers, which are bytes."""


class SceneReader:
    """Says what pictures are of; several threads may ask at once.

    Args:
        model: the model.
        file: tells the model file; called when it is first needed.
        workers: how many threads ask at once.
    """

    def __init__(self, model: PictureModel, file: Callable[[], Path], *, workers: int) -> None:
        self._side = model.side
        self._network = Network(file, Feed("RGB", layout="NHWC"), workers=workers)

    def read(self, source: PixelSource) -> Chances:
        """The chance of each of the 1,000 kinds; they add up to at most 1.

        The mean of two looks: at the whole picture, squeezed into a square, and at its middle.
        """
        looks = [self._look(source, *view) for view in _views(source.width, source.height)]
        return np.mean(looks, axis=0)

    def _look(
        self, source: PixelSource, corner: tuple[float, float], size: tuple[float, float]
    ) -> Chances:
        (left, top), (width, height) = corner, size
        affine = np.array([[width / self._side, 0, left], [0, height / self._side, top]])
        (answer,) = self._network.run(source.cut(affine, self._side)).values()
        # The first kind is the background, which no picture is of.
        return answer[0, 1:].astype(np.float64) * _STEP


def _views(width: int, height: int) -> tuple[tuple[tuple[float, float], tuple[float, float]], ...]:
    """Corner and size of what is looked at, in pixels of the original."""
    side = float(min(width, height))
    middle = (width - side) / 2, (height - side) / 2
    return ((0.0, 0.0), (float(width), float(height))), (middle, (side, side))
