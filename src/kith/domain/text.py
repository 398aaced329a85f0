"""What can be read in a photo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from kith.domain.face import Box, Point

Polygon: TypeAlias = tuple[Point, ...]
"""The corners of something written, from the upper left of the text on, clockwise."""


@dataclass(frozen=True, slots=True)
class TextWord:
    """One word of a line.

    Attributes:
        text: as it was read; never empty, no spaces.
        confidence: that it was read rightly, percent.
        polygon: around it.
    """

    text: str
    confidence: float
    polygon: Polygon


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of text.

    Attributes:
        text: as it was read.
        confidence: that it was read rightly, percent.
        polygon: around it.
        words: what spaces separate, from its beginning to its end; at least one.
    """

    text: str
    confidence: float
    polygon: Polygon
    words: tuple[TextWord, ...]


def box_around(polygon: Polygon) -> Box:
    """The upright box around the corners."""
    left, top = min(point.x for point in polygon), min(point.y for point in polygon)
    right, bottom = max(point.x for point in polygon), max(point.y for point in polygon)
    return Box(left, top, right - left, bottom - top)
