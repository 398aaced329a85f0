"""A library of faces whose similarities are known, for the laws of grouping."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from kith.domain.face import Box, Face, FaceDetail, FaceId, Landmarks, Match, Point, Pose, Quality
from kith.domain.person import Appearance, GroupingChange, Person, PersonId
from kith.domain.photo import PhotoId
from kith.domain.similarity import percent_of
from kith.grouping import thresholds
from kith.grouping.draft import Draft, combined
from kith.grouping.neighborhood import Member

_NOWHERE = Point(0.5, 0.5)

Strength = Callable[[FaceId, FaceId], float]


def face(name: str, photo: str, *, overall: float = 80.0, pixels: float = 100.0) -> Face:
    """A face of that quality in that photo."""
    quality = Quality(brightness=50.0, sharpness=50.0, pixels=pixels, overall=overall)
    landmarks = Landmarks(_NOWHERE, _NOWHERE, _NOWHERE, _NOWHERE, _NOWHERE)
    box = Box(0.4, 0.4, 0.2, 0.2)
    detail = FaceDetail(box, 99.0, landmarks, Pose(0.0, 0.0, 0.0), quality)
    return Face(FaceId(name), PhotoId(photo), detail)


@dataclass
class Library:
    """A neighborhood that is stored in dictionaries; similarities come from a function.

    ``people_of``, ``members`` and ``people`` know only what was stored, as a catalog would.
    """

    strength: Strength
    faces: dict[FaceId, Face] = field(default_factory=dict[FaceId, Face])
    person_of: dict[FaceId, PersonId] = field(default_factory=dict[FaceId, PersonId])
    names: dict[PersonId, str | None] = field(default_factory=dict[PersonId, "str | None"])
    merged: dict[PersonId, PersonId] = field(default_factory=dict[PersonId, PersonId])
    indexed: dict[FaceId, Face] = field(default_factory=dict[FaceId, Face])
    searched: list[int] = field(default_factory=list[int])

    def matches(
        self, face_ids: Sequence[FaceId], arrived: Collection[FaceId], /
    ) -> Sequence[Sequence[Match]]:
        """See ``Neighborhood``."""
        self.searched.append(len(face_ids))
        return [self._matches(face_id, self.faces.keys() | set(arrived)) for face_id in face_ids]

    def people_of(self, face_ids: Collection[FaceId], /) -> Mapping[FaceId, PersonId]:
        """See ``Neighborhood``."""
        return {id_: self.person_of[id_] for id_ in face_ids if id_ in self.person_of}

    def members(self, person_ids: Collection[PersonId], /) -> Mapping[PersonId, Sequence[Member]]:
        """See ``Neighborhood``."""
        members: dict[PersonId, list[Member]] = {person_id: [] for person_id in person_ids}
        for face_id, person_id in self.person_of.items():
            if person_id in members:
                members[person_id].append(Member.of(self.faces[face_id]))
        return members

    def people(self, person_ids: Collection[PersonId], /) -> Mapping[PersonId, Person]:
        """See ``Neighborhood``."""
        return {id_: Person(id_, self.names[id_]) for id_ in person_ids}

    def add(self, photos: Iterable[Sequence[Face]]) -> GroupingChange:
        """Index, group and store these photos as one batch."""
        batch = list(photos)
        self.indexed |= {face.id: face for faces in batch for face in faces}
        draft = Draft(self)
        change = combined([draft.add(faces) for faces in batch])
        self.faces |= {face.id: face for faces in batch for face in faces}
        self.apply(change)
        return change

    def add_singly(self, photos: Iterable[Sequence[Face]]) -> None:
        """Each photo is a batch of its own."""
        for photo in photos:
            self.add([photo])

    def apply(self, change: GroupingChange) -> None:
        """Store what grouping decided, as a catalog does."""
        self.names |= {person.id: person.name for person in change.founded}
        for appearance in change.appearances:
            self._attribute(appearance)
        for gone, stays in change.merged:
            del self.names[gone]
            self.merged[gone] = stays
            for face_id, person_id in self.person_of.items():
                if person_id == gone:
                    self.person_of[face_id] = stays

    def groups(self) -> set[frozenset[FaceId]]:
        """The faces of each person."""
        groups: dict[PersonId, set[FaceId]] = defaultdict(set)
        for face_id, person_id in self.person_of.items():
            groups[person_id].add(face_id)
        return {frozenset(group) for group in groups.values()}

    def _attribute(self, appearance: Appearance) -> None:
        assert appearance.face_id not in self.person_of
        assert appearance.person_id in self.names
        self.person_of[appearance.face_id] = appearance.person_id

    def _matches(self, face_id: FaceId, among: Collection[FaceId]) -> list[Match]:
        percents = {id_: percent_of(self.strength(face_id, id_)) for id_ in among if id_ != face_id}
        near = [id_ for id_, percent in percents.items() if percent >= thresholds.FLOOR]
        near.sort(key=lambda id_: (-percents[id_], id_))
        return [
            Match(id_, self.indexed[id_].photo_id, percents[id_])
            for id_ in near[: thresholds.MAX_MATCHES]
        ]


def by_name(same: float = 6.5, different: float = 0.5, **special: float) -> Strength:
    """Faces named ``ana-1``, ``ana-2`` are of one person. ``special`` names pairs, as ``a1_b2``."""

    def strength(one: FaceId, two: FaceId) -> float:
        key = "_".join(sorted(name.replace("-", "") for name in (one, two)))
        alike = one.partition("-")[0] == two.partition("-")[0]
        return special.get(key, same if alike else different)

    return strength


@pytest.fixture(scope="session")
def make_face() -> Callable[..., Face]:
    """Makes a face of some quality in some photo."""
    return face


@pytest.fixture(scope="session")
def make_library() -> Callable[..., Library]:
    """Makes an empty library; ``special`` strengths of pairs are named ``ana1_ben2``."""

    def make(**special: float) -> Library:
        return Library(by_name(**special))

    return make


@pytest.fixture(scope="session")
def library_of() -> Callable[[Strength], Library]:
    """Makes an empty library over a function from two faces to a strength."""
    return Library
