"""Who is shown to guests: whoever is in the photos they see, unless he is hidden or refused it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

from kith.domain.face import Face, FaceId
from kith.domain.person import Person, PersonId
from kith.domain.photo import PhotoId
from kith.pipeline.albums.records import Records
from kith.pipeline.chunks import in_chunks

MOST_PEOPLE: Final = 500
"""People whom a guest is shown; those in most photos."""

Appearing: TypeAlias = "list[tuple[Face, PersonId]]"
"""The faces of a photo that are somebody's, each with whose."""


@dataclass(frozen=True, slots=True)
class GuestPerson:
    """Somebody in the photos that a guest sees.

    Attributes:
        id: who.
        name: if that is known.
        cover: a face of one of these photos.
        photo_count: how many of these photos show him.
    """

    id: PersonId
    name: str | None
    cover: FaceId
    photo_count: int


def people_shown(records: Records, photo_ids: Iterable[PhotoId]) -> list[GuestPerson]:
    """Whom guests are shown of those in these photos, those in most of them first."""
    photos: Counter[PersonId] = Counter()
    covers: dict[PersonId, tuple[float, FaceId]] = {}
    for chunk in in_chunks(photo_ids):
        for appearing in faces_of_people(records, chunk).values():
            photos.update({person_id for _face, person_id in appearing})
            for face, person_id in appearing:
                # By id where they are as good, so that the same face is shown each time.
                best = covers.get(person_id, (-1.0, face.id))
                covers[person_id] = max(best, (face.detail.quality.overall, face.id))
    people = {one: records.catalog.person(one) for one in photos}
    return [
        GuestPerson(one, people[one].name, covers[one][1], count)
        for one, count in sorted(photos.items(), key=lambda item: (-item[1], item[0]))
        if is_shown(people[one])
    ][:MOST_PEOPLE]


def faces_of_people(records: Records, photo_ids: Iterable[PhotoId]) -> dict[PhotoId, Appearing]:
    """The faces of these photos that are somebody's; photos without any are left out."""
    faces = list(records.catalog.faces(list(photo_ids)))
    whose = records.catalog.appearances_of([face.id for face in faces])
    by_photo: dict[PhotoId, Appearing] = {}
    for face in faces:
        if face.id in whose:
            by_photo.setdefault(face.photo_id, []).append((face, whose[face.id].person_id))
    return by_photo


def is_shown(person: Person) -> bool:
    """Whether guests are shown somebody."""
    return not person.hidden and person.consent is not False
