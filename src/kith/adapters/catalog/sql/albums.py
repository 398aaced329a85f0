"""The port ``Albums`` over a relational database."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa

from kith.adapters.catalog.sql.reading import Row, chunks
from kith.database.albums import album_photos, albums
from kith.database.open import Database
from kith.database.upsert import insert_new
from kith.domain.album import Album, FolderAlbum, PickedAlbum, QueryAlbum, album_key, name_key
from kith.domain.errors import NotFoundError
from kith.domain.photo import PhotoId


class SqlAlbums:
    """The shelf of one library in a database, which stays the caller's to close."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def saved(self) -> Sequence[Album]:
        """Every album that was saved, in the order in which they first were."""
        query = sa.select(albums.c.kind, albums.c.name, albums.c.query, albums.c.feature)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(albums.c.number)).all()
        return [_album_of(row) for row in rows]

    def save(self, album: Album, /) -> None:
        """Keep the album in the place of the one with its key, or as a new one."""
        row = _row_of(album)
        with self._database.write() as connection:
            known = _number(connection, row["album_key"])
            if known is None:
                connection.execute(sa.insert(albums), row)
                return
            connection.execute(sa.update(albums).where(albums.c.number == known), row)
            if not isinstance(album, PickedAlbum):
                connection.execute(sa.delete(album_photos).where(album_photos.c.album == known))

    def remove(self, album: Album, /) -> None:
        """Forget the album with this one's key, and what was picked into it."""
        with self._database.write() as connection:
            connection.execute(sa.delete(albums).where(albums.c.album_key == album_key(album)))

    def pick(self, name: str, photo_ids: Collection[PhotoId], /) -> None:
        """Put photos into an album that is picked by hand."""
        with self._database.write() as connection:
            number = _require_picked(connection, name)
            rows = [{"album": number, "photo_id": photo_id} for photo_id in photo_ids]
            if rows:
                connection.execute(insert_new(connection, album_photos), rows)

    def unpick(self, name: str, photo_ids: Collection[PhotoId], /) -> None:
        """Take photos out of an album that is picked by hand."""
        with self._database.write() as connection:
            number = _require_picked(connection, name)
            for chunk in chunks(photo_ids):
                here = sa.and_(album_photos.c.album == number, album_photos.c.photo_id.in_(chunk))
                connection.execute(sa.delete(album_photos).where(here))

    def picked(self, name: str, /) -> frozenset[PhotoId]:
        """What was picked into the album of that name."""
        query = (
            sa.select(album_photos.c.photo_id)
            .join_from(album_photos, albums)
            .where(albums.c.album_key == name_key(name))
        )
        with self._database.read() as connection:
            return frozenset(PhotoId(photo_id) for photo_id in connection.scalars(query))


def _number(connection: sa.Connection, key: str) -> int | None:
    return connection.scalar(sa.select(albums.c.number).where(albums.c.album_key == key))


def _require_picked(connection: sa.Connection, name: str) -> int:
    query = sa.select(albums.c.number).where(
        albums.c.album_key == name_key(name), albums.c.kind == "picked"
    )
    number = connection.scalar(query)
    if number is None:
        raise NotFoundError(f"there is no album {name!r} that is picked by hand")
    return number


def _row_of(album: Album) -> dict[str, Any]:
    row: dict[str, Any] = {"album_key": album_key(album), "feature": album.feature, "query": None}
    match album:
        case FolderAlbum():
            return row | {"kind": "folder", "name": album.path}
        case QueryAlbum():
            return row | {"kind": "query", "name": album.name, "query": album.query}
        case PickedAlbum():
            return row | {"kind": "picked", "name": album.name}


def _album_of(row: Row) -> Album:
    kind, name, query, feature = row
    match kind:
        case "folder":
            return FolderAlbum(name, feature)
        case "query":
            return QueryAlbum(name, query, feature)
        case _:
            return PickedAlbum(name, feature)
