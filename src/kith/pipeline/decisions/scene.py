"""Everything that bears on who some faces are, gathered from the catalog.

What a decision or a new photo can change are the faces of the groups and people that it concerns,
and those that other decisions connect with them. They are few, however large the library.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from kith.domain.decision import (
    Decision,
    Repeats,
    Reset,
    Undo,
    anchors_in,
    person_ids_in,
    photos_in,
)
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
    search.begin(concerned)
    search.follow()
    return search.scene()


class _Search:
    """Follows faces to their groups, groups to their faces, and decisions to both.

    It goes in rounds: whatever one round meets is read at once in the next, so that the number of
    queries does not grow with that of faces and decisions.
    """

    def __init__(self, record: Record, new: Sequence[Decision]) -> None:
        self._record = record
        self._faces: dict[FaceId, Face | None] = {}
        self._seated: set[FaceId] = set()
        self._groups: set[GroupId] = set()
        self._steps: tuple[set[GroupId], list[Step]] = set(), []
        self._in_photo: dict[PhotoId, list[Face]] = {}
        self._asked: set[PhotoId | PersonId] = set()
        self._heeded = {decision.id: decision for decision in new}
        self._unheeded: dict[str, Decision] = {}
        # What the next round is about.
        self._waiting: set[FaceId] = set()
        self._called: set[GroupId] = set()
        self._to_ask: set[PhotoId | PersonId] = set()

    def begin(self, concerned: Iterable[FaceId | Decision]) -> None:
        """These faces, and whatever these decisions mention, are concerned."""
        decisions: list[Decision] = []
        for each in concerned:
            if isinstance(each, Decision):
                decisions.append(each)
            else:
                self._waiting.add(each)
        self._look_at(photo_id for each in decisions for photo_id in photos_in(each.said))
        for each in decisions:
            match each.said:
                case Reset(person_id):
                    self._heeded[each.id] = each
                    self._to_ask |= {person_id} if person_id else set()
                case Repeats(photo_id):
                    self._heed(each)
                    self._waiting |= {face.id for face in self._in_photo[photo_id]}
                case _:
                    self._heed(each)

    def follow(self) -> None:
        """Go on until nobody new is met."""
        while self._waiting or self._called or self._to_ask:
            faces, self._waiting = self._waiting - self._faces.keys(), set()
            called, self._called = self._called, set()
            self._meet_faces(faces)
            self._meet_groups(faces - self._seated, called)
            self._ask()

    def scene(self) -> Scene:
        """All that was met."""
        in_photo: dict[PhotoId, list[Face]] = {}
        for face in self._faces.values():
            if face is not None:
                in_photo.setdefault(face.photo_id, []).append(face)
        photos = list(self._record.photos(in_photo.keys()))
        # In the order of ``Catalog.faces``.
        met = [face for photo in photos for face in sorted(in_photo[photo.id], key=_largest_first)]
        groups, steps = self._steps
        if groups != self._groups:
            steps = list(self._record.steps(self._groups))
        return Scene(_sightings(met, photos), steps, list(self._heeded.values()))

    def _meet_faces(self, face_ids: set[FaceId]) -> None:
        if face_ids:
            found = self._record.faces_by_id(face_ids)
            self._faces.update((face_id, found.get(face_id)) for face_id in face_ids)
            self._to_ask |= {face.photo_id for face in found.values()}

    def _meet_groups(self, faces: set[FaceId], called: set[GroupId]) -> None:
        """The groups of these faces, and those of these names, are concerned."""
        current = set(self._record.groups_of(faces).values()) if faces else set[GroupId]()
        current |= set(self._record.current_groups(called).values()) if called else set()
        new = current - self._groups
        if new:
            self._groups |= new
            members = {each for some in self._record.group_faces(new).values() for each in some}
            self._seated |= members
            self._waiting |= members - self._faces.keys()
            self._steps = new, list(self._record.steps(new))
            self._to_ask |= {PersonId(name) for step in self._steps[1] for name in groups_in(step)}

    def _ask(self) -> None:
        """Learn of the decisions on what was met.

        One on another face of a photo concerns nobody here.
        """
        new, self._to_ask = self._to_ask - self._asked, set()
        self._asked |= new
        said = list(self._record.decisions(new)) if new else []
        said = [each for each in said if each.id not in self._heeded]
        self._look_at(photo_id for each in said for photo_id in photos_in(each.said))
        for decision in said:
            if isinstance(decision.said, Undo | Reset | Repeats):
                self._heeded[decision.id] = decision
            elif person_ids_in(decision.said) & new:
                self._heed(decision)
            else:
                self._unheeded[decision.id] = decision
        for decision in list(self._unheeded.values()):
            if not self._faces.keys().isdisjoint(self._meant(decision)):
                self._heed(decision)

    def _heed(self, decision: Decision) -> None:
        """Whatever this decision mentions is concerned."""
        self._heeded[decision.id] = decision
        self._unheeded.pop(decision.id, None)
        self._waiting |= self._meant(decision) - self._faces.keys()
        person_ids = person_ids_in(decision.said)
        self._called |= {GroupId(person_id) for person_id in person_ids}
        # Others may know the same person by faces that are not here yet.
        self._to_ask |= person_ids

    def _meant(self, decision: Decision) -> set[FaceId]:
        """The faces that a decision mentions; its photos were looked at."""
        anchors = anchors_in(decision.said)
        found = (anchor.find(self._in_photo[anchor.photo_id]) for anchor in anchors)
        return {face.id for face in found if face}

    def _look_at(self, photo_ids: Iterable[PhotoId]) -> None:
        unknown = set(photo_ids) - self._in_photo.keys()
        self._in_photo.update((photo_id, []) for photo_id in unknown)
        for face in self._record.faces(unknown) if unknown else ():
            self._in_photo[face.photo_id].append(face)


def _largest_first(face: Face) -> tuple[float, FaceId]:
    return -face.box.area, face.id


def _sightings(faces: Iterable[Face], photos: Iterable[Photo]) -> list[Sighting]:
    days = {photo.id: photo.taken_at.date() for photo in photos if photo.taken_at}
    return [Sighting(face, days.get(face.photo_id)) for face in faces]
