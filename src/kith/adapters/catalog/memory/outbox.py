"""The port ``Outbox`` in memory."""

from __future__ import annotations

import itertools
import threading
import uuid
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kith.domain.face import FaceId
from kith.domain.notice import NoticeId, Posting, Rule, RuleId, Together, message_id_of
from kith.domain.person import PersonId
from kith.domain.photo import PhotoId
from kith.ports.outbox import MOST_IN_A_MESSAGE, Consignment, Entry, State


@dataclass(slots=True)
class _Row:
    entry: Entry
    claim: str | None = None
    until: float = 0.0
    sent: float = 0.0

    def change(self, **values: Any) -> None:
        self.entry = replace(self.entry, **values)


class MemoryOutbox:
    """The outbox of one library, gone when the program ends.

    The catalog of the same library (``MemoryCatalog.outbox``) says which photos there are.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._arrivals: dict[PhotoId, int] = {}
        self._numbers = itertools.count(1)
        self._rules: dict[RuleId, Rule] = {}
        self._since: dict[RuleId, int] = {}
        self._rows: dict[tuple[NoticeId, str], _Row] = {}

    # -- for the catalog ---------------------------------------------------------------------------

    def note_arrival(self, photo_id: PhotoId) -> None:
        """The photo is in the library from now on."""
        with self._lock:
            self._arrivals[photo_id] = next(self._numbers)

    def post(self, postings: Iterable[Posting]) -> None:
        """Put these into the outbox, but for those of photos that were there before the rule."""
        with self._lock:
            for posting in postings:
                notice = posting.notice
                arrival = self._arrivals.get(notice.photo_id, 0)
                key = notice.id, posting.channel
                if arrival > self._since.get(notice.rule_id, 0) and key not in self._rows:
                    number = next(self._numbers)
                    self._rows[key] = _Row(Entry(number, posting, State.PENDING, 0, "", None))

    def forget_photos(self, photo_ids: Collection[PhotoId]) -> None:
        """Forget notices of photos that are gone."""
        with self._lock:
            for photo_id in photo_ids:
                self._arrivals.pop(photo_id, None)
            self._keep(lambda entry: entry.posting.notice.photo_id not in photo_ids)

    def forget_faces(self, face_ids: Collection[FaceId]) -> None:
        """Have no notice name these faces; those that then are about nothing go."""
        with self._lock:
            for row in self._rows.values():
                posting = row.entry.posting
                left = tuple(one for one in posting.notice.face_ids if one not in face_ids)
                row.change(posting=replace(posting, notice=replace(posting.notice, face_ids=left)))
            self._keep(lambda entry: _is_about_something(entry.posting))

    def forget_people(self, person_ids: Collection[PersonId]) -> None:
        """Forget the rules that are kept for these people."""
        with self._lock:
            for rule in list(self._rules.values()):
                people = rule.when.people if isinstance(rule.when, Together) else ()
                if not set(person_ids).isdisjoint(people):
                    self.remove_rule(rule.id)

    # -- rules -------------------------------------------------------------------------------------

    def rules(self) -> Sequence[Rule]:
        """The rules that are kept here, in the order in which they first were."""
        with self._lock:
            return list(self._rules.values())

    def keep_rule(self, rule: Rule, /) -> None:
        """Keep the rule in the place of the one with its id, or as a new one."""
        with self._lock:
            self.begin([rule.id])
            self._rules[rule.id] = rule

    def remove_rule(self, rule_id: RuleId, /) -> None:
        """Forget the rule, and its notices that were not sent."""
        with self._lock:
            if self._rules.pop(rule_id, None):
                del self._since[rule_id]
                self._keep(
                    lambda entry: (
                        entry.posting.notice.rule_id != rule_id or entry.state is State.SENT
                    )
                )

    def begin(self, rule_ids: Collection[RuleId], /, *, anew: bool = False) -> None:
        """What the library holds now was there before these rules."""
        with self._lock:
            newest = max(self._arrivals.values(), default=0)
            for rule_id in rule_ids:
                if anew or rule_id not in self._since:
                    self._since[rule_id] = newest

    # -- sending -----------------------------------------------------------------------------------

    def claim(
        self, channels: Collection[str], /, *, now: float, until: float
    ) -> Consignment | None:
        """Take the message for one of these channels that is due for longest, if one is."""
        with self._lock:
            due = [
                row
                for row in self._rows.values()
                if row.entry.posting.channel in channels
                and row.entry.posting.due <= now
                and _is_free(row, now)
            ]
            if not due:
                return None
            first = min(due, key=lambda row: (row.entry.posting.due, row.entry.number))
            return self._take(first, until)

    def _take(self, first: _Row, until: float) -> Consignment:
        rows = sorted(self._belonging_to(first), key=lambda row: row.entry.number)
        rows = rows[:MOST_IN_A_MESSAGE]
        notices = tuple(row.entry.posting.notice for row in rows)
        message_id = first.entry.message_id or message_id_of(notices)
        claim = uuid.uuid4().hex
        for row in rows:
            row.claim, row.until = claim, until
            row.change(state=State.CLAIMED, message_id=message_id)
        attempts = max(row.entry.attempts for row in rows)
        return Consignment(message_id, first.entry.posting.channel, notices, attempts, claim)

    def _belonging_to(self, first: _Row) -> Iterable[_Row]:
        posting, message_id = first.entry.posting, first.entry.message_id
        if message_id is None and posting.bundle is None:
            return [first]
        return [
            row
            for row in self._rows.values()
            if row.entry.posting.channel == posting.channel
            and row.entry.state in {State.PENDING, State.CLAIMED}
            and row.entry.message_id == message_id
            and (message_id is not None or row.entry.posting.bundle == posting.bundle)
        ]

    def mark_sent(self, consignment: Consignment, now: float, /) -> None:
        """It arrived."""
        with self._lock:
            for row in self._rows.values():
                where = row.entry.message_id, row.entry.posting.channel
                if where == (consignment.message_id, consignment.channel):
                    row.claim, row.sent = None, now
                    row.change(state=State.SENT, error="", attempts=row.entry.attempts + 1)

    def postpone(
        self, consignment: Consignment, due: float, /, *, error: str = "", counted: bool = True
    ) -> None:
        """It could not be sent, and is to be tried again."""
        with self._lock:
            for row in self._taken(consignment):
                entry = row.entry
                row.change(
                    state=State.PENDING,
                    posting=replace(entry.posting, due=due),
                    attempts=entry.attempts + counted,
                    error=error or entry.error,
                )

    def bury(self, consignment: Consignment, error: str, /) -> None:
        """It cannot be sent and is not tried again."""
        with self._lock:
            for row in self._taken(consignment):
                row.change(state=State.DEAD, error=error, attempts=row.entry.attempts + 1)

    def _taken(self, consignment: Consignment) -> Iterable[_Row]:
        rows = [row for row in self._rows.values() if row.claim == consignment.claim]
        for row in rows:
            row.claim = None
        return rows

    # -- looking -----------------------------------------------------------------------------------

    def entries(
        self, states: Collection[State] | None = None, /, *, before: int | None = None, limit: int
    ) -> Sequence[Entry]:
        """What is or was on its way, newest first."""
        with self._lock:
            found = [row.entry for row in self._rows.values()]
        found.sort(key=lambda entry: -entry.number)
        return [
            entry
            for entry in found
            if (states is None or entry.state in states)
            and (before is None or entry.number < before)
        ][:limit]

    def counts(self) -> Mapping[State, int]:
        """How many postings are how far."""
        with self._lock:
            return dict(Counter(row.entry.state for row in self._rows.values()))

    def send_again(self, notice_ids: Collection[NoticeId] | None, now: float, /) -> int:
        """Have the dead among these notices, or all, tried again from now on."""
        with self._lock:
            dead = [row for row in self._rows.values() if row.entry.state is State.DEAD]
            if notice_ids is not None:
                wanted = {
                    (row.entry.posting.channel, row.entry.message_id)
                    for row in dead
                    if row.entry.posting.notice.id in notice_ids
                }
                dead = [
                    row
                    for row in dead
                    if (row.entry.posting.channel, row.entry.message_id) in wanted
                ]
            for row in dead:
                posting = replace(row.entry.posting, due=now)
                row.change(state=State.PENDING, posting=posting, attempts=0)
            return len(dead)

    def sweep(self, before: float, /) -> int:
        """Forget what was sent before that moment."""
        with self._lock:
            old = [
                key
                for key, row in self._rows.items()
                if row.entry.state is State.SENT and row.sent < before
            ]
            for key in old:
                del self._rows[key]
            return len(old)

    def _keep(self, wanted: Callable[[Entry], bool]) -> None:
        self._rows = {key: row for key, row in self._rows.items() if wanted(row.entry)}


def _is_free(row: _Row, now: float) -> bool:
    state = row.entry.state
    return state is State.PENDING or (state is State.CLAIMED and row.until <= now)


def _is_about_something(posting: Posting) -> bool:
    return bool(posting.notice.face_ids or posting.notice.labels)
