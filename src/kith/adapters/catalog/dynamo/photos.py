"""Keeping photos, where they lie, and the faces in them."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping, Sequence

from kith.adapters.catalog.dynamo.docs import (
    face_doc,
    file_doc,
    photo_doc,
    refused_doc,
    second_of,
    tiny_doc,
)
from kith.adapters.catalog.dynamo.draft import Doc, Draft
from kith.adapters.catalog.dynamo.schema import (
    MONTHS,
    UNKNOWN_MONTH,
    Key,
    arrived_key,
    aside_key,
    face_key,
    file_key,
    folder,
    folder_key,
    moment_key,
    month_key,
    photo_key,
    refused_key,
    tiny_key,
)
from kith.adapters.catalog.dynamo.sorting import (
    UNDATED,
)
from kith.domain.errors import NotFoundError
from kith.domain.face import Face, FaceId
from kith.domain.photo import Photo, PhotoId, Place, Problem
from kith.ports.catalog import PhotoRecord


def keys_of(records: Iterable[PhotoRecord]) -> Iterable[Key]:
    """What is read to keep these photos."""
    for record in records:
        yield photo_key(record.photo.id)
        yield tiny_key(record.photo.id)
        yield from (face_key(face.id) for face in record.faces)
        yield Key(MONTHS, _month(_second(record.photo)))
        yield from keys_of_place(record.place)


def keys_of_place(place: Place) -> Iterable[Key]:
    """What is read to keep what lies there."""
    return file_key(place.path), refused_key(place.path), folder_key(folder_of(place.path))


def keep(draft: Draft, record: PhotoRecord) -> None:
    """Keep a photo and its faces, unless it is known, and where it lies."""
    if draft.get(photo_key(record.photo.id)) is None:
        _keep_new(draft, record)
    put_place(draft, record.photo.id, record.place)


def keep_faces(draft: Draft, faces: Sequence[Face]) -> None:
    """Keep those of these faces that are new and of a known photo."""
    draft.load(key for face in faces for key in (face_key(face.id), photo_key(face.photo_id)))
    for face in faces:
        photo = draft.get(photo_key(face.photo_id))
        if photo is not None and draft.get(face_key(face.id)) is None:
            draft.put(face_key(face.id), face_doc(face))
            photo["faces"][face.id] = [face.box.area, None, 0.0, None]
            draft.put(photo_key(face.photo_id), photo)


def put_place(draft: Draft, photo_id: PhotoId, place: Place) -> None:
    """Let a file hold a known photo, whatever it held before."""
    photo = draft.get(photo_key(photo_id))
    if photo is None:
        raise NotFoundError(f"the library has no photo {photo_id}")
    key = file_key(place.path)
    before = draft.get(key)
    if before is None or before["photo"] != photo_id:
        _leave(draft, place.path, before)
        _enter(draft, photo_id, photo, folder_of(place.path))
    photo["places"][place.path] = [place.byte_size, place.modified_ns]
    draft.put(photo_key(photo_id), photo)
    draft.put(key, file_doc(place, photo_id))


def put_problem(draft: Draft, problem: Problem) -> None:
    """Remember that a file was refused, whatever it held before."""
    path = problem.place.path
    _leave(draft, path, draft.get(file_key(path)))
    draft.put(file_key(path), file_doc(problem.place, None))
    draft.put(refused_key(path), refused_doc(problem))


def remove_place(draft: Draft, path: str) -> None:
    """Forget a file."""
    before = draft.get(file_key(path))
    if before is not None:
        _leave(draft, path, before)
        draft.drop(file_key(path))


def remove(draft: Draft, photos: Mapping[PhotoId, Doc]) -> None:
    """Forget these photos and their places; their faces were forgotten before."""
    paths = [path for photo in photos.values() for path in photo["places"]]
    draft.load(key for path in paths for key in (file_key(path), folder_key(folder_of(path))))
    for path in paths:
        remove_place(draft, path)
    draft.load(key for id_, photo in photos.items() for key in _index_keys(id_, photo))
    for photo_id, photo in photos.items():
        for key in _index_keys(photo_id, photo):
            draft.drop(key)
        _count_in_month(draft, second_of(photo), -1)
        draft.drop(photo_key(photo_id))


def remove_faces(draft: Draft, face_ids: Collection[FaceId]) -> None:
    """Forget faces; nothing is made of them any more."""
    draft.load(map(face_key, face_ids))
    known = {face_id: doc for face_id in face_ids if (doc := draft.get(face_key(face_id)))}
    draft.load(photo_key(PhotoId(doc["photo"])) for doc in known.values())
    for face_id, doc in known.items():
        key = photo_key(PhotoId(doc["photo"]))
        photo = draft.get(key)
        assert photo is not None
        del photo["faces"][face_id]
        draft.put(key, photo)
        draft.drop(face_key(face_id))
        draft.drop(aside_key(face_id))


def folder_of(path: str) -> str:
    """The folder that a file lies in."""
    return os.path.dirname(path)  # noqa: PTH120 - paths are text here


# -- helpers ---------------------------------------------------------------------------------------


def _keep_new(draft: Draft, record: PhotoRecord) -> None:
    photo_id, second = record.photo.id, _second(record.photo)
    arrival = draft.next("arrivals")
    draft.put(photo_key(photo_id), photo_doc(record.photo, arrival))
    draft.add(arrived_key(arrival), {"photo": photo_id})
    draft.add(month_key(second, arrival), {"photo": photo_id})
    _count_in_month(draft, second, 1)
    if record.placeholder is not None:
        draft.put(tiny_key(photo_id), tiny_doc(record.placeholder))
    keep_faces(draft, record.faces)


def _index_keys(photo_id: PhotoId, photo: Doc) -> Sequence[Key]:
    """What of a photo lies elsewhere, but for its months, files and folders."""
    arrival = photo["arrival"]
    return [arrived_key(arrival), month_key(second_of(photo), arrival), tiny_key(photo_id)]


def _second(photo: Photo) -> str | None:
    return photo.taken_at and photo.taken_at.replace(microsecond=0, tzinfo=None).isoformat()


def _month(second: str | None) -> str:
    return second[:7] if second else UNKNOWN_MONTH


def _count_in_month(draft: Draft, second: str | None, more: int) -> None:
    key = Key(MONTHS, _month(second))
    counted = draft.get(key) or {"photos": 0}
    counted["photos"] += more
    if counted["photos"]:
        draft.put(key, counted)
    else:
        draft.drop(key)


def _leave(draft: Draft, path: str, file: Doc | None) -> None:
    """What a file held lies there no longer."""
    if file is None:
        return
    if file["photo"] is None:
        draft.drop(refused_key(path))
        return
    key = photo_key(PhotoId(file["photo"]))
    photo = draft.get(key)
    assert photo is not None
    del photo["places"][path]
    draft.put(key, photo)
    here = folder_of(path)
    if not any(folder_of(each) == here for each in photo["places"]):
        _take_out(draft, photo, here)


def _enter(draft: Draft, photo_id: PhotoId, photo: Doc, path: str) -> None:
    """A photo lies in a folder, perhaps not for the first time."""
    if any(folder_of(each) == path for each in photo["places"]):
        return
    at = moment_key(second_of(photo), photo["arrival"])
    draft.add(Key(folder(path), at), {"photo": photo_id})
    key = folder_key(path)
    held = draft.get(key) or {"path": path, "photos": 0, "first": None, "last": None}
    held["photos"] += 1
    first = held["first"]
    held["first"] = min(first, [at, photo_id]) if first else [at, photo_id]
    if not at.startswith(UNDATED):
        held["last"] = max(held["last"] or "", at)
    draft.put(key, held)


def _take_out(draft: Draft, photo: Doc, path: str) -> None:
    """A photo lies no longer in a folder."""
    at = moment_key(second_of(photo), photo["arrival"])
    draft.drop(Key(folder(path), at))
    key = folder_key(path)
    held = draft.get(key)
    assert held is not None
    held["photos"] -= 1
    if not held["photos"]:
        draft.drop(key)
        return
    if at in (held["first"][0], held["last"]):
        left = draft.under(folder(path))
        held["first"] = [left[0][0], left[0][1]["photo"]]
        held["last"] = max((at for at, _ in left if not at.startswith(UNDATED)), default=None)
    draft.put(key, held)
