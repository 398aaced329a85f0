"""Killed at any moment: what was acknowledged is there, and nothing twice."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest
from processes import running
from recognition_rooms import Album

from kith.adapters.recognition.local.collections import LocalCollections
from kith.database.open import open_database
from kith.domain.errors import NotFoundError
from kith.domain.face import FaceId
from kith.engine.engine import Engine

pytestmark = [pytest.mark.weights, pytest.mark.photos]

_WRITER = """
import os, sys, threading
from pathlib import Path
from kith.adapters.recognition.local import LocalRecognizer
from kith.adapters.recognition.local.collections import LocalCollections
from kith.database.open import open_database
from kith.engine.engine import Engine
from kith.engine.pack import load_pack
from kith.pipeline.rekognition.images import Images
from kith.pipeline.rekognition.kit import Kit
from kith.pipeline.rekognition.operations import operations_over
from kith.rekognition.interface import Call

library, weights, data, start = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4]
engine = Engine(load_pack("open"), lambda path: weights / path, workers=2)
collections = LocalCollections(engine, open_database(library / "library.db"), index_folder=library)
operations = operations_over(Kit(collections, LocalRecognizer(engine), Images(None)))
if start == "0":
    operations["CreateCollection"]({"CollectionId": "c"}, Call("", ""))
image = {"Bytes": data.read_bytes()}

def work(thread):
    for number in range(10_000):
        name = f"{start}-{thread}-{number}"
        asked = {"CollectionId": "c", "Image": image, "ExternalImageId": name}
        answer = operations["IndexFaces"](asked, Call("", ""))
        ids = [record["Face"]["FaceId"] for record in answer["FaceRecords"]]
        os.write(1, (" ".join([name, *ids]) + "\\n").encode())

for thread in range(4):
    threading.Thread(target=work, args=(thread,)).start()
"""


def test_what_was_acknowledged_is_there(
    engine: Engine, weights: Path, photographed_album: Album, tmp_path: Path
) -> None:
    """After SIGKILL under four writers, every acknowledged face is there once, and is found."""
    picture = tmp_path / "both.jpg"
    picture.write_bytes(photographed_album.both)
    told: dict[str, list[str]] = {}
    for round_ in range(3):
        told |= _killed_after(12 * (round_ + 1), [tmp_path, weights, picture, round_])

    database = open_database(tmp_path / "library.db")
    assert database.damages() == ()
    faces = LocalCollections(engine, database, index_folder=tmp_path).open("c").faces
    kept = faces.page("", 100_000)
    by_name = {name: {f.id for f in kept if f.external_id == name} for name in told}

    assert len(told) >= 60
    assert len({face.id for face in kept}) == len(kept)
    assert all(by_name[name] == set(ids) for name, ids in told.items())
    some = FaceId(next(iter(told.values()))[0])
    found = faces.search(some, min_similarity=99.9, limit=100_000)
    assert len(found) == len(kept) // 2 - 1
    with pytest.raises(NotFoundError):
        faces.search(FaceId("00000000-0000-4000-8000-000000000000"), min_similarity=0, limit=1)
    database.close()


def _killed_after(count: int, arguments: list[object]) -> dict[str, list[str]]:
    """What a writer acknowledged until it was killed."""
    with running(sys.executable, "-c", _WRITER, *map(str, arguments)) as process:
        assert process.stdout
        lines = [process.stdout.readline() for _ in range(count)]
        time.sleep(0.05)
        process.kill()
        lines += process.stdout.read().splitlines(keepends=True)
    whole = [line.split() for line in lines if line.endswith("\n")]
    return {name: ids for name, *ids in whole}
