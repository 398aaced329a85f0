"""Changes as a whole or not at all, whatever their size.

A change is a list of items to put and to delete. It is worked out from what was read at one
revision of the library and counts only if that is still the last one.

- What fits into one transaction (100 items, 4 MB) is one: the head with its new revision, on the
  condition that it has the old one, and the items.
- What does not is first written down in pages that nobody looks at (``LOG#...``). Then one request
  lets the head have the new revision and name the change as *pending*: now it has happened. Page
  after page is applied, each in one transaction that also counts it in the head, on the condition
  that the head names this change and has counted this far. So no page is applied twice, and none
  late, by whomever.

Whoever reads the head, in order to read or to write, and finds a change pending waits for it, and
if it does not get on, applies the rest himself. So a writer may die between any two requests:
before the one that counts, nothing was changed; after it, everything is for whoever looks next.
Pages that were written for nothing are cleared away by the next large change, a day later.
"""

from __future__ import annotations

import base64
import json
import time
import uuid
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Final

from kith.adapters.catalog.dynamo.client import CanceledError
from kith.adapters.catalog.dynamo.schema import HEAD, LOGS, Key, log_key, long_key
from kith.adapters.catalog.dynamo.table import Item, Long, Table, Wire, wait
from kith.domain.errors import (
    KithError,
    LibraryBusyError,
    LibraryDamagedError,
    LibraryFullError,
    StaleError,
)

Change = Mapping[Key, Item | None]
"""What lies at these keys from now on."""

_FIRST: Final = 1
_ROOM: Final = 99
"""Items of a transaction beside the head; DynamoDB takes 100."""

_PAGE: Final = 250_000
"""Characters of a page of a log, at most, but for one item; DynamoDB takes 400 KB an item."""

_TRANSACTION: Final = 3_000_000
"""Characters of a transaction; DynamoDB takes 4 MB."""

_LONG: Final = 200_000
"""Characters of a document that lies in one item."""

_TRIES: Final = 12
_DAY: Final = 86_400.0


@dataclass(frozen=True, slots=True)
class Head:
    """What there is at one moment.

    Attributes:
        edition: grows with every change that others need notice.
        revision: grows with every change.
        counts: what is counted, by name.
    """

    edition: int = _FIRST
    revision: int = _FIRST
    counts: Mapping[str, int] = field(default_factory=dict[str, int])


@dataclass(frozen=True, slots=True)
class _Pending:
    """A change that is not applied yet: which, of how many pages, and how many of them are."""

    change: str
    pages: int
    applied: int


class Ledger:
    """The editions of a library, or of another thing of its own in the same table.

    Args:
        table: where it is.
        key: of the head.
        patience: seconds in which another writer's change must get on.
    """

    def __init__(self, table: Table, key: Key = HEAD, patience: float = 5.0) -> None:
        self._table = table
        self._key = key
        self._patience = patience

    def head(self) -> Head:
        """What there is, with nothing pending.

        Raises:
            LibraryBusyError: a change is pending that cannot be applied for the moment.
        """
        seen: _Pending | None = None
        since, attempt = time.monotonic(), 0
        while True:
            head, pending = self._read()
            if pending is None:
                return head
            if pending != seen:
                seen, since, attempt = pending, time.monotonic(), 0
            if time.monotonic() - since >= self._patience:
                self._apply(head, pending)
            else:
                wait(attempt)
                attempt += 1

    def commit(self, head: Head, change: Change, counts: Mapping[str, int], edition: int) -> None:
        """Let the change happen.

        Args:
            head: from which it was worked out.
            change: what lies where from now on.
            counts: from now on.
            edition: from now on; that of ``head`` where nobody need notice.

        Raises:
            StaleError: the revision is another by now; nothing was changed.
            LibraryBusyError: too many write at once; nothing was changed.
        """
        version = uuid.uuid4().hex
        pieces = _in_pieces(change, version)
        after = Head(edition, head.revision + 1, counts)
        if len(pieces) <= _ROOM and sum(map(_size, pieces.items())) <= _TRANSACTION:
            self._count(head, self._put(head, after), self._actions(pieces.items()))
            return
        pages = list(_pages(pieces))
        self._begin(version, pages)
        pending = _Pending(version, len(pages), 0)
        self._count(head, self._put(head, after, pending), [])
        # It has happened: if it cannot be applied now, whoever looks next applies it.
        with suppress(KithError):
            self._apply(after, pending)

    # -- the head ----------------------------------------------------------------------------------

    def _read(self) -> tuple[Head, _Pending | None]:
        wire = self._table.raw(self._key)
        if wire is None:
            return Head(), None
        edition, revision = (int(wire[name]["N"]) for name in ("edition", "revision"))
        head = Head(edition, revision, json.loads(wire["doc"]["S"]))
        if "pending" not in wire:
            return head, None
        pages, applied = (int(wire[name]["N"]) for name in ("pages", "applied"))
        return head, _Pending(wire["pending"]["S"], pages, applied)

    def _put(self, before: Head, after: Head, pending: _Pending | None = None) -> Wire:
        """The head from now on, if it is as it was."""
        condition = "revision = :revision AND attribute_not_exists(pending)"
        if before.revision == _FIRST:
            condition = f"attribute_not_exists(pk) OR ({condition})"
        return self._table.put(
            self._key,
            _attributes(after, pending),
            ConditionExpression=condition,
            ExpressionAttributeValues={":revision": {"N": str(before.revision)}},
        )

    def _count(self, head: Head, counted: Wire, actions: Sequence[Wire]) -> None:
        """Do the one request that counts; others may be at it just now."""
        for attempt in range(_TRIES):
            try:
                self._table.transact([counted, *actions])
            except CanceledError as error:
                now, pending = self._read()
                if now.revision != head.revision or pending is not None:
                    raise stale() from error
                if "ItemCollectionSizeLimitExceeded" in error.codes:
                    raise LibraryFullError(error.message, "Use another library.") from error
                if not _may_pass(error):
                    raise
                wait(attempt)
            else:
                return
        raise LibraryBusyError("too many are writing to the library at once", "Try again later.")

    # -- large changes -----------------------------------------------------------------------------

    def _begin(self, version: str, pages: Sequence[str]) -> None:
        """Write down what is to happen, where nobody looks."""
        self._clear_away()
        begun = Item(json.dumps({"at": time.time(), "pages": len(pages)}))
        self._table.transact([self._table.put_item(Key(LOGS, version), begun)])
        for number, page in enumerate(pages):
            self._table.transact([self._table.put_item(log_key(version, number), Item(page))])

    def _clear_away(self) -> None:
        """Forget the logs of changes that never happened."""
        for version, item in list(self._table.query(LOGS)):
            begun = json.loads(item.doc)
            if begun["at"] < time.time() - _DAY:
                self._forget(version, begun["pages"])

    def _apply(self, head: Head, pending: _Pending) -> None:
        """Apply what is left of a change that has happened; others may be at it as well."""
        attempt = 0
        while pending.applied < pending.pages:
            try:
                self._apply_page(head, pending)
                pending = replace(pending, applied=pending.applied + 1)
                attempt = 0
            except CanceledError as error:
                now = self._read()[1]
                if now is None or now.change != pending.change:
                    return
                if now == pending:
                    if attempt == _TRIES:
                        raise LibraryBusyError("a change cannot be applied") from error
                    wait(attempt)
                    attempt += 1
                pending = now
        self._forget(pending.change, pending.pages)

    def _apply_page(self, head: Head, pending: _Pending) -> None:
        key = log_key(pending.change, pending.applied)
        page = self._table.get([key]).get(key)
        if page is None:
            if self._read()[1] == pending:
                raise LibraryDamagedError("a page of a change is missing in DynamoDB")
            raise CanceledError(["somebody else has applied it"])
        done = replace(pending, applied=pending.applied + 1)
        counted = self._table.put(
            self._key,
            _attributes(head, done if done.applied < done.pages else None),
            ConditionExpression="pending = :change AND applied = :applied",
            ExpressionAttributeValues={
                ":change": {"S": pending.change},
                ":applied": {"N": str(pending.applied)},
            },
        )
        self._table.transact([counted, *self._actions(_read_page(page.doc))])

    def _forget(self, version: str, pages: int) -> None:
        """Clear a log away, its mention last."""
        keys = [*(log_key(version, number) for number in range(pages)), Key(LOGS, version)]
        for begin in range(0, len(keys), _ROOM):
            self._table.transact([self._table.delete(key) for key in keys[begin : begin + _ROOM]])

    def _actions(self, items: Iterable[tuple[Key, Item | None]]) -> list[Wire]:
        return [
            self._table.delete(key) if item is None else self._table.put_item(key, item)
            for key, item in items
        ]


def _attributes(head: Head, pending: _Pending | None) -> Wire:
    wire: Wire = {
        "edition": {"N": str(head.edition)},
        "revision": {"N": str(head.revision)},
        "doc": {"S": json.dumps(dict(head.counts), separators=(",", ":"))},
    }
    if pending is not None:
        wire |= {
            "pending": {"S": pending.change},
            "pages": {"N": str(pending.pages)},
            "applied": {"N": str(pending.applied)},
        }
    return wire


def stale() -> StaleError:
    """The library is of another edition than a change was worked out from."""
    return StaleError(
        "the library was changed in the meantime; nothing was changed", "Run the command again."
    )


def _may_pass(error: CanceledError) -> bool:
    passing = {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}
    return not passing.isdisjoint(error.codes)


# -- what is too long for one item, and for one request --------------------------------------------


def _in_pieces(change: Change, version: str) -> dict[Key, Item | None]:
    """The change with long documents in pieces."""
    pieces: dict[Key, Item | None] = {}
    for key, item in change.items():
        if item is None or len(item.doc) <= _LONG:
            pieces[key] = item
            continue
        parts = [item.doc[begin : begin + _LONG] for begin in range(0, len(item.doc), _LONG)]
        pieces[key] = replace(item, doc="", long=Long(version, len(parts)))
        pieces |= {long_key(key, version, number): Item(part) for number, part in enumerate(parts)}
    return pieces


def _pages(pieces: Change) -> Iterator[str]:
    """Pages of at most so many items and characters."""
    page: list[tuple[Key, Item | None]] = []
    size = 0
    for entry in pieces.items():
        if page and (len(page) == _ROOM or size + _size(entry) > _PAGE):
            yield _page(page)
            page, size = [], 0
        page.append(entry)
        size += _size(entry)
    yield _page(page)


def _page(entries: Sequence[tuple[Key, Item | None]]) -> str:
    rows = [[*key, *(_row(item) if item else ())] for key, item in entries]
    packed = zlib.compress(json.dumps(rows, separators=(",", ":")).encode(), 6)
    return base64.b85encode(packed).decode()


def _read_page(page: str) -> list[tuple[Key, Item | None]]:
    rows = json.loads(zlib.decompress(base64.b85decode(page)))
    return [(Key(row[0], row[1]), _item(row[2:]) if row[2:] else None) for row in rows]


def _row(item: Item) -> list[Any]:
    long = item.long and [item.long.version, item.long.pieces]
    return [item.doc, item.by_similarity, item.by_time, long]


def _item(row: list[Any]) -> Item:
    doc, by_similarity, by_time, long = row
    return Item(doc, by_similarity, by_time, long and Long(*long))


def _size(entry: tuple[Key, Item | None]) -> int:
    key, item = entry
    return sum(map(len, key)) + 300 + (len(item.doc) if item else 0)
