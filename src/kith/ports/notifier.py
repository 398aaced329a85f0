"""Who carries messages to those who want to be told."""

from __future__ import annotations

from typing import Protocol

from kith.domain.message import Message


class Notifier(Protocol):
    """Carries messages to one place. May be called from several threads."""

    def send(self, message: Message, /) -> str:
        """Deliver a message; may be repeated, and then the receiver can tell by its id.

        Comes back in bounded time, whatever the receiver does. What it answers and raises holds
        nothing that opens anything: no password, no secret, no address with one in it.

        Returns:
            What the receiver said, in one line.

        Raises:
            DeliveryError: it did not arrive, as far as is known; try again later.
            DeliveryRefusedError: it never will.
        """
        ...
