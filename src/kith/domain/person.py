"""People, and the faces attributed to them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import NewType

from kith.domain.face import FaceId

PersonId = NewType("PersonId", str)
"""A lower-case UUID. It survives every re-grouping."""

_PEOPLE = uuid.UUID("6a1f0c52-9a51-5d0e-8a55-0d4ab7a5c0de")


def person_id_of(founder: FaceId) -> PersonId:
    """The id of the person that this face founds.

    Derived from the face, so that an interrupted run and an undisturbed one name the same people.
    """
    return PersonId(str(uuid.uuid5(_PEOPLE, founder)))


@dataclass(frozen=True, slots=True)
class Person:
    """Someone; may have no name."""

    id: PersonId
    name: str | None = None


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


@dataclass(frozen=True, slots=True)
class GroupingChange:
    """What grouping decided: applied by the catalog as a whole or not at all.

    Attributes:
        founded: people that did not exist before.
        appearances: faces newly attributed, or attributed anew.
        merged: person that goes -> person that stays. All appearances of the first move over.
    """

    founded: tuple[Person, ...] = ()
    appearances: tuple[Appearance, ...] = ()
    merged: tuple[tuple[PersonId, PersonId], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.founded or self.appearances or self.merged)
