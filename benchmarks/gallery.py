"""A large album that is made up: the record of its photos, and thumbnails for those seen first."""

from __future__ import annotations

import random
import uuid
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image, ImageOps

from benchmarks.labelled import PHOTOS
from kith.adapters.catalog.sql import SqlCatalog
from kith.compose import open_derived
from kith.config import Settings
from kith.database.open import open_database
from kith.domain.face import Box, Face, FaceDetail, FaceId, Landmarks, Point, Pose, Quality
from kith.domain.person import Appearance, PeopleChange, Person, PersonId
from kith.domain.photo import Photo, PhotoId, Place, photo_id_of
from kith.imaging.picture import Picture
from kith.imaging.thumbnail import placeholder, thumbnail
from kith.pipeline.add_photo import THUMBNAIL_LONG_SIDE, thumbnail_key
from kith.ports.catalog import PhotoRecord

PEOPLE: Final = 5_000
NAMED: Final = 500
PHOTOS_PER_FOLDER: Final = 200
PHOTOS_PER_STEP: Final = 2_000
YEARS: Final = 15
WITH_THUMBNAILS: Final = 5_000
"""The newest photos; the others' thumbnails are never asked for."""

_SHAPES: Final = ((4000, 3000), (3000, 4000), (4000, 2250))
_FACES: Final = (0, 1, 1, 2, 2, 3)
_UNDATED: Final = 50
"""One photo in so many is undated."""

_FIRST: Final = datetime(2010, 1, 1)  # noqa: DTZ001 - as cameras write it


def make_gallery(place: Path, photos: int) -> None:
    """Make ``place/library`` with so many photos, taken one after the other in fifteen years."""
    library = place / "library"
    library.mkdir(parents=True)
    shown = {shape: _pictures(shape) for shape in _SHAPES}
    derived = open_derived(Settings(library=library))
    drawn = random.Random(1)
    with closing(open_database(library / "library.db")) as database:
        catalog = SqlCatalog(database)
        people = _people()
        for start in range(0, photos, PHOTOS_PER_STEP):
            numbers = range(start, min(start + PHOTOS_PER_STEP, photos))
            records = [_record(number, photos, drawn, shown) for number in numbers]
            change = _change(records, people if start == 0 else (), drawn)
            catalog.store(records, (), change, catalog.edition())
            for number, record in zip(numbers, records, strict=True):
                if number >= photos - WITH_THUMBNAILS:
                    some = shown[record.photo.width, record.photo.height]
                    data = some[number % len(some)][0]
                    derived.write(thumbnail_key(record.photo.id), data, durable=False)


def _pictures(shape: tuple[int, int]) -> Sequence[tuple[bytes, bytes]]:
    """Portraits cut to the shape that a record has: the thumbnail and the placeholder of each."""
    made: list[tuple[bytes, bytes]] = []
    for path in sorted((PHOTOS / "portraits").glob("*/*.jpg"))[:20]:
        with Image.open(path) as image:
            cut = ImageOps.fit(image.convert("RGB"), (shape[0] // 4, shape[1] // 4))
        written = BytesIO()
        cut.save(written, "JPEG")
        picture = Picture(written.getvalue(), path.name)
        made.append((thumbnail(picture, THUMBNAIL_LONG_SIDE), placeholder(picture)))
    return made


def _people() -> Sequence[Person]:
    return [
        Person(_person_id(number), f"Person {number}" if number < NAMED else None)
        for number in range(PEOPLE)
    ]


def _person_id(number: int) -> PersonId:
    return PersonId(str(uuid.uuid5(uuid.NAMESPACE_OID, f"person {number}")))


def _record(
    number: int,
    photos: int,
    drawn: random.Random,
    shown: Mapping[tuple[int, int], Sequence[tuple[bytes, bytes]]],
) -> PhotoRecord:
    shape = drawn.choice(_SHAPES)
    taken = _FIRST + timedelta(days=365 * YEARS) * (number / photos)
    photo = Photo(
        photo_id_of(number.to_bytes(8, "big")),
        "JPEG",
        *shape,
        byte_size=4_000_000,
        taken_at=None if number % _UNDATED == 0 else taken.replace(microsecond=0),
        camera="Canon EOS",
    )
    path = f"/photos/{number // PHOTOS_PER_FOLDER:05}/IMG_{number:06}.jpg"
    faces = tuple(_face(photo.id, rank) for rank in range(drawn.choice(_FACES)))
    # No two photos have the same placeholder, as a browser would keep it once.
    tiny = shown[shape][number % len(shown[shape])][1] + number.to_bytes(8, "big")
    return PhotoRecord(photo, Place(path, 4_000_000, number), faces, tiny)


def _face(photo_id: PhotoId, rank: int) -> Face:
    point = Point(0.3 * rank + 0.1, 0.3)
    detail = FaceDetail(
        Box(0.3 * rank, 0.2, 0.2 - 0.01 * rank, 0.25),
        99.0,
        Landmarks(point, point, point, point, point),
        Pose(0.0, 0.0, 0.0),
        Quality(50.0, 50.0, 300.0, 80.0),
    )
    return Face(FaceId(str(uuid.uuid5(uuid.NAMESPACE_OID, f"{photo_id} {rank}"))), photo_id, detail)


def _change(
    records: Sequence[PhotoRecord], people: Sequence[Person], drawn: random.Random
) -> PeopleChange:
    """Who the faces are: the first people are in most photos, and nobody is in one twice."""
    appearances: list[Appearance] = []
    for record in records:
        whose = drawn.sample(range(PEOPLE), len(record.faces))
        if record.faces:
            whose[0] = int(PEOPLE * drawn.random() ** 4)
        for face, who in zip(record.faces, dict.fromkeys(whose), strict=False):
            appearances.append(Appearance(face.id, _person_id(who), 90.0))
    return PeopleChange(tuple(people), tuple(appearances))
