"""What is known of the photos: places, faces, people and what humans said."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from kith.domain.decision import NameDecision
from kith.domain.face import Face, FaceId
from kith.domain.person import Appearance, GroupingChange, Person, PersonId
from kith.domain.photo import Photo, PhotoId, Place, Problem


@dataclass(frozen=True, slots=True)
class PhotoRecord:
    """A photo as the pipeline hands it over: where it lies and the faces in it."""

    photo: Photo
    place: Place
    faces: tuple[Face, ...]


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """A file that was seen before: it is a photo (``photo_id``) or was refused (``None``)."""

    place: Place
    photo_id: PhotoId | None


@dataclass(frozen=True, slots=True)
class PersonSummary:
    """A person as a list shows it.

    Attributes:
        person: who.
        photo_count: photos with at least one appearance.
        face_count: appearances.
        cover: the face of the best overall quality; ties go to the smaller face id.
    """

    person: Person
    photo_count: int
    face_count: int
    cover: FaceId


@dataclass(frozen=True, slots=True)
class Counts:
    """How much the catalog holds.

    ``places`` are files that hold photos, ``problems`` the refused ones. ``people`` and
    ``named_people`` have at least one appearance.
    """

    photos: int
    places: int
    faces: int
    people: int
    named_people: int
    unattributed_faces: int
    problems: int


class Catalog(Protocol):
    """The record of one library.

    Every method that writes does so as a whole or not at all, is durable when it returns, and may
    be repeated with the same arguments: the second time changes nothing. May be called from several
    threads. Methods that write raise ``LibraryFullError``, ``LibraryReadOnlyError`` or
    ``LibraryBusyError`` and then have changed nothing. Photos have an *order of arrival*: that of
    the calls to ``store`` and, within a call, of its records.
    """

    # -- photos and places -------------------------------------------------------------------------

    def store(self, records: Sequence[PhotoRecord], change: GroupingChange, /) -> None:
        """Keep these photos, their places and faces, and what grouping made of them, in one step.

        A photo that is already known keeps its data and faces and gains the place. A place that
        held another photo, or a problem, now holds this one. Of the change, appearances of faces
        that are not known are left out; a person merged away stands for who it became; someone
        named there who is not known is founded.
        """
        ...

    def note_problems(self, problems: Sequence[Problem], /) -> None:
        """Remember files that were refused. A place that held a photo no longer does."""
        ...

    def add_places(self, places: Sequence[tuple[PhotoId, Place]], /) -> None:
        """Known photos lie at these places, too.

        Raises:
            NotFoundError: a photo is not known; then no place was added.
        """
        ...

    def remove_places(self, paths: Collection[str], /) -> None:
        """These files are gone. Photos that lose their last place stay, and are *missing*."""
        ...

    def places(self, under: str = "", /) -> Iterator[KnownPlace]:
        """Every known file, refused ones included, that is ``under`` or lies below that folder.

        Ordered by path.

        Paths are compared by whole parts: ``/a/b`` holds ``/a/b`` and ``/a/b/c``, not ``/a/bc``.
        """
        ...

    def problems(self, under: str = "", /) -> Iterator[Problem]:
        """The refused files under a folder, ordered by path."""
        ...

    def has_photos(self, photo_ids: Collection[PhotoId], /) -> frozenset[PhotoId]:
        """Those of the photos that are known."""
        ...

    def photos(self, photo_ids: Collection[PhotoId] | None = None, /) -> Iterator[Photo]:
        """These photos, or all, in order of arrival; unknown ids are left out."""
        ...

    def places_of(self, photo_ids: Collection[PhotoId], /) -> Mapping[PhotoId, tuple[Place, ...]]:
        """Where these photos lie, ordered by path; a missing photo has an empty tuple."""
        ...

    def remove_photos(self, photo_ids: Collection[PhotoId], /) -> None:
        """Forget these photos, their places, faces and appearances.

        People left without an appearance and without a name go, too.
        """
        ...

    # -- faces and people --------------------------------------------------------------------------

    def faces(self, photo_ids: Collection[PhotoId] | None = None, /) -> Iterator[Face]:
        """The faces of these photos, or all; in order of arrival, then largest box first."""
        ...

    def faces_by_id(self, face_ids: Collection[FaceId], /) -> Mapping[FaceId, Face]:
        """These faces; unknown ids are left out."""
        ...

    def people(self) -> Sequence[PersonSummary]:
        """Everyone with an appearance: named first, then by number of photos, then by id."""
        ...

    def person(self, person_id: PersonId, /) -> Person:
        """The person of that id; one that was merged away answers as the person it became part of.

        Raises:
            NotFoundError: there is none.
        """
        ...

    def appearances(
        self, person_ids: Collection[PersonId] | None = None, /
    ) -> Iterator[Appearance]:
        """The appearances of these people, or all; by person id, then similarity, highest first.

        Who was merged away has none: ask ``person`` who it became.
        """
        ...

    def people_of(self, face_ids: Collection[FaceId], /) -> Mapping[FaceId, PersonId]:
        """Which person each face is attributed to; faces of nobody are left out."""
        ...

    def regroup(self, change: GroupingChange, /) -> None:
        """Apply what a later look at the groups decided."""
        ...

    # -- decisions ---------------------------------------------------------------------------------

    def record(self, decision: NameDecision, /) -> None:
        """Append a decision to the journal and give the person its name.

        Raises:
            NotFoundError: there is no such person; then nothing was appended.
        """
        ...

    def decisions(self) -> Iterator[NameDecision]:
        """The journal, oldest first."""
        ...

    def counts(self) -> Counts:
        """How much there is; quick, whatever the size of the library."""
        ...
