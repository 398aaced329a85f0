"""What the items of a library become by one change: read as they are needed, written at the end."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, TypeAlias, TypeVar

from kith.adapters.catalog.dynamo.ledger import Head, Ledger, stale
from kith.adapters.catalog.dynamo.schema import Key
from kith.adapters.catalog.dynamo.table import Item, Span, Table, wait
from kith.domain.errors import LibraryBusyError, StaleError

T = TypeVar("T")

Doc: TypeAlias = dict[str, Any]
"""What an item holds; its members are said in ``docs``."""

_TRIES: Final = 20
"""Of a change, where others come between."""


class Draft:
    """A change that is worked out, over the items as they are. Not for several threads at once.

    A document that ``get`` gave may be changed in place, and is then ``put`` again.

    Args:
        table: where the items are.
        head: from which the change is worked out.
    """

    def __init__(self, table: Table, head: Head) -> None:
        self._table = table
        self.head = head
        self._were: dict[Key, Item | None] = {}
        self._docs: dict[str, dict[str, Doc | None]] = {}
        self._sorted: dict[Key, tuple[str | None, str | None]] = {}
        self._put: dict[Key, None] = {}
        self._read: set[tuple[str, str]] = set()
        self.counts: dict[str, int] = dict(head.counts)

    def load(self, keys: Iterable[Key]) -> None:
        """Read these items at once, for it is cheaper than one after the other."""
        new = [key for key in dict.fromkeys(keys) if key not in self._were]
        if new:
            found = self._table.get(new)
            for key in new:
                self._know(key, found.get(key))

    def get(self, key: Key) -> Doc | None:
        """What lies there, after all that was put and dropped so far."""
        self.load([key])
        return self._docs[key.pk][key.sk]

    def under(self, pk: str, beginning: str = "") -> list[tuple[str, Doc]]:
        """All that lies in a partition under sort keys that begin so, in their order."""
        if (pk, beginning) not in self._read:
            for sk, item in self._table.query(pk, Span.of(beginning)):
                key = Key(pk, sk)
                if key not in self._were:
                    self._know(key, item)
            self._read.add((pk, beginning))
        here = self._docs.get(pk, {})
        return [
            (sk, doc)
            for sk in sorted(here)
            if sk.startswith(beginning) and (doc := here[sk]) is not None
        ]

    def put(
        self, key: Key, doc: Doc, *, by_similarity: str | None = None, by_time: str | None = None
    ) -> None:
        """Let this lie there from now on."""
        self._docs.setdefault(key.pk, {})[key.sk] = doc
        self._sorted[key] = (by_similarity, by_time)
        self._put[key] = None

    def add(
        self, key: Key, doc: Doc, *, by_similarity: str | None = None, by_time: str | None = None
    ) -> None:
        """``put`` where nothing can lie, so that nobody need look."""
        if key not in self._put:
            self._were.setdefault(key, None)
        self.put(key, doc, by_similarity=by_similarity, by_time=by_time)

    def drop(self, key: Key) -> None:
        """Let nothing lie there from now on."""
        self._docs.setdefault(key.pk, {})[key.sk] = None
        self._put[key] = None

    def next(self, name: str) -> int:
        """The next of the numbers that are handed out under this name, from 1 on."""
        self.counts[name] = self.counts.get(name, 0) + 1
        return self.counts[name]

    def change(self) -> dict[Key, Item | None]:
        """What is to be written, and brings the counts up to date."""
        self.load(self._put)
        changed: dict[Key, Item | None] = {}
        for key in self._put:
            was, doc = self._were[key], self._docs[key.pk][key.sk]
            becomes = None if doc is None else Item(_text(doc), *self._sorted[key])
            if becomes == (was and Item(was.doc, was.by_similarity, was.by_time)):
                continue
            changed[key] = becomes
            changed |= dict.fromkeys(_pieces(key, was))
            self._recount(key, was, doc)
        return changed

    def _know(self, key: Key, item: Item | None) -> None:
        self._were[key] = item
        # What was put without having been read stays.
        self._docs.setdefault(key.pk, {}).setdefault(key.sk, item and json.loads(item.doc))

    def _recount(self, key: Key, was: Item | None, doc: Doc | None) -> None:
        counted = _COUNTED.get(key.pk.partition("#")[0])
        if counted is None:
            return
        for sign, each in ((-1, was and json.loads(was.doc)), (1, doc)):
            for name in counted(key, each) if each is not None else ():
                self.counts[name] = self.counts.get(name, 0) + sign


def write(
    table: Table, ledger: Ledger, work: Callable[[Draft], bool], edition: int | None = None
) -> None:
    """Work out a change and let it happen; again, where others came between.

    Args:
        table: where the items are.
        ledger: of their editions.
        work: puts and drops what there is to; says whether others need notice.
        edition: at which alone it may happen.

    Raises:
        StaleError: the library is of another edition.
        LibraryBusyError: others came between too often.
    """
    for attempt in range(_TRIES):
        draft = Draft(table, ledger.head())
        if edition is not None and draft.head.edition != edition:
            raise stale()
        grows = work(draft)
        changed = draft.change()
        if not (changed or grows):
            return
        try:
            ledger.commit(draft.head, changed, draft.counts, draft.head.edition + grows)
        except StaleError:
            wait(attempt)
        else:
            return
    raise LibraryBusyError("too many are writing to the library at once", "Try again later.")


def write_beside(table: Table, ledger: Ledger, work: Callable[[Draft], T]) -> T:
    """The same for what leaves the library's edition as it is; answers what was worked out last."""
    answers: list[T] = []

    def asked(draft: Draft) -> bool:
        answers.append(work(draft))
        return False

    write(table, ledger, asked)
    return answers[-1]


def _text(doc: Doc) -> str:
    return json.dumps(doc, separators=(",", ":"))


def _pieces(key: Key, was: Item | None) -> list[Key]:
    return was.long.keys(key) if was is not None and was.long is not None else []


# -- what is counted -------------------------------------------------------------------------------


def _of_photo(key: Key, doc: Mapping[str, Any]) -> Iterator[str]:
    if key.sk == "PHOTO":
        yield "photos"
    if key.sk == "FOUND" and doc["labels"] is not None:
        yield "labelled_photos"
    if key.sk == "FOUND" and doc["text"] is not None:
        yield "read_photos"


def _of_file(_: Key, doc: Mapping[str, Any]) -> Iterator[str]:
    yield "problems" if doc["photo"] is None else "places"


def _of_face(_: Key, doc: Mapping[str, Any]) -> Iterator[str]:
    yield "faces"
    if doc["who"] is None and doc["standing"] is None:
        yield "unattributed_faces"


def _of_person(_: Key, doc: Mapping[str, Any]) -> Iterator[str]:
    if doc["faces"]:
        yield "people"
        if doc["name"] is not None:
            yield "named_people"


def _of_posting(_: Key, doc: Mapping[str, Any]) -> Iterator[str]:
    if "state" in doc:
        yield f"outbox {doc['state']}"


_COUNTED: Final[Mapping[str, Callable[[Key, Mapping[str, Any]], Iterator[str]]]] = {
    "PHOTO": _of_photo,
    "FILES": _of_file,
    "FACE": _of_face,
    "PEOPLE": _of_person,
    "OUTBOX": _of_posting,
}
