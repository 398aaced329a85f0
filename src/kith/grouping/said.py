"""What humans said, brought to the faces of today: the part of people that no machine decides.

The decisions in force are read from the newest to the oldest, and what contradicts a newer one is
passed over. So of two that disagree the later one counts, and the order of those that do not is
without effect.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kith.domain.decision import (
    Anchor,
    BirthDate,
    Confirm,
    Consent,
    Cover,
    Decision,
    DifferentPeople,
    Hide,
    Merge,
    Name,
    NotAFace,
    NotThisPerson,
    PersonRef,
    Repeats,
    SamePerson,
    Split,
    Statement,
    Strangers,
    in_force,
    people_in,
)
from kith.domain.face import Face, FaceId
from kith.domain.grouping import GroupId
from kith.domain.person import Person, PersonId, Standing
from kith.domain.photo import PhotoId
from kith.grouping.parts import Identity, Part, Parts, Sighting


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


@dataclass(slots=True)
class Said:
    """What the decisions in force say of some faces.

    Attributes:
        parts: the faces, those united of which a human said that they are one person.
        placed: faces of which a human said singly whose they are (``None``: not whose); where the
            machine had put them no longer counts.
        standings: faces that were set aside.
        mentions: who was spoken of, newest first.
    """

    parts: Parts
    placed: dict[FaceId, PersonId | None] = field(default_factory=dict[FaceId, "PersonId | None"])
    standings: dict[FaceId, Standing] = field(default_factory=dict[FaceId, Standing])
    mentions: list[Mention] = field(default_factory=list[Mention])

    def confirmed(self, face_id: FaceId) -> bool:
        """Whether a human said whose this face is."""
        return self.placed.get(face_id) is not None


def hear(
    sightings: Sequence[Sighting],
    decisions: Sequence[Decision],
    groups: Mapping[GroupId, Sequence[FaceId]],
) -> Said:
    """Bring the decisions that are in force to these faces.

    ``groups`` has the faces that the machine seated in each group, by what it was called then.
    """
    valid = in_force(decisions)
    said = Said(Parts(sightings, _repeats(valid)))
    finder = _Finder(each.face for each in sightings)
    spoken: list[_Spoken] = []
    for rank, decision in reversed(list(enumerate(valid))):
        # Whom it speaks of is found before what it says, and what is older, takes faces away.
        spoken += _spoken_of(rank, decision.said, said, finder)
        _heed(decision.said, said, finder)
    said.mentions = _mentions(spoken, said, groups)
    _identify(said, finder)
    return said


@dataclass(frozen=True, slots=True)
class _Spoken:
    """A mention whose home is yet to be found: one of these faces, which may be none."""

    rank: int
    person_id: PersonId
    faces: Sequence[FaceId]
    said: Statement
    remains: bool


class _Finder:
    """Finds the faces that anchors mean."""

    def __init__(self, faces: Iterable[Face]) -> None:
        self._faces_of: dict[PhotoId, list[Face]] = {}
        for face in faces:
            self._faces_of.setdefault(face.photo_id, []).append(face)

    def find(self, anchors: Iterable[Anchor]) -> list[FaceId]:
        """The faces that are there, each once, in the order of the anchors."""
        found = (anchor.find(self._faces_of.get(anchor.photo_id, ())) for anchor in anchors)
        return list(dict.fromkeys(face.id for face in found if face))


def _repeats(decisions: Sequence[Decision]) -> frozenset[PhotoId]:
    allowed: dict[PhotoId, bool] = {}
    for decision in decisions:
        if isinstance(decision.said, Repeats):
            allowed[decision.said.photo_id] = decision.said.allowed
    return frozenset(photo_id for photo_id, yes in allowed.items() if yes)


# -- who belongs together --------------------------------------------------------------------------


def _heed(statement: Statement, said: Said, finder: _Finder) -> None:
    """Let one decision have its effect on the faces; newer ones have had theirs."""
    match statement:
        case NotAFace(faces) | Strangers(faces):
            strangers = isinstance(statement, Strangers)
            standing = Standing.STRANGER if strangers else Standing.NOT_A_FACE
            set_aside = _place(finder.find(faces), None, said)
            said.standings.update(dict.fromkeys(set_aside, standing))
        case Confirm(faces, person):
            placed = _place(finder.find(faces), person.person_id, said)
            said.parts.tie([*_anchored(person, said, finder), *placed])
        case Split(faces, person) | NotThisPerson(faces, person):
            named = finder.find(faces)
            into = statement.into if isinstance(statement, Split) else None
            placed = _place(named, into, said)
            said.parts.tie(placed if into else ())
            said.parts.bar(named, set(_anchored(person, said, finder)) - set(named))
        case DifferentPeople(one, other):
            said.parts.bar(_anchored(one, said, finder), _anchored(other, said, finder))
        case _:
            for person in people_in(statement):
                said.parts.tie(_anchored(person, said, finder))
            if isinstance(statement, Merge | SamePerson):
                one, other = people_in(statement)
                said.parts.tie([*_anchored(one, said, finder), *_anchored(other, said, finder)])


def _place(face_ids: Iterable[FaceId], person_id: PersonId | None, said: Said) -> list[FaceId]:
    """Say whose these faces are; those of which something newer was said are left out."""
    new = [face_id for face_id in face_ids if face_id not in said.placed]
    said.placed.update(dict.fromkeys(new, person_id))
    return new


def _anchored(person: PersonRef, said: Said, finder: _Finder) -> list[FaceId]:
    """The faces by which a person is known, without those that a newer decision took elsewhere."""
    return [
        face_id
        for face_id in finder.find(person.anchors)
        if said.placed.get(face_id, person.person_id) == person.person_id
    ]


# -- who they are ----------------------------------------------------------------------------------


def _spoken_of(rank: int, statement: Statement, said: Said, finder: _Finder) -> list[_Spoken]:
    """Whom a decision speaks of; its faces are those that no newer decision took elsewhere."""
    people = [(each.person_id, _anchored(each, said, finder)) for each in people_in(statement)]
    match statement:
        case Merge(gone, stays) | SamePerson(stays, gone):
            mine, theirs = _anchored(stays, said, finder), _anchored(gone, said, finder)
            return [
                _Spoken(rank, stays.person_id, mine or theirs, statement, remains=True),
                _Spoken(rank, gone.person_id, theirs or mine, statement, remains=False),
            ]
        case Confirm(faces, person):
            free = [each for each in finder.find(faces) if each not in said.placed]
            people = [(person.person_id, [*people[0][1], *free])]
        case Split(faces, _, into):
            people.append((into, [each for each in finder.find(faces) if each not in said.placed]))
        case _:
            pass
    return [_Spoken(rank, who, faces, statement, remains=True) for who, faces in people]


def _mentions(
    spoken: Sequence[_Spoken], said: Said, groups: Mapping[GroupId, Sequence[FaceId]]
) -> list[Mention]:
    """The mentions of all whose home can be found.

    Where the faces by which a decision knew a person went elsewhere, the person is where other
    decisions know it to be, or else where the rest of the machine's group of that id is.
    """
    homes: dict[PersonId, FaceId] = {}
    for each in spoken:
        if home := _home(each.faces, said.parts):
            homes.setdefault(each.person_id, home)
    for each in spoken:
        left = [f for f in groups.get(GroupId(each.person_id), ()) if f not in said.placed]
        if left:
            homes.setdefault(each.person_id, left[0])
    return [
        Mention(each.rank, each.person_id, home, each.said, each.remains)
        for each in spoken
        if (home := _home(each.faces, said.parts) or homes.get(each.person_id))
    ]


def _home(face_ids: Sequence[FaceId], parts: Parts) -> FaceId | None:
    """One face of the part to which most of the faces belong, the first one's if several do."""
    counted = Counter(map(parts.of, face_ids))
    most = max(counted.values(), default=0)
    return next((each for each in face_ids if counted[parts.of(each)] == most), None)


def _identify(said: Said, finder: _Finder) -> None:
    """Give every part that was spoken of its identity: that of its newest mention still free."""
    mentions_of: dict[Part, list[Mention]] = {}
    for mention in said.mentions:
        mentions_of.setdefault(said.parts.of(mention.home), []).append(mention)
    taken: set[PersonId] = set()
    for mention in said.mentions:
        part = said.parts.of(mention.home)
        if mention.remains and part.identity is None and mention.person_id not in taken:
            taken.add(mention.person_id)
            person = _describe(mention.person_id, mentions_of[part])
            cover = _cover(mentions_of[part], part, finder)
            part.identity = Identity(replace(person, cover=cover), mention.rank)


def _describe(person_id: PersonId, mentions: Sequence[Mention]) -> Person:
    """The person as these mentions, newest first, describe it; its own go before those of others.

    So of two people that were merged, the one that stays keeps what was said of it.
    """
    hidden, born, consent = None, None, None
    for mention in sorted(mentions, key=lambda each: each.person_id != person_id):
        match mention.said:
            case Hide(_, value):
                hidden = value if hidden is None else hidden
            case BirthDate(_, value):
                born = value if born is None else born
            case Consent(_, value):
                consent = value if consent is None else consent
            case _:
                pass
    return Person(person_id, _name(person_id, mentions), hidden or False, born, consent=consent)


def _name(person_id: PersonId, mentions: Sequence[Mention]) -> str | None:
    """The newest name that was given to this person; without one, to who became part of it."""
    given = [(m.person_id == person_id, m.said.name) for m in mentions if isinstance(m.said, Name)]
    own = next((name for is_own, name in given if is_own), None)
    if own is not None:
        return own
    # A name that was taken away stays away, unless somebody with a name was merged in later.
    since = itertools.takewhile(lambda each: not each[0], given)
    return next((name for _, name in since if name is not None), None)


def _cover(mentions: Sequence[Mention], part: Part, finder: _Finder) -> FaceId | None:
    for mention in mentions:
        if isinstance(mention.said, Cover):
            found = finder.find([mention.said.face])
            if found and found[0] in part.faces:
                return found[0]
    return None
