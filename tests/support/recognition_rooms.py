"""Adapters of the recognition ports with pictures they recognize, for their contract suites."""

from __future__ import annotations

import io
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import pytest
from databases import fresh_database
from PIL import Image, ImageDraw, ImageFont

from kith.adapters.recognition.local import LocalFaceCollection, LocalRecognizer
from kith.adapters.recognition.memory import (
    DrawnFace,
    DrawnText,
    MemoryFaceCollection,
    MemoryRecognizer,
    draw_picture,
    hue_of_person,
)
from kith.domain.errors import WeightsMissingError
from kith.domain.face import Box
from kith.engine.engine import Engine
from kith.engine.labels.labeler import Labeler
from kith.engine.labels.pack import load_label_pack
from kith.engine.pack import load_pack
from kith.engine.text import TextReader
from kith.engine.weights import ModelFolders, find_pack_files
from kith.ports.recognition import FaceCollection, Recognizer

LOCAL_MARKS = [pytest.mark.weights, pytest.mark.photos]
ROOMS = [
    "memory",
    pytest.param("local on sqlite", marks=LOCAL_MARKS),
    pytest.param("local in memory", marks=LOCAL_MARKS),
    pytest.param("local on postgresql", marks=[*LOCAL_MARKS, pytest.mark.postgres]),
]


@dataclass(frozen=True)
class Album:
    """The bytes of sample pictures; in ``both``, Anna's face is larger than Bert's.

    On ``sign`` is written "GATE 12" and, below it, "Boarding at 09:45".
    """

    anna: bytes
    anna_again: bytes
    bert: bytes
    bert_again: bytes
    both: bytes
    nobody: bytes
    sign: bytes
    broken: bytes = b"\xff\xd8\xff\xe0 this is no picture"

    def whole(self) -> tuple[bytes, ...]:
        """All that can be decoded."""
        return (self.anna, self.anna_again, self.bert, self.bert_again, self.both, self.nobody)


@dataclass(frozen=True)
class Room:
    """One adapter of each port, and pictures that they can recognize."""

    recognizer: Recognizer
    collection: FaceCollection
    album: Album


@pytest.fixture(scope="session")
def drawn_album() -> Album:
    """Pictures for the adapters in memory."""
    anna, bert = hue_of_person(2), hue_of_person(9)
    left, right = Box(0.1, 0.2, 0.4, 0.6), Box(0.6, 0.2, 0.3, 0.4)
    return Album(
        anna=draw_picture([DrawnFace(anna, left)]),
        anna_again=draw_picture([DrawnFace(anna + 1, right)], gray=120),
        bert=draw_picture([DrawnFace(bert, left)]),
        bert_again=draw_picture([DrawnFace(bert - 1, right)], gray=120),
        both=draw_picture([DrawnFace(anna - 1, left), DrawnFace(bert + 1, right)]),
        nobody=draw_picture([]),
        sign=draw_picture(
            [],
            text=[
                DrawnText("GATE 12", Box(0.1, 0.1, 0.5, 0.2)),
                DrawnText("Boarding at 09:45", Box(0.1, 0.6, 0.8, 0.2)),
            ],
        ),
    )


@pytest.fixture(scope="session")
def photographed_album(photos: Path) -> Album:
    """Pictures for the adapters with an engine."""
    anna, anna_again, bert, bert_again = (
        Image.open(photos / "portraits" / number / f"{mood}.jpg").convert("RGB").resize((450, 450))
        for number in ("001", "003")
        for mood in ("neutral", "smiling")
    )
    both = Image.new("RGB", (900, 450), "gray")
    both.paste(anna_again, (0, 0))
    both.paste(bert_again.resize((300, 300)), (500, 75))
    return Album(
        anna=_jpeg(anna),
        anna_again=_jpeg(anna_again),
        bert=_jpeg(bert),
        bert_again=_jpeg(bert_again),
        both=_jpeg(both),
        nobody=_jpeg(Image.new("RGB", (450, 450), "gray")),
        sign=_jpeg(_sign()),
    )


@pytest.fixture(scope="session")
def engine(weights: Path) -> Engine:
    """The engine with the default pack."""
    return Engine(load_pack("open"), lambda path: weights / path, workers=2)


@pytest.fixture(scope="session")
def labeler(weights: Path) -> Labeler:
    """What names what pictures show."""
    folders = ModelFolders(weights, weights)
    try:
        installed = find_pack_files(load_label_pack(), folders)
    except WeightsMissingError as error:
        pytest.skip(str(error))
    return Labeler(installed.pack, installed.path, workers=2)


@pytest.fixture(scope="session")
def local_recognizer(engine: Engine, labeler: Labeler) -> LocalRecognizer:
    """Everything that the local engine can say of single pictures."""
    return LocalRecognizer(engine, labeler, TextReader())


@pytest.fixture(params=ROOMS)
def room(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[Room]:
    """An empty collection, a recognizer and pictures, by every adapter."""
    if request.param == "memory":
        album = request.getfixturevalue("drawn_album")
        yield Room(MemoryRecognizer(), MemoryFaceCollection(), album)
        return
    album = request.getfixturevalue("photographed_album")
    engine = request.getfixturevalue("engine")
    where = {"local on sqlite": str(tmp_path / "library.db"), "local in memory": ":memory:"}
    address = where.get(request.param) or request.getfixturevalue("postgres_url")
    folder = tmp_path / "index" if request.param == "local on sqlite" else None
    database = fresh_database(address)
    recognizer = request.getfixturevalue("local_recognizer")
    yield Room(recognizer, LocalFaceCollection(engine, database, index_folder=folder), album)
    database.close()


def _sign() -> Image.Image:
    """Two lines of black letters on white."""
    image = Image.new("RGB", (800, 400), "white")
    pencil = ImageDraw.Draw(image)
    for top, text in ((40, "GATE 12"), (240, "Boarding at 09:45")):
        pencil.text((80, top), text, "black", ImageFont.load_default(64))
    return image


def _jpeg(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=90)
    return file.getvalue()
