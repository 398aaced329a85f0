"""All pairs of near vectors, a block of rows at a time: for those who need every answer at once.

The same bounds as in ``kith.engine.scan`` rule out what provably is no pair, and the same product
says how near the others are; what a search for each of the rows would find is found here, in large
steps, which a thread can do beside others that run Python.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kith.engine.codes import CodedQueries
from kith.engine.scan import DamagedVectorsError, Extremes, Segment, cosines_with, possible

_QUERIES = 1024
_ROWS = 6144
"""What is multiplied at once: the products take 24 MB, for which memory is reused, not mapped."""

_COMPARED = 512
"""Pairs compared in full at once: their factors, 2 MB with 256 dimensions, stay in the cache."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of rows; the arrays are in step.

    Attributes:
        rows: the one.
        others: the other.
        cosines: -1 to 1.
    """

    rows: NDArray[np.int32]
    others: NDArray[np.int32]
    cosines: NDArray[np.float64]


def pairs_of(segment: Segment, start: int, stop: int, min_cosine: float) -> Pairs:
    """Every two different rows of the first ``stop`` that are near, one of them ``start`` or later.

    Each pair is there twice, once from either side, in any order.

    Raises:
        DamagedVectorsError: a vector and its code contradict each other.
    """
    found = [
        _tile(segment, slice(first, min(first + _QUERIES, stop)), row, min_cosine)
        for first in range(start, stop, _QUERIES)
        for row in range(0, min(first + _QUERIES, stop), _ROWS)
    ]
    later = np.concatenate([np.zeros(0, np.int32), *(one.rows for one in found)])
    earlier = np.concatenate([np.zeros(0, np.int32), *(one.others for one in found)])
    cosines = np.concatenate([np.zeros(0), *(one.cosines for one in found)])
    return Pairs(
        np.concatenate([later, earlier]),
        np.concatenate([earlier, later]),
        np.concatenate([cosines, cosines]),
    )


def _tile(segment: Segment, queries: slice, start: int, min_cosine: float) -> Pairs:
    """The near pairs of one of these rows and an earlier one, from ``start`` on."""
    part = segment.part(slice(start, min(start + _ROWS, queries.stop)))
    coded = CodedQueries(segment.vectors[queries])
    wanted = np.full(queries.stop - queries.start, min_cosine)
    places, columns, rough, doubts = possible(part, Extremes.of(part), coded, wanted)
    others, found = places + start, columns + queries.start
    earlier = others < found
    others, found = others[earlier], found[earlier]
    cosines = _cosines(segment, found, others)
    if not np.all(np.abs(cosines - rough[earlier]) <= doubts[earlier]):
        raise DamagedVectorsError("a vector and its code contradict each other")
    near = cosines >= min_cosine
    return Pairs(found[near].astype(np.int32), others[near].astype(np.int32), cosines[near])


def _cosines(
    segment: Segment, rows: NDArray[np.intp], others: NDArray[np.intp]
) -> NDArray[np.float64]:
    parts = [slice(start, start + _COMPARED) for start in range(0, len(rows), _COMPARED)]
    vectors = segment.vectors
    found = (cosines_with(vectors[rows[part]], vectors[others[part]]) for part in parts)
    return np.concatenate([np.zeros(0), *found])
