"""People, and the faces attributed to them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NewType

from kith.domain.face import FaceId
from kith.domain.grouping import GroupId

PersonId = NewType("PersonId", str)
"""A lower-case UUID. It survives every re-grouping."""

_APART = uuid.UUID("0f7f5c1a-53c0-5a0b-9d4e-3b0e6c1fb1a7")


def person_id_apart(other: FaceId | PersonId) -> PersonId:
    """The id of a person that stands apart from its group: of its first face, or an id taken."""
    return PersonId(str(uuid.uuid5(_APART, other)))


@dataclass(frozen=True, slots=True)
class Person:
    """Someone; may have no name.

    Attributes:
        id: who.
        name: as a human gave it.
        hidden: a human wants it left out of lists and questions.
        born: no photo taken before that day shows this person.
        cover: the face that a human chose to stand for it.
        consent: whether the person agreed to be recognized; ``None``: nothing was said.
    """

    id: PersonId
    name: str | None = None
    hidden: bool = False
    born: date | None = None
    cover: FaceId | None = None
    consent: bool | None = None


@dataclass(frozen=True, slots=True)
class Appearance:
    """One face attributed to one person.

    Attributes:
        face_id: the face.
        person_id: the person it belongs to.
        similarity: how well it fits the person's other faces, percent; 100 for the founding face.
        confirmed: whether a human said so.
    """

    face_id: FaceId
    person_id: PersonId
    similarity: float
    confirmed: bool = False


class Standing(StrEnum):
    """What a human said of a face that is to be nobody's."""

    STRANGER = "stranger"
    NOT_A_FACE = "not a face"


@dataclass(frozen=True, slots=True)
class PeopleChange:
    """What became of people: applied by the catalog as a whole or not at all.

    Applied in the order of the attributes.

    Attributes:
        people: as they are from now on; who is not known, or was part of another, is founded.
        appearances: faces newly attributed, or attributed anew, to people who do not go.
        nobody: faces that are no longer anybody's.
        standings: faces that a human set aside, or (``None``) no longer sets aside.
        became: an id that goes -> the person who stands for it. All appearances that the first
            still has move over.
        homes: groups, and whose their faces are; ``None`` where they are of several people.
    """

    people: tuple[Person, ...] = ()
    appearances: tuple[Appearance, ...] = ()
    nobody: tuple[FaceId, ...] = ()
    standings: tuple[tuple[FaceId, Standing | None], ...] = ()
    became: tuple[tuple[PersonId, PersonId], ...] = ()
    homes: tuple[tuple[GroupId, PersonId | None], ...] = ()

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in self.__slots__)
