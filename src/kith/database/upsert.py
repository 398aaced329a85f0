"""Inserting rows that may be there already, in SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite


def insert_new(connection: sa.Connection, table: sa.Table) -> sa.Insert:
    """An insert that leaves out rows whose key, or other unique column, is there already."""
    return _insert(connection, table).on_conflict_do_nothing()


def insert_or_replace(
    connection: sa.Connection, table: sa.Table, replaced: Collection[str]
) -> sa.Insert:
    """An insert that gives a row whose primary key is there already these columns' new values."""
    insert = _insert(connection, table)
    return insert.on_conflict_do_update(
        index_elements=list(table.primary_key.columns),
        set_={name: insert.excluded[name] for name in replaced},
    )


def _insert(connection: sa.Connection, table: sa.Table) -> sqlite.Insert:
    if connection.dialect.name == "postgresql":
        # Imported for those who use it alone. It has the same two methods as SQLite's.
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415

        return postgresql.insert(table)  # pyright: ignore[reportReturnType]
    return sqlite.insert(table)
