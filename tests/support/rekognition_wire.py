"""A Rekognition server on loopback with a handful of operations, and clients for it."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

import boto3
import httpx
from botocore.config import Config
from processes import PATIENCE

from kith.rekognition.errors import Kind, RekognitionError
from kith.rekognition.interface import Call, Members, Operations
from kith.rekognition.keys import AccessKey, Permission
from kith.rekognition.wire import Wire
from kith.rekognition_server.serve import Address, RekognitionServer, ServerOptions

WRITER = AccessKey("KITHWRITER", "a secret that writes", Permission.WRITE, "writer")
READER = AccessKey("KITHREADER", "a secret that reads", Permission.READ, "reader")

ANYWHERE = Address("127.0.0.1", 0)
"""On this machine, at a port that is free."""

CREATED = datetime(2026, 1, 2, 3, 4, 5, 678_000, tzinfo=UTC)


@dataclass
class Echo:
    """Operations that answer what can be told from their requests alone, and remember calls."""

    calls: list[tuple[Members, Call]] = field(default_factory=list[tuple[Members, Call]])
    gate: threading.Event = field(default_factory=threading.Event)
    entered: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    @property
    def operations(self) -> Operations:
        """By name."""
        return {
            "DescribeCollection": self.describe,
            "ListCollections": self.list_collections,
            "IndexFaces": self.index_faces,
            "DetectFaces": self.detect_faces,
            "CreateUser": self.create_user,
            "DeleteUser": self.wait_for_the_gate,
            "ListUsers": self.break_down,
            "TagResource": self.nothing,
            "DetectText": self.nothing,
            "SearchFaces": self.nothing,
        }

    def describe(self, members: Members, call: Call) -> Members:
        """What a collection is, or that there is none."""
        self.calls.append((members, call))
        if members["CollectionId"] == "absent":
            message = "The collection id: absent does not exist"
            raise RekognitionError(Kind.RESOURCE_NOT_FOUND, message)
        return {
            "FaceCount": 3,
            "FaceModelVersion": "1.0",
            "CollectionARN": f"arn:aws:rekognition:{call.region}:{call.account}:collection/x",
            "CreationTimestamp": CREATED,
        }

    def list_collections(self, members: Members, call: Call) -> Members:
        """Three collections, a page at a time."""
        self.calls.append((members, call))
        start, size = int(members.get("NextToken", 0)), members.get("MaxResults") or 3
        page = ["one", "two", "three"][start : start + size]
        last = start + size >= 3
        answer = {"CollectionIds": page, "FaceModelVersions": ["1.0"] * len(page)}
        return answer if last else {**answer, "NextToken": str(start + size)}

    def index_faces(self, members: Members, call: Call) -> Members:
        """What the picture hashes to, so that a test sees that its bytes arrived."""
        self.calls.append((members, call))
        digest = hashlib.sha256(members["Image"]["Bytes"]).hexdigest()
        return {"FaceModelVersion": digest, "FaceRecords": []}

    def detect_faces(self, members: Members, call: Call) -> Members:
        """One face, whose confidence is no 32-bit float."""
        self.calls.append((members, call))
        return {"FaceDetails": [{"Confidence": 99.9, "BoundingBox": {"Left": 0.1}}]}

    def create_user(self, members: Members, call: Call) -> Members:
        """Nothing, as the real one."""
        self.calls.append((members, call))
        return {}

    def nothing(self, members: Members, call: Call) -> Members:
        """Takes all that passes validation."""
        self.calls.append((members, call))
        return {}

    def wait_for_the_gate(self, members: Members, call: Call) -> Members:
        """Answers once the test says so."""
        self.calls.append((members, call))
        self.entered.release()
        assert self.gate.wait(PATIENCE)
        return {}

    def break_down(self, _members: Members, _call: Call) -> Members:
        """A defect of ours."""
        raise ZeroDivisionError("a secret of ours")


@dataclass
class Running:
    """A server that runs."""

    server: RekognitionServer
    address: Address
    monitor: Address | None

    def monitored(self, path: str) -> tuple[int, str]:
        """What the monitor says: status and text."""
        answer = httpx.get(f"{self.monitor}{path}")
        return answer.status_code, answer.text

    def held_bytes(self) -> float:
        """Bytes of requests that the server holds."""
        _, text = self.monitored("/metrics")
        lines = dict(line.rsplit(" ", 1) for line in text.splitlines())
        return float(lines["kith_rekognition_held_bytes"])

    def client(self, key: AccessKey = WRITER, **config: Any) -> Any:
        """A real boto3 client of it."""
        return rekognition_client(self.address, key, **config)


def rekognition_client(address: Address, key: AccessKey, **config: Any) -> Any:
    """An unmodified boto3 client; without retries, unless they are asked for."""
    settings = {"retries": {"total_max_attempts": 1}, "max_pool_connections": 32, **config}
    session = boto3.Session(
        aws_access_key_id=key.key_id, aws_secret_access_key=key.secret, region_name="eu-west-3"
    )
    return cast(Any, session).client(
        "rekognition", endpoint_url=str(address), config=Config(**settings)
    )


@contextmanager
def running(wire: Wire, **options: Any) -> Generator[Running]:
    """A server in a thread of its own, until the block ends."""
    chosen: dict[str, Any] = {
        "address": ANYWHERE,
        "stop_seconds": 20,
        **options,
    }
    server = RekognitionServer(wire, ServerOptions(**chosen))
    started = threading.Event()
    places: list[Address | None] = []

    def tell(main: Address, monitor: Address | None) -> None:
        places.extend((main, monitor))
        started.set()

    thread = threading.Thread(target=server.run, args=(tell,))
    thread.start()
    try:
        assert started.wait(PATIENCE)
        main, monitor = places
        assert main is not None
        yield Running(server, main, monitor)
    finally:
        server.stop()
        thread.join(PATIENCE)
        assert not thread.is_alive()


def both_keys() -> Mapping[str, AccessKey]:
    """A key that may write, and one that may only read."""
    return {key.key_id: key for key in (WRITER, READER)}
