"""The port ``Catalog`` over a relational database."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from kith.adapters.catalog.sql import (
    edition,
    erasing,
    groups,
    journal,
    people,
    photos,
    places,
    postings,
    seating,
)
from kith.adapters.catalog.sql.change import apply, remove_forsaken, shown_in
from kith.adapters.catalog.sql.rows import place_row, problem_row
from kith.database.glance import COUNTS
from kith.database.open import Database
from kith.domain.decision import Decision
from kith.domain.face import Face, FaceId
from kith.domain.grouping import GroupId, Step
from kith.domain.notice import Posting
from kith.domain.person import Appearance, PeopleChange, Person, PersonId, Standing
from kith.domain.photo import Photo, PhotoId, Place, Problem
from kith.ports.catalog import Counts, KnownPlace, PersonSummary, PhotoRecord


class SqlCatalog:
    """The record of one library in a database, which stays the caller's to close."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # -- photos and places -------------------------------------------------------------------------

    def store(
        self,
        records: Sequence[PhotoRecord],
        steps: Sequence[Step],
        change: PeopleChange,
        edition_: int,
        /,
        notices: Sequence[Posting] = (),
    ) -> None:
        """Keep these photos, their places and faces, what grouping made of them, and notices."""
        with self._database.write() as connection:
            edition.expect(connection, edition_)
            places.put(connection, photos.keep(connection, records))
            seating.append(connection, steps)
            apply(connection, change)
            postings.post(connection, notices)
            if records or steps or change:
                edition.grow(connection)

    def note_problems(self, problems: Sequence[Problem], /) -> None:
        """Remember files that were refused."""
        with self._database.write() as connection:
            places.put(connection, [problem_row(problem) for problem in problems])
            if problems:
                edition.grow(connection)

    def add_places(self, places_: Sequence[tuple[PhotoId, Place]], /) -> None:
        """Known photos lie at these places, too."""
        with self._database.write() as connection:
            arrivals = photos.arrivals_of_all(connection, {photo_id for photo_id, _ in places_})
            rows = [place_row(place, arrivals[photo_id]) for photo_id, place in places_]
            places.put(connection, rows)
            if rows:
                edition.grow(connection)

    def remove_places(self, paths: Collection[str], /) -> None:
        """These files are gone."""
        with self._database.write() as connection:
            places.remove(connection, paths)
            if paths:
                edition.grow(connection)

    def places(self, under: str = "", /) -> Iterator[KnownPlace]:
        """Every known file that is ``under`` or lies below that folder, ordered by path."""
        return places.read_known(self._database, under)

    def problems(self, under: str = "", /, *, after: str | None = None) -> Iterator[Problem]:
        """The refused files under a folder, ordered by path."""
        return places.read_problems(self._database, under, after)

    def has_photos(self, photo_ids: Collection[PhotoId], /) -> frozenset[PhotoId]:
        """Those of the photos that are known."""
        with self._database.read() as connection:
            return frozenset(photos.arrivals(connection, photo_ids))

    def photos(self, photo_ids: Collection[PhotoId] | None = None, /) -> Iterator[Photo]:
        """These photos, or all, in order of arrival."""
        return photos.read_photos(self._database, photo_ids)

    def places_of(self, photo_ids: Collection[PhotoId], /) -> Mapping[PhotoId, tuple[Place, ...]]:
        """Where these photos lie, ordered by path."""
        with self._database.read() as connection:
            return photos.places_of(connection, photo_ids)

    def remove_photos(self, photo_ids: Collection[PhotoId], /) -> None:
        """Forget these photos and all that is known of them alone."""
        with self._database.write() as connection:
            if photos.arrivals(connection, photo_ids):
                shown = shown_in(connection, photo_ids)
                photos.remove(connection, photo_ids)
                remove_forsaken(connection, shown)
                edition.grow(connection)

    def placeholders(self, photo_ids: Collection[PhotoId], /) -> Mapping[PhotoId, bytes]:
        """The placeholders of these photos; those without one are left out."""
        with self._database.read() as connection:
            return photos.placeholders(connection, photo_ids)

    def keep_placeholders(self, made: Mapping[PhotoId, bytes], /) -> None:
        """Keep these placeholders; unknown photos are left out."""
        if made:
            with self._database.write() as connection:
                photos.keep_placeholders(connection, made)

    # -- faces and people --------------------------------------------------------------------------

    def faces(self, photo_ids: Collection[PhotoId] | None = None, /) -> Iterator[Face]:
        """The faces of these photos, or all; in order of arrival, then largest box first."""
        return photos.read_faces(self._database, photo_ids)

    def add_faces(
        self, faces: Sequence[Face], steps: Sequence[Step], change: PeopleChange, edition_: int, /
    ) -> None:
        """Keep more faces of known photos, and what grouping made of them."""
        with self._database.write() as connection:
            edition.expect(connection, edition_)
            photos.keep_faces(connection, faces)
            seating.append(connection, steps)
            apply(connection, change)
            if faces or steps or change:
                edition.grow(connection)

    def faces_by_id(self, face_ids: Collection[FaceId], /) -> Mapping[FaceId, Face]:
        """These faces; unknown ids are left out."""
        with self._database.read() as connection:
            return photos.faces_by_id(connection, face_ids)

    def people(self) -> Sequence[PersonSummary]:
        """Everyone with an appearance: named first, then by number of photos, then by id."""
        with self._database.read() as connection:
            return people.summaries(connection)

    def person(self, person_id: PersonId, /) -> Person:
        """The person of that id, or the one it became part of."""
        with self._database.read() as connection:
            return people.person(connection, person_id)

    def appearances(
        self, person_ids: Collection[PersonId] | None = None, /
    ) -> Iterator[Appearance]:
        """The appearances of these people, or all; by person id, then similarity."""
        return people.read_appearances(self._database, person_ids)

    def appearances_of(self, face_ids: Collection[FaceId], /) -> Mapping[FaceId, Appearance]:
        """Whose each face is; faces of nobody are left out."""
        with self._database.read() as connection:
            return people.appearances_of(connection, face_ids)

    def standings(self, face_ids: Collection[FaceId] | None = None, /) -> Mapping[FaceId, Standing]:
        """Those of these faces, or of all, that a human set aside."""
        with self._database.read() as connection:
            return people.standings(connection, face_ids)

    # -- groups and decisions ----------------------------------------------------------------------

    def edition(self) -> int:
        """A number that grows with every change of photos, groups, people or the journal."""
        with self._database.read() as connection:
            return edition.read(connection)

    def groups_of(self, face_ids: Collection[FaceId], /) -> Mapping[FaceId, GroupId]:
        """The group of each face as it is called now; faces without a seat are left out."""
        with self._database.read() as connection:
            return groups.groups_of(connection, face_ids)

    def current_groups(self, group_ids: Collection[GroupId], /) -> Mapping[GroupId, GroupId]:
        """What each of these groups is part of now; unknown ones are left out."""
        with self._database.read() as connection:
            return groups.current_groups(connection, group_ids)

    def group_faces(self, group_ids: Collection[GroupId], /) -> Mapping[GroupId, Sequence[FaceId]]:
        """All faces of each of these groups, of those that became part of it, too."""
        with self._database.read() as connection:
            return groups.group_faces(connection, group_ids)

    def homes(self, group_ids: Collection[GroupId], /) -> Mapping[GroupId, PersonId]:
        """Whose these groups are, as ``PeopleChange.homes`` said last; follows ``became``."""
        with self._database.read() as connection:
            return groups.homes(connection, group_ids)

    def steps(self, group_ids: Collection[GroupId] | None = None, /) -> Iterator[Step]:
        """How these groups, or all, came to be what they are now: seats and reunions in order."""
        return groups.read_steps(self._database, group_ids)

    def regroup(self, steps: Sequence[Step] | None, change: PeopleChange, edition_: int, /) -> None:
        """Apply a change of people; with ``steps``, they replace all that there were."""
        with self._database.write() as connection:
            edition.expect(connection, edition_)
            if steps is not None:
                seating.clear(connection)
                seating.append(connection, steps)
            apply(connection, change)
            if steps is not None or change:
                edition.grow(connection)

    def record(self, decisions: Sequence[Decision], change: PeopleChange, edition_: int, /) -> None:
        """Append decisions to the journal, in this order, and apply what they change."""
        with self._database.write() as connection:
            edition.expect(connection, edition_)
            journal.append(connection, decisions)
            apply(connection, change)
            if decisions or change:
                edition.grow(connection)

    def decisions(
        self, about: Collection[PhotoId | PersonId] | None = None, /
    ) -> Iterator[Decision]:
        """The journal, or what concerns these photos and people, in the order of appending."""
        return journal.read(self._database, about)

    def erase(
        self,
        face_ids: Collection[FaceId],
        person_ids: Collection[PersonId],
        decisions: Mapping[str, Decision | None],
        edition_: int,
        /,
    ) -> None:
        """Forget faces and people, and let entries of the journal say something else, or go."""
        with self._database.write() as connection:
            edition.expect(connection, edition_)
            postings.forget_faces(connection, face_ids)
            postings.forget_people(connection, person_ids)
            erasing.erase_faces(connection, face_ids)
            erasing.erase_people(connection, person_ids)
            erasing.redact(connection, decisions)
            edition.grow(connection)

    def counts(self) -> Counts:
        """How much there is."""
        with self._database.read() as connection:
            return Counts(*connection.exec_driver_sql(COUNTS).one())
