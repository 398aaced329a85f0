"""Squares cut out of pictures."""

from __future__ import annotations

import io
import math

import numpy as np
import pytest
from PIL import Image
from PIL.Image import Transpose

from kith.imaging.cut import cut_square, to_stored
from kith.imaging.picture import Picture

MARKS = np.array([[40, 59], [88, 60], [64, 82], [45, 105], [84, 104]], dtype=np.float64)


def affine(matrix: np.ndarray, shift: np.ndarray) -> np.ndarray:
    """The map ``matrix @ place + shift``."""
    return np.column_stack([matrix, shift])


@pytest.mark.parametrize("scale", [0.2, 0.5, 1.0, 3.0])
@pytest.mark.parametrize("angle", [0, 40, 180])
def test_marks_land_where_they_are_wanted(scale: float, angle: int) -> None:
    """A mark painted in the picture is in the square where the map says, within a pixel."""
    turn = math.radians(angle)
    matrix = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]]) / scale
    shift = np.full(2, 500.0) - matrix @ (64, 64)
    radius = max(2.0, 3 / scale)
    columns, rows = np.meshgrid(np.arange(1000) + 0.5, np.arange(1000) + 0.5)

    for mark in MARKS:
        there = matrix @ mark + shift
        disc = np.hypot(columns - there[0], rows - there[1]) < radius
        picture = Image.fromarray(disc * np.uint8(255))
        square = np.asarray(cut_square(picture, affine(matrix, shift), 128)).astype(float)
        ys, xs = np.mgrid[0:128, 0:128] + 0.5
        center = np.array([(xs * square).sum(), (ys * square).sum()]) / square.sum()
        assert np.hypot(*(center - mark)) < 1


@pytest.mark.parametrize("shift", [-40.0, 0.0, 500.0])
@pytest.mark.parametrize("scale", [0.5, 1.0, 7.0])
def test_beyond_the_edge_the_last_pixel_repeats(shift: float, scale: float) -> None:
    """A square that reaches over the picture's edge, or lies beside it, is filled and no error."""
    picture = Image.new("RGB", (30, 20), (90, 90, 90))

    square = cut_square(picture, affine(np.eye(2) * scale, np.full(2, shift)), 64)

    assert square.size == (64, 64)
    assert (np.asarray(square) == 90).all()


@pytest.mark.parametrize("turn", [None, *Transpose])
def test_a_cut_ignores_how_the_picture_is_stored(turn: Transpose | None) -> None:
    """Cutting from the stored picture is cutting from the upright one."""
    rows, columns = np.mgrid[0:60, 0:90]
    stored = Image.fromarray(np.dstack([columns * 2, rows * 4, columns + rows]).astype(np.uint8))
    upright = stored if turn is None else stored.transpose(turn)
    map_ = affine(np.array([[0.8, -0.3], [0.3, 0.8]]), np.array([20.0, 10.0]))

    direct = cut_square(upright, map_, 32)
    through = cut_square(stored, to_stored(turn, stored.size) @ np.vstack([map_, (0, 0, 1)]), 32)

    assert np.abs(np.asarray(direct).astype(int) - np.asarray(through)).max() <= 2


def test_a_cut_agrees_with_the_pixels() -> None:
    """A cut without turning or scaling is that part of the picture."""
    noise = np.random.default_rng(0).integers(0, 256, (50, 70, 3), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(noise).save(file, "PNG")
    picture = Picture(file.getvalue())

    square = picture.cut(affine(np.eye(2), np.array([30.0, 12.0])), 24)

    assert (square == picture.pixels()[12:36, 30:54]).all()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_every_mode_can_be_cut(mode: str) -> None:
    """Whatever the pixels are stored as, a cut is RGB."""
    kind = "TIFF" if mode in {"CMYK", "I;16"} else "PNG"
    file = io.BytesIO()
    Image.new(mode, (40, 40)).save(file, kind)

    assert Picture(file.getvalue()).cut(affine(np.eye(2), np.zeros(2)), 16).shape == (16, 16, 3)
