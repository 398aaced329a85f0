"""The groups while photos arrive: the stored ones and, over them, what was just decided."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kith.domain.face import FaceId, Match
from kith.domain.grouping import GroupId
from kith.domain.photo import PhotoId
from kith.grouping.neighborhood import Member, Neighborhood


@dataclass(slots=True, eq=False)
class Group:
    """Faces that seem to be one person, as grouping works on them.

    Attributes:
        id: what the group is called.
        members: all of them, weak ones too.
        photos: the photos that show them, one each.
        size: how many are solid.
    """

    id: GroupId
    members: list[Member] = field(default_factory=list[Member])
    photos: set[PhotoId] = field(default_factory=set[PhotoId])
    size: int = 0

    def add(self, members: Iterable[Member]) -> None:
        """Take these faces in."""
        for member in members:
            self.members.append(member)
            self.photos.add(member.photo_id)
            self.size += member.solid

    def representatives(self, count: int) -> list[FaceId]:
        """The best solid faces, best first; ties go to the smaller id."""
        solid = sorted((-member.overall, member.face_id) for member in self.members if member.solid)
        return [face_id for _, face_id in solid[:count]]

    def may_be(self, other: Group) -> bool:
        """Whether both can be one person: no photo shows both."""
        return self.photos.isdisjoint(other.photos)


class Groups:
    """The groups around some arriving photos: read once from the neighborhood, then kept current.

    What was decided here but is not stored yet lies over what the neighborhood answers, so later
    photos see it. Nobody else may change the library meanwhile.
    """

    def __init__(self, neighborhood: Neighborhood) -> None:
        self._neighborhood = neighborhood
        self._arrived: set[FaceId] = set()
        self._groups: dict[GroupId, Group] = {}
        self._group_of: dict[FaceId, GroupId | None] = {}
        self._weak: set[FaceId] = set()
        self._became: dict[GroupId, GroupId] = {}

    def search(self, face_ids: Sequence[FaceId]) -> Mapping[FaceId, Sequence[Match]]:
        """The matches of each face; their groups are read along."""
        if not face_ids:
            return {}
        lists = self._neighborhood.matches(face_ids, self._arrived)
        self._read({match.face_id for matches in lists for match in matches})
        return dict(zip(face_ids, lists, strict=True))

    def arrive(self, face_ids: Iterable[FaceId]) -> None:
        """From now on searches find these faces. They have no group until they are added."""
        for face_id in face_ids:
            self._arrived.add(face_id)
            self._group_of[face_id] = None

    def group_of(self, face_id: FaceId) -> Group | None:
        """The group of a face that a search met or that arrived; ``None`` where it has none."""
        group_id = self._group_of[face_id]
        return None if group_id is None else self.group(group_id)

    def vouched_by(self, face_id: FaceId) -> Group | None:
        """The group that this face speaks for; ``None`` where it has none or is weak."""
        return None if face_id in self._weak else self.group_of(face_id)

    def group(self, group_id: GroupId) -> Group:
        """The group of that id, which was met; of one that was merged, what it became part of."""
        while group_id in self._became:
            group_id = self._became[group_id]
        return self._groups[group_id]

    def found(self, group_id: GroupId, founder: Member) -> None:
        """A new group of one face."""
        self._groups[group_id] = Group(group_id)
        self.add(self._groups[group_id], founder)

    def add(self, group: Group, member: Member) -> None:
        """The face belongs to this group from now on."""
        group.add([member])
        self._attribute(group.id, [member])

    def merge(self, gone: Group, stays: Group) -> None:
        """All faces of the first group move to the second."""
        stays.add(gone.members)
        self._became[gone.id] = stays.id

    def _read(self, face_ids: Collection[FaceId]) -> None:
        unknown = [face_id for face_id in face_ids if face_id not in self._group_of]
        groups_of = self._neighborhood.groups_of(unknown)
        for face_id in unknown:
            self._group_of[face_id] = groups_of.get(face_id)
        new = set(groups_of.values()) - self._groups.keys() - self._became.keys()
        if new:
            self._read_groups(new)

    def _read_groups(self, group_ids: Collection[GroupId]) -> None:
        for group_id, members in self._neighborhood.members(group_ids).items():
            self._groups[group_id] = Group(group_id)
            self._groups[group_id].add(members)
            self._attribute(group_id, members)

    def _attribute(self, group_id: GroupId, members: Iterable[Member]) -> None:
        for member in members:
            self._group_of[member.face_id] = group_id
            if not member.solid:
                self._weak.add(member.face_id)
