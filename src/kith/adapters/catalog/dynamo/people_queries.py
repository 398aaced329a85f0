"""The port ``PeopleQueries`` in DynamoDB."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby, islice

from kith.adapters.catalog.dynamo.docs import person_of
from kith.adapters.catalog.dynamo.draft import Doc
from kith.adapters.catalog.dynamo.ledger import Head, Ledger
from kith.adapters.catalog.dynamo.queries import at_one_moment
from kith.adapters.catalog.dynamo.reading import docs, summaries
from kith.adapters.catalog.dynamo.schema import (
    BY_SIMILARITY,
    BY_TIME,
    person,
    person_key,
    photo_key,
)
from kith.adapters.catalog.dynamo.sorting import (
    UNDATED,
    similarity_key,
    time_key,
)
from kith.adapters.catalog.dynamo.table import EVERYTHING, Span, Table
from kith.domain.face import FaceId
from kith.domain.person import Person, PersonId
from kith.domain.photo import PhotoId
from kith.ports.catalog import PersonSummary
from kith.ports.people import Companion, InYear, Order, Seen, YearOfPhotos

_LATER = "\U0010ffff"


class DynamoPeopleQueries:
    """Questions to the record of one library in a DynamoDB table (``schema``).

    Args:
        table: the library's part of one.
        ledger: of its editions.
    """

    def __init__(self, table: Table, ledger: Ledger | None = None) -> None:
        self._table = table
        self._ledger = ledger or Ledger(table)

    def people(self, person_ids: Collection[PersonId], /) -> Mapping[PersonId, Person]:
        """Those of these people who are known; merged ones are left out."""

        def ask(_: Head) -> dict[PersonId, Person]:
            known = docs(self._table, set(person_ids), person_key)
            return {id_: person_of(id_, doc) for id_, doc in known.items() if doc["into"] is None}

        return at_one_moment(self._ledger, ask)

    def summaries(self, person_ids: Collection[PersonId], /) -> Sequence[PersonSummary]:
        """Those of these people who appear, in the order of ``Catalog.people``."""

        def ask(_: Head) -> list[PersonSummary]:
            return summaries(docs(self._table, set(person_ids), person_key).items())

        return at_one_moment(self._ledger, ask)

    def years(self, person_id: PersonId, /) -> Sequence[YearOfPhotos]:
        """In which years somebody was photographed: newest first, never known last."""
        shown = at_one_moment(self._ledger, lambda _: list(self._seen(person_id, Order.SIMILARITY)))
        year_of = {each.photo_id: _year(each) for each in shown}
        found = [YearOfPhotos(year, count) for year, count in Counter(year_of.values()).items()]
        return sorted(found, key=lambda each: (each.year is None, -(each.year or 0)))

    def span(self, person_id: PersonId, /) -> tuple[str, str] | None:
        """The first and the last second at which somebody was photographed, if one is known."""

        def ask(_: Head) -> tuple[str, str] | None:
            ends = [
                each.second
                for order in (Order.OLDEST, Order.NEWEST)
                for each in islice(self._seen(person_id, order, page=1), 1)
            ]
            return (ends[0], ends[1]) if ends and ends[0] and ends[1] else None

        return at_one_moment(self._ledger, ask)

    def together(self, person_id: PersonId, limit: int, /) -> Sequence[Companion]:
        """Who is in the same photos: those in most of them first, then by id."""

        def ask(_: Head) -> list[Companion]:
            photos = {each.photo_id for each in self._seen(person_id, Order.SIMILARITY)}
            known = docs(self._table, photos, photo_key).values()
            counts = Counter(who for doc in known for who in _people_in(doc))
            del counts[person_id]
            people = docs(self._table, counts, person_key)
            named = [who for who in counts if _may_be_named(people[who])]
            named.sort(key=lambda who: (-counts[who], who))
            return [Companion(who, counts[who]) for who in named[:limit]]

        return at_one_moment(self._ledger, ask)

    def appearances(
        self,
        person_id: PersonId,
        /,
        *,
        order: Order,
        within: InYear | None = None,
        after: Seen | None = None,
        limit: int,
    ) -> Sequence[Seen]:
        """The next appearances of somebody, from behind ``after`` on."""

        def ask(_: Head) -> list[Seen]:
            page = limit + 1 if within is None else None
            found = self._seen(person_id, order, after, page)
            return list(islice((each for each in found if _is_in(each, within)), limit))

        return at_one_moment(self._ledger, ask)

    # -- helpers -----------------------------------------------------------------------------------

    def _seen(
        self,
        person_id: PersonId,
        order: Order,
        after: Seen | None = None,
        page: int | None = None,
    ) -> Iterator[Seen]:
        """The appearances of somebody behind one of them, in an order."""
        match order:
            case Order.SIMILARITY:
                begin = after and similarity_key(after.similarity, after.face_id)
                yield from self._read(person_id, BY_SIMILARITY, begin or "", page=page)
            case Order.OLDEST:
                begin = after and time_key(after.second, after.face_id)
                yield from self._read(person_id, BY_TIME, begin or "", page=page)
            case Order.NEWEST:
                yield from self._newest(person_id, after, page)

    def _newest(self, person_id: PersonId, after: Seen | None, page: int | None) -> Iterator[Seen]:
        """Newest first, those of one second by face id; then the undated ones."""
        before = UNDATED
        if after is not None:
            second = after.second or UNDATED
            here = time_key(after.second, after.face_id)
            yield from self._read(person_id, BY_TIME, here, f"{second}#{_LATER}", page=page)
            before = second
        if before != UNDATED or after is None:
            keys = Span("!", before)
            dated = self._query(person_id, BY_TIME, keys, backwards=True, page=page)
            for _, alike in groupby(dated, key=lambda each: each.second):
                yield from reversed(list(alike))
            yield from self._read(person_id, BY_TIME, f"{UNDATED}#", page=page)

    def _read(
        self,
        person_id: PersonId,
        index: str,
        begin: str,
        end: str = _LATER,
        page: int | None = None,
    ) -> Iterator[Seen]:
        """Those behind a key of an index, which itself is left out."""
        keys = Span(begin, end) if begin else EVERYTHING
        for each in self._query(person_id, index, keys, page=page):
            by = similarity_key(each.similarity, each.face_id)
            if begin != (by if index == BY_SIMILARITY else time_key(each.second, each.face_id)):
                yield each

    def _query(
        self,
        person_id: PersonId,
        index: str,
        keys: Span,
        *,
        backwards: bool = False,
        page: int | None = None,
    ) -> Iterator[Seen]:
        found = self._table.query(
            person(person_id), keys, index=index, backwards=backwards, page=page
        )
        for sk, item in found:
            doc, face_id = item.read(), FaceId(sk.removeprefix("FACE#"))
            yield Seen(face_id, PhotoId(doc["photo"]), doc["similarity"], doc["second"])


def _people_in(doc: Doc) -> set[PersonId]:
    return {each[1] for each in doc["faces"].values() if each[1] is not None}


def _may_be_named(doc: Doc) -> bool:
    return not doc["hidden"] and doc["consent"] is not False


def _is_in(seen: Seen, within: InYear | None) -> bool:
    if within is None:
        return True
    return within.year == _year(seen)


def _year(seen: Seen) -> int | None:
    return None if seen.second is None else int(seen.second[:4])
