from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from kith.domain.face import Pose
from kith.engine.engine import Engine
from kith.engine.pixels import Pixels, PixelSource
from kith.engine.quality import QUALITY_CHIP, pose_of, quality_of

MakeSource = Callable[[Pixels], PixelSource]

HEAD = np.array([(-0.5, 0, 0), (0.5, 0, 0), (0, 0.56, 0.46), (-0.4, 1.04, 0.08), (0.4, 1.04, 0.08)])
STRAIGHT = Pose(0, 0, 0)
CHIP = np.random.default_rng(0).integers(0, 256, (QUALITY_CHIP,) * 2 + (3,)).astype(np.uint8)


def seen(yaw: float, pitch: float, roll: float, size: float) -> NDArray[np.floating]:
    """Where the landmarks of a turned head are seen from far away."""
    y, p, r = map(math.radians, (yaw, pitch, roll))
    turn = np.array([[math.cos(y), 0, math.sin(y)], [0, 1, 0], [-math.sin(y), 0, math.cos(y)]])
    nod = np.array([[1, 0, 0], [0, math.cos(p), -math.sin(p)], [0, math.sin(p), math.cos(p)]])
    lean = np.array([[math.cos(r), -math.sin(r)], [math.sin(r), math.cos(r)]])
    return (HEAD @ (turn @ nod).T)[:, :2] @ lean.T * size + 300


@given(
    yaw=st.floats(-60, 60),
    pitch=st.floats(-40, 40),
    roll=st.floats(-170, 170),
    size=st.floats(5, 500),
)
def test_the_pose_of_a_turned_head_is_recovered(
    yaw: float, pitch: float, roll: float, size: float
) -> None:
    """Landmarks projected from a turned head tell its yaw, pitch and roll again."""
    pose = pose_of(seen(yaw, pitch, roll, size))

    assert pose.yaw == pytest.approx(yaw, abs=0.5)
    assert pose.pitch == pytest.approx(pitch, abs=0.5)
    assert pose.roll == pytest.approx(roll, abs=0.5)


@given(roll=st.floats(-179, 179))
def test_the_roll_of_a_leaning_head_is_recovered(roll: float) -> None:
    """A head that leans clockwise has a positive roll, all the way around."""
    assert pose_of(seen(0, 0, roll, 50)).roll == pytest.approx(roll, abs=0.01)


@given(
    small=st.floats(1, 300),
    large=st.floats(1, 300),
    turned=st.floats(0, 90),
    sure=st.floats(70, 100),
)
def test_overall_quality_is_monotone(
    small: float, large: float, turned: float, sure: float
) -> None:
    """A larger, straighter or surer face is never worse."""
    small, large = sorted((small, large))
    worse = quality_of(CHIP, small, Pose(turned, turned, 0), 70).overall

    assert quality_of(CHIP, large, Pose(turned, turned, 0), 70).overall >= worse
    assert quality_of(CHIP, small, Pose(turned / 2, turned / 2, 0), 70).overall >= worse
    assert quality_of(CHIP, small, Pose(turned, turned, 0), sure).overall >= worse
    assert 0 <= worse <= 100


def test_an_even_chip_has_no_sharpness() -> None:
    """Without detail, sharpness and overall quality are 0 and brightness is the level's."""
    quality = quality_of(np.full_like(CHIP, 51), 100, STRAIGHT, 90)

    assert quality.sharpness == pytest.approx(0, abs=0.01)
    assert quality.overall == pytest.approx(0, abs=1)
    assert quality.brightness == pytest.approx(20)


@pytest.mark.weights
@pytest.mark.photos
def test_blur_lowers_sharpness_and_overall(
    engine: Engine, portrait: Pixels, source_of: MakeSource
) -> None:
    """The more a portrait is blurred, the lower its quality."""
    image = Image.fromarray(portrait)
    blurred = [image.filter(ImageFilter.GaussianBlur(radius)) for radius in (0, 6, 14)]

    found = [engine.detect(source_of(np.asarray(each)))[0].quality for each in blurred]

    assert found[0].sharpness > found[1].sharpness + 5 > found[2].sharpness + 10
    assert found[0].overall > found[1].overall > found[2].overall


@pytest.mark.weights
@pytest.mark.photos
def test_darkness_lowers_brightness(
    engine: Engine, portrait: Pixels, source_of: MakeSource
) -> None:
    """Half the light is half the brightness, and no better quality."""
    light = engine.detect(source_of(portrait))[0].quality
    dark = engine.detect(source_of((portrait // 2).astype(np.uint8)))[0].quality

    assert dark.brightness == pytest.approx(light.brightness / 2, abs=2)
    assert dark.overall < light.overall


@pytest.mark.weights
@pytest.mark.photos
def test_a_leaning_head_is_seen_to_roll(
    engine: Engine, portrait: Pixels, source_of: MakeSource
) -> None:
    """Turning the picture by 20 degrees counterclockwise turns the roll by as much."""
    leaning = Image.fromarray(portrait).rotate(20, fillcolor=(200, 200, 200))

    before = engine.detect(source_of(portrait))[0].pose
    after = engine.detect(source_of(np.asarray(leaning)))[0].pose

    assert after.roll == pytest.approx(before.roll - 20, abs=4)
    assert after.yaw == pytest.approx(before.yaw, abs=10)
