"""Which photos a selection means: where to begin, and what is true of each."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date

from kith.adapters.catalog.dynamo.docs import SECOND
from kith.adapters.catalog.dynamo.draft import Doc
from kith.adapters.catalog.dynamo.found import found_of
from kith.adapters.catalog.dynamo.ledger import Ledger
from kith.adapters.catalog.dynamo.reading import docs, pages
from kith.adapters.catalog.dynamo.schema import (
    FOLDERS,
    SHELF,
    album,
    file_key,
    folder,
    found_key,
    person,
    person_key,
    photo_key,
)
from kith.adapters.catalog.dynamo.sorting import (
    text_beginning,
)
from kith.adapters.catalog.dynamo.table import Span, Table
from kith.domain.album import name_key
from kith.domain.findings import PhotoFindings
from kith.domain.meant import KnownPhoto, is_meant, lies_below
from kith.domain.person import PersonId, Standing
from kith.domain.photo import PhotoId
from kith.domain.query import (
    ShowsText,
    ShowsUnnamed,
    TakenOn,
)
from kith.domain.selection import (
    HasAppearance,
    InFolder,
    Labelled,
    Lacks,
    OneOf,
    Picked,
    Selection,
    Shows,
    ShowsExactly,
    Under,
    Wanted,
    Within,
)

_BATCH = 100
"""Photos that are looked at together."""


def picked(table: Table, name: str) -> frozenset[PhotoId]:
    """What was picked into the album of that name."""
    Ledger(table, SHELF).head()
    return frozenset(PhotoId(photo_id) for photo_id, _ in table.query(album(name_key(name))))


class Matching:
    """One selection, put to photos; what it needs to know besides is read once.

    Args:
        table: where everything is.
        selection: what is meant.
    """

    def __init__(self, table: Table, selection: Selection) -> None:
        self._table = table
        self._selection = selection
        self._wanted = list(_all_wanted(selection))
        albums = {each.album for each in self._wanted if isinstance(each, Picked)}
        self._picked = {name: picked(table, name) for name in albums}
        self._people: dict[PersonId, Doc] = {}

    def days(self) -> tuple[date | None, date | None]:
        """Between which days every photo that is meant was taken, or ``None`` for no bound."""
        spans = [each for each in _needed(self._selection) if isinstance(each, TakenOn)]
        return (
            max((each.first for each in spans if each.first), default=None),
            min((each.last for each in spans if each.last), default=None),
        )

    def candidates(self) -> Collection[PhotoId] | None:
        """Few photos among which all are that are meant; ``None`` where all must be looked at."""
        needed = sorted(_needed(self._selection), key=_width)
        return self._begin(needed[0]) if needed and _width(needed[0]) < _ANY else None

    def among(self, photo_ids: Iterable[PhotoId]) -> Iterator[tuple[PhotoId, Doc]]:
        """Those of these photos that are meant, with what is known of them, in their order."""
        for some in pages(photo_ids, _BATCH):
            known = docs(self._table, some, photo_key)
            self._learn(known)
            found = self._found(known)
            for photo_id, doc in known.items():
                facts = self._known(photo_id, doc, found.get(photo_id))
                if is_meant(facts, self._selection, self._picked.__getitem__):
                    yield photo_id, doc

    # -- where to begin ----------------------------------------------------------------------------

    def _begin(self, wanted: Wanted) -> Collection[PhotoId]:
        match wanted:
            case OneOf() | Picked():
                chosen = isinstance(wanted, Picked)
                return self._picked[wanted.album] if chosen else wanted.photo_ids
            case Shows(people):
                return self._showing(people)
            case ShowsExactly(people):
                return self._showing(sorted(people)[:1])
            case HasAppearance(_, people):
                return self._showing(people or ())
            case InFolder(path):
                return self._lying([path.rstrip(os.sep) or os.sep])
            case Under(path):
                return self._below(path.rstrip(os.sep))
            case _:
                raise AssertionError(wanted)

    def _showing(self, people: Collection[PersonId]) -> Collection[PhotoId]:
        return {
            PhotoId(item.read()["photo"])
            for person_id in people
            for _, item in self._table.query(person(person_id), Span.of("FACE#"))
        }

    def _lying(self, folders: Iterable[str]) -> set[PhotoId]:
        return {
            PhotoId(item.read()["photo"])
            for path in folders
            for _, item in self._table.query(folder(path))
        }

    def _below(self, path: str) -> Collection[PhotoId]:
        listed = self._table.query(FOLDERS, Span.of(text_beginning(path)))
        inner = [held for _, item in listed if lies_below(held := item.read()["path"], path)]
        file = docs(self._table, [path], file_key).get(path)
        itself = {PhotoId(file["photo"])} if file and file["photo"] else set[PhotoId]()
        return self._lying(inner) | itself

    # -- what is true of each ----------------------------------------------------------------------

    def _learn(self, known: Mapping[PhotoId, Doc]) -> None:
        """Read who the people are, where that matters."""
        if any(isinstance(each, ShowsUnnamed) for each in self._wanted):
            shown = {who for doc in known.values() for who, *_ in _appearances(doc)}
            self._people |= docs(self._table, shown - self._people.keys(), person_key)

    def _found(self, known: Mapping[PhotoId, Doc]) -> Mapping[PhotoId, PhotoFindings]:
        """Read what else was found in the photos, where that matters."""
        if not any(isinstance(each, ShowsText | Labelled | Lacks) for each in self._wanted):
            return {}
        read = docs(self._table, known.keys(), found_key)
        return {photo_id: found_of(photo_id, doc) for photo_id, doc in read.items()}

    def _known(self, photo_id: PhotoId, doc: Doc, found: PhotoFindings | None) -> KnownPhoto:
        shown = list(_appearances(doc))
        return KnownPhoto(
            photo_id=photo_id,
            day=_day(doc["taken_at"]),
            camera=doc["camera"],
            paths=doc["places"],
            face_count=face_count(doc),
            appearances=shown,
            unnamed=[who for who, _ in shown if self._is_unnamed(who)],
            found=found or PhotoFindings(photo_id),
        )

    def _is_unnamed(self, person_id: PersonId) -> bool:
        who = self._people.get(person_id)
        return who is not None and who["name"] is None and not who["hidden"]


# -- selections ------------------------------------------------------------------------------------

_ANY = 9


def _width(wanted: Wanted) -> int:
    """Where to begin: from the fewest photos, as far as that is known without looking."""
    kinds = (OneOf, Picked, ShowsExactly, Shows, HasAppearance, InFolder, Under)
    if isinstance(wanted, HasAppearance) and wanted.people is None:
        return _ANY
    return next((width for width, kind in enumerate(kinds) if isinstance(wanted, kind)), _ANY)


def _all_wanted(selection: Selection) -> Iterator[Wanted]:
    for condition in selection.conditions:
        yield condition.wanted
        if isinstance(condition.wanted, Within):
            yield from _all_wanted(condition.wanted.selection)


def _needed(selection: Selection) -> Iterator[Wanted]:
    """What is true of every photo that is meant."""
    for condition in selection.conditions:
        if condition.negated:
            continue
        yield condition.wanted
        if isinstance(condition.wanted, Within):
            yield from _needed(condition.wanted.selection)


# -- photos ----------------------------------------------------------------------------------------


def _appearances(doc: Doc) -> Iterator[tuple[PersonId, float]]:
    for _, who, similarity, _ in doc["faces"].values():
        if who is not None:
            yield who, similarity


def face_count(doc: Doc) -> int:
    """How many faces are in a photo, without those of which a human said that they are none."""
    said: Iterable[Sequence[object]] = doc["faces"].values()
    return sum(each[3] != Standing.NOT_A_FACE.value for each in said)


def _day(taken_at: str | None) -> date | None:
    return date.fromisoformat(taken_at[: SECOND - len("T12:00:00")]) if taken_at else None
