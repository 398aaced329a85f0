"""Photos, their places and their faces in the tables."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from kith.adapters.catalog.sql.reading import PAGE, Query, Row, chunks, rows_in
from kith.adapters.catalog.sql.rows import (
    FACE_COLUMNS,
    PHOTO_COLUMNS,
    face_of,
    face_row,
    photo_of,
    photo_row,
    place_row,
)
from kith.database.open import Database
from kith.database.tables import faces, photos, places
from kith.database.upsert import insert_new
from kith.domain.errors import NotFoundError
from kith.domain.face import Face, FaceId
from kith.domain.photo import Photo, PhotoId, Place
from kith.ports.catalog import PhotoRecord

# -- writing ---------------------------------------------------------------------------------------


def keep(connection: sa.Connection, records: Sequence[PhotoRecord]) -> Sequence[Mapping[str, Any]]:
    """Keep the new ones of these photos and their faces; returns the rows of all their places."""
    known = arrivals(connection, {record.photo.id for record in records})
    new: dict[PhotoId, PhotoRecord] = {}
    for record in records:
        if record.photo.id not in known:
            new.setdefault(record.photo.id, record)
    if new:
        known |= _keep_new(connection, new)
    return [place_row(record.place, known[record.photo.id]) for record in records]


def keep_faces(connection: sa.Connection, new: Sequence[Face]) -> None:
    """Keep more faces of known photos; those that are there already stay as they are."""
    known = arrivals(connection, {face.photo_id for face in new})
    rows = [face_row(face, known[face.photo_id]) for face in new if face.photo_id in known]
    if rows:
        connection.execute(insert_new(connection, faces), rows)


def arrivals(connection: sa.Connection, photo_ids: Collection[PhotoId]) -> dict[PhotoId, int]:
    """The arrivals of these photos; unknown ones are left out."""
    query = sa.select(photos.c.photo_id, photos.c.arrival)
    return {row[0]: row[1] for row in rows_in(connection, query, photos.c.photo_id, photo_ids)}


def arrivals_of_all(
    connection: sa.Connection, photo_ids: Collection[PhotoId]
) -> dict[PhotoId, int]:
    """The arrivals of these photos.

    Raises:
        NotFoundError: a photo is not known.
    """
    known = arrivals(connection, photo_ids)
    for photo_id in photo_ids:
        if photo_id not in known:
            raise NotFoundError(f"the library has no photo {photo_id}")
    return known


def remove(connection: sa.Connection, photo_ids: Collection[PhotoId]) -> None:
    """Take photos away, and with them their places, faces, seats and appearances."""
    for chunk in chunks(photo_ids):
        connection.execute(sa.delete(photos).where(photos.c.photo_id.in_(chunk)))


def _keep_new(
    connection: sa.Connection, records: Mapping[PhotoId, PhotoRecord]
) -> dict[PhotoId, int]:
    connection.execute(
        insert_new(connection, photos),
        [photo_row(record.photo, record.placeholder) for record in records.values()],
    )
    new = arrivals(connection, records.keys())
    rows = [
        face_row(face, new[photo_id])
        for photo_id, record in records.items()
        for face in record.faces
    ]
    if rows:
        connection.execute(insert_new(connection, faces), rows)
    return new


def keep_placeholders(connection: sa.Connection, made: Mapping[PhotoId, bytes]) -> None:
    """Keep the placeholders of those of these photos that are known."""
    connection.execute(
        sa.update(photos)
        .where(photos.c.photo_id == sa.bindparam("which"))
        .values(placeholder=sa.bindparam("made")),
        [{"which": photo_id, "made": data} for photo_id, data in made.items()],
    )


# -- reading ---------------------------------------------------------------------------------------


def read_photos(database: Database, photo_ids: Collection[PhotoId] | None) -> Iterator[Photo]:
    """These photos, or all, in order of arrival."""
    query = sa.select(*PHOTO_COLUMNS).order_by(photos.c.arrival)
    return map(photo_of, _pages(database, query, photo_ids))


def read_faces(database: Database, photo_ids: Collection[PhotoId] | None) -> Iterator[Face]:
    """The faces of these photos, or all; in order of arrival, then largest box first."""
    area = faces.c.box_width * faces.c.box_height
    query = (
        sa.select(*FACE_COLUMNS)
        .join_from(photos, faces)
        .order_by(photos.c.arrival, area.desc(), faces.c.face_id)
    )
    return map(face_of, _pages(database, query, photo_ids))


def faces_by_id(connection: sa.Connection, face_ids: Collection[FaceId]) -> dict[FaceId, Face]:
    """These faces; unknown ids are left out."""
    query = sa.select(*FACE_COLUMNS).join_from(photos, faces)
    found = map(face_of, rows_in(connection, query, faces.c.face_id, face_ids))
    return {face.id: face for face in found}


def face_numbers(connection: sa.Connection, face_ids: Collection[FaceId]) -> dict[FaceId, int]:
    """The numbers of these faces in the tables; unknown ids are left out."""
    query = sa.select(faces.c.face_id, faces.c.number)
    return {row[0]: row[1] for row in rows_in(connection, query, faces.c.face_id, face_ids)}


def places_of(
    connection: sa.Connection, photo_ids: Collection[PhotoId]
) -> dict[PhotoId, tuple[Place, ...]]:
    """Where these photos lie, ordered by path."""
    query = sa.select(
        photos.c.photo_id, places.c.path, places.c.byte_size, places.c.modified_ns
    ).outerjoin_from(photos, places)
    found: dict[PhotoId, list[Place]] = {}
    for photo_id, path, byte_size, modified_ns in rows_in(
        connection, query, photos.c.photo_id, photo_ids
    ):
        lying = found.setdefault(photo_id, [])
        if path is not None:
            lying.append(Place(path, byte_size, modified_ns))
    return {photo_id: tuple(sorted(lying, key=_path)) for photo_id, lying in found.items()}


def placeholders(connection: sa.Connection, photo_ids: Collection[PhotoId]) -> dict[PhotoId, bytes]:
    """The placeholders of these photos; those without one are left out."""
    query = sa.select(photos.c.photo_id, photos.c.placeholder)
    made = query.where(photos.c.placeholder.is_not(None))
    return {row[0]: row[1] for row in rows_in(connection, made, photos.c.photo_id, photo_ids)}


def _path(place: Place) -> str:
    return place.path


def _pages(
    database: Database,
    query: Query,
    photo_ids: Collection[PhotoId] | None,
) -> Iterator[Row]:
    spans = _every_span(database) if photo_ids is None else _spans_of(database, photo_ids)
    for span in spans:
        with database.read() as connection:
            rows = connection.execute(query.where(span)).all()
        yield from rows


def _every_span(database: Database) -> Iterator[sa.ColumnElement[bool]]:
    """Conditions that hold the photos between them, a page at a time, in order of arrival."""
    last = 0
    while arrived := _arrived_after(database, last):
        last = arrived[-1]
        yield photos.c.arrival.between(arrived[0], last)


def _spans_of(
    database: Database, photo_ids: Collection[PhotoId]
) -> Iterator[sa.ColumnElement[bool]]:
    with database.read() as connection:
        found = sorted(arrivals(connection, photo_ids).values())
    return (photos.c.arrival.in_(chunk) for chunk in chunks(found))


def _arrived_after(database: Database, last: int) -> Sequence[int]:
    query = sa.select(photos.c.arrival).where(photos.c.arrival > last)
    with database.read() as connection:
        return connection.scalars(query.order_by(photos.c.arrival).limit(PAGE)).all()
