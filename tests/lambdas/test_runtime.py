"""The zip at work: AWS's own runtime client calls its functions, as Lambda does."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kith.lambdas.package import PYTHON, Package, fetch, lambda_python

if TYPE_CHECKING:
    from tests.lambdas.conftest import Station

_PATIENCE = 120.0
"""Seconds. More than any call takes on a busy machine."""

_ARN = "arn:aws:lambda:eu-west-1:123456789012:function:ingest"


@dataclass
class Service:
    """Lambda's side of its Runtime API: hands out events, and takes answers."""

    events: queue.Queue[bytes] = field(default_factory=queue.Queue[bytes])
    answers: queue.Queue[tuple[str, Any]] = field(default_factory=queue.Queue[tuple[str, Any]])

    def call(self, event: Mapping[str, Any]) -> Any:
        """What the function answers.

        Raises:
            AssertionError: it failed.
        """
        self.events.put(json.dumps(event).encode())
        kind, answer = self.answers.get(timeout=_PATIENCE)
        assert kind == "response", answer
        return answer


def _speaking_for(service: Service) -> type[BaseHTTPRequestHandler]:
    class Speaker(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            try:
                event = service.events.get(timeout=_PATIENCE)
            except queue.Empty:
                self.send_error(503)
                return
            self.send_response(200)
            deadline = int((time.time() + _PATIENCE) * 1000)
            self.send_header("Content-Type", "application/json")
            self.send_header("Lambda-Runtime-Trace-Id", "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700")
            self.send_header("Lambda-Runtime-Aws-Request-Id", "52fdfc07-2182-454f-963f")
            self.send_header("Lambda-Runtime-Deadline-Ms", str(deadline))
            self.send_header("Lambda-Runtime-Invoked-Function-Arn", _ARN)
            self.send_header("Content-Length", str(len(event)))
            self.end_headers()
            self.wfile.write(event)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            service.answers.put((self.path.rpartition("/")[2], json.loads(body)))
            self.send_response(202)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as it is called above
            """Say nothing."""

    return Speaker


@contextmanager
def running(
    python: str, task: Path, client: Path, handler: str, environment: Mapping[str, str]
) -> Generator[Service]:
    """A container that runs a function of the zip."""
    service = Service()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _speaking_for(service))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    told = {
        **environment,
        "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{server.server_address[1]}",
        "AWS_LAMBDA_FUNCTION_NAME": "ingest",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1536",
        "AWS_LAMBDA_LOG_FORMAT": "JSON",
        "LAMBDA_TASK_ROOT": str(task),
        "PYTHONPATH": os.pathsep.join([str(task), str(client)]),
        "HOME": str(client),
    }
    with (client / "log").open("wb") as log:
        process = subprocess.Popen(
            [python, "-S", "-B", "-m", "awslambdaric", handler],
            cwd=task,
            env=told,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            yield service
        finally:
            process.kill()
            process.wait()
            server.shutdown()
            server.server_close()
            thread.join()


@pytest.mark.weights
@pytest.mark.photos
@pytest.mark.emulators
@pytest.mark.clients
def test_the_zip_takes_in_photos(
    packages: Mapping[str, Package],
    station: Station,
    pictures: Mapping[str, bytes],
    tmp_path: Path,
) -> None:
    """A batch of messages through Lambda's Python and runtime client: the photos are there."""
    python = lambda_python()
    if python is None or sys.platform != "linux" or os.uname().machine != "x86_64":
        pytest.skip(f"Python {PYTHON} for x86_64 is not here")
    task, client = tmp_path / "task", tmp_path / "client"
    with zipfile.ZipFile(packages["x86_64"].path) as archive:
        archive.extractall(task)
    fetch("x86_64", ["awslambdaric"], client, pinned=False)
    messages = [station.put(key, pictures[key]) for key in list(pictures)[:2]]
    with running(python, task, client, "kith.lambdas.ingest.handler", station.environment) as made:
        assert made.call({"Records": messages}) == {"batchItemFailures": []}
        assert made.call({"Records": messages}) == {"batchItemFailures": []}
    assert station.cloud().catalog.counts().photos == 2
    said = [json.loads(line) for line in (client / "log").read_text().splitlines()]
    assert [each["message"] for each in said if each.get("service") and "message" in each] == [
        *["added"] * 2,
        *["unchanged"] * 2,
    ]
    assert sum(line.get("ColdStart") == [1.0] for line in said) == 1
