"""Landmarks again, from the face turned upright at the size where the detector is surest.

A detector's landmarks shift by a pixel or two with the size in which a face happens to be seen. Two
looks at one size, one of them mirrored, average that out. On LFW it brings as much as looking at
four sizes, and more than a mirrored copy of the embedding at about its cost; the figures are in
``benchmarks/results/accuracy.md``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from kith.engine.align import Points, fit_similarity
from kith.engine.candidates import Candidates
from kith.engine.chips import FACE_POINTS, cut_chip_of
from kith.engine.pixels import Pixels, PixelSource

_SIZE: Final = 128
"""Pixels of the square in which the face is looked at again."""

_FACE: Final = 0.52
"""The part of the square that an embedder's chip would fill: the face is about 50 pixels wide."""

_REFERENCE: Final = ((FACE_POINTS - (0.5, 0.6)) * _FACE + 0.5) * _SIZE

_MIRRORED: Final = np.array([1, 0, 2, 4, 3])
"""Where each landmark is found in a mirrored face."""


def look_again(source: PixelSource, points: Points, look: Callable[[Pixels], Candidates]) -> Points:
    """Better landmarks of one face, in pixels of the original (5 x 2), as the given ones are.

    Args:
        source: the picture.
        points: the landmarks as first seen.
        look: what the detector sees in a picture.
    """
    size = np.array([source.width, source.height], dtype=np.float64)
    chip = cut_chip_of(source, points / size, _REFERENCE, _SIZE)
    straight = _nearest(look(chip))
    mirrored = _nearest(look(np.ascontiguousarray(chip[:, ::-1])))
    if straight is None or mirrored is None:
        return points
    turned_back = (mirrored * (-1, 1) + (_SIZE, 0))[_MIRRORED]
    return fit_similarity(points, _REFERENCE).inverse().apply((straight + turned_back) / 2)


def _nearest(seen: Candidates) -> Points | None:
    """The landmarks that lie nearest to where they are expected, if any lie near."""
    if not len(seen):
        return None
    centers = seen.points.mean(axis=1) - _REFERENCE.mean(axis=0)
    distances = np.hypot(centers[:, 0], centers[:, 1])
    best = int(np.argmin(distances))
    return seen.points[best].astype(np.float64) if distances[best] < _SIZE / 8 else None
