"""The port ``Catalog`` in DynamoDB."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from kith.adapters.catalog.dynamo import (
    change,
    findings,
    groups,
    journal,
    photos,
    postings,
    reading,
)
from kith.adapters.catalog.dynamo.docs import (
    appearance_of,
    face_of,
    person_of,
    places_of,
    tiny_doc,
    tiny_of,
)
from kith.adapters.catalog.dynamo.draft import Draft, write
from kith.adapters.catalog.dynamo.ledger import Ledger
from kith.adapters.catalog.dynamo.schema import (
    face_key,
    file_key,
    found_key,
    person_key,
    photo_key,
    tiny_key,
)
from kith.adapters.catalog.dynamo.table import Table
from kith.domain.decision import Decision
from kith.domain.errors import NotFoundError
from kith.domain.face import Face, FaceId
from kith.domain.grouping import GroupId, Step
from kith.domain.notice import Posting
from kith.domain.person import Appearance, PeopleChange, Person, PersonId, Standing
from kith.domain.photo import Photo, PhotoId, Place, Problem
from kith.ports.catalog import Counts, KnownPlace, PersonSummary, PhotoRecord


class DynamoCatalog:
    """The record of one library in a DynamoDB table (``schema``).

    Every method begins with one read of the table's head, which says the edition and whether
    somebody's large change is not applied yet (``ledger``).

    Args:
        table: the library's part of one.
        ledger: of its editions; others would have another patience.
    """

    def __init__(self, table: Table, ledger: Ledger | None = None) -> None:
        self._table = table
        self._ledger = ledger or Ledger(table)

    # -- photos and places -------------------------------------------------------------------------

    def store(
        self,
        records: Sequence[PhotoRecord],
        steps: Sequence[Step],
        change_: PeopleChange,
        edition: int,
        /,
        notices: Sequence[Posting] = (),
    ) -> None:
        """Keep these photos, their places and faces, and what grouping made of them."""

        def work(draft: Draft) -> bool:
            keys = (photos.keys_of(records), groups.keys_of(steps), change.keys_of(change_))
            draft.load(key for some in keys for key in some)
            for record in records:
                photos.keep(draft, record)
            groups.append(draft, steps)
            change.apply(draft, change_)
            postings.post(draft, notices)
            return bool(records or steps or change_)

        self._write(work, edition)

    def note_problems(self, problems: Sequence[Problem], /) -> None:
        """Remember files that were refused."""

        def work(draft: Draft) -> bool:
            draft.load(key for each in problems for key in photos.keys_of_place(each.place))
            for problem in problems:
                photos.put_problem(draft, problem)
            return bool(problems)

        self._write(work)

    def add_places(self, places: Sequence[tuple[PhotoId, Place]], /) -> None:
        """Known photos lie at these places, too."""

        def work(draft: Draft) -> bool:
            draft.load(photo_key(photo_id) for photo_id, _ in places)
            draft.load(key for _, place in places for key in photos.keys_of_place(place))
            for photo_id, place in places:
                photos.put_place(draft, photo_id, place)
            return bool(places)

        self._write(work)

    def remove_places(self, paths: Collection[str], /) -> None:
        """These files are gone."""

        def work(draft: Draft) -> bool:
            draft.load(map(file_key, paths))
            for path in paths:
                photos.remove_place(draft, path)
            return bool(paths)

        self._write(work)

    def places(self, under: str = "", /) -> Iterator[KnownPlace]:
        """Every known file that is ``under`` or lies below that folder, ordered by path."""
        self._ledger.head()
        return reading.known_places(self._table, under)

    def problems(self, under: str = "", /, *, after: str | None = None) -> Iterator[Problem]:
        """The refused files under a folder, ordered by path."""
        self._ledger.head()
        return reading.problems(self._table, under, after)

    def has_photos(self, photo_ids: Collection[PhotoId], /) -> frozenset[PhotoId]:
        """Those of the photos that are known."""
        self._ledger.head()
        return frozenset(reading.docs(self._table, photo_ids, photo_key))

    def photos(self, photo_ids: Collection[PhotoId] | None = None, /) -> Iterator[Photo]:
        """These photos, or all, in order of arrival."""
        return reading.photos(self._table, self._ledger.head(), photo_ids)

    def places_of(self, photo_ids: Collection[PhotoId], /) -> Mapping[PhotoId, tuple[Place, ...]]:
        """Where these photos lie, ordered by path."""
        self._ledger.head()
        found = reading.docs(self._table, photo_ids, photo_key)
        return {photo_id: places_of(doc) for photo_id, doc in found.items()}

    def remove_photos(self, photo_ids: Collection[PhotoId], /) -> None:
        """Forget these photos and all that is known of them alone."""

        def work(draft: Draft) -> bool:
            draft.load(map(photo_key, photo_ids))
            known = {id_: doc for id_ in photo_ids if (doc := draft.get(photo_key(id_)))}
            face_ids = [FaceId(face_id) for doc in known.values() for face_id in doc["faces"]]
            postings.forget_photos(draft, known)
            change.forget(draft, face_ids)
            groups.forget(draft, face_ids)
            photos.remove_faces(draft, face_ids)
            draft.load(map(found_key, known))
            for photo_id in known:
                findings.replace(draft, photo_id, None)
            photos.remove(draft, known)
            return bool(known)

        self._write(work)

    def placeholders(self, photo_ids: Collection[PhotoId], /) -> Mapping[PhotoId, bytes]:
        """The placeholders of these photos; those without one are left out."""
        self._ledger.head()
        found = reading.docs(self._table, photo_ids, tiny_key)
        return {photo_id: tiny_of(doc) for photo_id, doc in found.items()}

    def keep_placeholders(self, made: Mapping[PhotoId, bytes], /) -> None:
        """Keep these placeholders; unknown photos are left out."""

        def work(draft: Draft) -> bool:
            draft.load(
                key for photo_id in made for key in (photo_key(photo_id), tiny_key(photo_id))
            )
            for photo_id, placeholder in made.items():
                if draft.get(photo_key(photo_id)) is not None:
                    draft.put(tiny_key(photo_id), tiny_doc(placeholder))
            return False

        self._write(work)

    # -- faces and people --------------------------------------------------------------------------

    def faces(self, photo_ids: Collection[PhotoId] | None = None, /) -> Iterator[Face]:
        """The faces of these photos, or all; in order of arrival, then largest box first."""
        return reading.faces(self._table, self._ledger.head(), photo_ids)

    def add_faces(
        self, faces: Sequence[Face], steps: Sequence[Step], change_: PeopleChange, edition: int, /
    ) -> None:
        """Keep more faces of known photos, and what grouping made of them."""

        def work(draft: Draft) -> bool:
            photos.keep_faces(draft, faces)
            groups.append(draft, steps)
            change.apply(draft, change_)
            return bool(faces or steps or change_)

        self._write(work, edition)

    def faces_by_id(self, face_ids: Collection[FaceId], /) -> Mapping[FaceId, Face]:
        """These faces; unknown ids are left out."""
        self._ledger.head()
        found = reading.docs(self._table, face_ids, face_key)
        return {face_id: face_of(face_id, doc) for face_id, doc in found.items()}

    def people(self) -> Sequence[PersonSummary]:
        """Everyone with an appearance: named first, then by number of photos, then by id."""
        self._ledger.head()
        return reading.summaries(reading.everyone(self._table))

    def person(self, person_id: PersonId, /) -> Person:
        """The person of that id, or the one it became part of."""
        draft = Draft(self._table, self._ledger.head())
        doc = draft.get(person_key(person_id))
        if doc is not None and doc["into"] is not None:
            person_id = PersonId(doc["into"])
            doc = draft.get(person_key(person_id))
        if doc is None:
            raise NotFoundError(f"the library has no person {person_id}")
        return person_of(person_id, doc)

    def appearances(
        self, person_ids: Collection[PersonId] | None = None, /
    ) -> Iterator[Appearance]:
        """The appearances of these people, or all; by person id, then similarity."""
        self._ledger.head()
        return reading.appearances(self._table, person_ids)

    def appearances_of(self, face_ids: Collection[FaceId], /) -> Mapping[FaceId, Appearance]:
        """Whose each face is; faces of nobody are left out."""
        self._ledger.head()
        found = reading.docs(self._table, face_ids, face_key)
        owned = {face_id: appearance_of(face_id, doc) for face_id, doc in found.items()}
        return {face_id: appearance for face_id, appearance in owned.items() if appearance}

    def standings(self, face_ids: Collection[FaceId] | None = None, /) -> Mapping[FaceId, Standing]:
        """Those of these faces, or of all, that a human set aside."""
        self._ledger.head()
        if face_ids is None:
            return dict(reading.standings(self._table))
        found = reading.docs(self._table, face_ids, face_key)
        return {
            face_id: Standing(doc["standing"])
            for face_id, doc in found.items()
            if doc["standing"] is not None
        }

    # -- groups and decisions ----------------------------------------------------------------------

    def edition(self) -> int:
        """A number that grows with every change of photos, groups, people or the journal."""
        return self._ledger.head().edition

    def groups_of(self, face_ids: Collection[FaceId], /) -> Mapping[FaceId, GroupId]:
        """The group of each face as it is called now; faces without a seat are left out."""
        return groups.of_faces(self._look(), face_ids)

    def current_groups(self, group_ids: Collection[GroupId], /) -> Mapping[GroupId, GroupId]:
        """What each of these groups is part of now; unknown ones are left out."""
        return groups.current(self._look(), group_ids)

    def group_faces(self, group_ids: Collection[GroupId], /) -> Mapping[GroupId, Sequence[FaceId]]:
        """All faces of each of these groups, of those that became part of it, too."""
        return groups.faces(self._look(), group_ids)

    def homes(self, group_ids: Collection[GroupId], /) -> Mapping[GroupId, PersonId]:
        """Whose these groups are, as ``PeopleChange.homes`` said last; follows ``became``."""
        return groups.homes(self._look(), group_ids)

    def steps(self, group_ids: Collection[GroupId] | None = None, /) -> Iterator[Step]:
        """How these groups, or all, came to be what they are now: seats and reunions in order."""
        return groups.steps(self._look(), group_ids)

    def regroup(self, steps: Sequence[Step] | None, change_: PeopleChange, edition: int, /) -> None:
        """Apply a change of people; with ``steps``, they replace all that there were."""

        def work(draft: Draft) -> bool:
            if steps is not None:
                groups.clear(draft)
                groups.append(draft, steps)
            change.apply(draft, change_)
            return steps is not None or bool(change_)

        self._write(work, edition)

    def record(self, decisions: Sequence[Decision], change_: PeopleChange, edition: int, /) -> None:
        """Append decisions to the journal, in this order, and apply what they change."""

        def work(draft: Draft) -> bool:
            journal.append(draft, decisions)
            change.apply(draft, change_)
            return bool(decisions or change_)

        self._write(work, edition)

    def decisions(
        self, about: Collection[PhotoId | PersonId] | None = None, /
    ) -> Iterator[Decision]:
        """The journal, or what concerns these photos and people, in the order of appending."""
        last = self._ledger.head().counts.get("decisions", 0)
        return journal.read(self._table, last, about)

    def erase(
        self,
        face_ids: Collection[FaceId],
        person_ids: Collection[PersonId],
        decisions: Mapping[str, Decision | None],
        edition: int,
        /,
    ) -> None:
        """Forget faces and people, and let entries of the journal say something else, or go."""

        def work(draft: Draft) -> bool:
            postings.forget_faces(draft, face_ids)
            postings.forget_people(draft, person_ids)
            change.erase(draft, face_ids, person_ids)
            groups.erase(draft, face_ids)
            photos.remove_faces(draft, face_ids)
            journal.redact(draft, decisions)
            return True

        self._write(work, edition)

    def counts(self) -> Counts:
        """How much there is."""
        known = self._ledger.head().counts
        return Counts(*(known.get(name, 0) for name in Counts.__slots__))

    # -- helpers -----------------------------------------------------------------------------------

    def _look(self) -> Draft:
        """Items as they are now."""
        return Draft(self._table, self._ledger.head())

    def _write(self, work: Callable[[Draft], bool], edition: int | None = None) -> None:
        write(self._table, self._ledger, work, edition)
