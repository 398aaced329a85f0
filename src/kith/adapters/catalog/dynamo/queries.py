"""The port ``PhotoQueries`` in DynamoDB.

A question begins where fewest photos must be looked at (``matching``): at those of some people, an
album, a folder, or the months in question; only one that names none of these goes through all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Final, TypeVar

from kith.adapters.catalog.dynamo.docs import second_of, tiny_of
from kith.adapters.catalog.dynamo.draft import Doc
from kith.adapters.catalog.dynamo.ledger import Head, Ledger
from kith.adapters.catalog.dynamo.matching import Matching, face_count
from kith.adapters.catalog.dynamo.reading import docs, everyone, people_beginning
from kith.adapters.catalog.dynamo.schema import (
    FOLDERS,
    MONTHS,
    UNKNOWN_MONTH,
    moment_key,
    month,
    photo_key,
    tiny_key,
)
from kith.adapters.catalog.dynamo.sorting import (
    UNDATED,
)
from kith.adapters.catalog.dynamo.table import EVERYTHING, Table
from kith.adapters.catalog.dynamo.table import Span as Keys
from kith.domain.person import PersonId
from kith.domain.photo import PhotoId
from kith.domain.selection import Selection
from kith.ports.queries import Folder, Month, Order, Page, Position, Span, Tile

T = TypeVar("T")

_TRIES: Final = 4
_MOST_PEOPLE: Final = 100
_LATER: Final = "\U0010ffff"
"""Sorts behind every key."""


def at_one_moment(ledger: Ledger, ask: Callable[[Head], T]) -> T:
    """An answer as one moment left it: asked again, where something changed meanwhile.

    While others write without a pause, the last of a few answers is given: it may mix moments.
    """
    head = ledger.head()
    for _ in range(_TRIES - 1):
        answer, before = ask(head), head
        head = ledger.head()
        if head == before:
            return answer
    return ask(head)


class DynamoPhotoQueries:
    """Questions to the record of one library in a DynamoDB table (``schema``).

    Args:
        table: the library's part of one.
        ledger: of its editions.
    """

    def __init__(self, table: Table, ledger: Ledger | None = None) -> None:
        self._table = table
        self._ledger = ledger or Ledger(table)

    def matching(self, selection: Selection, /, *, limit: int | None = None) -> Sequence[PhotoId]:
        """The photos that the selection means, by the time they were taken."""

        def ask(_: Head) -> list[PhotoId]:
            found = self._meant(selection, Order.OLDEST)
            return [photo_id for _, photo_id in islice(found, limit)]

        return at_one_moment(self._ledger, ask)

    def count(self, selection: Selection, /) -> int:
        """How many photos the selection means."""

        def ask(head: Head) -> int:
            if not selection.conditions:
                return head.counts.get("photos", 0)
            return sum(1 for _ in self._meant(selection, Order.OLDEST))

        return at_one_moment(self._ledger, ask)

    def page(
        self,
        selection: Selection,
        /,
        *,
        order: Order = Order.NEWEST,
        after: Position | None = None,
        limit: int,
    ) -> Page:
        """The next photos that the selection means."""

        def ask(_: Head) -> Page:
            found = list(islice(self._meant(selection, order, after), limit + 1))
            shown = tuple(photo_id for _, photo_id in found[:limit])
            return Page(shown, _position(found[limit - 1][0]) if len(found) > limit else None)

        return at_one_moment(self._ledger, ask)

    def months(self, selection: Selection, /) -> Sequence[Month]:
        """The months of the photos that the selection means."""

        def ask(_: Head) -> list[Month]:
            if not selection.conditions:
                counted = {name: item["photos"] for name, item in self._months()}
            else:
                found = self._meant(selection, Order.OLDEST)
                counted = Counter(_month_of(moment) for moment, _ in found)
            names = sorted(counted.keys() - {UNKNOWN_MONTH}, reverse=True)
            dated = [Month(date.fromisoformat(f"{name}-01"), counted[name]) for name in names]
            undated = counted.get(UNKNOWN_MONTH)
            return [*dated, *([Month(None, undated)] if undated else ())]

        return at_one_moment(self._ledger, ask)

    def tiles(self, photo_ids: Collection[PhotoId], /) -> Mapping[PhotoId, Tile]:
        """What a grid shows of these photos; unknown ids are left out."""

        def ask(_: Head) -> dict[PhotoId, Tile]:
            known = docs(self._table, photo_ids, photo_key)
            tiny = docs(self._table, photo_ids, tiny_key)
            return {id_: _tile(id_, doc, tiny.get(id_)) for id_, doc in known.items()}

        return at_one_moment(self._ledger, ask)

    def folders(self) -> Sequence[Folder]:
        """Every folder that holds photos itself, ordered by path."""
        held = at_one_moment(self._ledger, lambda _: self._folders())
        return [Folder(path, doc["photos"]) for path, doc in held.items()]

    def span(self, selection: Selection, /) -> Span:
        """What the photos that the selection means amount to."""

        def ask(head: Head) -> Span:
            if selection.conditions:
                return _span([*self._meant(selection, Order.OLDEST)])
            ends = [
                *islice(self._meant(selection, Order.OLDEST), 1),
                *islice(self._meant(selection, Order.NEWEST), 1),
            ]
            whole = _span(ends)
            return Span(head.counts.get("photos", 0), whole.first, whole.begins, whole.ends)

        return at_one_moment(self._ledger, ask)

    def folder_spans(self) -> Mapping[str, Span]:
        """What the photos of each folder amount to."""
        held = at_one_moment(self._ledger, lambda _: self._folders())
        return {path: _folder_span(doc) for path, doc in held.items()}

    def named_people(self) -> Mapping[PersonId, str]:
        """The names of everyone who has one and an appearance; by id."""

        def ask(_: Head) -> dict[PersonId, str]:
            named = ((id_, doc) for id_, doc in everyone(self._table) if doc["name"] is not None)
            found = sorted((one for one in named if one[1]["faces"]), key=lambda one: one[0])
            return {person_id: doc["name"] for person_id, doc in found}

        return at_one_moment(self._ledger, ask)

    def people_with_id(self, beginning: str, /) -> Sequence[PersonId]:
        """Everyone with an appearance whose id begins so; by id."""
        if not beginning.isascii() or "\0" in beginning:
            return []

        def ask(_: Head) -> list[PersonId]:
            found = people_beginning(self._table, beginning)
            return sorted(id_ for id_, doc in found if doc["faces"])[:_MOST_PEOPLE]

        return at_one_moment(self._ledger, ask)

    # -- helpers -----------------------------------------------------------------------------------

    def _meant(
        self, selection: Selection, order: Order, after: Position | None = None
    ) -> Iterator[tuple[str, PhotoId]]:
        """The photos that are meant behind a position, in an order, each with its moment."""
        if not selection.conditions:
            yield from self._walk(order, after, (None, None))
            return
        matching = Matching(self._table, selection)
        few = matching.candidates()
        if few is None:
            walked = self._walk(order, after, matching.days())
            found = matching.among(photo_id for _, photo_id in walked)
            yield from ((_moment(doc), photo_id) for photo_id, doc in found)
            return
        placed = [(_moment(doc), photo_id) for photo_id, doc in matching.among(few)]
        for moment, photo_id in _sorted(placed, order):
            if after is None or _is_behind(moment, _key(after), order):
                yield moment, photo_id

    def _walk(
        self, order: Order, after: Position | None, days: tuple[date | None, date | None]
    ) -> Iterator[tuple[str, PhotoId]]:
        """All photos of some days behind a position, in an order, each with its moment."""
        begin = None if after is None else _key(after)
        for name in _in_order([name for name, _ in self._months()], order):
            if not _may_hold(name, days) or (begin and _is_over(name, begin, order)):
                continue
            keys = EVERYTHING
            if begin and _month_of(begin) == name:
                keys = Keys(begin, _LATER) if order is Order.OLDEST else Keys("!", begin)
            found = self._table.query(month(name), keys, backwards=order is Order.NEWEST)
            for moment, item in found:
                if moment != begin:
                    yield moment, PhotoId(item.read()["photo"])

    def _months(self) -> list[tuple[str, Doc]]:
        return [(name, item.read()) for name, item in self._table.query(MONTHS)]

    def _folders(self) -> dict[str, Doc]:
        held = [item.read() for _, item in self._table.query(FOLDERS)]
        return {doc["path"]: doc for doc in sorted(held, key=lambda doc: doc["path"])}


# -- moments: keys that sort photos by when they were taken ----------------------------------------


def _moment(doc: Doc) -> str:
    return moment_key(second_of(doc), doc["arrival"])


def _key(position: Position) -> str:
    second = position.second and position.second.isoformat()
    return moment_key(second, position.arrival)


def _position(moment: str) -> Position:
    return Position(_second(moment), int(moment.partition("#")[2]))


def _second(moment: str) -> datetime | None:
    second = moment.partition("#")[0]
    return None if second == UNDATED else datetime.fromisoformat(second)


def _month_of(moment: str) -> str:
    return UNKNOWN_MONTH if moment.startswith(UNDATED) else moment[:7]


def _sorted(found: list[tuple[str, PhotoId]], order: Order) -> list[tuple[str, PhotoId]]:
    dated = sorted(one for one in found if not one[0].startswith(UNDATED))
    undated = sorted(one for one in found if one[0].startswith(UNDATED))
    return [*dated, *undated] if order is Order.OLDEST else [*dated[::-1], *undated[::-1]]


def _is_behind(moment: str, begin: str, order: Order) -> bool:
    undated, was = moment.startswith(UNDATED), begin.startswith(UNDATED)
    if undated != was:
        return undated
    return moment > begin if order is Order.OLDEST else moment < begin


# -- months ----------------------------------------------------------------------------------------


def _in_order(names: Collection[str], order: Order) -> list[str]:
    dated = sorted((name for name in names if name != UNKNOWN_MONTH), reverse=order is Order.NEWEST)
    return [*dated, *([UNKNOWN_MONTH] if UNKNOWN_MONTH in names else ())]


def _may_hold(name: str, days: tuple[date | None, date | None]) -> bool:
    first, last = days
    if name == UNKNOWN_MONTH:
        return first is None and last is None
    return (first is None or first.isoformat()[:7] <= name) and (
        last is None or name <= last.isoformat()[:7]
    )


def _is_over(name: str, begin: str, order: Order) -> bool:
    """Whether all photos of a month stand before a moment."""
    here = _month_of(begin)
    if UNKNOWN_MONTH in {name, here}:
        return name != UNKNOWN_MONTH and here == UNKNOWN_MONTH
    return name < here if order is Order.OLDEST else name > here


# -- answers ---------------------------------------------------------------------------------------


def _tile(photo_id: PhotoId, doc: Doc, tiny: Doc | None) -> Tile:
    return Tile(
        photo_id,
        doc["width"],
        doc["height"],
        doc["taken_at"] and datetime.fromisoformat(doc["taken_at"]),
        face_count(doc),
        None if tiny is None else tiny_of(tiny),
    )


def _span(found: Sequence[tuple[str, PhotoId]]) -> Span:
    dated = [second for moment, _ in found if (second := _second(moment))]
    first = found[0][1] if found else None
    return Span(len(found), first, min(dated, default=None), max(dated, default=None))


def _folder_span(doc: Doc) -> Span:
    (moment, photo_id), last = doc["first"], doc["last"]
    return Span(doc["photos"], photo_id, _second(moment), last and _second(last))
