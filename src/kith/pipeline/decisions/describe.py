"""Describing somebody who is one group of the machine's: the quick way, which moves no face.

Most people are: nobody said anything of their faces, and one group is all of them. A name then
changes nothing but the person, so the faces need not be grouped anew under what was said.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from kith.domain.decision import (
    AboutPeople,
    Anchor,
    BirthDate,
    Consent,
    Cover,
    Decision,
    Hide,
    Name,
    Repeats,
    Statement,
    anchors_in,
    in_force,
    person_ids_in,
    photos_in,
)
from kith.domain.errors import NotFoundError
from kith.domain.face import Face, FaceId
from kith.domain.grouping import GroupId, groups_in
from kith.domain.person import Person, PersonId
from kith.domain.photo import PhotoId
from kith.ports.catalog import Catalog


@dataclass(frozen=True, slots=True)
class Described:
    """What comes of describing somebody.

    Attributes:
        person: as described.
        known: the decisions that were made before, on this person and on others in its photos.
    """

    person: Person
    known: Sequence[Decision]


def describe(catalog: Catalog, new: Sequence[Decision]) -> Described | None:
    """What comes of these decisions; ``None`` where they could do more than describe one person.

    They cannot where the person is all faces of one group, each in a photo of its own, none of
    them placed by a human, and where whatever was said of these faces, or of anybody by an id of
    that group, describes the person, too. Then all these descriptions unite faces of one group
    alone, and there is nobody else whom they could keep from it.
    """
    person = _only_person(catalog, new)
    faces = _faces_of_group(catalog, person) if person else None
    if person is None or faces is None:
        return None
    steps = catalog.steps([GroupId(person.id)])
    ids = {PersonId(name) for step in steps for name in groups_in(step)}
    photo_ids = {face.photo_id for face in faces.values()}
    known = list(catalog.decisions(photo_ids | ids))
    concerning = _Concerning(catalog, faces.keys(), ids, [*known, *new])
    if not all(concerning.describes(each, person.id) for each in in_force([*known, *new])):
        return None
    for each in new:
        person = concerning.described(person, each.said)
    is_born_late = person.born and person.born > _first_day(catalog, photo_ids)
    return None if is_born_late else Described(person, known)


def _only_person(catalog: Catalog, new: Sequence[Decision]) -> Person | None:
    """The one whom all of these describe, if they do nothing else."""
    ids = {each.said.person.person_id for each in new if isinstance(each.said, AboutPeople)}
    if len(ids) != 1 or not all(isinstance(each.said, AboutPeople) for each in new):
        return None
    (person_id,) = ids
    try:
        person = catalog.person(person_id)
    except NotFoundError:
        return None
    return person if person.id == person_id else None


def _faces_of_group(catalog: Catalog, person: Person) -> dict[FaceId, Face] | None:
    """All faces of the group that the person is; ``None`` for one who is not just that."""
    group_id = GroupId(person.id)
    own = list(catalog.appearances([person.id]))
    face_ids = {appearance.face_id for appearance in own}
    if any(each.confirmed for each in own) or catalog.homes([group_id]) != {group_id: person.id}:
        return None
    if face_ids != set(catalog.group_faces([group_id])[group_id]):
        return None
    faces = dict(catalog.faces_by_id(face_ids))
    return faces if len({face.photo_id for face in faces.values()}) == len(face_ids) else None


class _Concerning:
    """Tells which decisions concern a group, and what they say of the person it is."""

    def __init__(
        self,
        catalog: Catalog,
        face_ids: Collection[FaceId],
        ids: Collection[PersonId],
        decisions: Iterable[Decision],
    ) -> None:
        self._face_ids = face_ids
        self._ids = ids
        self._in_photo: dict[PhotoId, list[Face]] = {}
        photo_ids = {photo_id for each in decisions for photo_id in photos_in(each.said)}
        for face in catalog.faces(photo_ids):
            self._in_photo.setdefault(face.photo_id, []).append(face)

    def describes(self, decision: Decision, person_id: PersonId) -> bool:
        """Whether a decision says of the group no more than what the person is like."""
        said = decision.said
        meant = set(self._find(anchors_in(said)))
        if isinstance(said, Repeats):
            return False
        if meant.isdisjoint(self._face_ids) and person_ids_in(said).isdisjoint(self._ids):
            return True
        is_this = isinstance(said, AboutPeople) and said.person.person_id == person_id
        return is_this and meant <= set(self._face_ids)

    def described(self, person: Person, said: Statement) -> Person:
        """The person with what was said last."""
        match said:
            case Name(_, name):
                return replace(person, name=name)
            case Hide(_, hidden):
                return replace(person, hidden=hidden)
            case BirthDate(_, born):
                return replace(person, born=born)
            case Consent(_, given):
                return replace(person, consent=given)
            case Cover(_, face):
                return replace(person, cover=next(self._find([face]), person.cover))
            case _:
                return person

    def _find(self, anchors: Iterable[Anchor]) -> Iterator[FaceId]:
        found = (anchor.find(self._in_photo.get(anchor.photo_id, ())) for anchor in anchors)
        return (face.id for face in found if face)


def _first_day(catalog: Catalog, photo_ids: Collection[PhotoId]) -> date:
    """The day of the oldest of these photos; the last of all days where none has one."""
    taken = (photo.taken_at for photo in catalog.photos(photo_ids))
    return min((at.date() for at in taken if at), default=date.max)
