"""What happens when photos arrive: each face finds its person, or founds one.

For every photo, in the order of arrival:

1. One search per face. Each face is compared with the people its matches belong to.
2. The photo's faces are *seated* together: the clearest first, each person at most once, because
   two faces of one photo are two people. Weak faces need more.
3. A solid face that found nobody founds a person; a weak one stays unattributed.
4. Where a face found its person, the neighborhood is looked at again: groups that now prove to be
   one person are *reunited*, and weak faces that now have a person to join are *recalled*.

So what an unlucky order kept apart is put together when evidence arrives, and ids survive: groups
only grow. The cost of a photo does not grow with the library: one batched search for its
faces and at most one for step 4, of at most ``SEARCHES_PER_FACE`` faces for each of them, with at
most ``MAX_MATCHES`` matches each.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kith.domain.face import Face
from kith.domain.person import Appearance, GroupingChange, Person, person_id_of
from kith.grouping.groups import Groups
from kith.grouping.neighborhood import Member, Neighborhood
from kith.grouping.reunion import reconsider
from kith.grouping.seating import seat


class Draft:
    """Grouping of a batch of photos that is not stored yet: later photos see earlier ones.

    Who is who depends on the order in which photos are added, never on where batches are cut. A
    draft remembers what it has read, so the library must not change while it lives, other than by
    storing the draft's own changes.
    """

    def __init__(self, neighborhood: Neighborhood) -> None:
        self._groups = Groups(neighborhood)

    def add(self, faces: Sequence[Face]) -> GroupingChange:
        """Group the faces of one photo that has just been made searchable and is not stored yet."""
        arrivals = [Member.of(face) for face in faces]
        lists = dict(self._groups.search([member.face_id for member in arrivals]))
        self._groups.arrive(lists)
        seated = seat(arrivals, lists, self._groups)
        founders = self._without_person(arrivals)
        people = [Person(person_id_of(member.face_id)) for member in founders]
        for person, founder in zip(people, founders, strict=True):
            self._groups.found(person, founder)
        solid = [member.face_id for member in arrivals if member.solid]
        later = reconsider(solid, lists, self._groups)
        beginnings = [
            Appearance(m.face_id, p.id, 100.0) for m, p in zip(founders, people, strict=True)
        ]
        return GroupingChange(
            founded=tuple(people),
            appearances=(*seated, *beginnings, *later.appearances),
            merged=later.merged,
        )

    def _without_person(self, arrivals: Iterable[Member]) -> list[Member]:
        return [m for m in arrivals if m.solid and self._groups.group_of(m.face_id) is None]


def combined(changes: Iterable[GroupingChange]) -> GroupingChange:
    """The changes of several photos as one, to be applied as a whole.

    Applied in this order - people are founded, faces appear, people merge one after the other - it
    leaves the same library as the changes applied one by one.
    """
    parts = list(changes)
    return GroupingChange(
        founded=tuple(person for part in parts for person in part.founded),
        appearances=tuple(appearance for part in parts for appearance in part.appearances),
        merged=tuple(pair for part in parts for pair in part.merged),
    )
