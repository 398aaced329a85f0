from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith.engine.align import Similarity2D, fit_similarity
from kith.engine.chips import FACE_POINTS


@given(
    angle=st.floats(-math.pi, math.pi),
    scale=st.floats(0.01, 100),
    x=st.floats(-1000, 1000),
    y=st.floats(-1000, 1000),
)
def test_a_similarity_is_recovered_from_points(
    angle: float, scale: float, x: float, y: float
) -> None:
    """Whatever turned, scaled and moved the five points is found again from where they landed."""
    cos, sin = scale * math.cos(angle), scale * math.sin(angle)
    made = Similarity2D(np.array([[cos, -sin], [sin, cos]]), np.array([x, y]))

    found = fit_similarity(FACE_POINTS, made.apply(FACE_POINTS))

    assert np.allclose(found.matrix, made.matrix, atol=1e-6 * max(1, scale))
    assert found.scale == pytest.approx(scale)
    assert np.allclose(found.inverse().apply(made.apply(FACE_POINTS)), FACE_POINTS, atol=1e-4)


def test_points_that_coincide_are_only_moved() -> None:
    """A degenerate face has no scale, and is no error."""
    points = np.full((5, 2), 7.0)

    found = fit_similarity(points, FACE_POINTS)

    assert found.scale == 1
    assert np.allclose(found.apply(points), FACE_POINTS.mean(axis=0))
