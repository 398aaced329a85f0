"""A Rekognition server in a process of its own, as the benchmarks of it ask it."""

from __future__ import annotations

import multiprocessing
import resource
import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, Final, cast

import boto3
from botocore.config import Config

from kith.rekognition.interface import Operations
from kith.rekognition.keys import AccessKey, Permission
from kith.rekognition.wire import Wire
from kith.rekognition_server.serve import Address, RekognitionServer, ServerOptions
from kith.rekognition_server.service_file import load_service

KEY: Final = AccessKey("KITHBENCHMARK", "a secret", Permission.WRITE)

Open = Callable[[], AbstractContextManager[Operations]]
"""Opens what is served; sent to the process, so a function of a module, or one with arguments."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What a process has used: seconds of processors, and the most memory at once, MB."""

    cpu_seconds: float
    peak_megabytes: float


class ServerProcess:
    """A server, while the block lasts.

    Args:
        open_operations: opens what it serves, there.
        signed: whether requests are signed.
        workers: requests worked on at once.
    """

    def __init__(self, open_operations: Open, *, signed: bool = True, workers: int = 2) -> None:
        spawn = multiprocessing.get_context("spawn")
        self._line, theirs = spawn.Pipe()
        self._process = spawn.Process(
            target=_serve, args=(theirs, open_operations, signed, workers)
        )

    def __enter__(self) -> ServerProcess:
        self._process.start()
        self.address: Address = self._line.recv()
        return self

    def __exit__(self, *_: object) -> None:
        self._line.send("stop")
        self._process.join()

    def usage(self) -> Usage:
        """What it has used until now."""
        self._line.send("usage")
        return self._line.recv()

    def client(self, **config: Any) -> Any:
        """A boto3 client of it."""
        session = boto3.Session(KEY.key_id, KEY.secret, region_name="us-east-1")
        return cast("Any", session).client(
            "rekognition", endpoint_url=str(self.address), config=Config(**config)
        )


def own_usage() -> Usage:
    """What this process has used until now."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return Usage(used.ru_utime + used.ru_stime, used.ru_maxrss / unit)


def _serve(line: Connection[Any, Any], open_operations: Open, signed: bool, workers: int) -> None:
    keys = {KEY.key_id: KEY}
    with open_operations() as operations:
        wire = Wire(load_service(), operations, (lambda: keys) if signed else None)
        options = ServerOptions(Address("127.0.0.1", 0), workers=workers)
        server = RekognitionServer(wire, options)
        threading.Thread(target=_obey, args=(line, server)).start()
        server.run(lambda address, _: line.send(address))


def _obey(line: Connection[Any, Any], server: RekognitionServer) -> None:
    while line.recv() == "usage":
        line.send(own_usage())
    server.stop()
