"""A server over real operations, and a boto3 client of it whose answers are held to the model."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError
from botocore.model import ListShape, StructureShape
from databases import fresh_database
from PIL import Image
from recognition_rooms import Album
from rekognition_wire import WRITER, running

from kith.adapters.recognition.local import LocalRecognizer
from kith.adapters.recognition.local.collections import LocalCollections
from kith.adapters.recognition.memory import MemoryFaceCollection, MemoryRecognizer
from kith.adapters.recognition.memory_collections import MemoryCollections
from kith.adapters.storage.bucket_folder import BucketFolder
from kith.engine.engine import Engine
from kith.engine.labels.labeler import Labeler
from kith.engine.labels.pack import load_label_pack
from kith.engine.weights import ModelFolders, find_pack_files
from kith.pipeline.rekognition.images import Images
from kith.pipeline.rekognition.kit import Kit
from kith.pipeline.rekognition.operations import operations_over
from kith.rekognition.wire import Wire
from kith.rekognition_server.service_file import load_service

Client = Any
"""boto3's clients are made at run time."""


@dataclass(frozen=True)
class Door:
    """A client, the folder of its buckets, and pictures that the server recognizes."""

    client: Client
    buckets: Path
    album: Album

    def index(self, data: bytes, name: str | None = None, **more: Any) -> Any:
        """IndexFaces into the collection ``c``."""
        named = {"ExternalImageId": name} if name else {}
        return self.client.index_faces(CollectionId="c", Image={"Bytes": data}, **named, **more)

    def ids(self, data: bytes, name: str | None = None) -> list[str]:
        """The ids of the faces of a picture that is indexed now, largest first."""
        return [one["Face"]["FaceId"] for one in self.index(data, name)["FaceRecords"]]


@pytest.fixture
def door(tmp_path: Path, drawn_album: Album) -> Generator[Door]:
    """A server of drawn faces with the empty collection ``c``."""
    collections = MemoryCollections(MemoryFaceCollection)
    collections.create("c", {})
    images = Images(BucketFolder(tmp_path))
    with _open(Kit(collections, MemoryRecognizer(), images)) as client:
        yield Door(client, tmp_path, drawn_album)


@pytest.fixture
def real_door(
    tmp_path: Path, photographed_album: Album, engine: Engine, local_recognizer: LocalRecognizer
) -> Generator[Door]:
    """A server of the local engine with the empty collection ``c``."""
    database = fresh_database(tmp_path / "library.db")
    collections = LocalCollections(engine, database, index_folder=tmp_path / "index")
    collections.create("c", {})
    images = Images(BucketFolder(tmp_path))
    with _open(Kit(collections, local_recognizer, images)) as client:
        yield Door(client, tmp_path, photographed_album)
    collections.close()
    database.close()


@pytest.fixture
def bare_door(tmp_path: Path, photographed_album: Album, engine: Engine) -> Generator[Door]:
    """A server of the local engine where nothing optional is installed."""
    pack, nothing = load_label_pack(), ModelFolders(None, tmp_path / "models")
    labeler = Labeler(pack, lambda path: find_pack_files(pack, nothing).path(path))
    collections = MemoryCollections(MemoryFaceCollection)
    with _open(Kit(collections, LocalRecognizer(engine, labeler), Images(None))) as client:
        yield Door(client, tmp_path, photographed_album)


@pytest.fixture
def refusal() -> Callable[..., tuple[str, str]]:
    """Calls what must fail; gives the error's name and message."""

    def call(ask: Callable[..., Any], **members: Any) -> tuple[str, str]:
        with pytest.raises(ClientError) as caught:
            ask(**members)
        error = cast(Any, caught.value).response["Error"]
        return error["Code"], error["Message"]

    return call


@pytest.fixture
def jpeg() -> Callable[..., bytes]:
    """Saves an image as JPEG."""

    def save(image: Image.Image, **more: Any) -> bytes:
        file = io.BytesIO()
        image.save(file, "JPEG", quality=92, **more)
        return file.getvalue()

    return save


@contextmanager
def _open(kit: Kit) -> Generator[Client]:
    """A client of a server over these operations; its answers are held to the model."""

    def check(http_response: Any, model: Any, **_: Any) -> None:
        if http_response.status_code == 200:
            _conforms(json.loads(http_response.content or b"{}"), model.output_shape, "")

    wire = Wire(load_service(), operations_over(kit), lambda: {WRITER.key_id: WRITER})
    with running(wire) as server:
        client = server.client()
        client.meta.events.register("after-call.rekognition.*", check)
        yield client


_PLAIN = {
    "string": str,
    "integer": int,
    "long": int,
    "float": int | float,
    "double": int | float,
    "timestamp": int | float,
    "boolean": bool,
}


def _conforms(value: Any, shape: Any, path: str) -> None:
    """The raw JSON of an answer has the structure that the model says, and its limits."""
    if isinstance(shape, StructureShape):
        _members_conform(value, shape, path)
    elif isinstance(shape, ListShape):
        assert isinstance(value, list), path
        for at, entry in enumerate(cast("list[Any]", value)):
            _conforms(entry, cast(Any, shape).member, f"{path}[{at}]")
    elif shape is not None and shape.type_name in _PLAIN:
        assert isinstance(value, _PLAIN[shape.type_name]), path
        assert shape.name != "Percent" or 0 <= value <= 100, path
        choices = shape.metadata.get("enum")
        assert not choices or value in choices, path


def _members_conform(value: Any, shape: Any, path: str) -> None:
    assert isinstance(value, dict), path
    for name, member in cast("dict[str, Any]", value).items():
        assert name in shape.members, f"{path}.{name} is not in the model"
        _conforms(member, shape.members[name], f"{path}.{name}")
