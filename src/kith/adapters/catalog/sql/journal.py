"""The journal of decisions in the tables."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import sqlalchemy as sa

from kith.adapters.catalog.sql.reading import PAGE, Query, Row, chunks, rows_in
from kith.adapters.catalog.sql.rows import decision_of, decision_row
from kith.database.open import Database
from kith.database.tables import decision_subjects, decisions
from kith.domain.decision import Decision, person_ids_in, photos_in
from kith.domain.person import PersonId
from kith.domain.photo import PhotoId

_ALWAYS = ("reset", "undo")
"""Kinds that concern decisions about anybody."""


def append(connection: sa.Connection, said: Sequence[Decision]) -> None:
    """Add those of the decisions that are not known, in their order."""
    known = sequences(connection, {decision.id for decision in said})
    new: dict[str, Decision] = {}
    for decision in said:
        if decision.id not in known:
            new.setdefault(decision.id, decision)
    if not new:
        return
    connection.execute(sa.insert(decisions), [decision_row(each) for each in new.values()])
    note_subjects(connection, sequences(connection, new.keys()), new.values())


def note_subjects(
    connection: sa.Connection, at: Mapping[str, int], said: Iterable[Decision]
) -> None:
    """Note whom and what these decisions mention; ``at`` has their numbers, by id."""
    rows = [
        {"subject": subject, "decision": at[decision.id]}
        for decision in said
        if decision.id in at
        for subject in sorted(person_ids_in(decision.said) | photos_in(decision.said))
    ]
    if rows:
        connection.execute(sa.insert(decision_subjects), rows)


def read(database: Database, about: Collection[PhotoId | PersonId] | None) -> Iterator[Decision]:
    """The journal, or what concerns these photos and people, in the order of appending."""
    table = decisions
    query = sa.select(
        table.c.decision_id,
        table.c.decided_at,
        table.c.decided_by,
        table.c.kind,
        table.c.payload,
        table.c.sequence,
    ).order_by(table.c.sequence)
    pages = _every_page(database, query) if about is None else _pages(database, query, about)
    return (decision_of(row) for page in pages for row in page)


def _every_page(database: Database, query: Query) -> Iterator[Sequence[Row]]:
    last = 0
    while rows := _page(database, query.where(decisions.c.sequence > last).limit(PAGE)):
        yield rows
        last = rows[-1][-1]


def _pages(
    database: Database, query: Query, about: Collection[PhotoId | PersonId]
) -> Iterator[Sequence[Row]]:
    for chunk in chunks(_concerning(database, about)):
        yield _page(database, query.where(decisions.c.sequence.in_(chunk)))


def _concerning(database: Database, about: Collection[PhotoId | PersonId]) -> list[int]:
    mentions = sa.select(decision_subjects.c.decision)
    always = sa.select(decisions.c.sequence).where(decisions.c.kind.in_(_ALWAYS))
    with database.read() as connection:
        found = set(connection.scalars(always))
        found.update(
            row[0] for row in rows_in(connection, mentions, decision_subjects.c.subject, about)
        )
    return sorted(found)


def sequences(connection: sa.Connection, ids: Collection[str]) -> dict[str, int]:
    """The numbers of the entries with these ids."""
    query = sa.select(decisions.c.decision_id, decisions.c.sequence)
    return {row[0]: row[1] for row in rows_in(connection, query, decisions.c.decision_id, ids)}


def _page(database: Database, query: Query) -> Sequence[Row]:
    with database.read() as connection:
        return connection.execute(query).all()
