"""Possible faces as arrays, before they become faces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Possible faces in pixels of the picture they were seen in.

    Attributes:
        boxes: count x 4: left, top, right, bottom.
        points: count x 5 x 2: left eye, right eye, nose, left and right mouth corner; x before y.
        confidence: count; 0 to 1.
    """

    boxes: Floats
    points: Floats
    confidence: Floats

    @classmethod
    def none(cls) -> Candidates:
        """No face."""
        zero = np.zeros(0, dtype=np.float32)
        return cls(zero.reshape(0, 4), zero.reshape(0, 5, 2), zero)

    @classmethod
    def joined(cls, parts: Sequence[Candidates]) -> Candidates:
        """The candidates of all parts, which must be in pixels of one picture."""
        if not parts:
            return cls.none()
        return cls(
            np.concatenate([part.boxes for part in parts]),
            np.concatenate([part.points for part in parts]),
            np.concatenate([part.confidence for part in parts]),
        )

    def __len__(self) -> int:
        return len(self.confidence)

    @property
    def sides(self) -> Floats:
        """The longer side of each box, pixels."""
        return np.max(self.boxes[:, 2:] - self.boxes[:, :2], axis=1, initial=0.0)

    def take(self, chosen: NDArray[np.bool_] | NDArray[np.intp]) -> Candidates:
        """Those that a mask or indexes choose."""
        return Candidates(self.boxes[chosen], self.points[chosen], self.confidence[chosen])

    def moved(self, factor: float, left: float = 0.0, top: float = 0.0) -> Candidates:
        """The same in another picture's pixels: multiplied, then moved right and down."""
        shift = np.array([left, top], dtype=np.float32)
        return Candidates(
            self.boxes * factor + np.concatenate([shift, shift]),
            self.points * factor + shift,
            self.confidence,
        )

    def with_points(self, points: Sequence[NDArray[np.floating]]) -> Candidates:
        """The same faces with other landmarks."""
        array = np.array(points, dtype=np.float32).reshape(-1, 5, 2)
        return Candidates(self.boxes, array, self.confidence)

    def overlaps(self, box: Floats) -> Floats:
        """Intersection over union of each candidate with a box."""
        return _overlaps(box, self.boxes)

    def distinct(self, max_overlap: float = 0.3) -> Candidates:
        """The surest ones, surest first; others that overlap a surer one by more are dropped.

        Args:
            max_overlap: intersection over union, 0 to 1.
        """
        order = np.argsort(-self.confidence, kind="stable")
        kept: list[int] = []
        while order.size:
            best, rest = order[0], order[1:]
            kept.append(int(best))
            order = rest[_overlaps(self.boxes[best], self.boxes[rest]) <= max_overlap]
        return self.take(np.array(kept, dtype=np.intp))


def _overlaps(box: Floats, boxes: Floats) -> Floats:
    """Intersection over union of one box with each of several."""
    low = np.maximum(box[:2], boxes[:, :2])
    high = np.minimum(box[2:], boxes[:, 2:])
    common = np.prod(np.clip(high - low, 0, None), axis=1)
    areas = np.prod(boxes[:, 2:] - boxes[:, :2], axis=1)
    return common / np.maximum(np.prod(box[2:] - box[:2]) + areas - common, 1e-9)
