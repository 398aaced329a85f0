"""Whatever is asked of the operations themselves is answered, or refused as the client's error.

What the wire makes of documents that do not fit the model is tested with the wire; here they fit,
and say nonsense to the operations: other collections' faces, broken pictures, half an object.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from recognition_rooms import LOCAL_MARKS, Album

from kith.adapters.recognition.local import LocalRecognizer
from kith.adapters.recognition.local.collections import LocalCollections
from kith.adapters.recognition.memory import MemoryFaceCollection, MemoryRecognizer
from kith.adapters.recognition.memory_collections import MemoryCollections
from kith.database.open import open_database
from kith.pipeline.rekognition.images import Images
from kith.pipeline.rekognition.kit import Kit
from kith.pipeline.rekognition.operations import SUPPORTED, operations_over
from kith.rekognition.model import Flag, ListOf, MapOf, Real, Shape, Structure, Text, Whole
from kith.rekognition.sigv4 import SignedRequest
from kith.rekognition.wire import Answer, Wire
from kith.rekognition_server.service_file import load_service

Worlds = Callable[[], AbstractContextManager[Wire]]

SERVICE: Final = load_service()
IDS: Final = ("FACE-LARGE", "FACE-SMALL", "00000000-0000-4000-8000-000000000000")
"""The first two stand for the ids of faces that are known."""

SETTINGS = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(params=["drawn faces", pytest.param("real faces", marks=LOCAL_MARKS)])
def world(request: pytest.FixtureRequest) -> tuple[Worlds, Album, int]:
    """Makes servers' insides; pictures that they recognize; and how often that can be afforded."""
    if request.param == "drawn faces":

        @contextmanager
        def drawn() -> Generator[Wire]:
            collections = MemoryCollections(MemoryFaceCollection)
            yield _wire(Kit(collections, MemoryRecognizer(), Images(None)))

        return drawn, request.getfixturevalue("drawn_album"), 200
    engine = request.getfixturevalue("engine")

    @contextmanager
    def real() -> Generator[Wire]:
        database = open_database(":memory:")
        collections = LocalCollections(engine, database)
        yield _wire(Kit(collections, LocalRecognizer(engine), Images(None)))
        collections.close()
        database.close()

    return real, request.getfixturevalue("photographed_album"), 25


def test_no_request_is_an_error_of_ours(world: tuple[Worlds, Album, int]) -> None:
    """Nor is what one leaves behind one to those that come after it."""
    make, album, examples = world

    @settings(SETTINGS, max_examples=examples)
    @given(st.lists(_requests(_images(album)), min_size=1, max_size=6))
    def hold(requests: Sequence[tuple[str, Any]]) -> None:
        with make() as wire:
            ids = _furnish(wire, album)
            for operation, document in requests:
                text = json.dumps(document)
                for sign, id_ in zip(IDS, ids, strict=False):
                    text = text.replace(sign, id_)
                answer = _ask(wire, operation, text)
                assert answer.failure is None
                assert answer.status in {200, 400}

    hold()


def _wire(kit: Kit) -> Wire:
    return Wire(SERVICE, operations_over(kit), None)


def _ask(wire: Wire, operation: str, text: str) -> Answer:
    headers = {"host": "localhost", "x-amz-target": f"RekognitionService.{operation}"}
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    return wire.answer(SignedRequest("POST", "/", "", raw, text.encode()), "id")


def _furnish(wire: Wire, album: Album) -> list[str]:
    """Make a collection with two faces, one of which is a user's; gives their ids."""
    image = {"Bytes": base64.b64encode(album.both).decode()}
    _ask(wire, "CreateCollection", '{"CollectionId": "c"}')
    document = {"CollectionId": "c", "Image": image, "ExternalImageId": "x"}
    told = json.loads(_ask(wire, "IndexFaces", json.dumps(document)).body)
    ids = [record["Face"]["FaceId"] for record in told["FaceRecords"]]
    assert len(ids) == 2
    _ask(wire, "CreateUser", '{"CollectionId": "c", "UserId": "u"}')
    associated = {"CollectionId": "c", "UserId": "u", "FaceIds": ids[:1]}
    assert _ask(wire, "AssociateFaces", json.dumps(associated)).status == 200
    return ids


# -- documents that fit the model ------------------------------------------------------------------


def _images(album: Album) -> st.SearchStrategy[Any]:
    """An ``Image``: of a picture, of a damaged one, of an object; of both, or of nothing."""
    whole = st.sampled_from([*album.whole(), album.broken])
    cut = st.tuples(whole, st.integers(1, 4000)).map(lambda told: told[0][: told[1]])
    stained = st.tuples(whole, st.integers(0, 20_000), st.binary(min_size=1, max_size=8)).map(
        lambda told: told[0][: told[1]] + told[2] + told[0][told[1] + len(told[2]) :]
    )
    data = (whole | cut | stained | st.binary(min_size=1, max_size=50)).map(
        lambda data: base64.b64encode(data).decode()
    )
    some = st.fixed_dictionaries({"Bytes": data})
    shape = SERVICE.takes("DetectFaces").members["Image"]
    assert isinstance(shape, Structure)
    return (
        some
        | some
        | st.fixed_dictionaries({}, optional={"Bytes": data}).flatmap(
            lambda image: _documents(shape.members["S3Object"], "S3Object", some).map(
                lambda told: {**image, "S3Object": told}
            )
        )
    )


def _requests(images: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[str, Any]]:
    return st.sampled_from(sorted(SUPPORTED)).flatmap(
        lambda name: st.tuples(st.just(name), _documents(SERVICE.takes(name), "", images))
    )


_ARN: Final = "aws:rekognition:us-east-1:000000000000:collection/"
_NAMED: Final[dict[str, st.SearchStrategy[Any]]] = {
    "CollectionId": st.sampled_from(["c", "c", "c", "c", "new", "library", "absent"]),
    "FaceId": st.sampled_from(IDS),
    "FaceIds": st.lists(st.sampled_from(IDS), min_size=1, max_size=4),
    "UserId": st.sampled_from(["u", "u", "v"]),
    "ExternalImageId": st.sampled_from(["x", "y", "a:b"]),
    "Features": st.sampled_from([["IMAGE_PROPERTIES"], ["GENERAL_LABELS"], []]),
    "ClientRequestToken": st.sampled_from(["one", "two"]),
    "ResourceArn": st.sampled_from(["c", "new", "library", "absent"]).map(_ARN.__add__)
    | st.text(min_size=20, max_size=40),
    "NextToken": st.text(max_size=20)
    | st.binary(max_size=20).map(lambda raw: base64.urlsafe_b64encode(raw).decode()),
}


def _documents(shape: Shape, name: str, images: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Values that fit a shape."""
    if name.endswith("Image"):
        return images
    if name in _NAMED:
        return _NAMED[name]
    if isinstance(shape, Structure):
        members = {member: _documents(of, member, images) for member, of in shape.members.items()}
        must = {member: members.pop(member) for member in shape.required}
        return st.fixed_dictionaries(must, optional=members)
    if isinstance(shape, ListOf):
        return st.lists(_documents(shape.item, "", images), min_size=shape.least or 0, max_size=3)
    if isinstance(shape, MapOf):
        value = _documents(shape.value, "", images)
        return st.dictionaries(_plain(shape.key), value, min_size=shape.least or 0, max_size=3)
    return _plain(shape)


def _plain(shape: Shape) -> st.SearchStrategy[Any]:
    match shape:
        case Whole(_, least, most):
            return st.integers(int(least or 0), int(most or 2**31 - 1)) | st.just(int(least or 0))
        case Real(least, most):
            return st.floats(least or 0, most or 100, width=32)
        case Flag():
            return st.booleans()
        case Text() if shape.choices:
            return st.sampled_from(shape.choices)
        case _:
            return st.text("abcAB1", min_size=1, max_size=12)
