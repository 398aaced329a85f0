"""What new photos show, on AWS: one document for each, as one's own machine would write it.

Kith's own server for Rekognition looks at them, with the models that a library uses by itself; so
around the loop of boto3, the wire and the server, everything must come back as it is.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import jsonschema
import pytest
from PIL import Image

from kith.compose import open_library
from kith.compose.findings import open_looking
from kith.config import Settings
from kith.domain.selection import Selection
from kith.lambdas import container
from kith.lambdas.ingest import handler
from kith.lambdas.notices import handler as notices
from kith.pipeline.add import add
from kith.pipeline.findings.document import document_bytes, document_key, findings_schema
from kith.pipeline.findings.documents import findings_documents
from kith.pipeline.findings.look import lacking, look

if TYPE_CHECKING:
    from tests.lambdas.conftest import Station

pytestmark = [pytest.mark.weights, pytest.mark.photos, pytest.mark.emulators]


@pytest.fixture(scope="module")
def shown(photos: Path) -> Mapping[str, bytes]:
    """Two dogs, a page of a book and somebody's face, by key.

    So small that the models look at the very pixels, whoever scales them down.
    """
    texts = photos / "odd" / "immich-test-assets" / "albums" / "text"
    return {
        "pets.jpg": _small(photos / "labels" / "pets.jpg", 416),
        "book.jpg": _small(texts / "book-beside-flowers.jpg", 512),
        "face.jpg": _small(photos / "portraits" / "001" / "neutral.jpg", 416),
    }


def _small(path: Path, long_side: int) -> bytes:
    with Image.open(path) as image:
        image.thumbnail((long_side, long_side))
        file = io.BytesIO()
        image.convert("RGB").save(file, "JPEG", quality=90, exif=image.getexif())
        return file.getvalue()


def test_documents_are_those_of_a_library_on_ones_own_machine(
    station: Station,
    shown: Mapping[str, bytes],
    weights: Path,
    tmp_path: Path,
    context: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """But for ids, places, engines, and what Rekognition tells of faces in its own way.

    Each holds to the schema, and lies in the bucket byte for byte as it would in a folder.
    """
    monkeypatch.setenv("KITH_TEXT", "on")
    messages = [station.put(key, data) for key, data in shown.items()]
    assert handler({"Records": messages}, context) == {"batchItemFailures": []}

    cloud, folder = container.cloud(), tmp_path / "photos"
    folder.mkdir()
    for key, data in shown.items():
        (folder / key).write_bytes(data)
    settings = Settings(library=tmp_path / "library", models=weights, labels="on", text="on")
    with open_library(settings, writing=True) as local:
        add(local, [folder])
    with open_looking(settings) as kit:
        look(kit, lacking(kit, [Selection()]))
        expected = list(findings_documents(kit.records, kit.originals, face_engine="local"))

    assert len(expected) == len(shown)
    for document in expected:
        written = cloud.storage.read(document_key(document["photo_id"]))
        told = json.loads(written)
        jsonschema.validate(told, findings_schema())
        assert document_bytes(told) == written
        assert _comparable(told) == _about(_comparable(document))
        assert told["engines"]["faces"] == "rekognition"
        (name,) = [Path(place).name for place in document["source"]["places"]]
        assert told["source"]["places"] == [f"s3://{station.originals}/{name}"]
    found = {Path(one["source"]["places"][0]).name: one for one in expected}
    assert "Dog" in {label["name"] for label in found["pets.jpg"]["labels"]}
    assert found["book.jpg"]["text"]
    assert len(found["face.jpg"]["faces"]) == 1


def _comparable(document: Mapping[str, Any]) -> dict[str, Any]:
    """What must be the same in both."""
    source = {name: document["source"][name] for name in ("format", "byte_size")}
    faces = [
        {"box": one["box"], "confidence": one["confidence"], "person": one["person"] is not None}
        for one in document["faces"]
    ]
    return {**document, "engines": None, "source": source, "faces": faces}


def _about(value: Any) -> Any:
    """The same, its figures as exact as Rekognition tells them."""
    if isinstance(value, float):
        return pytest.approx(value, abs=0.02)
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value)
        return {key: _about(each) for key, each in members.items()}
    if isinstance(value, list):
        return [_about(each) for each in cast("list[Any]", value)]
    return value


def test_rules_for_labels_are_told_once(
    station: Station, shown: Mapping[str, bytes], context: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A notice comes into the outbox with the findings, however often the photo is announced."""
    url, topic = station.subscribed()
    rule = {"name": "A dog", "label": "dog", "channels": ["topic"]}
    monkeypatch.setenv("KITH_TOPIC_ARN", topic)
    monkeypatch.setenv("KITH_RULES", json.dumps([rule]))
    messages = [station.put(key, shown[key]) for key in ("pets.jpg", "face.jpg")]

    for _ in range(2):
        assert handler({"Records": messages}, context) == {"batchItemFailures": []}

    assert notices({}, context) == {"sent": 1, "waiting": 0, "dead": 0}
    (told,) = station.received(url)
    assert "pets.jpg" in told["body"]
