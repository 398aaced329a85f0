"""Everything that bears on who some faces are, gathered from the catalog.

What a decision or a new photo can change are the faces of the groups and people that it concerns,
and those that other decisions connect with them. They are few, however large the library.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from kith.domain.decision import Decision, Repeats, Reset, Undo, anchors_in, person_ids_in
from kith.domain.face import Face, FaceId
from kith.domain.grouping import GroupId, Step, groups_in
from kith.domain.person import PersonId
from kith.domain.photo import Photo, PhotoId
from kith.grouping.overlay import Scene
from kith.grouping.parts import Sighting


class Record(Protocol):
    """The part of the catalog that says who is who, and why; see ``kith.ports.catalog``."""

    def photos(self, photo_ids: Collection[PhotoId] | None = None, /) -> Iterator[Photo]:
        """See ``Catalog.photos``."""
        ...

    def faces(self, photo_ids: Collection[PhotoId] | None = None, /) -> Iterator[Face]:
        """See ``Catalog.faces``."""
        ...

    def faces_by_id(self, face_ids: Collection[FaceId], /) -> Mapping[FaceId, Face]:
        """See ``Catalog.faces_by_id``."""
        ...

    def groups_of(self, face_ids: Collection[FaceId], /) -> Mapping[FaceId, GroupId]:
        """See ``Catalog.groups_of``."""
        ...

    def current_groups(self, group_ids: Collection[GroupId], /) -> Mapping[GroupId, GroupId]:
        """See ``Catalog.current_groups``."""
        ...

    def group_faces(self, group_ids: Collection[GroupId], /) -> Mapping[GroupId, Sequence[FaceId]]:
        """See ``Catalog.group_faces``."""
        ...

    def steps(self, group_ids: Collection[GroupId] | None = None, /) -> Iterator[Step]:
        """See ``Catalog.steps``."""
        ...

    def decisions(
        self, about: Collection[PhotoId | PersonId] | None = None, /
    ) -> Iterator[Decision]:
        """See ``Catalog.decisions``."""
        ...


def whole_scene(record: Record, new: Sequence[Decision] = ()) -> Scene:
    """The scene of the whole library, with decisions that are about to be made."""
    sightings = _sightings(record.faces(), record.photos())
    return Scene(sightings, list(record.steps()), [*record.decisions(), *new])


def scene_around(
    record: Record,
    concerned: Iterable[FaceId | Decision],
    new: Sequence[Decision] = (),
) -> Scene:
    """The scene of these faces and decisions, and of all that belongs with them.

    Args:
        record: the catalog.
        concerned: faces, and decisions on faces.
        new: decisions that are about to be made, to be counted among the journal's.
    """
    search = _Search(record, new)
    for each in concerned:
        search.begin(each)
    search.follow()
    return search.scene()


class _Search:
    """Follows faces to their groups, groups to their faces, and decisions to both."""

    def __init__(self, record: Record, new: Sequence[Decision]) -> None:
        self._record = record
        self._faces: set[FaceId] = set()
        self._waiting: set[FaceId] = set()
        self._groups: set[GroupId] = set()
        self._steps: tuple[set[GroupId], list[Step]] = set(), []
        self._photo_of: dict[FaceId, PhotoId] = {}
        self._in_photo: dict[PhotoId, list[Face]] = {}
        self._asked: set[PhotoId | PersonId] = set()
        self._heeded = {decision.id: decision for decision in new}
        self._unheeded: dict[str, Decision] = {}

    def begin(self, concerned: FaceId | Decision) -> None:
        """This face, or whatever this decision mentions, is concerned."""
        if not isinstance(concerned, Decision):
            self.meet([concerned])
        elif isinstance(concerned.said, Reset) and concerned.said.person_id:
            self._ask([concerned.said.person_id])
            self._heeded[concerned.id] = concerned
        else:
            self.heed(concerned)
        if isinstance(concerned, Decision) and isinstance(concerned.said, Repeats):
            photo_id = concerned.said.photo_id
            self._look_at({photo_id})
            self.meet(face.id for face in self._in_photo[photo_id])

    def meet(self, face_ids: Iterable[FaceId]) -> None:
        """These faces are concerned."""
        self._waiting |= set(face_ids) - self._faces

    def heed(self, decision: Decision) -> None:
        """Whatever this decision mentions is concerned."""
        self._heeded[decision.id] = decision
        self.meet(self._meant(decision))
        person_ids = person_ids_in(decision.said)
        self._meet_groups(GroupId(person_id) for person_id in person_ids)
        # Others may know the same person by faces that are not here yet.
        self._ask(person_ids)

    def follow(self) -> None:
        """Go on until nobody new is met."""
        while self._waiting:
            faces, self._waiting = self._waiting, set()
            self._faces |= faces
            self._meet_groups(self._record.groups_of(faces).values())
            new = self._record.faces_by_id(faces - self._photo_of.keys())
            self._look_at({face.photo_id for face in new.values()})
            self._ask(self._in_photo.keys())
            for decision in list(self._unheeded.values()):
                if not self._faces.isdisjoint(self._meant(decision)):
                    del self._unheeded[decision.id]
                    self.heed(decision)

    def scene(self) -> Scene:
        """All that was met."""
        shown = {self._photo_of[face_id] for face_id in self._faces if face_id in self._photo_of}
        photos = list(self._record.photos(shown))
        faces = (face for photo in photos for face in self._in_photo[photo.id])
        met = [face for face in faces if face.id in self._faces]
        groups, steps = self._steps
        if groups != self._groups:
            steps = list(self._record.steps(self._groups))
        return Scene(_sightings(met, photos), steps, list(self._heeded.values()))

    def _meant(self, decision: Decision) -> set[FaceId]:
        """The faces that a decision mentions."""
        anchors = anchors_in(decision.said)
        self._look_at({anchor.photo_id for anchor in anchors})
        found = (anchor.find(self._in_photo[anchor.photo_id]) for anchor in anchors)
        return {face.id for face in found if face}

    def _look_at(self, photo_ids: set[PhotoId]) -> None:
        unknown = photo_ids - self._in_photo.keys()
        self._in_photo.update((photo_id, []) for photo_id in unknown)
        for face in self._record.faces(unknown) if unknown else ():
            self._in_photo[face.photo_id].append(face)
            self._photo_of[face.id] = face.photo_id

    def _meet_groups(self, group_ids: Iterable[GroupId]) -> None:
        new = set(self._record.current_groups(set(group_ids)).values()) - self._groups
        if new:
            self._groups |= new
            for members in self._record.group_faces(new).values():
                self.meet(members)
            self._steps = new, list(self._record.steps(new))
            self._ask({PersonId(name) for step in self._steps[1] for name in groups_in(step)})

    def _ask(self, subjects: Iterable[PhotoId | PersonId]) -> None:
        """Learn of the decisions on these. One on another face of a photo concerns nobody here."""
        new = set(subjects) - self._asked
        self._asked |= new
        for decision in self._record.decisions(new) if new else ():
            if decision.id in self._heeded:
                continue
            if isinstance(decision.said, Undo | Reset | Repeats):
                self._heeded[decision.id] = decision
            elif person_ids_in(decision.said) & new:
                self.heed(decision)
            else:
                self._unheeded[decision.id] = decision


def _sightings(faces: Iterable[Face], photos: Iterable[Photo]) -> list[Sighting]:
    days = {photo.id: photo.taken_at.date() for photo in photos if photo.taken_at}
    return [Sighting(face, days.get(face.photo_id)) for face in faces]
