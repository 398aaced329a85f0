"""Lambda's side of its Runtime API, so that AWS's own runtime client runs functions of the zip."""

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
from typing import Any, Final

import pytest

from kith.lambdas.package import PYTHON, Package, fetch, lambda_python

_PATIENCE: Final = 120.0
"""Seconds. More than any call takes on a busy machine."""

_ARN: Final = "arn:aws:lambda:eu-west-1:123456789012:function:"


@dataclass(frozen=True, slots=True)
class Unpacked:
    """The zip for this machine's processor, unpacked as Lambda does, and who calls its functions.

    Attributes:
        python: of Lambda's version.
        task: the folder of the code.
        client: the folder of AWS's runtime client.
    """

    python: str
    task: Path
    client: Path


@dataclass
class Service:
    """A container that runs one function: takes events, one after the other, and answers.

    Attributes:
        log: the file that the function writes its log to.
    """

    log: Path
    events: queue.Queue[bytes | None] = field(default_factory=queue.Queue[bytes | None])
    answers: queue.Queue[tuple[str, Any]] = field(default_factory=queue.Queue[tuple[str, Any]])
    turn: threading.Lock = field(default_factory=threading.Lock)

    def call(self, event: Mapping[str, Any]) -> Any:
        """What the function answers.

        Raises:
            AssertionError: it failed.
        """
        with self.turn:
            self.events.put(json.dumps(event).encode())
            try:
                kind, answer = self.answers.get(timeout=_PATIENCE)
            except queue.Empty:
                raise AssertionError(self.log.read_text(errors="replace")) from None
        assert kind == "response", answer
        return answer

    def lines(self) -> list[dict[str, Any]]:
        """What the function said so far, line by line."""
        said = self.log.read_text(errors="replace").splitlines()
        return [json.loads(line) for line in said if line.startswith("{")]


def unpacked(package: Package, folder: Path) -> Unpacked:
    """The zip of x86_64, ready to run; skips where Lambda's Python for it is not here."""
    python = lambda_python()
    if python is None or sys.platform != "linux" or os.uname().machine != "x86_64":
        pytest.skip(f"Python {PYTHON} for x86_64 is not here")
    task, client = folder / "task", folder / "client"
    with zipfile.ZipFile(package.path) as archive:
        archive.extractall(task)
    fetch("x86_64", ["awslambdaric"], client, pinned=False)
    return Unpacked(python, task, client)


@contextmanager
def running(
    code: Unpacked, function: str, environment: Mapping[str, str], folder: Path
) -> Generator[Service]:
    """A container that runs a function of the zip.

    Args:
        code: the zip.
        function: such as ``ingest``.
        environment: all that it is told, but for what Lambda adds.
        folder: for its log.
    """
    service = Service(folder / f"{function}.log")
    server = ThreadingHTTPServer(("127.0.0.1", 0), _speaking_for(service, function))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1})
    thread.start()
    told = {
        **environment,
        "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{server.server_port}",
        "AWS_LAMBDA_FUNCTION_NAME": function,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1536",
        "AWS_LAMBDA_LOG_FORMAT": "JSON",
        "LAMBDA_TASK_ROOT": str(code.task),
        "PYTHONPATH": os.pathsep.join([str(code.task), str(code.client)]),
        "HOME": str(folder),
        "no_proxy": "127.0.0.1",
    }
    handler = f"kith.lambdas.{function}.handler"
    with service.log.open("wb") as log:
        process = subprocess.Popen(
            [code.python, "-S", "-B", "-m", "awslambdaric", handler],
            cwd=code.task,
            env=told,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            yield service
        finally:
            process.kill()
            process.wait()
            service.events.put(None)
            server.shutdown()
            server.server_close()
            thread.join()


def _speaking_for(service: Service, function: str) -> type[BaseHTTPRequestHandler]:
    class Speaker(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            """The next event, as soon as there is one."""
            event = service.events.get()
            if event is None:
                self.close_connection = True
                return
            self.send_response(200)
            deadline = int((time.time() + _PATIENCE) * 1000)
            self.send_header("Content-Type", "application/json")
            self.send_header("Lambda-Runtime-Trace-Id", "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700")
            self.send_header("Lambda-Runtime-Aws-Request-Id", "52fdfc07-2182-454f-963f")
            self.send_header("Lambda-Runtime-Deadline-Ms", str(deadline))
            self.send_header("Lambda-Runtime-Invoked-Function-Arn", f"{_ARN}{function}")
            self.send_header("Content-Length", str(len(event)))
            self.end_headers()
            self.wfile.write(event)

        def do_POST(self) -> None:
            """What the function answered, or how it failed."""
            body = self.rfile.read(int(self.headers["Content-Length"]))
            service.answers.put((self.path.rpartition("/")[2], json.loads(body)))
            self.send_response(202)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name there
            """Say nothing."""

    return Speaker
