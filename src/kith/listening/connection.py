"""One connection: its response in one write, its request within a deadline.

uvicorn writes the head of a response and its body one after the other, each a packet of its own.
And it waits without end for a request that comes byte by byte, or not at all. Both are mended here,
around its protocol.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import formatdate
from typing import Any, cast

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """How much patience there is with clients.

    Attributes:
        head_seconds: from the first byte of a request, or of a connection, to the end of its head.
        body_seconds: from there to the end of its body.
        idle_seconds: between requests of a connection.
        connections: open at once; then those that have asked nothing make room.
        head_bytes: of a request, besides its body: what is around the parts of that included.
    """

    head_seconds: float = 10
    body_seconds: float = 120
    idle_seconds: float = 75
    connections: int = 500
    head_bytes: int = 256_000


@dataclass(frozen=True, slots=True)
class Refusal:
    """How what is no HTTP is answered, with status 400.

    Attributes:
        headers: besides those of every answer.
        body: its bytes.
    """

    headers: Mapping[str, str]
    body: bytes


class Connection(HttpToolsProtocol):
    """uvicorn's protocol, with one write per response and deadlines.

    Args:
        config: uvicorn's.
        server_state: uvicorn's.
        app_state: uvicorn's.
        limits: of this connection.
        refuse: how what is no HTTP is answered; told what is wrong with it.
    """

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
        *,
        limits: ConnectionLimits,
        refuse: Callable[[str], Refusal],
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._limits = limits
        self._refuse = refuse
        self._deadline: asyncio.TimerHandle | None = None
        self._receiving = False
        self._head_bytes = 0
        self._opened = self.loop.time()

    @property
    def _answering(self) -> bool:
        """Whether a request was received, at least its head, and is not answered yet."""
        # uvicorn says that the cycle is always there; before the first request it is not.
        return bool(self.cycle) and not self.cycle.response_complete

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Take a connection, if need be in place of another."""
        if len(self.connections) >= self._limits.connections:
            self._make_room()
        super().connection_made(OneWrite(transport, self.loop))
        self._expect(self._limits.head_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the deadline with the connection."""
        self._expect(None)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes, and see that a request comes of them."""
        self._head_bytes += len(data)
        super().data_received(data)
        if self._receiving and self._head_bytes > self._limits.head_bytes:
            self._receiving = False
            self.send_400_response("The request has too many headers")
            return
        idle = not self._receiving and not self._answering
        if idle and self.timeout_keep_alive_task is None and self._deadline is None:
            self._expect(self._limits.head_seconds)

    def eof_received(self) -> bool:  # type: ignore[override]
        """A client that says no more still gets its answer; then the connection is closed."""
        if self._answering and not self._receiving:
            self.cycle.keep_alive = False
            return True
        return False

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._receiving = True
        self._head_bytes = 0
        self._expect(self._limits.head_seconds)

    def on_headers_complete(self) -> None:
        """Its head is there."""
        super().on_headers_complete()
        self._expect(self._limits.body_seconds)

    def on_body(self, body: bytes) -> None:
        """A part of its body is there."""
        self._head_bytes -= len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """All of it is there."""
        super().on_message_complete()
        self._receiving = False
        self._expect(None)

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP as everything else is answered."""
        refusal = self._refuse(msg)
        always = {
            "Date": formatdate(usegmt=True),
            "Content-Length": str(len(refusal.body)),
            "Connection": "close",
        }
        lines = [f"{name}: {value}\r\n" for name, value in (always | dict(refusal.headers)).items()]
        head = f"HTTP/1.1 400 Bad Request\r\n{''.join(lines)}\r\n"
        self.transport.write(head.encode("ascii") + refusal.body)
        self.transport.close()

    def timeout_keep_alive_handler(self) -> None:
        """End a connection that is not used, even if its last answer is not fetched."""
        self.transport.abort()

    def _expect(self, seconds: float | None) -> None:
        """Give the client so long for what it does now; without a figure, no matter how long."""
        if self._deadline is not None:
            self._deadline.cancel()
        self._deadline = self.loop.call_later(seconds, self._give_up) if seconds else None

    def _give_up(self) -> None:
        self._deadline = None
        self.transport.abort()

    def _make_room(self) -> None:
        """End the oldest connection that never asked anything, else the oldest idle one."""
        others = [cast("Connection", other) for other in self.connections]
        idle = [other for other in others if not other._answering]
        if idle:
            oldest = min(idle, key=lambda other: (bool(other.cycle), other._opened))
            oldest.transport.abort()


class OneWrite(asyncio.Transport):
    """A transport that hands on in one piece what is written in one turn of the loop.

    Args:
        transport: where it goes.
        loop: whose turns count.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._transport = transport
        self._loop = loop
        self._parts: list[bytes] = []

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Keep bytes until the end of this turn."""
        if not self._parts:
            self._loop.call_soon(self._flush)
        self._parts.append(bytes(data))

    def close(self) -> None:
        """Write what is kept, then close."""
        self._flush()
        self._transport.close()

    def abort(self) -> None:
        """Close at once, whatever is not sent yet."""
        self._parts.clear()
        self._transport.abort()

    def is_closing(self) -> bool:
        """Whether it is closed, or about to be."""
        return self._transport.is_closing()

    def pause_reading(self) -> None:
        """Take no more bytes in."""
        self._transport.pause_reading()

    def resume_reading(self) -> None:
        """Take bytes in again."""
        self._transport.resume_reading()

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """What is known of the connection."""
        return self._transport.get_extra_info(name, default)

    def _flush(self) -> None:
        if self._parts and not self._transport.is_closing():
            self._transport.write(b"".join(self._parts))
        self._parts.clear()
