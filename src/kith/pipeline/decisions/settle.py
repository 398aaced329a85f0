"""Whose the faces of photos that arrive are: what grouping found, under what humans said.

Nearly always the face joins a group that is wholly one person's, and becomes that person's; this
costs the same however many faces the person has. Only where something stands in the way, the faces
around are looked at as a whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from kith.domain.decision import PersonRef, Reset, Undo, people_in
from kith.domain.errors import NotFoundError
from kith.domain.face import Face, FaceId
from kith.domain.grouping import GroupId, Reunion, Seat, Step, groups_in
from kith.domain.person import Appearance, PeopleChange, Person, PersonId
from kith.domain.photo import Photo, PhotoId
from kith.grouping.overlay import lay_over
from kith.pipeline.decisions.decide import change_between
from kith.pipeline.decisions.scene import scene_around
from kith.pipeline.decisions.upcoming import Upcoming
from kith.ports.catalog import Catalog, PhotoRecord

_STRAYS = 2
"""Faces of a face's support that may be another person's than the group. One more, and they could
take it along: see ``kith.grouping.overlay``."""


def settle(catalog: Catalog, records: Sequence[PhotoRecord], steps: Sequence[Step]) -> PeopleChange:
    """What becomes of people when these new photos are stored with these steps."""
    if not records:
        return PeopleChange()
    if not _was_spoken_of(catalog, records, steps):
        change = _Arrivals(catalog, records).take(steps)
        if change is not None:
            return change
    return _look_around(catalog, records, steps)


def _was_spoken_of(catalog: Catalog, records: Sequence[PhotoRecord], steps: Sequence[Step]) -> bool:
    """Whether the journal knows the photos of the faces that are seated, or whom they found.

    New ones, if it was imported or they were here before; older photos have weak faces that only
    now found their group.
    """
    seats = [step for step in steps if isinstance(step, Seat)]
    new = {face.id for record in records for face in record.faces}
    recalled = {seat.face_id for seat in seats} - new
    photo_ids = {record.photo.id for record in records}
    if recalled:
        photo_ids |= {face.photo_id for face in catalog.faces_by_id(recalled).values()}
    founded = {PersonId(seat.group_id) for seat in seats if not seat.support}
    found = catalog.decisions(photo_ids | founded)
    return any(not isinstance(decision.said, Undo | Reset) for decision in found)


class _TooComplex(Exception):  # noqa: N818 - no error: another way is taken
    """More than single groups must be looked at."""


class _Arrivals:
    """Takes steps one by one, as long as each concerns groups that are wholly one person's."""

    def __init__(self, catalog: Catalog, records: Sequence[PhotoRecord]) -> None:
        self._catalog = catalog
        self._photos = {face.id: record.photo for record in records for face in record.faces}
        self._people: dict[PersonId, Person] = {}
        self._home: dict[GroupId, PersonId] = {}
        self._became: dict[PersonId, PersonId] = {}
        self._seen: dict[PersonId, set[PhotoId]] = {}
        self._appearances: dict[FaceId, Appearance] = {}
        self._known: frozenset[GroupId] = frozenset()
        self._whose: dict[FaceId, PersonId] = {}

    def take(self, steps: Sequence[Step]) -> PeopleChange | None:
        """What becomes of people; ``None`` where that cannot be told from single groups."""
        self._read(steps)
        try:
            founded = [person for step in steps for person in self._take(step)]
        except _TooComplex:
            return None
        return PeopleChange(
            people=tuple(founded),
            appearances=tuple(self._appearances.values()),
            became=tuple(self._became.items()),
            homes=tuple((GroupId(person.id), person.id) for person in founded),
        )

    def _read(self, steps: Sequence[Step]) -> None:
        groups = {name for step in steps for name in groups_in(step)}
        current = self._catalog.current_groups(groups)
        homes = self._catalog.homes(set(current.values()))
        self._home = {name: homes[now] for name, now in current.items() if now in homes}
        self._known = frozenset(current)
        support = {face_id for step in steps if isinstance(step, Seat) for face_id in step.support}
        stored = self._catalog.appearances_of(support)
        self._whose = {face_id: each.person_id for face_id, each in stored.items()}

    def _take(self, step: Step) -> Iterator[Person]:
        if isinstance(step, Reunion):
            self._reunite(step)
        elif step.group_id in self._known or step.support:
            self._join(step)
        else:
            person = Person(PersonId(step.group_id))
            self._home[step.group_id] = person.id
            self._people[person.id] = person
            self._attribute(step, person)
            yield person

    def _join(self, seat: Seat) -> None:
        person = self._person(seat.group_id)
        whose = Counter(self._now(self._whose[f]) for f in seat.support if f in self._whose)
        photo = self._photos.get(seat.face_id)
        if len(seat.support) - whose[person.id] > _STRAYS or not seat.support:
            raise _TooComplex
        if person.id != seat.group_id and not self._is_settled(seat.group_id, person):
            raise _TooComplex
        if photo is None and not self._is_untouched(person):
            # A face of an older photo, whose other faces may be this person's by now.
            raise _TooComplex
        if photo and (photo.id in self._seen.get(person.id, ()) or _is_too_early(photo, person)):
            raise _TooComplex
        self._attribute(seat, person)

    def _is_settled(self, group_id: GroupId, person: Person) -> bool:
        """Whether whoever is or was called as this group is known to be this person by now.

        Not if a human spoke of somebody by that id, and of the faces by which that somebody was
        known none is here: then the new face may be the one where that somebody is found.
        """
        try:
            if self._catalog.person(PersonId(group_id)).id != person.id:
                return False
        except NotFoundError:
            return False
        mentions = [ref for ref in self._refs_of(group_id) if ref.person_id == group_id]
        anchors = [anchor for ref in mentions for anchor in ref.anchors]
        in_photo: dict[PhotoId, list[Face]] = {}
        for face in self._catalog.faces({anchor.photo_id for anchor in anchors}):
            in_photo.setdefault(face.photo_id, []).append(face)
        found = (anchor.find(in_photo.get(anchor.photo_id, ())) for anchor in anchors)
        known = self._catalog.appearances_of({face.id for face in found if face})
        here = (not each.confirmed and each.person_id == person.id for each in known.values())
        return not mentions or any(here)

    def _refs_of(self, group_id: GroupId) -> list[PersonRef]:
        found = self._catalog.decisions([PersonId(group_id)])
        return [ref for decision in found for ref in people_in(decision.said)]

    def _attribute(self, seat: Seat, person: Person) -> None:
        self._appearances[seat.face_id] = Appearance(seat.face_id, person.id, seat.similarity)
        self._whose[seat.face_id] = person.id
        if seat.face_id in self._photos:
            self._seen.setdefault(person.id, set()).add(self._photos[seat.face_id].id)

    def _reunite(self, reunion: Reunion) -> None:
        gone, stays = self._person(reunion.gone), self._person(reunion.stays)
        if gone.id == stays.id:
            return
        if not (self._is_untouched(gone) and self._is_untouched(stays)):
            raise _TooComplex
        self._became[gone.id] = stays.id
        self._home[reunion.gone] = stays.id
        self._seen.setdefault(stays.id, set()).update(self._seen.get(gone.id, ()))

    def _person(self, group_id: GroupId) -> Person:
        person_id = self._home.get(group_id)
        if person_id is None:
            raise _TooComplex
        person_id = self._now(person_id)
        if person_id not in self._people:
            self._people[person_id] = self._catalog.person(person_id)
        return self._people[person_id]

    def _now(self, person_id: PersonId) -> PersonId:
        while person_id in self._became:
            person_id = self._became[person_id]
        return person_id

    def _is_untouched(self, person: Person) -> bool:
        """Whether no human spoke of this person, who then is no more than one group.

        Not one who stands apart from its group: that one's id is its first face's, which may be
        another face afterwards.
        """
        if self._home.get(GroupId(person.id)) != person.id:
            return False
        mentions = self._catalog.decisions([person.id])
        return all(isinstance(each.said, Undo | Reset) for each in mentions)


def _is_too_early(photo: Photo, person: Person) -> bool:
    """Whether the photo was taken before the person was born."""
    taken = photo.taken_at
    return bool(taken and person.born and taken.date() < person.born)


def _look_around(
    catalog: Catalog, records: Sequence[PhotoRecord], steps: Sequence[Step]
) -> PeopleChange:
    """The same, worked out from all faces that have to do with the new ones."""
    arrived = [face.id for record in records for face in record.faces]
    seated = [step.face_id for step in steps if isinstance(step, Seat)]
    # The groups of a reunion are met through any face of one of them.
    united = [pair[0] for step in steps if isinstance(step, Reunion) for pair in step.support[:1]]
    scene = scene_around(Upcoming(catalog, records, steps), [*arrived, *seated, *united])
    face_ids = [sighting.face.id for sighting in scene.sightings]
    stored = catalog.appearances_of(face_ids)
    return change_between(catalog, face_ids, stored, lay_over(scene))
