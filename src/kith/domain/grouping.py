"""What the machine made of the faces, before anyone was asked.

Groups depend on faces and similarities alone, never on what humans said; people are the groups with
the decisions laid over them. That is why every decision can be taken back.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import NewType

from kith.domain.face import FaceId

GroupId = NewType("GroupId", str)
"""A lower-case UUID: that of the person whom the group makes as long as nobody says otherwise."""


_GROUPS = uuid.UUID("6a1f0c52-9a51-5d0e-8a55-0d4ab7a5c0de")


def group_id_of(founder: FaceId) -> GroupId:
    """The id of the group that this face founds.

    Derived from the face, so that an interrupted run and an undisturbed one name the same groups.
    """
    return GroupId(str(uuid.uuid5(_GROUPS, founder)))


@dataclass(frozen=True, slots=True)
class Seat:
    """A face found its group, or founded it.

    Attributes:
        face_id: the face. It has one seat, for ever.
        group_id: the group as it was called then.
        similarity: how well the face fits the group's other faces, percent; 100 for the founder.
        support: the group's faces that are most like it, best first; empty for the founder.
    """

    face_id: FaceId
    group_id: GroupId
    similarity: float
    support: tuple[FaceId, ...] = ()


@dataclass(frozen=True, slots=True)
class Reunion:
    """Two groups proved to be one person.

    Attributes:
        gone: the group that became part of the other.
        stays: the other.
        support: pairs of a face of ``gone`` and a face of ``stays`` that are most alike.
    """

    gone: GroupId
    stays: GroupId
    support: tuple[tuple[FaceId, FaceId], ...] = ()


Step = Seat | Reunion
"""What grouping did. Steps are kept in their order, which is that in which photos arrived."""


def groups_in(step: Step) -> tuple[GroupId, ...]:
    """The groups that a step names; of a reunion, the one that goes first."""
    return (step.group_id,) if isinstance(step, Seat) else (step.gone, step.stays)
