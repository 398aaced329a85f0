"""Every adapter hands notices to senders as the port promises: each to one, none lost."""

from __future__ import annotations

import itertools
from collections.abc import Generator
from dataclasses import replace

import pytest
from catalog_records import a_record, store
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from outbox_rooms import PHOTOS, Room, a_notice, a_posting

from kith.adapters.catalog.memory import MemoryCatalog
from kith.domain.face import FaceId
from kith.domain.notice import (
    NoticeId,
    Posting,
    message_id_of,
)
from kith.ports.outbox import MOST_IN_A_MESSAGE, Consignment, Outbox, State

# -- sending ---------------------------------------------------------------------------------------


def test_what_is_due_for_longest_is_taken_first(outbox_room: Room) -> None:
    """Nothing before it is due, and nothing for other channels."""
    postings = a_posting(0, due=3), a_posting(1, due=2), a_posting(2, channel="hook", due=1)
    outbox_room.post(*postings, records=PHOTOS)

    assert outbox_room.claim(0.5) is None
    assert outbox_room.claim(9, 60, "telegraph") is None
    assert outbox_room.claim(9, 60, *()) is not None
    taken = [
        outbox_room.claim(9, 60, "mail"),
        outbox_room.claim(9, 60, "mail"),
        outbox_room.claim(9, 60, "mail"),
    ]

    assert [one and one.notices for one in taken] == [
        (a_notice(PHOTOS[1]),),
        (a_notice(PHOTOS[0]),),
        None,
    ]


def test_what_is_taken_is_taken_by_nobody_else_for_a_while(outbox_room: Room) -> None:
    """Until its moment has come: then its sender is believed to be dead, and the same is sent."""
    outbox_room.post(a_posting(), records=PHOTOS)
    first = outbox_room.must_claim(0, 60)

    assert outbox_room.claim(59.9) is None
    again = outbox_room.must_claim(60, 120)

    assert again == replace(first, claim=again.claim)
    assert again.claim != first.claim
    assert first.message_id == a_notice(PHOTOS[0]).id


def test_a_sender_that_comes_back_late_cannot_undo_another_ones_work(outbox_room: Room) -> None:
    """What it says of failure counts for nothing; that it arrived is true whoever says it."""
    outbox_room.post(a_posting(), records=PHOTOS)
    late = outbox_room.must_claim(0, 1)
    present = outbox_room.must_claim(1, 60)

    outbox_room.outbox.postpone(late, 0, error="too slow")
    outbox_room.outbox.bury(late, "too slow")
    assert outbox_room.states() == [State.CLAIMED]

    outbox_room.outbox.mark_sent(late, 2)
    outbox_room.outbox.postpone(present, 0)
    assert outbox_room.states() == [State.SENT]


def test_what_failed_waits_and_is_counted(outbox_room: Room) -> None:
    """Why is kept for people; a postponement that was no try counts for nothing."""
    outbox_room.post(a_posting(), records=PHOTOS)

    outbox_room.outbox.postpone(outbox_room.must_claim(0), 10, error="no\0 answer")
    assert outbox_room.claim(9) is None
    outbox_room.outbox.postpone(outbox_room.must_claim(10), 20, counted=False)

    (entry,) = outbox_room.outbox.entries(limit=9)
    assert (entry.state, entry.attempts, entry.error) == (State.PENDING, 1, "no\0 answer")
    assert entry.posting.due == 20
    assert outbox_room.must_claim(20).attempts == 1


def test_the_dead_can_be_sent_again(outbox_room: Room) -> None:
    """All of them, or those that are named; what was sent is not."""
    outbox_room.post(*map(a_posting, range(4)), records=PHOTOS)
    outbox_room.outbox.mark_sent(outbox_room.must_claim(), 0)
    for _ in range(3):
        outbox_room.outbox.bury(outbox_room.must_claim(), "refused")
    assert outbox_room.claim(1e9) is None
    ids = [a_notice(record).id for record in PHOTOS]

    assert outbox_room.outbox.send_again([ids[0], ids[1], NoticeId("unknown")], 5) == 1
    assert outbox_room.claim(4.9) is None
    again = outbox_room.must_claim(5, 60)
    assert (again.notices, again.attempts) == ((a_notice(PHOTOS[1]),), 0)

    assert outbox_room.outbox.send_again(None, 6) == 2
    assert outbox_room.states() == [State.SENT, State.CLAIMED, State.PENDING, State.PENDING]


def test_what_was_sent_is_forgotten_in_time(outbox_room: Room) -> None:
    """And nothing else is."""
    outbox_room.post(a_posting(0), a_posting(1), a_posting(2), records=PHOTOS)
    outbox_room.outbox.mark_sent(outbox_room.must_claim(), 10)
    outbox_room.outbox.mark_sent(outbox_room.must_claim(), 20)

    assert outbox_room.outbox.sweep(10) == 0
    assert outbox_room.outbox.sweep(10.5) == 1
    assert outbox_room.outbox.counts() == {State.SENT: 1, State.PENDING: 1}


def test_entries_are_paged(outbox_room: Room) -> None:
    """Newest first, by state."""
    outbox_room.post(*map(a_posting, range(4)), records=PHOTOS)
    outbox_room.outbox.bury(outbox_room.must_claim(), "refused")

    first = outbox_room.outbox.entries([State.PENDING], limit=2)
    rest = outbox_room.outbox.entries([State.PENDING], before=first[-1].number, limit=2)

    told = [entry.posting.notice.photo_id for entry in (*first, *rest)]
    assert told == [record.photo.id for record in reversed(PHOTOS[1:])]
    assert [one.error for one in outbox_room.outbox.entries([State.DEAD], limit=2)] == ["refused"]


# -- bundles ---------------------------------------------------------------------------------------


def test_a_bundle_goes_as_one_message(outbox_room: Room) -> None:
    """All that is due together, for each channel, oldest first; it fails and arrives as one."""
    bundle = "b" * 32
    for channel, number in itertools.product(("mail", "hook"), (2, 0)):
        records = PHOTOS if channel == "mail" and number == 2 else ()
        outbox_room.post(a_posting(number, channel=channel, due=7, bundle=bundle), records=records)

    assert outbox_room.claim(6.9) is None
    mail, hook = outbox_room.must_claim(7), outbox_room.must_claim(7)

    assert mail.notices == hook.notices == (a_notice(PHOTOS[2]), a_notice(PHOTOS[0]))
    assert mail.message_id == hook.message_id == message_id_of(mail.notices)
    outbox_room.outbox.postpone(mail, 9, error="no answer")
    outbox_room.outbox.mark_sent(hook, 8)
    assert outbox_room.outbox.counts() == {State.PENDING: 2, State.SENT: 2}


def test_a_message_that_was_begun_never_changes(outbox_room: Room) -> None:
    """What comes too late for it goes as one of its own, before or after."""
    bundle = "b" * 32
    outbox_room.post(a_posting(0, bundle=bundle), a_posting(1, bundle=bundle), records=PHOTOS)
    first = outbox_room.must_claim(0, 1)
    outbox_room.post(a_posting(2, bundle=bundle))

    late, again = outbox_room.must_claim(0.5, 60), outbox_room.must_claim(1, 60)

    assert late.notices == (a_notice(PHOTOS[2]),)
    assert (again.message_id, again.notices) == (first.message_id, first.notices)


def test_a_dead_bundle_is_sent_again_whole(outbox_room: Room) -> None:
    """Under its id, for a receiver knows it by that."""
    bundle = "b" * 32
    outbox_room.post(a_posting(0, bundle=bundle), a_posting(1, bundle=bundle), records=PHOTOS)
    first = outbox_room.must_claim()
    outbox_room.outbox.bury(first, "refused")

    assert outbox_room.outbox.send_again([a_notice(PHOTOS[1]).id], 0) == 2

    again = outbox_room.must_claim()
    assert (again.message_id, again.notices) == (first.message_id, first.notices)


@pytest.mark.many
def test_a_large_bundle_goes_as_several_messages(outbox_room: Room) -> None:
    """None is longer than can be read; nothing is lost, and nothing told twice."""
    records = [a_record(f"many {number}", 1) for number in range(MOST_IN_A_MESSAGE + 3)]
    notices = [Posting(a_notice(record), "mail", 0, "b" * 32) for record in records]
    outbox_room.post(*notices, records=records)

    taken = [outbox_room.must_claim(), outbox_room.must_claim()]

    assert outbox_room.claim() is None
    assert [len(one.notices) for one in taken] == [MOST_IN_A_MESSAGE, 3]
    assert [*taken[0].notices, *taken[1].notices] == [one.notice for one in notices]


# -- the laws --------------------------------------------------------------------------------------

NUMBERS = st.integers(0, 3)
MOMENTS = st.integers(0, 6).map(float)


def _any_posting(number: int, channel: str, due: float, bundle: str | None) -> Posting:
    due = due if bundle is None else 3.0
    return a_posting(number, channel=channel, due=due, bundle=bundle)


POSTINGS = st.builds(
    _any_posting,
    NUMBERS,
    st.sampled_from(["mail", "hook"]),
    MOMENTS,
    st.sampled_from([None, "b" * 32]),
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("post"), st.lists(POSTINGS, max_size=3)),
        st.tuples(st.just("claim"), MOMENTS),
        st.tuples(st.sampled_from(["sent", "postpone", "bury"]), NUMBERS),
        st.tuples(st.just("again"), st.none() | NUMBERS),
        st.tuples(st.just("sweep"), MOMENTS),
        st.tuples(st.just("erase"), NUMBERS),
    ),
    max_size=14,
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
@pytest.mark.many
def test_a_database_does_as_memory_does(outbox_room: Room, steps: list[tuple[str, object]]) -> None:
    """The same steps leave the same outbox, and hand out the same messages."""
    outbox_room.catalog.remove_photos([record.photo.id for record in PHOTOS])
    memory = MemoryCatalog()
    expected = Room(memory, memory.outbox)
    seen: list[list[object]] = []

    for one in (outbox_room, expected):
        store(one.catalog, PHOTOS)
        seen.append(list(_play(one, steps)))

    assert seen[0] == seen[1]


def _play(outbox_room: Room, steps: list[tuple[str, object]]) -> Generator[object]:
    taken: list[Consignment] = []
    erased: set[int] = set()
    for name, argument in steps:
        match name, argument:
            case "post", list():
                outbox_room.post(*argument)  # pyright: ignore[reportUnknownArgumentType]
            case "claim", float():
                claimed = outbox_room.claim(argument, argument + 2)
                taken += [claimed] if claimed else []
                yield claimed and (claimed.message_id, claimed.notices, claimed.attempts)
            case "again", int() | None:
                ids = None if argument is None else [a_notice(PHOTOS[argument]).id]
                yield outbox_room.outbox.send_again(ids, 1.0)
            case "sweep", float():
                yield outbox_room.outbox.sweep(argument)
            # Once: nothing tells of faces that are gone, so what becomes of such a notice is open.
            case "erase", int() if argument not in erased:
                erased.add(argument)
                gone: list[FaceId] = [face.id for face in PHOTOS[argument].faces]
                outbox_room.catalog.erase(gone, [], {}, outbox_room.catalog.edition())
            case "sent" | "postpone" | "bury", int() if taken:
                _settle(outbox_room.outbox, name, taken[argument % len(taken)])
            case _:
                continue
        entries = reversed(outbox_room.outbox.entries(limit=100))
        yield [(one.posting, one.state, one.attempts, one.error) for one in entries]


def _settle(outbox: Outbox, name: str, taken: Consignment) -> None:
    match name:
        case "sent":
            outbox.mark_sent(taken, 2.0)
        case "postpone":
            outbox.postpone(taken, 4.0, error="later")
        case _:
            outbox.bury(taken, "never")
