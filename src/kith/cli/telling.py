"""How a command that decides something says who decided it, and what it changed."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from kith.cli.output import name_of, say
from kith.pipeline.access.author import author

__all__ = ["Watch", "author"]

if TYPE_CHECKING:
    from kith.domain.person import Person, PersonId
    from kith.pipeline.decisions.decide import Effect
    from kith.ports.catalog import Catalog

_MOST_LINES = 12
"""Of moves between two people; a decision that causes more is an import or a reset."""


class Watch:
    """Remembers who everybody was, to tell afterwards what a decision changed."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._before = {each.person.id: each for each in catalog.people()}

    def photo_count(self, person: Person) -> int:
        """In how many photos this person was."""
        summary = self._before.get(person.id)
        return summary.photo_count if summary else 0

    def say_moves(self, effect: Effect, *, but_to: PersonId | None = None) -> None:
        """A line for each two people between whom faces moved, those with most faces first.

        Those that moved to ``but_to`` are left out: they were told of otherwise.
        """
        from kith.pipeline.decisions.wording import counted

        moves = Counter(
            (before, effect.after[face])
            for face, before in effect.before.items()
            if but_to is None or effect.after[face] != but_to
        )
        for (before, after), count in moves.most_common(_MOST_LINES):
            came, went = self._name_before(before), self._name_after(after)
            say(f"  {counted(count, 'face')} moved from {came} to {went}")
        rest = moves.most_common()[_MOST_LINES:]
        if rest:
            say(f"  and {counted(sum(count for _, count in rest), 'face')} between other people")

    def _name_before(self, person_id: PersonId | None) -> str:
        if person_id is None:
            return "nobody"
        summary = self._before.get(person_id)
        return name_of(summary.person) if summary else f"({person_id[:8]})"

    def _name_after(self, person_id: PersonId | None) -> str:
        return name_of(self._catalog.person(person_id)) if person_id else "nobody"


def moves_json(effect: Effect) -> list[dict[str, Any]]:
    """The faces that moved, each with the ids of whose it was and whose it is, or null."""
    return [
        {"face_id": face_id, "before": before, "after": effect.after[face_id]}
        for face_id, before in effect.before.items()
    ]


def person_document(person: Person) -> dict[str, Any]:
    """A person with all that is known of it, as JSON."""
    from kith.pipeline.export import person_json

    return person_json(person) | {
        "hidden": person.hidden,
        "born": person.born.isoformat() if person.born else None,
        "consent": person.consent,
    }
