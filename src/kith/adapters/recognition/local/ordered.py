"""Searching a collection as it was while its faces arrived, hundreds of thousands of times."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from kith.adapters.recognition.local.index import keys_of
from kith.domain.errors import NotFoundError
from kith.domain.face import FaceId
from kith.engine.codes import encode
from kith.engine.scan import Neighbors, Numbers, Segment, cosines_with, nearest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kith.adapters.recognition.local.store import FaceStore, Ids
    from kith.database.open import Database
    from kith.engine.engine import Engine
    from kith.engine.pixels import Vectors

Found: TypeAlias = "tuple[NDArray[np.intp], NDArray[np.float64]]"
"""The matches of a face, most similar first: their places in the order, and similarities."""

_AHEAD: Final = 256
"""Faces that are searched for at once before they arrive: a scan for many costs little more than
one for a single face."""

_FEW: Final = 2048
"""Rows that are compared one by one rather than scanned: their 2 MB stay in the cache."""

_REMEMBERED: Final = 32_768
"""Answers kept, 3 KB each at most: asked again, only rows that came since are looked at."""

_SLACK: Final = 1e-6
"""Cosine. From percent to cosine and back costs less; the percent has the last word."""

_ROUNDING: Final = 1e-5
"""Cosine. More than a product of unit vectors in 32 bits can be off."""


class LocalOrderedSearch:
    """An ``OrderedSearch`` over a collection's embeddings, which it holds in memory: 1.3 KB a face.

    It answers as ``LocalFaceCollection.search`` would if the collection had only those faces that
    have arrived by then.

    Args:
        engine: knows what cosines mean.
        database: where the embeddings lie.
        store: the collection's rows.
        faces: every face, with its photo, in the order of arrival.
        min_similarity: percent, inclusive.
        limit: the most matches of a face.

    Raises:
        NotFoundError: a face is not in the collection.
    """

    def __init__(
        self,
        engine: Engine,
        database: Database,
        store: FaceStore,
        faces: Sequence[Ids],
        *,
        min_similarity: float,
        limit: int,
    ) -> None:
        self._engine = engine
        self._faces = faces
        self._min_similarity = min_similarity
        self._least = engine.cosine(min_similarity) - _SLACK
        self._limit = limit
        self._row_of = {face_id: row for row, (face_id, _) in enumerate(faces)}
        self._rows = _segment(_vectors(database, store, self._row_of), list(self._row_of))
        self._answers: OrderedDict[int, _Answer] = OrderedDict()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ordered")
        self._coming, self._until = range(0), 0
        self._found: Future[list[Neighbors]] = Future()

    def search(self, face_ids: Sequence[FaceId], arrived: int, /) -> Sequence[Found]:
        """See ``OrderedSearch.search``."""
        rows = [self._row_of[face_id] for face_id in face_ids]
        self._look_ahead(rows, arrived)
        self._catch_up(rows, arrived)
        found = [self._ranked(self._answers[row]) for row in rows]
        while len(self._answers) > _REMEMBERED:
            self._answers.popitem(last=False)
        return found

    def _look_ahead(self, rows: Sequence[int], arrived: int) -> None:
        """Answer for faces that arrive now, and let another thread look for those after them."""
        new = [row for row in rows if row >= arrived and row not in self._answers]
        if not new:
            return
        if new[0] in self._coming:
            self._take(self._coming, self._until, self._found.result())
            new = [row for row in new if row not in self._coming]
        if new:
            self._coming = self._block(new[0])
            rest = [row for row in new if row not in self._coming]
            self._scan([*self._coming, *rest], 0, arrived)
        self._coming, self._until = self._block(self._coming.stop), arrived
        self._found = self._thread.submit(self._nearest, self._coming, 0, arrived)

    def _block(self, start: int) -> range:
        return range(start, min(start + _AHEAD, len(self._faces)))

    def _catch_up(self, rows: Sequence[int], arrived: int) -> None:
        """Bring the answers of these rows up to date."""
        behind = {row: self._answers.get(row, _NOTHING).count for row in rows}
        far = [row for row, count in behind.items() if arrived - count > _FEW]
        if far:
            self._scan(far, min(behind[row] for row in far), arrived)
        for row in rows:
            answer = self._answers.get(row, _NOTHING)
            if answer.count < arrived:
                self._compare(row, answer, arrived)
            elif row not in self._answers:
                self._answers[row] = _NOTHING
            self._answers.move_to_end(row)

    def _scan(self, rows: Sequence[int], start: int, stop: int) -> None:
        """Look for the nearest of rows ``start`` to ``stop``; earlier ones are known already."""
        self._take(rows, stop, self._nearest(rows, start, stop))

    def _nearest(self, rows: Sequence[int], start: int, stop: int) -> list[Neighbors]:
        part = self._rows.part(slice(start, stop))
        queries = self._rows.vectors[list(rows)]
        # One more, because each face is its own nearest, or as near as its copies.
        return nearest([part], queries, min_cosine=self._least, limit=self._limit + 1)

    def _take(self, rows: Sequence[int], stop: int, found: Sequence[Neighbors]) -> None:
        """Keep what was found for these rows among all that come before ``stop``."""
        for row, near in zip(rows, found, strict=True):
            known = self._answers.get(row, _NOTHING)
            new = (near.numbers != row) & (near.numbers >= known.count)
            self._add(row, known, near.numbers[new], near.cosines[new], stop)

    def _compare(self, row: int, known: _Answer, stop: int) -> None:
        """Look at the rows that came since one by one."""
        query = self._rows.vectors[row]
        rough = self._rows.vectors[known.count : stop] @ query
        rows = (rough >= self._least - _ROUNDING).nonzero()[0] + known.count
        rows = rows[rows != row]
        cosines = cosines_with(query, self._rows.vectors[rows])
        near = cosines >= self._least
        self._add(row, known, rows[near], cosines[near], stop)

    def _add(
        self, row: int, known: _Answer, rows: Numbers, cosines: NDArray[np.float64], count: int
    ) -> None:
        """Keep the nearest of what was known and these, nearest first."""
        if not len(rows):
            self._answers[row] = _Answer(count, known.rows, known.cosines)
            return
        both = np.concatenate([known.rows, rows.astype(np.int32)])
        cosines = np.concatenate([known.cosines, cosines])
        order = self._order(both, cosines)[: self._limit]
        self._answers[row] = _Answer(count, both[order], cosines[order])

    def _order(self, rows: NDArray[np.int32], values: NDArray[np.float64]) -> Numbers:
        """The places of these values, highest first; of equal ones, by face id."""
        order = np.argsort(-values, kind="stable")
        ordered = values[order]
        if np.any(ordered[1:] == ordered[:-1]):
            keys = self._rows.keys[rows]
            order = np.lexsort((keys[:, 1], keys[:, 0], -values))
        return order

    def _ranked(self, answer: _Answer) -> Found:
        percents = self._engine.percent(answer.cosines)
        # Different cosines may be the same percent; then, too, the face id decides.
        order = self._order(answer.rows, percents)
        rows, percents = answer.rows[order], percents[order]
        count = np.searchsorted(-percents, -self._min_similarity, side="right")
        return rows[:count].astype(np.intp), percents[:count]


@dataclass(frozen=True, slots=True)
class _Answer:
    """The nearest of the first ``count`` rows, nearest first."""

    count: int
    rows: NDArray[np.int32]
    cosines: NDArray[np.float64]


_NOTHING: Final = _Answer(0, np.zeros(0, np.int32), np.zeros(0))


def _segment(vectors: Vectors, face_ids: Sequence[FaceId]) -> Segment:
    codes = encode(vectors)
    numbers = np.arange(len(vectors), dtype=np.int64)
    return Segment(numbers, keys_of(face_ids), codes.scales, codes.errors, codes.values, vectors)


def _vectors(database: Database, store: FaceStore, row_of: Mapping[FaceId, int]) -> Vectors:
    """The embeddings of these faces, each in its row."""
    vectors = np.zeros((len(row_of), store.pin.dimensions), np.float32)
    missing = set(row_of)
    with database.read() as connection:
        for _, face_ids, some in store.added(connection, 0):
            there = [(row_of[FaceId(id_)], at) for at, id_ in enumerate(face_ids) if id_ in row_of]
            if there:
                rows, places = zip(*there, strict=True)
                vectors[list(rows)] = some[list(places)]
            missing.difference_update(map(FaceId, face_ids))
    if missing:
        raise NotFoundError(f"There is no face {min(missing)} in the collection")
    return vectors
