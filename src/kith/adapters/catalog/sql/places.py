"""The files that hold photos, or were refused, in the table of places."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from kith.adapters.catalog.sql.reading import PAGE, Query, Row, chunks
from kith.database.open import Database
from kith.database.tables import photos, places
from kith.database.upsert import insert_or_replace
from kith.domain.photo import Place, Problem
from kith.ports.catalog import KnownPlace

# -- writing ---------------------------------------------------------------------------------------


def put(connection: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write these rows over whatever is known of their files."""
    if rows:
        replaced = [column.name for column in places.c if not column.primary_key]
        connection.execute(insert_or_replace(connection, places, replaced), rows)


def remove(connection: sa.Connection, paths: Collection[str]) -> None:
    """Take files away."""
    for chunk in chunks(paths):
        connection.execute(sa.delete(places).where(places.c.path.in_(chunk)))


# -- reading ---------------------------------------------------------------------------------------


def read_known(database: Database, under: str) -> Iterator[KnownPlace]:
    """Every known file that is ``under`` or lies below it, ordered by path."""
    query = sa.select(
        places.c.path, places.c.byte_size, places.c.modified_ns, photos.c.photo_id
    ).outerjoin_from(places, photos)
    for path, byte_size, modified_ns, photo_id in _pages(database, query, under):
        yield KnownPlace(Place(path, byte_size, modified_ns), photo_id)


def read_problems(database: Database, under: str, after: str | None) -> Iterator[Problem]:
    """The refused files that are ``under`` or lie below it, ordered by path."""
    query = sa.select(
        places.c.path, places.c.byte_size, places.c.modified_ns, places.c.reason, places.c.advice
    ).where(places.c.photo.is_(None))
    for path, byte_size, modified_ns, reason, advice in _pages(database, query, under, after):
        yield Problem(Place(path, byte_size, modified_ns), reason, advice)


def _pages(database: Database, query: Query, under: str, after: str | None = None) -> Iterator[Row]:
    for span in _spans(under):
        last = after
        page = query.where(span).order_by(places.c.path).limit(PAGE)
        while rows := _page_after(database, page, last):
            yield from rows
            if len(rows) < PAGE:
                break
            last = rows[-1][0]


def _page_after(database: Database, page: Query, last: str | None) -> Sequence[Row]:
    after = page if last is None else page.where(places.c.path > last)
    with database.read() as connection:
        return connection.execute(after).all()


def _spans(under: str) -> Iterator[sa.ColumnElement[bool]]:
    """Conditions that the index answers, in the order of the paths that they hold."""
    folder = under.rstrip(os.sep)
    if not under:
        yield sa.true()
        return
    if folder:
        yield places.c.path == folder
    # What begins with "folder/" sorts from there to before "folder0", "0" being the next character.
    yield sa.and_(places.c.path >= folder + os.sep, places.c.path < folder + chr(ord(os.sep) + 1))
