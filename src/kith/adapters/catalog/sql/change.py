"""Applying what became of people to the tables."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import sqlalchemy as sa

from kith.adapters.catalog.sql.photos import face_numbers
from kith.adapters.catalog.sql.reading import chunks, rows_in
from kith.database.tables import appearances, faces, groups, people, photos
from kith.database.upsert import insert_new, insert_or_replace
from kith.domain.face import FaceId
from kith.domain.grouping import GroupId
from kith.domain.person import Appearance, PeopleChange, Person, PersonId, Standing
from kith.domain.photo import PhotoId


def apply(connection: sa.Connection, change: PeopleChange) -> None:
    """Do what became of people.

    Whoever is named is founded if not known, and stands for the person it is part of if it was
    merged away. Faces and groups that are not known (any more) are left out.
    """
    _found(connection, change)
    _describe(connection, change.people)
    _attribute(connection, change.appearances)
    _release(connection, change.nobody)
    _set_aside(connection, change.standings)
    for gone, stays in change.became:
        _merge(connection, gone, stays)
    _give_homes(connection, change.homes)


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


def _found(connection: sa.Connection, change: PeopleChange) -> None:
    named = [
        *(person.id for person in change.people),
        *(appearance.person_id for appearance in change.appearances),
        *(person_id for pair in change.became for person_id in pair),
        *(person_id for _, person_id in change.homes if person_id is not None),
    ]
    rows = [{"person_id": person_id} for person_id in dict.fromkeys(named)]
    if rows:
        connection.execute(insert_new(connection, people), rows)


def _describe(connection: sa.Connection, described: Sequence[Person]) -> None:
    if not described:
        return
    columns = ("name", "hidden", "born", "cover", "consent", "merged_into")
    query = sa.update(people).where(people.c.person_id == sa.bindparam("who"))
    connection.execute(
        query.values({column: sa.bindparam(f"new_{column}") for column in columns}),
        [
            {
                "who": person.id,
                "new_name": person.name,
                "new_hidden": person.hidden,
                "new_born": person.born and person.born.isoformat(),
                "new_cover": person.cover,
                "new_consent": person.consent,
                "new_merged_into": None,
            }
            for person in described
        ],
    )


def _attribute(connection: sa.Connection, attributed: Sequence[Appearance]) -> None:
    at = face_numbers(connection, {appearance.face_id for appearance in attributed})
    who = _present_numbers(connection, {appearance.person_id for appearance in attributed})
    rows = [
        {
            "face": at[appearance.face_id],
            "person": who[appearance.person_id],
            "similarity": appearance.similarity,
            "confirmed": appearance.confirmed,
        }
        for appearance in attributed
        if appearance.face_id in at
    ]
    if rows:
        replaced = ("person", "similarity", "confirmed")
        connection.execute(insert_or_replace(connection, appearances, replaced), rows)


def _present_numbers(
    connection: sa.Connection, person_ids: Collection[PersonId]
) -> Mapping[PersonId, int]:
    """Where these people are, or those whom they are part of."""
    number = sa.func.coalesce(people.c.merged_into, people.c.number)
    query = sa.select(people.c.person_id, number)
    return {row[0]: row[1] for row in rows_in(connection, query, people.c.person_id, person_ids)}


def _release(connection: sa.Connection, nobody: Sequence[FaceId]) -> None:
    for chunk in chunks(face_numbers(connection, nobody).values()):
        connection.execute(sa.delete(appearances).where(appearances.c.face.in_(chunk)))


def _set_aside(
    connection: sa.Connection, standings: Sequence[tuple[FaceId, Standing | None]]
) -> None:
    if standings:
        query = sa.update(faces).where(faces.c.face_id == sa.bindparam("which"))
        connection.execute(
            query.values(standing=sa.bindparam("new_standing")),
            [
                {"which": face_id, "new_standing": standing and standing.value}
                for face_id, standing in standings
            ],
        )


def _merge(connection: sa.Connection, gone_id: PersonId, stays_id: PersonId) -> None:
    """One person becomes part of another, and with it all who are part of it."""
    gone = connection.execute(
        sa.select(people.c.number).where(people.c.person_id == gone_id)
    ).scalar_one()
    stays = _present_numbers(connection, [stays_id])[stays_id]
    if gone == stays:
        return
    connection.execute(
        sa.update(appearances).where(appearances.c.person == gone).values(person=stays)
    )
    connection.execute(sa.update(groups).where(groups.c.home == gone).values(home=stays))
    connection.execute(
        sa.update(people)
        .where(sa.or_(people.c.number == gone, people.c.merged_into == gone))
        .values(merged_into=stays)
    )


def _give_homes(
    connection: sa.Connection, homes: Sequence[tuple[GroupId, PersonId | None]]
) -> None:
    named = {person_id for _, person_id in homes if person_id is not None}
    who = _present_numbers(connection, named)
    if homes:
        query = sa.update(groups).where(groups.c.group_id == sa.bindparam("called"))
        connection.execute(
            query.values(home=sa.bindparam("new_home")),
            [
                {"called": group_id, "new_home": person_id and who[person_id]}
                for group_id, person_id in homes
            ],
        )
