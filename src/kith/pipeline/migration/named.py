"""What became of everyone with a name, when everybody was worked out anew."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from kith.domain.face import FaceId
from kith.domain.person import Person, PersonId

Whose: TypeAlias = Mapping[FaceId, PersonId]
"""Whose each face is."""


@dataclass(frozen=True, slots=True)
class NamedChange:
    """What became of someone with a name.

    Attributes:
        name: as it was before.
        before: how many faces the person had.
        after: how many faces it has now.
        stayed: faces of before that are still this person's.
        elsewhere: faces of before that are somebody else's now, or nobody's.
    """

    name: str
    before: int
    after: int
    stayed: int
    elsewhere: int


def named_changes(
    named: Iterable[Person], was: Whose, now: Whose, same: Mapping[FaceId, FaceId]
) -> tuple[NamedChange, ...]:
    """What became of these people.

    Args:
        named: people with a name, as they were before.
        was: whose each face was.
        now: whose each face is.
        same: faces of before that are there now, and what they are called.
    """
    before, after = Counter(was.values()), Counter(now.values())
    there = Counter(was[face_id] for face_id in was if face_id in same)
    stayed = Counter(
        person_id
        for face_id, person_id in was.items()
        if face_id in same and now.get(same[face_id]) == person_id
    )
    return tuple(
        NamedChange(
            name=str(person.name),
            before=before[person.id],
            after=after[person.id],
            stayed=stayed[person.id],
            elsewhere=there[person.id] - stayed[person.id],
        )
        for person in named
    )
