"""Jobs over HTTP, and the events that tell of them."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient
from PIL import Image

from kith.compose import open_library
from kith.config import Settings
from kith.pipeline.decisions.corrections import name_person
from kith.pipeline.serving.jobs import JobState
from kith.pipeline.serving.work import add_path
from kith.web.services import Services

pytestmark = [pytest.mark.weights, pytest.mark.photos]

Json = dict[str, Any]


@pytest.fixture
def new_folder(photo_folder: Path, tmp_path: Path) -> Path:
    """A folder of photos that the library does not have, and a file that is none."""
    folder = tmp_path / "new"
    folder.mkdir()
    for path in sorted((photo_folder / "portraits").glob("*.jpg"))[:3]:
        with Image.open(path) as image:
            image.transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(folder / path.name, quality=80)
    (folder / "page.html.jpg").write_bytes(b"<html>")
    return folder


def begin(client: TestClient, **body: Any) -> Json:
    """Begin a job."""
    answer = client.post("/api/v1/jobs", json=body)
    assert answer.status_code == 202, answer.text
    return answer.json()


def finished(client: TestClient, services: Services, job_id: str) -> Json:
    """The job, once it is over."""
    services.workshop.jobs.wait(job_id, 60)
    return client.get(f"/api/v1/jobs/{job_id}").json()


@contextmanager
def busy(services: Services) -> Generator[str]:
    """A job that runs until the end of the block; its id."""
    go_on = threading.Event()

    def work(_library: object, tell: Callable[..., None]) -> Json:
        while not go_on.is_set():
            tell(1, 2, "waiting")
            time.sleep(0.01)
        return {}

    job = services.workshop.jobs.submit("test", "Wait", work)
    try:
        yield job.id
    finally:
        go_on.set()
        services.workshop.jobs.wait(job.id, 60)


def test_a_folder_is_added_with_a_report(
    client: TestClient, services: Services, new_folder: Path
) -> None:
    """A job adds the photos below a path, and says what became of each file."""
    before = client.get("/api/v1/library").json()["photos"]
    job = begin(client, kind="add", path=str(new_folder))
    over = finished(client, services, job["id"])
    assert (over["state"], over["done"], over["total"]) == ("done", 4, 4)
    assert over["report"]["added"] == 3
    assert [each["path"] for each in over["report"]["refused"]] == [
        str(new_folder / "page.html.jpg")
    ]
    assert over["started_at"] <= over["ended_at"]
    assert client.get("/api/v1/library").json()["photos"] == before + 3
    assert client.get("/api/v1/jobs").json()["jobs"][0] == over


def test_people_are_grouped_anew(client: TestClient, services: Services) -> None:
    """A job groups all faces anew; what was said stays."""
    person = client.get("/api/v1/people").json()["people"][0]["id"]
    client.patch(f"/api/v1/people/{person}", json={"name": "Ana"})
    over = finished(client, services, begin(client, kind="regroup")["id"])
    assert over["state"] == "done"
    assert over["report"]["faces"] == client.get("/api/v1/library").json()["faces"]
    assert client.get("/api/v1/people").json()["people"][0]["name"] == "Ana"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"kind": "add"}, 400),
        ({"kind": "regroup", "path": "/"}, 400),
        ({"kind": "add", "path": "photos"}, 400),
        ({"kind": "add", "path": "~nobody-at-all/x"}, 400),
        ({"kind": "add", "path": "/there/is/none"}, 404),
        ({"kind": "add", "path": "/\0"}, 404),
        ({"kind": "erase"}, 422),
    ],
)
def test_what_is_no_job_is_refused(client: TestClient, body: Json, status: int) -> None:
    """A job that makes no sense does not begin."""
    assert client.post("/api/v1/jobs", json=body).status_code == status
    assert client.get("/api/v1/jobs").json()["jobs"] == []


def test_a_waiting_job_can_be_canceled(
    client: TestClient, services: Services, new_folder: Path
) -> None:
    """A job that waits for another is gone as soon as it is canceled; the other goes on."""
    with busy(services) as running:
        job = begin(client, kind="add", path=str(new_folder))
        assert job["state"] == "waiting"
        canceled = client.post(f"/api/v1/jobs/{job['id']}/cancel").json()
        assert canceled["state"] == "canceled"
        assert client.get(f"/api/v1/jobs/{running}").json()["state"] == "running"
    assert finished(client, services, running)["state"] == "done"
    assert finished(client, services, job["id"])["report"] is None


def test_a_running_job_can_be_canceled(client: TestClient, services: Services) -> None:
    """A job that runs ends at its next step, and the next one begins."""
    with busy(services) as running:
        while client.get(f"/api/v1/jobs/{running}").json()["state"] == "waiting":
            time.sleep(0.01)
        client.post(f"/api/v1/jobs/{running}/cancel")
        assert finished(client, services, running)["state"] == "canceled"
    over = finished(client, services, begin(client, kind="regroup")["id"])
    assert over["state"] == "done"
    assert client.post(f"/api/v1/jobs/{over['id']}/cancel").json()["state"] == "done"
    assert client.post("/api/v1/jobs/none/cancel").status_code == 404


def test_a_job_waits_for_other_processes(
    client: TestClient, services: Services, settings: Settings, new_folder: Path
) -> None:
    """While another process writes, a job waits for its turn, and can be canceled meanwhile."""
    with open_library(settings, writing=True):
        first = begin(client, kind="add", path=str(new_folder))
        assert services.workshop.jobs.wait(first["id"], 0.5).state is JobState.RUNNING
        client.post(f"/api/v1/jobs/{first['id']}/cancel")
        assert finished(client, services, first["id"])["state"] == "canceled"
        second = begin(client, kind="add", path=str(new_folder))
    assert finished(client, services, second["id"])["report"]["added"] == 3


def test_a_job_that_fails_says_why(client: TestClient, services: Services) -> None:
    """An error ends its job alone; one that nobody foresaw tells nothing of itself."""

    def work(_library: object, _tell: object) -> Json:
        raise ZeroDivisionError("secret")

    job = services.workshop.jobs.submit("test", "Fail", work)
    over = finished(client, services, job.id)
    assert over["state"] == "failed"
    assert "secret" not in json.dumps(over)
    assert finished(client, services, begin(client, kind="regroup")["id"])["state"] == "done"


# -- events ----------------------------------------------------------------------------------------


@pytest.fixture
def address(app: FastAPI) -> Generator[str]:
    """Where the application is served by a real server."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join()


def events(lines: Iterator[str]) -> Iterator[tuple[str, str, Json]]:
    """Kind, id and data of each event."""
    fields: dict[str, str] = {}
    for line in lines:
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
        elif "data" in fields:
            yield fields["event"], fields["id"], json.loads(fields["data"])
            fields = {}


def test_events_tell_of_jobs_and_of_the_library(
    services: Services, address: str, new_folder: Path
) -> None:
    """A page hears how the library stands, then of each job until it is over."""
    with httpx.stream("GET", f"{address}/api/v1/events", timeout=30) as stream:
        assert stream.headers["Content-Type"].startswith("text/event-stream")
        heard = events(stream.iter_lines())
        kind, _, first = next(heard)
        assert (kind, first["edition"]) == ("library", services.catalog.edition())
        job = add_path(services.workshop.jobs, new_folder)
        seen: dict[str, tuple[str, Json]] = {}
        while not _is_over(seen.get("job")) or _photos(seen.get("library")) < first["photos"] + 3:
            kind, id_, data = next(heard)
            seen[kind] = id_, data
    assert (seen["job"][1]["id"], seen["job"][1]["report"]["added"]) == (job.id, 3)
    with httpx.stream(
        "GET", f"{address}/api/v1/events", headers={"Last-Event-ID": seen["job"][0]}, timeout=30
    ) as stream:
        kind, _, _ = next(events(stream.iter_lines()))
        assert kind == "library"


def _is_over(event: tuple[str, Json] | None) -> bool:
    return event is not None and event[1]["state"] == "done"


def _photos(event: tuple[str, Json] | None) -> int:
    return event[1]["photos"] if event else 0


def test_events_tell_of_what_other_processes_do(
    services: Services, settings: Settings, address: str
) -> None:
    """A page hears of changes that did not come through this server."""
    with httpx.stream("GET", f"{address}/api/v1/events", timeout=30) as stream:
        heard = events(stream.iter_lines())
        _, _, first = next(heard)
        with open_library(settings, writing=True) as other:
            name_person(other.catalog, other.catalog.people()[0].person, "Ana", by="other")
        kind, _, later = next(heard)
        assert (kind, later["edition"]) == ("library", first["edition"] + 1)
    assert services.catalog.edition() == later["edition"]
