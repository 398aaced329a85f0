"""Finding objects with YOLOX.

Source: Z. Ge et al., "YOLOX: Exceeding YOLO Series in 2021", arXiv:2107.08430; the decoding of its
anchor-free heads follows section 2.1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kith.domain.face import Box
from kith.engine.labels.pack import ObjectModel
from kith.engine.pixels import PixelSource
from kith.engine.runtime import Feed, Network

_STRIDES: Final = (8, 16, 32)

_GRAY: Final = 114
"""What fills the square beside a picture; the model was trained so."""

_LEAST: Final = 0.2
"""Raw score below which a box is nothing; 23 % sure."""

_SAME: Final = 0.45
"""Overlap from which two boxes of one kind are one object; the usual value for this model."""

_SAME_PLACE: Final = 0.8
"""Overlap from which two boxes of different kinds are one object: the surer kind stays."""

_MOST: Final = 100
"""Objects that are returned of one picture."""

_Floats = NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class SeenObject:
    """An object in a picture.

    Attributes:
        kind: one of ``ObjectModel.kinds``.
        chance: that it is one, from 0 to 1.
        box: where it is.
    """

    kind: str
    chance: float
    box: Box


class ObjectFinder:
    """Finds the objects of pictures; several threads may ask at once.

    Args:
        model: the model, and how its scores are read.
        file: tells the model file; called when it is first needed.
        workers: how many threads ask at once.
    """

    def __init__(self, model: ObjectModel, file: Callable[[], Path], *, workers: int) -> None:
        self._model = model
        self._network = Network(file, Feed("BGR"), workers=workers)

    def find(self, source: PixelSource) -> tuple[SeenObject, ...]:
        """The objects of a picture, surest first, at most 100."""
        side = self._model.side
        pixels = source.pixels(side)
        height, width, _ = pixels.shape
        canvas = np.full((side, side, 3), _GRAY, dtype=np.uint8)
        canvas[:height, :width] = pixels
        (answer,) = self._network.run(canvas).values()
        boxes, scores = _decoded(answer[0], side)
        kinds = scores.argmax(axis=1)
        best = scores[np.arange(len(scores)), kinds]
        order = [index for index in np.argsort(-best, kind="stable") if best[index] >= _LEAST]
        kept = _distinct(boxes, kinds, order)
        size = np.array([width, height, width, height], dtype=np.float32)
        return tuple(
            SeenObject(
                self._model.kinds[int(kinds[index])],
                self._chance(float(best[index])),
                _box(np.clip(boxes[index] / size, 0, 1)),
            )
            for index in kept
        )

    def _chance(self, score: float) -> float:
        model = self._model
        return float(1 / (1 + np.exp(-model.slope * (score - model.middle))))


def _decoded(rows: _Floats, side: int) -> tuple[_Floats, _Floats]:
    """Corners of boxes in pixels of the square (count x 4), and scores (count x kinds)."""
    counts = [side // stride for stride in _STRIDES]
    cells = [np.indices((count, count))[::-1].reshape(2, -1).T for count in counts]
    strides = np.repeat(_STRIDES, [count * count for count in counts]).astype(np.float32)
    corners = np.concatenate(cells).astype(np.float32)
    middles = (rows[:, :2] + corners) * strides[:, np.newaxis]
    halves = np.exp(rows[:, 2:4]) * strides[:, np.newaxis] / 2
    return np.concatenate([middles - halves, middles + halves], axis=1), rows[:, 4:5] * rows[:, 5:]


def _distinct(boxes: _Floats, kinds: NDArray[np.intp], order: list[np.intp]) -> list[np.intp]:
    """The boxes that show something that no surer one shows already."""
    kept: list[np.intp] = []
    for index in order:
        if not kept:
            kept.append(index)
            continue
        most = np.where(kinds[kept] == kinds[index], _SAME, _SAME_PLACE)
        if np.all(_overlaps(boxes[index], boxes[kept]) < most):
            kept.append(index)
        if len(kept) == _MOST:
            break
    return kept


def _overlaps(box: _Floats, others: _Floats) -> _Floats:
    """Intersection over union of one box with each of others."""
    common = np.minimum(box[2:], others[:, 2:]) - np.maximum(box[:2], others[:, :2])
    shared = np.prod(np.maximum(common, 0), axis=1)
    return shared / (
        np.prod(box[2:] - box[:2]) + np.prod(others[:, 2:] - others[:, :2], axis=1) - shared
    )


def _box(corners: _Floats) -> Box:
    left, top, right, bottom = corners.tolist()
    return Box(left, top, right - left, bottom - top)
