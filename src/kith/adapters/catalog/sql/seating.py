"""Writing the steps in which the machine's groups come to be."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from kith.adapters.catalog.sql.photos import face_numbers
from kith.adapters.catalog.sql.reading import rows_in
from kith.database.tables import groups, steps
from kith.database.upsert import insert_new
from kith.domain.face import FaceId
from kith.domain.grouping import GroupId, Reunion, Seat, Step, groups_in


def clear(connection: sa.Connection) -> None:
    """Take all steps and groups away."""
    connection.execute(sa.delete(steps))
    connection.execute(sa.delete(groups))


def append(connection: sa.Connection, taken: Sequence[Step]) -> None:
    """Keep these steps after the earlier ones.

    Left out are the seats of faces that are not known, or have one, and reunions of groups that
    are one already.
    """
    seated = {step.face_id for step in taken if isinstance(step, Seat)}
    numbers = face_numbers(connection, seated)
    free = _unseated(connection, numbers)
    wanted: list[Step] = []
    for step in taken:
        if isinstance(step, Reunion):
            wanted.append(step)
        elif step.face_id in free:
            wanted.append(step)
            free.remove(step.face_id)
    if wanted:
        _insert(connection, wanted, numbers)


def _unseated(connection: sa.Connection, numbers: Mapping[FaceId, int]) -> set[FaceId]:
    query = sa.select(steps.c.face)
    seated = {row[0] for row in rows_in(connection, query, steps.c.face, numbers.values())}
    return {face_id for face_id, number in numbers.items() if number not in seated}


def _insert(
    connection: sa.Connection, taken: Sequence[Step], numbers: Mapping[FaceId, int]
) -> None:
    at, unions = _found(connection, taken)
    rows = [
        _seat_row(step, numbers, at) if isinstance(step, Seat) else _reunion_row(step, at)
        for step in taken
        if isinstance(step, Seat) or unions.unite(at[step.gone], at[step.stays])
    ]
    if rows:
        connection.execute(sa.insert(steps), rows)
    unions.keep(connection)


def _found(
    connection: sa.Connection, taken: Sequence[Step]
) -> tuple[Mapping[GroupId, int], _Unions]:
    """The number of every group that these steps name; who is not known is founded."""
    named: dict[GroupId, None] = {}
    for step in taken:
        named.update(dict.fromkeys(groups_in(step)))
    rows = [{"group_id": group_id} for group_id in named]
    connection.execute(insert_new(connection, groups), rows)
    query = sa.select(groups.c.group_id, groups.c.number, groups.c.part_of)
    found = list(rows_in(connection, query, groups.c.group_id, named))
    parts = {row[1]: row[2] for row in found if row[2] is not None}
    return {row[0]: row[1] for row in found}, _Unions(parts)


def _seat_row(seat: Seat, faces: Mapping[FaceId, int], at: Mapping[GroupId, int]) -> dict[str, Any]:
    return {
        "face": faces[seat.face_id],
        "group": at[seat.group_id],
        "stays": None,
        "similarity": seat.similarity,
        "support": json.dumps(seat.support),
    }


def _reunion_row(reunion: Reunion, at: Mapping[GroupId, int]) -> dict[str, Any]:
    return {
        "face": None,
        "group": at[reunion.gone],
        "stays": at[reunion.stays],
        "similarity": None,
        "support": json.dumps(reunion.support),
    }


class _Unions:
    """Which groups are one, by their numbers, and which were found to be just now."""

    def __init__(self, part_of: dict[int, int]) -> None:
        self._part_of = part_of
        self._gone: list[int] = []

    def unite(self, gone: int, stays: int) -> bool:
        """Let what one group is part of become part of what the other is; false if it is."""
        whole, other = self._whole(gone), self._whole(stays)
        if whole == other:
            return False
        self._part_of[whole] = other
        self._gone.append(whole)
        return True

    def keep(self, connection: sa.Connection) -> None:
        """Let the rows of all that became part of others point at what these are part of now."""
        if self._gone:
            rows = [{"gone": gone, "stays": self._whole(gone)} for gone in self._gone]
            for column in (groups.c.part_of, groups.c.number):
                member = column == sa.bindparam("gone")
                connection.execute(
                    sa.update(groups).where(member).values(part_of=sa.bindparam("stays")), rows
                )

    def _whole(self, number: int) -> int:
        while (above := self._part_of.get(number)) is not None:
            # Halving the path keeps later walks short.
            self._part_of[number] = self._part_of.get(above, above)
            number = above
        return number
