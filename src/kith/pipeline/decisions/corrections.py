"""What a human can say of people and faces, each as one entry of the journal."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date

from kith.domain.decision import (
    Anchor,
    BirthDate,
    Confirm,
    Consent,
    Cover,
    DifferentPeople,
    Hide,
    Merge,
    Name,
    NotAFace,
    NotThisPerson,
    PersonRef,
    Repeats,
    Reset,
    SamePerson,
    Split,
    Strangers,
    Undo,
)
from kith.domain.errors import NotFoundError, UsageError
from kith.domain.face import Face, FaceId
from kith.domain.grouping import GroupId
from kith.domain.person import Person, PersonId
from kith.domain.photo import PhotoId
from kith.pipeline.decisions.decide import Effect, decide
from kith.ports.catalog import Catalog

_ANCHORS = 16
"""Faces by which a decision finds its person again: the best fitting ones. One would do; more
survive the loss of photos, and a group that another model divides."""

# -- of people -------------------------------------------------------------------------------------


def name_person(catalog: Catalog, person: Person, name: str | None, *, by: str) -> Effect:
    """Give a person a name, or take it away with ``None``.

    Raises:
        UsageError: the name is empty.
    """
    called = None if name is None else _called(name)
    return decide(catalog, [Name(ref(catalog, person), called)], by=by)


def _called(name: str) -> str:
    """The name without space around it."""
    if not name.strip():
        raise UsageError("A name cannot be empty", "To take a name away use --no-name.")
    return name.strip()


def merge_people(catalog: Catalog, gone: Sequence[Person], stays: Person, *, by: str) -> Effect:
    """All of these are one person: ``stays``, with that id and name.

    Raises:
        UsageError: ``stays`` is among those that go, or nobody is.
    """
    if not gone or stays.id in {person.id for person in gone}:
        raise UsageError("A person cannot be merged with itself", "Name two people or more.")
    into = ref(catalog, stays)
    return decide(catalog, [Merge(ref(catalog, person), into) for person in gone], by=by)


def same_person(catalog: Catalog, one: Person, other: Person, *, by: str) -> Effect:
    """The answer that these two are one person; who is named, or else has more faces, remains."""
    faces = Counter(each.person_id for each in catalog.appearances([one.id, other.id]))
    first, second = sorted(
        (one, other), key=lambda each: (each.name is None, each.hidden, -faces[each.id], each.id)
    )
    return decide(catalog, [SamePerson(ref(catalog, first), ref(catalog, second))], by=by)


def different_people(catalog: Catalog, one: Person, other: Person, *, by: str) -> Effect:
    """The answer that these two are not one person."""
    return decide(catalog, [DifferentPeople(ref(catalog, one), ref(catalog, other))], by=by)


def hide_person(catalog: Catalog, person: Person, hidden: bool, *, by: str) -> Effect:
    """Leave a person out of lists and questions, or show it again."""
    return decide(catalog, [Hide(ref(catalog, person), hidden)], by=by)


def set_birth_date(catalog: Catalog, person: Person, born: date | None, *, by: str) -> Effect:
    """No photo taken before that day shows this person; ``None`` takes it back."""
    return decide(catalog, [BirthDate(ref(catalog, person), born)], by=by)


def set_consent(catalog: Catalog, person: Person, given: bool | None, *, by: str) -> Effect:
    """The person agreed to be recognized, refused, or (``None``) said nothing."""
    return decide(catalog, [Consent(ref(catalog, person), given)], by=by)


def choose_cover(catalog: Catalog, person: Person, face_id: FaceId, *, by: str) -> Effect:
    """This face stands for the person.

    Raises:
        UsageError: the face is somebody else's.
    """
    face = _faces(catalog, [face_id])[0]
    appearance = catalog.appearances_of([face_id]).get(face_id)
    if appearance is None or appearance.person_id != person.id:
        raise UsageError("This face is not that person's", "Confirm first that it is.")
    return decide(catalog, [Cover(ref(catalog, person), Anchor.of(face))], by=by)


def reset(catalog: Catalog, person: Person | None, *, by: str) -> Effect:
    """Set aside everything that was said of a person, or of everyone."""
    return decide(catalog, [Reset(person.id if person else None)], by=by)


# -- of faces --------------------------------------------------------------------------------------


def split_off(
    catalog: Catalog, person: Person, face_ids: Collection[FaceId], *, by: str
) -> PersonId:
    """These faces are one other person; answers its id.

    Raises:
        UsageError: there are no faces, or they are not this person's, or all that it has.
    """
    faces = _faces(catalog, face_ids)
    own = {appearance.face_id for appearance in catalog.appearances([person.id])}
    if not faces or not {face.id for face in faces} < own:
        raise UsageError(
            "Only some of a person's own faces can be split off", "See `kith people show`."
        )
    into = PersonId(str(uuid.uuid4()))
    apart = Split(_anchors(faces), ref(catalog, person, but=face_ids), into)
    decide(catalog, [apart], by=by)
    return into


def new_person(catalog: Catalog, name: str, face_ids: Collection[FaceId], *, by: str) -> PersonId:
    """These faces, whosever they seemed to be, are one person of that name; answers its id.

    Raises:
        UsageError: the name is empty, or there are no faces.
    """
    anchors = _anchors(_faces(catalog, face_ids))
    if not anchors:
        raise UsageError("A person has at least one face", "See `kith faces PHOTO`.")
    person = PersonRef(PersonId(str(uuid.uuid4())), anchors)
    decide(catalog, [Confirm(anchors, person), Name(person, _called(name))], by=by)
    return person.person_id


def not_this_person(
    catalog: Catalog, person: Person, face_ids: Collection[FaceId], *, by: str
) -> Effect:
    """These faces are not this person; who they are is not said."""
    faces = _faces(catalog, face_ids)
    said = NotThisPerson(_anchors(faces), ref(catalog, person, but=face_ids))
    return decide(catalog, [said], by=by)


def confirm(catalog: Catalog, person: Person, face_ids: Collection[FaceId], *, by: str) -> Effect:
    """These faces are this person, whoever they seemed to be."""
    said = Confirm(_anchors(_faces(catalog, face_ids)), ref(catalog, person))
    return decide(catalog, [said], by=by)


def not_a_face(catalog: Catalog, face_ids: Collection[FaceId], *, by: str) -> Effect:
    """What was found here is no face."""
    return decide(catalog, [NotAFace(_anchors(_faces(catalog, face_ids)))], by=by)


def strangers(catalog: Catalog, photo_ids: Collection[PhotoId], *, by: str) -> Effect:
    """Everyone in these photos who has no name is a stranger.

    Raises:
        UsageError: everyone has a name, or was set aside.
    """
    faces = list(catalog.faces(photo_ids))
    known = catalog.appearances_of([face.id for face in faces])
    names = {each.person_id: catalog.person(each.person_id).name for each in known.values()}
    aside = catalog.standings([face.id for face in faces])
    others = [
        face
        for face in faces
        if face.id not in aside and (face.id not in known or not names[known[face.id].person_id])
    ]
    if not others:
        raise UsageError("Nobody without a name is in these photos")
    return decide(catalog, [Strangers(_anchors(others))], by=by)


def stranger_faces(catalog: Catalog, face_ids: Collection[FaceId], *, by: str) -> Effect:
    """These faces are nobody the user knows."""
    return decide(catalog, [Strangers(_anchors(_faces(catalog, face_ids)))], by=by)


def repeats(catalog: Catalog, photo_id: PhotoId, allowed: bool, *, by: str) -> Effect:
    """One person may appear several times in this photo, or (``allowed`` false) may not."""
    return decide(catalog, [Repeats(photo_id, allowed)], by=by)


# -- of decisions ----------------------------------------------------------------------------------


def undo(catalog: Catalog, decision_ids: Sequence[str], *, by: str) -> Effect:
    """Take these decisions back.

    Raises:
        NotFoundError: one of them is not in the journal.
    """
    return decide(catalog, [Undo(decision_id) for decision_id in decision_ids], by=by)


# -- how people and faces are named ----------------------------------------------------------------


def ref(catalog: Catalog, person: Person, but: Collection[FaceId] = ()) -> PersonRef:
    """A person as a decision names it: by id, and by the best of its faces.

    Faces that the machine itself grouped under the person's id go first: they are this person's
    whatever else is taken back.
    """
    best = [each.face_id for each in catalog.appearances([person.id]) if each.face_id not in but]
    core = _core(catalog, person)
    chosen = ([each for each in best if each in core] or best)[:_ANCHORS]
    return PersonRef(person.id, _anchors(_faces(catalog, chosen)))


def _core(catalog: Catalog, person: Person) -> set[FaceId]:
    groups = catalog.current_groups([GroupId(person.id)]).values()
    faces = catalog.group_faces(set(groups)).values()
    return {face_id for face_ids in faces for face_id in face_ids}


def _faces(catalog: Catalog, face_ids: Collection[FaceId]) -> list[Face]:
    found = catalog.faces_by_id(face_ids)
    missing = [face_id for face_id in face_ids if face_id not in found]
    if missing:
        raise NotFoundError(f"The library has no face {missing[0]}", "See `kith faces PHOTO`.")
    return [found[face_id] for face_id in face_ids]


def _anchors(faces: Sequence[Face]) -> tuple[Anchor, ...]:
    return tuple(Anchor.of(face) for face in faces)
