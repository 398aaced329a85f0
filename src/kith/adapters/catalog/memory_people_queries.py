"""Questions about people, answered by looking at all that a catalog knows of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from kith.domain.errors import NotFoundError
from kith.domain.person import Person, PersonId
from kith.domain.photo import Photo, PhotoId
from kith.ports.catalog import Catalog, PersonSummary
from kith.ports.people import Companion, InYear, Order, Seen, YearOfPhotos


class MemoryPeopleQueries:
    """Questions to any catalog, answered in Python."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def people(self, person_ids: Collection[PersonId], /) -> Mapping[PersonId, Person]:
        """Those of these people who are known; merged ones are left out."""
        found = (self._known(person_id) for person_id in set(person_ids))
        return {person.id: person for person in found if person}

    def summaries(self, person_ids: Collection[PersonId], /) -> Sequence[PersonSummary]:
        """Those of these people who appear, in the order of ``Catalog.people``."""
        wanted = set(person_ids)
        return [each for each in self._catalog.people() if each.person.id in wanted]

    def years(self, person_id: PersonId, /) -> Sequence[YearOfPhotos]:
        """In which years somebody was photographed: newest first, never known last."""
        counts = Counter(_year(photo) for photo in self._photos_of(person_id))
        found = [YearOfPhotos(year, count) for year, count in counts.items()]
        return sorted(found, key=lambda each: (each.year is None, -(each.year or 0)))

    def span(self, person_id: PersonId, /) -> tuple[str, str] | None:
        """The first and the last second at which somebody was photographed, if one is known."""
        seconds = [second for photo in self._photos_of(person_id) if (second := _second(photo))]
        return (min(seconds), max(seconds)) if seconds else None

    def together(self, person_id: PersonId, limit: int, /) -> Sequence[Companion]:
        """Who is in the same photos: those in most of them first, then by id."""
        shown = {photo.id for photo in self._photos_of(person_id)}
        faces = {face.id: face.photo_id for face in self._catalog.faces(shown)}
        known = self._catalog.appearances_of(faces.keys()).values()
        pairs = {(each.person_id, faces[each.face_id]) for each in known}
        counts = Counter(other for other, _ in pairs if self._may_be_named(other, person_id))
        ranked = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
        return [Companion(*each) for each in ranked[:limit]]

    def appearances(
        self,
        person_id: PersonId,
        /,
        *,
        order: Order,
        within: InYear | None = None,
        after: Seen | None = None,
        limit: int,
    ) -> Sequence[Seen]:
        """The next appearances of somebody, from behind ``after`` on."""
        photos = {photo.id: photo for photo in self._photos_of(person_id)}
        found = [
            each
            for each in self._seen(person_id, photos)
            if within is None or _year(photos[each.photo_id]) == within.year
        ]
        rest = [each for each in found if after is None or _key(each, order) > _key(after, order)]
        return sorted(rest, key=lambda each: _key(each, order))[:limit]

    def _seen(self, person_id: PersonId, photos: Mapping[PhotoId, Photo]) -> list[Seen]:
        appearances = list(self._catalog.appearances([person_id]))
        faces = self._catalog.faces_by_id([each.face_id for each in appearances])
        photo_of = {face.id: photos[face.photo_id] for face in faces.values()}
        return [
            Seen(id_, photo_of[id_].id, each.similarity, _second(photo_of[id_]))
            for each in appearances
            for id_ in (each.face_id,)
        ]

    def _photos_of(self, person_id: PersonId) -> list[Photo]:
        ids = [each.face_id for each in self._catalog.appearances([person_id])]
        shown = {face.photo_id for face in self._catalog.faces_by_id(ids).values()}
        return list(self._catalog.photos(shown))

    def _known(self, person_id: PersonId) -> Person | None:
        try:
            person = self._catalog.person(person_id)
        except NotFoundError:
            return None
        return person if person.id == person_id else None

    def _may_be_named(self, other: PersonId, person_id: PersonId) -> bool:
        person = self._catalog.person(other)
        return other != person_id and not person.hidden and person.consent is not False


def _second(photo: Photo) -> str | None:
    return photo.taken_at.isoformat()[: len("2024-06-30T12:00:00")] if photo.taken_at else None


def _year(photo: Photo) -> int | None:
    return photo.taken_at.year if photo.taken_at else None


def _key(seen: Seen, order: Order) -> tuple[bool, float, str]:
    if order is Order.SIMILARITY:
        return (False, -seen.similarity, seen.face_id)
    number = int("".join(filter(str.isdigit, seen.second))) if seen.second else 0
    return (seen.second is None, -number if order is Order.NEWEST else number, seen.face_id)
