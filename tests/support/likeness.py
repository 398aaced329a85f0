"""Made-up faces whose similarities are known, and the groups that grouping makes of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kith.domain.face import Box, Face, FaceDetail, FaceId, Landmarks, Match, Point, Pose, Quality
from kith.domain.grouping import GroupId, Seat, Step
from kith.domain.photo import PhotoId
from kith.domain.similarity import percent_of
from kith.grouping import thresholds
from kith.grouping.draft import Draft
from kith.grouping.neighborhood import Member

_NOWHERE = Point(0.5, 0.5)

Strength = Callable[[FaceId, FaceId], float]


def a_face(name: str, photo: str, *, rank: int = 0, overall: float = 80.0, pixels: float = 100.0):
    """A face of that quality in that photo; of another rank it is elsewhere."""
    quality = Quality(brightness=50.0, sharpness=50.0, pixels=pixels, overall=overall)
    landmarks = Landmarks(_NOWHERE, _NOWHERE, _NOWHERE, _NOWHERE, _NOWHERE)
    box = Box(0.02 + 0.24 * rank, 0.4, 0.2, 0.2)
    detail = FaceDetail(box, 99.0, landmarks, Pose(0.0, 0.0, 0.0), quality)
    return Face(FaceId(name), PhotoId(photo), detail)


@dataclass
class Groups:
    """A neighborhood that is stored in dictionaries; similarities come from a function.

    ``groups_of`` and ``members`` know only what was stored, as a catalog would.
    """

    strength: Strength
    faces: dict[FaceId, Face] = field(default_factory=dict[FaceId, Face])
    group_of: dict[FaceId, GroupId] = field(default_factory=dict[FaceId, GroupId])
    became: dict[GroupId, GroupId] = field(default_factory=dict[GroupId, GroupId])
    steps: list[Step] = field(default_factory=list[Step])
    indexed: dict[FaceId, Face] = field(default_factory=dict[FaceId, Face])
    searched: list[int] = field(default_factory=list[int])

    def matches(
        self, face_ids: Sequence[FaceId], arrived: Collection[FaceId], /
    ) -> Sequence[Sequence[Match]]:
        """See ``Neighborhood``."""
        self.searched.append(len(face_ids))
        return [self._matches(face_id, self.faces.keys() | set(arrived)) for face_id in face_ids]

    def groups_of(self, face_ids: Collection[FaceId], /) -> Mapping[FaceId, GroupId]:
        """See ``Neighborhood``."""
        return {id_: self.group_of[id_] for id_ in face_ids if id_ in self.group_of}

    def members(self, group_ids: Collection[GroupId], /) -> Mapping[GroupId, Sequence[Member]]:
        """See ``Neighborhood``."""
        members: dict[GroupId, list[Member]] = {group_id: [] for group_id in group_ids}
        for face_id, group_id in self.group_of.items():
            if group_id in members:
                members[group_id].append(Member.of(self.faces[face_id]))
        return members

    def add(self, photos: Iterable[Sequence[Face]]) -> list[Step]:
        """Index, group and store these photos as one batch."""
        batch = list(photos)
        self.indexed |= {face.id: face for faces in batch for face in faces}
        draft = Draft(self)
        steps = [step for faces in batch for step in draft.add(faces)]
        self.faces |= {face.id: face for faces in batch for face in faces}
        for step in steps:
            self.take(step)
        return steps

    def add_singly(self, photos: Iterable[Sequence[Face]]) -> list[list[Step]]:
        """Each photo is a batch of its own."""
        return [self.add([photo]) for photo in photos]

    def groups(self) -> set[frozenset[FaceId]]:
        """The faces of each group."""
        return {frozenset(faces) for faces in self.by_id().values()}

    def by_id(self) -> dict[GroupId, set[FaceId]]:
        """The faces of each group, by the group's id."""
        groups: dict[GroupId, set[FaceId]] = {}
        for face_id, group_id in self.group_of.items():
            groups.setdefault(group_id, set()).add(face_id)
        return groups

    def current(self, group_id: GroupId) -> GroupId:
        """The group that this one is now, or has become part of."""
        while group_id in self.became:
            group_id = self.became[group_id]
        return group_id

    def take(self, step: Step) -> None:
        """Keep this step, as a catalog does."""
        self.steps.append(step)
        if isinstance(step, Seat):
            assert step.face_id not in self.group_of
            self.group_of[step.face_id] = self.current(step.group_id)
            return
        gone, stays = self.current(step.gone), self.current(step.stays)
        assert gone != stays
        self.became[gone] = stays
        for face_id, group_id in self.group_of.items():
            if group_id == gone:
                self.group_of[face_id] = stays

    def _matches(self, face_id: FaceId, among: Collection[FaceId]) -> list[Match]:
        percents = {id_: percent_of(self.strength(face_id, id_)) for id_ in among if id_ != face_id}
        near = [id_ for id_, percent in percents.items() if percent >= thresholds.FLOOR]
        near.sort(key=lambda id_: (-percents[id_], id_))
        return [
            Match(id_, self.indexed[id_].photo_id, percents[id_])
            for id_ in near[: thresholds.MAX_MATCHES]
        ]
