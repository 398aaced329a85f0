"""What a correction may have overlooked: said to the user afterwards, and no reason to refuse."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from kith.domain.decision import Repeats, in_force
from kith.domain.names import folded
from kith.domain.person import Person
from kith.domain.photo import PhotoId
from kith.ports.catalog import Catalog, PersonSummary


def namesakes(catalog: Catalog, person: Person) -> list[PersonSummary]:
    """The others who have this person's name, in whatever case; those in most photos first."""
    if person.name is None:
        return []
    name = folded(person.name)
    return [
        each
        for each in catalog.people()
        if each.person.id != person.id and each.person.name and folded(each.person.name) == name
    ]


def photos_with_several(catalog: Catalog, people: Sequence[Person]) -> frozenset[PhotoId]:
    """The photos in which at least two of these people are: they can hardly be one person.

    Photos of which someone said that one person may be in them several times do not count.
    """
    seen: set[PhotoId] = set()
    twice: set[PhotoId] = set()
    for person in people:
        photos = _photos_of(catalog, person)
        twice |= seen & photos
        seen |= photos
    return frozenset(twice - _collages(catalog, twice))


def _collages(catalog: Catalog, photo_ids: Collection[PhotoId]) -> set[PhotoId]:
    said = in_force(list(catalog.decisions(photo_ids))) if photo_ids else []
    allowed = {
        each.said.photo_id: each.said.allowed for each in said if isinstance(each.said, Repeats)
    }
    return {photo_id for photo_id, is_allowed in allowed.items() if is_allowed}


def _photos_of(catalog: Catalog, person: Person) -> set[PhotoId]:
    faces = [appearance.face_id for appearance in catalog.appearances([person.id])]
    return {face.photo_id for face in catalog.faces_by_id(faces).values()}
