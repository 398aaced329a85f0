"""Similarity became one order stricter: 80 % stands for one false match in 10,000, not in 1,000.

What is stored keeps its meaning, the false-match rate, and so gets the percent that stands for it
now. So do the percents in queries that were saved, lest they mean other photos than before. What
was answered to requests that a client may repeat stays as it was answered.

Written out rather than taken from the scale of today: a migration never changes.
"""

from __future__ import annotations

import re
from itertools import pairwise

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_KNOTS = (
    (0.0, 0.0),
    (60.0, 40.0),
    (80.0, 60.0),
    (95.0, 90.0),
    (99.0, 95.0),
    (99 + 1 / 3, 99.0),
    (100.0, 100.0),
)
"""(percent before, percent of the same rate now), straight lines between: one in 100 was 60 % and
is 40 %, one in 1,000 was 80 % and is 60 %, then 90 and 80, 95 and 90, 99 and 95; one in 10,000,000,
a third of the way from there to the identical picture, is 99 % now."""

_LINES = [
    (old1, old0, new0, (new1 - new0) / (old1 - old0))
    for (old0, new0), (old1, new1) in pairwise(_KNOTS)
]
"""Below what, where it begins, its value there, and its slope."""

_TERM = re.compile(
    r"""
      (?<!\S) (?P<key> -?similarity:"?) (?P<value> [<>=.0-9]+)
    | \\["\\,]                      # passed over: what a backslash makes plain,
    | " (?: \\["\\,] | [^"] )* "    # and what is quoted, such as names
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")


def upgrade() -> None:
    """Restate what is stored; who is who, and what was said, stays."""
    for table in ("appearances", "steps"):
        op.execute(
            f"UPDATE {table} SET similarity = {_restated_in_sql()} WHERE similarity IS NOT NULL"  # noqa: S608 - two names of ours
        )
    for table in ("albums", "links"):
        _restate_queries(sa.table(table, sa.column("number"), sa.column("query")))
    op.execute("UPDATE edition SET number = number + 1")


def _restated_in_sql() -> str:
    lines = (
        f"WHEN similarity < {below!r} THEN {start!r} + (similarity - {at!r}) * {slope!r}"
        for below, at, start, slope in _LINES
    )
    return f"CASE {' '.join(lines)} ELSE 100.0 END"


def _restate_queries(table: sa.TableClause) -> None:
    connection = op.get_bind()
    some = sa.select(table.c.number, table.c.query).where(table.c.query.ilike("%similarity:%"))
    for number, query in connection.execute(some).all():
        restated = {"query": _TERM.sub(_restate_term, query)}
        connection.execute(sa.update(table).where(table.c.number == number).values(restated))


def _restate_term(found: re.Match[str]) -> str:
    if found["key"] is None:
        return found[0]
    return found["key"] + _NUMBER.sub(_restate_number, found["value"])


def _restate_number(found: re.Match[str]) -> str:
    return f"{_restated(float(found[0])):.4f}".rstrip("0").rstrip(".")


def _restated(percent: float) -> float:
    for below, at, start, slope in _LINES:
        if percent < below:
            return start + (percent - at) * slope
    return 100.0
