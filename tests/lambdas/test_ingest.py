"""Photos that are put into the bucket are in the library: the function over emulated services.

The faces are real, and looked at by Kith's own server for Rekognition through boto3.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cloud_people import people_shown, take_in_at_once

from kith.compose import open_library
from kith.config import Settings
from kith.domain.photo import photo_id_of
from kith.imaging.encode import Encoding
from kith.lambdas import container
from kith.lambdas.ingest import handler, take_in
from kith.pipeline.add import add
from kith.pipeline.add_photo import thumbnail_key
from kith.pipeline.findings.document import document_key
from kith.pipeline.serving.renditions import CROP_SIDE, face_key

if TYPE_CHECKING:
    from tests.lambdas.conftest import Station

pytestmark = [pytest.mark.weights, pytest.mark.photos, pytest.mark.emulators]

_WRITING = {"PutObject", "IndexFaces", "TransactWriteItems", "PutItem", "BatchWriteItem"}


@pytest.mark.parametrize("station", ["moto", "ministack"], indirect=True)
def test_people_are_those_of_a_library_on_ones_own_machine(
    station: Station,
    pictures: Mapping[str, bytes],
    weights: Path,
    tmp_path: Path,
    said: Callable[[], list[str]],
    context: Any,
) -> None:
    """The same photos through the bucket and from a folder: the same people, faces and places.

    Each photo has a thumbnail and a document, and each face a crop, in the other bucket.
    """
    messages = [station.put(key, data) for key, data in pictures.items()]
    assert handler({"Records": messages}, context) == {"batchItemFailures": []}
    cloud = container.cloud()

    folder = tmp_path / "photos"
    for key, data in pictures.items():
        (folder / key).parent.mkdir(parents=True, exist_ok=True)
        (folder / key).write_bytes(data)
    settings = Settings(library=tmp_path / "library", models=weights)
    with open_library(settings, writing=True) as local:
        assert add(local, [folder]).added == len(pictures)
        assert people_shown(cloud.catalog) == people_shown(local.catalog)
        counted = replace(cloud.catalog.counts(), labelled_photos=0)  # see test_ingest_findings.py
        assert counted == local.catalog.counts()
    assert len(people_shown(cloud.catalog)) == 3

    photo_ids = [photo_id_of(data) for data in pictures.values()]
    faces = [*cloud.catalog.faces(photo_ids)]
    assert station.derived() == {
        *map(thumbnail_key, photo_ids),
        *map(document_key, photo_ids),
        *(face_key(face.id, CROP_SIDE, Encoding.JPEG) for face in faces),
    }
    assert said() == ["added"] * len(pictures)


def test_what_fails_comes_again_alone(
    station: Station, pictures: Mapping[str, bytes], said: Callable[[], list[str]]
) -> None:
    """A message that is no event is given back; a poison photo is done, and a row in the report.

    The photos beside them are taken in.
    """
    key, other = list(pictures)[:2]
    bad = {"messageId": "bad", "body": '{"detail": {}}'}
    messages = [
        station.put(key, pictures[key]),
        bad,
        station.put("poison.jpg", b"\xff\xd8\xff\xe0 this is no picture"),
        station.put(other, pictures[other]),
    ]
    cloud = station.cloud()
    assert take_in(cloud, messages) == {"batchItemFailures": [{"itemIdentifier": "bad"}]}
    counts = cloud.catalog.counts()
    assert (counts.photos, counts.problems) == (2, 1)
    (problem,) = cloud.catalog.problems()
    assert problem.place.path == f"s3://{station.originals}/poison.jpg"
    assert said() == ["added", "failed", "refused", "added"]

    assert take_in(cloud, messages) == {"batchItemFailures": [{"itemIdentifier": "bad"}]}
    assert said() == ["unchanged", "failed", "unchanged", "unchanged"]
    assert cloud.catalog.counts() == counts


def test_every_call_of_rekognition_is_for_a_new_photo(
    station: Station, pictures: Mapping[str, bytes]
) -> None:
    """They are what it costs: one to find faces, one for each face, and one for labels.

    A duplicate has none.
    """
    calls = Counter[str]()

    def hear(operation: str, _again: int) -> None:
        calls[operation] += 1

    cloud = station.cloud(hear)
    messages = [station.put(key, data) for key, data in pictures.items()]
    take_in(cloud, messages)
    faces = cloud.catalog.counts().faces
    assert calls["Rekognition.IndexFaces"] == len(pictures)
    assert faces <= calls["Rekognition.SearchFaces"] <= 2 * faces
    assert calls["Rekognition.DetectLabels"] == len(pictures)
    assert calls["Rekognition.DetectText"] == 0  # it is off
    assert calls["S3.PutObject"] == 2 * len(pictures) + faces
    assert calls["S3.GetObject"] <= 4 * len(pictures)

    calls.clear()
    take_in(cloud, messages)
    assert {name for name in calls if not name.startswith("DynamoDB")} == {"S3.HeadObject"}
    assert not any(name.startswith("DynamoDB.Transact") for name in calls)


class Killed(BaseException):
    """The container is ended here and now."""


def test_killed_after_anything_was_written_the_next_try_completes(
    station: Station, anna_anew: Callable[[], Iterator[bytes]]
) -> None:
    """For each writing in turn, a photo is announced, and again when the function was killed.

    In the end every photo is there once, all show one person, and no face is left over.
    """
    photos = anna_anew()
    survivor = station.cloud()
    writings = 0
    for writings in itertools.count(1):
        left = iter(range(writings - 1))

        def kill(operation: str, _again: int, left: Iterator[int] = left) -> None:
            if operation.partition(".")[2] in _WRITING and next(left, None) is None:
                raise Killed

        message = station.put(f"{writings:03}.jpg", next(photos))
        try:
            take_in(station.cloud(kill), [message])
        except Killed:
            assert take_in(survivor, [message]) == {"batchItemFailures": []}
        else:
            break

    catalog = survivor.catalog
    counts = catalog.counts()
    assert writings > 4
    assert counts.photos == counts.places == counts.faces == writings
    assert list(people_shown(catalog).values()) == [writings]
    kept = {face.id for face in survivor.library.collection.faces()}
    assert kept == {face.id for face in catalog.faces()}


def test_ten_functions_at_once_find_one_person(
    station: Station, anna_anew: Callable[[], Iterator[bytes]]
) -> None:
    """No photo is lost, none is there twice, whatever has to come again until nothing must."""
    messages = [
        station.put(f"{number:02}.jpg", data)
        for number, data in enumerate(itertools.islice(anna_anew(), 10))
    ]
    clouds = [station.cloud() for _ in range(10)]
    take_in_at_once(clouds, messages)
    catalog = station.cloud().catalog
    assert (catalog.counts().photos, catalog.counts().faces) == (10, 10)
    assert list(people_shown(catalog).values()) == [10]


def test_where_time_is_short_the_rest_comes_again(
    station: Station, pictures: Mapping[str, bytes]
) -> None:
    """What was begun is done and gone from the queue; the first is always begun."""
    messages = [station.put(key, data) for key, data in list(pictures.items())[:3]]
    short = iter([False, True])
    cloud = station.cloud()
    answer = take_in(cloud, messages, lambda: next(short))
    assert answer == {"batchItemFailures": [{"itemIdentifier": messages[2]["messageId"]}]}
    assert cloud.catalog.counts().photos == 2

    left = take_in(cloud, messages[2:], lambda: True)
    assert left == {"batchItemFailures": []}
    assert cloud.catalog.counts().photos == 3
