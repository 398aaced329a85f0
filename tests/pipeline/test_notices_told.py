"""Notices are told with patience: in the words of the moment, once, and by no detour."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import pytest
from catalog_records import a_record
from hypothesis import given
from hypothesis import strategies as st
from notice_desk import ANA, ANYBODY, BEN, EVA, PATIENCE, Desk

from kith.adapters.notifier.memory import MemoryNotifier
from kith.adapters.storage.memory import MemoryStorage
from kith.domain.errors import (
    DeliveryError,
    DeliveryRefusedError,
    LibraryBusyError,
)
from kith.domain.message import Message
from kith.domain.notice import Digest, QuietHours
from kith.domain.person import PeopleChange
from kith.pipeline.crops import Crops
from kith.pipeline.notices.announcer import Announcer
from kith.pipeline.notices.deliver import Courier
from kith.pipeline.notices.describe import Describer
from kith.pipeline.originals import Originals
from kith.ports.outbox import State

# -- telling ---------------------------------------------------------------------------------------


def test_what_was_said_since_holds_for_what_is_told() -> None:
    """The name of now; and nothing of a face that was set aside, or of who is hidden by now."""
    desk = Desk([replace(ANYBODY, digest=Digest.HOUR)])
    named, hidden = a_record("named", faces=1), a_record("hidden", faces=1)
    desk.arrive(named, EVA)
    desk.arrive(hidden, BEN)
    assert desk.deliver() == []

    later = PeopleChange(people=(replace(EVA, name="Eva\nLima\u202e"), replace(BEN, hidden=True)))
    desk.catalog.regroup(None, later, desk.catalog.edition())
    desk.now += 3_600
    (message,) = desk.deliver()

    assert message.subject == "Eva Lima in a new photo"
    assert [notice.file for notice in message.notices] == ["named.jpg"]
    assert desk.outbox.counts() == {State.SENT: 2}


def test_if_nobody_is_left_nothing_is_sent() -> None:
    """It is dead, and says why."""
    desk = Desk()
    desk.arrive(a_record("hidden", faces=1), ANA)
    away = PeopleChange(people=(replace(ANA, hidden=True),))
    desk.catalog.regroup(None, away, desk.catalog.edition())

    assert desk.deliver() == []
    (entry,) = desk.outbox.entries(limit=9)
    assert (entry.state, entry.error) == (State.DEAD, "Nobody in it is to be told of any more")


def test_a_failure_is_tried_again_later_and_later_until_it_is_dead() -> None:
    """At least half of what doubling says each time; the last one is buried."""
    desk = Desk()
    desk.arrive(a_record("one", faces=1), ANA)
    desk.mail.failures += [DeliveryError("no answer", "Check it.")] * 3
    waits: list[float] = []
    while desk.mail.failures:
        assert desk.deliver() == []
        due = desk.outbox.entries(limit=9)[0].posting.due
        waits.append(due - desk.now)
        desk.now = max(desk.now, due)

    (entry,) = desk.outbox.entries(limit=9)
    assert 5 <= waits[0] <= 10 <= waits[1] <= 20
    assert len(waits) == 3
    assert (entry.state, entry.attempts, entry.error) == (State.DEAD, 3, "no answer")
    desk.now += 1e6
    assert desk.deliver() == []

    assert desk.outbox.send_again(None, desk.now) == 1
    assert len(desk.deliver()) == 1


def test_what_the_receiver_does_not_want_is_not_tried_again() -> None:
    """Dead at once."""
    desk = Desk()
    desk.arrive(a_record("one", faces=1), ANA)
    desk.mail.failures.append(DeliveryRefusedError("gone"))

    report = desk.courier.deliver()

    assert (report.sent, report.waiting, report.dead, report.errors) == (0, 0, 1, ["gone"])


@pytest.mark.parametrize(("asked", "least"), [(50.0, 50.0), (1e9, 86_400.0), (None, 5.0)])
def test_a_receiver_may_ask_to_be_left_alone(asked: float | None, least: float) -> None:
    """A day at most."""
    desk = Desk()
    desk.arrive(a_record("one", faces=1), ANA)
    desk.mail.failures.append(DeliveryError("busy", retry_after=asked))

    desk.courier.deliver()

    (entry,) = desk.outbox.entries(limit=9)
    assert least <= entry.posting.due - desk.now <= max(least, 10)


def test_a_channel_that_cannot_be_reached_holds_up_no_other() -> None:
    """One try for all of its messages; the others go."""
    desk = Desk([replace(ANYBODY, channels=("mail", "hook"))])
    for name in ("one", "two", "three"):
        desk.arrive(a_record(name, faces=1), ANA)
    desk.mail.failures.append(DeliveryError("down", reached=False))

    report = desk.courier.deliver()

    assert (report.sent, report.waiting) == (3, 1)
    assert len(desk.hook.messages) == 3
    assert desk.mail.failures == []


def test_what_nobody_foresaw_of_one_message_keeps_no_other_from_going() -> None:
    """It is tried again as any failure is."""

    class Odd(MemoryNotifier):
        def send(self, message: Message, /) -> str:
            if message.notices[0].file == "odd.jpg":
                raise RuntimeError("what?")
            return super().send(message)

    desk = Desk(mail=Odd())
    desk.arrive(a_record("odd", faces=1), ANA)
    desk.arrive(a_record("even", faces=1), ANA)

    report = desk.courier.deliver()

    assert (report.sent, report.waiting) == (1, 1)
    assert report.errors == ["It failed (RuntimeError); see the log"]


def test_quiet_hours_hold_back_what_failed_before_them() -> None:
    """Nothing is told in them, and the waiting counts as no try."""
    desk = Desk(now=0.0)
    desk.arrive(a_record("one", faces=1), ANA)
    # The rule was changed since: now it is always quiet but for a minute.
    always = QuietHours(_clock(desk.now, -1), _clock(desk.now, -2))
    desk.announcer = Announcer(desk.outbox, [replace(ANYBODY, quiet=always)], None)
    desk.courier = Courier(
        desk.outbox, _no_describer(), {"mail": desk.mail}, desk.announcer, PATIENCE, lambda: 0.0
    )

    assert desk.deliver() == []
    (entry,) = desk.outbox.entries(limit=9)
    assert (entry.state, entry.attempts) == (State.PENDING, 0)
    assert entry.posting.due > 80_000


def _clock(seconds: float, minutes: int) -> Any:
    from datetime import datetime, timedelta  # noqa: PLC0415

    wall = datetime.fromtimestamp(seconds) + timedelta(minutes=minutes)  # noqa: DTZ006
    return wall.time().replace(second=0, microsecond=0)


def _no_describer() -> Any:
    return None


def test_a_digest_is_one_message_of_all() -> None:
    """Everybody in the subject, each photo by itself; the same notice ids as alone."""
    desk = Desk([replace(ANYBODY, digest=Digest.DAY)])
    for name, person in (("one", ANA), ("two", BEN), ("three", EVA)):
        desk.arrive(a_record(name, faces=1), person)
    assert desk.deliver() == []

    desk.now += 90_000
    (message,) = desk.deliver()

    assert message.subject == "Ana and Ben in 3 new photos"
    assert [notice.text for notice in message.notices] == ["Ana", "Ben", "Somebody without a name"]
    single = Desk()
    single.arrive(a_record("one", faces=1), ANA)
    assert message.notices[0].notice_id == single.deliver()[0].notices[0].notice_id


def test_the_end_waits_for_no_sender() -> None:
    """Sending in the background ends with the block; what fails there is heard in the log."""
    desk = Desk()
    desk.arrive(a_record("one", faces=1), ANA)
    told = threading.Event()

    class Telling(MemoryNotifier):
        def send(self, message: Message, /) -> str:
            told.set()
            return super().send(message)

    mail = Telling()
    crops = Crops(desk.catalog, MemoryStorage(), Originals())
    describer = Describer(desk.catalog, crops, "Us")
    courier = Courier(
        desk.outbox, describer, {"mail": mail}, desk.announcer, PATIENCE, lambda: desk.now
    )

    with replace(desk.kit(), courier=courier).delivering():
        assert told.wait(60)

    assert len(mail.messages) == 1


def test_a_library_that_is_busy_is_asked_again(caplog: pytest.LogCaptureFixture) -> None:
    """It is said once, and the sender goes on."""
    desk = Desk()
    stop = threading.Event()
    asked: list[int] = []

    class Busy:
        def claim(self, *_: object, **__: object) -> None:
            asked.append(1)
            if len(asked) == 3:
                stop.set()
            raise LibraryBusyError("the library is busy")

    patience = replace(PATIENCE, poll_seconds=0.001)
    outbox: Any = Busy()
    courier = Courier(outbox, _no_describer(), {"mail": desk.mail}, desk.announcer, patience)

    courier.run(stop)

    assert [record.getMessage() for record in caplog.records] == [
        "notices wait: the library is busy"
    ]


@given(failures=st.integers(1, 10_000), chance=st.floats(0, 1))
def test_waits_grow_and_end(failures: int, chance: float) -> None:
    """Never longer than the longest, never shorter than half the first; later ones no shorter."""
    wait = PATIENCE.wait(failures, chance)

    assert 5 <= wait <= 100
    assert PATIENCE.wait(failures + 1, chance) >= wait
