"""An index of unit vectors: add, remove, and find the nearest exactly.

Nothing is built: adding writes a row, removing marks one. ``kith.engine.scan`` does the searching,
``kith.engine.vector_file`` keeps an index in a file.
"""

from __future__ import annotations

import threading

import numpy as np
from numpy.typing import NDArray

from kith.engine.codes import encode
from kith.engine.pixels import Vectors
from kith.engine.scan import Keys, Neighbors, Numbers, Segment, nearest

_SEGMENT_ROWS = 65_536
"""Rows that a segment has room for; then a new one is begun, so that no row is ever moved. Room
that is not used takes no memory."""

_BEARABLE_ROWS = 16_384
"""Removed rows that are not worth copying the others for: 20 MB with 256 dimensions."""


class VectorIndex:
    """Unit vectors with numbers and keys, and the search among them.

    Every method may be called from several threads. A search sees the vectors that were there when
    it began; one that is removed meanwhile may or may not be among its answers.

    Args:
        dimensions: of the vectors.
        base: rows to begin with, for example memory-mapped ones; their ``errors`` must be writable.
    """

    def __init__(self, dimensions: int, base: Segment | None = None) -> None:
        self.dimensions = dimensions
        self._lock = threading.Lock()
        self._full: list[Segment] = [] if base is None or not len(base) else [base]
        self._tail = _room_for(0, dimensions)
        self._tail_count = 0
        self._removed = sum(_count_removed(segment) for segment in self._full)

    def __len__(self) -> int:
        with self._lock:
            return sum(map(len, self._segments())) - self._removed

    def add(self, numbers: Numbers, keys: Keys, vectors: Vectors) -> None:
        """Add vectors.

        Args:
            numbers: count; ascending, and above all that were added before.
            keys: count x 2: the upper and lower half of a 128-bit key.
            vectors: count x dimensions, rows of length 1.

        Raises:
            ValueError: a vector is not of length 1, or the numbers do not ascend.
        """
        codes = encode(vectors)
        rows = Segment(numbers, keys, codes.scales, codes.errors, codes.values, vectors)
        with self._lock:
            if np.any(np.diff(numbers, prepend=self._last_number()) <= 0):
                raise ValueError("the numbers of vectors must ascend")
            start = 0
            while start < len(rows):
                start += self._append(rows.part(slice(start, None)))

    def remove(self, numbers: Numbers) -> int:
        """Remove vectors; numbers that are not there are passed over. Returns how many were."""
        with self._lock:
            removed = sum(_bury(segment, numbers) for segment in self._segments())
            self._removed += removed
            if self._removed > max(_BEARABLE_ROWS, sum(map(len, self._segments())) // 2):
                self._compact()
        return removed

    def search(self, queries: Vectors, *, min_cosine: float, limit: int) -> list[Neighbors]:
        """For each query the ``limit`` nearest vectors of at least ``min_cosine``.

        Exact: the answers are those of comparing the query with every vector. Many queries at once
        take less time than one after the other.

        Args:
            queries: count x dimensions, rows of length 1.
            min_cosine: inclusive.
            limit: the most answers to a query, at least 1.

        Raises:
            DamagedVectorsError: the rows came from a file that is damaged.
        """
        with self._lock:
            segments = self._segments()
        return nearest(segments, queries, min_cosine=min_cosine, limit=limit)

    def snapshot(self) -> VectorIndex:
        """The same vectors, whatever is added later; shares their memory.

        What is removed later is removed from both.
        """
        copy = VectorIndex(self.dimensions)
        with self._lock:
            copy._full = [segment for segment in self._segments() if len(segment)]
            copy._removed = self._removed
        return copy

    def living(self) -> list[tuple[Segment, NDArray[np.intp]]]:
        """What is there: stretches of rows, in order, and which rows of each were not removed."""
        with self._lock:
            segments = self._segments()
        parts = [part for segment in segments for _, part in segment.parts()]
        return [(part, _living(part)) for part in parts]

    def _segments(self) -> list[Segment]:
        return [*self._full, self._tail.part(slice(self._tail_count))]

    def _last_number(self) -> int:
        return max((int(rows.numbers[-1]) for rows in self._segments() if len(rows)), default=-1)

    def _append(self, rows: Segment) -> int:
        """Put as many rows as there is room for into the tail; returns how many."""
        if self._tail_count == len(self._tail):
            self._full = [*self._full, self._tail] if self._tail_count else self._full
            self._tail, self._tail_count = _room_for(_SEGMENT_ROWS, self.dimensions), 0
        count = min(len(self._tail) - self._tail_count, len(rows))
        place = slice(self._tail_count, self._tail_count + count)
        _copy(rows.part(slice(count)), self._tail.part(place))
        self._tail_count += count
        return count

    def _compact(self) -> None:
        """Copy what is left, so that the removed rows' room is given back."""
        left = [segment.part(_living(segment)) for segment in self._segments()]
        self._full = [segment for segment in left if len(segment)]
        self._tail, self._tail_count = _room_for(0, self.dimensions), 0
        self._removed = 0


def _room_for(rows: int, dimensions: int) -> Segment:
    return Segment(
        numbers=np.zeros((rows,), np.int64),
        keys=np.zeros((rows, 2), np.uint64),
        scales=np.zeros((rows,), np.float32),
        errors=np.zeros((rows,), np.float32),
        codes=np.zeros((rows, dimensions), np.int8),
        vectors=np.zeros((rows, dimensions), np.float32),
    )


def _copy(rows: Segment, room: Segment) -> None:
    room.numbers[:] = rows.numbers
    room.keys[:] = rows.keys
    room.scales[:] = rows.scales
    room.errors[:] = rows.errors
    room.codes[:] = rows.codes
    room.vectors[:] = rows.vectors


def _living(segment: Segment) -> NDArray[np.intp]:
    return np.flatnonzero(~np.isneginf(segment.errors))


def _count_removed(segment: Segment) -> int:
    return int(np.count_nonzero(np.isneginf(segment.errors)))


def _bury(segment: Segment, numbers: Numbers) -> int:
    """Mark the rows of these numbers as removed; returns how many were not before."""
    before = _count_removed(segment)
    places = np.searchsorted(segment.numbers, numbers)
    inside = places < len(segment)
    places, wanted = places[inside], numbers[inside]
    segment.errors[places[segment.numbers[places] == wanted]] = -np.inf
    return _count_removed(segment) - before
