"""The port ``Catalog`` over a relational database."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

import sqlalchemy as sa

from kith.adapters.catalog.sql import people, photos, places
from kith.adapters.catalog.sql.reading import PAGE, Query, Row
from kith.adapters.catalog.sql.rows import decision_of, decision_row, place_row, problem_row
from kith.database import tables
from kith.database.glance import COUNTS
from kith.database.open import Database
from kith.domain.decision import NameDecision
from kith.domain.face import Face, FaceId
from kith.domain.person import Appearance, GroupingChange, Person, PersonId
from kith.domain.photo import Photo, PhotoId, Place, Problem
from kith.ports.catalog import Counts, KnownPlace, PersonSummary, PhotoRecord


class SqlCatalog:
    """The record of one library in a database, which stays the caller's to close."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # -- photos and places -------------------------------------------------------------------------

    def store(self, records: Sequence[PhotoRecord], change: GroupingChange, /) -> None:
        """Keep these photos, their places and faces, and what grouping made of them."""
        with self._database.write() as connection:
            places.put(connection, photos.keep(connection, records))
            people.apply(connection, change)

    def note_problems(self, problems: Sequence[Problem], /) -> None:
        """Remember files that were refused."""
        with self._database.write() as connection:
            places.put(connection, [problem_row(problem) for problem in problems])

    def add_places(self, places_: Sequence[tuple[PhotoId, Place]], /) -> None:
        """Known photos lie at these places, too."""
        with self._database.write() as connection:
            arrivals = photos.arrivals_of_all(connection, {photo_id for photo_id, _ in places_})
            rows = [place_row(place, arrivals[photo_id]) for photo_id, place in places_]
            places.put(connection, rows)

    def remove_places(self, paths: Collection[str], /) -> None:
        """These files are gone."""
        with self._database.write() as connection:
            places.remove(connection, paths)

    def places(self, under: str = "", /) -> Iterator[KnownPlace]:
        """Every known file that is ``under`` or lies below that folder, ordered by path."""
        return places.read_known(self._database, under)

    def problems(self, under: str = "", /) -> Iterator[Problem]:
        """The refused files under a folder, ordered by path."""
        return places.read_problems(self._database, under)

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
            shown = people.shown_in(connection, photo_ids)
            photos.remove(connection, photo_ids)
            people.remove_forsaken(connection, shown)

    # -- faces and people --------------------------------------------------------------------------

    def faces(self, photo_ids: Collection[PhotoId] | None = None, /) -> Iterator[Face]:
        """The faces of these photos, or all; in order of arrival, then largest box first."""
        return photos.read_faces(self._database, photo_ids)

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

    def people_of(self, face_ids: Collection[FaceId], /) -> Mapping[FaceId, PersonId]:
        """Which person each face is attributed to."""
        with self._database.read() as connection:
            return people.people_of(connection, face_ids)

    def regroup(self, change: GroupingChange, /) -> None:
        """Apply what a later look at the groups decided."""
        with self._database.write() as connection:
            people.apply(connection, change)

    # -- decisions ---------------------------------------------------------------------------------

    def record(self, decision: NameDecision, /) -> None:
        """Append a decision to the journal and give the person its name."""
        with self._database.write() as connection:
            journal = tables.decisions
            known = sa.select(journal.c.sequence).where(journal.c.decision_id == decision.id)
            if connection.execute(known).first() is None:
                people.rename(connection, decision.person_id, decision.name)
                connection.execute(sa.insert(journal), decision_row(decision))

    def decisions(self) -> Iterator[NameDecision]:
        """The journal, oldest first."""
        table = tables.decisions
        query = sa.select(
            table.c.decision_id,
            table.c.decided_at,
            table.c.decided_by,
            table.c.payload,
            table.c.sequence,
        ).order_by(table.c.sequence)
        last = 0
        while rows := self._page(query.where(table.c.sequence > last).limit(PAGE)):
            yield from (decision_of(row) for row in rows)
            last = rows[-1][-1]

    def counts(self) -> Counts:
        """How much there is."""
        with self._database.read() as connection:
            return Counts(*connection.exec_driver_sql(COUNTS).one())

    def _page(self, query: Query) -> Sequence[Row]:
        with self._database.read() as connection:
            return connection.execute(query).all()
