"""What a service tells the system that runs it: ``sd_notify`` (systemd), without its library."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

_PER_WATCHDOG: Final = 3
"""How often the watchdog is told of life in the time after which it would bite."""


class ServiceManager:
    """The manager that started this process, if one did and listens (``man 3 sd_notify``).

    Args:
        environment: where it says how to be reached.
    """

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        name = environment.get("NOTIFY_SOCKET", "")
        # An @ stands for the zero byte of Linux' abstract names.
        self._name = f"\0{name[1:]}" if name.startswith("@") else name
        micros = environment.get("WATCHDOG_USEC", "")
        own = environment.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        self._every = int(micros) / 1e6 / _PER_WATCHDOG if micros.isdecimal() and own else None
        self._told = 0.0

    def ready(self) -> None:
        """The service has begun."""
        self._tell("READY=1")

    def alive(self) -> None:
        """It is at work; may be called as often as one likes."""
        if self._every is not None and time.monotonic() - self._told >= self._every:
            self._told = time.monotonic()
            self._tell("WATCHDOG=1")

    def status(self, text: str) -> None:
        """What ``systemctl status`` shows."""
        self._tell(f"STATUS={text}")

    def stopping(self) -> None:
        """It is about to end."""
        self._tell("STOPPING=1")

    def _tell(self, message: str) -> None:
        if not self._name:
            return
        # Who is not heard works all the same.
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.connect(self._name)
            sender.sendall(message.encode())
