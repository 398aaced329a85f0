"""How many faces collections have, known without counting them all again and again."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from kith.database.faces import collection_faces, collection_removals

if TYPE_CHECKING:
    from collections.abc import Hashable

_face, _removal = collection_faces.c, collection_removals.c


@dataclass(frozen=True, slots=True)
class _Counted:
    """The faces of a collection at a version, and the number of the newest of them."""

    version: int
    count: int
    newest: int


class FaceCounts:
    """Counts the faces of each collection once, and from then on what came and went.

    May be asked by several threads.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[Hashable, _Counted] = {}

    def of(
        self, connection: sa.Connection, collection_id: str, version: int, which: Hashable
    ) -> int:
        """How many faces there are.

        Args:
            connection: what it sees is counted.
            collection_id: whose faces.
            version: the collection's, as the connection sees it.
            which: what no other collection ever is, not even another one of that id.
        """
        known = self._known.get(which)
        if known is None or known.version > version:
            known = _Counted(0, 0, 0)
        if known.version < version:
            known = _with_changes(connection, collection_id, version, known)
            with self._lock:
                self._known[which] = known
        return known.count


def _with_changes(
    connection: sa.Connection, collection_id: str, version: int, known: _Counted
) -> _Counted:
    """What is known, and what came and went since.

    Numbers ascend with the versions: what was removed since, and has no higher number than the
    newest of then, was counted then.
    """
    since = (_face.collection_id == collection_id, _face.version > known.version)
    came = _one(connection, sa.select(sa.func.count()).select_from(collection_faces).where(*since))
    went = _one(
        connection,
        sa.select(sa.func.count())
        .select_from(collection_removals)
        .where(_removal.collection_id == collection_id)
        .where(_removal.version > known.version, _removal.number <= known.newest),
    )
    newest = _one(
        connection,
        sa.select(_face.number)
        .where(*since)
        .order_by(_face.version.desc(), _face.number.desc())
        .limit(1),
    )
    return _Counted(version, known.count + came - went, max(newest, known.newest))


def _one(connection: sa.Connection, query: sa.Select[Any]) -> int:
    return connection.execute(query).scalar() or 0
