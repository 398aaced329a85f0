"""A collection that is to take another one's place: the same photos, seen with another pack."""

from __future__ import annotations

from collections.abc import Collection, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from kith.adapters.recognition.local.index import index_file
from kith.adapters.recognition.local.store import FaceStore, Pin
from kith.database.faces import (
    collection_faces,
    collection_photos,
    collection_removals,
    collection_vectors,
    collections,
)

if TYPE_CHECKING:
    from kith.database.open import Database
    from kith.domain.photo import PhotoId
    from kith.engine.pack import Pack

_NEXT: Final = ".next/"
"""Between the id of a collection and the pack of the one that is to take its place."""

_TABLES: Final = (collection_photos, collection_faces, collection_removals)
"""What belongs to a collection, except the vectors, which belong to its faces."""


class Succession:
    """What is done to a collection so that another pack's faces can take its place.

    Where the collection is pinned to this pack already, it is completed itself.

    Args:
        database: where the collections lie.
        pack: the new pack.
        collection_id: the collection that is to be replaced.
        index_folder: where its search index is kept between runs.
    """

    def __init__(
        self, database: Database, pack: Pack, collection_id: str, index_folder: Path
    ) -> None:
        self._database = database
        self._replaced = collection_id
        self._index = index_file(index_folder, collection_id)
        self.pin = Pin(pack.name, pack.version, pack.embedder.dimensions)
        self._completes = _pin(database, collection_id) == self.pin
        heir = f"{collection_id}{_NEXT}{self.pin.name}"
        self.collection_id = collection_id if self._completes else heir
        # One that is in the making is not searched, so it needs no index.
        self.index_folder = index_folder if self._completes else None

    def begin(self) -> None:
        """Throw away what was begun with another pack."""
        drop_successors(self._database, self._replaced, but=self.collection_id)

    def indexed(self, photo_ids: Collection[PhotoId]) -> frozenset[PhotoId]:
        """Those of the photos that were looked at with the new pack.

        Where a face was forgotten, its photo counts as long as it has others.
        """
        store = FaceStore(self.collection_id, self.pin)
        with self._database.read() as connection:
            with_faces = {face.photo_id for face in store.faces_of(connection, photo_ids)}
            return store.indexed(connection, photo_ids) | with_faces

    @contextmanager
    def taking_over(self) -> Generator[sa.Connection]:
        """A transaction for the catalog's part; when it ends, the new faces are in place."""
        with self._database.write() as connection:
            yield connection
            # A collection in which nothing was ever kept has no row yet.
            FaceStore(self.collection_id, self.pin).begin_change(connection)
            if not self._completes:
                _succeed(connection, self._replaced, self.collection_id)
                # It holds embeddings of faces that will be gone, and is rebuilt from the database.
                self._index.unlink(missing_ok=True)


def drop_successors(database: Database, collection_id: str, *, but: str = "") -> None:
    """Delete whatever was begun to take this collection's place, except one of this id."""
    query = sa.select(collections.c.id).where(
        collections.c.id.startswith(f"{collection_id}{_NEXT}", autoescape=True)
    )
    with database.read() as connection:
        found = connection.execute(query).scalars().all()
    for heir in found:
        if heir != but:
            with database.write() as connection:
                _drop(connection, heir)


def _drop(connection: sa.Connection, collection_id: str) -> None:
    """Delete a collection with all its faces and embeddings."""
    numbers = sa.select(collection_faces.c.number).where(
        collection_faces.c.collection_id == collection_id
    )
    connection.execute(
        sa.delete(collection_vectors).where(collection_vectors.c.number.in_(numbers))
    )
    for table in _TABLES:
        connection.execute(sa.delete(table).where(table.c.collection_id == collection_id))
    connection.execute(sa.delete(collections).where(collections.c.id == collection_id))


def _succeed(connection: sa.Connection, collection_id: str, heir: str) -> None:
    """Delete a collection, and give its successor its id."""
    _drop(connection, collection_id)
    row = connection.execute(sa.select(collections).where(collections.c.id == heir)).mappings()
    # Copied under the new id first, for the others point at it.
    connection.execute(sa.insert(collections).values({**row.one(), "id": collection_id}))
    for table in _TABLES:
        connection.execute(
            sa.update(table)
            .where(table.c.collection_id == heir)
            .values(collection_id=collection_id)
        )
    connection.execute(sa.delete(collections).where(collections.c.id == heir))


def _pin(database: Database, collection_id: str) -> Pin | None:
    """What a collection is pinned to; ``None`` where nothing was ever kept."""
    query = sa.select(
        collections.c.pack, collections.c.pack_version, collections.c.dimensions
    ).where(collections.c.id == collection_id)
    with database.read() as connection:
        row = connection.execute(query).one_or_none()
    return None if row is None else Pin(*row)
