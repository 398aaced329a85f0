"""A server of HTTP that lives as long as a block, on an address that only this machine sees."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_POLL = 0.02
"""Seconds that its end may take."""


@contextmanager
def listening(handler: Callable[..., BaseHTTPRequestHandler]) -> Generator[str]:
    """Have requests answered by handlers of this kind; gives the server's address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(_POLL,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
