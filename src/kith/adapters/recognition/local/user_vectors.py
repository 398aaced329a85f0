"""The vectors of a collection's users in memory, brought up to date user by user."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import sqlalchemy as sa

from kith.database.faces import collection_vectors
from kith.database.rekognition import collection_user_faces, collection_users
from kith.engine.scan import Keys
from kith.engine.vectors import VectorIndex
from kith.ports.collections import UserMatch

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kith.adapters.recognition.local.store import FaceStore
    from kith.engine.engine import Engine

_PART: Final = 4096
"""Rows read at once."""

_CHUNK: Final = 1000
"""Ids named in one statement; SQLite takes no more than 32,766 variables."""

_MOST_STEPS: Final = 10_000
"""Changes that are remembered until somebody searches; after more, all users are read anew."""

_SLACK: Final = 1e-6
"""Cosine. From percent to cosine and back costs less; the percent has the last word."""

_KEY_LETTERS: Final = 16
"""Of a user's id that order equally near users; to the letter they are ordered afterwards."""

_user, _seat = collection_users.c, collection_user_faces.c


@dataclass(frozen=True, slots=True)
class _Step:
    """A change of the collection: what it came to, and the user whom it was about, if any."""

    version: int
    user_id: str | None


class UserVectors:
    """The sum of each user's embeddings, made one long, and the search among them.

    Whoever changes the collection in this process says so: then a search looks at the users of
    those changes alone. Where another process changed it, all are read anew. May be asked by
    several threads.

    Args:
        engine: knows what cosines mean.
        store: the collection's rows.
    """

    def __init__(self, engine: Engine, store: FaceStore) -> None:
        self._engine = engine
        self._store = store
        self._lock = threading.Lock()
        self._version: int | None = None
        self._steps: dict[int, _Step] = {}
        self._clear()

    def changed(self, before: int, after: int, user_id: str | None = None) -> None:
        """The collection's version is raised; to be called within the change's transaction.

        One that fails in the end does no harm: no search ever sees its version.

        Args:
            before: the version until now.
            after: the new one.
            user_id: whose faces change; ``None`` if nobody's.
        """
        with self._lock:
            if len(self._steps) >= _MOST_STEPS:
                self._version, self._steps = None, {}
            if self._version is not None:
                self._steps[before] = _Step(after, user_id)

    def nearest(
        self,
        connection: sa.Connection,
        vector: NDArray[np.float32],
        min_similarity: float,
        limit: int,
    ) -> tuple[UserMatch, ...]:
        """The users most similar to an embedding, most similar first."""
        least = -1.0 if min_similarity <= 0 else self._engine.cosine(min_similarity) - _SLACK
        with self._lock:
            self._bring_up_to_date(connection)
            (near,) = self._index.search(vector[None], min_cosine=least, limit=limit)
            ids = [self._ids[row] for row in near.numbers.tolist()]
        percents = self._engine.percent(near.cosines).tolist()
        matches = [
            UserMatch(user_id, percent)
            for user_id, percent in zip(ids, percents, strict=True)
            if percent >= min_similarity
        ]
        return tuple(sorted(matches, key=lambda match: (-match.similarity, match.user_id)))

    def _bring_up_to_date(self, connection: sa.Connection) -> None:
        """Know at least what the connection sees."""
        version = self._store.version(connection)
        if self._version is not None and self._version >= version:
            return
        changed = self._changed_until(version)
        self._version = None  # begun anew if this is interrupted half-way
        if changed is None:
            self._clear()
            self._put(_sums(connection, self._of_collection()))
        else:
            self._drop(changed)
            self._put(_sums_of(connection, self._of_collection(), changed))
        self._version = version
        self._steps = {before: step for before, step in self._steps.items() if before >= version}

    def _changed_until(self, version: int) -> set[str] | None:
        """The users that changed since what is known; ``None`` if it is not known which did."""
        changed: set[str] = set()
        at = self._version
        while at is not None and at < version:
            step = self._steps.get(at)
            if step is not None and step.user_id is not None:
                changed.add(step.user_id)
            at = step.version if step is not None else None
        return changed if at == version else None

    def _clear(self) -> None:
        self._index = VectorIndex(self._store.pin.dimensions)
        self._numbers = itertools.count()
        self._ids: dict[int, str] = {}
        self._number_of: dict[str, int] = {}

    def _drop(self, user_ids: Collection[str]) -> None:
        gone = sorted(self._number_of.pop(id_) for id_ in user_ids if id_ in self._number_of)
        for number in gone:
            del self._ids[number]
        self._index.remove(np.array(gone, np.int64))

    def _put(self, sums: Mapping[str, NDArray[np.float32]]) -> None:
        # Faces that cancel each other out, to the last bit, are nobody's.
        units = {id_: unit(total) for id_, total in sums.items() if np.any(total)}
        numbers = list(itertools.islice(self._numbers, len(units)))
        self._ids.update(zip(numbers, units, strict=True))
        self._number_of.update(zip(units, numbers, strict=True))
        rows = list(units.values()) or np.zeros((0, self._store.pin.dimensions))
        self._index.add(np.array(numbers, np.int64), _keys_of(units), np.array(rows, np.float32))

    def _of_collection(self) -> sa.Select[str, bytes]:
        """A row for each user's face: his id and its embedding."""
        return (
            sa.select(_user.user_id, collection_vectors.c.vector)
            .select_from(collection_users)
            .join(collection_user_faces, _seat.user == _user.number)
            .join(collection_vectors, collection_vectors.c.number == _seat.face)
            .where(_user.collection_id == self._store.collection_id)
        )


def unit(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    """The vector with length 1, unless it has none."""
    length = float(np.linalg.norm(vector))
    return vector / np.float32(length) if length else vector


def _sums_of(
    connection: sa.Connection, query: sa.Select[str, bytes], user_ids: Collection[str]
) -> dict[str, NDArray[np.float32]]:
    """The sums of some users' embeddings; those who have none are left out."""
    some = sorted(user_ids)
    sums: dict[str, NDArray[np.float32]] = {}
    for start in range(0, len(some), _CHUNK):
        among = query.where(_user.user_id.in_(some[start : start + _CHUNK]))
        sums |= _sums(connection, among)
    return sums


def _sums(
    connection: sa.Connection, query: sa.Select[str, bytes]
) -> dict[str, NDArray[np.float32]]:
    sums: dict[str, NDArray[np.float32]] = {}
    result = connection.execute(query.execution_options(stream_results=True))
    for rows in result.partitions(_PART):
        for user_id, raw in rows:
            vector = np.frombuffer(raw, "<f4").astype(np.float32)
            sums[user_id] = sums[user_id] + vector if user_id in sums else vector
    return sums


def _keys_of(user_ids: Collection[str]) -> Keys:
    """Keys in the order of the ids, as far as their first letters tell."""
    raw = b"".join(id_.encode()[:_KEY_LETTERS].ljust(_KEY_LETTERS, b"\0") for id_ in user_ids)
    return np.frombuffer(raw, ">u8").astype(np.uint64).reshape(len(user_ids), 2)
