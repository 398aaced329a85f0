"""What can befall a server that runs: clients that hang, no room on the disk, the end."""

from __future__ import annotations

import io
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import BotoCoreError, ClientError
from PIL import Image
from recognition_rooms import Album
from rekognition_process import Nursery, Server, nursery

pytestmark = [
    pytest.mark.weights,
    pytest.mark.photos,
    pytest.mark.skipif(sys.platform == "win32", reason="processes are forked"),
]

_C = {"CollectionId": "c"}
_HANGING = 40
_MANY = 10_000


@pytest.fixture
def picture(photographed_album: Album) -> bytes:
    """A small picture of two people."""
    small = io.BytesIO()
    with Image.open(io.BytesIO(photographed_album.both)) as image:
        image.resize((image.width // 2, image.height // 2)).save(small, "JPEG", quality=92)
    return small.getvalue()


@pytest.fixture
def disk(tmp_path: Path) -> Generator[Path]:
    """A disk of 4 MB; only root may mount one."""
    path = tmp_path / "disk"
    path.mkdir()
    mount = shutil.which("mount")
    mounted = mount and subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=4m", "kith-test", path], capture_output=True, check=False
    )
    if not mounted or mounted.returncode:
        pytest.skip("a disk of its own can only be mounted by root, on Linux")
    try:
        yield path
    finally:
        subprocess.run(["umount", "--lazy", path], check=True)


@pytest.fixture
def servers(tmp_path: Path, weights: Path) -> Generator[Nursery]:
    """Servers over an empty library."""
    with nursery(tmp_path / "library", weights, tmp_path) as servers:
        yield servers


def test_clients_that_hang_stop_nobody(servers: Nursery, picture: bytes) -> None:
    """Half a head, half a body, half a connection: meanwhile others are answered, and so are they.

    Those who closed their half after a whole request still get their answer.
    """
    with servers.server() as server, _hanging(server) as half_closed:
        client = server.client()
        client.create_collection(**_C)
        for number in range(4):
            answer = _index(client, picture, f"while-others-hang-{number}")
            assert len(answer["FaceRecords"]) == 2
        assert client.describe_collection(**_C)["FaceCount"] == 8
        for connection in half_closed:
            assert connection.recv(65_536).startswith(b"HTTP/1.1 200 ")


def test_a_full_disk_is_an_error_until_there_is_room(
    weights: Path, picture: bytes, disk: Path, tmp_path: Path
) -> None:
    """Nothing that was acknowledged is lost, questions are answered, and then work goes on."""
    told: dict[str, set[str]] = {}
    with nursery(disk / "library", weights, tmp_path) as servers, servers.server() as server:
        client = server.client()
        client.create_collection(**_C)
        told["first"] = _ids(_index(client, picture, "first"))
        _fill(disk / "ballast")

        refused, error = _index_until_refused(client, picture, told)

        assert error["Error"]["Code"] == "InternalServerError"
        assert error["ResponseMetadata"]["HTTPStatusCode"] == 500
        assert _listed(client) == told
        face_id = min(told["first"])
        found = client.search_faces(**_C, FaceId=face_id, FaceMatchThreshold=99)["FaceMatches"]
        assert len(found) == len(told) - 1
        (disk / "ballast").unlink()
        told[refused] = _ids(_index(client, picture, refused))
        assert len(told[refused]) == 2
        assert _listed(client) == told


def test_a_stop_answers_what_began(servers: Nursery, picture: bytes) -> None:
    """Under 8 writing clients: whatever the server did, its client heard of it."""
    told: dict[str, set[str]] = {}
    with servers.server() as server:
        server.client().create_collection(**_C)
        heard = threading.Semaphore(0)
        threads = [
            threading.Thread(target=_write, args=(server.client(), picture, at, told, heard))
            for at in range(8)
        ]
        for thread in threads:
            thread.start()
        for _ in range(12):
            assert heard.acquire(timeout=60)

        server.tell_to_end()

        for thread in threads:
            thread.join(60)
            assert not thread.is_alive()
        assert servers.exit_code() == 0
        done = [call for call in server.calls() if call["operation"] == "IndexFaces"]
    assert len(told) == len(done) >= 12
    assert {call["status"] for call in done} == {200}
    with servers.server() as server:
        assert _listed(server.client()) == told


# -- clients that hang -----------------------------------------------------------------------------


@contextmanager
def _hanging(server: Server) -> Generator[list[socket.socket]]:
    """Connections that go on and on without saying anything; those that only hear, by themselves.

    Every other one sends a byte now and then.
    """
    address = urlsplit(server.address)
    begun = [b"POST / HTTP/1.1\r\nHost: ", _request(b"ListCollections", 1000, b'{"x": "')]
    ended, asked = threading.Event(), _request(b"ListCollections", 2, b"{}")
    with ExitStack() as stack:

        def connect(data: bytes) -> socket.socket:
            connection = socket.create_connection((address.hostname, address.port), timeout=60)
            stack.enter_context(connection)
            connection.sendall(data)
            return connection

        slow = [connect(begun[at % 2]) for at in range(_HANGING)]
        half_closed = [connect(asked) for _ in range(_HANGING)]
        for connection in half_closed:
            connection.shutdown(socket.SHUT_WR)
        drips = threading.Thread(target=_drip, args=(slow[::2], ended))
        drips.start()
        try:
            yield half_closed
        finally:
            ended.set()
            drips.join()


def _drip(connections: Sequence[socket.socket], ended: threading.Event) -> None:
    while not ended.wait(0.1):
        for connection in connections:
            with suppress(OSError):  # the server lost its patience
                connection.sendall(b"a")


def _request(operation: bytes, length: int, body: bytes) -> bytes:
    return (
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-amz-json-1.1\r\n"
        b"X-Amz-Target: RekognitionService.%b\r\nContent-Length: %d\r\n\r\n%b"
    ) % (operation, length, body)


# -- a full disk -----------------------------------------------------------------------------------


def _fill(ballast: Path) -> None:
    """Take all the room that is left."""
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))


def _index_until_refused(
    client: Any, picture: bytes, told: dict[str, set[str]]
) -> tuple[str, dict[str, Any]]:
    """The name of the first picture that could not be kept, and the error."""
    for number in range(_MANY):
        name = f"picture-{number}"
        try:
            told[name] = _ids(_index(client, picture, name))
        except ClientError as error:
            return name, cast("dict[str, Any]", error.response)
    raise AssertionError("the disk never was full")


# -- writing ---------------------------------------------------------------------------------------


def _write(
    client: Any, picture: bytes, writer: int, told: dict[str, set[str]], heard: threading.Semaphore
) -> None:
    """Index by ever new names, until the server is gone."""
    for number in range(_MANY):
        name = f"{writer}-{number}"
        try:
            told[name] = _ids(_index(client, picture, name))
        except BotoCoreError:
            return
        heard.release()


def _index(client: Any, picture: bytes, name: str) -> Any:
    return client.index_faces(**_C, Image={"Bytes": picture}, ExternalImageId=name)


def _ids(answer: Any) -> set[str]:
    return {one["Face"]["FaceId"] for one in answer["FaceRecords"]}


def _listed(client: Any) -> dict[str, set[str]]:
    """The ids of all faces that are there, by name."""
    listed: dict[str, set[str]] = {}
    for page in client.get_paginator("list_faces").paginate(**_C):
        for face in page["Faces"]:
            listed.setdefault(face["ExternalImageId"], set()).add(face["FaceId"])
    return listed
