"""Recognition of *drawn* faces, in memory: no model files, no database, exact answers.

A drawn face is a rectangle of one saturated color on a gray picture; the color's hue is who it is.
It survives scaling, PNG and JPEG. ``draw_picture`` draws such pictures, so everything above the
ports can be tried with real pictures and without models::

    anna, bert = hue_of_person(0), hue_of_person(1)
    data = draw_picture(
        [DrawnFace(anna, Box(0.1, 0.2, 0.3, 0.4)), DrawnFace(bert, Box(0.6, 0.2, 0.2, 0.3))]
    )

Two faces are 100 percent similar at the same hue; similarity falls with the square of the distance
of their hues: 99 % at 1 degree, 91 % at 3, 75 % at 5, 51 % at 7 and none from 10 on. Faces
must lie at least 2 % of the longer side apart and be at least that wide and high.
"""

from __future__ import annotations

import colorsys
import threading
import uuid
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from kith.adapters.recognition.memory.writing import DrawnText, png_of, read_lines
from kith.domain.errors import NoFaceError, NotFoundError, PictureError
from kith.domain.face import (
    Box,
    Face,
    FaceDetail,
    FaceId,
    Landmarks,
    Match,
    Point,
    Pose,
    Quality,
)
from kith.domain.label import DEFAULT_LABEL_CONFIDENCE, Instance, Label
from kith.domain.thresholds import DEFAULT_MIN_SIMILARITY, MAX_MATCHES
from kith.ports.recognition import (
    ComparedFace,
    Comparison,
    Indexed,
    IndexEntry,
    PictureSearch,
    ReadText,
    SeenLabels,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kith.domain.photo import PhotoId
    from kith.imaging.picture import Picture

_FACES = uuid.UUID("3f0c5a58-6a0e-5c1b-9d0a-2f6f3f6f2c11")
_VERSION = "1.0"
_LONG_SIDE = 320
_MIN_CHROMA = 96
"""The strongest channel less the weakest, 0 to 255: drawn faces have 195, gray has 0."""
_MIN_FILLED = 0.85
"""Part of its box that a drawn face fills; what fills less is no rectangle."""
_MIN_SIDE = 4
_SOFT_EDGE = 2
"""Pixels of the scaled picture; scaling and JPEG blur an edge that far."""
_MAX_FACES = 100
_MAX_LOOKS = 4 * _MAX_FACES
"""A photo of real life is full of colored specks; looking at this many of them is enough."""
_POINTS = ((0.3, 0.4), (0.7, 0.4), (0.5, 0.6), (0.35, 0.8), (0.65, 0.8))
"""The five landmarks, as ratios of the box."""

_Region: TypeAlias = tuple[slice, slice]


@dataclass(frozen=True, slots=True)
class DrawnFace:
    """A face to draw.

    Attributes:
        hue: who it is, degrees from 0 to 360.
        box: where it is drawn.
    """

    hue: float
    box: Box


def hue_of_person(number: int) -> float:
    """A hue for each of the people 0 to 23: 15 degrees apart, so not similar at all."""
    return number * 15.0 % 360.0


def draw_picture(
    faces: Sequence[DrawnFace],
    *,
    width: int = 320,
    height: int = 240,
    gray: int = 200,
    text: Sequence[DrawnText] = (),
) -> bytes:
    """A PNG file that shows these faces on gray; another gray gives another photo of the same."""
    pixels = np.full((height, width, 3), gray, np.uint8)
    for face in faces:
        rows = slice(round(face.box.top * height), round(face.box.bottom * height))
        columns = slice(round(face.box.left * width), round(face.box.right * width))
        pixels[rows, columns] = _color_of(face.hue)
    return png_of(pixels, text)


class MemoryRecognizer:
    """A ``Recognizer`` of drawn faces, which are people, and of written lines."""

    def detect_faces(self, picture: Picture, /) -> tuple[FaceDetail, ...]:
        """See ``Recognizer.detect_faces``."""
        return tuple(seen.detail for seen in _see(picture))

    def compare_faces(
        self, source: Picture, target: Picture, /, *, min_similarity: float = DEFAULT_MIN_SIMILARITY
    ) -> Comparison:
        """See ``Recognizer.compare_faces``."""
        searched, others = _largest(source, "The source picture"), _see(target)
        if not others:
            raise NoFaceError("The target picture shows no face")
        compared = [
            ComparedFace(seen.detail, _similarity(searched.hue, seen.hue)) for seen in others
        ]
        matches = [face for face in compared if face.similarity >= min_similarity]
        return Comparison(
            source=searched.detail,
            matches=tuple(sorted(matches, key=lambda face: -face.similarity)),
            unmatched=tuple(face.detail for face in compared if face.similarity < min_similarity),
        )

    def detect_labels(
        self, picture: Picture, /, *, min_confidence: float = DEFAULT_LABEL_CONFIDENCE
    ) -> SeenLabels:
        """See ``Recognizer.detect_labels``."""
        people = [Instance(seen.detail.box, seen.detail.confidence) for seen in _see(picture)]
        if not people or people[0].confidence < min_confidence:
            return SeenLabels((), _VERSION)
        sure, field = people[0].confidence, ("Person Description",)
        person = Label("Person", sure, (), ("Human",), field, tuple(people))
        return SeenLabels((Label("Face", sure, ("Person",), (), field), person), _VERSION)

    def detect_text(self, picture: Picture, /) -> ReadText:
        """See ``Recognizer.detect_text``."""
        _see(picture)  # raises where it is none
        return ReadText(read_lines(picture.data), _VERSION)


class MemoryFaceCollection:
    """A ``FaceCollection`` of drawn faces; it lasts as long as the object."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[FaceId, _Kept] = {}
        self._whole: dict[PhotoId, tuple[Face, ...]] = {}
        """The photos of which no face was forgotten since they were indexed."""

    def index(self, entries: Sequence[IndexEntry], /) -> Sequence[Indexed]:
        """See ``FaceCollection.index``."""
        return [self._index(entry) for entry in entries]

    def add_face(self, entry: IndexEntry, box: Box, /) -> Face:
        """See ``FaceCollection.add_face``."""
        seen = _look_in(entry.picture, box)
        which = f"{box.left},{box.top},{box.width},{box.height}"
        face = Face(_face_id_of(entry.photo_id, which), entry.photo_id, seen.detail)
        with self._lock:
            ranks = [one.rank for one in self._kept.values() if one.face.photo_id == face.photo_id]
            self._kept.setdefault(face.id, _Kept(face, max(ranks, default=-1) + 1, seen.hue))
            whole = self._whole.get(face.photo_id)
            if whole is not None and face not in whole:
                self._whole[face.photo_id] = (*whole, face)
        return face

    def search(
        self,
        face_ids: Sequence[FaceId],
        /,
        *,
        min_similarity: float = DEFAULT_MIN_SIMILARITY,
        limit: int = MAX_MATCHES,
    ) -> Sequence[tuple[Match, ...]]:
        """See ``FaceCollection.search``."""
        with self._lock:
            kept = dict(self._kept)
        for face_id in face_ids:
            if face_id not in kept:
                raise NotFoundError(f"There is no face {face_id} in the collection")
        return [
            _matches(
                kept[face_id].hue,
                [other for other in kept.values() if other.face.id != face_id],
                min_similarity,
                limit,
            )
            for face_id in face_ids
        ]

    def search_by_picture(
        self,
        picture: Picture,
        /,
        *,
        face: FaceDetail | None = None,
        min_similarity: float = DEFAULT_MIN_SIMILARITY,
        limit: int = MAX_MATCHES,
    ) -> PictureSearch:
        """See ``FaceCollection.search_by_picture``."""
        searched = _largest(picture, "The picture")
        if face is not None:
            searched = max(_see(picture), key=lambda one: one.detail.box.overlap(face.box))
        with self._lock:
            kept = list(self._kept.values())
        return PictureSearch(searched.detail, _matches(searched.hue, kept, min_similarity, limit))

    def faces(self, photo_ids: Collection[PhotoId] | None = None, /) -> Iterator[Face]:
        """See ``FaceCollection.faces``."""
        wanted = None if photo_ids is None else set(photo_ids)
        with self._lock:
            kept = list(self._kept.values())
        chosen = [one for one in kept if wanted is None or one.face.photo_id in wanted]
        chosen.sort(key=lambda one: (one.face.photo_id, one.rank))
        return (one.face for one in chosen)

    def forget(self, face_ids: Collection[FaceId], /) -> frozenset[FaceId]:
        """See ``FaceCollection.forget``."""
        with self._lock:
            gone = frozenset(self._kept.keys() & set(face_ids))
            for face_id in gone:
                self._whole.pop(self._kept.pop(face_id).face.photo_id, None)
        return gone

    def _index(self, entry: IndexEntry) -> Indexed:
        with self._lock:
            known = self._whole.get(entry.photo_id)
        if known is not None:
            return Indexed(entry.photo_id, known)
        try:
            seen = _see(entry.picture)
        except PictureError as error:
            return Indexed(entry.photo_id, (), error)
        finally:
            entry.picture.release()
        return Indexed(entry.photo_id, self._keep(entry.photo_id, seen))

    def _keep(self, photo_id: PhotoId, seen: Sequence[_Seen]) -> tuple[Face, ...]:
        faces = tuple(
            Face(_face_id_of(photo_id, rank), photo_id, one.detail) for rank, one in enumerate(seen)
        )
        with self._lock:
            for rank, (face, one) in enumerate(zip(faces, seen, strict=True)):
                self._kept.setdefault(face.id, _Kept(face, rank, one.hue))
            return self._whole.setdefault(photo_id, faces)


@dataclass(frozen=True, slots=True)
class _Seen:
    detail: FaceDetail
    hue: float


@dataclass(frozen=True, slots=True)
class _Kept:
    face: Face
    rank: int
    hue: float


def _face_id_of(photo_id: PhotoId, which: int | str) -> FaceId:
    return FaceId(str(uuid.uuid5(_FACES, f"{photo_id}/{which}")))


def _matches(
    hue: float, others: Sequence[_Kept], min_similarity: float, limit: int
) -> tuple[Match, ...]:
    found = [
        Match(other.face.id, other.face.photo_id, _similarity(hue, other.hue)) for other in others
    ]
    found = [match for match in found if match.similarity >= min_similarity]
    found.sort(key=lambda match: (-match.similarity, match.face_id))
    return tuple(found[:limit])


def _similarity(hue: float, other: float) -> float:
    apart = abs(hue - other)
    degrees = min(apart, 360.0 - apart)
    return max(0.0, 100.0 - degrees * degrees)


def _largest(picture: Picture, what: str) -> _Seen:
    seen = _see(picture)
    if not seen:
        raise NoFaceError(f"{what} shows no face")
    return seen[0]


def _see(picture: Picture) -> tuple[_Seen, ...]:
    """The drawn faces of a picture, largest first."""
    pixels = picture.pixels(_LONG_SIDE)
    short_side = min(picture.width, picture.height)
    seen = [_describe(pixels, region, short_side) for region in _rectangles(pixels)]
    seen.sort(key=lambda one: (-one.detail.box.area, one.detail.box.left, one.detail.box.top))
    return tuple(seen[:_MAX_FACES])


def _look_in(picture: Picture, box: Box) -> _Seen:
    """What a box of a picture shows, whether it looks like a drawn face or not."""
    try:
        pixels = picture.pixels(_LONG_SIDE)
        height, width = pixels.shape[:2]
        top, left = round(box.top * height), round(box.left * width)
        rows = slice(max(0, top), max(0, top) + max(_MIN_SIDE, round(box.height * height)))
        columns = slice(max(0, left), max(0, left) + max(_MIN_SIDE, round(box.width * width)))
        seen = _describe(pixels, (rows, columns), min(picture.width, picture.height))
    finally:
        picture.release()
    return _Seen(replace(seen.detail, box=box), seen.hue)


def _rectangles(pixels: NDArray[np.uint8]) -> Iterator[_Region]:
    """The solid colored rectangles, from the top: each is measured along its middle lines."""
    colored = np.ptp(pixels, axis=2) >= _MIN_CHROMA
    left_to_look_at = colored.copy()
    for _ in range(_MAX_LOOKS):
        first = int(left_to_look_at.argmax())
        row, column = divmod(first, colored.shape[1])
        if not left_to_look_at[row, column]:
            return
        column = (column + _run_end(colored[row], column)) // 2
        rows = slice(row, _run_end(colored[:, column], row))
        middle = colored[(rows.start + rows.stop) // 2]
        columns = slice(
            len(middle) - _run_end(middle[::-1], len(middle) - 1 - column), _run_end(middle, column)
        )
        left_to_look_at[_widened(rows), _widened(columns)] = False
        if min(rows.stop - rows.start, columns.stop - columns.start) >= _MIN_SIDE and (
            colored[rows, columns].mean() >= _MIN_FILLED
        ):
            yield rows, columns


def _run_end(line: NDArray[np.bool_], start: int) -> int:
    """Where the run of true values that holds ``start`` ends."""
    gaps = np.flatnonzero(~line[start:])
    return start + int(gaps[0]) if len(gaps) else len(line)


def _widened(part: slice) -> slice:
    """A part of a line with the soft edge around it."""
    return slice(max(0, part.start - _SOFT_EDGE), part.stop + _SOFT_EDGE)


def _describe(pixels: NDArray[np.uint8], region: _Region, short_side: int) -> _Seen:
    height, width = pixels.shape[:2]
    rows, columns = region
    box = Box(
        columns.start / width,
        rows.start / height,
        (columns.stop - columns.start) / width,
        (rows.stop - rows.start) / height,
    )
    sides = (rows.stop - rows.start, columns.stop - columns.start)
    size = min(sides) * short_side / min(width, height)
    red, green, blue = _middle(pixels[region]).mean(axis=(0, 1)).tolist()
    hue, _, brightness = colorsys.rgb_to_hsv(red / 255, green / 255, blue / 255)
    detail = FaceDetail(
        box=box,
        confidence=99.9,
        landmarks=Landmarks(*(_inside(box, x, y) for x, y in _POINTS)),
        pose=Pose(0.0, 0.0, 0.0),
        quality=Quality(100 * brightness, 100.0, size, min(100.0, size)),
    )
    return _Seen(detail, 360 * hue)


def _middle(patch: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = patch.shape[:2]
    return patch[height // 4 : height - height // 4, width // 4 : width - width // 4]


def _inside(box: Box, x: float, y: float) -> Point:
    return Point(box.left + x * box.width, box.top + y * box.height)


def _color_of(hue: float) -> tuple[int, int, int]:
    red, green, blue = colorsys.hsv_to_rgb(hue % 360 / 360, 0.9, 0.85)
    return round(255 * red), round(255 * green), round(255 * blue)
