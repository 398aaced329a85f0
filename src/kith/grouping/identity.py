"""Whom the parts of which humans spoke are known as, and what was said of them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from kith.domain.decision import Anchor, BirthDate, Consent, Cover, Hide, Name, Statement
from kith.domain.face import FaceId
from kith.domain.person import Person, PersonId
from kith.grouping.parts import Identity, Part, Parts

Find = Callable[[Iterable[Anchor]], Sequence[FaceId]]
"""The faces that anchors mean."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A decision speaks of a person who is, or of whom most is, this part.

    Attributes:
        rank: of the decision; a higher one is newer.
        person_id: the person's id at the time.
        home: one face of the part.
        said: what was said.
        remains: whether the person is to be called so; of a merge, only one is.
    """

    rank: int
    person_id: PersonId
    home: FaceId
    said: Statement
    remains: bool = True


def identify(parts: Parts, mentions: Sequence[Mention], find: Find) -> None:
    """Give every part that was spoken of its identity: that of its newest mention still free.

    Whatever was said of somebody by that id describes it, too, though it was said of faces that
    only the machine takes for the same person. ``mentions`` come newest first.
    """
    mentions_of: dict[Part, list[Mention]] = {}
    mentions_by_id: dict[PersonId, list[Mention]] = {}
    for mention in mentions:
        mentions_of.setdefault(parts.of(mention.home), []).append(mention)
        mentions_by_id.setdefault(mention.person_id, []).append(mention)
    taken: set[PersonId] = set()
    for mention in mentions:
        part = parts.of(mention.home)
        if mention.remains and part.identity is None and mention.person_id not in taken:
            taken.add(mention.person_id)
            by_id = mentions_by_id[mention.person_id]
            elsewhere = [each for each in by_id if parts.of(each.home) is not part]
            said = sorted([*mentions_of[part], *elsewhere], key=lambda each: -each.rank)
            person, cover = _describe(mention.person_id, said), _cover(said, find)
            part.identity = Identity(replace(person, cover=cover), mention.rank)


def _describe(person_id: PersonId, mentions: Sequence[Mention]) -> Person:
    """The person as these mentions, newest first, describe it; its own go before those of others.

    So of two people that were merged, the one that stays keeps what was said of it.
    """
    newest: dict[type[Statement], Statement] = {}
    for mention in sorted(mentions, key=lambda each: each.person_id != person_id):
        newest.setdefault(type(mention.said), mention.said)
    hide, birth, consent = newest.get(Hide), newest.get(BirthDate), newest.get(Consent)
    return Person(
        id=person_id,
        name=_name(person_id, mentions),
        hidden=isinstance(hide, Hide) and hide.hidden,
        born=birth.born if isinstance(birth, BirthDate) else None,
        consent=consent.given if isinstance(consent, Consent) else None,
    )


def _name(person_id: PersonId, mentions: Sequence[Mention]) -> str | None:
    """The newest name that was given to this person; without one, to who became part of it."""
    given = [(m.person_id == person_id, m.said.name) for m in mentions if isinstance(m.said, Name)]
    own = next((name for is_own, name in given if is_own), None)
    if own is not None:
        return own
    # A name that was taken away stays away, unless somebody with a name was merged in later.
    since = itertools.takewhile(lambda each: not each[0], given)
    return next((name for _, name in since if name is not None), None)


def _cover(mentions: Sequence[Mention], find: Find) -> FaceId | None:
    """The face that was chosen last, if it is there; it may join the part only later."""
    chosen = (find([each.said.face]) for each in mentions if isinstance(each.said, Cover))
    return next((found[0] for found in chosen if found), None)
