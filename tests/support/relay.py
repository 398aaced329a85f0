"""A way to a service of AWS on which calls are counted, and some of them refused as AWS refuses.

Clients sign for the address that they ask, which the service gets as they wrote it.
"""

from __future__ import annotations

import http.client
import json
import random
import re
import ssl
import threading
from collections import Counter
from collections.abc import Callable, Collection, Generator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from dynamo_units import read_units, write_units

_PATIENCE: Final = 120.0
"""Seconds. More than any answer takes on a busy machine."""

_HOP: Final = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length"})
"""Headers that are between two neighbors."""

_SERVICES: Final = {
    "AmazonSQS": "SQS",
    "DynamoDB_20120810": "DynamoDB",
    "RekognitionService": "Rekognition",
}
"""By what stands before the point in ``X-Amz-Target``."""

_THROTTLED: Final = {
    "DynamoDB": "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",
    "Rekognition": "ThrottlingException",
}
"""How services say that it is too much for them."""

_OBJECT_CALLS: Final = {
    "DELETE": "DeleteObject",
    "GET": "GetObject",
    "HEAD": "HeadObject",
    "PUT": "PutObject",
}

Refuse = Callable[[str], bool]
"""Whether a call of this operation, such as ``DynamoDB.Query``, is refused."""


@dataclass(slots=True)
class Relay:
    """What went over the way.

    Attributes:
        url: where it begins.
        calls: how often each operation was asked for, such as ``S3.PutObject``, and how many units
            DynamoDB would take money for.
        refused: how many of them were refused.
        refuse: which are, from now on.
    """

    url: str = ""
    calls: Counter[str] = field(default_factory=Counter[str])
    refused: Counter[str] = field(default_factory=Counter[str])
    refuse: Refuse = lambda _: False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def refuses(self, operation: str) -> bool:
        """Count a call; answers whether it is refused."""
        with self.lock:
            self.calls[operation] += 1
            refused = self.refuse(operation)
            self.refused[operation] += refused
        return refused

    def take_units(self, operation: str, asked: bytes, answered: bytes) -> None:
        """Count what a call of DynamoDB is paid by."""
        service, _, name = operation.partition(".")
        if service == "DynamoDB":
            with self.lock:
                self.calls["DynamoDB.WriteRequestUnits"] += write_units(name, json.loads(asked))
                self.calls["DynamoDB.ReadRequestUnits"] += read_units(name, json.loads(answered))


def some_of(part: float, services: Collection[str], most: int, seed: int = 1) -> Refuse:
    """Refuses a part of the calls of these services, until it has refused so many."""
    chance, left = random.Random(seed), iter(range(most))

    def refuse(operation: str) -> bool:
        service = operation.partition(".")[0]
        return service in services and chance.random() < part and next(left, None) is not None

    return refuse


@contextmanager
def relaying(upstream: str, certificate: Path | None = None) -> Generator[Relay]:
    """A way to a server, as long as the block lasts.

    Args:
        upstream: its address.
        certificate: of it, if it is one of HTTPS.
    """
    with _Server(urlsplit(upstream), certificate) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1})
        thread.start()
        try:
            yield server.relay
        finally:
            server.shutdown()
            thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, upstream: SplitResult, certificate: Path | None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.relay = Relay(f"http://127.0.0.1:{self.server_port}")
        self._host, self._port = upstream.hostname or "", upstream.port
        self._trusted = ssl.create_default_context(cafile=certificate) if certificate else None

    def connection(self) -> http.client.HTTPConnection:
        """A new one to the service."""
        if self._trusted is None:
            return http.client.HTTPConnection(self._host, self._port, timeout=_PATIENCE)
        return http.client.HTTPSConnection(
            self._host, self._port, timeout=_PATIENCE, context=self._trusted
        )


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server  # pyright: ignore[reportIncompatibleVariableOverride] - no other makes it

    def __getattr__(self, name: str) -> Any:
        """All methods are passed on alike."""
        if name.startswith("do_"):
            return self._pass_on
        raise AttributeError(name)

    def _pass_on(self) -> None:
        """Count the call, and answer it: with what the service says, or with a refusal."""
        relay = self.server.relay
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        operation = operation_of(self.command, self.path, dict(self.headers.items()), body)
        if relay.refuses(operation):
            json_of_aws = {"Content-Type": "application/x-amz-json-1.1"}
            self._answer(http.client.BAD_REQUEST, json_of_aws, _too_much(operation))
            return
        status, headers, said = self._ask(body)
        if status < http.client.BAD_REQUEST:
            relay.take_units(operation, body, said)
        self._answer(status, headers, said)

    def _ask(self, body: bytes) -> tuple[int, Mapping[str, str], bytes]:
        with closing(self.server.connection()) as asked:
            asked.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                if name.lower() not in {"connection", "expect"}:
                    asked.putheader(name, value)
            asked.endheaders(body)
            answer = asked.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()

    def _answer(self, status: int, headers: Mapping[str, str], said: bytes) -> None:
        self.send_response(status)
        length = str(len(said))
        for name, value in headers.items():
            if name.lower() not in _HOP:
                self.send_header(name, value)
            elif name.lower() == "content-length" and self.command == "HEAD":
                length = value
        self.send_header("Content-Length", length)
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name there
        """Say nothing."""


def operation_of(method: str, path: str, headers: Mapping[str, str], body: bytes) -> str:
    """What a request asks for, such as ``S3.GetObject``, whichever way its service is spoken to."""
    told = {name.lower(): value for name, value in headers.items()}
    if target := told.get("x-amz-target"):
        service, _, name = target.partition(".")
        return f"{_SERVICES.get(service, service)}.{name}"
    address = urlsplit(path)
    query = parse_qs(address.query, keep_blank_values=True)
    signed = told.get("authorization", "") + unquote("".join(query.get("X-Amz-Credential", ())))
    if found := re.search(r"/(\w+)/aws4_request", signed):
        service = found[1]
        if service != "s3":
            return f"{service.upper()}.{''.join(parse_qs(body.decode()).get('Action', ()))}"
    if "/" not in address.path.strip("/"):
        return "S3.ListObjectsV2" if method == "GET" else f"S3.{method}"
    return f"S3.{_OBJECT_CALLS.get(method, method)}"


def _too_much(operation: str) -> bytes:
    kind = _THROTTLED[operation.partition(".")[0]]
    return json.dumps({"__type": kind, "message": "Rate exceeded"}).encode()
