"""The port ``Outbox`` over a relational database."""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa

from kith.adapters.catalog.sql.postings import notice_of, remove_rules
from kith.adapters.catalog.sql.reading import Query, chunks
from kith.database.notices import notice_rules, outbox
from kith.database.open import Database
from kith.database.tables import photos
from kith.database.upsert import insert_new
from kith.domain.notice import NoticeId, Posting, Rule, RuleId, message_id_of
from kith.domain.notice_rules import rule_of, written
from kith.ports.outbox import MOST_IN_A_MESSAGE, Consignment, Entry, State

_WAITING: Final = (State.PENDING, State.CLAIMED)


class SqlOutbox:
    """The outbox of one library in a database, which stays the caller's to close."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # -- rules -------------------------------------------------------------------------------------

    def rules(self) -> Sequence[Rule]:
        """The rules that are kept here, in the order in which they first were."""
        query = sa.select(notice_rules.c.rule).where(notice_rules.c.rule.is_not(None))
        with self._database.read() as connection:
            rows = connection.scalars(query.order_by(notice_rules.c.number)).all()
        return [rule_of(json.loads(row)) for row in rows if row is not None]

    def keep_rule(self, rule: Rule, /) -> None:
        """Keep the rule in the place of the one with its id, or as a new one."""
        known = notice_rules.c.rule_id == rule.id
        with self._database.write() as connection:
            _begin(connection, [rule.id], anew=False)
            kept = sa.update(notice_rules).where(known)
            connection.execute(kept.values(rule=json.dumps(written(rule))))

    def remove_rule(self, rule_id: RuleId, /) -> None:
        """Forget the rule, and its notices that were not sent."""
        kept = sa.and_(notice_rules.c.rule_id == rule_id, notice_rules.c.rule.is_not(None))
        with self._database.write() as connection:
            if connection.scalar(sa.select(notice_rules.c.number).where(kept)) is not None:
                remove_rules(connection, [rule_id])

    def begin(self, rule_ids: Collection[RuleId], /, *, anew: bool = False) -> None:
        """What the library holds now was there before these rules."""
        if not anew and self._have_begun(rule_ids):
            return
        with self._database.write() as connection:
            _begin(connection, rule_ids, anew=anew)

    def _have_begun(self, rule_ids: Collection[RuleId]) -> bool:
        """Whether all of them have; told by reading, so that nobody waits for a turn to write."""
        with self._database.read() as connection:
            known = set(connection.scalars(sa.select(notice_rules.c.rule_id)))
        return known.issuperset(rule_ids)

    # -- sending -----------------------------------------------------------------------------------

    def claim(
        self, channels: Collection[str], /, *, now: float, until: float
    ) -> Consignment | None:
        """Take the message for one of these channels that is due for longest, if one is."""
        with self._database.read() as connection:
            if _first_due(connection, channels, now) is None:
                return None  # Without a turn to write, for this is asked all the time.
        with self._database.write() as connection:
            found = _first_due(connection, channels, now)
            return None if found is None else _take(connection, found, until)

    def mark_sent(self, consignment: Consignment, now: float, /) -> None:
        """It arrived."""
        same = sa.and_(
            outbox.c.message_id == consignment.message_id, outbox.c.channel == consignment.channel
        )
        sent = {"state": State.SENT, "sent": now, "error": "", "claim": None}
        with self._database.write() as connection:
            connection.execute(
                sa.update(outbox).where(same).values(attempts=outbox.c.attempts + 1, **sent)
            )

    def postpone(
        self, consignment: Consignment, due: float, /, *, error: str = "", counted: bool = True
    ) -> None:
        """It could not be sent, and is to be tried again."""
        said = {"error": error} if error else {}
        self._let_go(
            consignment,
            state=State.PENDING,
            due=due,
            attempts=outbox.c.attempts + int(counted),
            **said,
        )

    def bury(self, consignment: Consignment, error: str, /) -> None:
        """It cannot be sent and is not tried again."""
        self._let_go(consignment, state=State.DEAD, attempts=outbox.c.attempts + 1, error=error)

    def _let_go(self, consignment: Consignment, **values: Any) -> None:
        taken = outbox.c.claim == consignment.claim
        with self._database.write() as connection:
            connection.execute(sa.update(outbox).where(taken).values(claim=None, **values))

    # -- looking -----------------------------------------------------------------------------------

    def entries(
        self, states: Collection[State] | None = None, /, *, before: int | None = None, limit: int
    ) -> Sequence[Entry]:
        """What is or was on its way, newest first."""
        query = _with_photos().order_by(outbox.c.number.desc()).limit(limit)
        if states is not None:
            query = query.where(outbox.c.state.in_(states))
        if before is not None:
            query = query.where(outbox.c.number < before)
        with self._database.read() as connection:
            return [_entry_of(row) for row in connection.execute(query)]

    def counts(self) -> Mapping[State, int]:
        """How many postings are how far."""
        query = sa.select(outbox.c.state, sa.func.count()).group_by(outbox.c.state)
        with self._database.read() as connection:
            return {State(row[0]): row[1] for row in connection.execute(query)}

    def send_again(self, notice_ids: Collection[NoticeId] | None, now: float, /) -> int:
        """Have the dead among these notices, or all, tried again from now on."""
        dead = outbox.c.state == State.DEAD
        again = {"state": State.PENDING, "due": now, "attempts": 0}
        with self._database.write() as connection:
            if notice_ids is None:
                return connection.execute(sa.update(outbox).where(dead).values(again)).rowcount
            return sum(
                connection.execute(sa.update(outbox).where(dead, same).values(again)).rowcount
                for same in _messages_with(connection, notice_ids)
            )

    def sweep(self, before: float, /) -> int:
        """Forget what was sent before that moment."""
        old = sa.and_(outbox.c.state == State.SENT, outbox.c.sent < before)
        with self._database.read() as connection:
            if connection.execute(sa.select(outbox.c.number).where(old).limit(1)).first() is None:
                return 0
        with self._database.write() as connection:
            return connection.execute(sa.delete(outbox).where(old)).rowcount


def _begin(connection: sa.Connection, rule_ids: Collection[RuleId], *, anew: bool) -> None:
    newest = connection.scalar(sa.select(sa.func.max(photos.c.arrival))) or 0
    rows = [{"rule_id": rule_id, "since": newest} for rule_id in dict.fromkeys(rule_ids)]
    if rows:
        connection.execute(insert_new(connection, notice_rules), rows)
    if anew:
        for chunk in chunks(rule_ids):
            among = notice_rules.c.rule_id.in_(chunk)
            connection.execute(sa.update(notice_rules).where(among).values(since=newest))


def _first_due(connection: sa.Connection, channels: Collection[str], now: float) -> Any:
    """The posting that is due for longest; ``None`` if none is.

    Asked for each state by itself: then the index has the answer first, however many wait.
    """
    due = _with_photos().where(outbox.c.due <= now, outbox.c.channel.in_(channels))
    first = due.order_by(outbox.c.due, outbox.c.number).limit(1)
    pending = first.where(outbox.c.state == State.PENDING)
    left = first.where(outbox.c.state == State.CLAIMED, outbox.c.until <= now)
    found = [row for query in (pending, left) for row in connection.execute(query)]
    return min(found, key=lambda row: (row.due, row.number), default=None)


def _take(connection: sa.Connection, first: Any, until: float) -> Consignment:
    """Take the message that this posting belongs to, settling what belongs to it if need be."""
    rows = connection.execute(_belonging_to(first)).all()
    claim, notices = uuid.uuid4().hex, tuple(notice_of(row) for row in rows)
    message_id = first.message_id or message_id_of(notices)
    taken = outbox.c.number.in_([row.number for row in rows])
    connection.execute(
        sa.update(outbox)
        .where(taken)
        .values(state=State.CLAIMED, message_id=message_id, claim=claim, until=until)
    )
    attempts = max(row.attempts for row in rows)
    return Consignment(message_id, first.channel, notices, attempts, claim)


def _belonging_to(first: Any) -> Query:
    """The postings that go with this one, oldest first."""
    query = _with_photos().where(outbox.c.channel == first.channel, outbox.c.state.in_(_WAITING))
    if first.message_id is not None:
        query = query.where(outbox.c.message_id == first.message_id)
    elif first.bundle is not None:
        query = query.where(outbox.c.bundle == first.bundle, outbox.c.message_id.is_(None))
    else:
        query = query.where(outbox.c.number == first.number)
    return query.order_by(outbox.c.number).limit(MOST_IN_A_MESSAGE)


def _messages_with(
    connection: sa.Connection, notice_ids: Collection[NoticeId]
) -> Sequence[sa.ColumnElement[bool]]:
    """For each message that one of these notices went with, what its postings have in common."""
    found: set[tuple[str, str]] = set()
    for chunk in chunks(notice_ids):
        query = sa.select(outbox.c.channel, outbox.c.message_id)
        rows = connection.execute(query.where(outbox.c.notice_id.in_(chunk)))
        found.update((row[0], row[1]) for row in rows if row[1] is not None)
    return [
        sa.and_(outbox.c.channel == channel, outbox.c.message_id == message_id)
        for channel, message_id in found
    ]


def _with_photos() -> Query:
    return sa.select(outbox, photos.c.photo_id).join_from(outbox, photos)


def _entry_of(row: Any) -> Entry:
    posting = Posting(notice_of(row), row.channel, row.due, row.bundle)
    return Entry(row.number, posting, State(row.state), row.attempts, row.error, row.message_id)
