"""Forgetting: taking people, faces and photos away for good.

What recognizes somebody goes first, what only tells of it last. Interrupted anywhere, the same
request goes on, and ``finish_forgetting`` does what was left of the last steps.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from kith.domain.decision import (
    Anchor,
    Confirm,
    Decision,
    NotAFace,
    NotThisPerson,
    PersonRef,
    Split,
    Statement,
    Strangers,
    Undo,
    anchors_in,
    faces_in,
    person_ids_in,
)
from kith.domain.errors import NotFoundError
from kith.domain.face import Face
from kith.domain.person import Person, PersonId
from kith.domain.photo import PhotoId
from kith.pipeline.add_photo import thumbnail_key
from kith.pipeline.chunks import in_chunks
from kith.pipeline.crops import crop_key
from kith.pipeline.decisions.decide import replay, retrying
from kith.pipeline.findings.document import document_key
from kith.pipeline.library import Library
from kith.pipeline.marks import Marks
from kith.pipeline.serving.renditions import face_keys, rendition_keys

_UNFINISHED = "state/forgetting"
"""Derived object that stands while something is forgotten."""


@dataclass(slots=True)
class Forgotten:
    """What was removed, for the report.

    Attributes:
        faces: with their embeddings, crops and appearances.
        photos: that showed them, or were forgotten themselves.
        people: whose ids and names are gone.
        decisions: entries of the journal that were removed.
        rewritten: entries that lost a part.
        crops: pictures of single faces, in all their sizes.
        thumbnails: pictures of whole photos, in all their sizes.
        marks: places in photos where nobody is to be recognized again.
        copies: older copies of the database, which held all of it, too.
    """

    faces: int = 0
    photos: int = 0
    people: int = 0
    decisions: int = 0
    rewritten: int = 0
    crops: int = 0
    thumbnails: int = 0
    marks: int = 0
    copies: list[str] = field(default_factory=list[str])


def forget_person(library: Library, person: Person) -> Forgotten:
    """Erase a person, and keep these faces erased through every new look at their photos."""
    appearances = library.catalog.appearances([person.id])
    found = library.catalog.faces_by_id([appearance.face_id for appearance in appearances])
    faces = list(found.values())
    library.derived.write(_UNFINISHED, b"")
    marks = Marks(library.derived)
    before = len(marks)
    marks.add(faces)
    report = _forget_faces(library, faces, {person.id})
    report.marks = len(marks) - before
    return finish_forgetting(library, report)


def forget_all_faces(library: Library) -> Forgotten:
    """Erase every face, person and decision; photos and thumbnails stay, and so do the marks."""
    library.derived.write(_UNFINISHED, b"")
    people = {summary.person.id for summary in library.catalog.people()}
    people |= {id_ for each in library.catalog.decisions() for id_ in person_ids_in(each.said)}
    report = _forget_faces(library, list(library.catalog.faces()), people, everything=True)
    for stored in list(library.derived.list("crops/")):
        library.derived.delete(stored.key)
        report.crops += 1
    return finish_forgetting(library, report)


def forget_photos(library: Library, photo_ids: Collection[PhotoId]) -> Forgotten:
    """Forget photos and their faces; the files are not touched, and the journal stays.

    What was said of them counts again if they are added again.
    """
    library.derived.write(_UNFINISHED, b"")
    faces = list(library.catalog.faces(photo_ids))
    report = Forgotten(faces=len(faces), photos=len(photo_ids))
    _forget_embeddings(library, faces)
    report.crops = _delete_crops(library, faces)
    keys = [key for each in photo_ids for key in (thumbnail_key(each), *rendition_keys(each))]
    report.thumbnails = sum(_delete(library, key) for key in keys)
    _delete_documents(library, photo_ids)
    library.catalog.remove_photos(photo_ids)
    return finish_forgetting(library, report)


def finish_forgetting(library: Library, report: Forgotten | None = None) -> Forgotten:
    """Work out who is left, and see that nothing of what was removed is left anywhere.

    Without something unfinished it does nothing; every writer that waits for its turn may call it.
    """
    report = report or Forgotten()
    try:
        library.derived.stat(_UNFINISHED)
    except NotFoundError:
        return report
    replay(library.catalog)
    library.upkeep.rebuild_index()
    report.copies += library.upkeep.scrub()
    library.derived.delete(_UNFINISHED)
    return report


def _forget_faces(
    library: Library,
    faces: Sequence[Face],
    people: Collection[PersonId],
    *,
    everything: bool = False,
) -> Forgotten:
    report = Forgotten(
        faces=len(faces), photos=len({face.photo_id for face in faces}), people=len(people)
    )
    _forget_embeddings(library, faces)
    report.crops = _delete_crops(library, faces)
    _delete_documents(library, {face.photo_id for face in faces})

    def erase() -> dict[str, Decision | None]:
        edition = library.catalog.edition()
        journal = list(library.catalog.decisions())
        changes: dict[str, Decision | None] = (
            {each.id: None for each in journal} if everything else _redacted(journal, faces, people)
        )
        ids = [face.id for face in faces]
        library.catalog.erase(ids, people, changes, edition)
        return changes

    changes = retrying(erase)
    report.decisions = sum(change is None for change in changes.values())
    report.rewritten = len(changes) - report.decisions
    return report


def _forget_embeddings(library: Library, faces: Sequence[Face]) -> None:
    for some in in_chunks(faces):
        library.collection.forget([face.id for face in some])


def _delete_crops(library: Library, faces: Sequence[Face]) -> int:
    keys = [key for face in faces for key in (crop_key(face.id), *face_keys(face.id))]
    return sum(_delete(library, key) for key in keys)


def _delete_documents(library: Library, photo_ids: Collection[PhotoId]) -> None:
    """Where documents are kept beside crops, they tell of the faces, too."""
    for photo_id in photo_ids:
        library.derived.delete(document_key(photo_id))


def _delete(library: Library, key: str) -> bool:
    try:
        library.derived.stat(key)
    except NotFoundError:
        return False
    library.derived.delete(key)
    return True


# -- the journal -----------------------------------------------------------------------------------


def _redacted(
    journal: Sequence[Decision], faces: Sequence[Face], people: Collection[PersonId]
) -> dict[str, Decision | None]:
    """The journal's entries that must change: what is left of them, or ``None`` for nothing."""
    by_photo: dict[PhotoId, list[Face]] = {}
    for face in faces:
        by_photo.setdefault(face.photo_id, []).append(face)
    changes: dict[str, Decision | None] = {}
    for decision in journal:
        gone = {
            anchor
            for anchor in anchors_in(decision.said)
            if anchor.find(by_photo.get(anchor.photo_id, ()))
        }
        if person_ids_in(decision.said) & set(people):
            changes[decision.id] = None
        elif gone:
            left = _without(decision.said, gone)
            changes[decision.id] = replace(decision, said=left) if left else None
    removed = {id_ for id_, change in changes.items() if change is None}
    for decision in journal:
        if isinstance(decision.said, Undo) and decision.said.decision_id in removed:
            changes[decision.id] = None
            removed.add(decision.id)
    return changes


def _without(said: Statement, gone: Collection[Anchor]) -> Statement | None:
    """The statement without these faces; ``None`` if it says nothing then."""
    match said:
        case Split() | NotThisPerson() | Confirm() | NotAFace() | Strangers():
            faces = tuple(each for each in said.faces if each not in gone)
            said = replace(said, faces=faces)
            if not faces:
                return None
        case _ if any(anchor in gone for anchor in faces_in(said)):
            return None
        case _:
            pass
    return _with_people(said, gone)


def _with_people(said: Statement, gone: Collection[Anchor]) -> Statement:
    parts = {
        name: replace(value, anchors=tuple(each for each in value.anchors if each not in gone))
        for name in said.__slots__
        if isinstance(value := getattr(said, name), PersonRef)
    }
    return replace(said, **parts)
