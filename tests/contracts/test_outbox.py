"""Every adapter keeps rules, and notices with their photos, as the port promises."""

from __future__ import annotations

from dataclasses import replace

import pytest
from catalog_records import NOTHING, store
from outbox_rooms import ANA, BEN, PHOTOS, RULE, Room, a_notice, a_posting

from kith.domain.errors import StaleError
from kith.domain.notice import (
    AnyFace,
    Labeled,
    Posting,
    Rule,
    Together,
)
from kith.domain.notice_rules import rule_of
from kith.domain.person import PeopleChange, Person, PersonId
from kith.ports.outbox import State

# -- rules -----------------------------------------------------------------------------------------


def test_rules_come_back_as_they_were_kept(outbox_room: Room) -> None:
    """Whole, in the order in which they first were; one of the same id takes the other's place."""
    written = [
        {"name": "Ana & Bén \U0001f600", "people": ["Ana", BEN], "at_least": 90.5},
        {"name": "Dogs", "label": "Dog", "digest": "day", "quiet": "22:00-07:00"},
        {"name": "All", "faces": "any"},
    ]
    rules = [rule_of(one | {"channels": ["mail", "hook"]}) for one in written]
    for rule in [*rules, rules[0]]:
        outbox_room.outbox.keep_rule(rule)

    assert list(outbox_room.outbox.rules()) == rules

    changed = replace(rules[1], name="DOGS", when=Labeled("Cat"))
    outbox_room.outbox.keep_rule(changed)
    assert list(outbox_room.outbox.rules()) == [rules[0], changed, rules[2]]


def test_a_rule_takes_along_what_was_not_sent(outbox_room: Room) -> None:
    """Nobody wants to be told any more; what was sent stays on record, and other rules' notices."""
    other = Rule("Other", AnyFace(), ("mail",))
    outbox_room.outbox.keep_rule(RULE)
    notices = [
        Posting(a_notice(one, rule), "mail", 0) for one in PHOTOS[:2] for rule in (RULE, other)
    ]
    outbox_room.post(*notices, records=PHOTOS)
    outbox_room.outbox.mark_sent(outbox_room.must_claim(), 0)

    outbox_room.outbox.remove_rule(RULE.id)
    outbox_room.outbox.remove_rule(RULE.id)
    outbox_room.outbox.remove_rule(other.id)

    left = {(one.posting.notice.rule_id, one.state) for one in outbox_room.outbox.entries(limit=9)}
    assert left == {(RULE.id, State.SENT), (other.id, State.PENDING)}
    assert list(outbox_room.outbox.rules()) == []


def test_a_rule_tells_nothing_of_what_was_there_before_it(outbox_room: Room) -> None:
    """Whether it is kept or only begins; what comes later is told."""
    configured = Rule("From the file", AnyFace(), ("mail",))
    store(outbox_room.catalog, PHOTOS[:1])
    outbox_room.outbox.keep_rule(RULE)
    outbox_room.outbox.begin([configured.id])
    store(outbox_room.catalog, PHOTOS[1:2])
    outbox_room.outbox.begin([configured.id, RULE.id])
    notices = [a_notice(one, rule) for one in PHOTOS[:2] for rule in (RULE, configured)]

    outbox_room.post(*(Posting(notice, "mail", 0) for notice in notices))

    told = [entry.posting.notice.photo_id for entry in outbox_room.outbox.entries(limit=9)]
    assert told == [PHOTOS[1].photo.id] * 2

    outbox_room.outbox.begin([RULE.id], anew=True)
    outbox_room.post(Posting(a_notice(PHOTOS[2]), "mail", 0), records=PHOTOS[2:])
    assert outbox_room.outbox.counts() == {State.PENDING: 3}
    outbox_room.outbox.begin([RULE.id], anew=True)
    outbox_room.post(Posting(a_notice(PHOTOS[3]), "mail", 0))
    assert outbox_room.outbox.counts() == {State.PENDING: 3}


def test_a_rule_for_somebody_who_is_erased_goes(outbox_room: Room) -> None:
    """Also if it was made for whom the erased person had been; rules for others stay."""
    people = PeopleChange(people=(Person(ANA), Person(BEN)))
    store(outbox_room.catalog, PHOTOS, (), people)
    cat = PersonId("10000000-0000-4000-8000-000000000003")
    store(outbox_room.catalog, [], (), PeopleChange(people=(Person(cat),), became=((BEN, ANA),)))
    for who in (ANA, BEN, cat):
        outbox_room.outbox.keep_rule(Rule(f"for {who}", Together((who, "Somebody")), ("mail",)))

    outbox_room.catalog.erase([], [ANA], {}, outbox_room.catalog.edition())

    assert [rule.name for rule in outbox_room.outbox.rules()] == [f"for {cat}"]


# -- with the photo --------------------------------------------------------------------------------


def test_notices_come_with_their_photo_or_not_at_all(outbox_room: Room) -> None:
    """A change that is refused brings neither; that of an unknown photo is left out."""
    with pytest.raises(StaleError):
        outbox_room.catalog.store(PHOTOS, (), NOTHING, 0, notices=[a_posting()])
    assert outbox_room.outbox.counts() == {}

    outbox_room.post(a_posting(0), a_posting(1), records=PHOTOS[:1])

    assert [one.posting for one in outbox_room.outbox.entries(limit=9)] == [a_posting(0)]


def test_the_same_notice_twice_is_one(outbox_room: Room) -> None:
    """For each channel; also after it was sent."""
    outbox_room.post(a_posting(), a_posting(), a_posting(channel="hook"), records=PHOTOS)
    outbox_room.post(a_posting(due=5.0))
    outbox_room.outbox.mark_sent(outbox_room.must_claim(), 0)
    outbox_room.post(a_posting())

    assert outbox_room.states() == [State.SENT, State.PENDING]


def test_a_notice_comes_back_as_it_was_posted(outbox_room: Room) -> None:
    """With every character that a label, a rule or a channel may have."""
    notice = replace(a_notice(PHOTOS[0]), rule_name="Zoë\0\udcff", labels=("Hot Dog", "é"))
    posting = Posting(notice, "ä\0", 12.25, "b" * 32)

    outbox_room.post(posting, records=PHOTOS)

    assert [one.posting for one in outbox_room.outbox.entries(limit=9)] == [posting]


def test_forgetting_a_photo_forgets_its_notices(outbox_room: Room) -> None:
    """And when it comes again, it is told again, by the same id."""
    outbox_room.post(a_posting(0), a_posting(1), records=PHOTOS)

    outbox_room.catalog.remove_photos([PHOTOS[0].photo.id])

    assert [one.posting for one in outbox_room.outbox.entries(limit=9)] == [a_posting(1)]
    outbox_room.post(a_posting(0), records=PHOTOS[:1])
    assert outbox_room.outbox.counts() == {State.PENDING: 2}


def test_erased_faces_are_in_no_notice(outbox_room: Room) -> None:
    """A notice that then is about nothing goes; one of a label stays."""
    labeled = replace(a_notice(PHOTOS[2]), labels=("Dog",))
    outbox_room.post(a_posting(0), a_posting(1), Posting(labeled, "mail", 0), records=PHOTOS)
    first, second, third = (record.faces for record in PHOTOS[:3])
    gone = [face.id for face in (*first[:1], *second, *third)]

    outbox_room.catalog.erase(gone, [], {}, outbox_room.catalog.edition())

    told = [one.posting.notice for one in reversed(outbox_room.outbox.entries(limit=9))]
    assert [notice.face_ids for notice in told] == [(first[1].id,), ()]
    assert told[1].labels == ("Dog",)
