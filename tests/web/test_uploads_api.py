"""Sending photos over HTTP: in parts, again after a restart, with lies, and what is no photo."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi.testclient import TestClient
from PIL import Image
from PIL.ExifTags import Base

from kith.compose.web import open_services
from kith.config import Settings
from kith.pipeline.serving.uploads import PART_SIZE
from kith.web.app import create_app
from kith.web.services import Services

pytestmark = [pytest.mark.weights, pytest.mark.photos]

Json = dict[str, Any]
MakePhoto = Callable[..., bytes]


@pytest.fixture
def a_photo(photo_folder: Path) -> MakePhoto:
    """Makes photos that the library does not have: one person, mirrored."""
    source = sorted((photo_folder / "portraits").glob("*.jpg"))[0]

    def make(quality: int = 80, taken: str | None = "2023:07:04 12:00:00") -> bytes:
        exif = Image.Exif()
        if taken:
            exif[Base.DateTime] = taken
        with Image.open(source) as image:
            data = BytesIO()
            image.transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(
                data, "JPEG", quality=quality, exif=exif
            )
        return data.getvalue()

    return make


def begin(client: TestClient, data: bytes, **fields: Any) -> Json:
    """Begin an upload of these bytes."""
    body = {"name": "IMG 1.jpg", "size": len(data)} | fields
    answer = client.post("/api/v1/uploads", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def send(client: TestClient, upload_id: str, offset: int, part: bytes) -> Any:
    """Send a part."""
    headers = {"Upload-Offset": str(offset), "Content-Type": "application/octet-stream"}
    return client.patch(f"/api/v1/uploads/{upload_id}", content=part, headers=headers)


def finish(client: TestClient, upload_id: str) -> Json:
    """Say that all was sent."""
    answer = client.post(f"/api/v1/uploads/{upload_id}/finish")
    assert answer.status_code == 200, answer.text
    return answer.json()


def upload(client: TestClient, data: bytes, **fields: Any) -> Json:
    """Send a file as a whole."""
    begun = begin(client, data, **fields)
    assert send(client, begun["id"], 0, data).status_code == 200
    return finish(client, begun["id"])


def wait(services: Services, job_id: str) -> Any:
    """The job when it is over."""
    return services.workshop.jobs.wait(job_id, 60)


def originals(settings: Settings) -> list[str]:
    """The files among the originals."""
    folder = settings.library / "originals"
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


def left_over(settings: Settings) -> list[str]:
    """The parts of uploads that are under way."""
    folder = settings.library / "uploads"
    return sorted(path.name for path in folder.glob("*.part"))


# -- the way it goes -------------------------------------------------------------------------------


def test_a_photo_sent_in_parts_becomes_a_photo_of_the_library(
    client: TestClient, services: Services, settings: Settings, a_photo: MakePhoto
) -> None:
    """Parts become one file under its month, and the job that adds it finds its faces."""
    data = a_photo()
    begun = begin(client, data, modified_at="2020-01-02T03:04:05Z")
    assert begun["part_size"] == PART_SIZE
    third = len(data) // 3
    for start in (0, third, 2 * third):
        end = len(data) if start == 2 * third else start + third
        assert send(client, begun["id"], start, data[start:end]).json() == {"offset": end}
    done = finish(client, begun["id"])
    assert done["photo_id"] == hashlib.sha256(data).hexdigest()
    job = wait(services, done["job_id"])
    assert (job.state, job.report["added"]) == ("done", 1)
    assert originals(settings) == ["2023/07/IMG 1.jpg"]
    kept = settings.library / "originals/2023/07/IMG 1.jpg"
    assert kept.read_bytes() == data
    assert int(kept.stat().st_mtime) == 1577934245
    assert left_over(settings) == []
    photo = client.get("/api/v1/photos", params={"limit": 500}).json()["photos"]
    assert done["photo_id"] in {each["id"] for each in photo}


def test_what_is_known_need_not_be_sent(
    client: TestClient, settings: Settings, photo_folder: Path
) -> None:
    """A photo that the library has is known by its hash before, or by its bytes after."""
    data = sorted((photo_folder / "portraits").glob("*.jpg"))[0].read_bytes()
    photo_id = hashlib.sha256(data).hexdigest()
    begun = begin(client, data, sha256=photo_id)
    assert (begun["id"], begun["photo_id"]) == (None, photo_id)
    done = upload(client, data)
    assert (done["photo_id"], done["job_id"], done["problem"]) == (photo_id, None, None)
    assert originals(settings) == left_over(settings) == []


def test_an_upload_goes_on_after_a_restart(
    client: TestClient, settings: Settings, a_photo: MakePhoto
) -> None:
    """What was kept is there for the next process, which goes on from it."""
    data = a_photo()
    begun = begin(client, data)
    send(client, begun["id"], 0, data[:1000])
    with (
        open_services(settings) as services,
        TestClient(create_app(services), base_url="http://localhost") as later,
    ):
        later.headers["X-Kith-CSRF"] = later.get("/api/v1/session").json()["csrf"]
        stands = later.get(f"/api/v1/uploads/{begun['id']}").json()
        assert (stands["offset"], stands["size"]) == (1000, len(data))
        assert send(later, begun["id"], 1000, data[1000:]).status_code == 200
        assert wait(services, finish(later, begun["id"])["job_id"]).report["added"] == 1


def test_a_photo_that_was_kept_and_not_added_is_added_by_the_next_process(
    settings: Settings, services: Services, a_photo: MakePhoto
) -> None:
    """Killed between keeping and adding, nothing is forgotten."""
    data = a_photo()
    uploads = services.workshop.uploads
    begun = uploads.begin("a.jpg", len(data), by="me")
    uploads.append(begun.id, 0, data)
    finished = uploads.finish(begun.id)
    assert finished.path is not None
    assert uploads.finish(begun.id) == finished
    with open_services(settings) as later:
        job = later.workshop.jobs.all()[0]
        assert later.workshop.jobs.wait(job.id, 60).state == "done"
        assert later.catalog.has_photos([finished.photo_id])
    assert left_over(settings) == []


def test_finishing_twice_answers_the_same(
    client: TestClient, services: Services, a_photo: MakePhoto
) -> None:
    """Whose answer was lost asks again, and is told the same; also when the photo was added."""
    data = a_photo()
    begun = begin(client, data)
    send(client, begun["id"], 0, data)
    done = finish(client, begun["id"])
    wait(services, done["job_id"])
    again = finish(client, begun["id"])
    assert (again["photo_id"], again["job_id"]) == (done["photo_id"], None)
    assert send(client, begun["id"], len(data), b"x").status_code == 409


def test_nothing_is_ever_replaced(
    client: TestClient, services: Services, settings: Settings, a_photo: MakePhoto
) -> None:
    """Photos of one name stand beside each other, numbered."""
    photos = [a_photo(quality) for quality in (70, 75, 85)]
    for data in photos:
        wait(services, upload(client, data)["job_id"])
    names = ["IMG 1 (2).jpg", "IMG 1 (3).jpg", "IMG 1.jpg"]
    assert originals(settings) == [f"2023/07/{each}" for each in names]
    kept = [(settings.library / "originals" / each).read_bytes() for each in originals(settings)]
    assert sorted(kept) == sorted(photos)


def test_many_uploads_are_added_by_few_jobs(
    client: TestClient, services: Services, a_photo: MakePhoto
) -> None:
    """Photos that arrive while others wait are added together with them."""
    jobs = [upload(client, a_photo(quality))["job_id"] for quality in range(60, 70)]
    reports = [wait(services, job_id).report for job_id in dict.fromkeys(jobs)]
    assert sum(report["added"] for report in reports) == 10


def test_an_upload_can_be_thrown_away(
    client: TestClient, settings: Settings, a_photo: MakePhoto
) -> None:
    """A deleted upload is gone, with all its parts."""
    begun = begin(client, a_photo())
    send(client, begun["id"], 0, b"part")
    assert client.delete(f"/api/v1/uploads/{begun['id']}").status_code == 204
    assert client.get(f"/api/v1/uploads/{begun['id']}").status_code == 404
    assert left_over(settings) == []


def test_abandoned_uploads_are_thrown_away(
    client: TestClient, services: Services, settings: Settings, a_photo: MakePhoto
) -> None:
    """After a day without a part, an upload goes when another begins."""
    old, young = begin(client, a_photo()), begin(client, a_photo())
    yesterday = time.time() - 25 * 3600
    for path in (settings.library / "uploads").iterdir():
        if path.stem == old["id"] or path.suffix == ".json":
            os.utime(path, (yesterday, yesterday))
    with open_services(settings) as later:
        later.workshop.uploads.begin("a.jpg", 10, by="me")
    assert client.get(f"/api/v1/uploads/{old['id']}").status_code == 404
    assert client.get(f"/api/v1/uploads/{young['id']}").status_code == 200
    assert services.workshop.uploads.get(young["id"]).offset == 0


# -- lies ------------------------------------------------------------------------------------------


def test_a_part_at_the_wrong_place_is_refused(client: TestClient, a_photo: MakePhoto) -> None:
    """A part must begin where the last one ended; the answer says where that is."""
    begun = begin(client, a_photo())
    send(client, begun["id"], 0, b"12345")
    for offset in (0, 4, 6):
        answer = send(client, begun["id"], offset, b"x")
        assert (answer.status_code, answer.headers["Upload-Offset"]) == (409, "5")
    assert client.get(f"/api/v1/uploads/{begun['id']}").json()["offset"] == 5


def test_a_size_that_lies_is_refused(client: TestClient, settings: Settings) -> None:
    """More bytes than announced are not kept, and fewer are not finished."""
    begun = begin(client, b"12345")
    assert send(client, begun["id"], 0, b"123456").status_code == 400
    assert send(client, begun["id"], 0, b"1234").status_code == 200
    assert client.post(f"/api/v1/uploads/{begun['id']}/finish").status_code == 409
    assert client.get(f"/api/v1/uploads/{begun['id']}").json()["offset"] == 4
    assert originals(settings) == []


def test_too_much_is_refused_before_it_comes(client: TestClient, settings: Settings) -> None:
    """Files above the limit, empty ones and parts that are too large are refused at once."""
    limit = settings.max_megabytes * 1_000_000
    for size in (limit + 1, 0, 1 << 50):
        answer = client.post("/api/v1/uploads", json={"name": "a.jpg", "size": size})
        assert answer.status_code == 422, size
    answer = client.post("/api/v1/uploads", json={"name": "a.jpg", "size": -1})
    assert answer.status_code == 422
    begun = client.post("/api/v1/uploads", json={"name": "a.jpg", "size": limit}).json()
    assert send(client, begun["id"], 0, bytes(PART_SIZE + 1)).status_code == 413
    assert client.get(f"/api/v1/uploads/{begun['id']}").json()["offset"] == 0


def test_a_hash_that_lies_is_refused(
    client: TestClient, settings: Settings, a_photo: MakePhoto
) -> None:
    """A file that is not the one announced is thrown away."""
    done = upload(client, a_photo(), sha256="0" * 64)
    assert done["photo_id"] is None
    assert "other bytes" in done["problem"]
    assert originals(settings) == left_over(settings) == []


@pytest.mark.parametrize(
    "data",
    [
        b"<!doctype html><script>alert(1)</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"GIF89a<script>",
        b"\xff\xd8\xff nothing else",
        b"MZ\x90\x00",
    ],
)
def test_what_is_no_photo_never_becomes_an_original(
    client: TestClient, settings: Settings, data: bytes
) -> None:
    """HTML, SVG and broken pictures are refused, whatever they are called, and leave nothing."""
    done = upload(client, data, name="photo.jpg")
    assert (done["photo_id"], done["job_id"]) == (None, None)
    assert done["problem"]
    assert originals(settings) == left_over(settings) == []


def test_a_truncated_photo_is_refused(
    client: TestClient, settings: Settings, a_photo: MakePhoto
) -> None:
    """A photo of which the end is missing is told so, before it lies among the originals."""
    data = a_photo()
    done = upload(client, data[: len(data) // 2])
    assert done["photo_id"] is None
    assert originals(settings) == left_over(settings) == []


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../../etc/cron.d/x.jpg", "x.jpg"),
        ("..\\..\\x.jpg", "x.jpg"),
        ("/etc/passwd", "passwd.jpg"),
        ("a\r\nSet-Cookie: b=c.jpg", "aSet-Cookie b=c.jpg"),
        ('a"; filename="b.html', "a; filename=b.html.jpg"),
        ("x.html", "x.html.jpg"),
        ("x.svg", "x.svg.jpg"),
        (".hidden.jpg", "hidden.jpg"),
        ("..", "photo.jpg"),
        ("\0\x1b[2J.jpg", "[2J.jpg"),
        ("con.jpg", "_con.jpg"),
        ("é" * 200 + ".JPG", "é" * 60 + ".JPG"),
        ("\u202egpj.exe", "gpj.exe.jpg"),
    ],
)
def test_a_name_leads_nowhere(
    client: TestClient, services: Services, settings: Settings, a_photo: MakePhoto,
    name: str, kept: str,
) -> None:  # fmt: skip
    """Whatever a file is called, it lies under its month, by a name that is one."""
    data = a_photo()
    wait(services, upload(client, data, name=name)["job_id"])
    assert originals(settings) == [f"2023/07/{kept}"]


@pytest.mark.parametrize("upload_id", ["x", "..json", "a\\b", "0" * 32, "A" * 32, "%00"])
def test_an_id_leads_nowhere(client: TestClient, upload_id: str) -> None:
    """An upload that is none is not found, whatever it is called."""
    assert client.get(f"/api/v1/uploads/{upload_id}").status_code in {404, 405}
    assert send(client, upload_id, 0, b"x").status_code in {404, 405}


def test_a_full_disk_is_told(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, a_photo: MakePhoto
) -> None:
    """Where there is no room, the answer says so and nothing begins."""

    def usage(_: object) -> SimpleNamespace:
        return SimpleNamespace(free=1_000_000)

    monkeypatch.setattr("shutil.disk_usage", usage)
    answer = client.post("/api/v1/uploads", json={"name": "a.jpg", "size": len(a_photo())})
    assert answer.status_code == 507
