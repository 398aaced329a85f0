"""The journal as a reader sees it: numbered entries in words, and of each whether it counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kith.domain.decision import Decision, Reset, Undo, in_order, person_ids_in
from kith.domain.errors import NotFoundError, UsageError
from kith.domain.person import PersonId
from kith.pipeline.decisions.corrections import undo
from kith.pipeline.decisions.decide import Effect
from kith.pipeline.decisions.wording import describe_all
from kith.ports.catalog import Catalog


@dataclass(frozen=True, slots=True)
class Entry:
    """One decision of the journal.

    Attributes:
        number: its place in the journal; 1 is the oldest. It never changes.
        decision: who said what, and when.
        text: what was said, in plain words; people are called as they were at that time.
        undone_by: the number of the entry that took it back, if one did.
        set_aside_by: the number of the reset that set it aside, if one did and it was not undone.
    """

    number: int
    decision: Decision
    text: str
    undone_by: int | None = None
    set_aside_by: int | None = None

    @property
    def counts(self) -> bool:
        """Whether it is in force; of an undo or a reset: whether it was not taken back."""
        return self.undone_by is None and self.set_aside_by is None


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What was undone, and what that changed."""

    entries: tuple[Entry, ...]
    effect: Effect


def entries(catalog: Catalog, unnamed: str | None = None) -> list[Entry]:
    """The whole journal, oldest entry first; ``unnamed`` as for ``describe_all``."""
    journal = list(catalog.decisions())
    numbers = {decision.id: number for number, decision in enumerate(journal, start=1)}
    texts = describe_all(journal, unnamed)
    undone, set_aside = _out_of_force(journal)
    return [
        Entry(
            number,
            decision,
            texts[decision.id],
            undone_by=numbers.get(undone.get(decision.id, "")),
            set_aside_by=numbers.get(set_aside.get(decision.id, "")),
        )
        for number, decision in enumerate(journal, start=1)
    ]


def numbers_of(catalog: Catalog, decisions: Sequence[Decision]) -> list[int]:
    """The numbers of these decisions in the journal."""
    wanted = {decision.id for decision in decisions}
    journal = enumerate(catalog.decisions(), start=1)
    return [number for number, decision in journal if decision.id in wanted]


def take_back(catalog: Catalog, numbers: Sequence[int] = (), *, by: str) -> TakenBack:
    """Undo the entries of these numbers; without any, the newest that counts and is no undo.

    Raises:
        NotFoundError: there is no entry of that number, or nothing to undo.
        UsageError: it does not count any more.
    """
    journal = entries(catalog)
    chosen = [_entry(journal, number) for number in dict.fromkeys(numbers)] or [_newest(journal)]
    effect = undo(catalog, [entry.decision.id for entry in chosen], by=by)
    return TakenBack(tuple(chosen), effect)


def _entry(journal: Sequence[Entry], number: int) -> Entry:
    if not 1 <= number <= len(journal):
        raise NotFoundError(
            f"There is no decision {number}; the journal has {len(journal)}", "See `kith history`."
        )
    entry = journal[number - 1]
    if entry.undone_by is not None:
        raise UsageError(
            f"Decision {number} was undone already, by {entry.undone_by}",
            f"To bring it into force again: kith undo {entry.undone_by}",
        )
    if entry.set_aside_by is not None:
        raise UsageError(
            f"Decision {number} was set aside by the reset {entry.set_aside_by}",
            f"To bring back all that it set aside: kith undo {entry.set_aside_by}",
        )
    return entry


def _newest(journal: Sequence[Entry]) -> Entry:
    by_id = {entry.decision.id: entry for entry in journal}
    for decision in reversed(in_order([entry.decision for entry in journal])):
        entry = by_id[decision.id]
        if entry.counts and not isinstance(decision.said, Undo):
            return entry
    raise NotFoundError("There is nothing to undo", "See `kith history`.")


def _out_of_force(journal: Sequence[Decision]) -> tuple[dict[str, str], dict[str, str]]:
    """The decisions that were undone, and those set aside, each with the one that did it.

    As ``kith.domain.decision.in_force`` has it, from the newest to the oldest.
    """
    undoing: dict[str, str] = {}
    resets: list[tuple[PersonId | None, str]] = []
    undone: dict[str, str] = {}
    set_aside: dict[str, str] = {}
    for decision in reversed(in_order(journal)):
        if decision.id in undoing:
            undone[decision.id] = undoing[decision.id]
            continue
        match decision.said:
            case Undo(decision_id):
                undoing.setdefault(decision_id, decision.id)
            case Reset(person_id):
                resets.append((person_id, decision.id))
            case said:
                people = person_ids_in(said)
                by = [reset for who, reset in resets if who is None or who in people]
                if by:
                    set_aside[decision.id] = by[-1]
    return undone, set_aside
