"""People and their appearances in the tables."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import sqlalchemy as sa

from kith.adapters.catalog.sql.reading import PAGE, Query, chunks, rows_in
from kith.database.open import Database
from kith.database.tables import appearances, faces, people, photos
from kith.database.upsert import insert_new, insert_or_replace
from kith.domain.errors import NotFoundError
from kith.domain.face import FaceId
from kith.domain.person import Appearance, GroupingChange, Person, PersonId
from kith.domain.photo import PhotoId
from kith.ports.catalog import PersonSummary

# -- writing ---------------------------------------------------------------------------------------


def apply(connection: sa.Connection, change: GroupingChange) -> None:
    """Do what grouping decided.

    Whoever it names is founded if not known, and stands for the person it became part of if it was
    merged away. Faces that are not known (any more) are left out.
    """
    if not change:
        return
    numbers = _numbers_of_all(connection, change)
    _attribute(connection, change.appearances, numbers)
    for gone_id, kept_id in change.merged:
        gone, kept = numbers[gone_id], numbers[kept_id]
        if gone != kept:
            _merge(connection, gone, kept)
            numbers = {id_: kept if at == gone else at for id_, at in numbers.items()}


def shown_in(connection: sa.Connection, photo_ids: Collection[PhotoId]) -> set[int]:
    """The numbers of the people who appear in these photos."""
    query = sa.select(appearances.c.person).join_from(photos, faces).join(appearances)
    return {row[0] for row in rows_in(connection, query, photos.c.photo_id, photo_ids)}


def remove_forsaken(connection: sa.Connection, numbers: Collection[int]) -> None:
    """Take away those of the people who have neither a name nor an appearance."""
    appears = sa.exists().where(appearances.c.person == people.c.number)
    for chunk in chunks(numbers):
        connection.execute(
            sa.delete(people).where(people.c.number.in_(chunk), people.c.name.is_(None), ~appears)
        )


def rename(connection: sa.Connection, person_id: PersonId, name: str | None) -> None:
    """Give a person a name, or take it away.

    Raises:
        NotFoundError: there is no such person.
    """
    number = _numbers(connection, [person_id]).get(person_id)
    if number is None:
        raise NotFoundError(f"the library has no person {person_id}")
    connection.execute(sa.update(people).where(people.c.number == number).values(name=name))


def _numbers_of_all(connection: sa.Connection, change: GroupingChange) -> dict[PersonId, int]:
    """The number of everyone whom a change names; who is not known is founded."""
    names: dict[PersonId, str | None] = {}
    for person in change.founded:
        names.setdefault(person.id, person.name)
    for appearance in change.appearances:
        names.setdefault(appearance.person_id, None)
    for pair in map(set, change.merged):
        names.update(dict.fromkeys(pair - names.keys()))
    numbers = _numbers(connection, names.keys())
    new = {person_id: name for person_id, name in names.items() if person_id not in numbers}
    if new:
        rows = [{"person_id": person_id, "name": name} for person_id, name in new.items()]
        connection.execute(insert_new(connection, people), rows)
        numbers |= _numbers(connection, new.keys())
    return numbers


def _numbers(connection: sa.Connection, person_ids: Collection[PersonId]) -> dict[PersonId, int]:
    """Where these people are, or those whom they became part of; unknown ones are left out."""
    number = sa.func.coalesce(people.c.merged_into, people.c.number)
    query = sa.select(people.c.person_id, number)
    return {row[0]: row[1] for row in rows_in(connection, query, people.c.person_id, person_ids)}


def _attribute(
    connection: sa.Connection, attributed: Sequence[Appearance], numbers: dict[PersonId, int]
) -> None:
    query = sa.select(faces.c.face_id, faces.c.number)
    wanted = {appearance.face_id for appearance in attributed}
    at = {row[0]: row[1] for row in rows_in(connection, query, faces.c.face_id, wanted)}
    rows = [
        {
            "face": at[appearance.face_id],
            "person": numbers[appearance.person_id],
            "similarity": appearance.similarity,
            "confirmed": appearance.confirmed,
        }
        for appearance in attributed
        if appearance.face_id in at
    ]
    if rows:
        replaced = ("person", "similarity", "confirmed")
        connection.execute(insert_or_replace(connection, appearances, replaced), rows)


def _merge(connection: sa.Connection, gone: int, kept: int) -> None:
    """One person becomes part of another, and with it all who had become part of it before."""
    connection.execute(
        sa.update(appearances).where(appearances.c.person == gone).values(person=kept)
    )
    carried = sa.select(people.c.name).where(people.c.number == gone).scalar_subquery()
    connection.execute(
        sa.update(people)
        .where(people.c.number == kept, people.c.name.is_(None))
        .values(name=carried)
    )
    connection.execute(
        sa.update(people)
        .where(sa.or_(people.c.number == gone, people.c.merged_into == gone))
        .values(merged_into=kept)
    )


# -- reading ---------------------------------------------------------------------------------------


def person(connection: sa.Connection, person_id: PersonId) -> Person:
    """The person of that id, or the one it became part of.

    Raises:
        NotFoundError: there is none.
    """
    kept = people.alias("kept")
    query = (
        sa.select(kept.c.person_id, kept.c.name)
        .join_from(
            people, kept, kept.c.number == sa.func.coalesce(people.c.merged_into, people.c.number)
        )
        .where(people.c.person_id == person_id)
    )
    row = connection.execute(query).first()
    if row is None:
        raise NotFoundError(f"the library has no person {person_id}")
    return Person(*row)


def summaries(connection: sa.Connection) -> Sequence[PersonSummary]:
    """Everyone with an appearance: named first, then by number of photos, then by id."""
    rows = connection.execute(_summaries_query())
    found = [PersonSummary(Person(row[0], row[1]), *row[2:]) for row in rows]
    return sorted(
        found,
        key=lambda each: (each.person.name is None, -each.photo_count, each.person.id),
    )


def _summaries_query() -> Query:
    place = sa.func.row_number().over(
        partition_by=appearances.c.person, order_by=(faces.c.overall.desc(), faces.c.face_id)
    )
    ranked = (
        sa.select(appearances.c.person, faces.c.photo, faces.c.face_id, place.label("place"))
        .join_from(appearances, faces)
        .subquery()
    )
    cover = sa.func.max(sa.case((ranked.c.place == 1, ranked.c.face_id)))
    counted = (
        sa.select(
            ranked.c.person,
            sa.func.count(sa.distinct(ranked.c.photo)).label("photo_count"),
            sa.func.count().label("face_count"),
            cover.label("cover"),
        )
        .group_by(ranked.c.person)
        .subquery()
    )
    return sa.select(
        people.c.person_id,
        people.c.name,
        counted.c.photo_count,
        counted.c.face_count,
        counted.c.cover,
    ).join_from(counted, people, people.c.number == counted.c.person)


def people_of(connection: sa.Connection, face_ids: Collection[FaceId]) -> dict[FaceId, PersonId]:
    """Which person each face is attributed to."""
    query = (
        sa.select(faces.c.face_id, people.c.person_id).join_from(faces, appearances).join(people)
    )
    return {row[0]: row[1] for row in rows_in(connection, query, faces.c.face_id, face_ids)}


def read_appearances(
    database: Database, person_ids: Collection[PersonId] | None
) -> Iterator[Appearance]:
    """The appearances of these people, or all; by person id, then similarity, highest first."""
    query = (
        sa.select(
            faces.c.face_id,
            people.c.person_id,
            appearances.c.similarity,
            appearances.c.confirmed,
        )
        .join_from(appearances, faces)
        .join(people, people.c.number == appearances.c.person)
        .order_by(people.c.person_id, appearances.c.similarity.desc(), faces.c.face_id)
    )
    for span in _every_span(database) if person_ids is None else _spans_of(person_ids):
        with database.read() as connection:
            rows = connection.execute(query.where(span)).all()
        yield from (Appearance(*row) for row in rows)


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
