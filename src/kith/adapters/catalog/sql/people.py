"""Reading people and their appearances from the tables."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from kith.adapters.catalog.sql.reading import PAGE, Query, Row, chunks, rows_in
from kith.database.open import Database
from kith.database.tables import appearances, faces, people
from kith.domain.errors import NotFoundError
from kith.domain.face import FaceId
from kith.domain.person import Appearance, Person, PersonId, Standing
from kith.ports.catalog import PersonSummary


def person_columns(table: sa.FromClause) -> Sequence[sa.ColumnElement[Any]]:
    """What ``person_of`` takes, in order."""
    return [table.c[name] for name in ("person_id", "name", "hidden", "born", "cover", "consent")]


_kept = people.alias("kept")
_PERSON = (
    sa.select(*person_columns(_kept))
    .join_from(
        people, _kept, _kept.c.number == sa.func.coalesce(people.c.merged_into, people.c.number)
    )
    .where(people.c.person_id == sa.bindparam("person_id"))
)
"""Whoever has that id, or the one it became part of. Asked for every face that is added."""


def person(connection: sa.Connection, person_id: PersonId) -> Person:
    """The person of that id, or the one it became part of.

    Raises:
        NotFoundError: there is none.
    """
    row = connection.execute(_PERSON, {"person_id": person_id}).first()
    if row is None:
        raise NotFoundError(f"the library has no person {person_id}")
    return person_of(row)


def person_of(row: Row) -> Person:
    """The person of a row that begins with ``person_columns``."""
    person_id, name, hidden, born, cover, consent = row[:6]
    return Person(person_id, name, hidden, born and date.fromisoformat(born), cover, consent)


def summaries(
    connection: sa.Connection, person_ids: Collection[PersonId] | None = None
) -> Sequence[PersonSummary]:
    """These people, or all, with an appearance: named first, then by number of photos, by id."""
    if person_ids is None:
        rows: Iterable[Row] = connection.execute(_summaries_query(_RANKED))
    else:
        numbers = (sa.select(people.c.number).where(span) for span in _spans_of(person_ids))
        queries = (_RANKED.where(appearances.c.person.in_(some)) for some in numbers)
        rows = (row for ranked in queries for row in connection.execute(_summaries_query(ranked)))
    found = [PersonSummary(person_of(row), *row[6:]) for row in rows]
    return sorted(
        found,
        key=lambda each: (each.person.name is None, -each.photo_count, each.person.id),
    )


_RANKED: Query = sa.select(
    appearances.c.person,
    faces.c.photo,
    faces.c.face_id,
    sa.func.row_number()
    .over(partition_by=appearances.c.person, order_by=(faces.c.overall.desc(), faces.c.face_id))
    .label("place"),
).join_from(appearances, faces)
"""The faces of everyone; ``place`` 1 is that of the best quality."""


def _summaries_query(of: Query) -> Query:
    ranked = of.subquery()
    counted = (
        sa.select(
            ranked.c.person,
            sa.func.count(sa.distinct(ranked.c.photo)).label("photo_count"),
            sa.func.count().label("face_count"),
            sa.func.max(sa.case((ranked.c.place == 1, ranked.c.face_id))).label("best"),
            # The face that a human chose, as long as it is this person's.
            sa.func.max(sa.case((ranked.c.face_id == people.c.cover, ranked.c.face_id))).label(
                "chosen"
            ),
        )
        .join_from(ranked, people, people.c.number == ranked.c.person)
        .group_by(ranked.c.person)
        .subquery()
    )
    return sa.select(
        *person_columns(people),
        counted.c.photo_count,
        counted.c.face_count,
        sa.func.coalesce(counted.c.chosen, counted.c.best),
    ).join_from(counted, people, people.c.number == counted.c.person)


def appearances_of(
    connection: sa.Connection, face_ids: Collection[FaceId]
) -> dict[FaceId, Appearance]:
    """Whose each face is; faces of nobody are left out."""
    found = (
        Appearance(*row) for row in rows_in(connection, _APPEARANCES, faces.c.face_id, face_ids)
    )
    return {appearance.face_id: appearance for appearance in found}


def standings(
    connection: sa.Connection, face_ids: Collection[FaceId] | None
) -> dict[FaceId, Standing]:
    """Those of these faces, or of all, that a human set aside."""
    query = sa.select(faces.c.face_id, faces.c.standing).where(faces.c.standing.is_not(None))
    rows = (
        connection.execute(query)
        if face_ids is None
        else rows_in(connection, query, faces.c.face_id, face_ids)
    )
    return {row[0]: Standing(row[1]) for row in rows}


def read_appearances(
    database: Database, person_ids: Collection[PersonId] | None
) -> Iterator[Appearance]:
    """The appearances of these people, or all; by person id, then similarity, highest first."""
    query = _APPEARANCES.order_by(
        people.c.person_id, appearances.c.similarity.desc(), faces.c.face_id
    )
    for span in _every_span(database) if person_ids is None else _spans_of(person_ids):
        with database.read() as connection:
            rows = connection.execute(query.where(span)).all()
        yield from (Appearance(*row) for row in rows)


_APPEARANCES: Query = (
    sa.select(
        faces.c.face_id, people.c.person_id, appearances.c.similarity, appearances.c.confirmed
    )
    .join_from(appearances, faces)
    .join(people, people.c.number == appearances.c.person)
)
"""What an ``Appearance`` takes, in order."""


def _spans_of(person_ids: Collection[PersonId]) -> Iterator[sa.ColumnElement[bool]]:
    return (people.c.person_id.in_(chunk) for chunk in chunks(sorted(set(person_ids))))


def _every_span(database: Database) -> Iterator[sa.ColumnElement[bool]]:
    """Conditions that hold the people between them, a page at a time, in the order of their ids."""
    last = ""
    while ids := _ids_after(database, last):
        last = ids[-1]
        yield people.c.person_id.between(ids[0], last)


def _ids_after(database: Database, last: str) -> Sequence[str]:
    query = sa.select(people.c.person_id).where(people.c.person_id > last)
    with database.read() as connection:
        return connection.scalars(query.order_by(people.c.person_id).limit(PAGE)).all()
