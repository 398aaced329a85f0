"""Marks: where in which photos nobody is to be recognized any more.

A mark outlives the face that was forgotten, so it must not say whom or what it is about. It is an
HMAC-SHA-256 of the photo's id under a key of the library's own, and a box: who has the photo can
tell that something in it was forgotten; who has not learns nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from kith.domain.decision import Anchor
from kith.domain.errors import LibraryDamagedError, NoFaceError, NotFoundError
from kith.domain.face import Box, Face
from kith.domain.photo import PhotoId
from kith.pipeline.decisions.missed import drawn_faces
from kith.pipeline.library import Library
from kith.ports.recognition import Indexed, IndexEntry
from kith.ports.storage import ObjectStorage

_KEY = "state/marks.key"
_MARKS = "state/marks.json"

_KEY_BYTES = 32
"""As many as the hash has; RFC 2104, section 3."""


class Marks:
    """The marks of one library, among its derived files."""

    def __init__(self, derived: ObjectStorage) -> None:
        self._derived = derived
        self._boxes, self._key = _read(derived)

    def __len__(self) -> int:
        return sum(map(len, self._boxes.values()))

    def add(self, faces: Iterable[Face]) -> None:
        """Mark where these faces are; durable when it returns."""
        if not self._key:
            self._key = secrets.token_bytes(_KEY_BYTES)
            self._derived.write(_KEY, self._key)
        for face in faces:
            if not self.covers(face):
                self._boxes.setdefault(self._name(face.photo_id), []).append(face.box)
        document = {name: [_numbers(box) for box in boxes] for name, boxes in self._boxes.items()}
        self._derived.write(_MARKS, json.dumps(document).encode())

    def covers(self, face: Face) -> bool:
        """Whether this face is where one was forgotten."""
        boxes = self._boxes.get(self._name(face.photo_id), []) if self._boxes else []
        return any(Anchor(face.photo_id, box).find([face]) for box in boxes)

    def _name(self, photo_id: PhotoId) -> str:
        return hmac.new(self._key, photo_id.encode(), hashlib.sha256).hexdigest()


def index_unmarked(library: Library, entries: Sequence[IndexEntry]) -> Sequence[Indexed]:
    """Index pictures as ``FaceCollection.index`` does, but keep no face that is marked.

    Faces that a human drew there, before the photo went or by another model, are kept, too.
    """
    rows = _with_drawn(library, entries, library.collection.index(entries))
    marks = Marks(library.derived)
    if not len(marks):
        return rows
    marked = {face.id for row in rows for face in row.faces if marks.covers(face)}
    if marked:
        library.collection.forget(marked)
    return [
        replace(row, faces=tuple(face for face in row.faces if face.id not in marked))
        for row in rows
    ]


def _with_drawn(
    library: Library, entries: Sequence[IndexEntry], rows: Sequence[Indexed]
) -> Sequence[Indexed]:
    """The rows with the faces that were drawn in these photos, and that no face found answers."""
    drawn = drawn_faces(library.catalog, [entry.photo_id for entry in entries])
    if not drawn:
        return rows
    completed: list[Indexed] = []
    for entry, row in zip(entries, rows, strict=True):
        anchors = drawn.get(row.photo_id, []) if row.error is None else []
        faces = list(row.faces)
        for anchor in anchors:
            if anchor.find(faces) is None:
                with suppress(NoFaceError):
                    faces.append(library.collection.add_face(entry, anchor.box))
        faces.sort(key=lambda face: (-face.box.area, face.id))
        completed.append(replace(row, faces=tuple(faces)) if anchors else row)
    return completed


def _read(derived: ObjectStorage) -> tuple[dict[str, list[Box]], bytes]:
    try:
        key, text = derived.read(_KEY), derived.read(_MARKS)
    except NotFoundError:
        return {}, _read_key(derived)
    try:
        document: dict[str, list[Any]] = json.loads(text)
        return {name: [Box(*box) for box in boxes] for name, boxes in document.items()}, key
    except (ValueError, TypeError, AttributeError) as error:
        # To go on would be to recognize whom one has promised to forget.
        raise LibraryDamagedError(
            f"The library's list of forgotten faces ({_MARKS}) cannot be read",
            "Put it back from a copy of the library's folder.",
        ) from error


def _read_key(derived: ObjectStorage) -> bytes:
    try:
        return derived.read(_KEY)
    except NotFoundError:
        return b""


def _numbers(box: Box) -> list[float]:
    return [round(each, 4) for each in (box.left, box.top, box.width, box.height)]
