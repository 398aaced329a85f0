"""Faces that other programs marked: where they are, and whom they show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kith.domain.face import Box

LEAST_LIKENESS: Final = 0.15
"""Intersection over union of two boxes of one face, at least. Programs disagree on what a face is:
some end at the eyebrows, some hold hair and chin; 0.15 is a box 2.5 times as wide and high as the
other, around the same center. That both centers lie in both boxes is what tells neighbors apart."""


@dataclass(frozen=True, slots=True)
class NamedRegion:
    """A face as another program marked it.

    Attributes:
        name: whom it shows; ``None`` for a face that was marked and not named.
        box: where it is, as ratios of the upright picture. A mark that is only a point has a box
            without width and height.
    """

    name: str | None
    box: Box


@dataclass(frozen=True, slots=True)
class RegionSet:
    """The marked faces of one photo as one program wrote them.

    Attributes:
        readings: the same faces, once for each meaning that their coordinates may have, the one
            that the standards prescribe first. Several only where the writer left it open which
            side of the picture was up for him; the faces of the photo tell.
    """

    readings: tuple[tuple[NamedRegion, ...], ...]


@dataclass(frozen=True, slots=True)
class MarkedPeople:
    """What another program says of who is in one photo.

    Attributes:
        sets: marked faces, by who wrote them.
        names: people who are said to be in the photo, without saying where.
    """

    sets: tuple[RegionSet, ...] = ()
    names: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.sets or self.names)


def likeness(one: Box, other: Box) -> float:
    """How well two boxes mark the same face, 0 to 1; 0 where they cannot.

    They can if each holds the center of the other and they are not too different in size. A point
    marks the face around it, and the better the nearer it is to the middle.
    """
    if not (_holds(one, other) and _holds(other, one)):
        return 0.0
    if not one.area or not other.area:
        return _centrality(one, other)
    overlap = min(1.0, one.overlap(other))
    return overlap if overlap >= LEAST_LIKENESS else 0.0


def pairs_by_likeness(ones: Sequence[Box], others: Sequence[Box]) -> list[tuple[float, int, int]]:
    """Every pair of boxes that may mark one face: likeness and both indexes, most alike first."""
    found = [
        (alike, i, j)
        for i, one in enumerate(ones)
        for j, other in enumerate(others)
        if (alike := likeness(one, other)) > 0
    ]
    return sorted(found, key=lambda pair: (-pair[0], pair[1], pair[2]))


def _holds(box: Box, other: Box) -> bool:
    """Whether the center of the other box lies in this one; a point holds everything."""
    if not box.area:
        return True
    x, y = other.left + other.width / 2, other.top + other.height / 2
    return box.left <= x <= box.right and box.top <= y <= box.bottom


def _centrality(one: Box, other: Box) -> float:
    """1 where the centers meet, 0 at the edge of the larger box."""
    width, height = max(one.width, other.width), max(one.height, other.height)
    if not width or not height:
        return 0.0
    across = abs(one.left + one.width / 2 - other.left - other.width / 2) / width
    down = abs(one.top + one.height / 2 - other.top - other.height / 2) / height
    return max(0.0, 1 - 2 * max(across, down))
