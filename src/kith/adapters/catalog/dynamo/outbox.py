"""The port ``Outbox`` in DynamoDB."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, Final, TypeVar

from kith.adapters.catalog.dynamo.draft import Doc, Draft, write_beside
from kith.adapters.catalog.dynamo.ledger import Ledger
from kith.adapters.catalog.dynamo.postings import (
    by_number,
    in_states,
    keep,
    notice_of,
    remove,
    remove_rule,
)
from kith.adapters.catalog.dynamo.schema import (
    OUTBOX,
    RULES,
    Key,
    message,
    number_key,
    rule_key,
)
from kith.adapters.catalog.dynamo.table import EVERYTHING, Span, Table
from kith.domain.notice import NoticeId, Posting, Rule, RuleId, message_id_of
from kith.domain.notice_rules import rule_of, written
from kith.ports.outbox import MOST_IN_A_MESSAGE, Consignment, Entry, State

T = TypeVar("T")

_WAITING: Final = (State.PENDING, State.CLAIMED)


class DynamoOutbox:
    """The outbox of one library in a DynamoDB table (``schema``).

    Args:
        table: the library's part of one.
        ledger: of its editions.
    """

    def __init__(self, table: Table, ledger: Ledger | None = None) -> None:
        self._table = table
        self._ledger = ledger or Ledger(table)

    # -- rules -------------------------------------------------------------------------------------

    def rules(self) -> Sequence[Rule]:
        """The rules that are kept here, in the order in which they first were."""
        found = [doc for _, doc in self._look().under(RULES) if doc["rule"] is not None]
        return [rule_of(doc["rule"]) for doc in sorted(found, key=lambda doc: doc["number"])]

    def keep_rule(self, rule: Rule, /) -> None:
        """Keep the rule in the place of the one with its id, or as a new one."""

        def work(draft: Draft) -> None:
            _begin(draft, [rule.id], anew=False)
            doc = draft.get(rule_key(rule.id))
            assert doc is not None
            draft.put(rule_key(rule.id), {**doc, "rule": written(rule)})

        self._write(work)

    def remove_rule(self, rule_id: RuleId, /) -> None:
        """Forget the rule, and its notices that were not sent."""

        def work(draft: Draft) -> None:
            doc = draft.get(rule_key(rule_id))
            if doc is not None and doc["rule"] is not None:
                remove_rule(draft, rule_id)

        self._write(work)

    def begin(self, rule_ids: Collection[RuleId], /, *, anew: bool = False) -> None:
        """What the library holds now was there before these rules."""
        self._write(lambda draft: _begin(draft, rule_ids, anew=anew))

    # -- sending -----------------------------------------------------------------------------------

    def claim(
        self, channels: Collection[str], /, *, now: float, until: float
    ) -> Consignment | None:
        """Take the message for one of these channels that is due for longest, if one is."""

        def work(draft: Draft) -> Consignment | None:
            waiting = in_states(draft, _WAITING)
            due = [
                (doc["due"], number)
                for number, doc in waiting.items()
                if doc["channel"] in channels and doc["due"] <= now and _is_free(doc, now)
            ]
            return _take(draft, waiting, min(due)[1], until) if due else None

        return self._write(work)

    def mark_sent(self, consignment: Consignment, now: float, /) -> None:
        """It arrived."""

        def work(draft: Draft) -> None:
            for number, doc in _of_message(draft, consignment.message_id).items():
                if doc["channel"] == consignment.channel:
                    sent = {"state": State.SENT.value, "sent": now, "error": "", "claim": None}
                    more = {"attempts": doc["attempts"] + 1}
                    keep(draft, number, doc["state"], {**doc, **sent, **more})

        self._write(work)

    def postpone(
        self, consignment: Consignment, due: float, /, *, error: str = "", counted: bool = True
    ) -> None:
        """It could not be sent, and is to be tried again."""
        said = {"error": error} if error else {}
        self._let_go(consignment, counted, state=State.PENDING.value, due=due, **said)

    def bury(self, consignment: Consignment, error: str, /) -> None:
        """It cannot be sent and is not tried again."""
        self._let_go(consignment, counted=True, state=State.DEAD.value, error=error)

    def _let_go(self, consignment: Consignment, counted: bool, **values: Any) -> None:
        def work(draft: Draft) -> None:
            for number, doc in _of_message(draft, consignment.message_id).items():
                if doc["claim"] == consignment.claim:
                    more = {"attempts": doc["attempts"] + counted, "claim": None}
                    keep(draft, number, doc["state"], {**doc, **values, **more})

        self._write(work)

    # -- looking -----------------------------------------------------------------------------------

    def entries(
        self, states: Collection[State] | None = None, /, *, before: int | None = None, limit: int
    ) -> Sequence[Entry]:
        """What is or was on its way, newest first."""
        self._ledger.head()
        keys = EVERYTHING if before is None else Span("!", number_key(before))
        found = (
            _entry_of(int(sk), item.read())
            for sk, item in self._table.query(OUTBOX, keys, backwards=True)
        )
        wanted = (
            entry
            for entry in found
            if (states is None or entry.state in states)
            and (before is None or entry.number < before)
        )
        return list(islice(wanted, limit))

    def counts(self) -> Mapping[State, int]:
        """How many postings are how far."""
        known = self._ledger.head().counts
        return {state: count for state in State if (count := known.get(f"outbox {state}", 0))}

    def send_again(self, notice_ids: Collection[NoticeId] | None, now: float, /) -> int:
        """Have the dead among these notices, or all, tried again from now on."""

        def work(draft: Draft) -> int:
            dead = in_states(draft, [State.DEAD])
            meant = {
                (doc["channel"], doc["message"])
                for doc in dead.values()
                if notice_ids is None or doc["id"] in notice_ids
            }
            again = {
                number: doc
                for number, doc in dead.items()
                if (doc["channel"], doc["message"]) in meant
            }
            for number, doc in again.items():
                values = {"state": State.PENDING.value, "due": now, "attempts": 0}
                keep(draft, number, doc["state"], {**doc, **values})
            return len(again)

        return self._write(work)

    def sweep(self, before: float, /) -> int:
        """Forget what was sent before that moment."""

        def work(draft: Draft) -> int:
            sent = in_states(draft, [State.SENT])
            old = [number for number, doc in sent.items() if doc["sent"] < before]
            for number in old:
                remove(draft, number)
            return len(old)

        return self._write(work)

    # -- helpers -----------------------------------------------------------------------------------

    def _look(self) -> Draft:
        return Draft(self._table, self._ledger.head())

    def _write(self, work: Callable[[Draft], T]) -> T:
        """Do this, again where others came between; the catalog's edition stays as it is."""
        return write_beside(self._table, self._ledger, work)


def _begin(draft: Draft, rule_ids: Collection[RuleId], *, anew: bool) -> None:
    newest = draft.counts.get("arrivals", 0)
    draft.load(map(rule_key, rule_ids))
    for rule_id in rule_ids:
        doc = draft.get(rule_key(rule_id))
        if doc is None:
            number = draft.next("rules")
            draft.put(rule_key(rule_id), {"since": newest, "rule": None, "number": number})
        elif anew:
            draft.put(rule_key(rule_id), {**doc, "since": newest})


def _is_free(doc: Doc, now: float) -> bool:
    return doc["state"] == State.PENDING.value or doc["until"] <= now


def _take(draft: Draft, waiting: Mapping[int, Doc], first: int, until: float) -> Consignment:
    """Take the message that this posting belongs to, settling what belongs to it if need be."""
    numbers = sorted(_belonging_to(waiting, first))[:MOST_IN_A_MESSAGE]
    notices = tuple(notice_of(waiting[number]) for number in numbers)
    message_id: str = waiting[first]["message"] or message_id_of(notices)
    claim = uuid.uuid4().hex
    taken = {
        "state": State.CLAIMED.value,
        "message": message_id,
        "claim": claim,
        "until": until,
    }
    for number in numbers:
        doc = waiting[number]
        draft.put(Key(message(message_id), number_key(number)), {})
        keep(draft, number, doc["state"], {**doc, **taken})
    attempts = max(waiting[number]["attempts"] for number in numbers)
    return Consignment(message_id, waiting[first]["channel"], notices, attempts, claim)


def _belonging_to(waiting: Mapping[int, Doc], first: int) -> Iterable[int]:
    """The postings that go with this one."""
    channel, message_id, bundle = (
        waiting[first][name] for name in ("channel", "message", "bundle")
    )
    if message_id is None and bundle is None:
        return [first]
    return [
        number
        for number, doc in waiting.items()
        if doc["channel"] == channel
        and doc["message"] == message_id
        and (message_id is not None or doc["bundle"] == bundle)
    ]


def _of_message(draft: Draft, message_id: str) -> dict[int, Doc]:
    return by_number(draft, [int(sk) for sk, _ in draft.under(message(message_id))])


def _entry_of(number: int, doc: Mapping[str, Any]) -> Entry:
    posting = Posting(notice_of(doc), doc["channel"], doc["due"], doc["bundle"])
    state = State(doc["state"])
    return Entry(number, posting, state, doc["attempts"], doc["error"], doc["message"])
