"""Adding photos to a library in DynamoDB."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from catalog_records import everything
from tiny_dynamo import TinyDynamo

from kith.adapters.catalog.dynamo.catalog import DynamoCatalog
from kith.adapters.catalog.dynamo.table import Table
from kith.adapters.catalog.memory import MemoryCatalog
from kith.adapters.recognition.memory import (
    DrawnFace,
    MemoryFaceCollection,
    MemoryRecognizer,
    draw_picture,
    hue_of_person,
)
from kith.adapters.storage.memory import MemoryStorage
from kith.domain.face import Box
from kith.pipeline.add import add
from kith.pipeline.library import Library
from kith.ports.catalog import Catalog

PHOTOS = 20
LEFT, RIGHT = Box(0.1, 0.2, 0.3, 0.5), Box(0.55, 0.2, 0.3, 0.5)


def test_the_same_photos_give_the_same_people_as_in_memory(tmp_path: Path) -> None:
    """And each costs some dozens of reads and writes, however many there are already."""
    for number in range(PHOTOS):
        faces = [
            DrawnFace(hue_of_person(number % 4), LEFT),
            DrawnFace(hue_of_person(4 + number % 3), RIGHT),
        ]
        (tmp_path / f"{number:02}.png").write_bytes(draw_picture(faces, gray=60 + number))
    client, expected = TinyDynamo(), MemoryCatalog()
    actual = DynamoCatalog(Table(client, "kith"))

    for catalog in (expected, actual):
        assert add(_library(catalog), [tmp_path]).added == PHOTOS

    spent = dict(client.units)
    assert expected.counts().people == 7
    assert everything(actual) == everything(expected)
    assert spent["write"] <= 40 * PHOTOS
    assert spent["read"] <= 70 * PHOTOS


def _library(catalog: Catalog) -> Library:
    return Library(
        catalog=catalog,
        collection=MemoryFaceCollection(),
        recognizer=MemoryRecognizer(),
        derived=MemoryStorage(),
        upkeep=cast("Any", None),  # nobody asks how this library does
        workers=1,
    )
