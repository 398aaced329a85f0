"""The faces of a collection that a client fills."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from kith.adapters.recognition.local.collection import LocalFaceCollection
from kith.adapters.recognition.local.store import FaceStore, NewFace
from kith.adapters.recognition.local.user_vectors import UserVectors
from kith.database.faces import DETAIL_COLUMNS, collection_faces, detail_of
from kith.database.rekognition import (
    collection_filings,
    collection_user_faces,
    collection_users,
)
from kith.database.upsert import insert_new
from kith.domain.errors import NotFoundError
from kith.domain.face import Face, FaceDetail, FaceId, Match
from kith.domain.photo import PhotoId
from kith.ports.collections import KeptFace, Removal

if TYPE_CHECKING:
    from kith.database.open import Database
    from kith.engine.engine import Engine
    from kith.engine.pixels import Vectors
    from kith.imaging.picture import Picture

_FACES: Final = uuid.UUID("6d0b5b7a-0b6c-5f5e-9f0e-7b1f2b6b4d4e")
_CHUNK: Final = 1000
"""Ids named in one statement; SQLite takes no more than 32,766 variables."""

_face, _filing = collection_faces.c, collection_filings.c


class LocalKeptFaces:
    """``KeptFaces`` in the database.

    Args:
        engine: finds and tells apart the faces.
        database: where they are kept.
        store: the collection's rows.
        index_folder: where the search index is kept between runs.
    """

    def __init__(
        self, engine: Engine, database: Database, store: FaceStore, index_folder: Path | None
    ) -> None:
        self.store = store
        self._engine = engine
        self._database = database
        self.user_vectors = UserVectors(engine, store)
        self._searched = LocalFaceCollection(
            engine, database, collection_id=store.collection_id, index_folder=index_folder
        )

    def keep(
        self, picture: Picture, external_id: str | None, faces: Mapping[int, FaceDetail], /
    ) -> tuple[KeptFace, ...]:
        """See ``KeptFaces.keep``."""
        filed_under = _filed_under(picture.photo_id, external_id)
        ids = {rank: self._face_id(filed_under, rank) for rank in sorted(faces)}
        with self._database.read() as connection:
            there = self._of_ids(connection, ids.values())
        missing = [rank for rank, face_id in ids.items() if face_id not in there]
        if missing:
            vectors = self.embed(picture, [faces[rank] for rank in missing])
            new_faces = [
                NewFace(Face(ids[rank], filed_under, faces[rank]), rank, vector)
                for rank, vector in zip(missing, vectors, strict=True)
            ]
            there = self._add(picture.photo_id, external_id, new_faces, ids.values())
        return tuple(there[face_id] for face_id in ids.values())

    def page(
        self,
        after: str,
        limit: int,
        /,
        *,
        user_id: str | None = None,
        face_ids: Collection[FaceId] | None = None,
    ) -> Sequence[KeptFace]:
        """See ``KeptFaces.page``."""
        with self._database.read() as connection:
            if user_id is not None:
                of_user = self._of_user(connection, user_id)
                face_ids = of_user if face_ids is None else of_user & set(face_ids)
            if face_ids is None:
                return self._next(connection, after, limit)
            faces = self._of_ids(connection, face_ids).values()
        some = [face for face in faces if _rank(face.place) > _rank(after)]
        return sorted(some, key=lambda face: _rank(face.place))[:limit]

    def remove(self, face_ids: Collection[FaceId], /) -> Removal:
        """See ``KeptFaces.remove``."""
        with self._database.write() as connection:
            there = self._of_ids(connection, face_ids)
            of_users = {id_: face.user_id for id_, face in there.items() if face.user_id}
            free = there.keys() - of_users.keys()
            if free:
                self._remove(connection, free)
        if free:
            self._searched.forgotten()
        return Removal(frozenset(free), of_users)

    def search(self, face_id: FaceId, /, *, min_similarity: float, limit: int) -> tuple[Match, ...]:
        """See ``KeptFaces.search``."""
        (matches,) = self._searched.search([face_id], min_similarity=min_similarity, limit=limit)
        return matches

    def search_by_picture(
        self, picture: Picture, face: FaceDetail, /, *, min_similarity: float, limit: int
    ) -> tuple[Match, ...]:
        """See ``KeptFaces.search_by_picture``."""
        return self._searched.search_by_picture(
            picture, face=face, min_similarity=min_similarity, limit=limit
        ).matches

    def embed(self, picture: Picture, faces: Sequence[FaceDetail]) -> Vectors:
        """The embeddings of a picture's faces."""
        return self._engine.embed_chips(self._engine.chips(picture, faces))

    def begin_change(self, connection: sa.Connection, user_id: str | None = None) -> int:
        """Raise the collection's version, and return it; ``user_id`` is whose faces will change.

        Raises:
            NotFoundError: the collection was deleted meanwhile.
        """
        version = self.store.version(connection)
        if not version:
            raise NotFoundError(f"There is no collection {self.store.collection_id}")
        raised = self.store.begin_change(connection)
        self.user_vectors.changed(version, raised, user_id)
        return raised

    def close(self) -> None:
        """Make the next start quick."""
        self._searched.close()

    def _face_id(self, filed_under: PhotoId, rank: int) -> FaceId:
        """Derived from what was looked at and how, so that doing it again gives the same id."""
        name = f"{self.store.collection_id}/{self.store.pin.name}/{filed_under}/{rank}"
        return FaceId(str(uuid.uuid5(_FACES, name)))

    def _add(
        self,
        picture_id: PhotoId,
        external_id: str | None,
        new_faces: Sequence[NewFace],
        face_ids: Iterable[FaceId],
    ) -> Mapping[FaceId, KeptFace]:
        """Keep faces of one picture, and read back all that are asked for."""
        filed_under = new_faces[0].face.photo_id
        with self._database.write() as connection:
            version = self.begin_change(connection)
            self.store.add(connection, version, [filed_under], new_faces)
            connection.execute(
                insert_new(connection, collection_filings).values(
                    collection_id=self.store.collection_id,
                    photo_id=filed_under,
                    picture_id=picture_id,
                    external_id=external_id,
                )
            )
            return self._of_ids(connection, face_ids)

    def _remove(self, connection: sa.Connection, face_ids: Collection[FaceId]) -> None:
        query = sa.select(_face.photo_id).where(_face.collection_id == self.store.collection_id)
        photos = {
            row.photo_id for some in _chunks(face_ids) for row in _of(connection, query, some)
        }
        self.store.remove(connection, self.begin_change(connection), face_ids)
        empty = ~sa.exists().where(
            _face.collection_id == _filing.collection_id, _face.photo_id == _filing.photo_id
        )
        for some in _chunks(photos):
            connection.execute(
                sa.delete(collection_filings)
                .where(_filing.collection_id == self.store.collection_id)
                .where(_filing.photo_id.in_(some))
                .where(empty)
            )

    def _next(self, connection: sa.Connection, after: str, limit: int) -> list[KeptFace]:
        """The next of all faces.

        They are numbered in the order of the collection's versions, and there is an index of those
        for each collection, while numbers are common to all.
        """
        version, number = _rank(after)
        query = (
            self._select()
            .where(_face.version >= version)
            .where(sa.or_(_face.version > version, _face.number > number))
            .order_by(_face.version, _face.number)
            .limit(limit)
        )
        return [_kept(row) for row in connection.execute(query)]

    def _of_user(self, connection: sa.Connection, user_id: str) -> set[FaceId]:
        query = (
            sa.select(_face.face_id)
            .select_from(collection_users)
            .join(collection_user_faces, collection_user_faces.c.user == collection_users.c.number)
            .join(collection_faces, _face.number == collection_user_faces.c.face)
            .where(collection_users.c.collection_id == self.store.collection_id)
            .where(collection_users.c.user_id == user_id)
        )
        return set(map(FaceId, connection.execute(query).scalars()))

    def _of_ids(
        self, connection: sa.Connection, face_ids: Iterable[FaceId]
    ) -> Mapping[FaceId, KeptFace]:
        rows = (row for some in _chunks(face_ids) for row in _of(connection, self._select(), some))
        return {face.id: face for face in map(_kept, rows)}

    def _select(self) -> sa.Select[Any]:
        return (
            sa.select(
                _face.version,
                _face.number,
                _face.face_id,
                _face.photo_id,
                _filing.picture_id,
                _filing.external_id,
                collection_users.c.user_id,
                *(_face[name] for name in DETAIL_COLUMNS),
            )
            .select_from(collection_faces)
            .outerjoin(
                collection_filings,
                sa.and_(
                    _filing.collection_id == _face.collection_id,
                    _filing.photo_id == _face.photo_id,
                ),
            )
            .outerjoin(collection_user_faces, collection_user_faces.c.face == _face.number)
            .outerjoin(collection_users, collection_users.c.number == collection_user_faces.c.user)
            .where(_face.collection_id == self.store.collection_id)
        )


def _filed_under(picture_id: PhotoId, external_id: str | None) -> PhotoId:
    """Under what a picture's faces are kept: the same again for the same picture and external id.

    A client that calls the picture by its photo id gets what Kith itself would keep.
    """
    if external_id is None:
        return PhotoId(secrets.token_hex(32))
    if external_id == picture_id:
        return picture_id
    return PhotoId(hashlib.sha256(f"{external_id}/{picture_id}".encode()).hexdigest())


def _chunks(values: Iterable[Any]) -> Iterable[Sequence[Any]]:
    ordered = sorted(set(values))
    return (ordered[start : start + _CHUNK] for start in range(0, len(ordered), _CHUNK))


def _of(
    connection: sa.Connection, query: sa.Select[Any], face_ids: Sequence[FaceId]
) -> Sequence[sa.Row[Any]]:
    return connection.execute(query.where(_face.face_id.in_(face_ids))).all()


def _rank(place: str) -> tuple[int, int]:
    """A place as version and number."""
    version, _, number = place.partition(".")
    return int(version or 0), int(number or 0)


def _kept(row: sa.Row[Any]) -> KeptFace:
    """A face as it was read; one that was filed under nothing else is of the library."""
    of_library = row.picture_id is None
    return KeptFace(
        place=f"{row.version}.{row.number}",
        id=FaceId(row.face_id),
        detail=detail_of(row[-len(DETAIL_COLUMNS) :]),
        picture_id=PhotoId(row.photo_id if of_library else row.picture_id),
        external_id=row.photo_id if of_library else row.external_id,
        user_id=row.user_id,
    )
