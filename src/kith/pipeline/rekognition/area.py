"""Whether something lies in a region: by the part of its area that does."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, TypeAlias

from kith.domain.text import Polygon

Corners: TypeAlias = Sequence[tuple[float, float]]
"""Of a polygon, in their order; it closes itself."""

_MOST: Final = 0.5
"""Part of a word's area; what has more of it in a region counts as in it, as with the service."""


def is_mostly_in(word: Polygon, region: Corners) -> bool:
    """Whether more than half of a word, whose polygon is convex, lies in a region of any shape."""
    corners = [(corner.x, corner.y) for corner in word]
    if _area(corners) < 0:
        corners.reverse()
    whole = _area(corners)
    return whole > 0 and abs(_area(_clipped(region, corners))) > _MOST * whole


def _clipped(region: Corners, window: Corners) -> Corners:
    """The part of the region that is in a convex window.

    Source: I. Sutherland, G. Hodgman, "Reentrant polygon clipping", CACM 17 (1), 1974.
    """
    left: Corners = region
    for edge in pairwise([*window, window[0]]):
        left = list(_inside(left, *edge))
    return left


def _inside(corners: Corners, begin: tuple[float, float], end: tuple[float, float]) -> Corners:
    """What of a polygon lies on the inner side of a line."""
    kept: list[tuple[float, float]] = []
    for one, other in pairwise([*corners[-1:], *corners]):
        near, far = _side(one, begin, end), _side(other, begin, end)
        if (near >= 0) != (far >= 0):
            at = near / (near - far)
            kept.append((one[0] + at * (other[0] - one[0]), one[1] + at * (other[1] - one[1])))
        if far >= 0:
            kept.append(other)
    return kept


def _side(
    point: tuple[float, float], begin: tuple[float, float], end: tuple[float, float]
) -> float:
    """Positive inside, negative outside of an edge of a polygon of positive area."""
    along = end[0] - begin[0], end[1] - begin[1]
    return along[0] * (point[1] - begin[1]) - along[1] * (point[0] - begin[0])


def _area(corners: Corners) -> float:
    """With its sign, by the shoelace formula."""
    around = pairwise([*corners, *corners[:1]])
    return sum(one[0] * other[1] - other[0] * one[1] for one, other in around) / 2
