"""Messages kept in memory: for tests."""

from __future__ import annotations

import threading

from kith.domain.errors import DeliveryError
from kith.domain.message import Message


class MemoryNotifier:
    """Keeps what is sent.

    Attributes:
        messages: what was sent, in order.
        failures: what the next attempts raise instead, the first first.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.messages: list[Message] = []
        self.failures: list[DeliveryError] = []

    def send(self, message: Message, /) -> str:
        """Keep a message."""
        with self._lock:
            if self.failures:
                raise self.failures.pop(0)
            self.messages.append(message)
            return "kept"
