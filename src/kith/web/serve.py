"""Serves the album until it is told to stop, and then finishes the answers that it began."""

from __future__ import annotations

import socket
import threading
from functools import partial
from typing import Any, Final, cast

import uvicorn

from kith.listening import Connection, ConnectionLimits, QuietServer, Refusal
from kith.pipeline.serving.services import Services
from kith.web.app import create_app
from kith.web.problems import MEDIA_TYPE, Problem

_STOP_SECONDS: Final = 10
"""How long a stop waits for answers that were begun."""

_LIMITS: Final = ConnectionLimits(head_bytes=64_000, connections=2_000)
"""Nobody holds a connection by saying nothing, or a little at a time."""


class AlbumServer:
    """The API and the page over one library.

    Args:
        services: of the library.
    """

    def __init__(self, services: Services) -> None:
        self._jobs = services.workshop.jobs
        self._server = QuietServer(
            uvicorn.Config(
                create_app(services),
                http=cast("Any", partial(Connection, limits=_LIMITS, refuse=_refuse)),
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                # Whose word on who asks is taken, the gate decides.
                proxy_headers=False,
                timeout_keep_alive=int(_LIMITS.idle_seconds),
                timeout_graceful_shutdown=_STOP_SECONDS,
            )
        )

    def run(self, listener: socket.socket) -> None:
        """Serve whoever comes to a socket, until ``stop`` is called."""
        self._server.run([listener])

    def stop(self, *, at_once: bool = False) -> None:
        """Take no more requests; may be called by any thread, and by a signal.

        Args:
            at_once: does not wait for answers.
        """
        self._server.should_exit = True
        self._server.force_exit = self._server.force_exit or at_once
        # Streams of events end with the jobs. In a thread, for a signal may come while the loop
        # holds the lock that this waits for.
        threading.Thread(target=self._jobs.close, daemon=True).start()


def _refuse(told: str) -> Refusal:
    """What is no HTTP is answered as everything else is."""
    problem = Problem(type="about:blank", title="Bad Request", status=400, detail=told)
    headers = {"Content-Type": MEDIA_TYPE, "X-Content-Type-Options": "nosniff"}
    return Refusal(headers, problem.model_dump_json(exclude_none=True).encode())
