"""Deliver what is in the outbox: each message at least once, under an id that never changes.

A sender takes a message for a while, sends it, and says so. One that is killed in between leaves it
to the next, who sends the same message again: the receiver knows it by its id. What fails is tried
again later and later, and is dead in the end; the dead are listed, and can be sent again.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Event
from typing import Final, NoReturn

from kith.domain.errors import DeliveryError, DeliveryRefusedError, KithError, UsageError
from kith.pipeline.notices.announcer import Announcer
from kith.pipeline.notices.describe import Describer
from kith.pipeline.notices.patience import Patience
from kith.ports.notifier import Notifier
from kith.ports.outbox import Consignment, Outbox

_LONGEST_ASKED: Final = 86_400.0
"""Seconds that a receiver may ask to be left alone: a mistake of its clock is not for ever."""

_KEPT_SECONDS: Final = 90 * 86_400.0
"""How long it is remembered what was sent."""

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Delivered:
    """What became of messages that were due.

    Attributes:
        sent: arrived.
        waiting: to be tried again.
        dead: not tried again.
        errors: why, one sentence each, without repeats.
    """

    sent: int = 0
    waiting: int = 0
    dead: int = 0
    errors: list[str] = field(default_factory=list[str])


class Courier:
    """Sends what is due. Several may work for one library, in any number of processes.

    Args:
        outbox: of the library.
        describer: puts notices into words.
        channels: by name; what is for others is left to those who know them.
        announcer: knows the quiet hours of the rules.
        patience: how often and how long.
        clock: seconds since 1970.
    """

    def __init__(
        self,
        outbox: Outbox,
        describer: Describer,
        channels: Mapping[str, Notifier],
        announcer: Announcer,
        patience: Patience | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._outbox = outbox
        self._describer = describer
        self._channels = channels
        self._announcer = announcer
        self._patience = patience or Patience()
        self._clock = clock
        # Chance spreads attempts out; nobody must be unable to guess it.
        self._chance = random.Random()  # noqa: S311

    def run(self, stop: Event) -> None:
        """Deliver what is due, until ``stop`` is set. What goes wrong is logged, once in a row."""
        said = ""
        while not stop.is_set():
            try:
                told = self.deliver(stop).errors
            except KithError as error:
                told = [str(error)]
            except Exception as error:  # noqa: BLE001 - the next look may go better
                told = [f"{type(error).__name__}: {error}"]
            if told and said != told[-1]:
                said = told[-1]
                _log.warning("notices wait: %s", said)
            stop.wait(self._patience.poll_seconds)

    def deliver(self, stop: Event | None = None) -> Delivered:
        """Send all that is due now. A channel that cannot be reached is left alone until later."""
        report = Delivered()
        open_channels = set(self._channels)
        while open_channels and not (stop and stop.is_set()):
            now = self._clock()
            until = now + self._patience.lease_seconds
            taken = self._outbox.claim(open_channels, now=now, until=until)
            if taken is None:
                break
            if not self._send(taken, report):
                open_channels.discard(taken.channel)
        self._outbox.sweep(self._clock() - _KEPT_SECONDS)
        return report

    def test(self, channel: str, message_id: str) -> str:
        """Send a test through a channel; answers what the receiver said.

        Raises:
            UsageError: there is no such channel.
            DeliveryError: it did not arrive.
        """
        if channel not in self._channels:
            names = ", ".join(self._channels) or "none"
            raise UsageError(f"There is no channel {channel!r}", f"The settings have: {names}.")
        return self._channels[channel].send(self._describer.test(message_id))

    def _send(self, taken: Consignment, report: Delivered) -> bool:
        """Send one message and say what became of it; whether its channel can be reached."""
        now = self._clock()
        # A message is of one rule.
        quiet = self._announcer.quiet_until(taken.notices[0].rule_id, now)
        if quiet > now:
            self._outbox.postpone(taken, quiet, counted=False)
            report.waiting += 1
            return True
        try:
            self._carry(taken)
        except DeliveryError as error:
            self._fail(taken, error, report)
            return error.reached
        self._outbox.mark_sent(taken, self._clock())
        report.sent += 1
        return True

    def _carry(self, taken: Consignment) -> None:
        try:
            message = self._describer.message(taken)
            if message is None:
                _give_up("Nobody in it is to be told of any more")
            self._channels[taken.channel].send(message)
        except KithError:
            raise
        except Exception as error:
            # What nobody foresaw of one message is not to keep the others from being sent.
            _log.exception("the message %s cannot be sent", taken.message_id)
            raise DeliveryError(f"It failed ({type(error).__name__}); see the log") from error

    def _fail(self, taken: Consignment, error: DeliveryError, report: Delivered) -> None:
        failures = taken.attempts + 1
        if str(error) not in report.errors:
            report.errors.append(str(error))
        if isinstance(error, DeliveryRefusedError) or failures >= self._patience.attempts:
            self._outbox.bury(taken, error.message)
            report.dead += 1
            return
        asked = min(error.retry_after or 0.0, _LONGEST_ASKED)
        wait = max(asked, self._patience.wait(failures, self._chance.random()))
        self._outbox.postpone(taken, self._clock() + wait, error=error.message)
        report.waiting += 1


def _give_up(why: str) -> NoReturn:
    raise DeliveryRefusedError(why)
