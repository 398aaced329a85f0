"""Searching with a picture and with a face, over HTTP."""

from __future__ import annotations

import logging
from base64 import b64decode
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from PIL import Image

from kith.config import Settings

pytestmark = [pytest.mark.weights, pytest.mark.photos]


def search(client: TestClient, data: bytes, **fields: Any) -> dict[str, Any]:
    """Who is in a picture."""
    answer = client.post("/api/v1/search", files={"picture": ("probe.jpg", data)}, data=fields)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture(scope="module")
def group(photo_folder: Path) -> bytes:
    """A picture of several people."""
    files = sorted((photo_folder / "family").glob("*.jpg"), key=lambda each: each.stat().st_size)
    return files[-1].read_bytes()


def test_every_face_of_the_picture_is_answered(client: TestClient, group: bytes) -> None:
    """Each face has its crop, and the photos that show it, most similar first, each once."""
    answer = search(client, group, min_similarity=50)
    assert len(answer["faces"]) > 1
    areas = [face["box"]["width"] * face["box"]["height"] for face in answer["faces"]]
    assert areas == sorted(areas, reverse=True)
    for face in answer["faces"]:
        kind, _, data = face["crop"].partition(",")
        assert kind == "data:image/jpeg;base64"
        with Image.open(BytesIO(b64decode(data))) as crop:
            assert crop.format == "JPEG"
        similarities = [found["similarity"] for found in face["photos"]]
        assert similarities == sorted(similarities, reverse=True)
        assert face["similarity"] == similarities[0] > 99
        shown = [found["photo"]["id"] for found in face["photos"]]
        assert len(set(shown)) == len(shown)
        assert all(f["face"]["photo_id"] == f["photo"]["id"] for f in face["photos"])


def test_the_person_is_told_unless_they_refused(client: TestClient, group: bytes) -> None:
    """A face has the name of its person, and nothing at all once that person refused."""
    person = search(client, group)["faces"][0]["person"]["id"]
    client.patch(f"/api/v1/people/{person}", json={"name": "Ana"})
    assert search(client, group)["faces"][0]["person"]["name"] == "Ana"
    client.patch(f"/api/v1/people/{person}", json={"consent": False})
    refused = search(client, group)["faces"][0]
    assert (refused["person"], refused["similarity"], refused["photos"]) == (None, 0, [])
    face = client.get(f"/api/v1/people/{person}").json()["cover_face_id"]
    assert client.get(f"/api/v1/faces/{face}/similar").json() == {"faces": []}


def test_the_picture_is_neither_kept_nor_told_of(
    client: TestClient, settings: Settings, group: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """A search leaves no file, no row and no line in the log."""
    search(client, group)  # models load, and the search index is made
    with Image.open(BytesIO(group)) as image:
        probe = BytesIO()
        image.save(probe, "JPEG", quality=70)
    before = _files(settings.library)
    caplog.set_level(logging.DEBUG)
    caplog.clear()
    search(client, probe.getvalue())
    assert _files(settings.library) == before
    told = [record.getMessage() for record in caplog.records if record.name.startswith("kith")]
    assert told == []


def _files(folder: Path) -> dict[str, bytes]:
    """Every file with its bytes; not SQLite's shared memory, which lives as long as a reader."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith("-shm")
    }


def test_a_large_picture_never_touches_the_disk(
    client: TestClient, group: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Pictures that a framework would keep in a temporary file are held in memory, too."""
    monkeypatch.setenv("TMPDIR", str(tmp_path / "none"))
    monkeypatch.setattr("tempfile.tempdir", None)
    with Image.open(BytesIO(group)) as image:
        probe = BytesIO()
        image.save(probe, "BMP")
    assert len(probe.getvalue()) > 2_000_000
    assert search(client, probe.getvalue())["faces"]


def test_what_is_no_picture_is_refused(client: TestClient) -> None:
    """HTML, SVG, nothing and forms without a file are told what is wrong, and crash nothing."""
    for data in [
        b"<html><script>alert(1)</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"x",
    ]:
        answer = client.post("/api/v1/search", files={"picture": ("a.jpg", data, "image/jpeg")})
        assert answer.status_code == 422, data
        assert answer.json()["type"] == "urn:kith:picture"
    bodies: list[dict[str, Any]] = [
        {"data": {"picture": "text"}},
        {"files": {"other": b"x"}},
        {"files": {"picture": b"x"}, "data": {"min_similarity": "many"}},
        {"files": {"picture": b"x"}, "data": {"min_similarity": "101"}},
    ]
    for body in bodies:
        assert client.post("/api/v1/search", **body).status_code in {415, 422}
    broken = {"Content-Type": "multipart/form-data; boundary=x"}
    assert client.post("/api/v1/search", content=b"--y", headers=broken).status_code == 422
    broken = {"Content-Type": "multipart/form-data"}
    assert client.post("/api/v1/search", content=b"--y", headers=broken).status_code == 422


def test_a_picture_that_is_too_large_is_refused_before_it_is_read(client: TestClient) -> None:
    """A body that says it is too large, or is without saying, is a 413."""
    headers = {"Content-Type": "multipart/form-data; boundary=x", "Content-Length": str(1 << 30)}
    assert client.post("/api/v1/search", content=b"x", headers=headers).status_code == 413

    def endless() -> Any:
        yield b'--x\r\nContent-Disposition: form-data; name="picture"; filename="a"\r\n\r\n'
        for _ in range(41):
            yield bytes(1024 * 1024)

    del headers["Content-Length"]
    assert client.post("/api/v1/search", content=endless(), headers=headers).status_code == 413


def test_similar_faces_come_most_similar_first(client: TestClient) -> None:
    """Similar faces come in order, without the face itself, and none below the least."""
    person = client.get("/api/v1/people").json()["people"][0]
    face = person["cover_face_id"]
    answer = client.get(f"/api/v1/faces/{face}/similar", params={"min_similarity": 0}).json()
    similarities = [found["similarity"] for found in answer["faces"]]
    assert similarities == sorted(similarities, reverse=True)
    assert face not in {found["face"]["id"] for found in answer["faces"]}
    least = similarities[len(similarities) // 2]
    answer = client.get(f"/api/v1/faces/{face}/similar", params={"min_similarity": least})
    assert all(found["similarity"] >= least - 0.01 for found in answer.json()["faces"])
    assert client.get("/api/v1/faces/none/similar").status_code == 404
