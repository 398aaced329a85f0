"""A proxy through which the emulator finds the keys of its own tokens.

MiniStack asks itself for them by plain HTTP, also where it listens with TLS alone. Told of a proxy
for plain HTTP, it asks that, which asks with TLS.
"""

from __future__ import annotations

import ssl
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from http_server import listening


@contextmanager
def keys_in_the_clear(certificate: Path) -> Generator[dict[str, str]]:
    """The proxy, as long as the block lasts, as the emulator's environment must name it.

    Args:
        certificate: of the emulator; it need not be there yet.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Answer what the same address says with TLS."""
            asked = urlsplit(self.path)
            address = f"https://127.0.0.1:{asked.port}{asked.path}"
            trusted = ssl.create_default_context(cafile=certificate)
            with urllib.request.urlopen(address, timeout=60, context=trusted) as answer:
                body = answer.read()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name there
            """Say nothing."""

    with listening(Handler) as address:
        yield {"http_proxy": address, "no_proxy": ""}
