"""The machine's groups, and the steps in which they came to be, in the tables."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import sqlalchemy as sa

from kith.adapters.catalog.sql.reading import PAGE, Query, Row, chunks, rows_in
from kith.database.open import Database
from kith.database.tables import faces, groups, people, steps
from kith.domain.face import FaceId
from kith.domain.grouping import GroupId, Reunion, Seat, Step
from kith.domain.person import PersonId

_current = groups.alias("current_groups")
_stays = groups.alias("stays")
_IS_CURRENT = _current.c.number == sa.func.coalesce(groups.c.part_of, groups.c.number)


def groups_of(connection: sa.Connection, face_ids: Collection[FaceId]) -> dict[FaceId, GroupId]:
    """The group of each face as it is called now; faces without a seat are left out."""
    query = (
        sa.select(faces.c.face_id, _current.c.group_id)
        .join_from(faces, steps, steps.c.face == faces.c.number)
        .join(groups, groups.c.number == steps.c.group)
        .join(_current, _IS_CURRENT)
    )
    return {row[0]: row[1] for row in rows_in(connection, query, faces.c.face_id, face_ids)}


def current_groups(
    connection: sa.Connection, group_ids: Collection[GroupId]
) -> dict[GroupId, GroupId]:
    """What each of these groups is part of now; unknown ones are left out."""
    query = sa.select(groups.c.group_id, _current.c.group_id).join_from(
        groups, _current, _IS_CURRENT
    )
    return {row[0]: row[1] for row in rows_in(connection, query, groups.c.group_id, group_ids)}


def group_faces(
    connection: sa.Connection, group_ids: Collection[GroupId]
) -> dict[GroupId, Sequence[FaceId]]:
    """All faces of each of these groups; one that is not, or no longer, a group has none."""
    called = _current_numbers(connection, group_ids)
    member_of = _members(connection, called.values())
    query = sa.select(steps.c.group, faces.c.face_id).join_from(
        steps, faces, faces.c.number == steps.c.face
    )
    sitting: dict[int, list[FaceId]] = {}
    for member, face_id in rows_in(connection, query, steps.c.group, member_of.keys()):
        sitting.setdefault(member_of[member], []).append(face_id)
    return {
        group_id: sitting.get(called[group_id], []) if group_id in called else []
        for group_id in group_ids
    }


def homes(connection: sa.Connection, group_ids: Collection[GroupId]) -> dict[GroupId, PersonId]:
    """Whose these groups are; those of nobody in particular are left out."""
    query = sa.select(groups.c.group_id, people.c.person_id, groups.c.part_of).join_from(
        groups, people, people.c.number == groups.c.home
    )
    rows = rows_in(connection, query, groups.c.group_id, group_ids)
    return {group_id: person_id for group_id, person_id, part_of in rows if part_of is None}


def related_groups(connection: sa.Connection, face_ids: Collection[FaceId]) -> set[int]:
    """The numbers of the groups of these faces, and of all that are one with them now."""
    current = groups_of(connection, face_ids)
    return set(_members(connection, _current_numbers(connection, set(current.values())).values()))


# -- steps -----------------------------------------------------------------------------------------


def read_steps(database: Database, group_ids: Collection[GroupId] | None) -> Iterator[Step]:
    """How these groups, or all, came to be what they are now, in order."""
    query = (
        sa.select(
            faces.c.face_id,
            groups.c.group_id,
            _stays.c.group_id,
            steps.c.similarity,
            steps.c.support,
            steps.c.sequence,
        )
        .join_from(steps, groups, groups.c.number == steps.c.group)
        .outerjoin(faces, faces.c.number == steps.c.face)
        .outerjoin(_stays, _stays.c.number == steps.c.stays)
    )
    if group_ids is not None:
        yield from _steps_of(database, query, group_ids)
        return
    last = 0
    while rows := _page_after(database, query, last):
        yield from rows[0]
        last = rows[1]


def _steps_of(database: Database, query: Query, group_ids: Collection[GroupId]) -> list[Step]:
    with database.read() as connection:
        members = _members(connection, _current_numbers(connection, group_ids).values())
        rows = sorted(rows_in(connection, query, steps.c.group, members.keys()), key=_sequence)
        return _steps_in(connection, rows)


def _page_after(database: Database, query: Query, last: int) -> tuple[list[Step], int] | None:
    page = query.where(steps.c.sequence > last).order_by(steps.c.sequence).limit(PAGE)
    with database.read() as connection:
        rows = connection.execute(page).all()
        return (_steps_in(connection, rows), _sequence(rows[-1])) if rows else None


def _steps_in(connection: sa.Connection, rows: Sequence[Row]) -> list[Step]:
    """The steps of these rows, without the support of faces that are no longer known."""
    supports = [json.loads(row[4]) for row in rows]
    named = {face_id for support in supports for face_id in faces_named(support)}
    query = sa.select(faces.c.face_id)
    known = {row[0] for row in rows_in(connection, query, faces.c.face_id, named)}
    return [_step(row, support, known) for row, support in zip(rows, supports, strict=True)]


def faces_named(support: Iterable[FaceId | Sequence[FaceId]]) -> Iterator[FaceId]:
    """Every face in the support of a step, be they single or in pairs."""
    for each in support:
        if isinstance(each, str):
            yield each
        else:
            yield from each


def _step(row: Row, support: Sequence[FaceId | Sequence[FaceId]], known: set[FaceId]) -> Step:
    face_id, group_id, stays, similarity = row[:4]
    kept = [each for each in support if known.issuperset(faces_named([each]))]
    if stays is None:
        return Seat(face_id, group_id, similarity, tuple(FaceId(str(each)) for each in kept))
    return Reunion(group_id, stays, tuple((FaceId(one), FaceId(other)) for one, other in kept))


def _sequence(row: Row) -> int:
    return row[5]


# -- numbers ---------------------------------------------------------------------------------------


def _current_numbers(
    connection: sa.Connection, group_ids: Collection[GroupId]
) -> Mapping[GroupId, int]:
    """The numbers of those of these ids by which groups are called now."""
    # Asked for the parts that are none, SQLite would go through all of them instead of these ids.
    query = sa.select(groups.c.group_id, groups.c.number, groups.c.part_of)
    rows = rows_in(connection, query, groups.c.group_id, group_ids)
    return {group_id: number for group_id, number, part_of in rows if part_of is None}


def _members(connection: sa.Connection, numbers: Collection[int]) -> dict[int, int]:
    """These groups and all that are part of them -> the group that they are part of."""
    members = {number: number for number in numbers}
    query = sa.select(groups.c.number, groups.c.part_of)
    for chunk in chunks(numbers):
        rows = connection.execute(query.where(groups.c.part_of.in_(chunk)))
        members.update((row[0], row[1]) for row in rows)
    return members
