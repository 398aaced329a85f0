"""``kith serve`` as a process: what raw bytes on a socket get, what it prints, and how it ends."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any

import httpx
import pytest

PATIENCE = 120
"""Seconds; what hangs is to fail."""

KITH = [sys.executable, "-c", "from kith.cli.main import main; main()"]

SECRET = "a secret file beside the library"


@dataclass(frozen=True, slots=True)
class Served:
    """A server that runs.

    Attributes:
        process: it.
        told: what it printed.
        errors: the file that it writes remarks and errors to.
    """

    process: subprocess.Popen[str]
    told: dict[str, Any]
    errors: Path

    @property
    def address(self) -> tuple[str, int]:
        """Where it listens."""
        return "127.0.0.1", int(str(self.told["url"]).rpartition(":")[2])

    def raw(self, request: bytes, *, hang_up: bool = False) -> bytes:
        """What a socket hears that says this, until the server ends the connection."""
        with socket.create_connection(self.address, timeout=PATIENCE) as connection:
            connection.sendall(request)
            if hang_up:
                connection.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: connection.recv(65536), b""))


@contextmanager
def serving(folder: Path, *flags: str) -> Generator[Served]:
    """A server over a library in this folder; it is told to end, and must."""
    errors = folder / "errors"
    command = [*KITH, "serve", "--json", "--port", "0", *flags]
    environment = os.environ | {"KITH_LIBRARY": str(folder / "library")}
    with (
        errors.open("w") as stream,
        subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=stream, text=True
        ) as process,
    ):
        try:
            assert process.stdout is not None
            lines = list(takewhile(lambda line: line != "}\n", process.stdout))
            yield Served(process, json.loads("".join(lines) + "}"), errors)
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE) == 0, errors.read_text()
        finally:
            process.kill()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Generator[Served]:
    """A server for this machine alone, without the one for Rekognition."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "secret.txt").write_text(SECRET)
    with serving(folder, "--no-rekognition") as served:
        yield served


def head(path: str, *more: str, method: str = "GET") -> bytes:
    """A request without a body."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close", *more]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/%2e%2e/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/..%5c..%5csecret.txt",
        "//etc/passwd",
        "/static/../../../../../../../etc/passwd",
        "/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/core/%2e%2e/%2e%2e/app.py",
        "/core/..%2f..%2fapp.py",
        "/docs/files/../../../../../etc/passwd",
        "/docs/files/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/etc/passwd%00.js",
        "/api/v1/pictures/..%2f..%2flibrary.db/small?until=9999999999&sign=x",
        "/api/v1/crops/..%2f..%2fsigning.key?until=9999999999&sign=x",
    ],
)
def test_no_path_leads_out_of_the_page(server: Served, path: str) -> None:
    """However it is written: the page, or an error, and never a file of the machine."""
    answer = server.raw(head(path))

    assert answer.startswith(b"HTTP/1.1 ")
    assert b" 500 " not in answer.split(b"\r\n")[0]
    for inside in (SECRET.encode(), b"root:", b"create_app", b"SQLite format"):
        assert inside not in answer


@pytest.mark.parametrize(
    "request_",
    [
        head("/", "X: a\x00b"),
        head("/", "Bad Header: x"),
        head("/", "Content-Length: -1"),
        head("/api/v1/links", "Content-Length: 5", "Content-Length: 6", method="POST"),
        head("/api/v1/links", "Content-Length: 5", "Transfer-Encoding: chunked", method="POST"),
        b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: evil.example@127.0.0.1\r\nConnection: close\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
)
def test_what_is_no_request_is_refused(server: Served, request_: bytes) -> None:
    """With a 4xx or an end of the connection; and the server goes on."""
    answer = server.raw(request_)

    assert not answer or b" 4" in answer.split(b"\r\n")[0], answer[:200]
    assert server.raw(head("/api/v1/session")).startswith(b"HTTP/1.1 200")


def test_nothing_that_a_client_says_becomes_a_header(server: Served) -> None:
    """Line ends in paths, queries and values stay where they are."""
    wish = "%0d%0aSet-Cookie:%20stolen=1"
    for path in (f"/{wish}", f"/albums/{wish}", f"/api/v1/photos?cursor={wish}", f"/docs{wish}"):
        lines = server.raw(head(path)).split(b"\r\n\r\n")[0].lower().split(b"\r\n")
        assert not [line for line in lines if line.startswith(b"set-cookie")]


def test_a_body_shorter_than_its_head_says_is_no_request(server: Served) -> None:
    """The client went away; nothing of what it said is done."""
    csrf = httpx.get(f"{server.told['api']}/session").json()["csrf"]
    lines = [f"X-Kith-CSRF: {csrf}", "Content-Type: application/json", "Content-Length: 500"]

    server.raw(head("/api/v1/links", *lines, method="POST") + b'{"title": "Sea"}', hang_up=True)

    assert httpx.get(f"{server.told['api']}/links").json() == {"links": []}


def test_it_tells_where_it_is_and_writes_nothing_of_its_visitors(server: Served) -> None:
    """One document on stdout; no line for a request, whatever is in its address."""
    httpx.get(f"{server.told['api']}/shared/{'A' * 32}/photos?sign=SIGNATURE")

    assert server.told == {
        "url": server.told["url"],
        "api": f"{server.told['url']}/api/v1",
        "rekognition": None,
        "login": False,
        "setup_token": None,
    }
    written = server.errors.read_text()
    assert "A" * 32 not in written
    assert "SIGNATURE" not in written


def test_others_must_log_in(tmp_path: Path) -> None:
    """On another address than this machine's own; the printed token makes the first owner."""
    with serving(tmp_path, "--host", "0.0.0.0", "--no-rekognition") as served:
        api = f"http://127.0.0.1:{served.address[1]}/api/v1"
        owner = {"name": "Ann", "password": "correct horse battery"}

        assert served.told["login"] is True
        assert httpx.get(f"{api}/library").status_code == 401
        made = httpx.post(f"{api}/setup", json=owner | {"token": served.told["setup_token"]})

        assert made.status_code == 201
        assert httpx.get(f"{api}/library", cookies=made.cookies).status_code == 200
        assert served.told["setup_token"] not in served.errors.read_text()


def test_a_stream_of_events_does_not_keep_it_from_ending(tmp_path: Path) -> None:
    """A browser that listens is let go, and the server ends by itself."""
    with serving(tmp_path, "--no-rekognition") as served:
        with httpx.stream("GET", f"{served.told['api']}/events", timeout=PATIENCE) as events:
            lines = events.iter_lines()
            assert next(lines)
            served.process.send_signal(signal.SIGTERM)
            assert list(lines) is not None
        assert served.process.wait(PATIENCE) == 0
        assert "Cancel" not in served.errors.read_text()


def test_rekognition_is_served_beside_the_album(tmp_path: Path) -> None:
    """On a port of its own, without keys where only this machine can come."""
    pytest.importorskip("botocore")
    with serving(tmp_path, "--rekognition-port", "0") as served:
        target = {"X-Amz-Target": "RekognitionService.ListCollections"}
        headers = target | {"Content-Type": "application/x-amz-json-1.1"}

        assert served.told["rekognition"] != served.told["url"]
        refused = httpx.post(served.told["rekognition"], headers=headers, content=b"{")

    assert refused.status_code == 400
    assert "SerializationException" in refused.text


def test_an_address_that_is_taken_is_named(tmp_path: Path) -> None:
    """With what to do about it."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        answer = subprocess.run(
            [*KITH, "serve", "--port", port],
            env=os.environ | {"KITH_LIBRARY": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    assert answer.returncode == 2
    assert port in answer.stderr
    assert "--port" in answer.stderr
