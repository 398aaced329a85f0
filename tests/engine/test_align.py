from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith.engine.align import Similarity2D, cut_chip, fit_similarity
from kith.engine.chips import FACE_POINTS
from kith.engine.pack import load_pack


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


@pytest.mark.parametrize("scale", [0.2, 0.5, 1.0, 3.0])
@pytest.mark.parametrize("angle", [0, 40, 180])
def test_landmarks_land_on_the_reference_points(scale: float, angle: int) -> None:
    """A mark painted at a landmark is in the chip where the reference says, within a pixel."""
    reference = np.array(load_pack("open").embedder.points) * 128
    turn = math.radians(angle)
    matrix = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]]) / scale
    landmarks = (reference - 64) @ matrix.T + 500
    radius = max(2.0, 3 / scale)
    columns, rows = np.meshgrid(np.arange(1000) + 0.5, np.arange(1000) + 0.5)

    for landmark, wanted in zip(landmarks, reference, strict=True):
        disc = np.hypot(columns - landmark[0], rows - landmark[1]) < radius
        picture = np.repeat((disc * np.uint8(255))[..., np.newaxis], 3, axis=2)
        chip = cut_chip(picture, fit_similarity(landmarks, reference), 128)[..., 0].astype(float)
        ys, xs = np.mgrid[0:128, 0:128] + 0.5
        center = np.array([(xs * chip).sum(), (ys * chip).sum()]) / chip.sum()
        assert np.hypot(*(center - wanted)) < 1


def test_beyond_the_edge_the_last_pixel_repeats() -> None:
    """A chip that reaches over the picture's edge, or lies beside it, is filled and no error."""
    picture = np.full((20, 30, 3), 90, dtype=np.uint8)

    for shift in (-40.0, 0.0, 500.0):
        chip = cut_chip(picture, Similarity2D(np.eye(2), np.array([shift, shift])), 64)
        assert chip.shape == (64, 64, 3)
        assert (chip == 90).all()
