"""Photos a page at a time, in the order in which they were taken.

The dated photos and the others are asked for one after the other, so that each part is read along
the index ``ix_photos_clock``, and no page costs more than another.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import TypeAlias

import sqlalchemy as sa

from kith.adapters.catalog.sql.reading import Row, rows_in
from kith.database.tables import faces, photos
from kith.domain.person import Standing
from kith.domain.photo import PhotoId
from kith.ports.queries import Month, Order, Page, Position, Tile

_Clause: TypeAlias = "sa.ColumnElement[bool]"

_COLUMNS = (photos.c.photo_id, photos.c.clock, photos.c.arrival)


def read_page(
    connection: sa.Connection,
    meant: _Clause,
    order: Order,
    after: Position | None,
    limit: int,
) -> Page:
    """The next photos of which the clause is true."""
    # One more, to know whether there is more.
    rows: list[Row] = []
    if after is None or after.second is not None:
        rows += _dated(connection, meant, order, after, limit + 1)
    if len(rows) <= limit:
        undated_after = after if after is not None and after.second is None else None
        rows += _undated(connection, meant, order, undated_after, limit + 1 - len(rows))
    shown = rows[:limit]
    end = None
    if len(rows) > limit:
        end = _position(shown[-1])
    return Page(tuple(PhotoId(row[0]) for row in shown), end)


def _position(row: Row) -> Position:
    _, clock, arrival = row
    return Position(clock and datetime.fromisoformat(clock), arrival)


def _dated(
    connection: sa.Connection, meant: _Clause, order: Order, after: Position | None, limit: int
) -> Sequence[Row]:
    query = sa.select(*_COLUMNS).where(photos.c.clock.is_not(None), meant)
    if after is not None and after.second is not None:
        here = sa.tuple_(sa.literal(after.second.isoformat()), sa.literal(after.arrival))
        at = sa.tuple_(photos.c.clock, photos.c.arrival)
        query = query.where(at < here if order is Order.NEWEST else at > here)
    columns = (photos.c.clock, photos.c.arrival)
    ordered = [one.desc() for one in columns] if order is Order.NEWEST else list(columns)
    return connection.execute(query.order_by(*ordered).limit(limit)).all()


def _undated(
    connection: sa.Connection, meant: _Clause, order: Order, after: Position | None, limit: int
) -> Sequence[Row]:
    query = sa.select(*_COLUMNS).where(photos.c.clock.is_(None), meant)
    newest = order is Order.NEWEST
    arrival = photos.c.arrival
    if after is not None:
        here = sa.literal(after.arrival)
        query = query.where(arrival < here if newest else arrival > here)
    query = query.order_by(arrival.desc() if newest else arrival)
    return connection.execute(query.limit(limit)).all()


def read_months(connection: sa.Connection, meant: _Clause) -> Sequence[Month]:
    """The months of the photos of which the clause is true, newest first; the unknown one last."""
    month = sa.func.substr(photos.c.clock, 1, len("2024-06")).label("month")
    query = sa.select(month, sa.func.count()).where(meant).group_by(sa.text("month"))
    counted = {row[0]: row[1] for row in connection.execute(query)}
    dated = sorted((one for one in counted if one is not None), reverse=True)
    months = [Month(date.fromisoformat(f"{one}-01"), counted[one]) for one in dated]
    return [*months, Month(None, counted[None])] if None in counted else months


def read_tiles(connection: sa.Connection, photo_ids: Collection[PhotoId]) -> Mapping[PhotoId, Tile]:
    """What a grid shows of these photos."""
    found = sa.func.coalesce(faces.c.standing, "") != Standing.NOT_A_FACE.value
    face_count = (
        sa.select(sa.func.count()).where(faces.c.photo == photos.c.arrival, found).scalar_subquery()
    )
    query = sa.select(
        photos.c.photo_id,
        photos.c.width,
        photos.c.height,
        photos.c.taken_at,
        face_count,
        photos.c.placeholder,
    )
    return {
        row[0]: Tile(row[0], row[1], row[2], row[3] and datetime.fromisoformat(row[3]), *row[4:])
        for row in rows_in(connection, query, photos.c.photo_id, photo_ids)
    }
