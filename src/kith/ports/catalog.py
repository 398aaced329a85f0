"""What is known of the photos: places, faces, people and what humans said."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from kith.domain.decision import Decision
from kith.domain.face import Face, FaceId
from kith.domain.grouping import GroupId, Step
from kith.domain.notice import Posting
from kith.domain.person import Appearance, PeopleChange, Person, PersonId, Standing
from kith.domain.photo import Photo, PhotoId, Place, Problem


@dataclass(frozen=True, slots=True)
class PhotoRecord:
    """A photo as the pipeline hands it over: where it lies and the faces in it.

    Attributes:
        photo: itself.
        place: where it lies.
        faces: found in it.
        placeholder: a picture of some hundred bytes, to show until the thumbnail is there.
    """

    photo: Photo
    place: Place
    faces: tuple[Face, ...]
    placeholder: bytes | None = None


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
        cover: the face that a human chose, else that of the best overall quality; ties go to the
            smaller face id.
    """

    person: Person
    photo_count: int
    face_count: int
    cover: FaceId


@dataclass(frozen=True, slots=True)
class Counts:
    """How much the catalog holds.

    ``places`` are files that hold photos, ``problems`` the refused ones. ``people`` and
    ``named_people`` have at least one appearance; hidden ones count. ``unattributed_faces`` are
    nobody's, and nobody said that they are strangers or no faces. ``labelled_photos`` were looked
    at for labels, ``read_photos`` for text.
    """

    photos: int
    places: int
    faces: int
    people: int
    named_people: int
    unattributed_faces: int
    problems: int
    labelled_photos: int = 0
    read_photos: int = 0


class Catalog(Protocol):
    """The record of one library.

    Every method that writes does so as a whole or not at all, is durable when it returns, and may
    be repeated with the same arguments: the second time changes nothing. May be called from several
    threads. Methods that write raise ``LibraryFullError``, ``LibraryReadOnlyError`` or
    ``LibraryBusyError`` and then have changed nothing. Photos have an *order of arrival*: that of
    the calls to ``store`` and, within a call, of its records.

    What becomes of people is worked out by the caller from what it has read. So that nothing comes
    between reading and writing, it reads ``edition`` first and hands it over with the change; the
    methods that take one raise ``StaleError``, having changed nothing, if the edition is another by
    then. So the same call once more is refused, unless it is given the new edition.
    """

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
        """Keep these photos, their places and faces, and what grouping made of them, in one step.

        A photo that is already known keeps its data and faces and gains the place. A place that
        held another photo, or a problem, now holds this one. Steps are kept after the earlier ones;
        a face that has a seat keeps it, and groups that are one already are not reunited. Whatever
        is said of faces that are not known is left out.

        ``notices`` come into the outbox of the library (``kith.ports.outbox``) in the same step:
        but for those that are there already, those of photos that are not known, and those of
        photos that were there before the rule.
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

    def problems(self, under: str = "", /, *, after: str | None = None) -> Iterator[Problem]:
        """The refused files under a folder, ordered by path; with ``after``, from there on."""
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
        """Forget these photos, their places, faces, seats and appearances, and notices of them.

        People left without an appearance and without a name go, too. The journal stays.
        """
        ...

    def placeholders(self, photo_ids: Collection[PhotoId], /) -> Mapping[PhotoId, bytes]:
        """The placeholders of these photos; those without one are left out."""
        ...

    def keep_placeholders(self, made: Mapping[PhotoId, bytes], /) -> None:
        """Keep these placeholders; unknown photos are left out. The edition stays as it is."""
        ...

    # -- faces and people --------------------------------------------------------------------------

    def faces(self, photo_ids: Collection[PhotoId] | None = None, /) -> Iterator[Face]:
        """The faces of these photos, or all; in order of arrival, then largest box first."""
        ...

    def add_faces(
        self, faces: Sequence[Face], steps: Sequence[Step], change: PeopleChange, edition: int, /
    ) -> None:
        """Keep more faces of known photos, and what grouping made of them, in one step.

        Faces of unknown photos, and those that are there already, are left out; else as ``store``.
        """
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

    def appearances_of(self, face_ids: Collection[FaceId], /) -> Mapping[FaceId, Appearance]:
        """Whose each face is; faces of nobody are left out."""
        ...

    def standings(self, face_ids: Collection[FaceId] | None = None, /) -> Mapping[FaceId, Standing]:
        """Those of these faces, or of all, that a human set aside."""
        ...

    # -- groups and decisions ----------------------------------------------------------------------

    def edition(self) -> int:
        """A number that grows with each change of photos, places, groups, people or journal."""
        ...

    def groups_of(self, face_ids: Collection[FaceId], /) -> Mapping[FaceId, GroupId]:
        """The group of each face as it is called now; faces without a seat are left out."""
        ...

    def current_groups(self, group_ids: Collection[GroupId], /) -> Mapping[GroupId, GroupId]:
        """What each of these groups is part of now, itself perhaps; unknown ones are left out."""
        ...

    def group_faces(self, group_ids: Collection[GroupId], /) -> Mapping[GroupId, Sequence[FaceId]]:
        """All faces of each of these groups, of those that became part of it, too; in any order.

        Every group asked for is a key; one that is unknown, or part of another now, has no faces.
        """
        ...

    def homes(self, group_ids: Collection[GroupId], /) -> Mapping[GroupId, PersonId]:
        """Whose these groups are, as ``PeopleChange.homes`` said last; follows ``became``.

        Groups of several people, unknown ones, and those that are part of another are left out.
        """
        ...

    def steps(self, group_ids: Collection[GroupId] | None = None, /) -> Iterator[Step]:
        """How these groups, or all, came to be what they are now: seats and reunions in order.

        Steps of all groups that became part of them are among these; a group that is part of
        another now has none itself. Seats of faces that are no longer known are left out, and such
        faces, or pairs with one, are not among the support of others.
        """
        ...

    def regroup(self, steps: Sequence[Step] | None, change: PeopleChange, edition: int, /) -> None:
        """Apply a change of people; with ``steps``, they replace all that there were.

        New steps make new groups: reunions and homes of before are forgotten.
        """
        ...

    def record(self, decisions: Sequence[Decision], change: PeopleChange, edition: int, /) -> None:
        """Append decisions to the journal, in this order, and apply what they change.

        A decision whose id is known is left out; the change is applied all the same.
        """
        ...

    def decisions(
        self, about: Collection[PhotoId | PersonId] | None = None, /
    ) -> Iterator[Decision]:
        """The journal, in the order in which it was appended to.

        With ``about``, only decisions that mention one of these photos or people, and every undo
        and reset (``Undo``, ``Reset``).
        """
        ...

    def erase(
        self,
        face_ids: Collection[FaceId],
        person_ids: Collection[PersonId],
        decisions: Mapping[str, Decision | None],
        edition: int,
        /,
    ) -> None:
        """Forget faces and people, and what the journal says of them: it is append-only but here.

        Faces go with their seats and appearances, and out of the support of others. People go with
        everyone who had become part of them. ``decisions`` are entries of the journal by id, as
        they read from now on, in their old place; ``None`` for those that go. Notices name these
        faces no more, and rules that were kept for one of these people go.
        """
        ...

    def counts(self) -> Counts:
        """How much there is; quick, whatever the size of the library."""
        ...
