"""Turning, scaling and moving a face so that its landmarks lie where they are wanted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
"""Count x 2, x before y, in pixels; the center of the first pixel is (0.5, 0.5)."""


@dataclass(frozen=True, slots=True)
class Similarity2D:
    """A rotation, one scale and a shift: ``target = matrix @ source + shift``."""

    matrix: NDArray[np.float64]
    shift: NDArray[np.float64]

    @property
    def scale(self) -> float:
        """Target pixels per source pixel."""
        return float(np.hypot(self.matrix[0, 0], self.matrix[1, 0]))

    def apply(self, points: Points) -> Points:
        """Where source points land."""
        return points @ self.matrix.T + self.shift

    def inverse(self) -> Similarity2D:
        """From the target back to the source."""
        back = np.asarray(np.linalg.inv(self.matrix), dtype=np.float64)
        return Similarity2D(back, -back @ self.shift)


def fit_similarity(source: Points, target: Points) -> Similarity2D:
    """The rotation, scale and shift that bring points nearest to others, by least squares.

    In the plane this is linear. Points that all coincide are only shifted.

    Source: S. Umeyama, "Least-squares estimation of transformation parameters between two point
    patterns", 1991, without reflection.
    """
    center_s, center_t = source.mean(axis=0), target.mean(axis=0)
    s, t = source - center_s, target - center_t
    spread = float(np.sum(s * s))
    if spread == 0:
        return Similarity2D(np.eye(2), center_t - center_s)
    along = float(np.sum(s * t)) / spread
    across = float(np.sum(s[:, 0] * t[:, 1] - s[:, 1] * t[:, 0])) / spread
    matrix = np.array([[along, -across], [across, along]])
    return Similarity2D(matrix, center_t - matrix @ center_s)
