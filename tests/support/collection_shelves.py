"""Adapters of the port ``Collections`` with pictures they recognize, for its contract suites."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from databases import fresh_database
from recognition_rooms import LOCAL_MARKS, Album

from kith.adapters.recognition.local import LocalRecognizer
from kith.adapters.recognition.local.collections import LocalCollections
from kith.adapters.recognition.memory import MemoryFaceCollection, MemoryRecognizer
from kith.adapters.recognition.memory_collections import MemoryCollections
from kith.domain.face import FaceDetail, FaceId
from kith.engine.engine import Engine
from kith.imaging.picture import Picture
from kith.ports.collections import Collections, KeptFace, OpenCollection
from kith.ports.recognition import Recognizer

NOBODY = FaceId("00000000-0000-4000-8000-000000000000")
EVERY: dict[str, Any] = {"min_similarity": 0.0, "limit": 4096}
SHELVES = [
    "memory",
    pytest.param("sqlite", marks=LOCAL_MARKS),
    pytest.param("postgresql", marks=[*LOCAL_MARKS, pytest.mark.postgres]),
]


@dataclass(frozen=True)
class Shelf:
    """One adapter, what sees faces for it, and pictures that this recognizes."""

    collections: Collections
    recognizer: Recognizer
    album: Album

    def keep(self, into: OpenCollection, data: bytes, name: str | None) -> tuple[KeptFace, ...]:
        """Keep all faces of a picture."""
        picture = Picture(data)
        seen = dict(enumerate(self.recognizer.detect_faces(picture)))
        return into.faces.keep(picture, name, seen)

    def largest(self, data: bytes) -> tuple[Picture, FaceDetail]:
        """A picture and its largest face."""
        picture = Picture(data)
        return picture, self.recognizer.detect_faces(picture)[0]

    def filled(self) -> OpenCollection:
        """A collection with Anna, Anna again, Bert and Bert again."""
        self.collections.create("c", {})
        opened = self.collections.open("c", writing=True)
        for name in ("anna", "anna_again", "bert", "bert_again"):
            self.keep(opened, getattr(self.album, name), name)
        return opened


@contextmanager
def open_shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[Shelf]:
    """No collection yet, by the adapter that the request names."""
    if request.param == "memory":
        album: Album = request.getfixturevalue("drawn_album")
        yield Shelf(MemoryCollections(MemoryFaceCollection), MemoryRecognizer(), album)
        return
    engine: Engine = request.getfixturevalue("engine")
    album = request.getfixturevalue("photographed_album")
    on_disk = request.param == "sqlite"
    address = str(tmp_path / "library.db") if on_disk else request.getfixturevalue("postgres_url")
    database = fresh_database(address)
    collections = LocalCollections(engine, database, index_folder=tmp_path / "index")
    yield Shelf(collections, LocalRecognizer(engine), album)
    collections.close()
    database.close()
