"""The port ``PhotoQueries`` over a relational database: a selection becomes one statement.

What few photos satisfy is asked for by ``IN (SELECT ...)``, which the database answers once, from
the people's side; only what must be checked of each photo is asked for photo by photo.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from math import isqrt
from typing import Any, TypeAlias

import sqlalchemy as sa

from kith.adapters.catalog.sql.finding_rows import search_expression
from kith.adapters.catalog.sql.pages import read_months, read_page, read_tiles
from kith.adapters.catalog.sql.reading import Query
from kith.adapters.catalog.sql.spans import EveryEdition, read_folder_spans, read_folders, read_span
from kith.database.albums import album_photos, albums
from kith.database.columns import PathBytes, WordSearch
from kith.database.findings import SEARCHED, findings, label_kinds, labels
from kith.database.open import Database
from kith.database.tables import appearances, faces, people, photos, places
from kith.domain.album import name_key
from kith.domain.findings import Versions
from kith.domain.names import folded
from kith.domain.person import PersonId, Standing
from kith.domain.photo import PhotoId
from kith.domain.query import (
    Bounds,
    HasFaces,
    ShowsText,
    ShowsUnnamed,
    TakenNever,
    TakenOn,
    TakenWith,
)
from kith.domain.selection import (
    Condition,
    HasAppearance,
    InFolder,
    Labelled,
    Lacks,
    OneOf,
    Picked,
    Selection,
    Shows,
    ShowsExactly,
    Under,
    Wanted,
    Within,
)
from kith.domain.text import words_of
from kith.ports.queries import Folder, Month, Order, Page, Position, Span, Tile

_Clause: TypeAlias = "sa.ColumnElement[bool]"
_Arrivals: TypeAlias = "sa.Select[tuple[Any]]"

_MOST_PEOPLE = 100
"""People that share the beginning of an id: enough to say that it is not enough."""


class SqlPhotoQueries:
    """Questions to the record of one library in a database, which stays the caller's to close."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._folders: EveryEdition[Sequence[Folder]] = EveryEdition(read_folders)
        self._spans: EveryEdition[Mapping[str, Span]] = EveryEdition(read_folder_spans)
        self._months: EveryEdition[Sequence[Month]] = EveryEdition(
            lambda connection: read_months(connection, sa.true())
        )

    def matching(self, selection: Selection, /, *, limit: int | None = None) -> Sequence[PhotoId]:
        """The photos that the selection means, by the time they were taken."""
        with self._database.read() as connection:
            query = (
                sa.select(photos.c.photo_id)
                .where(_Clauses(connection).of(selection))
                .order_by(photos.c.clock.is_(None), photos.c.clock, photos.c.arrival)
                .limit(limit)
            )
            return [PhotoId(photo_id) for photo_id in connection.scalars(query)]

    def count(self, selection: Selection, /) -> int:
        """How many photos the selection means."""
        with self._database.read() as connection:
            query = sa.select(sa.func.count()).select_from(photos)
            return connection.scalar(query.where(_Clauses(connection).of(selection))) or 0

    def page(
        self,
        selection: Selection,
        /,
        *,
        order: Order = Order.NEWEST,
        after: Position | None = None,
        limit: int,
    ) -> Page:
        """The next photos that the selection means."""
        with self._database.read() as connection:
            meant = _along_the_clock(connection, selection, limit)
            if meant is None:
                meant = _Clauses(connection).of(selection)
            return read_page(connection, meant, order, after, limit)

    def months(self, selection: Selection, /) -> Sequence[Month]:
        """The months of the photos that the selection means."""
        with self._database.read() as connection:
            if not selection.conditions:
                return self._months.read(connection)
            return read_months(connection, _Clauses(connection).of(selection))

    def tiles(self, photo_ids: Collection[PhotoId], /) -> Mapping[PhotoId, Tile]:
        """What a grid shows of these photos; unknown ids are left out."""
        with self._database.read() as connection:
            return read_tiles(connection, photo_ids)

    def folders(self) -> Sequence[Folder]:
        """Every folder that holds photos itself, ordered by path."""
        with self._database.read() as connection:
            return self._folders.read(connection)

    def span(self, selection: Selection, /) -> Span:
        """What the photos that the selection means amount to."""
        with self._database.read() as connection:
            return read_span(connection, _Clauses(connection).of(selection))

    def folder_spans(self) -> Mapping[str, Span]:
        """What the photos of each folder amount to."""
        with self._database.read() as connection:
            return self._spans.read(connection)

    def named_people(self) -> Mapping[PersonId, str]:
        """The names of everyone who has one and an appearance; by id."""
        query = _everyone(people.c.person_id, people.c.name).where(people.c.name.is_not(None))
        with self._database.read() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def people_with_id(self, beginning: str, /) -> Sequence[PersonId]:
        """Everyone with an appearance whose id begins so; by id."""
        if not beginning.isascii() or "\0" in beginning:
            return []
        # Ids are made of hex digits and hyphens, which all sort before "g".
        begins = people.c.person_id.between(beginning, beginning + "g")
        query = _everyone(people.c.person_id).where(begins).limit(_MOST_PEOPLE)
        with self._database.read() as connection:
            return [PersonId(person_id) for person_id in connection.scalars(query)]


def _along_the_clock(connection: sa.Connection, selection: Selection, limit: int) -> _Clause | None:
    """What few photos satisfy is not this: somebody who is in so many that a page soon has its own.

    A page is full after ``limit * photos / appearances`` photos in the order of their clocks;
    asked for from the person's side, all of hers are fetched and sorted. Nothing tells SQLite how
    many these are, so it always begins there; a sum instead of the column keeps it from that.
    """
    match selection.conditions:
        case (Condition(Shows(who), negated=False),):
            photo_count = connection.scalar(sa.select(sa.func.max(photos.c.arrival))) or 0
            even = isqrt(limit * photo_count)
            shown = sa.select(appearances.c.face).where(appearances.c.person.in_(_numbers(who)))
            counted = sa.select(sa.func.count()).select_from(shown.limit(even + 1).subquery())
            if (connection.scalar(counted) or 0) > even:
                return (photos.c.arrival + 0).in_(_showing(who))
        case _:
            pass
    return None


def _everyone(*columns: sa.ColumnElement[Any]) -> Query:
    appears = sa.exists().where(appearances.c.person == people.c.number)
    return sa.select(*columns).where(appears).order_by(people.c.person_id)


class _Clauses:
    """What a selection demands of a row of ``photos``; true or false, never null."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def of(self, selection: Selection) -> _Clause:
        """All conditions of the selection."""
        return sa.and_(sa.true(), *map(self._condition, selection.conditions))

    def _condition(self, condition: Condition) -> _Clause:
        clause = self._wanted(condition.wanted)
        return sa.not_(clause) if condition.negated else clause

    def _wanted(self, wanted: Wanted) -> _Clause:
        match wanted:
            case Within(selection):
                return self.of(selection)
            case Picked() | OneOf():
                return photos.c.photo_id.in_(_chosen(wanted))
            case TakenOn() | TakenNever() | TakenWith():
                return self._taken(wanted)
            case Under() | InFolder():
                return _among(_lying(self._lies(wanted)))
            case ShowsText() | Labelled() | Lacks():
                return _found(wanted, self._connection.dialect.name)
            case _:
                return _shown(wanted)

    def _lies(self, wanted: Under | InFolder) -> _Clause:
        if isinstance(wanted, Under):
            return _is_under(wanted.path)
        return _is_in(wanted.path, self._connection.dialect.name)

    def _taken(self, wanted: TakenOn | TakenNever | TakenWith) -> _Clause:
        clock, camera = photos.c.clock, photos.c.camera
        match wanted:
            case TakenOn(first, last):
                after = sa.true() if first is None else clock >= f"{first.isoformat()}T00:00:00"
                before = sa.true() if last is None else clock <= f"{last.isoformat()}T23:59:59"
                return sa.and_(clock.is_not(None), after, before)
            case TakenNever():
                return clock.is_(None)
            case TakenWith(text):
                return sa.and_(camera.is_not(None), camera.in_(self._cameras(text)))

    def _cameras(self, text: str) -> list[str]:
        """The cameras that are meant: no two databases agree on what case is, and there are few."""
        query = sa.select(photos.c.camera).where(photos.c.camera.is_not(None)).distinct()
        cameras = self._connection.scalars(query).all()
        return [name for name in cameras if name and folded(text) in folded(name)]


# -- who is shown ----------------------------------------------------------------------------------


def _shown(wanted: Shows | ShowsExactly | ShowsUnnamed | HasFaces | HasAppearance) -> _Clause:
    match wanted:
        case Shows(who):
            return _among(_showing(who))
        case ShowsExactly(who):
            return _shows_exactly(who)
        case ShowsUnnamed():
            unnamed = sa.and_(people.c.name.is_(None), ~people.c.hidden)
            return _among(_appearing().join(people).where(unnamed))
        case HasFaces(least, most):
            return _has_faces(least, most)
        case HasAppearance(bounds, who):
            shown = _appearing() if who is None else _showing(who)
            return _among(shown.where(_within(bounds, appearances.c.similarity)))


def _among(arrivals: _Arrivals) -> _Clause:
    return photos.c.arrival.in_(arrivals)


def _appearing() -> _Arrivals:
    """The photos of all appearances."""
    return sa.select(faces.c.photo).join_from(appearances, faces)


def _showing(who: Collection[PersonId]) -> _Arrivals:
    """The photos of these people's appearances."""
    return _appearing().where(appearances.c.person.in_(_numbers(who)))


def _numbers(who: Collection[PersonId]) -> sa.Select[tuple[int]]:
    return sa.select(people.c.number).where(people.c.person_id.in_(sorted(who)))


def _shows_exactly(who: Collection[PersonId]) -> _Clause:
    """The few photos that show them all, and of each of these, that it shows nobody else."""
    another = (
        sa.exists()
        .where(faces.c.photo == photos.c.arrival)
        .where(appearances.c.face == faces.c.number)
        .where(appearances.c.person.not_in(_numbers(who)))
    )
    return sa.and_(*(_among(_showing([one])) for one in sorted(who)), ~another)


def _has_faces(least: int, most: int | None) -> _Clause:
    """Photos without a face are in no group, so they are those that are not in the others'."""
    count = sa.func.count()
    found = sa.func.coalesce(faces.c.standing, "") != Standing.NOT_A_FACE.value
    grouped = sa.select(faces.c.photo).where(found).group_by(faces.c.photo)
    if least == 0:
        return sa.true() if most is None else ~_among(grouped.having(count > most))
    clauses = [count >= least] if most is None else [count >= least, count <= most]
    return _among(grouped.having(sa.and_(*clauses)))


def _within(bounds: Bounds, value: sa.ColumnElement[float]) -> _Clause:
    clauses: list[_Clause] = []
    if bounds.least is not None:
        clauses.append(value > bounds.least if bounds.above else value >= bounds.least)
    if bounds.most is not None:
        clauses.append(value < bounds.most if bounds.below else value <= bounds.most)
    return sa.and_(sa.true(), *clauses)


# -- what else was found ---------------------------------------------------------------------------


def _found(wanted: ShowsText | Labelled | Lacks, dialect: str) -> _Clause:
    match wanted:
        case ShowsText(text):
            return _reads(words_of(text), dialect)
        case Labelled(names, least):
            return _among(_labelled(names, least))
        case Lacks(versions):
            return _lacks(versions)


def _reads(words: Sequence[str], dialect: str) -> _Clause:
    if not words:
        return sa.true()
    asked = search_expression(words, dialect)
    if dialect == "postgresql":
        matches = findings.c.words.op("@@")(sa.cast(asked, WordSearch()))
        return _among(sa.select(findings.c.photo).where(matches))
    index = sa.table(SEARCHED, sa.column("rowid"), sa.column(SEARCHED))
    return _among(sa.select(index.c.rowid).where(index.c[SEARCHED].op("MATCH")(asked)))


def _labelled(names: Collection[str], least: float | None) -> _Arrivals:
    query = sa.select(labels.c.photo).join_from(labels, label_kinds)
    named = query.where(label_kinds.c.name.in_(sorted(names)))
    return named if least is None else named.where(labels.c.confidence >= least)


def _lacks(versions: Versions) -> _Clause:
    """Without a version that is asked for, there is nothing that a photo could lack."""
    if not versions:
        return sa.false()
    done = sa.select(findings.c.photo)
    if versions.labels is not None:
        done = done.where(findings.c.label_version == versions.labels)
    if versions.text is not None:
        done = done.where(findings.c.text_version == versions.text)
    return ~_among(done)


# -- where photos lie ------------------------------------------------------------------------------


def _lying(here: _Clause) -> _Arrivals:
    """The photos of the files of which this is so; refused files hold none."""
    return sa.select(places.c.photo).where(places.c.photo.is_not(None), here)


def _is_under(path: str) -> _Clause:
    """It is this file, or lies below this folder."""
    folder = path.rstrip(os.sep)
    # What begins with "folder/" sorts from there to before "folder0", "0" being the next character.
    below = sa.and_(places.c.path >= folder + os.sep, places.c.path < folder + chr(ord(os.sep) + 1))
    return sa.or_(places.c.path == folder, below) if folder else below


def _is_in(path: str, dialect: str) -> _Clause:
    """It lies below this folder, and no separator follows in its path."""
    folder = path.rstrip(os.sep) + os.sep
    length = len(folder.encode("utf-8", "surrogatepass"))
    rest = sa.func.substr(places.c.path, length + 1, type_=PathBytes())
    separator = sa.literal(os.sep, PathBytes())
    if dialect == "postgresql":
        at = sa.func.position(separator.op("IN")(rest))
    else:
        at = sa.func.instr(rest, separator)
    return sa.and_(_is_under(path), at == 0, places.c.path != folder.rstrip(os.sep))


def _chosen(wanted: Picked | OneOf) -> sa.Select[tuple[str]] | Sequence[PhotoId]:
    return _picked_into(wanted.album) if isinstance(wanted, Picked) else sorted(wanted.photo_ids)


def _picked_into(album: str) -> sa.Select[tuple[str]]:
    return (
        sa.select(album_photos.c.photo_id)
        .join_from(album_photos, albums)
        .where(albums.c.album_key == name_key(album))
    )
