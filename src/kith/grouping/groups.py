"""Who is who while photos arrive: the stored groups and, over them, what was just decided."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kith.domain.face import FaceId, Match
from kith.domain.person import Person, PersonId
from kith.domain.photo import PhotoId
from kith.grouping.neighborhood import Member, Neighborhood


@dataclass(slots=True, eq=False)
class Group:
    """A person's faces as grouping works on them.

    Attributes:
        person: whose they are.
        members: all of them, weak ones too.
        photos: the photos that show them, one each.
        size: how many are solid.
    """

    person: Person
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
        """Whether both can be one person: no photo shows both, and no two names differ."""
        names = {self.person.name, other.person.name} - {None}
        return len(names) < 2 and self.photos.isdisjoint(other.photos)


class Groups:
    """The people around some arriving photos: read once from the neighborhood, then kept current.

    What was decided here but is not stored yet lies over what the neighborhood answers, so later
    photos see it. Nobody else may change the library meanwhile.
    """

    def __init__(self, neighborhood: Neighborhood) -> None:
        self._neighborhood = neighborhood
        self._arrived: set[FaceId] = set()
        self._groups: dict[PersonId, Group] = {}
        self._person_of: dict[FaceId, PersonId | None] = {}
        self._weak: set[FaceId] = set()
        self._became: dict[PersonId, PersonId] = {}

    def search(self, face_ids: Sequence[FaceId]) -> Mapping[FaceId, Sequence[Match]]:
        """The matches of each face; who the matched faces are is read along."""
        if not face_ids:
            return {}
        lists = self._neighborhood.matches(face_ids, self._arrived)
        self._read({match.face_id for matches in lists for match in matches})
        return dict(zip(face_ids, lists, strict=True))

    def arrive(self, face_ids: Iterable[FaceId]) -> None:
        """From now on searches find these faces. They are nobody's until they are added."""
        for face_id in face_ids:
            self._arrived.add(face_id)
            self._person_of[face_id] = None

    def group_of(self, face_id: FaceId) -> Group | None:
        """The group of a face that a search met or that arrived; ``None`` where it is nobody's."""
        person_id = self._person_of[face_id]
        return None if person_id is None else self.group(person_id)

    def vouched_by(self, face_id: FaceId) -> Group | None:
        """The group that this face speaks for; ``None`` where it is nobody's or weak."""
        return None if face_id in self._weak else self.group_of(face_id)

    def group(self, person_id: PersonId) -> Group:
        """The group of a person that was met; of one that was merged, what it became part of."""
        while person_id in self._became:
            person_id = self._became[person_id]
        return self._groups[person_id]

    def found(self, person: Person, founder: Member) -> None:
        """A new group of one face."""
        self._groups[person.id] = Group(person)
        self.add(self._groups[person.id], founder)

    def add(self, group: Group, member: Member) -> None:
        """The face is this person's from now on."""
        group.add([member])
        self._attribute(group.person.id, [member])

    def merge(self, gone: Group, stays: Group) -> None:
        """All faces of the first group move to the second."""
        stays.add(gone.members)
        self._became[gone.person.id] = stays.person.id

    def _read(self, face_ids: Collection[FaceId]) -> None:
        unknown = [face_id for face_id in face_ids if face_id not in self._person_of]
        people_of = self._neighborhood.people_of(unknown)
        for face_id in unknown:
            self._person_of[face_id] = people_of.get(face_id)
        new = set(people_of.values()) - self._groups.keys() - self._became.keys()
        if new:
            self._read_people(new)

    def _read_people(self, person_ids: Collection[PersonId]) -> None:
        people = self._neighborhood.people(person_ids)
        for person_id, members in self._neighborhood.members(person_ids).items():
            self._groups[person_id] = Group(people[person_id])
            self._groups[person_id].add(members)
            self._attribute(person_id, members)

    def _attribute(self, person_id: PersonId, members: Iterable[Member]) -> None:
        for member in members:
            self._person_of[member.face_id] = person_id
            if not member.solid:
                self._weak.add(member.face_id)
