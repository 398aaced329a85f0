"""Searching a collection as it was while its faces arrived, hundreds of thousands of times."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from kith.adapters.recognition.local.index import keys_of
from kith.domain.errors import NotFoundError
from kith.domain.face import FaceId
from kith.engine.codes import encode
from kith.engine.pairs import Pairs, pairs_of
from kith.engine.scan import Keys, Segment

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kith.adapters.recognition.local.store import FaceStore, Ids
    from kith.database.open import Database
    from kith.engine.engine import Engine
    from kith.engine.pixels import Vectors

Found: TypeAlias = "tuple[NDArray[np.intp], NDArray[np.float64]]"
"""The matches of a face, most similar first: their places in the order, and similarities."""

_BLOCK: Final = 4096
"""Faces whose pairs with all before them are found at once, while the block before is asked for."""

_FINDERS: Final = 2
"""Threads that find pairs. On two processors they hardly wait for the one that asks, nor it for
them; on more, finding takes no longer than asking."""

_MOST_PAIRS: Final = 32_000_000
"""Pairs that are kept as they were found, 12 bytes each; of more, each face's nearest alone."""

_REMEMBERED: Final = 32_768
"""Answers kept, 3 KB each at most: asked again, only pairs that came since are looked at."""

_SLACK: Final = 1e-6
"""Cosine. From percent to cosine and back costs less; the percent has the last word."""


class LocalOrderedSearch:
    """An ``OrderedSearch`` over a collection's embeddings, which it holds in memory: 1.3 KB a face.

    It answers as ``LocalFaceCollection.search`` would if the collection had only those faces that
    have arrived by then; it may not be asked for fewer than before. No pair of faces is compared
    twice: a thread of its own finds the pairs of the faces that arrive next, and a face's matches
    among those that have arrived are what it has in the blocks until then. The pairs take another
    12 bytes for each match, and with the most matches that may be asked for, 6 KB a face.

    Args:
        engine: knows what cosines mean.
        database: where the embeddings lie.
        store: the collection's rows.
        faces: every face, with its photo, in the order of arrival.
        min_similarity: percent, inclusive.
        limit: the most matches of a face.
        block: faces whose pairs with all before them are found at once.
        most_pairs: that are kept as they were found; of more, each face's nearest alone.

    Raises:
        NotFoundError: a face is not in the collection.
    """

    def __init__(  # noqa: PLR0913 - the last two are for whoever has little memory, and tests
        self,
        engine: Engine,
        database: Database,
        store: FaceStore,
        faces: Sequence[Ids],
        *,
        min_similarity: float,
        limit: int,
        block: int = _BLOCK,
        most_pairs: int = _MOST_PAIRS,
    ) -> None:
        self._engine = engine
        self._min_similarity = min_similarity
        self._least = engine.cosine(min_similarity) - _SLACK
        self._limit = limit
        self._row_of = {face_id: row for row, (face_id, _) in enumerate(faces)}
        face_ids = list(self._row_of)
        self._rows = _segment(_vectors(database, store, self._row_of), face_ids)
        self._ranks = _ranks(self._rows.keys)
        self._answers: OrderedDict[int, _Answer] = OrderedDict()
        self._block = block
        self._most_pairs = self._most = most_pairs
        self._blocks: list[_Block] = []
        self._until = 0
        self._finders = ThreadPoolExecutor(_FINDERS, thread_name_prefix="pairs")
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ordered")
        self._coming = self._thread.submit(self._with_next, self._blocks, 0)

    def search(self, face_ids: Sequence[FaceId], arrived: int, /) -> Sequence[Found]:
        """See ``OrderedSearch.search``."""
        rows = [self._row_of[face_id] for face_id in face_ids]
        last = max([arrived - 1, *rows])
        while self._until <= last:
            self._blocks = self._coming.result()
            self._until = self._blocks[-1].stop
            self._coming = self._thread.submit(self._with_next, self._blocks, arrived)
        found = [self._ranked(self._answer(row, arrived)) for row in rows]
        while len(self._answers) > _REMEMBERED:
            self._answers.popitem(last=False)
        return found

    def _answer(self, row: int, arrived: int) -> _Answer:
        """The nearest among those that have arrived: of the last answer, and of what came since."""
        known = self._answers.get(row, _NOTHING)
        if known.count < arrived:
            known = self._with_new(row, known, arrived)
        self._answers[row] = known
        self._answers.move_to_end(row)
        return known

    def _with_new(self, row: int, known: _Answer, arrived: int) -> _Answer:
        came = [known]
        for block in reversed(self._blocks):
            if block.stop <= known.count:
                break
            if new := block.between(row, known.count, arrived):
                came.append(new)
        rows = np.concatenate([answer.rows for answer in came])
        if len(rows) == len(known.rows):
            return replace(known, count=arrived)
        cosines = np.concatenate([answer.cosines for answer in came])
        if len(rows) > 2 * self._limit:
            least = np.partition(cosines, -self._limit)[-self._limit]
            rows, cosines = rows[cosines >= least], cosines[cosines >= least]
        order = self._order(rows, cosines)[: self._limit]
        return _Answer(arrived, rows[order], cosines[order])

    def _order(self, rows: NDArray[np.int32], values: NDArray[np.float64]) -> NDArray[np.intp]:
        """The places of these values, highest first; of equal ones, by face id."""
        order = (-values).argsort(kind="stable")
        ordered = values[order]
        if (ordered[1:] == ordered[:-1]).any():
            order = np.lexsort((self._ranks[rows], -values))
        return order

    def _ranked(self, answer: _Answer) -> Found:
        percents, rows = self._engine.percent(answer.cosines), answer.rows
        if (percents[1:] == percents[:-1]).any():
            # Different cosines may be the same percent; then, too, the face id decides.
            order = self._order(rows, percents)
            rows, percents = rows[order], percents[order]
        count = int(np.count_nonzero(percents >= self._min_similarity))
        return rows[:count].astype(np.intp), percents[:count]

    def _with_next(self, blocks: list[_Block], arrived: int) -> list[_Block]:
        """These blocks and the one after them; in a thread of its own."""
        start = blocks[-1].stop if blocks else 0
        stop = min(start + self._block, len(self._rows))
        if start == stop:
            return blocks
        return [*self._thinned(blocks, arrived), _Block.of(stop, self._pairs(start, stop))]

    def _pairs(self, start: int, stop: int) -> Pairs:
        """The pairs of these rows with each other and with all before, a share by each finder."""
        cuts = [start + (stop - start) * share // _FINDERS for share in range(_FINDERS + 1)]
        return _joined(list(self._finders.map(self._share, cuts, cuts[1:])))

    def _share(self, start: int, stop: int) -> Pairs:
        return pairs_of(self._rows, start, stop, self._least)

    def _thinned(self, blocks: list[_Block], arrived: int) -> list[_Block]:
        """The blocks, those as one that have arrived, if that saves memory worth mentioning.

        Of faces that have arrived, only each face's nearest will ever be asked for.
        """
        past = [block for block in blocks if block.stop <= arrived]
        if not past or sum(len(block.rows) for block in blocks) <= self._most:
            return blocks
        one = _merged(past, self._ranks, self._limit)
        self._most = max(self._most_pairs, 2 * len(one.rows))
        return [one, *blocks[len(past) :]]


@dataclass(frozen=True, slots=True)
class _Answer:
    """The nearest of the first ``count`` rows, nearest first unless they are a block's."""

    count: int
    rows: NDArray[np.int32]
    cosines: NDArray[np.float64]


_NOTHING: Final = _Answer(0, np.zeros(0, np.int32), np.zeros(0))


@dataclass(frozen=True, slots=True)
class _Block:
    """The pairs of which the later row is one from the last block's end to ``stop``.

    Attributes:
        stop: no row of a pair is this one or later.
        begins: where each row's matches begin, and in the end where the last one's end.
        rows: the matches, row by row.
        cosines: theirs.
    """

    stop: int
    begins: NDArray[np.intp]
    rows: NDArray[np.int32]
    cosines: NDArray[np.float64]

    @classmethod
    def of(cls, stop: int, pairs: Pairs) -> _Block:
        """The block of these pairs."""
        order = np.argsort(pairs.rows, kind="stable")
        begins = np.searchsorted(pairs.rows[order], np.arange(stop + 1))
        return cls(stop, begins, pairs.others[order], pairs.cosines[order])

    def pairs(self) -> Pairs:
        """All of them, row by row."""
        owners = np.repeat(np.arange(self.stop, dtype=np.int32), np.diff(self.begins))
        return Pairs(owners, self.rows, self.cosines)

    def between(self, row: int, start: int, stop: int) -> _Answer | None:
        """What this row has in common with rows from ``start`` to ``stop``, in any order."""
        if row >= self.stop:
            return None
        here = slice(self.begins[row], self.begins[row + 1])
        rows = self.rows[here]
        if not len(rows):
            return None
        wanted = (rows >= start) & (rows < stop)
        return _Answer(stop, rows[wanted], self.cosines[here][wanted])


def _joined(parts: Sequence[Pairs]) -> Pairs:
    return Pairs(
        np.concatenate([part.rows for part in parts]),
        np.concatenate([part.others for part in parts]),
        np.concatenate([part.cosines for part in parts]),
    )


def _merged(blocks: Sequence[_Block], ranks: NDArray[np.intp], limit: int) -> _Block:
    """Several blocks as one, with the nearest of each row alone."""
    pairs = _joined([each.pairs() for each in blocks])
    order = np.lexsort((ranks[pairs.others], -pairs.cosines, pairs.rows))
    begins = np.searchsorted(pairs.rows[order], np.arange(blocks[-1].stop))
    nearest = order[np.arange(len(order)) - begins[pairs.rows[order]] < limit]
    return _Block.of(
        blocks[-1].stop,
        Pairs(pairs.rows[nearest], pairs.others[nearest], pairs.cosines[nearest]),
    )


def _ranks(keys: Keys) -> NDArray[np.intp]:
    """The place of each row in the order of these keys."""
    ranks = np.empty(len(keys), np.intp)
    ranks[np.lexsort((keys[:, 1], keys[:, 0]))] = np.arange(len(keys))
    return ranks


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
