"""What humans said, brought to the faces of today: the part of people that no machine decides.

The decisions in force are read from the newest to the oldest, and what contradicts a newer one is
passed over. So of two that disagree the later one counts, and the order of those that do not is
without effect.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from kith.domain.decision import (
    Anchor,
    BirthDate,
    Confirm,
    Decision,
    DifferentPeople,
    Merge,
    MissedFace,
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
from kith.domain.person import PersonId, Standing
from kith.domain.photo import PhotoId
from kith.grouping.identity import Mention, identify
from kith.grouping.parts import Parts, Sighting


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
    repeats = _repeats(valid)
    said = Said(Parts(sightings, repeats))
    hearing = _Hearing(said, sightings, _births(valid), repeats)
    hearing.withdraw(_taken_back(decisions, valid))
    for decision in valid:
        hearing.expect(decision.said)
    spoken: list[_Spoken] = []
    for rank, decision in reversed(list(enumerate(valid))):
        # Whom it speaks of is found before what it says, and what is older, takes faces away.
        spoken += hearing.people_of(rank, decision.said)
        hearing.heed(decision.said)
    homes = _homes(spoken, hearing, groups)
    said.mentions = _mentions(spoken, hearing, homes)
    identify(said.parts, said.mentions, hearing.find)
    return said


def _repeats(decisions: Sequence[Decision]) -> frozenset[PhotoId]:
    allowed: dict[PhotoId, bool] = {}
    for decision in decisions:
        if isinstance(decision.said, Repeats):
            allowed[decision.said.photo_id] = decision.said.allowed
    return frozenset(photo_id for photo_id, yes in allowed.items() if yes)


def _taken_back(decisions: Sequence[Decision], valid: Sequence[Decision]) -> list[Anchor]:
    """Where somebody had seen a face that the machine missed, and took it back."""
    drawn = {each.said.face for each in decisions if isinstance(each.said, MissedFace)}
    return sorted(
        drawn - {each.said.face for each in valid if isinstance(each.said, MissedFace)},
        key=lambda anchor: (anchor.photo_id, anchor.box.left, anchor.box.top),
    )


def _births(decisions: Sequence[Decision]) -> dict[PersonId, date]:
    """When people were born, as was said last."""
    born: dict[PersonId, date | None] = {}
    for decision in decisions:
        if isinstance(decision.said, BirthDate):
            born[decision.said.person.person_id] = decision.said.born
    return {person_id: day for person_id, day in born.items() if day}


@dataclass(frozen=True, slots=True)
class _Spoken:
    """A mention whose home is yet to be found.

    Attributes:
        rank: of the decision.
        person_id: the person's id at the time.
        faces: those by which the decision knew the person, as far as they are still this person's.
        said: what was said.
        other: whom the person was said to be.
        theirs: the faces by which the decision knew the other one.
        remains: whether the person is to be called so; of a merge, only one is.
    """

    rank: int
    person_id: PersonId
    faces: Sequence[FaceId]
    said: Statement
    other: PersonId | None = None
    theirs: Sequence[FaceId] = ()
    remains: bool = True


class _Hearing:
    """Lets decisions have their effect on faces, the newest first."""

    def __init__(
        self,
        said: Said,
        sightings: Sequence[Sighting],
        births: Mapping[PersonId, date],
        repeats: frozenset[PhotoId],
    ) -> None:
        self._said = said
        self._births = births
        self._repeats = repeats
        self._sightings = {each.face.id: each for each in sightings}
        self._faces_of: dict[PhotoId, list[Face]] = {}
        for each in sightings:
            self._faces_of.setdefault(each.face.photo_id, []).append(each.face)
        self._faces_for_sure: set[FaceId] = set()
        self._expected: set[tuple[PersonId, FaceId]] = set()
        self._confirmed_in: set[tuple[PersonId, PhotoId]] = set()

    @property
    def parts(self) -> Parts:
        """The faces, those united that were said to be one person."""
        return self._said.parts

    def first_left(self, face_ids: Iterable[FaceId]) -> FaceId | None:
        """The first of the faces that nobody took elsewhere; none that arrives later changes it."""
        return next((each for each in face_ids if each not in self._said.placed), None)

    def find(self, anchors: Iterable[Anchor]) -> list[FaceId]:
        """The faces that anchors mean, as far as they are there, each once, in their order."""
        found = (anchor.find(self._faces_of.get(anchor.photo_id, ())) for anchor in anchors)
        return list(dict.fromkeys(face.id for face in found if face))

    def withdraw(self, drawn: Iterable[Anchor]) -> None:
        """Faces that were drawn here are none, whatever was said of them."""
        for anchor in drawn:
            for face in self._faces_of.get(anchor.photo_id, ()):
                if face.box == anchor.box:
                    self._said.placed[face.id] = None
                    self._said.standings[face.id] = Standing.NOT_A_FACE

    def expect(self, statement: Statement) -> None:
        """Remember of which faces it is said singly whose they are: no birth date counts there."""
        match statement:
            case Confirm(faces, PersonRef(person_id)) | Split(faces, _, person_id):
                self._expected |= {(person_id, face_id) for face_id in self.find(faces)}
            case _:
                pass

    def people_of(self, rank: int, statement: Statement) -> list[_Spoken]:
        """Whom a decision speaks of, by the faces that no newer decision took elsewhere."""
        people = [(each.person_id, self._anchored(each)) for each in people_in(statement)]
        match statement:
            case Merge(gone, stays) | SamePerson(stays, gone):
                one, two = stays.person_id, gone.person_id
                mine, theirs = self._anchored(stays), self._anchored(gone, stays)
                return [
                    _Spoken(rank, one, mine, statement, two, theirs),
                    _Spoken(rank, two, theirs, statement, one, mine, remains=False),
                ]
            case Confirm(faces, person):
                named = self._free(faces)
                people = [(person.person_id, [*named, *self._beside(named, people[0][1])])]
            case Split(faces, _, into):
                people.append((into, self._free(faces)))
            case _:
                pass
        return [_Spoken(rank, person_id, faces, statement) for person_id, faces in people]

    def heed(self, statement: Statement) -> None:
        """Let one decision have its effect; newer ones have had theirs."""
        parts = self._said.parts
        match statement:
            case NotAFace(faces) | Strangers(faces):
                strangers = isinstance(statement, Strangers)
                standing = Standing.STRANGER if strangers else Standing.NOT_A_FACE
                set_aside = self._place(faces if strangers else self._doubtful(faces), None)
                self._said.standings.update(dict.fromkeys(set_aside, standing))
            case MissedFace(face):
                self._faces_for_sure.update(self.find([face]))
            case Confirm(faces, person):
                placed = self._place(faces, person.person_id)
                parts.tie([*self._anchored(person), *placed])
            case Split(faces, person) | NotThisPerson(faces, person):
                into = statement.into if isinstance(statement, Split) else None
                placed = self._place(faces, into)
                parts.tie(placed if into else ())
                named = self.find(faces)
                # Else the rest could follow the faces that go.
                rest = [each for each in self._anchored(person) if each not in named]
                parts.tie(rest)
                parts.bar(named, rest)
            case DifferentPeople(one, other):
                parts.bar(self._anchored(one), self._anchored(other))
            case _:
                for person in people_in(statement):
                    parts.tie(self._anchored(person))
                match statement:
                    case Merge(gone, stays) | SamePerson(stays, gone):
                        parts.tie([*self._anchored(stays), *self._anchored(gone, stays)])
                    case _:
                        pass

    def _beside(self, named: Sequence[FaceId], anchored: Sequence[FaceId]) -> list[FaceId]:
        """The faces that stay a person's when these are said to be: not others of their photos."""
        photos = {self._sightings[each].face.photo_id for each in named} - self._repeats
        return [each for each in anchored if self._sightings[each].face.photo_id not in photos]

    def _doubtful(self, faces: Iterable[Anchor]) -> list[Anchor]:
        """Those of which nobody said later that a face is there."""
        return [each for each in faces if self._faces_for_sure.isdisjoint(self.find([each]))]

    def _free(self, faces: Iterable[Anchor]) -> list[FaceId]:
        return [each for each in self.find(faces) if each not in self._said.placed]

    def _place(self, faces: Iterable[Anchor], person_id: PersonId | None) -> list[FaceId]:
        """Say whose these faces are; those of which something newer was said are left out."""
        new = self._free(faces)
        self._said.placed.update(dict.fromkeys(new, person_id))
        if person_id is not None:
            photos = (self._sightings[face_id].face.photo_id for face_id in new)
            self._confirmed_in.update((person_id, photo_id) for photo_id in photos)
        return new

    def rejoin(self, spoken: _Spoken, home: FaceId) -> None:
        """Unite two people of whom one is no longer known by the faces that the decision named."""
        stays = spoken.person_id if spoken.remains else spoken.other
        if stays is not None and not self._is_too_early(home, stays):
            self.parts.tie([*spoken.theirs, home])

    def _anchored(self, person: PersonRef, part_of: PersonRef | None = None) -> list[FaceId]:
        """The faces by which a person is known, without those that cannot be this person's.

        These are: faces that a newer decision took elsewhere; in a photo where a human said which
        face is this person, the others; and those seen before the person, or the one whom it
        became part of, was born. A birth date that would leave none takes none away: whoever made
        a slip finds the person again, and can put it right.
        """
        known = [each for each in self.find(person.anchors) if self._may_be(each, person.person_id)]
        own = self._since_birth(known, person.person_id) or known
        return self._since_birth(own, part_of.person_id) if part_of else own

    def _may_be(self, face_id: FaceId, person_id: PersonId) -> bool:
        if face_id in self._said.placed:
            return self._said.placed[face_id] == person_id
        photo_id = self._sightings[face_id].face.photo_id
        return photo_id in self._repeats or (person_id, photo_id) not in self._confirmed_in

    def _since_birth(self, face_ids: Iterable[FaceId], person_id: PersonId) -> list[FaceId]:
        return [each for each in face_ids if not self._is_too_early(each, person_id)]

    def _is_too_early(self, face_id: FaceId, person_id: PersonId) -> bool:
        """Whether the machine saw this face before the person was born."""
        taken, born = self._sightings[face_id].taken, self._births.get(person_id)
        if self._said.confirmed(face_id) or (person_id, face_id) in self._expected:
            return False
        return bool(taken and born and taken < born)


def _homes(
    spoken: Sequence[_Spoken], hearing: _Hearing, groups: Mapping[GroupId, Sequence[FaceId]]
) -> dict[PersonId, FaceId]:
    """Where people are of whom a decision spoke, by one face each.

    It is where the newest decision that still knows a face of the person says; or else where the
    rest of the machine's group of that id is; or else where the person whom it was said to be is.
    """
    homes = _named_homes(spoken, hearing.parts)
    for person_id in {each.person_id for each in spoken} - homes.keys():
        if left := hearing.first_left(groups.get(GroupId(person_id), ())):
            homes[person_id] = left
    for each in spoken:
        if not each.faces and each.theirs:
            if each.person_id in homes:
                hearing.rejoin(each, homes[each.person_id])
            elif home := _home(each.theirs, hearing.parts):
                homes[each.person_id] = home
    return homes


def _named_homes(spoken: Sequence[_Spoken], parts: Parts) -> dict[PersonId, FaceId]:
    homes: dict[PersonId, FaceId] = {}
    for each in spoken:
        if home := _home(each.faces, parts):
            homes.setdefault(each.person_id, home)
    return homes


def _mentions(
    spoken: Sequence[_Spoken], hearing: _Hearing, homes: Mapping[PersonId, FaceId]
) -> list[Mention]:
    """The mentions of all whose home can be found."""
    return [
        Mention(each.rank, each.person_id, home, each.said, each.remains)
        for each in spoken
        if (home := _home(each.faces, hearing.parts) or homes.get(each.person_id))
    ]


def _home(face_ids: Sequence[FaceId], parts: Parts) -> FaceId | None:
    """One face of the part to which most of the faces belong, the first one's if several do."""
    counted = Counter(map(parts.of, face_ids))
    most = max(counted.values(), default=0)
    return next((each for each in face_ids if counted[parts.of(each)] == most), None)
