"""Faces in boxes that a hand drew."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from kith.domain.face import Box
from kith.engine.engine import Engine
from kith.engine.landmarks import USUAL_POINTS, points_of
from kith.engine.pixels import Pixels, PixelSource

MakeSource = Callable[[Pixels], PixelSource]

pytestmark = [pytest.mark.weights, pytest.mark.photos]


@pytest.mark.parametrize(
    "shift", [(0, 0, 0, 0), (-0.03, -0.05, 0.06, 0.08), (0.02, 0.02, -0.04, 0)]
)
def test_a_face_in_a_drawn_box_is_the_one_that_is_there(
    engine: Engine, portrait: Pixels, source_of: MakeSource, shift: tuple[float, ...]
) -> None:
    """However the hand drew, the landmarks are the face's own, and the box is the hand's."""
    source = source_of(portrait)
    (found,) = engine.detect(source)
    sides = (found.box.left, found.box.top, found.box.width, found.box.height)
    drawn = Box(*(side + by for side, by in zip(sides, shift, strict=True)))
    face = engine.face_in(source, drawn)
    assert face.box == drawn
    apart = np.abs(points_of(face.landmarks) - points_of(found.landmarks)).max()
    assert apart < 0.06 * max(found.box.width, found.box.height)
    ours, theirs = engine.embed([(source, face), (source, found)])
    assert engine.percent(np.array([ours @ theirs]))[0] > 99


def test_a_face_that_no_look_finds_is_recognized_where_it_is_drawn(
    engine: Engine, portrait: Pixels, source_of: MakeSource
) -> None:
    """Small and blurred, a face is not detected; drawn, it is still more like its owner."""
    canvas = Image.new("RGB", (3000, 2000), (120, 130, 110))
    small = Image.fromarray(portrait).resize((64, 64), Image.Resampling.LANCZOS)
    canvas.paste(small, (2000, 1200))
    source = source_of(np.asarray(canvas))
    (found,) = engine.detect(source_of(portrait))
    box = Box(
        (2000 + 64 * found.box.left) / 3000,
        (1200 + 64 * found.box.top) / 2000,
        64 * found.box.width / 3000,
        64 * found.box.height / 2000,
    )
    face = engine.face_in(source, box)
    ours, theirs = engine.embed([(source, face), (source_of(portrait), found)])
    assert engine.percent(np.array([ours @ theirs]))[0] > 80


def test_where_nothing_is_seen_the_landmarks_are_the_usual_ones(
    engine: Engine, source_of: MakeSource
) -> None:
    """A box of a blank wall has the landmarks of a face that looks at the camera, and no more."""
    source = source_of(np.full((600, 800, 3), 128, np.uint8))
    box = Box(0.5, 0.5, 0.1, 0.2)
    face = engine.face_in(source, box)
    expected = (0.5, 0.5) + USUAL_POINTS * (0.1, 0.2)
    assert np.allclose(points_of(face.landmarks), expected, atol=1e-6)
    assert (face.confidence, face.quality.overall) == (0.0, 0.0)


@pytest.mark.parametrize(
    "box", [Box(0, 0, 0.02, 0.02), Box(0.97, 0.97, 0.03, 0.03), Box(0, 0, 1, 1)]
)
def test_boxes_at_the_edge_are_looked_into(
    engine: Engine, portrait: Pixels, source_of: MakeSource, box: Box
) -> None:
    """A box in a corner, or one that is all of the picture, is looked into as any other."""
    face = engine.face_in(source_of(portrait), box)
    assert face.box == box
    assert len(engine.embed([(source_of(portrait), face)])) == 1
