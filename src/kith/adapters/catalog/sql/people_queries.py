"""The port ``PeopleQueries`` over a relational database."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from kith.adapters.catalog.sql.people import person_columns, person_of, summaries
from kith.adapters.catalog.sql.reading import Query, rows_in
from kith.database.open import Database
from kith.database.tables import appearances, faces, people, photos
from kith.domain.person import Person, PersonId
from kith.ports.catalog import PersonSummary
from kith.ports.people import Companion, InYear, Order, Seen, YearOfPhotos

_second_taken = sa.func.substr(photos.c.taken_at, 1, len("2024-06-30T12:00:00"))
_year_taken = sa.func.substr(photos.c.taken_at, 1, len("2024"))


class SqlPeopleQueries:
    """Questions to the record of one library in a database, which stays the caller's to close."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def people(self, person_ids: Collection[PersonId], /) -> Mapping[PersonId, Person]:
        """Those of these people who are known; merged ones are left out."""
        query: Query = sa.select(*person_columns(people)).where(people.c.merged_into.is_(None))
        with self._database.read() as connection:
            rows = rows_in(connection, query, people.c.person_id, person_ids)
            return {person.id: person for person in map(person_of, rows)}

    def summaries(self, person_ids: Collection[PersonId], /) -> Sequence[PersonSummary]:
        """Those of these people who appear, in the order of ``Catalog.people``."""
        with self._database.read() as connection:
            return summaries(connection, person_ids)

    def years(self, person_id: PersonId, /) -> Sequence[YearOfPhotos]:
        """In which years somebody was photographed: newest first, never known last."""
        year = _year_taken.label("year")
        query = _showing(person_id, year, sa.func.count(sa.distinct(photos.c.arrival)))
        with self._database.read() as connection:
            rows = connection.execute(query.group_by(year)).all()
        found = [YearOfPhotos(None if row[0] is None else int(row[0]), row[1]) for row in rows]
        return sorted(found, key=lambda each: (each.year is None, -(each.year or 0)))

    def span(self, person_id: PersonId, /) -> tuple[str, str] | None:
        """The first and the last second at which somebody was photographed, if one is known."""
        query = _showing(person_id, sa.func.min(_second_taken), sa.func.max(_second_taken))
        with self._database.read() as connection:
            first, last = connection.execute(query).one()
        return None if first is None else (first, last)

    def together(self, person_id: PersonId, limit: int, /) -> Sequence[Companion]:
        """Who is in the same photos: those in most of them first, then by id."""
        shown = _showing(person_id, photos.c.arrival)
        count = sa.func.count(sa.distinct(faces.c.photo))
        query = (
            sa.select(people.c.person_id, count)
            .join_from(appearances, faces)
            .join(people, people.c.number == appearances.c.person)
            .where(
                faces.c.photo.in_(shown),
                people.c.person_id != person_id,
                people.c.hidden.is_(False),
                people.c.consent.is_not(False),
            )
            .group_by(people.c.person_id)
            .order_by(count.desc(), people.c.person_id)
            .limit(limit)
        )
        with self._database.read() as connection:
            return [Companion(*row) for row in connection.execute(query)]

    def appearances(
        self,
        person_id: PersonId,
        /,
        *,
        order: Order,
        within: InYear | None = None,
        after: Seen | None = None,
        limit: int,
    ) -> Sequence[Seen]:
        """The next appearances of somebody, from behind ``after`` on."""
        second = _second_taken.label("second")
        query = _showing(
            person_id, faces.c.face_id, photos.c.photo_id, appearances.c.similarity, second
        )
        if within is not None:
            query = query.where(_is_in(within))
        if after is not None:
            query = query.where(_is_behind(after, order))
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(*_sorting(order)).limit(limit))
            return [Seen(*row) for row in rows]


def _showing(person_id: PersonId, *columns: sa.ColumnElement[Any]) -> Query:
    """These columns of somebody's appearances, their faces and photos."""
    return (
        sa.select(*columns)
        .join_from(people, appearances, appearances.c.person == people.c.number)
        .join(faces)
        .join(photos)
        .where(people.c.person_id == person_id)
    )


def _is_in(within: InYear) -> sa.ColumnElement[bool]:
    if within.year is None:
        return photos.c.taken_at.is_(None)
    return sa.and_(photos.c.taken_at.is_not(None), _year_taken == f"{within.year:04}")


def _sorting(order: Order) -> Sequence[sa.ColumnElement[Any]]:
    match order:
        case Order.SIMILARITY:
            return (appearances.c.similarity.desc(), faces.c.face_id)
        case Order.NEWEST:
            return (photos.c.taken_at.is_(None), _second_taken.desc(), faces.c.face_id)
        case Order.OLDEST:
            return (photos.c.taken_at.is_(None), _second_taken, faces.c.face_id)


def _is_behind(after: Seen, order: Order) -> sa.ColumnElement[bool]:
    """Whether a row comes later in this order; as comparisons, for an index can serve those."""
    later = faces.c.face_id > after.face_id
    if order is Order.SIMILARITY:
        similarity = appearances.c.similarity
        less = similarity < after.similarity
        return sa.or_(less, sa.and_(similarity == after.similarity, later))
    never = photos.c.taken_at.is_(None)
    if after.second is None:
        return sa.and_(never, later)
    beyond = _second_taken < after.second if order is Order.NEWEST else _second_taken > after.second
    return sa.or_(never, beyond, sa.and_(_second_taken == after.second, later))
