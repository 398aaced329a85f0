"""What rows of photos amount to: how many, the first one, and from when to when."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Generic, TypeAlias, TypeVar

import sqlalchemy as sa

from kith.adapters.catalog.sql import edition
from kith.database.tables import photos, places
from kith.domain.photo import PhotoId
from kith.ports.queries import Folder, Span

_Clause: TypeAlias = "sa.ColumnElement[bool]"

T = TypeVar("T")

_UNDATED = "~"
"""Sorts behind every second."""


class EveryEdition(Generic[T]):
    """What is read once for each edition of the library: all of its files must be looked at.

    Of 100,000 files that takes a third of a second. May be used by several threads.
    """

    def __init__(self, read: Callable[[sa.Connection], T]) -> None:
        self._read = read
        self._reading = threading.Lock()
        self._known: tuple[int, T] | None = None

    def read(self, connection: sa.Connection) -> T:
        """What is true of the edition that the connection sees."""
        number = edition.read(connection)
        with self._reading:
            if self._known is None or self._known[0] != number:
                self._known = number, self._read(connection)
            return self._known[1]


def read_span(connection: sa.Connection, meant: _Clause) -> Span:
    """What the photos of which the clause is true amount to."""
    clock = photos.c.clock
    query = sa.select(sa.func.count(), sa.func.min(clock), sa.func.max(clock))
    photo_count, begins, ends = connection.execute(query.where(meant)).one()
    first = (
        sa.select(photos.c.photo_id)
        .where(meant)
        .order_by(clock.is_(None), clock, photos.c.arrival)
        .limit(1)
    )
    return Span(photo_count, connection.scalar(first), _second(begins), _second(ends))


def read_folders(connection: sa.Connection) -> Sequence[Folder]:
    """Every folder that holds photos itself, ordered by path."""
    query = sa.select(places.c.path, places.c.photo).where(places.c.photo.is_not(None))
    rows = connection.execute(query.order_by(places.c.path)).all()
    # A folder's own files need not stand together: those of a folder in it come between.
    held: dict[str, set[int]] = {}
    for folder, lying in groupby(rows, lambda row: folder_of(row[0])):
        held.setdefault(folder, set()).update(row[1] for row in lying)
    return [Folder(path, len(held[path])) for path in sorted(held)]


def read_folder_spans(connection: sa.Connection) -> Mapping[str, Span]:
    """What the photos of every folder that holds some amount to, by the folder's path."""
    query = sa.select(places.c.path, photos.c.clock, photos.c.arrival, photos.c.photo_id).join_from(
        places, photos
    )
    held: dict[str, dict[int, tuple[str, int, PhotoId]]] = {}
    for path, clock, arrival, photo_id in connection.execute(query):
        photos_here = held.setdefault(folder_of(path), {})
        photos_here[arrival] = (clock or _UNDATED, arrival, photo_id)
    return {folder: _span(list(held[folder].values())) for folder in sorted(held)}


def folder_of(path: str) -> str:
    """The folder that a file lies in."""
    return os.path.dirname(path)  # noqa: PTH120 - asked for every file of a library


def _span(lying: list[tuple[str, int, PhotoId]]) -> Span:
    clocks = [clock for clock, _, _ in lying if clock != _UNDATED]
    return Span(
        len(lying),
        min(lying)[2],
        _second(min(clocks, default=None)),
        _second(max(clocks, default=None)),
    )


def _second(clock: str | None) -> datetime | None:
    return None if clock is None else datetime.fromisoformat(clock)
