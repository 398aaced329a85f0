"""One photo: what is known of it, what its camera wrote, and who may see where it lies."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from kith.domain.photo import photo_id_of
from kith.pipeline.export import export_photos
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
    assert client.get(urls["original"]).content == portrait.read_bytes()


def test_exif_is_grouped_and_named(client: TestClient, portrait: Path) -> None:
    """Tags have the standard's names; a photo without any has no groups."""
    photo_id = photo_id_of(portrait.read_bytes())

    tags = client.get(f"/api/v1/photos/{photo_id}/exif").json()["tags"]

    assert tags["Image"]["Make"] == "Canon"
    assert tags["Image"]["DateTime"].startswith("2024:01:15")


def test_findings_are_those_of_the_export(
    client: TestClient, services: Services, portrait: Path
) -> None:
    """The same document by whatever door."""
    photo_id = photo_id_of(portrait.read_bytes())

    (exported,) = export_photos(services.catalog, [photo_id])
    assert client.get(f"/api/v1/photos/{photo_id}/findings").json() == exported


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
