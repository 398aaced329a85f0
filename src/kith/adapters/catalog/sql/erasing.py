"""Erasing faces and people, and what the journal and the steps say of them."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping

import sqlalchemy as sa

from kith.adapters.catalog.sql import journal
from kith.adapters.catalog.sql.groups import faces_named, related_groups
from kith.adapters.catalog.sql.reading import chunks, rows_in
from kith.adapters.catalog.sql.rows import decision_row
from kith.database.tables import appearances, decision_subjects, decisions, faces, people, steps
from kith.domain.decision import Decision
from kith.domain.face import FaceId
from kith.domain.person import PersonId


def erase_faces(connection: sa.Connection, face_ids: Collection[FaceId]) -> None:
    """Take faces away, with their appearances and seats, and out of the support of others."""
    gone = set(face_ids)
    for number, support in _supports_near(connection, gone):
        kept = [each for each in json.loads(support) if gone.isdisjoint(faces_named([each]))]
        connection.execute(
            sa.update(steps).where(steps.c.sequence == number).values(support=json.dumps(kept))
        )
    for chunk in chunks(gone):
        connection.execute(sa.delete(faces).where(faces.c.face_id.in_(chunk)))


def _supports_near(connection: sa.Connection, face_ids: set[FaceId]) -> list[tuple[int, str]]:
    """The support, with the step's number, of all in whose support these faces may be."""
    numbers = related_groups(connection, face_ids)
    query = sa.select(steps.c.sequence, steps.c.support)
    rows = rows_in(connection, query, steps.c.group, numbers)
    return [(row[0], row[1]) for row in rows if any(each in row[1] for each in face_ids)]


def erase_people(connection: sa.Connection, person_ids: Collection[PersonId]) -> None:
    """Take people away, with all who had become part of them, and their last appearances."""
    query = sa.select(people.c.number)
    found = [row[0] for row in rows_in(connection, query, people.c.person_id, person_ids)]
    for chunk in chunks(found):
        connection.execute(sa.delete(appearances).where(appearances.c.person.in_(chunk)))
        connection.execute(sa.delete(people).where(people.c.merged_into.in_(chunk)))
        connection.execute(sa.delete(people).where(people.c.number.in_(chunk)))


def redact(connection: sa.Connection, changes: Mapping[str, Decision | None]) -> None:
    """Let entries of the journal say this instead, in their place; or nothing, and be gone."""
    at = journal.sequences(connection, changes.keys())
    for chunk in chunks(at.values()):
        subjects = decision_subjects.c.decision.in_(chunk)
        connection.execute(sa.delete(decision_subjects).where(subjects))
    for decision_id, sequence in at.items():
        row = decisions.c.sequence == sequence
        changed = changes[decision_id]
        if changed is None:
            connection.execute(sa.delete(decisions).where(row))
        else:
            connection.execute(sa.update(decisions).where(row).values(decision_row(changed)))
    journal.note_subjects(connection, at, [each for each in changes.values() if each])
