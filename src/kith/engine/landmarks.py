"""Landmarks between the domain's points and arrays."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from kith.domain.face import Landmarks, Point

USUAL_POINTS: Final = np.array(
    [(0.31, 0.38), (0.69, 0.38), (0.5, 0.58), (0.35, 0.77), (0.65, 0.77)]
)
"""Where the landmarks lie in the box of a face that looks at the camera, as ratios of its sides."""


def points_of(landmarks: Landmarks) -> NDArray[np.float64]:
    """5 x 2 ratios, x before y, in the order in which ``Landmarks`` names them."""
    points = (
        landmarks.left_eye,
        landmarks.right_eye,
        landmarks.nose,
        landmarks.mouth_left,
        landmarks.mouth_right,
    )
    return np.array([(point.x, point.y) for point in points])


def landmarks_of(points: NDArray[np.floating]) -> Landmarks:
    """The inverse of ``points_of``."""
    return Landmarks(*(Point(float(x), float(y)) for x, y in points))
