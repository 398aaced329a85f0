"""Runs the server until it is told to stop, and then finishes what it began."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, cast

import uvicorn
from starlette.types import ASGIApp

from kith.domain.errors import UsageError
from kith.listening import (
    Address,
    Connection,
    ConnectionLimits,
    QuietServer,
    Refusal,
    address_of,
    listening_at,
)
from kith.rekognition.errors import Kind, RekognitionError
from kith.rekognition.json_body import CONTENT_TYPE
from kith.rekognition.wire import Wire, is_loopback, refusal
from kith.rekognition_server import logs
from kith.rekognition_server.app import RekognitionApp
from kith.rekognition_server.monitor import Metrics, monitor_app
from kith.rekognition_server.work import Work


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
        self._main = _server(app, options, partial(Connection, limits=limits, refuse=_refuse))
        self._monitor = _server(monitor_app(metrics, self._ready), options, "httptools")

    def run(self, started: Callable[[Address, Address | None], None]) -> None:
        """Serve until ``stop`` is called, and what was begun is finished.

        Args:
            started: told, once, where the server and its monitor listen.

        Raises:
            SettingError: it cannot listen there.
        """
        with contextlib.ExitStack() as stack:
            main = stack.enter_context(listening_at(self._options.address))
            beside = self._options.monitor
            monitor = stack.enter_context(listening_at(beside)) if beside else None
            stack.callback(self._work.close)
            # uvicorn's choice of a loop: uvloop, where there is one.
            with asyncio.Runner(loop_factory=self._main.config.get_loop_factory()) as runner:
                runner.run(self._serve(main, monitor, started))

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
        started(address_of(main), address_of(monitor) if monitor else None)
        logs.event(logging.INFO, "started", address=str(address_of(main)))
        await serving
        self._monitor.should_exit = True
        if beside:
            await beside
        logs.event(logging.INFO, "stopped")


def _refuse(told: str) -> Refusal:
    """What is no HTTP is answered as everything else is."""
    request_id = str(uuid.uuid4())
    answer = refusal(RekognitionError(Kind.SERIALIZATION, told), request_id)
    return Refusal({"Content-Type": CONTENT_TYPE, "x-amzn-RequestId": request_id}, answer.body)


def _server(app: ASGIApp, options: ServerOptions, protocol: Any) -> QuietServer:
    return QuietServer(
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
