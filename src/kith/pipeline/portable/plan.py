"""What an import would do: which faces get which names, and everything that a human must decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kith.domain.face import FaceId
from kith.domain.names import folded
from kith.domain.person import Person, PersonId
from kith.domain.photo import PhotoId
from kith.domain.region import MarkedPeople
from kith.pipeline.chunks import in_chunks
from kith.pipeline.portable.reconcile import KnownFace, reconcile
from kith.pipeline.portable.sources import Marked
from kith.pipeline.walk import Refused
from kith.ports.catalog import Catalog


@dataclass(frozen=True, slots=True)
class FaceName:
    """A face of a photo, and the name that it is said to have.

    Attributes:
        photo_id: the photo.
        path: where it lies.
        face_id: the face.
        person_id: whose it is; ``None`` for a face of nobody.
        name: as the other program has it.
    """

    photo_id: PhotoId
    path: str
    face_id: FaceId
    person_id: PersonId | None
    name: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """What a human must decide; nothing was done about it.

    Attributes:
        path: the photo in question, or one of them.
        reason: what is unclear, as a clause.
        names: the names in question.
        face_ids: the faces in question.
    """

    path: str
    reason: str
    names: tuple[str, ...]
    face_ids: tuple[FaceId, ...]


@dataclass(frozen=True, slots=True)
class Naming:
    """Everything that one name means for the library: one person, who has it afterwards.

    Attributes:
        name: as the library spells it if it knows it, else as most marks do.
        person_ids: who bears the name, or shows one of the faces; the first stays, and the others
            become part of it. Empty if all faces are nobody's.
        named: whether the first has the name already.
        faces: the faces that led to it.
    """

    name: str
    person_ids: tuple[PersonId, ...]
    named: bool
    faces: tuple[FaceName, ...]


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import would do.

    Attributes:
        source: ``xmp``, ``picasa`` or ``digikam``.
        photos: how many photos were looked at.
        namings: what to do, by name.
        known: how many faces have their name already.
        conflicts: what is unclear, and left alone.
        unmatched: (path, name) of marks at which Kith found no face.
        suggestions: likely, but not sure: the only face and the only name that are left in a photo.
        problems: files that could not be read.
    """

    source: str
    photos: int = 0
    namings: tuple[Naming, ...] = ()
    known: int = 0
    conflicts: tuple[Conflict, ...] = ()
    unmatched: tuple[tuple[str, str], ...] = ()
    suggestions: tuple[FaceName, ...] = ()
    problems: tuple[Refused, ...] = ()


def plan_import(catalog: Catalog, source: str, marked: Marked) -> ImportPlan:
    """What the names of a source mean for the library; changes nothing."""
    notes = _Notes()
    for entries in in_chunks(marked.people.items()):
        _look_at(catalog, dict(entries), notes)
    return ImportPlan(
        source=source,
        photos=marked.photos,
        namings=tuple(_namings(catalog, _agreed(notes), notes)),
        known=notes.known,
        conflicts=tuple(notes.conflicts),
        unmatched=tuple(notes.unmatched),
        suggestions=tuple(notes.suggestions),
        problems=tuple(marked.problems),
    )


@dataclass(slots=True)
class _Notes:
    """What was found out so far, photo by photo."""

    faces: list[FaceName] = field(default_factory=list[FaceName])
    known: int = 0
    conflicts: list[Conflict] = field(default_factory=list[Conflict])
    unmatched: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    suggestions: list[FaceName] = field(default_factory=list[FaceName])


def _look_at(
    catalog: Catalog, entries: Mapping[PhotoId, tuple[str, MarkedPeople]], notes: _Notes
) -> None:
    """Reconcile the marks of these photos with their faces."""
    faces, people_of = _known_faces(catalog, entries.keys())
    for photo_id, (path, people) in entries.items():
        result = reconcile(people, faces.get(photo_id, []))
        named, suggested = (
            [
                FaceName(photo_id, path, one.face_id, people_of.get(one.face_id), one.name)
                for one in some
            ]
            for some in (result.named, result.suggestions)
        )
        notes.faces += named
        notes.suggestions += suggested
        notes.known += len(result.known)
        notes.unmatched += [(path, name) for name in result.unmatched]
        notes.conflicts += [
            Conflict(path, one.reason.value, one.names, one.face_ids) for one in result.conflicts
        ]


def _known_faces(
    catalog: Catalog, photo_ids: Collection[PhotoId]
) -> tuple[Mapping[PhotoId, list[KnownFace]], Mapping[FaceId, PersonId]]:
    """The faces of each photo with the names they have, and whose they are."""
    faces = list(catalog.faces(photo_ids))
    face_ids = [face.id for face in faces]
    people_of = {
        face_id: one.person_id for face_id, one in catalog.appearances_of(face_ids).items()
    }
    names = {person_id: catalog.person(person_id).name for person_id in {*people_of.values()}}
    set_aside = catalog.standings(face_ids)
    known: dict[PhotoId, list[KnownFace]] = {}
    for face in faces:
        if face.id not in set_aside:
            who = people_of.get(face.id)
            name = names[who] if who else None
            known.setdefault(face.photo_id, []).append(KnownFace(face.id, face.box, name))
    return known, people_of


def _agreed(notes: _Notes) -> list[FaceName]:
    """The faces of people whose faces all have one name; the others become conflicts."""
    by_person: dict[PersonId, list[FaceName]] = {}
    agreed = [face for face in notes.faces if face.person_id is None]
    for face in notes.faces:
        if face.person_id is not None:
            by_person.setdefault(face.person_id, []).append(face)
    for faces in by_person.values():
        if len({folded(face.name) for face in faces}) == 1:
            agreed += faces
        else:
            notes.conflicts.append(_conflict("the faces of one person have several names", faces))
    return agreed


def _namings(catalog: Catalog, faces: Sequence[FaceName], notes: _Notes) -> Iterator[Naming]:
    """One for each name, in their order; people of one name who cannot be one are conflicts."""
    bearers: dict[str, list[Person]] = {}
    for summary in catalog.people():
        if summary.person.name:
            bearers.setdefault(folded(summary.person.name), []).append(summary.person)
    by_name: dict[str, list[FaceName]] = {}
    for face in faces:
        by_name.setdefault(folded(face.name), []).append(face)
    for name, some in sorted(by_name.items()):
        known = bearers.get(name, [])
        if len(known) > 1:
            notes.conflicts.append(_conflict("several people have this name already", some))
        else:
            kept, apart = _one_person(catalog, known, some)
            if apart:
                notes.conflicts.append(_conflict("they are in one photo together", apart))
            if kept:
                yield _naming(known, kept)


def _naming(known: Sequence[Person], faces: Sequence[FaceName]) -> Naming:
    spellings = Counter(face.name for face in faces)
    spelling = known[0].name if known else None
    return Naming(
        name=spelling or max(sorted(spellings), key=lambda name: spellings[name]),
        person_ids=(*(person.id for person in known), *_by_faces(faces)),
        named=bool(known),
        faces=tuple(faces),
    )


def _one_person(
    catalog: Catalog, known: Sequence[Person], faces: Sequence[FaceName]
) -> tuple[list[FaceName], list[FaceName]]:
    """The faces that can be one person, and those that cannot: two in one photo are two people.

    Who bears the name comes first, then who has most of the faces.
    """
    people = [*(person.id for person in known), *_by_faces(faces)]
    photos = _photos_of(catalog, people)
    seen = {photo for person in known for photo in photos.get(person.id, set())}
    out: set[PersonId] = set()
    for person_id in _by_faces(faces):
        if seen & photos[person_id]:
            out.add(person_id)
        else:
            seen |= photos[person_id]
    kept: list[FaceName] = []
    apart: list[FaceName] = []
    for face in faces:
        alone = face.person_id is None and face.photo_id not in seen
        seen |= {face.photo_id} if alone else set()
        fits = alone if face.person_id is None else face.person_id not in out
        (kept if fits else apart).append(face)
    return kept, apart


def _by_faces(faces: Sequence[FaceName]) -> list[PersonId]:
    """The people of these faces, those with most of them first."""
    counts = Counter(face.person_id for face in faces if face.person_id is not None)
    return sorted(counts, key=lambda person_id: (-counts[person_id], person_id))


def _photos_of(catalog: Catalog, people: Collection[PersonId]) -> dict[PersonId, set[PhotoId]]:
    photos: dict[PersonId, set[PhotoId]] = {person_id: set() for person_id in people}
    for appearances in in_chunks(catalog.appearances(people)):
        faces = catalog.faces_by_id([one.face_id for one in appearances])
        for one in appearances:
            if one.face_id in faces:
                photos[one.person_id].add(faces[one.face_id].photo_id)
    return photos


def _conflict(reason: str, faces: Sequence[FaceName]) -> Conflict:
    names = tuple(sorted({face.name for face in faces}))
    ids = tuple(sorted({face.face_id for face in faces}))
    return Conflict(min(face.path for face in faces), reason, names, ids)
