"""Runs the server until it is told to stop, and then finishes what it began."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import socket
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from functools import partial
from types import FrameType
from typing import Any, cast

import uvicorn
from starlette.types import ASGIApp

from kith.domain.errors import SettingError, UsageError
from kith.rekognition.wire import Wire, is_loopback
from kith.rekognition_server import logs
from kith.rekognition_server.app import RekognitionApp
from kith.rekognition_server.connection import Connection, ConnectionLimits
from kith.rekognition_server.monitor import Metrics, monitor_app
from kith.rekognition_server.work import Work


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server listens; port 0 lets the system choose one."""

    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """How a server runs.

    Attributes:
        address: where clients come to.
        monitor: where health and metrics are; nowhere without it.
        workers: requests worked on at once.
        waiting: requests that may wait; more are told to come back.
        held_bytes: bytes of requests held at once, of all clients together.
        stop_seconds: how long a stop waits for what was begun.
        connections: how much patience there is with clients.
    """

    address: Address
    monitor: Address | None = None
    workers: int = 2
    waiting: int = 64
    held_bytes: int = 256_000_000
    stop_seconds: int = 60
    connections: ConnectionLimits = field(default_factory=ConnectionLimits)


def require_loopback(address: Address) -> None:
    """See that nobody but this machine can come to an address.

    Raises:
        UsageError: others can.
    """
    if not is_loopback(address.host):
        raise UsageError(
            f"Without keys, everybody who reaches {address.host} could read and change all faces",
            "Make a key with `kith rekognition keys add`, or listen on 127.0.0.1.",
        )


class RekognitionServer:
    """The server, and its monitor beside it.

    Args:
        wire: answers requests.
        options: how it runs.
    """

    def __init__(self, wire: Wire, options: ServerOptions) -> None:
        self._options = options
        self._work = Work(options.workers, options.waiting, options.held_bytes)
        metrics = Metrics(self._work)
        limits = options.connections
        app = RekognitionApp(wire, self._work, metrics)
        self._main = _server(app, options, partial(Connection, limits=limits))
        self._monitor = _server(monitor_app(metrics, self._ready), options, "httptools")

    def run(self, started: Callable[[Address, Address | None], None]) -> None:
        """Serve until ``stop`` is called, and what was begun is finished.

        Args:
            started: told, once, where the server and its monitor listen.

        Raises:
            SettingError: it cannot listen there.
        """
        with contextlib.ExitStack() as stack:
            main = stack.enter_context(_listening(self._options.address))
            beside = self._options.monitor
            monitor = stack.enter_context(_listening(beside)) if beside else None
            stack.callback(self._work.close)
            asyncio.run(self._serve(main, monitor, started))

    def stop(self, *, at_once: bool = False) -> None:
        """Take no more requests; may be called by any thread, and by a signal.

        Args:
            at_once: does not wait for answers; work that began is finished all the same.
        """
        self._main.should_exit = True
        self._main.force_exit = self._main.force_exit or at_once

    def _ready(self) -> bool:
        return self._main.started and not self._main.should_exit and not self._work.full

    async def _serve(
        self,
        main: socket.socket,
        monitor: socket.socket | None,
        started: Callable[[Address, Address | None], None],
    ) -> None:
        beside = asyncio.create_task(self._monitor.serve([monitor])) if monitor else None
        serving = asyncio.create_task(self._main.serve([main]))
        started(_address(main), _address(monitor) if monitor else None)
        logs.event(logging.INFO, "started", address=str(_address(main)))
        await serving
        self._monitor.should_exit = True
        if beside:
            await beside
        logs.event(logging.INFO, "stopped")


@contextlib.contextmanager
def stopping_on_signals(server: RekognitionServer) -> Generator[None]:
    """Meanwhile, the first signal to end stops the server, and another one does not wait."""
    stopping = False

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        server.stop(at_once=stopping)
        stopping = True

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _Server(uvicorn.Server):
    """uvicorn's server, which leaves signals alone."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


def _server(app: ASGIApp, options: ServerOptions, protocol: Any) -> _Server:
    return _Server(
        uvicorn.Config(
            app,
            http=protocol,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=cast("int", options.connections.idle_seconds),
            timeout_graceful_shutdown=options.stop_seconds,
        )
    )


@contextlib.contextmanager
def _listening(address: Address) -> Generator[socket.socket]:
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    try:
        listener = socket.create_server((address.host, address.port), family=family, backlog=2048)
    except OSError as error:
        raise SettingError(
            f"The server cannot listen on {address} ({error.strerror or error})",
            "Another program may be there; choose another --port.",
        ) from error
    with listener:
        yield listener


def _address(listener: socket.socket) -> Address:
    host, port = listener.getsockname()[:2]
    return Address(host, port)
