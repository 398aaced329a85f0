"""People and their appearances in memory."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import replace

from kith.domain.face import FaceId
from kith.domain.grouping import GroupId
from kith.domain.person import Appearance, PeopleChange, Person, PersonId, Standing


class People:
    """Everyone, and whose or what each face is. Not for several threads at once.

    Attributes:
        appearances: of the faces that are somebody's.
        standings: of the faces that a human set aside.
        homes: whose the groups are that are somebody's.
    """

    def __init__(self) -> None:
        self.appearances: dict[FaceId, Appearance] = {}
        self.standings: dict[FaceId, Standing] = {}
        self.homes: dict[GroupId, PersonId] = {}
        self._people: dict[PersonId, Person] = {}
        self._merged_into: dict[PersonId, PersonId] = {}

    def find(self, person_id: PersonId) -> Person | None:
        """The person of that id, or the one it became part of."""
        return self._people.get(self._present(person_id))

    def apply(
        self, change: PeopleChange, faces: Container[FaceId], groups: Container[GroupId]
    ) -> None:
        """Do what became of people, as far as it is about these faces and groups."""
        for person in change.people:
            self._people[person.id] = person
            self._merged_into.pop(person.id, None)
        for appearance in change.appearances:
            self._attribute(appearance, faces)
        for face_id in change.nobody:
            self.appearances.pop(face_id, None)
        for face_id, standing in change.standings:
            if face_id in faces:
                self._set_aside(face_id, standing)
        for gone, stays in change.became:
            self._merge(gone, stays)
        for group_id, person_id in change.homes:
            self._give_home(group_id, person_id, groups)

    def forget(self, face_ids: Iterable[FaceId]) -> None:
        """Faces are gone, and with them the people of whom nothing else is known."""
        shown: set[PersonId] = set()
        for face_id in face_ids:
            self.standings.pop(face_id, None)
            if appearance := self.appearances.pop(face_id, None):
                shown.add(appearance.person_id)
        appearing = {appearance.person_id for appearance in self.appearances.values()}
        for person_id in shown - appearing:
            if self._people[person_id].name is None:
                self._remove(person_id)

    def with_parts(self, person_ids: Iterable[PersonId]) -> set[PersonId]:
        """These people, and everyone who has become part of them."""
        return {each for one in person_ids for each in (one, *self._merged_with(one))}

    def erase(self, face_ids: Iterable[FaceId], person_ids: Iterable[PersonId]) -> None:
        """Faces and people are gone, with whoever had become part of them."""
        for face_id in face_ids:
            self.standings.pop(face_id, None)
            self.appearances.pop(face_id, None)
        for person_id in person_ids:
            if person_id in self._people:
                self._remove(person_id)

    def _attribute(self, appearance: Appearance, faces: Container[FaceId]) -> None:
        self._found(appearance.person_id)
        if appearance.face_id in faces:
            present = self._present(appearance.person_id)
            self.appearances[appearance.face_id] = replace(appearance, person_id=present)

    def _set_aside(self, face_id: FaceId, standing: Standing | None) -> None:
        if standing is None:
            self.standings.pop(face_id, None)
        else:
            self.standings[face_id] = standing

    def _merge(self, gone: PersonId, stays: PersonId) -> None:
        self._found(gone)
        self._found(stays)
        present = self._present(stays)
        if present == gone:
            return
        for face_id, appearance in self.appearances.items():
            if appearance.person_id == gone:
                self.appearances[face_id] = replace(appearance, person_id=present)
        for group_id, home in self.homes.items():
            if home == gone:
                self.homes[group_id] = present
        for person_id in (gone, *self._merged_with(gone)):
            self._merged_into[person_id] = present

    def _give_home(
        self, group_id: GroupId, person_id: PersonId | None, groups: Container[GroupId]
    ) -> None:
        self.homes.pop(group_id, None)
        if person_id is not None:
            self._found(person_id)
            if group_id in groups:
                self.homes[group_id] = self._present(person_id)

    def _remove(self, person_id: PersonId) -> None:
        for gone in (person_id, *self._merged_with(person_id)):
            del self._people[gone]
            self._merged_into.pop(gone, None)
        self.appearances = {
            face_id: each
            for face_id, each in self.appearances.items()
            if each.person_id != person_id
        }
        self.homes = {group_id: home for group_id, home in self.homes.items() if home != person_id}

    def _found(self, person_id: PersonId) -> None:
        self._people.setdefault(person_id, Person(person_id))

    def _present(self, person_id: PersonId) -> PersonId:
        """The person, or the one it is part of now."""
        return self._merged_into.get(person_id, person_id)

    def _merged_with(self, stays: PersonId) -> list[PersonId]:
        return [gone for gone, into in self._merged_into.items() if into == stays]
