"""The end of a migration: the new faces, grouped and named, take the place of the old ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kith.domain.decision import Anchor
from kith.domain.face import Face, FaceId
from kith.domain.person import PeopleChange, Person, PersonId
from kith.domain.photo import PhotoId
from kith.grouping.overlay import Outcome, Scene, lay_over
from kith.grouping.parts import Sighting
from kith.pipeline.chunks import in_chunks
from kith.pipeline.crops import crop_key
from kith.pipeline.decisions.scene import whole_scene
from kith.pipeline.migration.named import NamedChange, Whose, named_changes
from kith.pipeline.migration.regroup import group_anew, search_of, with_old_ids, with_old_places
from kith.pipeline.migration.successor import Listener, Migrating


@dataclass(frozen=True, slots=True)
class Change:
    """What is different after a migration.

    Attributes:
        faces: how many faces there were before, and are after.
        unmatched: faces of before that were not found again, and new ones where there was none.
        people: how many people there were before, and are after.
        named: what became of everyone with a name.
    """

    faces: tuple[int, int]
    unmatched: tuple[int, int]
    people: tuple[int, int]
    named: tuple[NamedChange, ...]


@dataclass(frozen=True, slots=True)
class _Faces:
    """All faces, before and after.

    Attributes:
        before: in the order of arrival.
        after: in the order of arrival.
        found: those of the photos that show other faces from now on.
        same: faces of before that are there after, too, and what they are called then.
    """

    before: Sequence[Face]
    after: Sequence[Face]
    found: Mapping[PhotoId, Sequence[Face]]
    same: Mapping[FaceId, FaceId]


def take_over(work: Migrating, listener: Listener) -> Change:
    """Group the new faces, lay the journal over them, and put them in place of the old ones.

    Raises:
        StaleError: the library changed meanwhile; nothing was done.
    """
    edition = work.library.catalog.edition()
    _forget_orphans(work)
    old = whole_scene(work.library.catalog)
    faces = _compare(work, [sighting.face for sighting in old.sightings])
    new = _scene_after(work, old, faces, listener)
    outcome = lay_over(new)
    was = {one.face_id: one.person_id for one in work.library.catalog.appearances()}
    named = [one.person for one in work.library.catalog.people() if one.person.name]
    change = _people_change(faces, was, outcome)
    work.successor.take_over(faces.found, new.steps, change, edition)
    _delete_crops(work, faces)
    return _report(faces, was, outcome, named)


def _forget_orphans(work: Migrating) -> None:
    """Photos that were forgotten while the migration was under way leave nothing behind."""
    collection = work.library.collection
    for faces in in_chunks(collection.faces()):
        known = work.library.catalog.has_photos({face.photo_id for face in faces})
        collection.forget([face.id for face in faces if face.photo_id not in known])


def _compare(work: Migrating, before: Sequence[Face]) -> _Faces:
    shown: dict[PhotoId, list[Face]] = {}
    for face in before:
        shown.setdefault(face.photo_id, []).append(face)
    after: list[Face] = []
    found: dict[PhotoId, Sequence[Face]] = {}
    same: dict[FaceId, FaceId] = {}
    for photo_id, faces in _found_in_order(work):
        old = shown.get(photo_id, [])
        new = old if faces is None else faces
        if {face.id for face in old} != {face.id for face in new}:
            found[photo_id] = new
        after += new
        same |= _matched(old, new) if faces is not None else {}
    return _Faces(before, after, found, same)


def _found_in_order(work: Migrating) -> Iterator[tuple[PhotoId, Sequence[Face] | None]]:
    """Every photo and its new faces, largest first; ``None`` where it could not be read."""
    for photos in in_chunks(work.library.catalog.photos()):
        photo_ids = [photo.id for photo in photos]
        indexed = work.successor.indexed(photo_ids)
        faces: dict[PhotoId, list[Face]] = {photo_id: [] for photo_id in indexed}
        for face in work.library.collection.faces(indexed):
            faces[face.photo_id].append(face)
        for photo_id in photo_ids:
            in_photo = faces.get(photo_id)
            yield photo_id, in_photo and sorted(in_photo, key=lambda f: (-f.box.area, f.id))


def _matched(old: Sequence[Face], new: Sequence[Face]) -> Mapping[FaceId, FaceId]:
    """Which new face of a photo each old one is: those that overlap most first."""
    same: dict[FaceId, FaceId] = {}
    left = list(new)
    for face in sorted(
        old, key=lambda face: -max((face.box.overlap(n.box) for n in new), default=0)
    ):
        match = Anchor.of(face).find(left)
        if match:
            same[face.id] = match.id
            left.remove(match)
    return same


def _scene_after(work: Migrating, old: Scene, faces: _Faces, listener: Listener) -> Scene:
    """Everything that bears on who the new faces are."""
    seen = set(faces.same.values()) | {f.id for new in faces.found.values() for f in new}
    grouped = [face for face in faces.after if face.id in seen]
    search = search_of(work.library, grouped)
    fresh = group_anew(grouped, search, lambda done, total: listener("grouping", done, total))
    steps = with_old_ids(old.steps, fresh, faces.same)
    kept = {face.id for face in faces.after} - seen
    photos = work.library.catalog.photos()
    days = {photo.id: photo.taken_at.date() for photo in photos if photo.taken_at}
    return Scene(
        sightings=[Sighting(face, days.get(face.photo_id)) for face in faces.after],
        steps=with_old_places(old.steps, steps, faces.same, kept),
        decisions=old.decisions,
    )


def _people_change(faces: _Faces, was: Whose, outcome: Outcome) -> PeopleChange:
    """Everyone anew; who is no longer stands for whom most of the faces went to."""
    heirs: dict[PersonId, Counter[PersonId]] = {}
    for face_id, person_id in was.items():
        now = outcome.appearances.get(faces.same.get(face_id, face_id))
        if now and person_id not in outcome.people:
            heirs.setdefault(person_id, Counter())[now.person_id] += 1
    became = {gone: counted.most_common(1)[0][0] for gone, counted in heirs.items()}
    return PeopleChange(
        people=tuple(outcome.people.values()),
        appearances=tuple(outcome.appearances.values()),
        standings=tuple(outcome.standings.items()),
        became=tuple((became | outcome.became).items()),
        homes=tuple(outcome.homes.items()),
    )


def _delete_crops(work: Migrating, faces: _Faces) -> None:
    """Crops are known by face ids; those of faces that are gone would never be asked for again."""
    for face_id in {face.id for face in faces.before} - {face.id for face in faces.after}:
        work.library.derived.delete(crop_key(face_id))


def _report(faces: _Faces, was: Whose, outcome: Outcome, named: Sequence[Person]) -> Change:
    now = {face_id: one.person_id for face_id, one in outcome.appearances.items()}
    before, after = {face.id for face in faces.before}, {face.id for face in faces.after}
    # Faces of photos that could not be read are called as they were.
    same = {face_id: face_id for face_id in before & after} | dict(faces.same)
    return Change(
        faces=(len(before), len(after)),
        unmatched=(len(before - same.keys()), len(after - set(same.values()))),
        people=(len(set(was.values())), len(set(now.values()))),
        named=named_changes(named, was, now, same),
    )
