"""Where a server listens, and how it hears that it is to end."""

from __future__ import annotations

import contextlib
import gc
import signal
import socket
from collections.abc import Callable, Generator
from dataclasses import dataclass
from types import FrameType

import uvicorn

from kith.domain.errors import SettingError


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server listens; port 0 lets the system choose one."""

    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"


class QuietServer(uvicorn.Server):
    """uvicorn's server, which leaves signals alone."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        """Nothing: a process may have several servers, and signals are for all of them."""
        yield

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve until it is told to stop.

        What is loaded by now stays as long as the process. Python would look through all of it for
        garbage every few hundred answers, and one of them would wait 50 ms for that.
        """
        gc.freeze()
        await super().serve(sockets)


@contextlib.contextmanager
def listening_at(address: Address) -> Generator[socket.socket]:
    """A socket that listens there meanwhile; clients may come before anybody answers.

    Raises:
        SettingError: it cannot be listened to.
    """
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    try:
        listener = socket.create_server((address.host, address.port), family=family, backlog=2048)
    except OSError as error:
        raise SettingError(
            f"The server cannot listen on {address} ({error.strerror or error})",
            "Another program may be there; choose another --port.",
        ) from error
    with listener:
        # For the connections, too. asyncio does it for sockets of its own alone; without it, the
        # second piece of every answer waits for 40 ms until the client has confirmed the first.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield listener


def address_of(listener: socket.socket) -> Address:
    """Where a socket listens."""
    host, port = listener.getsockname()[:2]
    return Address(host, port)


@contextlib.contextmanager
def stopping_on_signals(stop: Callable[[bool], None]) -> Generator[None]:
    """Meanwhile, signals to end call ``stop``: the first with False, others (hurry) with True."""
    stopping = False

    def end(_number: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stop(stopping)
        stopping = True

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
