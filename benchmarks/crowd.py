"""A large library that is made up: real, small files; synthetic faces, written as Kith writes."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.labelled import PHOTOS, open_engine
from kith.adapters.catalog.sql import SqlCatalog
from kith.adapters.recognition.local.store import FaceStore, NewFace, Pin
from kith.compose import open_derived
from kith.config import Settings
from kith.database.open import Database, open_database
from kith.domain.face import Box, Face, FaceDetail, FaceId, Landmarks, Point, Pose, Quality
from kith.domain.grouping import Seat, Step, group_id_of
from kith.domain.photo import Photo, PhotoId, Place, photo_id_of
from kith.engine.pixels import Vectors
from kith.grouping.thresholds import SUPPORT
from kith.imaging.picture import Picture
from kith.pipeline.add_photo import thumbnail_key
from kith.pipeline.decisions.settle import settle
from kith.ports.catalog import PhotoRecord

PHOTOS_PER_FOLDER = 100
PHOTOS_PER_STEP = 2000

_WEIGHTS = (0.25, 0.35, 0.2, 0.1, 0.05, 0.05)
"""How many photos show 0, 1, 2, 3, 4 and 5 faces; 1.5 on average."""

_COSINE = 0.6, 0.12
"""Mean and deviation of the cosine of two faces of one person."""


@dataclass(slots=True)
class _Crowd:
    """Who is photographed: everyone's mean embedding, and their faces so far."""

    centers: Vectors
    draws: NDArray[np.int64]
    met: dict[int, list[FaceId]] = field(default_factory=dict[int, list[FaceId]])


def make_crowd(place: Path, photos: int, faces: int) -> None:
    """Make ``place/photos`` and ``place/library``, as after ``kith add`` of that folder.

    Three quarters of the faces are of people who are in several photos, as many as Zipf's law
    says; a quarter is alone. The most photographed people are those of the portraits.
    """
    noise = np.random.default_rng(1)
    engine = open_engine("open")
    pack = engine.pack
    crowd = _crowd(_portraits(), faces, noise)
    store = FaceStore("library", Pin(pack.name, pack.version, pack.embedder.dimensions))
    (place / "library").mkdir(parents=True)
    with closing(open_database(place / "library" / "library.db")) as database:
        shown = iter(range(faces))
        for start in range(0, photos, PHOTOS_PER_STEP):
            numbers = range(start, min(start + PHOTOS_PER_STEP, photos))
            _keep(database, store, _photos(place, numbers), crowd, (shown, noise))


def _portraits() -> Vectors:
    """The embeddings of the neutral portraits."""
    engine = open_engine("open")
    pictures = [Picture.open(path) for path in sorted((PHOTOS / "portraits").glob("*/neutral.jpg"))]
    return engine.embed([(picture, engine.detect(picture)[0]) for picture in pictures])


def _crowd(known: Vectors, faces: int, noise: np.random.Generator) -> _Crowd:
    people = max(len(known), faces // 12)
    share = 1 / np.arange(1, people + 1) ** 0.8
    draws = noise.choice(people, faces, p=share / share.sum())
    alone = np.flatnonzero(noise.random(faces) < 0.25)
    draws[alone] = people + np.arange(len(alone))
    centers = _directions(people + len(alone), known.shape[1], noise)
    centers[: len(known)] = known
    return _Crowd(centers, draws)


def _directions(count: int, dimensions: int, noise: np.random.Generator) -> Vectors:
    rows = noise.standard_normal((count, dimensions), np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def _photos(place: Path, numbers: range) -> Iterator[tuple[Photo, Place]]:
    """Write the files and their thumbnails."""
    picture = _tiny_jpeg()
    derived = open_derived(Settings(library=place / "library"))
    for number in numbers:
        folder = place / "photos" / f"{number // PHOTOS_PER_FOLDER:05}"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"IMG_{number:06}.jpg"
        # What follows the end of a JPEG is not part of the picture, but of the photo's identity.
        data = picture + number.to_bytes(8, "big")
        path.write_bytes(data)
        photo = Photo(photo_id_of(data), "JPEG", 32, 24, len(data))
        derived.write(thumbnail_key(photo.id), picture, durable=False)
        yield photo, Place(str(path), len(data), path.stat().st_mtime_ns)


def _tiny_jpeg() -> bytes:
    stream = BytesIO()
    Image.effect_noise((32, 24), 40).convert("RGB").save(stream, "JPEG")
    return stream.getvalue()


def _keep(
    database: Database,
    store: FaceStore,
    photos: Iterator[tuple[Photo, Place]],
    crowd: _Crowd,
    drawn: tuple[Iterator[int], np.random.Generator],
) -> None:
    records: list[PhotoRecord] = []
    new: list[NewFace] = []
    steps: list[Step] = []
    shown, noise = drawn
    for photo, lies in photos:
        seen = _faces_of(photo, shown, crowd, noise)
        new += seen.values()
        records.append(PhotoRecord(photo, lies, tuple(one.face for one in seen.values())))
        steps += [_seat(one.face.id, crowd.met.setdefault(who, [])) for who, one in seen.items()]
    with database.write() as connection:
        version = store.begin_change(connection)
        store.add(connection, version, [record.photo.id for record in records], new)
    catalog = SqlCatalog(database)
    edition = catalog.edition()
    with_faces = [record for record in records if record.faces]
    catalog.store(records, steps, settle(catalog, with_faces, steps), edition)


def _seat(face_id: FaceId, met: list[FaceId]) -> Seat:
    """The face joins those of the same person, supported by the latest of them."""
    support = tuple(met[-SUPPORT:])
    met.append(face_id)
    return Seat(face_id, group_id_of(met[0]), 99.0 if support else 100.0, support)


def _faces_of(
    photo: Photo, shown: Iterator[int], crowd: _Crowd, noise: np.random.Generator
) -> dict[int, NewFace]:
    """The faces of a photo by who they are; nobody is there twice."""
    count = random.Random(photo.id).choices(range(len(_WEIGHTS)), _WEIGHTS)[0]
    people = dict.fromkeys(
        int(crowd.draws[index]) for _, index in zip(range(count), shown, strict=False)
    )
    return {
        who: NewFace(_face(photo.id, rank), rank, _embedding(crowd.centers[who], noise))
        for rank, who in enumerate(people)
    }


def _face(photo_id: PhotoId, rank: int) -> Face:
    left = 0.02 + rank * 0.19
    box = Box(left, 0.3, 0.15, 0.3)
    marks = Landmarks(
        Point(left + 0.05, 0.4),
        Point(left + 0.1, 0.4),
        Point(left + 0.075, 0.47),
        Point(left + 0.055, 0.53),
        Point(left + 0.095, 0.53),
    )
    quality = Quality(brightness=50.0, sharpness=80.0, pixels=200.0, overall=90.0 - rank)
    detail = FaceDetail(box, 95.0, marks, Pose(0.0, 0.0, 0.0), quality)
    return Face(FaceId(str(uuid.uuid5(uuid.NAMESPACE_OID, f"{photo_id}/{rank}"))), photo_id, detail)


def _embedding(center: NDArray[np.float32], noise: np.random.Generator) -> NDArray[np.float32]:
    """Two faces that share a center with these weights have their product as cosine."""
    weight = np.sqrt(np.clip(noise.normal(*_COSINE), 0.05, 0.95))
    own = _directions(1, len(center), noise)[0]
    vector = weight * center + np.sqrt(1 - weight**2) * own
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def make_catalog(database: Database, faces: int, largest: int) -> Sequence[PhotoRecord]:
    """Fill a catalog alone: two faces a photo, ``largest`` of them one person's, others in tens.

    Returns:
        photos that have not arrived, with one more face of that person each.
    """
    catalog = SqlCatalog(database)
    met: dict[int, list[FaceId]] = {}
    every = max(1, faces // 2 // largest)
    for start in range(0, faces // 2, PHOTOS_PER_STEP):
        numbers = range(start, min(start + PHOTOS_PER_STEP, faces // 2))
        records = [_made_up(number, 2) for number in numbers]
        steps: list[Step] = []
        for number, record in zip(numbers, records, strict=True):
            famous = number % every == 0 and number // every < largest
            whose = (0 if famous else 1 + number // 10, -1 - number // 10)
            seats = zip(record.faces, whose, strict=True)
            steps += [_seat(face.id, met.setdefault(who, [])) for face, who in seats]
        edition = catalog.edition()
        catalog.store(records, steps, settle(catalog, records, steps), edition)
    return [_made_up(faces + number, 1) for number in range(100)]


def _made_up(number: int, faces: int) -> PhotoRecord:
    photo = Photo(photo_id_of(number.to_bytes(8, "big")), "JPEG", 4000, 3000, 1)
    place = Place(f"/photos/IMG_{number:06}.jpg", 1, 1)
    return PhotoRecord(photo, place, tuple(_face(photo.id, rank) for rank in range(faces)))
