"""Reading many rows in pages, each in a transaction of its own.

No page depends on the state of another, so an iteration may be left at any time, writes may happen
between its steps, and no long transaction keeps SQLite from clearing its log.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, Final, TypeAlias, TypeVar

import sqlalchemy as sa

Value = TypeVar("Value")
Query: TypeAlias = "sa.Select[*tuple[Any, ...]]"
Row: TypeAlias = "sa.Row[*tuple[Any, ...]]"

PAGE: Final = 2000
"""Rows; a page of them takes a few milliseconds."""

_VALUES: Final = 500
"""Values in one ``IN`` list: far below SQLite's limit of 32,766 and PostgreSQL's of 65,535."""


def chunks(values: Collection[Value]) -> Iterator[Sequence[Value]]:
    """The values in pieces that fit an ``IN`` list."""
    every = list(values)
    for start in range(0, len(every), _VALUES):
        yield every[start : start + _VALUES]


def rows_in(
    connection: sa.Connection,
    query: Query,
    column: sa.ColumnElement[Any],
    values: Collection[Any],
) -> Iterator[Row]:
    """The query's rows whose column has one of these values, in no order."""
    # Bound as a whole: wrapping each value as a literal costs more than finding its row.
    among = query.where(column.in_(sa.bindparam("among", expanding=True)))
    for chunk in chunks(values):
        yield from connection.execute(among, {"among": chunk})
