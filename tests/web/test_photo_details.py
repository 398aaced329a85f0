"""One photo: what is known of it, what its camera wrote, and who may see where it lies."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest
from fastapi.testclient import TestClient

from kith.domain.face import Box
from kith.domain.findings import PhotoFindings
from kith.domain.label import Instance, Label, SeenLabels
from kith.domain.photo import photo_id_of
from kith.pipeline.findings.document import findings_schema
from kith.web.services import Services

pytestmark = [pytest.mark.weights, pytest.mark.photos]


@pytest.fixture
def portrait(photo_folder: Path) -> Path:
    """A photo of one face, taken with a camera."""
    return min((photo_folder / "portraits").iterdir())


def test_a_photo_tells_all_that_is_known(client: TestClient, portrait: Path) -> None:
    """As a grid shows it, and with its places, faces, albums and the addresses of its bytes."""
    photo_id = photo_id_of(portrait.read_bytes())

    detail = client.get(f"/api/v1/photos/{photo_id}").json()

    shown = {one["id"]: one for one in client.get("/api/v1/photos").json()["photos"]}[photo_id]
    urls = detail.pop("urls")
    assert shown.pop("urls").items() <= urls.items()
    assert shown.items() <= detail.items()
    assert detail["places"] == [{"path": str(portrait)}]
    assert (detail["camera"], detail["format"]) == ("Canon", "JPEG")
    assert detail["byte_size"] == portrait.stat().st_size
    assert [album["name"] for album in detail["albums"]] == ["portraits"]
    assert [face["photo_id"] for face in detail["faces"]] == [photo_id]
    assert (detail["labels"], detail["text"]) == (None, None)
    assert client.get(urls["original"]).content == portrait.read_bytes()


def test_exif_is_grouped_and_named(client: TestClient, portrait: Path) -> None:
    """Tags have the standard's names; a photo without any has no groups."""
    photo_id = photo_id_of(portrait.read_bytes())

    tags = client.get(f"/api/v1/photos/{photo_id}/exif").json()["tags"]

    assert tags["Image"]["Make"] == "Canon"
    assert tags["Image"]["DateTime"].startswith("2024:01:15")


def test_findings_are_one_document_by_whatever_door(
    client: TestClient, services: Services, portrait: Path
) -> None:
    """As its schema says; with what was found, once it was; the page hears of it."""
    photo_id = photo_id_of(portrait.read_bytes())
    before = client.get(f"/api/v1/photos/{photo_id}/findings").json()
    edition = client.get("/api/v1/library").json()["edition"]
    label = Label("Hat", 87.5, ("Clothing",), instances=(Instance(Box(0, 0, 0.5, 0.5), 87.5),))
    services.records.findings.keep([PhotoFindings(photo_id, SeenLabels((label,), "1"))])

    after = client.get(f"/api/v1/photos/{photo_id}/findings").json()
    status = client.get("/api/v1/library").json()

    for document in (before, after):
        jsonschema.validate(document, findings_schema())
    assert (before["labels"], before["text"]) == (None, None)
    assert [one["name"] for one in after["labels"]] == ["Hat"]
    assert after["source"]["places"] == [str(portrait)]
    assert after["exif"]["Image"]["Make"] == "Canon"
    assert after["engines"]["faces"] == "open"
    assert (status["labelled_photos"], status["read_photos"]) == (1, 0)
    assert status["edition"] == edition + 1 == client.get("/api/v1/timeline").json()["edition"]
    found = client.get("/api/v1/photos", params={"query": "label:clothing"}).json()["photos"]
    assert [one["id"] for one in found] == [photo_id]
    detail = client.get(f"/api/v1/photos/{photo_id}").json()
    assert detail["labels"] == [{"name": "Hat", "confidence": 87.5}]


def test_a_label_that_there_is_not_is_a_problem_at_its_character(client: TestClient) -> None:
    """As for people: the page can show where."""
    answer = client.get("/api/v1/photos", params={"query": "unnamed label:Dgo"})

    assert answer.status_code == 400
    assert answer.json()["at"] == len("unnamed label:")


def test_an_unknown_photo_is_a_problem(client: TestClient) -> None:
    """What is not there is said in the form of RFC 9457, whatever was asked of it."""
    for part in ("", "/exif", "/findings"):
        answer = client.get(f"/api/v1/photos/{'0' * 64}{part}")
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["type"] == "urn:kith:not-found"
    assert client.get("/api/v1/nothing").status_code == 404
    assert client.get("/api/v1/nothing").headers["content-type"] == "application/problem+json"


def test_a_query_that_cannot_be_understood_says_where(client: TestClient) -> None:
    """The problem carries the character at which a caret stands."""
    answer = client.get("/api/v1/photos", params={"query": "faces:>=2 colour:red"})

    assert answer.status_code == 400
    assert answer.json()["at"] == len("faces:>=2 ")
