"""Made-up embeddings in a database, added photo by photo: people who are not easy to tell apart."""

from __future__ import annotations

import random
import uuid
from collections.abc import Generator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kith.adapters.catalog.sql import SqlCatalog
from kith.adapters.recognition.local import LocalFaceCollection
from kith.adapters.recognition.local.store import FaceStore, NewFace, Pin
from kith.database.open import Database, open_database
from kith.domain.face import Box, Face, FaceDetail, FaceId, Landmarks, Point, Pose, Quality
from kith.domain.photo import Photo, PhotoId, Place
from kith.engine.engine import Engine
from kith.engine.pack import load_pack
from kith.engine.pixels import Vectors
from kith.grouping.draft import Draft
from kith.pipeline.decisions.settle import settle
from kith.pipeline.neighbors import StoredNeighborhood
from kith.ports.catalog import PhotoRecord

_NOWHERE = Point(0.5, 0.5)


@dataclass(frozen=True)
class Crowd:
    """A library of made-up faces, and what its search is made of."""

    catalog: SqlCatalog
    collection: LocalFaceCollection
    engine: Engine
    database: Database
    store: FaceStore


@contextmanager
def empty_crowd(path: Path | str) -> Generator[Crowd]:
    """Nobody yet."""
    engine = Engine(load_pack("open"), Path)
    pin = Pin(engine.pack.name, engine.pack.version, engine.pack.embedder.dimensions)
    with closing(open_database(path)) as database:
        collection = LocalFaceCollection(engine, database)
        yield Crowd(SqlCatalog(database), collection, engine, database, FaceStore("library", pin))


def add_photos(crowd: Crowd, people: Sequence[int], seed: int) -> list[PhotoRecord]:
    """Add photos of these people as ``kith add`` does, some at a time."""
    catalog = crowd.catalog
    draft = Draft(StoredNeighborhood(catalog, crowd.collection))
    photos = _photos(people, seed)
    for start in range(0, len(photos), 4):
        some = photos[start : start + 4]
        _index(crowd, [record.photo.id for record, _ in some], [f for _, new in some for f in new])
        records = [record for record, _ in some]
        steps = [step for record in records for step in draft.add(record.faces)]
        catalog.store(records, steps, settle(catalog, records, steps), catalog.edition())
    return [record for record, _ in photos]


def index_photos(crowd: Crowd, people: Sequence[int], seed: int) -> None:
    """Make photos of these people searchable, all at once and without grouping anybody."""
    photos = _photos(people, seed)
    _index(crowd, [record.photo.id for record, _ in photos], [f for _, new in photos for f in new])


def _index(crowd: Crowd, photo_ids: Sequence[PhotoId], new: Sequence[NewFace]) -> None:
    with crowd.database.write() as connection:
        crowd.store.add(connection, crowd.store.begin_change(connection), photo_ids, new)


def _photos(people: Sequence[int], seed: int) -> list[tuple[PhotoRecord, list[NewFace]]]:
    dice = random.Random(seed)
    vectors = iter(_embeddings(people, np.random.default_rng(seed)))
    photos: list[tuple[PhotoRecord, list[NewFace]]] = []
    left = len(people)
    while left:
        count = min(left, dice.choice((1, 1, 2, 3)))
        left -= count
        id_ = PhotoId(f"{len(photos):064x}")
        faces = tuple(
            Face(FaceId(str(uuid.UUID(int=dice.getrandbits(128)))), id_, _detail(rank, quality))
            for rank, quality in enumerate(dice.choices((80.0, 10.0), (5, 1), k=count))
        )
        place = Place(f"/photos/{len(photos)}", 1, 1)
        new = [NewFace(face, rank, next(vectors)) for rank, face in enumerate(faces)]
        photos.append((PhotoRecord(Photo(id_, "JPEG", 40, 30, 1), place, faces), new))
    return photos


def _embeddings(people: Sequence[int], noise: np.random.Generator) -> Vectors:
    """Of few dimensions that count, so that strangers are now and then alike, as in life."""
    centers = noise.standard_normal((max(people) + 1, 40))
    drawn = centers[list(people)] + 0.75 * noise.standard_normal((len(people), 40))
    vectors = np.zeros((len(people), 256), np.float32)
    vectors[:, :40] = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    return vectors


def _detail(rank: int, overall: float) -> FaceDetail:
    quality = Quality(brightness=50.0, sharpness=50.0, pixels=100.0, overall=overall)
    marks = Landmarks(_NOWHERE, _NOWHERE, _NOWHERE, _NOWHERE, _NOWHERE)
    box = Box(0.3 * rank, 0.2, 0.25 - 0.01 * rank, 0.3)
    return FaceDetail(box, 99.0, marks, Pose(0, 0, 0), quality)
