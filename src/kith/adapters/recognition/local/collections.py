"""The collections of a database: made, listed, tagged and deleted."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import sqlalchemy as sa

from kith.adapters.recognition.local.counts import FaceCounts
from kith.adapters.recognition.local.index import index_file
from kith.adapters.recognition.local.kept import LocalKeptFaces
from kith.adapters.recognition.local.store import FaceStore, Pin
from kith.adapters.recognition.local.users import LocalUsers
from kith.database.faces import (
    collection_faces,
    collection_photos,
    collection_removals,
    collection_vectors,
    collections,
)
from kith.database.rekognition import collection_tags, collection_users, named_collections
from kith.database.upsert import insert_or_replace
from kith.domain.errors import NotFoundError, UsageError
from kith.ports.collections import (
    AlreadyThereError,
    CollectionFacts,
    Listed,
    ProtectedCollectionError,
)

if TYPE_CHECKING:
    from kith.database.open import Database
    from kith.engine.engine import Engine

    _Query: TypeAlias = sa.Select[*tuple[Any, ...]]

_MOST_OPEN: Final = 256
"""Collections whose search index is held in memory; the one that was not used for longest goes."""

_LIBRARY_NUMBER: Final = 0
"""Before all that clients make, which begin at 1."""


@dataclass(frozen=True, slots=True)
class LocalCollection:
    """An ``OpenCollection`` in the database."""

    number: int
    faces: LocalKeptFaces
    users: LocalUsers


class LocalCollections:
    """``Collections`` that lie in the library's database, beside its own.

    Args:
        engine: finds and tells apart the faces.
        database: where they are kept.
        index_folder: where search indexes are kept between runs.
        library: the collection that holds the faces of the library's photos. It is there once
            there is a photo, and can be read here, but not be changed.
    """

    def __init__(
        self,
        engine: Engine,
        database: Database,
        *,
        index_folder: Path | None = None,
        library: str = "library",
    ) -> None:
        pack = engine.pack
        self._engine = engine
        self._database = database
        self._folder = index_folder
        self._library = library
        self._pin = Pin(pack.name, pack.version, pack.embedder.dimensions)
        self._counts = FaceCounts()
        self._lock = threading.Lock()
        self._opened: OrderedDict[str, LocalCollection] = OrderedDict()

    @property
    def model_version(self) -> str:
        """See ``Collections.model_version``."""
        return self._pin.version

    def create(self, collection_id: str, tags: Mapping[str, str], /) -> None:
        """See ``Collections.create``."""
        with self._database.write() as connection:
            there = sa.select(collections.c.id).where(collections.c.id == collection_id)
            if collection_id == self._library or connection.execute(there).first():
                raise AlreadyThereError(f"There is a collection {collection_id} already")
            FaceStore(collection_id, self._pin).begin_change(connection)
            connection.execute(
                sa.insert(named_collections).values(
                    collection_id=collection_id, created=time.time()
                )
            )
            _write_tags(connection, collection_id, tags)

    def page(self, after: int, limit: int, /) -> Sequence[Listed]:
        """See ``Collections.page``."""
        number = self._number()
        with self._database.read() as connection:
            rows = connection.execute(
                self._known(number, collections.c.id, collections.c.pack_version)
                .where(number > after)
                .order_by(number)
                .limit(limit)
            )
            return [Listed(*row) for row in rows]

    def describe(self, collection_id: str, /) -> CollectionFacts:
        """See ``Collections.describe``."""
        with self._database.read() as connection:
            number = self._require(connection, collection_id)
            pack, pack_version, version, created = connection.execute(
                self._known(
                    collections.c.pack,
                    collections.c.pack_version,
                    collections.c.version,
                    named_collections.c.created,
                ).where(collections.c.id == collection_id)
            ).one()
            if created is None:
                created = (_first_version(connection, collection_id) or version) / 1e9
            # A library's faces of another pack are others, with versions of their own.
            which = (number, pack, pack_version)
            return CollectionFacts(
                number,
                collection_id,
                pack_version,
                datetime.fromtimestamp(created, UTC),
                self._counts.of(connection, collection_id, version, which),
                _count(connection, collection_users, collection_id),
            )

    def open(self, collection_id: str, /, *, writing: bool = False) -> LocalCollection:
        """See ``Collections.open``."""
        with self._database.read() as connection:
            number = self._require(connection, collection_id, writing=writing)
        with self._lock:
            opened = self._opened.get(collection_id)
            # Another process may have deleted it, and made another one of that name.
            if opened is None or opened.number != number:
                opened = self._open(collection_id, number)
                self._opened[collection_id] = opened
            self._opened.move_to_end(collection_id)
            while len(self._opened) > _MOST_OPEN:
                self._opened.popitem(last=False)[1].faces.close()
            return opened

    def delete(self, collection_id: str, /) -> None:
        """See ``Collections.delete``."""
        with self._database.write() as connection:
            self._require(connection, collection_id, writing=True)
            _delete(connection, collection_id)
        with self._lock:
            self._opened.pop(collection_id, None)
        if self._folder is not None:
            with suppress(OSError):
                index_file(self._folder, collection_id).unlink(missing_ok=True)

    def tags(self, collection_id: str, /) -> Mapping[str, str]:
        """See ``Collections.tags``."""
        with self._database.read() as connection:
            self._require(connection, collection_id)
            rows = connection.execute(
                sa.select(collection_tags.c.key, collection_tags.c.value)
                .where(collection_tags.c.collection_id == collection_id)
                .order_by(collection_tags.c.key)
            )
            return {row.key: row.value for row in rows}

    def tag(self, collection_id: str, tags: Mapping[str, str], most: int, /) -> None:
        """See ``Collections.tag``."""
        with self._database.write() as connection:
            self._require(connection, collection_id, writing=True)
            _write_tags(connection, collection_id, tags)
            if _count(connection, collection_tags, collection_id) > most:
                raise UsageError(f"A collection may have {most} tags")

    def untag(self, collection_id: str, keys: Collection[str], /) -> None:
        """See ``Collections.untag``."""
        with self._database.write() as connection:
            self._require(connection, collection_id, writing=True)
            connection.execute(
                sa.delete(collection_tags)
                .where(collection_tags.c.collection_id == collection_id)
                .where(collection_tags.c.key.in_(keys))
            )

    def close(self) -> None:
        """Make the next start quick; call it when the last search is over. Keeps nothing open."""
        with self._lock:
            while self._opened:
                self._opened.popitem()[1].faces.close()

    def _open(self, collection_id: str, number: int) -> LocalCollection:
        faces = LocalKeptFaces(
            self._engine, self._database, FaceStore(collection_id, self._pin), self._folder
        )
        return LocalCollection(number, faces, LocalUsers(self._engine, self._database, faces))

    def _require(
        self, connection: sa.Connection, collection_id: str, *, writing: bool = False
    ) -> int:
        """The collection's number.

        Raises:
            NotFoundError: there is no such collection.
            ProtectedCollectionError: it is to be changed, and is the library's own.
        """
        number = connection.execute(
            self._known(self._number()).where(collections.c.id == collection_id)
        ).scalar_one_or_none()
        if number is None:
            raise NotFoundError(f"There is no collection {collection_id}")
        if writing and collection_id == self._library:
            raise ProtectedCollectionError(
                f"The collection {collection_id} has the faces of the library's photos",
                "Change them with `kith add` and `kith forget`.",
            )
        return number

    def _known(self, *columns: sa.ColumnElement[Any]) -> _Query:
        """Of the collections that are shown here: not those that are to take another's place."""
        return (
            sa.select(*columns)
            .select_from(collections)
            .outerjoin(named_collections, named_collections.c.collection_id == collections.c.id)
            .where(
                sa.or_(named_collections.c.number.is_not(None), collections.c.id == self._library)
            )
        )

    @staticmethod
    def _number() -> sa.ColumnElement[int]:
        return sa.func.coalesce(named_collections.c.number, _LIBRARY_NUMBER)


def _write_tags(connection: sa.Connection, collection_id: str, tags: Mapping[str, str]) -> None:
    if tags:
        connection.execute(
            insert_or_replace(connection, collection_tags, ["value"]),
            [{"collection_id": collection_id, "key": k, "value": v} for k, v in tags.items()],
        )


def _first_version(connection: sa.Connection, collection_id: str) -> int | None:
    """When the oldest of the faces was kept, in nanoseconds since 1970."""
    return connection.execute(
        sa.select(sa.func.min(collection_faces.c.version)).where(
            collection_faces.c.collection_id == collection_id
        )
    ).scalar_one()


def _count(connection: sa.Connection, table: sa.Table, collection_id: str) -> int:
    return connection.execute(
        sa.select(sa.func.count()).select_from(table).where(table.c.collection_id == collection_id)
    ).scalar_one()


def _delete(connection: sa.Connection, collection_id: str) -> None:
    """Delete a collection; what clients said of it goes with its row."""
    numbers = sa.select(collection_faces.c.number).where(
        collection_faces.c.collection_id == collection_id
    )
    connection.execute(
        sa.delete(collection_vectors).where(collection_vectors.c.number.in_(numbers))
    )
    for table in (collection_faces, collection_photos, collection_removals):
        connection.execute(sa.delete(table).where(table.c.collection_id == collection_id))
    connection.execute(sa.delete(collections).where(collections.c.id == collection_id))
