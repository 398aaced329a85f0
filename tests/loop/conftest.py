"""The loop: adapter, boto3, server and engine, which answers as the engine asked directly."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest
from databases import fresh_database
from recognition_rooms import LOCAL_MARKS, Room
from rekognition_wire import WRITER, running

from kith.adapters.recognition.local.collections import LocalCollections
from kith.adapters.recognition.memory import MemoryFaceCollection, MemoryRecognizer
from kith.adapters.recognition.memory_collections import MemoryCollections
from kith.adapters.recognition.rekognition import (
    RekognitionFaceCollection,
    RekognitionRecognizer,
)
from kith.pipeline.rekognition.images import Images
from kith.pipeline.rekognition.kit import Kit
from kith.pipeline.rekognition.operations import operations_over
from kith.rekognition.wire import Wire
from kith.rekognition_server.service_file import load_service


@pytest.fixture(params=["drawn faces", pytest.param("real faces", marks=LOCAL_MARKS)])
def kit(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[Kit]:
    """What a server works with."""
    if request.param == "drawn faces":
        collections = MemoryCollections(MemoryFaceCollection)
        yield Kit(collections, MemoryRecognizer(), Images(None))
        return
    engine = request.getfixturevalue("engine")
    database = fresh_database(tmp_path / "library.db")
    collections = LocalCollections(engine, database, index_folder=tmp_path / "index")
    yield Kit(collections, request.getfixturevalue("local_recognizer"), Images(None))
    collections.close()
    database.close()


@pytest.fixture
def room(kit: Kit, request: pytest.FixtureRequest) -> Generator[Room]:
    """The adapters of Rekognition, over a server of our own."""
    drawn = isinstance(kit.recognizer, MemoryRecognizer)
    album = request.getfixturevalue("drawn_album" if drawn else "photographed_album")
    kit.collections.create("c", {})
    wire = Wire(load_service(), operations_over(kit), lambda: {WRITER.key_id: WRITER})
    with running(wire) as server:
        client = server.client()
        yield Room(RekognitionRecognizer(client), RekognitionFaceCollection(client, "c"), album)
