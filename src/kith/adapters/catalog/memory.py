"""The catalog in memory: for tests, and for runs that leave nothing behind."""

from __future__ import annotations

import os
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from kith.domain.decision import NameDecision
from kith.domain.errors import NotFoundError
from kith.domain.face import Face, FaceId
from kith.domain.person import Appearance, GroupingChange, Person, PersonId
from kith.domain.photo import Photo, PhotoId, Place, Problem
from kith.ports.catalog import Counts, KnownPlace, PersonSummary, PhotoRecord


class MemoryCatalog:
    """The record of one library, gone when the program ends."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._photos: dict[PhotoId, Photo] = {}
        self._faces_of: dict[PhotoId, tuple[Face, ...]] = {}
        self._faces: dict[FaceId, Face] = {}
        self._files: dict[str, KnownPlace | Problem] = {}
        self._people: dict[PersonId, Person] = {}
        self._merged_into: dict[PersonId, PersonId] = {}
        self._appearances: dict[FaceId, Appearance] = {}
        self._decisions: dict[str, NameDecision] = {}

    # -- photos and places -------------------------------------------------------------------------

    def store(self, records: Sequence[PhotoRecord], change: GroupingChange, /) -> None:
        """Keep these photos, their places and faces, and what grouping made of them."""
        with self._lock:
            for record in records:
                self._keep(record)
                self._files[record.place.path] = KnownPlace(record.place, record.photo.id)
            self._apply(change)

    def note_problems(self, problems: Sequence[Problem], /) -> None:
        """Remember files that were refused."""
        with self._lock:
            self._files.update((problem.place.path, problem) for problem in problems)

    def add_places(self, places: Sequence[tuple[PhotoId, Place]], /) -> None:
        """Known photos lie at these places, too."""
        with self._lock:
            for photo_id, _ in places:
                if photo_id not in self._photos:
                    raise NotFoundError(f"the library has no photo {photo_id}")
            for photo_id, place in places:
                self._files[place.path] = KnownPlace(place, photo_id)

    def remove_places(self, paths: Collection[str], /) -> None:
        """These files are gone."""
        with self._lock:
            for path in paths:
                self._files.pop(path, None)

    def places(self, under: str = "", /) -> Iterator[KnownPlace]:
        """Every known file that is ``under`` or lies below that folder, ordered by path."""
        for file in self._files_under(under):
            yield KnownPlace(file.place, file.photo_id if isinstance(file, KnownPlace) else None)

    def problems(self, under: str = "", /) -> Iterator[Problem]:
        """The refused files under a folder, ordered by path."""
        return (file for file in self._files_under(under) if isinstance(file, Problem))

    def has_photos(self, photo_ids: Collection[PhotoId], /) -> frozenset[PhotoId]:
        """Those of the photos that are known."""
        with self._lock:
            return frozenset(self._photos.keys() & set(photo_ids))

    def photos(self, photo_ids: Collection[PhotoId] | None = None, /) -> Iterator[Photo]:
        """These photos, or all, in order of arrival."""
        with self._lock:
            wanted = self._photos.keys() if photo_ids is None else set(photo_ids)
            return iter([photo for photo in self._photos.values() if photo.id in wanted])

    def places_of(self, photo_ids: Collection[PhotoId], /) -> Mapping[PhotoId, tuple[Place, ...]]:
        """Where these photos lie, ordered by path."""
        with self._lock:
            found: dict[PhotoId, list[Place]] = {id_: [] for id_ in self.has_photos(photo_ids)}
            for file in self._files_under(""):
                if isinstance(file, KnownPlace) and file.photo_id and file.photo_id in found:
                    found[file.photo_id].append(file.place)
            return {photo_id: tuple(places) for photo_id, places in found.items()}

    def remove_photos(self, photo_ids: Collection[PhotoId], /) -> None:
        """Forget these photos and all that is known of them alone."""
        with self._lock:
            gone = self.has_photos(photo_ids)
            shown = {
                self._appearances.pop(face.id).person_id
                for face in self._faces_in(gone)
                if face.id in self._appearances
            }
            for photo_id in gone:
                del self._photos[photo_id]
                for face in self._faces_of.pop(photo_id):
                    del self._faces[face.id]
            for path, file in list(self._files.items()):
                if isinstance(file, KnownPlace) and file.photo_id in gone:
                    del self._files[path]
            self._remove_forsaken(shown)

    # -- faces and people --------------------------------------------------------------------------

    def faces(self, photo_ids: Collection[PhotoId] | None = None, /) -> Iterator[Face]:
        """The faces of these photos, or all; in order of arrival, then largest box first."""
        with self._lock:
            return iter(list(self._faces_in(photo.id for photo in self.photos(photo_ids))))

    def faces_by_id(self, face_ids: Collection[FaceId], /) -> Mapping[FaceId, Face]:
        """These faces; unknown ids are left out."""
        with self._lock:
            return {id_: self._faces[id_] for id_ in face_ids if id_ in self._faces}

    def people(self) -> Sequence[PersonSummary]:
        """Everyone with an appearance: named first, then by number of photos, then by id."""
        with self._lock:
            faces_of: dict[PersonId, list[Face]] = {}
            for appearance in self._appearances.values():
                faces = faces_of.setdefault(appearance.person_id, [])
                faces.append(self._faces[appearance.face_id])
            summaries = [self._summary(self._people[id_], faces) for id_, faces in faces_of.items()]
        return sorted(
            summaries,
            key=lambda each: (each.person.name is None, -each.photo_count, each.person.id),
        )

    def person(self, person_id: PersonId, /) -> Person:
        """The person of that id, or the one it became part of."""
        with self._lock:
            person = self._people.get(self._present(person_id))
        if person is None:
            raise NotFoundError(f"the library has no person {person_id}")
        return person

    def appearances(
        self, person_ids: Collection[PersonId] | None = None, /
    ) -> Iterator[Appearance]:
        """The appearances of these people, or all; by person id, then similarity."""
        with self._lock:
            wanted = self._people.keys() if person_ids is None else set(person_ids)
            found = [each for each in self._appearances.values() if each.person_id in wanted]
        return iter(
            sorted(found, key=lambda each: (each.person_id, -each.similarity, each.face_id))
        )

    def people_of(self, face_ids: Collection[FaceId], /) -> Mapping[FaceId, PersonId]:
        """Which person each face is attributed to."""
        with self._lock:
            return {
                face_id: self._appearances[face_id].person_id
                for face_id in face_ids
                if face_id in self._appearances
            }

    def regroup(self, change: GroupingChange, /) -> None:
        """Apply what a later look at the groups decided."""
        with self._lock:
            self._apply(change)

    # -- decisions ---------------------------------------------------------------------------------

    def record(self, decision: NameDecision, /) -> None:
        """Append a decision to the journal and give the person its name."""
        with self._lock:
            if decision.id not in self._decisions:
                person = self.person(decision.person_id)
                self._people[person.id] = replace(person, name=decision.name)
                self._decisions[decision.id] = decision

    def decisions(self) -> Iterator[NameDecision]:
        """The journal, oldest first."""
        with self._lock:
            return iter(list(self._decisions.values()))

    def counts(self) -> Counts:
        """How much there is."""
        with self._lock:
            people = self.people()
            problems = sum(isinstance(file, Problem) for file in self._files.values())
            return Counts(
                photos=len(self._photos),
                places=len(self._files) - problems,
                faces=len(self._faces),
                people=len(people),
                named_people=sum(each.person.name is not None for each in people),
                unattributed_faces=len(self._faces) - len(self._appearances),
                problems=problems,
            )

    # -- helpers -----------------------------------------------------------------------------------

    def _keep(self, record: PhotoRecord) -> None:
        photo_id = record.photo.id
        if photo_id in self._photos:
            return
        self._photos[photo_id] = record.photo
        new = [face for face in record.faces if face.id not in self._faces]
        self._faces_of[photo_id] = tuple(sorted(new, key=lambda face: (-face.box.area, face.id)))
        self._faces.update((face.id, face) for face in new)

    def _files_under(self, under: str) -> list[KnownPlace | Problem]:
        folder = under.rstrip(os.sep)
        with self._lock:
            paths = sorted(
                path
                for path in self._files
                if not under or path == folder or path.startswith(folder + os.sep)
            )
            return [self._files[path] for path in paths]

    def _faces_in(self, photo_ids: Iterable[PhotoId]) -> Iterator[Face]:
        return (face for photo_id in photo_ids for face in self._faces_of[photo_id])

    def _apply(self, change: GroupingChange) -> None:
        for person in change.founded:
            self._found(person)
        for appearance in change.appearances:
            self._found(Person(appearance.person_id))
            if appearance.face_id in self._faces:
                present = self._present(appearance.person_id)
                self._appearances[appearance.face_id] = replace(appearance, person_id=present)
        for pair in change.merged:
            for person_id in pair:
                self._found(Person(person_id))
            gone, kept = map(self._present, pair)
            if gone != kept:
                self._merge(self._people[gone], self._people[kept])

    def _found(self, person: Person) -> None:
        self._people.setdefault(person.id, person)

    def _present(self, person_id: PersonId) -> PersonId:
        """The person, or the one it became part of."""
        return self._merged_into.get(person_id, person_id)

    def _merge(self, gone: Person, kept: Person) -> None:
        for face_id, appearance in self._appearances.items():
            if appearance.person_id == gone.id:
                self._appearances[face_id] = replace(appearance, person_id=kept.id)
        self._people[kept.id] = replace(
            kept, name=kept.name if kept.name is not None else gone.name
        )
        for person_id in (gone.id, *self._merged_with(gone.id)):
            self._merged_into[person_id] = kept.id

    def _merged_with(self, kept: PersonId) -> list[PersonId]:
        return [gone for gone, into in self._merged_into.items() if into == kept]

    def _remove_forsaken(self, people: Collection[PersonId]) -> None:
        appearing = {appearance.person_id for appearance in self._appearances.values()}
        for person_id in people:
            if person_id not in appearing and self._people[person_id].name is None:
                for gone in (person_id, *self._merged_with(person_id)):
                    del self._people[gone]
                    self._merged_into.pop(gone, None)

    def _summary(self, person: Person, faces: Sequence[Face]) -> PersonSummary:
        cover = min(faces, key=lambda face: (-face.detail.quality.overall, face.id))
        return PersonSummary(
            person=person,
            photo_count=len({face.photo_id for face in faces}),
            face_count=len(faces),
            cover=cover.id,
        )
