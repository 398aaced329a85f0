"""What happens when photos arrive: each face finds its group, or founds one.

For every photo, in the order of arrival:

1. One search per face. Each face is compared with the groups its matches belong to.
2. The photo's faces are *seated* together: the clearest first, each group at most once, because
   two faces of one photo are two people. Weak faces need more.
3. A solid face that found no group founds one; a weak one stays without.
4. Where a face found its group, the neighborhood is looked at again: groups that now prove to be
   one person are *reunited*, and weak faces that now have a group to join are *recalled*.

So what an unlucky order kept apart is put together when evidence arrives, and ids survive: groups
only grow. The cost of a photo does not grow with the library: one batched search for its faces and
at most two for step 4, the second where groups are reunited, of at most ``SEARCHES_PER_FACE`` faces
for each of them, with at most ``MAX_MATCHES`` matches each.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kith.domain.face import Face
from kith.domain.grouping import Seat, Step, group_id_of
from kith.grouping.groups import Groups, GroupsInOrder
from kith.grouping.neighborhood import Member, Neighborhood, OrderedSearch
from kith.grouping.reunion import reconsider
from kith.grouping.seating import seat


class Draft:
    """Grouping of photos that are not stored yet: later photos see earlier ones.

    Which faces are one group depends on the order in which photos are added, never on where batches
    are cut. A draft remembers what it has read, so groups must not change while it lives, other
    than by storing the draft's own steps.
    """

    def __init__(self, neighborhood: Neighborhood, groups: Groups | None = None) -> None:
        self._groups = groups or Groups(neighborhood)

    @classmethod
    def in_order(cls, search: OrderedSearch) -> Draft:
        """A draft for all photos of a library at once, in the order of arrival."""
        groups = GroupsInOrder(search)
        return cls(groups.neighborhood, groups)

    def add(self, faces: Sequence[Face]) -> list[Step]:
        """Group the faces of one photo that has just been made searchable and is not stored yet."""
        arrivals = [Member.of(face) for face in faces]
        lists = dict(self._groups.search([member.face_id for member in arrivals]))
        self._groups.arrive(arrivals)
        seats = seat(arrivals, lists, self._groups)
        seats += [self._found(member) for member in self._without_group(arrivals)]
        solid = [member.face_id for member in arrivals if member.solid]
        return [*seats, *reconsider(solid, lists, self._groups)]

    def _without_group(self, arrivals: Iterable[Member]) -> list[Member]:
        return [m for m in arrivals if m.solid and self._groups.group_of(m.face_id) is None]

    def _found(self, founder: Member) -> Seat:
        group_id = group_id_of(founder.face_id)
        self._groups.found(group_id, founder)
        return Seat(founder.face_id, group_id, 100.0)
