"""Those whom questions are about: people, and faces of nobody."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from kith.domain.face import FaceId
from kith.domain.person import Person, PersonId
from kith.domain.photo import PhotoId
from kith.grouping.neighborhood import Member
from kith.grouping.questions import Fragment
from kith.ports.catalog import Catalog

SubjectId = str
"""The id of a person, or of a face that is nobody's."""


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """Somebody, or a face of nobody, as of now.

    Attributes:
        id: the person's id, or the face's.
        person: who; ``None`` for a face of nobody.
        fragments: the numbers of the fragments that it is made of.
        faces: its faces.
        photos: the photos that show them.
    """

    id: SubjectId
    person: Person | None
    fragments: tuple[int, ...]
    faces: frozenset[FaceId]
    photos: frozenset[PhotoId]


class Subjects:
    """All that may be asked about, in a library whose people change while questions are answered.

    Hidden people, and those who refused to be recognized, are left out.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        people = {each.person.id: each.person for each in catalog.people()}
        may_be_asked = {id_ for id_, person in people.items() if _may_be_asked(person)}
        whose = {each.face_id: each.person_id for each in catalog.appearances()}
        aside = catalog.standings()
        members: dict[SubjectId, list[Member]] = {}
        for face in catalog.faces():
            owner = whose.get(face.id)
            # Who is not among the people has come since they were read; so the edition is another.
            if face.id not in aside and (owner is None or owner in may_be_asked):
                members.setdefault(owner or face.id, []).append(Member.of(face))
        ordered = sorted(members.items(), key=lambda each: (-len(each[1]), each[0]))
        self.fragments = [Fragment(_best_first(found)) for _, found in ordered]
        self._id_of: list[SubjectId] = [id_ for id_, _ in ordered]
        self._subjects: dict[SubjectId, Subject] = {}
        for number, id_ in enumerate(self._id_of):
            person = people.get(PersonId(id_))
            self._subjects[id_] = _subject(id_, person, {number: self.fragments[number]})

    def of(self, number: int) -> Subject | None:
        """Whose a fragment is now; ``None`` if it is not to be asked about any more."""
        return self._subjects.get(self._id_of[number])

    def get(self, subject_id: SubjectId) -> Subject | None:
        """The subject of that id, as long as there is one."""
        return self._subjects.get(subject_id)

    def look_again(self, subject_ids: Iterable[SubjectId]) -> set[SubjectId]:
        """Read anew what became of these; answers all that are not what they were."""
        changed = set(subject_ids)
        numbers = [n for n, id_ in enumerate(self._id_of) if id_ in changed]
        first = {number: self.fragments[number].judged[0] for number in numbers}
        whose = self._catalog.appearances_of(first.values())
        for number, face_id in first.items():
            self._id_of[number] = whose[face_id].person_id if face_id in whose else face_id
            changed.add(self._id_of[number])
        pieces: dict[SubjectId, dict[int, Fragment]] = {id_: {} for id_ in changed}
        for number, id_ in enumerate(self._id_of):
            if id_ in changed:
                pieces[id_][number] = self.fragments[number]
        self._replace(pieces)
        return changed

    def _replace(self, pieces: Mapping[SubjectId, Mapping[int, Fragment]]) -> None:
        for id_, fragments in pieces.items():
            self._subjects.pop(id_, None)
            loose = any(id_ == fragment.judged[0] for fragment in fragments.values())
            person = None if loose or not fragments else self._catalog.person(PersonId(id_))
            if fragments and (person is None or _may_be_asked(person)):
                self._subjects[id_] = _subject(id_, person, fragments)


def _may_be_asked(person: Person) -> bool:
    return not person.hidden and person.consent is not False


def _best_first(members: Collection[Member]) -> tuple[Member, ...]:
    return tuple(sorted(members, key=lambda each: (-each.overall, each.face_id)))


def _subject(id_: SubjectId, person: Person | None, fragments: Mapping[int, Fragment]) -> Subject:
    members: Sequence[Member] = [
        member for fragment in fragments.values() for member in fragment.members
    ]
    return Subject(
        id_,
        person,
        tuple(fragments),
        frozenset(member.face_id for member in members),
        frozenset(member.photo_id for member in members),
    )
