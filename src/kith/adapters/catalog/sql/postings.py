"""Notices that come into the outbox, or leave it, with what they are about: in its transaction."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from kith.adapters.catalog.sql.photos import arrivals
from kith.adapters.catalog.sql.reading import chunks, rows_in
from kith.database.notices import notice_rules, outbox
from kith.database.tables import people
from kith.database.upsert import insert_new
from kith.domain.face import FaceId
from kith.domain.notice import Notice, Posting, RuleId, Together
from kith.domain.notice_rules import rule_of
from kith.domain.person import PersonId
from kith.ports.outbox import State


def post(connection: sa.Connection, postings: Sequence[Posting]) -> None:
    """Put these into the outbox.

    Left out are those that are there already, those of photos that are not known, and those of
    photos that were there before the rule.
    """
    if not postings:
        return
    photos = arrivals(connection, {posting.notice.photo_id for posting in postings})
    since = _since(connection, {posting.notice.rule_id for posting in postings})
    rows = [
        _row_of(posting, arrival)
        for posting in postings
        if (arrival := photos.get(posting.notice.photo_id)) is not None
        and arrival > since.get(posting.notice.rule_id, 0)
    ]
    if rows:
        connection.execute(insert_new(connection, outbox), rows)


def forget_faces(connection: sa.Connection, face_ids: Collection[FaceId]) -> None:
    """Have no notice name these faces; those that then are about nothing go."""
    query = sa.select(outbox.c.number, outbox.c.face_ids, outbox.c.labels)
    for number, shown, labels in connection.execute(query).all():
        named: list[str] = json.loads(shown)
        left = [face_id for face_id in named if face_id not in face_ids]
        if len(left) == len(named):
            continue
        row = outbox.c.number == number
        if left or json.loads(labels):
            connection.execute(sa.update(outbox).where(row).values(face_ids=json.dumps(left)))
        else:
            connection.execute(sa.delete(outbox).where(row))


def forget_people(connection: sa.Connection, person_ids: Collection[PersonId]) -> None:
    """Forget the rules that are kept for one of these people, or for whom they were before."""
    parts = people.alias()
    query = sa.select(parts.c.person_id).join_from(
        parts, people, parts.c.merged_into == people.c.number
    )
    before = {row[0] for row in rows_in(connection, query, people.c.person_id, person_ids)}
    gone = before | set(person_ids)
    kept = sa.select(notice_rules.c.rule_id, notice_rules.c.rule)
    rows = connection.execute(kept.where(notice_rules.c.rule.is_not(None))).all()
    remove_rules(connection, [row[0] for row in rows if not gone.isdisjoint(_people_in(row[1]))])


def remove_rules(connection: sa.Connection, rule_ids: Collection[RuleId]) -> None:
    """Forget rules, and their notices that were not sent."""
    for chunk in chunks(rule_ids):
        unsent = sa.and_(outbox.c.rule_id.in_(chunk), outbox.c.state != State.SENT)
        connection.execute(sa.delete(outbox).where(unsent))
        connection.execute(sa.delete(notice_rules).where(notice_rules.c.rule_id.in_(chunk)))


def notice_of(row: Any) -> Notice:
    """The notice of a row of the outbox, joined to its photo."""
    return Notice(
        rule_id=row.rule_id,
        rule_name=row.rule_name,
        photo_id=row.photo_id,
        face_ids=tuple(json.loads(row.face_ids)),
        labels=tuple(json.loads(row.labels)),
        created=row.created,
    )


def _row_of(posting: Posting, arrival: int) -> dict[str, Any]:
    notice = posting.notice
    return {
        "notice_id": notice.id,
        "channel": posting.channel,
        "rule_id": notice.rule_id,
        "rule_name": notice.rule_name,
        "photo": arrival,
        "face_ids": json.dumps(notice.face_ids),
        "labels": json.dumps(notice.labels),
        "created": notice.created,
        "due": posting.due,
        "bundle": posting.bundle,
        "state": State.PENDING,
        "attempts": 0,
        "error": "",
    }


def _since(connection: sa.Connection, rule_ids: Collection[RuleId]) -> dict[RuleId, int]:
    query = sa.select(notice_rules.c.rule_id, notice_rules.c.since)
    return {row[0]: row[1] for row in rows_in(connection, query, notice_rules.c.rule_id, rule_ids)}


def _people_in(rule: str) -> Iterable[str]:
    when = rule_of(json.loads(rule)).when
    return when.people if isinstance(when, Together) else ()
