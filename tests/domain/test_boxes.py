"""How boxes overlap."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith.domain.face import Box

ratios = st.floats(-0.5, 1.5)
sides = st.floats(0.001, 1)
boxes = st.builds(Box, ratios, ratios, sides, sides)


@given(boxes)
def test_a_box_overlaps_itself_wholly(box: Box) -> None:
    """Intersection over union of equal boxes is 1."""
    assert box.overlap(box) == pytest.approx(1)


@given(boxes, boxes)
def test_overlap_is_a_part_and_the_same_both_ways(one: Box, other: Box) -> None:
    """From 0 to 1, whichever box is asked."""
    overlap = one.overlap(other)

    assert 0 <= overlap <= 1 + 1e-9
    assert overlap == pytest.approx(other.overlap(one))


@given(boxes, st.floats(1, 3))
def test_boxes_that_are_apart_do_not_overlap(box: Box, away: float) -> None:
    """Nor do boxes that only touch."""
    assert box.overlap(Box(box.left + away * 1.001, box.top, box.width, box.height)) == 0
    assert box.overlap(Box(box.left, box.top - away * 1.001, box.width, box.height)) == 0
    assert Box(0, 0, 0.5, 0.5).overlap(Box(0.5, 0, 0.5, 0.5)) == 0


@given(boxes, st.floats(0.01, 0.99))
def test_a_part_of_a_box_overlaps_it_by_its_share(box: Box, share: float) -> None:
    """A box that lies within another shares the ratio of their areas."""
    part = Box(box.left, box.top, box.width * share, box.height)

    assert box.overlap(part) == pytest.approx(share)
    assert part.area == pytest.approx(box.area * share)


def test_edges_follow_from_sides() -> None:
    """Right and bottom are where left and top end."""
    box = Box(0.1, 0.2, 0.3, 0.4)

    assert (box.right, box.bottom) == pytest.approx((0.4, 0.6))
