"""Decisions: what a human said. They are only ever appended, and nothing they said is rewritten.

Faces and people are named so that a decision outlives them: a face as a part of a photo, a person
by id and by some of its faces. Face ids change with every model pack; photos do not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from kith.domain.face import Box, Face
from kith.domain.person import PersonId
from kith.domain.photo import PhotoId

_LEAST_OVERLAP = 0.3
"""Intersection over union. Two detectors that draw one face differently seldom fall below 0.4, and
two faces of a photo seldom reach 0.2."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A face as a human saw it: this part of that photo. It outlives face ids and model packs."""

    photo_id: PhotoId
    box: Box

    @classmethod
    def of(cls, face: Face) -> Anchor:
        """The anchor of a face."""
        return cls(face.photo_id, face.box)

    def find(self, faces: Sequence[Face]) -> Face | None:
        """The face of this photo's ``faces`` that is meant: the one that overlaps most, if any."""
        best = max(faces, key=lambda face: (self.box.overlap(face.box), face.id), default=None)
        return best if best and self.box.overlap(best.box) >= _LEAST_OVERLAP else None


@dataclass(frozen=True, slots=True)
class PersonRef:
    """A person as a human meant it.

    Attributes:
        person_id: the id the person had.
        anchors: some of the person's faces, best first, so that a decision finds its person again
            where ids have changed.
    """

    person_id: PersonId
    anchors: tuple[Anchor, ...]


# -- what can be said ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Name:
    """This person is called so; ``None`` takes the name away."""

    person: PersonRef
    name: str | None


@dataclass(frozen=True, slots=True)
class Merge:
    """These two are one person, and ``stays`` says which id and name remain."""

    gone: PersonRef
    stays: PersonRef


@dataclass(frozen=True, slots=True)
class SamePerson:
    """These two are one person, as answered to a question; ``one`` is who remains."""

    one: PersonRef
    other: PersonRef


@dataclass(frozen=True, slots=True)
class DifferentPeople:
    """These two are not one person."""

    one: PersonRef
    other: PersonRef


@dataclass(frozen=True, slots=True)
class Split:
    """These faces are not ``person`` but one other person, who gets the id ``into``."""

    faces: tuple[Anchor, ...]
    person: PersonRef
    into: PersonId


@dataclass(frozen=True, slots=True)
class NotThisPerson:
    """These faces are not this person; who they are was not said."""

    faces: tuple[Anchor, ...]
    person: PersonRef


@dataclass(frozen=True, slots=True)
class Confirm:
    """These faces are this person, whoever they seemed to be."""

    faces: tuple[Anchor, ...]
    person: PersonRef


@dataclass(frozen=True, slots=True)
class Hide:
    """Leave this person out of lists and questions, or (``hidden`` false) show it again."""

    person: PersonRef
    hidden: bool


@dataclass(frozen=True, slots=True)
class NotAFace:
    """What was found here is no face: a statue, a pattern, a poster."""

    faces: tuple[Anchor, ...]


@dataclass(frozen=True, slots=True)
class MissedFace:
    """Here is a face that the machine missed; taken back, there is none.

    A face that was put where this says has exactly this box, so it can be told from one that the
    machine found there.
    """

    face: Anchor


@dataclass(frozen=True, slots=True)
class Strangers:
    """These faces are nobody the user knows, and nobody to be asked about."""

    faces: tuple[Anchor, ...]


@dataclass(frozen=True, slots=True)
class Cover:
    """This face stands for the person."""

    person: PersonRef
    face: Anchor


@dataclass(frozen=True, slots=True)
class BirthDate:
    """This person was born on that day, so is in no photo taken before; ``None`` takes it back."""

    person: PersonRef
    born: date | None


@dataclass(frozen=True, slots=True)
class Repeats:
    """One person may appear several times in this photo: a mirror, a collage, a photo of a photo.

    ``allowed`` false takes it back.
    """

    photo_id: PhotoId
    allowed: bool


@dataclass(frozen=True, slots=True)
class Consent:
    """This person agreed to be recognized (``given``), refused, or (``None``) said nothing."""

    person: PersonRef
    given: bool | None


@dataclass(frozen=True, slots=True)
class Reset:
    """Set aside all that was said before of this person, or of everyone (``None``)."""

    person_id: PersonId | None


@dataclass(frozen=True, slots=True)
class Undo:
    """Take that decision back; undoing an undo brings it into force again."""

    decision_id: str


AboutPeople = Name | Hide | Cover | BirthDate | Consent
"""What describes one person."""

AboutFaces = Split | NotThisPerson | Confirm | NotAFace | Strangers
"""What says of single faces who they are, or are not."""

AboutPairs = Merge | SamePerson | DifferentPeople
"""What says of two people whether they are one."""

Statement = AboutPeople | AboutFaces | AboutPairs | MissedFace | Repeats | Reset | Undo


@dataclass(frozen=True, slots=True)
class Decision:
    """One entry of the journal.

    Attributes:
        id: a UUID, so that importing a journal twice changes nothing.
        at: when it was said; aware, in UTC. Of two that disagree, the later one counts.
        by: who said it.
        said: what.
    """

    id: str
    at: datetime
    by: str
    said: Statement


# -- what a statement is about ---------------------------------------------------------------------


def people_in(said: Statement) -> tuple[PersonRef, ...]:
    """The people that a statement speaks of, except one that a split makes."""
    match said:
        case Merge(gone, stays):
            return (gone, stays)
        case SamePerson(one, other) | DifferentPeople(one, other):
            return (one, other)
        case NotAFace() | Strangers() | MissedFace() | Repeats() | Reset() | Undo():
            return ()
        case _:
            return (said.person,)


def faces_in(said: Statement) -> tuple[Anchor, ...]:
    """The single faces that a statement speaks of."""
    match said:
        case Split() | NotThisPerson() | Confirm() | NotAFace() | Strangers():
            return said.faces
        case Cover(_, face) | MissedFace(face):
            return (face,)
        case _:
            return ()


def anchors_in(said: Statement) -> tuple[Anchor, ...]:
    """Every face by which a statement can be found again."""
    people = (anchor for person in people_in(said) for anchor in person.anchors)
    return (*faces_in(said), *people)


def person_ids_in(said: Statement) -> frozenset[PersonId]:
    """Every person id that a statement mentions."""
    ids = {person.person_id for person in people_in(said)}
    match said:
        case Split(into=into):
            ids.add(into)
        case Reset(person_id) if person_id is not None:
            ids.add(person_id)
        case _:
            pass
    return frozenset(ids)


def photos_in(said: Statement) -> frozenset[PhotoId]:
    """Every photo that a statement mentions."""
    ids = {anchor.photo_id for anchor in anchors_in(said)}
    return frozenset(ids | {said.photo_id} if isinstance(said, Repeats) else ids)


# -- which decisions are in force ------------------------------------------------------------------


def in_order(decisions: Sequence[Decision]) -> list[Decision]:
    """The decisions as they were said, whatever the order in which they arrived here."""
    return sorted(decisions, key=lambda decision: (decision.at, decision.id))


def in_force(decisions: Sequence[Decision]) -> list[Decision]:
    """The decisions that count, in the order in which they were said: none undone or set aside.

    Undoing and resetting are not among them.
    """
    kept: list[Decision] = []
    undone: set[str] = set()
    resets: list[PersonId | None] = []
    for decision in reversed(in_order(decisions)):
        if decision.id in undone:
            continue
        match decision.said:
            case Undo(decision_id):
                undone.add(decision_id)
            case Reset(person_id):
                resets.append(person_id)
            case said:
                if not any(who is None or who in person_ids_in(said) for who in resets):
                    kept.append(decision)
    return kept[::-1]
