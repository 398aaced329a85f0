"""The catalog as it will be once some photos are stored."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from kith.domain.decision import Decision
from kith.domain.face import Face, FaceId
from kith.domain.grouping import GroupId, Seat, Step
from kith.domain.person import PersonId
from kith.domain.photo import Photo, PhotoId
from kith.ports.catalog import Catalog, PhotoRecord


class Upcoming:
    """The ``Record`` of a catalog with new photos, and what grouping made of them, on top."""

    def __init__(
        self, catalog: Catalog, records: Sequence[PhotoRecord], steps: Sequence[Step]
    ) -> None:
        self._catalog = catalog
        self._records = {record.photo.id: record for record in records}
        self._faces = {face.id: face for record in records for face in record.faces}
        self._steps = list(steps)
        self._seats = {step.face_id: step.group_id for step in steps if isinstance(step, Seat)}
        self._now: dict[GroupId, GroupId] = {}
        for step in steps:
            if not isinstance(step, Seat):
                gone, stays = self._called([step.gone, step.stays])
                if gone != stays:
                    self._now[gone] = stays

    def photos(self, photo_ids: Collection[PhotoId] | None = None, /) -> Iterator[Photo]:
        """See ``Catalog.photos``."""
        yield from self._catalog.photos(photo_ids)
        new = [record.photo for record in self._new(photo_ids)]
        known = self._catalog.has_photos([photo.id for photo in new])
        yield from (photo for photo in new if photo.id not in known)

    def faces(self, photo_ids: Collection[PhotoId] | None = None, /) -> Iterator[Face]:
        """See ``Catalog.faces``."""
        yield from self._catalog.faces(photo_ids)
        for record in self._new(photo_ids):
            yield from sorted(record.faces, key=lambda face: (-face.box.area, face.id))

    def faces_by_id(self, face_ids: Collection[FaceId], /) -> Mapping[FaceId, Face]:
        """See ``Catalog.faces_by_id``."""
        new = {face_id: self._faces[face_id] for face_id in face_ids if face_id in self._faces}
        return {**self._catalog.faces_by_id(face_ids), **new}

    def groups_of(self, face_ids: Collection[FaceId], /) -> Mapping[FaceId, GroupId]:
        """See ``Catalog.groups_of``."""
        new = {face_id: self._seats[face_id] for face_id in face_ids if face_id in self._seats}
        found = {**self._catalog.groups_of(face_ids), **new}
        return dict(zip(found, self._called(found.values()), strict=True))

    def current_groups(self, group_ids: Collection[GroupId], /) -> Mapping[GroupId, GroupId]:
        """See ``Catalog.current_groups``."""
        known = self._catalog.current_groups(group_ids)
        new = (set(group_ids) & set(self._seats.values())) - known.keys()
        found = {**known, **{group_id: group_id for group_id in new}}
        return {group_id: self._follow(now) for group_id, now in found.items()}

    def group_faces(self, group_ids: Collection[GroupId], /) -> Mapping[GroupId, Sequence[FaceId]]:
        """See ``Catalog.group_faces``."""
        parts = self._parts(group_ids)
        stored = self._catalog.group_faces(parts.keys())
        found: dict[GroupId, list[FaceId]] = {}
        for part, whole in parts.items():
            found.setdefault(whole, []).extend(stored.get(part, ()))
        for face_id, group_id in zip(self._seats, self._called(self._seats.values()), strict=True):
            if group_id in found and face_id not in found[group_id]:
                found[group_id].append(face_id)
        return found

    def steps(self, group_ids: Collection[GroupId] | None = None, /) -> Iterator[Step]:
        """See ``Catalog.steps``."""
        parts = None if group_ids is None else self._parts(group_ids)
        yield from self._catalog.steps(parts)
        for step in self._steps:
            name = step.group_id if isinstance(step, Seat) else step.stays
            if group_ids is None or self._called([name])[0] in group_ids:
                yield step

    def decisions(
        self, about: Collection[PhotoId | PersonId] | None = None, /
    ) -> Iterator[Decision]:
        """See ``Catalog.decisions``."""
        return self._catalog.decisions(about)

    def _new(self, photo_ids: Collection[PhotoId] | None) -> Iterator[PhotoRecord]:
        return (
            record
            for photo_id, record in self._records.items()
            if photo_ids is None or photo_id in photo_ids
        )

    def _parts(self, group_ids: Collection[GroupId]) -> dict[GroupId, GroupId]:
        """The groups that will make up these, each with the one it will be part of."""
        gone = {part: self._follow(part) for part in self._now}
        parts = {part: whole for part, whole in gone.items() if whole in group_ids}
        here = {each: each for each in group_ids if self._follow(each) == each}
        return {**here, **parts}

    def _called(self, group_ids: Iterable[GroupId]) -> list[GroupId]:
        """What these groups will be called."""
        names = list(group_ids)
        stored = self._catalog.current_groups(set(names))
        return [self._follow(stored.get(name, name)) for name in names]

    def _follow(self, group_id: GroupId) -> GroupId:
        while group_id in self._now:
            group_id = self._now[group_id]
        return group_id
