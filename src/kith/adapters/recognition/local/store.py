"""The rows of one collection: every statement that the local collection sends to the database."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from kith.database.faces import (
    DETAIL_COLUMNS,
    collection_faces,
    collection_photos,
    collection_removals,
    collection_vectors,
    collections,
    detail_of,
    detail_values,
)
from kith.database.upsert import insert_new
from kith.domain.errors import LibraryDamagedError, PackMismatchError
from kith.domain.face import Face, FaceId
from kith.domain.photo import PhotoId
from kith.engine.pixels import Vectors

if TYPE_CHECKING:
    from kith.database.open import Database

    _Query: TypeAlias = sa.Select[*tuple[Any, ...]]
    _Row: TypeAlias = sa.Row[*tuple[Any, ...]]

_CHUNK: Final = 1000
"""Ids named in one statement; SQLite takes no more than 32,766 variables."""

_PAGE: Final = 4096
"""Rows read at once."""

Ids: TypeAlias = tuple[FaceId, PhotoId]

_T = TypeVar("_T")
_faces = collection_faces.c
_detail_columns = [_faces[name] for name in DETAIL_COLUMNS]


@dataclass(frozen=True, slots=True)
class Pin:
    """The pack that a collection is pinned to."""

    pack: str
    version: str
    dimensions: int

    @property
    def name(self) -> str:
        """The pack's name and version, for messages and files."""
        return f"{self.pack} {self.version}"


@dataclass(frozen=True, slots=True)
class NewFace:
    """A face to keep, with its embedding; ``rank`` is 0 for the photo's largest."""

    face: Face
    rank: int
    vector: NDArray[np.float32]


def pinned_pack(database: Database, collection_id: str) -> str | None:
    """The name of the pack that a collection is pinned to; ``None`` where nothing was ever kept."""
    with database.read() as connection:
        return connection.execute(
            sa.select(collections.c.pack).where(collections.c.id == collection_id)
        ).scalar_one_or_none()


class FaceStore:
    """One collection's rows.

    Args:
        collection_id: which collection.
        pin: the pack that its vectors are of.
    """

    def __init__(self, collection_id: str, pin: Pin) -> None:
        self.collection_id = collection_id
        self.pin = pin

    def version(self, connection: sa.Connection) -> int:
        """The collection's version; 0 where nothing was ever kept.

        Raises:
            PackMismatchError: the collection is pinned to another pack.
        """
        row = connection.execute(
            sa.select(
                collections.c.pack,
                collections.c.pack_version,
                collections.c.dimensions,
                collections.c.version,
            ).where(collections.c.id == self.collection_id)
        ).one_or_none()
        if row is None:
            return 0
        self._check_pin(Pin(row.pack, row.pack_version, row.dimensions))
        return row.version

    def begin_change(self, connection: sa.Connection) -> int:
        """Raise the collection's version, and return it; makes the collection where there is none.

        Versions are times in nanoseconds where the clock runs on: so a database that was put back
        from a backup does not take a version that an index has seen with other content.
        """
        connection.execute(
            insert_new(connection, collections).values(
                id=self.collection_id,
                pack=self.pin.pack,
                pack_version=self.pin.version,
                dimensions=self.pin.dimensions,
                version=0,
            )
        )
        version = max(self.version(connection) + 1, time.time_ns())
        connection.execute(
            sa.update(collections)
            .where(collections.c.id == self.collection_id)
            .values(version=version)
        )
        return version

    def indexed(
        self, connection: sa.Connection, photo_ids: Collection[PhotoId]
    ) -> frozenset[PhotoId]:
        """Those of the photos that were indexed, with faces or without."""
        column = collection_photos.c.photo_id
        query = sa.select(column).where(collection_photos.c.collection_id == self.collection_id)
        rows = _for_each(connection, query, column, photo_ids)
        return frozenset(PhotoId(row.photo_id) for row in rows)

    def add(
        self,
        connection: sa.Connection,
        version: int,
        photo_ids: Collection[PhotoId],
        new_faces: Sequence[NewFace],
    ) -> None:
        """Keep faces, and that these photos were indexed; faces that are there stay as they are."""
        if photo_ids:
            connection.execute(
                insert_new(connection, collection_photos),
                [{"collection_id": self.collection_id, "photo_id": id_} for id_ in photo_ids],
            )
        there = self.vectors(connection, [new.face.id for new in new_faces])
        missing = [new for new in new_faces if new.face.id not in there]
        if not missing:
            return
        numbers = connection.execute(
            sa.insert(collection_faces).returning(_faces.number, sort_by_parameter_order=True),
            [self._row_of(new, version) for new in missing],
        ).scalars()
        connection.execute(
            sa.insert(collection_vectors),
            [
                {"number": number, "vector": new.vector.astype("<f4").tobytes()}
                for number, new in zip(numbers, missing, strict=True)
            ],
        )

    def remove(
        self, connection: sa.Connection, version: int, face_ids: Collection[FaceId]
    ) -> frozenset[FaceId]:
        """Delete faces, with their embeddings; returns those that were there."""
        query = self._select(_faces.number, _faces.face_id, _faces.photo_id)
        rows = list(_for_each(connection, query, _faces.face_id, face_ids))
        removal = {"collection_id": self.collection_id, "version": version}
        for some in _chunks(rows):
            numbers = [row.number for row in some]
            connection.execute(
                sa.insert(collection_removals), [{"number": n, **removal} for n in numbers]
            )
            for table in (collection_vectors, collection_faces):
                connection.execute(sa.delete(table).where(table.c.number.in_(numbers)))
            connection.execute(
                sa.delete(collection_photos)
                .where(collection_photos.c.collection_id == self.collection_id)
                .where(collection_photos.c.photo_id.in_({row.photo_id for row in some}))
            )
        return frozenset(FaceId(row.face_id) for row in rows)

    def faces_of(self, connection: sa.Connection, photo_ids: Collection[PhotoId]) -> Iterator[Face]:
        """The faces of these photos, by photo id and rank."""
        query = self._select(_faces.face_id, _faces.photo_id, *_detail_columns)
        query = query.order_by(_faces.photo_id, _faces.rank)
        for row in _for_each(connection, query, _faces.photo_id, photo_ids):
            yield _face_of(row)

    def next_rank(self, connection: sa.Connection, photo_id: PhotoId) -> int:
        """The rank behind those of all faces of a photo."""
        query = self._select(sa.func.max(_faces.rank)).where(_faces.photo_id == photo_id)
        last = connection.execute(query).scalar_one()
        return 0 if last is None else last + 1

    def page(
        self, connection: sa.Connection, after: tuple[str, int]
    ) -> tuple[list[Face], tuple[str, int] | None]:
        """The next faces by photo id and rank, and where they end; ``None`` if nothing follows."""
        rows = connection.execute(
            self._select(_faces.face_id, _faces.photo_id, *_detail_columns, _faces.rank)
            .where(sa.tuple_(_faces.photo_id, _faces.rank) > after)
            .order_by(_faces.photo_id, _faces.rank)
            .limit(_PAGE)
        ).all()
        end = (rows[-1].photo_id, rows[-1].rank) if len(rows) == _PAGE else None
        return [_face_of(row) for row in rows], end

    def vectors(
        self, connection: sa.Connection, face_ids: Collection[FaceId]
    ) -> Mapping[FaceId, NDArray[np.float32]]:
        """The embeddings of these faces; unknown ids are left out."""
        query = self._select(_faces.face_id, collection_vectors.c.vector).join(
            collection_vectors, collection_vectors.c.number == _faces.number
        )
        rows = _for_each(connection, query, _faces.face_id, face_ids)
        return {FaceId(row.face_id): self._vectors_of([row.vector])[0] for row in rows}

    def ids(self, connection: sa.Connection, numbers: Collection[int]) -> Mapping[int, Ids]:
        """The face and photo ids of these numbers; those that are gone are left out."""
        # By number alone, which no two collections share: asked for the collection, too, SQLite
        # walks over all of its faces.
        query = sa.select(_faces.number, _faces.face_id, _faces.photo_id)
        rows = _for_each(connection, query, _faces.number, numbers)
        return {number: (FaceId(face), PhotoId(photo)) for number, face, photo in rows}

    def added(
        self, connection: sa.Connection, after: int
    ) -> Iterator[tuple[NDArray[np.int64], list[str], Vectors]]:
        """What was added after a version, in order: numbers, face ids and embeddings, in parts."""
        # They are numbered in the order of the versions: so the index of those has them in order,
        # and nothing is sorted, which took as long as reading.
        query = (
            self._select(_faces.number, _faces.face_id, collection_vectors.c.vector)
            .join(collection_vectors, collection_vectors.c.number == _faces.number)
            .where(_faces.version > after)
            .order_by(_faces.version, _faces.number)
            .execution_options(stream_results=True)
        )
        for rows in connection.execute(query).partitions(_PAGE):
            numbers, face_ids, blobs = zip(*rows, strict=True)
            yield np.array(numbers, np.int64), list(face_ids), self._vectors_of(blobs)

    def removed(self, connection: sa.Connection, after: int) -> NDArray[np.int64]:
        """The numbers of the faces that were removed after a version, ascending."""
        rows = connection.execute(
            sa.select(collection_removals.c.number)
            .where(collection_removals.c.collection_id == self.collection_id)
            .where(collection_removals.c.version > after)
            .order_by(collection_removals.c.number)
        )
        return np.array(rows.scalars().all(), np.int64)

    def count(self, connection: sa.Connection) -> int:
        """How many faces there are."""
        return connection.execute(self._select(sa.func.count())).scalar_one()

    def _select(self, *columns: sa.ColumnElement[Any]) -> _Query:
        return (
            sa.select(*columns)
            .select_from(collection_faces)
            .where(_faces.collection_id == self.collection_id)
        )

    def _check_pin(self, pin: Pin) -> None:
        if pin != self.pin:
            raise PackMismatchError(
                f"The library's faces are of model pack {pin.name}, not of {self.pin.name}",
                f"Choose that pack with --pack {pin.pack} or KITH_PACK={pin.pack}, or move the "
                f"library with `kith models migrate {self.pin.pack}`.",
            )

    def _row_of(self, new: NewFace, version: int) -> dict[str, object]:
        return {
            "collection_id": self.collection_id,
            "face_id": new.face.id,
            "photo_id": new.face.photo_id,
            "rank": new.rank,
            "version": version,
            **detail_values(new.face.detail),
        }

    def _vectors_of(self, blobs: Sequence[bytes]) -> Vectors:
        if not {*map(len, blobs)} <= {4 * self.pin.dimensions}:
            raise LibraryDamagedError(
                "An embedding in the library has the wrong length",
                "Restore the library from a backup, or move it away and index the photos again.",
            )
        vectors = np.frombuffer(b"".join(blobs), "<f4").astype(np.float32, copy=False)
        return vectors.reshape(len(blobs), self.pin.dimensions)


def _for_each(
    connection: sa.Connection,
    query: _Query,
    column: sa.ColumnElement[Any],
    values: Collection[Any],
) -> Iterator[_Row]:
    """The rows whose column has one of the values, the values in ascending order by parts."""
    # Bound as a whole: wrapping each value as a literal costs more than finding its row.
    among = query.where(column.in_(sa.bindparam("among", expanding=True)))
    for some in _chunks(sorted(set(values))):
        yield from connection.execute(among, {"among": some})


def _chunks(values: Sequence[_T]) -> Iterable[Sequence[_T]]:
    return (values[start : start + _CHUNK] for start in range(0, len(values), _CHUNK))


def _face_of(row: _Row) -> Face:
    values = row[2 : 2 + len(DETAIL_COLUMNS)]
    return Face(FaceId(row.face_id), PhotoId(row.photo_id), detail_of(values))
