"""Looking through photos: pages of what a query means, and its months."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from kith.domain.query import TakenNever, TakenOn, first_day, last_day
from kith.domain.query_parse import parse_query
from kith.domain.selection import Condition, Selection
from kith.pipeline.albums.records import Records
from kith.pipeline.albums.resolve import resolve
from kith.ports.queries import Month, Order, Page, Position

UNDATED: Final = "none"
"""What is asked for in the place of a month: photos of which it is not known when."""


def browse(
    records: Records,
    query: str,
    *,
    month: str | None = None,
    order: Order = Order.NEWEST,
    after: Position | None = None,
    limit: int,
) -> Page:
    """Some of the photos that a query means.

    Args:
        records: the library's.
        query: in the query language; empty for all.
        month: only those of this month, as ``2024-06``, or ``UNDATED``.
        order: newest or oldest first.
        after: where the page before ended.
        limit: photos of a page.

    Raises:
        QueryError: the query cannot be understood.
        ValueError: there is no such month.
    """
    selection = within_month(resolve(records, parse_query(query)), month)
    return records.queries.page(selection, order=order, after=after, limit=limit)


def months(records: Records, query: str) -> Sequence[Month]:
    """The months of the photos that a query means, newest first.

    Raises:
        QueryError: the query cannot be understood.
    """
    return records.queries.months(resolve(records, parse_query(query)))


def month_name(first: date | None) -> str | None:
    """The month as ``browse`` takes it; ``None`` for photos of unknown date."""
    return None if first is None else first.isoformat()[:7]


def within_month(selection: Selection, month: str | None) -> Selection:
    """Those of the photos that are of a month, as ``browse`` takes it; all without one.

    Raises:
        ValueError: there is no such month.
    """
    if month is None:
        return selection
    taken = TakenNever() if month == UNDATED else TakenOn(first_day(month), last_day(month))
    return Selection((*selection.conditions, Condition(taken)))
