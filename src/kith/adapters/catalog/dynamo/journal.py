"""The journal of decisions: its entries by number, and which entries mention whom and what."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from kith.adapters.catalog.dynamo.docs import decision_doc, decision_of
from kith.adapters.catalog.dynamo.draft import Draft
from kith.adapters.catalog.dynamo.schema import (
    ALWAYS,
    Key,
    about,
    decision_key,
    journal,
    journal_buckets,
    journal_key,
    number_key,
)
from kith.adapters.catalog.dynamo.table import Table
from kith.domain.decision import Decision, Reset, Undo, person_ids_in, photos_in
from kith.domain.person import PersonId
from kith.domain.photo import PhotoId

_PAGE = 1000
"""Decisions that are read at once, where only some are."""


def append(draft: Draft, said: Sequence[Decision]) -> None:
    """Add those of the decisions that are not known, in their order."""
    draft.load(decision_key(decision.id) for decision in said)
    for decision in said:
        if draft.get(decision_key(decision.id)) is None:
            number = draft.next("decisions")
            draft.put(decision_key(decision.id), {"number": number})
            draft.add(journal_key(number), decision_doc(decision))
            for subject in _subjects(decision):
                draft.add(Key(about(subject), number_key(number)), {})


def redact(draft: Draft, changes: Mapping[str, Decision | None]) -> None:
    """Let entries of the journal say this instead, in their place; or nothing, and be gone."""
    draft.load(map(decision_key, changes))
    numbers = {id_: doc["number"] for id_ in changes if (doc := draft.get(decision_key(id_)))}
    draft.load(map(journal_key, numbers.values()))
    for decision_id, number in numbers.items():
        doc, changed = draft.get(journal_key(number)), changes[decision_id]
        assert doc is not None
        for subject in _subjects(decision_of(doc)):
            draft.drop(Key(about(subject), number_key(number)))
        if changed is None:
            draft.drop(journal_key(number))
            draft.drop(decision_key(decision_id))
        else:
            draft.put(journal_key(number), decision_doc(changed))
            for subject in _subjects(changed):
                draft.put(Key(about(subject), number_key(number)), {})


def read(
    table: Table, last: int, about_: Collection[PhotoId | PersonId] | None
) -> Iterator[Decision]:
    """The journal, or what concerns these photos and people, in the order of appending.

    Args:
        table: where it is.
        last: the number of the last decision.
        about_: photos and people.
    """
    if about_ is None:
        for bucket in journal_buckets(last):
            for _, item in table.query(journal(bucket)):
                yield decision_of(item.read())
        return
    mentions = {sk for each in (*about_, ALWAYS) for sk, _ in table.query(about(each))}
    keys = [journal_key(int(sk)) for sk in sorted(mentions)]
    for begin in range(0, len(keys), _PAGE):
        page = keys[begin : begin + _PAGE]
        found = table.get(page)
        yield from (decision_of(found[key].read()) for key in page if key in found)


def _subjects(decision: Decision) -> list[str]:
    """Whom and what a decision mentions; everybody, if it takes something back."""
    if isinstance(decision.said, Undo | Reset):
        return [ALWAYS, *sorted(person_ids_in(decision.said))]
    return sorted(person_ids_in(decision.said) | photos_in(decision.said))
