"""The groups while photos arrive: the stored ones and, over them, what was just decided."""

from __future__ import annotations

import bisect
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kith.domain.face import FaceId, Match
from kith.domain.grouping import GroupId
from kith.domain.photo import PhotoId
from kith.domain.similarity import KNOTS
from kith.grouping.neighborhood import Member, Neighborhood, OrderedSearch
from kith.grouping.thresholds import REPRESENTATIVES

Numbers = NDArray[np.intp]
Strengths = NDArray[np.float64]

_STRENGTHS = np.array([strength for strength, _ in KNOTS])
_PERCENTS = np.array([percent for _, percent in KNOTS])

_REMEMBERED = 32
"""Matches of each face that are kept after its search: some times the rivals that matter."""

_NOWHERE = -1
_ROOM = 1024


@dataclass(frozen=True, slots=True)
class Near:
    """What the search for one face found, most similar first.

    Attributes:
        faces: the matched faces, by the numbers that ``Groups`` gave them.
        strengths: of their similarities.
    """

    faces: Numbers
    strengths: Strengths

    def nearest(self, count: int) -> Near:
        """The first of them, in memory of their own."""
        return Near(self.faces[:count].copy(), self.strengths[:count].copy())


@dataclass(slots=True, eq=False)
class Group:
    """Faces that seem to be one person, as grouping works on them.

    Attributes:
        id: what the group is called.
        number: by which ``Groups`` knows it.
        names: every id by which it is called, those of groups that became part of it, too.
        faces: all of them by their numbers, weak ones too.
        photos: the photos that show them, one each.
        size: how many are solid.
        best: the best solid faces: overall quality, negated, and id; the best comes first.
    """

    id: GroupId
    number: int
    names: list[GroupId]
    faces: list[int] = field(default_factory=list[int])
    photos: set[PhotoId] = field(default_factory=set[PhotoId])
    size: int = 0
    best: list[tuple[float, FaceId]] = field(default_factory=list[tuple[float, FaceId]])

    def add(self, number: int, member: Member) -> None:
        """Take this face in."""
        self.faces.append(number)
        self.photos.add(member.photo_id)
        if member.solid:
            self.size += 1
            bisect.insort(self.best, (-member.overall, member.face_id))
            del self.best[REPRESENTATIVES:]

    def absorb(self, other: Group) -> None:
        """Take all faces of the other group in."""
        self.faces += other.faces
        self.photos |= other.photos
        self.size += other.size
        self.best = sorted([*self.best, *other.best])[:REPRESENTATIVES]

    def representatives(self, count: int) -> list[FaceId]:
        """The best solid faces, ``REPRESENTATIVES`` at most; ties go to the smaller id."""
        return [face_id for _, face_id in self.best[:count]]

    def may_be(self, other: Group) -> bool:
        """Whether both can be one person: no photo shows both."""
        return self.photos.isdisjoint(other.photos)


class Groups:
    """The groups around some arriving photos: read once from the neighborhood, then kept current.

    What was decided here but is not stored yet lies over what the neighborhood answers, so later
    photos see it. Nobody else may change the library meanwhile. Faces and groups have numbers here,
    so that the many matches of a face are weighed all at once.
    """

    def __init__(self, neighborhood: Neighborhood) -> None:
        self.neighborhood = neighborhood
        self._arrived: set[FaceId] = set()
        self._number_of: dict[FaceId, int] = {}
        self._faces: list[tuple[FaceId, PhotoId]] = []
        self._group_of = np.full(_ROOM, _NOWHERE, np.intp)
        self._speaks_for = np.full(_ROOM, _NOWHERE, np.intp)
        self._groups: list[Group] = []
        self._called: dict[GroupId, Group] = {}
        self._sizes = np.zeros(_ROOM, np.intp)
        self._last_found: dict[FaceId, Near] = {}

    def search(self, face_ids: Sequence[FaceId]) -> Mapping[FaceId, Near]:
        """The matches of each face; their groups are read along."""
        if not face_ids:
            return {}
        lists = self.neighborhood.matches(face_ids, self._arrived)
        try:
            nears = [self._near(matches) for matches in lists]
        except KeyError:
            self._meet(lists)
            nears = [self._near(matches) for matches in lists]
        return self._remembered(face_ids, nears)

    def last_found(self, face_id: FaceId) -> Near | None:
        """The nearest of the matches that the last search for this face found, if there was one."""
        return self._last_found.get(face_id)

    def arrive(self, members: Iterable[Member]) -> None:
        """From now on searches find these faces. They have no group until they are added."""
        for member in members:
            self._arrived.add(member.face_id)
            if member.face_id not in self._number_of:
                self._give_number(member.face_id, member.photo_id)

    def group_of(self, face_id: FaceId) -> Group | None:
        """The group of a face that a search met or that arrived; ``None`` where it has none."""
        number = int(self._group_of[self._number_of[face_id]])
        return None if number == _NOWHERE else self._groups[number]

    def group(self, group_id: GroupId) -> Group:
        """The group of that id, which was met; of one that was merged, what it became part of."""
        return self._called[group_id]

    def at(self, number: int) -> Group:
        """The group of this number."""
        return self._groups[number]

    def sizes(self, numbers: Numbers) -> Numbers:
        """How many solid faces the groups of these numbers have."""
        return self._sizes[numbers]

    def spoken_for(self, near: Near) -> Numbers:
        """The group that each match speaks for; negative where it has none or is weak."""
        return self._speaks_for[near.faces]

    def without_group(self, near: Near) -> Numbers:
        """The places of the matches that belong to no group."""
        return np.flatnonzero(self._group_of[near.faces] == _NOWHERE)

    def face_ids(self, numbers: Numbers) -> list[FaceId]:
        """The ids of these faces."""
        return [self._faces[number][0] for number in numbers.tolist()]

    def weak_member(self, number: int) -> Member:
        """The member that this weak face would be."""
        face_id, photo_id = self._faces[number]
        return Member(face_id, photo_id, overall=0.0, solid=False)

    def found(self, group_id: GroupId, founder: Member) -> None:
        """A new group of one face."""
        self.add(self._new_group(group_id), founder)

    def add(self, group: Group, member: Member) -> None:
        """The face belongs to this group from now on."""
        number = self._number_of.get(member.face_id)
        if number is None:
            number = self._give_number(member.face_id, member.photo_id)
        group.add(number, member)
        self._group_of[number] = group.number
        if member.solid:
            self._speaks_for[number] = group.number
            self._sizes[group.number] = group.size

    def merge(self, gone: Group, stays: Group) -> None:
        """All faces of the first group move to the second."""
        stays.absorb(gone)
        self._group_of[gone.faces] = stays.number
        solid = np.array(gone.faces)
        solid = solid[self._speaks_for[solid] == gone.number]
        self._speaks_for[solid] = stays.number
        self._sizes[stays.number] = stays.size
        self._called |= dict.fromkeys(gone.names, stays)
        stays.names += gone.names

    def _remembered(
        self, face_ids: Sequence[FaceId], nears: Iterable[Near]
    ) -> Mapping[FaceId, Near]:
        found = dict(zip(face_ids, nears, strict=True))
        for face_id, near in found.items():
            self._last_found[face_id] = near.nearest(_REMEMBERED)
        return found

    def _near(self, matches: Sequence[Match]) -> Near:
        numbers = np.array([self._number_of[match.face_id] for match in matches], np.intp)
        return Near(numbers, _strengths(np.array([match.similarity for match in matches])))

    def _meet(self, lists: Iterable[Iterable[Match]]) -> None:
        """Give faces that were not met before their numbers, and read where they belong."""
        known = self._number_of
        new = {
            match.face_id: match.photo_id
            for matches in lists
            for match in matches
            if match.face_id not in known
        }
        for face_id, photo_id in new.items():
            self._give_number(face_id, photo_id)
        groups_of = self.neighborhood.groups_of(new.keys())
        unread = set(groups_of.values()) - self._called.keys()
        if unread:
            self._read_groups(unread)

    def _read_groups(self, group_ids: Collection[GroupId]) -> None:
        for group_id, members in self.neighborhood.members(group_ids).items():
            group = self._new_group(group_id)
            for member in members:
                self.add(group, member)

    def _new_group(self, group_id: GroupId) -> Group:
        group = Group(group_id, len(self._groups), [group_id])
        self._groups.append(group)
        self._called[group_id] = group
        self._sizes = _with_room(self._sizes, len(self._groups))
        return group

    def _give_number(self, face_id: FaceId, photo_id: PhotoId) -> int:
        number = len(self._faces)
        self._faces.append((face_id, photo_id))
        self._number_of[face_id] = number
        self._group_of = _with_room(self._group_of, number + 1)
        self._speaks_for = _with_room(self._speaks_for, number + 1)
        return number


class GroupsInOrder(Groups):
    """The groups while all photos arrive in a known order, and nothing is stored.

    Args:
        search: finds the matches among the first faces of that order, by their places in it.
    """

    def __init__(self, search: OrderedSearch) -> None:
        super().__init__(_Nothing())
        self._search = search

    def search(self, face_ids: Sequence[FaceId]) -> Mapping[FaceId, Near]:
        """The matches of each face."""
        # Faces get their numbers as they arrive: these are the places in the order.
        found = self._search.search(face_ids, len(self._arrived))
        nears = [Near(places, _strengths(similarities)) for places, similarities in found]
        return self._remembered(face_ids, nears)


class _Nothing:
    """The neighborhood where nothing is stored and nothing is asked."""

    def matches(
        self, face_ids: Sequence[FaceId], _: Collection[FaceId], /
    ) -> Sequence[Sequence[Match]]:
        return [()] * len(face_ids)

    def groups_of(self, _: Collection[FaceId], /) -> Mapping[FaceId, GroupId]:
        return {}

    def members(self, _: Collection[GroupId], /) -> Mapping[GroupId, Sequence[Member]]:
        return {}


def _strengths(percents: NDArray[np.float64]) -> Strengths:
    return np.interp(percents, _PERCENTS, _STRENGTHS)


def _with_room(numbers: Numbers, count: int) -> Numbers:
    """The numbers, with room for so many."""
    if count <= len(numbers):
        return numbers
    return np.concatenate([numbers, np.full(len(numbers), _NOWHERE, np.intp)])
