"""What it takes to tell somebody, as one value; and telling in the background."""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from kith.domain.errors import SettingError
from kith.pipeline.notices.announcer import Announcer
from kith.pipeline.notices.deliver import Courier
from kith.ports.outbox import Outbox

_FAREWELL_SECONDS: Final = 5.0
"""How long the end waits for a message that is being sent. The next sender sends it again."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Notices:
    """The notices of one library.

    Attributes:
        outbox: what is on its way.
        announcer: knows the rules.
        courier: sends.
        channels: the kind of each channel of the settings, by name.
        unusable: channels that this process cannot use, and why not: as without their password.
            What is for them waits for a process that can.
    """

    outbox: Outbox
    announcer: Announcer
    courier: Courier
    channels: Mapping[str, str]
    unusable: Mapping[str, SettingError]

    def test(self, channel: str) -> str:
        """Send a test through a channel; answers what the receiver said.

        Raises:
            UsageError: there is no such channel.
            SettingError: this process cannot use it.
            DeliveryError: it did not arrive.
        """
        if channel in self.unusable:
            raise self.unusable[channel]
        return self.courier.test(channel, uuid.uuid4().hex)

    @contextmanager
    def delivering(self) -> Generator[None]:
        """Send what is due meanwhile, in a thread of its own; nothing waits for it."""
        for error in self.unusable.values():
            _log.warning("%s", error)
        if len(self.unusable) == len(self.channels):
            yield
            return
        stop = threading.Event()
        thread = threading.Thread(
            target=self.courier.run, args=(stop,), name="notices", daemon=True
        )
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join(_FAREWELL_SECONDS)
