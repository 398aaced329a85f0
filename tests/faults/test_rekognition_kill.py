"""The server killed at any moment: what it acknowledged is there, and nothing is there twice."""

from __future__ import annotations

import io
import random
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError
from PIL import Image
from recognition_rooms import Album
from rekognition_process import Nursery, Server, nursery

from kith.database.open import open_database

pytestmark = [
    pytest.mark.weights,
    pytest.mark.photos,
    pytest.mark.skipif(sys.platform == "win32", reason="processes are forked"),
]

_KILLS = 20
_WRITERS = 8
_COLLECTION = {"CollectionId": "c"}


@dataclass
class Writer:
    """A client that indexes a picture again and again, each time by another name.

    Attributes:
        number: which of the writers.
        told: the ids of the faces that were acknowledged, by name.
        unsure: the name of which it never heard.
    """

    number: int
    told: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    unsure: str | None = None

    def write(self, client: Any, picture: bytes, heard: threading.Semaphore) -> None:
        """Index until the server is gone; first what it never heard of, as an SDK would."""
        while True:
            name = self.unsure or f"{self.number}-{len(self.told)}"
            self.unsure = name
            image = {"Image": {"Bytes": picture}, "ExternalImageId": name}
            try:
                answer = client.index_faces(**_COLLECTION, **image)
            except BotoCoreError:  # the connection broke; an error of the service is another class
                return
            self.told[name] = {one["Face"]["FaceId"] for one in answer["FaceRecords"]}
            self.unsure = None
            heard.release()


def test_what_was_acknowledged_is_there_once(
    weights: Path, photographed_album: Album, tmp_path: Path
) -> None:
    """After each of 20 kills under 8 writing clients; what nobody heard of is written again."""
    chance = random.Random(4)
    writers, picture = [Writer(at) for at in range(_WRITERS)], _half(photographed_album.both)
    library = tmp_path / "library"
    with nursery(library, weights, tmp_path) as servers:
        with servers.server() as server:
            server.client().create_collection(**_COLLECTION)
        for _ in range(_KILLS):
            _write_until_killed(servers, writers, picture, chance)
        with servers.server() as server:
            client = server.client()
            listed = _all_faces(client)
            first = next(iter(writers[0].told["0-0"]))
            found = client.search_faces(**_COLLECTION, FaceId=first, FaceMatchThreshold=99)
            described = client.describe_collection(**_COLLECTION)

    kept = {face["FaceId"]: face["ExternalImageId"] for face in listed}
    told = {name: ids for writer in writers for name, ids in writer.told.items()}
    assert len(told) >= _KILLS
    assert len(kept) == len(listed) == described["FaceCount"]
    assert set(Counter(kept.values()).values()) == {2}
    for name, ids in told.items():
        assert {face_id for face_id, of in kept.items() if of == name} == ids
    assert set(kept.values()) - set(told) <= {writer.unsure for writer in writers}
    # Of each picture there is the one face that was searched for, or one of the other person.
    assert len(found["FaceMatches"]) == len(kept) // 2 - 1
    database = open_database(library / "library.db")
    assert database.damages() == ()
    database.close()


def _write_until_killed(
    servers: Nursery, writers: list[Writer], picture: bytes, chance: random.Random
) -> None:
    heard = threading.Semaphore(0)
    with servers.server() as server:
        threads = [_started(writer, server, picture, heard) for writer in writers]
        for _ in range(chance.randint(1, 8)):
            assert heard.acquire(timeout=60)
        time.sleep(chance.uniform(0, 0.05))
        server.kill()
        for thread in threads:
            thread.join(60)
            assert not thread.is_alive()


def _started(
    writer: Writer, server: Server, picture: bytes, heard: threading.Semaphore
) -> threading.Thread:
    thread = threading.Thread(target=writer.write, args=(server.client(), picture, heard))
    thread.start()
    return thread


def _half(data: bytes) -> bytes:
    """The picture at half its size: quick to look at."""
    small = io.BytesIO()
    with Image.open(io.BytesIO(data)) as image:
        image.resize((image.width // 2, image.height // 2)).save(small, "JPEG", quality=92)
    return small.getvalue()


def _all_faces(client: Any) -> list[dict[str, Any]]:
    pages = client.get_paginator("list_faces").paginate(**_COLLECTION)
    return [face for page in pages for face in page["Faces"]]
