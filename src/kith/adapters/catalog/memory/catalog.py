"""The port ``Catalog`` in memory."""

from __future__ import annotations

import os
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from kith.adapters.catalog.memory.groups import Groups
from kith.adapters.catalog.memory.outbox import MemoryOutbox
from kith.adapters.catalog.memory.people import People
from kith.domain.decision import Decision, Reset, Undo, person_ids_in, photos_in
from kith.domain.errors import NotFoundError, StaleError
from kith.domain.face import Face, FaceId
from kith.domain.findings import PhotoFindings
from kith.domain.grouping import GroupId, Step
from kith.domain.notice import Posting
from kith.domain.person import Appearance, PeopleChange, Person, PersonId, Standing
from kith.domain.photo import Photo, PhotoId, Place, Problem
from kith.ports.catalog import Counts, KnownPlace, PersonSummary, PhotoRecord


class MemoryCatalog:
    """The record of one library, gone when the program ends.

    Attributes:
        outbox: of the same library.
        found: what was found in the photos; kept by ``MemoryFindings``, and gone with the photos.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._photos: dict[PhotoId, Photo] = {}
        self._placeholders: dict[PhotoId, bytes] = {}
        self._faces_of: dict[PhotoId, tuple[Face, ...]] = {}
        self._faces: dict[FaceId, Face] = {}
        self._files: dict[str, KnownPlace | Problem] = {}
        self._people = People()
        self._groups = Groups()
        self._decisions: dict[str, Decision] = {}
        self.found: dict[PhotoId, PhotoFindings] = {}
        self._edition = 1
        self.outbox = MemoryOutbox()

    # -- photos and places -------------------------------------------------------------------------

    def store(
        self,
        records: Sequence[PhotoRecord],
        steps: Sequence[Step],
        change: PeopleChange,
        edition: int,
        /,
        notices: Sequence[Posting] = (),
    ) -> None:
        """Keep these photos, their places and faces, what grouping made of them, and notices."""
        with self._lock:
            self._expect(edition)
            for record in records:
                self._keep(record)
                self._files[record.place.path] = KnownPlace(record.place, record.photo.id)
            self._groups.append(steps, self._faces)
            self._apply(change)
            self.outbox.post(notices)
            self._edition += bool(records or steps or change)

    def note_problems(self, problems: Sequence[Problem], /) -> None:
        """Remember files that were refused."""
        with self._lock:
            self._files.update((problem.place.path, problem) for problem in problems)
            self._edition += bool(problems)

    def add_places(self, places: Sequence[tuple[PhotoId, Place]], /) -> None:
        """Known photos lie at these places, too."""
        with self._lock:
            for photo_id, _ in places:
                if photo_id not in self._photos:
                    raise NotFoundError(f"the library has no photo {photo_id}")
            for photo_id, place in places:
                self._files[place.path] = KnownPlace(place, photo_id)
            self._edition += bool(places)

    def remove_places(self, paths: Collection[str], /) -> None:
        """These files are gone."""
        with self._lock:
            for path in paths:
                self._files.pop(path, None)
            self._edition += bool(paths)

    def places(self, under: str = "", /) -> Iterator[KnownPlace]:
        """Every known file that is ``under`` or lies below that folder, ordered by path."""
        for file in self._files_under(under):
            yield KnownPlace(file.place, file.photo_id if isinstance(file, KnownPlace) else None)

    def problems(self, under: str = "", /, *, after: str | None = None) -> Iterator[Problem]:
        """The refused files under a folder, ordered by path."""
        for file in self._files_under(under):
            if isinstance(file, Problem) and (after is None or file.place.path > after):
                yield file

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
            face_ids = [face.id for face in self._faces_in(gone)]
            self.outbox.forget_photos(gone)
            self._people.forget(face_ids)
            self._groups.forget(face_ids)
            for face_id in face_ids:
                del self._faces[face_id]
            for photo_id in gone:
                del self._photos[photo_id], self._faces_of[photo_id]
                self._placeholders.pop(photo_id, None)
                self.found.pop(photo_id, None)
            for path, file in list(self._files.items()):
                if isinstance(file, KnownPlace) and file.photo_id in gone:
                    del self._files[path]
            self._edition += bool(gone)

    def placeholders(self, photo_ids: Collection[PhotoId], /) -> Mapping[PhotoId, bytes]:
        """The placeholders of these photos; those without one are left out."""
        with self._lock:
            wanted = self._placeholders.keys() & set(photo_ids)
            return {photo_id: self._placeholders[photo_id] for photo_id in wanted}

    def keep_placeholders(self, made: Mapping[PhotoId, bytes], /) -> None:
        """Keep these placeholders; unknown photos are left out."""
        with self._lock:
            known = self._photos.keys() & made.keys()
            self._placeholders.update((photo_id, made[photo_id]) for photo_id in known)

    # -- faces and people --------------------------------------------------------------------------

    def faces(self, photo_ids: Collection[PhotoId] | None = None, /) -> Iterator[Face]:
        """The faces of these photos, or all; in order of arrival, then largest box first."""
        with self._lock:
            return iter(list(self._faces_in(photo.id for photo in self.photos(photo_ids))))

    def add_faces(
        self, faces: Sequence[Face], steps: Sequence[Step], change: PeopleChange, edition: int, /
    ) -> None:
        """Keep more faces of known photos, and what grouping made of them."""
        with self._lock:
            self._expect(edition)
            for face in faces:
                if face.photo_id in self._photos and face.id not in self._faces:
                    self._faces[face.id] = face
                    every = [*self._faces_of[face.photo_id], face]
                    every.sort(key=lambda each: (-each.box.area, each.id))
                    self._faces_of[face.photo_id] = tuple(every)
            self._groups.append(steps, self._faces)
            self._apply(change)
            self._edition += bool(faces or steps or change)

    def faces_by_id(self, face_ids: Collection[FaceId], /) -> Mapping[FaceId, Face]:
        """These faces; unknown ids are left out."""
        with self._lock:
            return {id_: self._faces[id_] for id_ in face_ids if id_ in self._faces}

    def people(self) -> Sequence[PersonSummary]:
        """Everyone with an appearance: named first, then by number of photos, then by id."""
        with self._lock:
            faces_of: dict[PersonId, list[Face]] = {}
            for appearance in self._people.appearances.values():
                faces = faces_of.setdefault(appearance.person_id, [])
                faces.append(self._faces[appearance.face_id])
            summaries = [_summary(self.person(id_), faces) for id_, faces in faces_of.items()]
        return sorted(
            summaries,
            key=lambda each: (each.person.name is None, -each.photo_count, each.person.id),
        )

    def person(self, person_id: PersonId, /) -> Person:
        """The person of that id, or the one it became part of."""
        with self._lock:
            person = self._people.find(person_id)
        if person is None:
            raise NotFoundError(f"the library has no person {person_id}")
        return person

    def appearances(
        self, person_ids: Collection[PersonId] | None = None, /
    ) -> Iterator[Appearance]:
        """The appearances of these people, or all; by person id, then similarity."""
        with self._lock:
            found = list(self._people.appearances.values())
        if person_ids is not None:
            wanted = set(person_ids)
            found = [each for each in found if each.person_id in wanted]
        return iter(
            sorted(found, key=lambda each: (each.person_id, -each.similarity, each.face_id))
        )

    def appearances_of(self, face_ids: Collection[FaceId], /) -> Mapping[FaceId, Appearance]:
        """Whose each face is; faces of nobody are left out."""
        with self._lock:
            every = self._people.appearances
            return {face_id: every[face_id] for face_id in face_ids if face_id in every}

    def standings(self, face_ids: Collection[FaceId] | None = None, /) -> Mapping[FaceId, Standing]:
        """Those of these faces, or of all, that a human set aside."""
        with self._lock:
            every = self._people.standings
            wanted = every.keys() if face_ids is None else face_ids
            return {face_id: every[face_id] for face_id in wanted if face_id in every}

    # -- groups and decisions ----------------------------------------------------------------------

    def edition(self) -> int:
        """A number that grows with every change of photos, groups, people or the journal."""
        with self._lock:
            return self._edition

    def groups_of(self, face_ids: Collection[FaceId], /) -> Mapping[FaceId, GroupId]:
        """The group of each face as it is called now; faces without a seat are left out."""
        with self._lock:
            return self._groups.of_faces(face_ids)

    def current_groups(self, group_ids: Collection[GroupId], /) -> Mapping[GroupId, GroupId]:
        """What each of these groups is part of now; unknown ones are left out."""
        with self._lock:
            return self._groups.current(group_ids)

    def group_faces(self, group_ids: Collection[GroupId], /) -> Mapping[GroupId, Sequence[FaceId]]:
        """All faces of each of these groups, of those that became part of it, too."""
        with self._lock:
            return self._groups.faces(group_ids)

    def homes(self, group_ids: Collection[GroupId], /) -> Mapping[GroupId, PersonId]:
        """Whose these groups are, as ``PeopleChange.homes`` said last; follows ``became``."""
        with self._lock:
            homes = self._people.homes
            called = self._groups.current(group_ids)
            return {id_: homes[id_] for id_ in group_ids if called.get(id_) == id_ in homes}

    def steps(self, group_ids: Collection[GroupId] | None = None, /) -> Iterator[Step]:
        """How these groups, or all, came to be what they are now: seats and reunions in order."""
        with self._lock:
            return iter(list(self._groups.steps(group_ids, self._faces)))

    def regroup(self, steps: Sequence[Step] | None, change: PeopleChange, edition: int, /) -> None:
        """Apply a change of people; with ``steps``, they replace all that there were."""
        with self._lock:
            self._expect(edition)
            if steps is not None:
                self._groups = Groups()
                self._people.homes.clear()
                self._groups.append(steps, self._faces)
            self._apply(change)
            self._edition += steps is not None or bool(change)

    def record(self, decisions: Sequence[Decision], change: PeopleChange, edition: int, /) -> None:
        """Append decisions to the journal, in this order, and apply what they change."""
        with self._lock:
            self._expect(edition)
            for decision in decisions:
                self._decisions.setdefault(decision.id, decision)
            self._apply(change)
            self._edition += bool(decisions or change)

    def decisions(
        self, about: Collection[PhotoId | PersonId] | None = None, /
    ) -> Iterator[Decision]:
        """The journal, or what concerns these photos and people, in the order of appending."""
        with self._lock:
            every = list(self._decisions.values())
        return iter(every if about is None else [each for each in every if _concerns(each, about)])

    def erase(
        self,
        face_ids: Collection[FaceId],
        person_ids: Collection[PersonId],
        decisions: Mapping[str, Decision | None],
        edition: int,
        /,
    ) -> None:
        """Forget faces and people, and let entries of the journal say something else, or go."""
        with self._lock:
            self._expect(edition)
            self.outbox.forget_faces(face_ids)
            self.outbox.forget_people(self._people.with_parts(person_ids))
            self._people.erase(face_ids, person_ids)
            self._groups.forget(face_ids)
            gone = set(face_ids)
            for photo_id in {self._faces[id_].photo_id for id_ in gone & self._faces.keys()}:
                left = [face for face in self._faces_of[photo_id] if face.id not in gone]
                self._faces_of[photo_id] = tuple(left)
            self._faces = {id_: face for id_, face in self._faces.items() if id_ not in gone}
            self._decisions = {
                id_: kept
                for id_, decision in self._decisions.items()
                if (kept := decisions.get(id_, decision))
            }
            self._edition += 1

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
                unattributed_faces=len(
                    self._faces.keys()
                    - self._people.appearances.keys()
                    - self._people.standings.keys()
                ),
                problems=problems,
                labelled_photos=sum(one.labels is not None for one in self.found.values()),
                read_photos=sum(one.text is not None for one in self.found.values()),
            )

    # -- helpers -----------------------------------------------------------------------------------

    def _keep(self, record: PhotoRecord) -> None:
        photo_id = record.photo.id
        if photo_id in self._photos:
            return
        self._photos[photo_id] = record.photo
        self.outbox.note_arrival(photo_id)
        if record.placeholder is not None:
            self._placeholders[photo_id] = record.placeholder
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

    def _expect(self, edition: int) -> None:
        if edition != self._edition:
            raise StaleError(
                "the library was changed in the meantime; nothing was changed",
                "Run the command again.",
            )

    def _apply(self, change: PeopleChange) -> None:
        self._people.apply(change, self._faces, self._groups)


def _summary(person: Person, faces: Sequence[Face]) -> PersonSummary:
    best = min(faces, key=lambda face: (-face.detail.quality.overall, face.id))
    chosen = next((face for face in faces if face.id == person.cover), best)
    return PersonSummary(
        person=person,
        photo_count=len({face.photo_id for face in faces}),
        face_count=len(faces),
        cover=chosen.id,
    )


def _concerns(decision: Decision, about: Collection[PhotoId | PersonId]) -> bool:
    said = decision.said
    if isinstance(said, Reset | Undo):
        return True
    return not (person_ids_in(said) | photos_in(said)).isdisjoint(about)
