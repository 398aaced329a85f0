"""The scan: which of many unit vectors are nearest to some others, exactly.

Every vector's code is multiplied with the query's. The product and the two codes' errors bound the
cosine from below and above (``kith.engine.codes``), so whatever provably is no answer is ruled out.
What remains, a few hundred of a million rows, is compared in full.

Of many vectors, each of the machine's processors scans a part.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kith.engine.codes import CodedQueries
from kith.engine.pixels import Vectors

Numbers = NDArray[np.int64]
Keys = NDArray[np.uint64]
_Floats = NDArray[np.float64]
_Rows = NDArray[np.intp]

SCAN_ROWS = 16_384
"""Rows of a step of the scan: the codes (4 MB with 256 dimensions) and products stay in cache."""

_SHARE_STEPS = 8
"""Steps that are worth a thread: it costs 0.1 ms to start, and they take 2 ms."""

_QUERIES = 32
"""Queries that share a scan; their products take 2 MB a step."""

_COMPARED_ROWS = 4096
"""Vectors compared in full at once: 8 MB with 256 dimensions."""

_POOL_SLACK = 16_384
"""Candidates above twice the limit that a query gathers before the hopeless ones are dropped."""

_INT32 = np.iinfo(np.int32)


class DamagedVectorsError(Exception):
    """A vector and its code contradict each other: what they were read from is damaged."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of rows; its arrays may be memory-mapped.

    Attributes:
        numbers: the rows' numbers, ascending.
        keys: count x 2: the upper and lower half of a 128-bit key, which orders equally near rows.
        scales: see ``Codes``.
        errors: see ``Codes``; minus infinity marks a row that was removed.
        codes: count x dimensions.
        vectors: count x dimensions.
    """

    numbers: Numbers
    keys: Keys
    scales: NDArray[np.float32]
    errors: NDArray[np.float32]
    codes: NDArray[np.int8]
    vectors: Vectors

    def __len__(self) -> int:
        return len(self.numbers)

    def part(self, rows: slice | _Rows) -> Segment:
        """These rows alone."""
        return Segment(
            self.numbers[rows],
            self.keys[rows],
            self.scales[rows],
            self.errors[rows],
            self.codes[rows],
            self.vectors[rows],
        )

    def parts(self) -> Iterator[tuple[int, Segment]]:
        """The rows in steps of the scan, each with the place of its first row."""
        for start in range(0, len(self), SCAN_ROWS):
            yield start, self.part(slice(start, start + SCAN_ROWS))


@dataclass(frozen=True, slots=True)
class Neighbors:
    """What a search found, nearest first; equally near ones in the order of their keys.

    Attributes:
        numbers: the vectors' numbers.
        keys: their keys, count x 2.
        cosines: -1 to 1.
    """

    numbers: Numbers
    keys: Keys
    cosines: _Floats

    def take(self, chosen: _Rows) -> Neighbors:
        """These of them, in this order."""
        return Neighbors(self.numbers[chosen], self.keys[chosen], self.cosines[chosen])


def nearest(
    segments: Sequence[Segment], queries: Vectors, *, min_cosine: float, limit: int
) -> list[Neighbors]:
    """For each query the ``limit`` nearest rows of at least ``min_cosine``.

    Memory is bounded whatever is asked: some 30 MB, and what the answers take.

    Raises:
        DamagedVectorsError: a vector and its code contradict each other.
    """
    steps = [
        _Step(number, start, rows)
        for number, segment in enumerate(segments)
        for start, rows in segment.parts()
    ]
    found: list[Neighbors] = []
    for start in range(0, len(queries), _QUERIES):
        some = queries[start : start + _QUERIES]
        pools = _scan(steps, CodedQueries(some), min_cosine, limit)
        for query, pool in zip(some, pools, strict=True):
            compared = _compare(segments, query, pool.candidates())
            found.append(_best(compared, min_cosine, limit))
    return found


def cosines_with(query: NDArray[np.float32], vectors: Vectors) -> _Floats:
    """The cosine of a unit vector, or of each of as many, with each row.

    In 64 bits and row by row, not as a matrix product: so a pair of vectors has the same cosine to
    the last bit whichever of them is searched for, and in whatever company.
    """
    products = vectors.astype(np.float64) * query.astype(np.float64)
    return np.clip(products.sum(axis=1), -1.0, 1.0)


@dataclass(frozen=True, slots=True)
class _Candidates:
    """Rows that may be answers: where they are, and their cosine with its greatest error."""

    segments: _Rows
    rows: _Rows
    cosines: _Floats
    doubts: _Floats

    def take(self, chosen: slice | NDArray[np.bool_] | _Rows) -> _Candidates:
        return _Candidates(
            self.segments[chosen], self.rows[chosen], self.cosines[chosen], self.doubts[chosen]
        )


class _Pool:
    """The candidates of one query, and the cosine below which a row is none any more."""

    def __init__(self, min_cosine: float, limit: int) -> None:
        self.wanted = min_cosine
        self._limit = limit
        self._parts: list[_Candidates] = []
        self._count = 0

    def add(self, part: _Candidates) -> None:
        self._parts.append(part)
        self._count += len(part.rows)
        if self._count > 2 * self._limit + _POOL_SLACK:
            self._parts = [self.candidates()]
            self._count = len(self._parts[0].rows)

    def candidates(self) -> _Candidates:
        """Those that are left: a row is out when ``limit`` others are certainly above it."""
        joined = _Candidates(
            np.concatenate([np.zeros(0, np.intp), *(part.segments for part in self._parts)]),
            np.concatenate([np.zeros(0, np.intp), *(part.rows for part in self._parts)]),
            np.concatenate([np.zeros(0), *(part.cosines for part in self._parts)]),
            np.concatenate([np.zeros(0), *(part.doubts for part in self._parts)]),
        )
        if len(joined.rows) > self._limit:
            certain = joined.cosines - joined.doubts
            self.wanted = max(self.wanted, float(np.partition(certain, -self._limit)[-self._limit]))
        return joined.take(joined.cosines + joined.doubts >= self.wanted)


@dataclass(frozen=True, slots=True)
class _Step:
    """Rows that are scanned at once.

    Attributes:
        segment: the place of their segment.
        start: the first one's place there.
        rows: they themselves.
    """

    segment: int
    start: int
    rows: Segment


def _scan(
    steps: Sequence[_Step], queries: CodedQueries, min_cosine: float, limit: int
) -> list[_Pool]:
    """For each query, every row whose upper bound reaches what is wanted."""
    # Products are made without Python's lock, so threads make them at the same time.
    count = max(1, min(len(steps) // _SHARE_STEPS, _processors()))
    shares = [
        steps[len(steps) * at // count : len(steps) * (at + 1) // count] for at in range(count)
    ]
    if count == 1:
        return _scan_share(steps, queries, min_cosine, limit)
    with ThreadPoolExecutor(count - 1) as threads:
        others = [
            threads.submit(_scan_share, share, queries, min_cosine, limit) for share in shares[1:]
        ]
        pools = _scan_share(shares[0], queries, min_cosine, limit)
        for other in others:
            for pool, more in zip(pools, other.result(), strict=True):
                pool.add(more.candidates())
    return pools


def _scan_share(
    steps: Sequence[_Step], queries: CodedQueries, min_cosine: float, limit: int
) -> list[_Pool]:
    pools = [_Pool(min_cosine, limit) for _ in queries.scales]
    for step in steps:
        wanted = np.array([pool.wanted for pool in pools])
        extremes = Extremes.of(step.rows)
        rows, columns, cosines, doubts = possible(step.rows, extremes, queries, wanted)
        if not len(rows):
            continue
        order = np.argsort(columns, kind="stable")
        segments = np.full(len(rows), step.segment, np.intp)
        found = _Candidates(segments, rows + step.start, cosines, doubts).take(order)
        ends = np.searchsorted(columns[order], np.arange(len(pools)), side="right").tolist()
        for pool, begin, end in zip(pools, [0, *ends], ends, strict=False):
            if begin < end:
                pool.add(found.take(slice(begin, end)))
    return pools


def _processors() -> int:
    """Those that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Extremes:
    """The most favorable scale and error of any row; minus infinity where all were removed."""

    smallest_scale: float
    largest_scale: float
    largest_error: float

    @classmethod
    def of(cls, segment: Segment) -> Extremes:
        """Those of all rows of the segment, of which there is one at least."""
        scales, errors = segment.scales, segment.errors
        return cls(float(scales.min()), float(scales.max()), float(errors.max()))


def possible(
    part: Segment, extremes: Extremes, queries: CodedQueries, wanted: _Floats
) -> tuple[_Rows, _Rows, _Floats, _Floats]:
    """The rows, with the queries' columns, whose upper bound reaches what each query wants."""
    # One comparison of integers rules out nearly all: products that would not do even with the
    # most favorable scale and error.
    reached = queries.spread + queries.reach * extremes.largest_error
    least = (wanted - reached) / queries.scales
    favorable: _Floats = np.where(least > 0, extremes.largest_scale, extremes.smallest_scale)
    floors = np.floor(least / favorable).clip(_INT32.min, _INT32.max).astype(np.int32)
    dots = queries.dots(part.codes)
    rows, columns = np.divmod(np.flatnonzero(dots >= floors), len(wanted))
    cosines = dots[rows, columns] * (part.scales[rows] * queries.scales[columns])
    doubts = queries.reach[columns] * part.errors[rows] + queries.spread[columns]
    near = np.isfinite(doubts) & (cosines + doubts >= wanted[columns])
    return rows[near], columns[near], cosines[near], doubts[near]


def _compare(
    segments: Sequence[Segment], query: NDArray[np.float32], candidates: _Candidates
) -> Neighbors:
    """The candidates with their true cosines."""
    numbers = np.zeros(len(candidates.rows), np.int64)
    keys = np.zeros((len(candidates.rows), 2), np.uint64)
    cosines = np.zeros(len(candidates.rows))
    for number, segment in enumerate(segments):
        places = np.flatnonzero(candidates.segments == number)
        for start in range(0, len(places), _COMPARED_ROWS):
            some = places[start : start + _COMPARED_ROWS]
            rows = candidates.rows[some]
            numbers[some] = segment.numbers[rows]
            keys[some] = segment.keys[rows]
            cosines[some] = cosines_with(query, segment.vectors[rows])
    if not np.all(np.abs(cosines - candidates.cosines) <= candidates.doubts):
        raise DamagedVectorsError("a vector and its code contradict each other")
    return Neighbors(numbers, keys, cosines)


def _best(found: Neighbors, min_cosine: float, limit: int) -> Neighbors:
    near = found.take(np.flatnonzero(found.cosines >= min_cosine))
    order = np.lexsort((near.keys[:, 1], near.keys[:, 0], -near.cosines))
    return near.take(order[:limit])
