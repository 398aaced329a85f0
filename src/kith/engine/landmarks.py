"""Landmarks between the domain's points and arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kith.domain.face import Landmarks, Point


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
