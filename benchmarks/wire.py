"""What the wire costs: ``python -m benchmarks.wire``.

A server in a process of its own answers DetectFaces with a face that needs no looking, so that all
of a call's time is the wire's: HTTP, the signature, JSON and base64, validation, a thread, the
answer. It is asked by a plain socket, whose requests are signed before the clock runs, and by
boto3, whose own work is then part of the figure. Calling the operation directly takes nothing.
"""

from __future__ import annotations

import base64
import json
import multiprocessing
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from random import Random
from statistics import quantiles
from typing import Any, cast

import boto3
import click
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from benchmarks.report import Section, publish
from kith.rekognition.interface import Call, Members
from kith.rekognition.keys import AccessKey, Permission
from kith.rekognition.wire import Wire
from kith.rekognition_server.serve import Address, RekognitionServer, ServerOptions
from kith.rekognition_server.service_file import load_service

KEY = AccessKey("KITHBENCHMARK", "a secret", Permission.WRITE)
PICTURE_BYTES = {"1 kB": 1_000, "200 kB": 200_000, "5 MB": 5_000_000}

_NOTE = """
`python -m benchmarks.wire`: one client, one call after the other, on loopback; the server is
another process on the same 2 cores. *Direct* is the operation called in process. *Socket* is a
plain socket that sends requests signed beforehand: what the server takes, and the network. *boto3*
is what a program sees, with boto3's own signing, base64 and JSON.
"""


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds per call."""

    p50: float
    p90: float
    p99: float


@click.command()
@click.option("--calls", default=500, show_default=True)
def main(calls: int) -> None:
    """Ask a server again and again, publish."""
    random = Random(1)
    pictures = {name: random.randbytes(size) for name, size in PICTURE_BYTES.items()}
    figures: dict[str, Times] = {}
    for signed in (True, False):
        with _Server(signed=signed) as address:
            who = "signed" if signed else "without keys"
            for name, picture in pictures.items():
                for client, call in _clients(address, picture).items():
                    figures[f"{client}, {name}, {who}"] = _measure(call, calls)
    figures["direct, 200 kB"] = _measure(lambda: _direct(pictures["200 kB"]), calls)
    rows = [
        (name, *(f"{value:.2f}" for value in asdict(times).values()))
        for name, times in figures.items()
    ]
    section = Section("DetectFaces", ("client and picture", "p50 ms", "p90 ms", "p99 ms"), rows)
    publish("wire", [section], {name: asdict(times) for name, times in figures.items()}, _NOTE)


class _Server:
    """A server in a process of its own, while the block lasts."""

    def __init__(self, *, signed: bool) -> None:
        spawn = multiprocessing.get_context("spawn")
        self._told, tell = spawn.Pipe(duplex=False)
        self._stop = spawn.Event()
        self._process = spawn.Process(target=_serve, args=(tell, self._stop, signed))

    def __enter__(self) -> Address:
        self._process.start()
        return self._told.recv()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._process.join()


def _serve(tell: Connection[Address, Address], stop: Event, signed: bool) -> None:
    keys = {KEY.key_id: KEY}
    wire = Wire(load_service(), {"DetectFaces": _detect_faces}, (lambda: keys) if signed else None)
    server = RekognitionServer(wire, ServerOptions(Address("127.0.0.1", 0)))
    threading.Thread(target=lambda: (stop.wait(), server.stop())).start()
    server.run(lambda address, _: tell.send(address))


def _detect_faces(members: Members, _: Call) -> Members:
    assert members["Image"]["Bytes"]
    box = {"Left": 0.1, "Top": 0.2, "Width": 0.3, "Height": 0.4}
    return {"FaceDetails": [{"BoundingBox": box, "Confidence": 99.9}]}


def _direct(picture: bytes) -> None:
    _detect_faces({"Image": {"Bytes": picture}}, Call("DetectFaces", ""))


def _clients(address: Address, picture: bytes) -> Mapping[str, Callable[[], Any]]:
    session = boto3.Session(KEY.key_id, KEY.secret, region_name="us-east-1")
    client = cast("Any", session).client("rekognition", endpoint_url=str(address))
    return {
        "socket": _SocketClient(address, picture),
        "boto3": lambda: client.detect_faces(Image={"Bytes": picture}),
    }


class _SocketClient:
    """A connection that is kept, and a request that is signed anew every few seconds."""

    _FRESH_SECONDS = 5

    def __init__(self, address: Address, picture: bytes) -> None:
        self._address = address
        encoded = base64.b64encode(picture).decode("ascii")
        self._body = json.dumps({"Image": {"Bytes": encoded}}).encode("ascii")
        self._socket = socket.create_connection((address.host, address.port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._signed = 0.0
        self._request = b""

    def prepare(self) -> None:
        """Sign the request, if the last time is long ago."""
        if time.monotonic() - self._signed < self._FRESH_SECONDS:
            return
        headers = {
            "Content-Type": "application/x-amz-json-1.1",
            "X-Amz-Target": "RekognitionService.DetectFaces",
        }
        request = AWSRequest("POST", f"{self._address}/", headers, self._body)
        auth: Any = SigV4Auth(Credentials(KEY.key_id, KEY.secret), "rekognition", "us-east-1")
        auth.add_auth(request)
        lines = [f"{name}: {value}" for name, value in cast("Any", request.headers).items()]
        host = f"Host: {self._address.host}:{self._address.port}"
        length = f"Content-Length: {len(self._body)}"
        head = "\r\n".join(["POST / HTTP/1.1", host, length, *lines, "", ""])
        self._request = head.encode("ascii") + self._body
        self._signed = time.monotonic()

    def __call__(self) -> None:
        self._socket.sendall(self._request)
        answer = self._socket.recv(65_536)
        assert answer.startswith(b"HTTP/1.1 200"), answer


def _measure(call: Callable[[], Any], calls: int) -> Times:
    spent: list[float] = []
    for number in range(calls + 20):
        if isinstance(call, _SocketClient):
            call.prepare()
        began = time.perf_counter()
        call()
        if number >= 20:  # what is done once for a connection is not what is asked here
            spent.append((time.perf_counter() - began) * 1000)
    parts = quantiles(spent, n=100)
    return Times(*(round(parts[at - 1], 3) for at in (50, 90, 99)))


if __name__ == "__main__":
    main()
