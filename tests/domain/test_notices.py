"""Which rules a photo meets, and when it is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kith.domain.errors import UsageError
from kith.domain.face import FaceId
from kith.domain.label import Label
from kith.domain.notice import (
    AnyFace,
    Digest,
    Labeled,
    Notice,
    QuietHours,
    Rule,
    Shown,
    ShownFace,
    Together,
    UnknownFace,
    due_at,
    message_id_of,
    notice_id_of,
    notices_of,
    postings_of,
    rule_id_of,
)
from kith.domain.notice_rules import rule_of, written
from kith.domain.person import Person, PersonId, Standing
from kith.domain.photo import PhotoId

PHOTO = PhotoId("a" * 64)
ZONES = ["UTC", "Europe/Lisbon", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe"]
"""With summer time, and with offsets that are no whole hours."""

NAMES = st.sampled_from(["Ana", "ana", "Zoë", "ZOË", "Ben", "李"])
PERSON_IDS = st.uuids(version=4).map(str).map(PersonId)
PEOPLE = st.builds(
    Person,
    PERSON_IDS,
    st.none() | NAMES,
    hidden=st.booleans(),
    consent=st.sampled_from([None, True, False]),
)
PERCENT = st.floats(0, 100)
FACES = st.builds(
    ShownFace,
    st.uuids().map(str).map(FaceId),
    st.none() | PEOPLE,
    PERCENT,
    st.sampled_from([None, None, *Standing]),
)
LABELS = st.builds(
    Label, st.sampled_from(["Dog", "Cat"]), PERCENT, aliases=st.just(()) | st.just(("Hound",))
)
SHOWN = st.builds(
    Shown,
    st.just(PHOTO),
    st.lists(FACES, max_size=5, unique_by=lambda face: face.face_id).map(tuple),
    st.lists(LABELS, max_size=2).map(tuple),
)
TIMES = st.times().map(lambda moment: moment.replace(second=0, microsecond=0))
QUIET = st.builds(QuietHours, TIMES, TIMES).filter(lambda quiet: quiet.start != quiet.end)
WORDS = st.text(st.characters(categories=["L", "N", "S"]), min_size=1, max_size=8)
WHENS = st.one_of(
    st.just(AnyFace()),
    st.just(UnknownFace()),
    st.builds(Together, st.lists(NAMES, min_size=1, max_size=3, unique=True).map(tuple)),
    st.builds(Labeled, st.sampled_from(["dog", "HOUND", "Cat"])),
)
CHANNELS = st.lists(WORDS, min_size=1, max_size=3, unique=True).map(tuple)
RULES = st.builds(
    Rule,
    WORDS,
    WHENS,
    CHANNELS,
    quiet=st.none() | QUIET,
    digest=st.none() | st.sampled_from(Digest),
)
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)).map(  # noqa: DTZ001
    lambda moment: moment.replace(tzinfo=UTC).timestamp()
)


def met(rule: Rule, *faces: ShownFace, labels: tuple[Label, ...] = ()) -> Notice | None:
    """The notice of a photo that shows this, if it meets the rule."""
    found = notices_of([rule], Shown(PHOTO, faces, labels), 5.0, {})
    return found[0][1] if found else None


def a_face(number: int, name: str | None = None, similarity: float = 99.0) -> ShownFace:
    """The face of a person of that number."""
    person = Person(PersonId(f"10000000-0000-4000-8000-{number:012}"), name)
    return ShownFace(FaceId(f"00000000-0000-4000-8000-{number:012}"), person, similarity)


# -- which -----------------------------------------------------------------------------------------


@given(rule=RULES, shown=SHOWN, now=MOMENTS)
def test_nobody_is_told_of_who_is_hidden_or_has_refused(
    rule: Rule, shown: Shown, now: float
) -> None:
    """Nor of what is no face: with or without them, the same notices come of a photo."""
    seen = replace(shown, faces=tuple(face for face in shown.faces if face.counts))

    found = notices_of([rule], shown, now, {})

    assert found == notices_of([rule], seen, now, {})
    secret = {face.face_id for face in shown.faces if not face.counts}
    assert all(secret.isdisjoint(notice.face_ids) for _, notice in found)


@given(rules=st.lists(RULES, max_size=4), shown=SHOWN, now=MOMENTS)
def test_each_rule_is_for_itself(rules: list[Rule], shown: Shown, now: float) -> None:
    """What others there are changes nothing of what one rule finds; a notice is about something."""
    found = notices_of(rules, shown, now, {})

    assert found == [one for rule in rules for one in notices_of([rule], shown, now, {})]
    assert all(notice.face_ids or notice.labels for _, notice in found)


@given(shown=SHOWN, people=st.lists(NAMES, min_size=1, max_size=3).map(tuple))
def test_together_is_more_than_each_alone(shown: Shown, people: tuple[str, ...]) -> None:
    """A rule for several is met where the rules for each are, by the faces of all of these."""
    every = [notices_of([Rule("r", Together((one,)), ("c",))], shown, 0, {}) for one in people]
    found = notices_of([Rule("r", Together(people), ("c",))], shown, 0, {})

    assert bool(found) == all(every)
    if found:
        faces = {face_id for (one,) in every for face_id in one[1].face_ids}
        assert set(found[0][1].face_ids) == faces


def test_people_are_meant_by_name_or_by_id() -> None:
    """Whatever the case; by an id also after a merge, when somebody else stands for it."""
    ana = a_face(1, "Ana Lima")
    assert ana.person
    gone = "10000000-0000-4000-8000-00000000dead"

    assert met(Rule("r", Together(("ANA LIMA",)), ("c",)), ana)
    assert met(Rule("r", Together((ana.person.id,)), ("c",)), ana)
    assert not met(Rule("r", Together(("Ana",)), ("c",)), ana)
    rule = Rule("r", Together((gone,)), ("c",))
    assert not met(rule, ana)
    assert notices_of([rule], Shown(PHOTO, (ana,)), 5.0, {gone: ana.person.id})


def test_an_unknown_face_is_somebodys_without_a_name() -> None:
    """Not nobody's, which may be anybody's; any face is."""
    unknown = a_face(2)
    nobody = ShownFace(FaceId("00000000-0000-4000-8000-000000000003"))
    rule = Rule("r", UnknownFace(), ("c",))

    assert not met(rule, a_face(1, "Ana"), nobody)
    notice = met(rule, a_face(1, "Ana"), unknown, nobody)
    assert notice
    assert notice.face_ids == (unknown.face_id,)
    assert met(Rule("r", AnyFace(), ("c",)), nobody)


def test_a_rule_may_want_to_be_sure() -> None:
    """From that similarity on, or that confidence."""
    rule = Rule("r", Together(("Ana",)), ("c",), at_least=90)
    dog = Rule("r", Labeled("hound"), ("c",), at_least=80)

    assert not met(rule, a_face(1, "Ana", 89.9))
    assert met(rule, a_face(1, "Ana", 90))
    assert not met(dog, labels=(Label("Dog", 79.9, aliases=("Hound",)),))
    notice = met(dog, labels=(Label("Dog", 80, aliases=("Hound",)), Label("Cat", 99)))
    assert notice
    assert (notice.face_ids, notice.labels) == ((), ("Dog",))


# -- ids -------------------------------------------------------------------------------------------


def test_ids_never_change() -> None:
    """Receivers remember them: these are written down."""
    rule_id = rule_id_of("Ana at the door")

    assert rule_id == rule_id_of("ANA AT THE DOOR")
    assert rule_id == "66c47e9ef6402bfe69bb1b50887d4858"
    assert notice_id_of(rule_id, PHOTO) == "d517b026b3f1cda377addc666d66bbcb"


@given(rules=st.lists(WORDS, min_size=2, max_size=2), photos=st.lists(WORDS, min_size=1))
def test_a_message_of_the_same_notices_has_the_same_id(rules: list[str], photos: list[str]) -> None:
    """In whatever order they stand; of one alone, its own."""
    notices = [
        Notice(rule_id_of(rule), rule, PhotoId(photo), (), (), 0)
        for rule in rules
        for photo in photos
    ]

    assert message_id_of(notices) == message_id_of(notices[::-1])
    assert message_id_of(notices[:1]) == notices[0].id
    assert len({message_id_of(notices), *(one.id for one in notices)}) > 1 or len(notices) == 1


# -- when ------------------------------------------------------------------------------------------


@given(rule=RULES, now=MOMENTS, zone=st.sampled_from(ZONES))
def test_nothing_is_told_before_it_happened_or_in_quiet_hours(
    rule: Rule, now: float, zone: str
) -> None:
    """Nor later than the day's end and the quiet hours after it."""
    due = due_at(rule, now, ZoneInfo(zone))

    assert now <= due <= now + 2 * 86_400 + 2 * 3_600
    if rule.quiet is not None:
        assume(not _is_changed_clock(due, zone))
        assert not rule.quiet.holds(datetime.fromtimestamp(due, ZoneInfo(zone)))
    if rule.quiet is None and rule.digest is None:
        assert due == now


def _is_changed_clock(moment: float, zone: str) -> bool:
    """Whether clocks are put forward or back within some hours."""
    around = (datetime.fromtimestamp(moment + hours * 3600, ZoneInfo(zone)) for hours in (-3, 0, 3))
    return len({one.utcoffset() for one in around}) > 1


@given(rule=RULES, now=MOMENTS, seconds=st.floats(0, 7200))
def test_who_comes_later_is_told_no_earlier(rule: Rule, now: float, seconds: float) -> None:
    """And those who are told at the same time, because they waited, are told together."""
    first, second = (
        postings_of(rule, Notice(rule.id, rule.name, PHOTO, (), ("x",), moment), UTC)
        for moment in (now, now + seconds)
    )

    assert [one.channel for one in first] == list(rule.channels)
    for one, other in zip(first, second, strict=True):
        assert one.due <= other.due
        assert (one.bundle is None) == (one.due == now)
        if one.bundle is not None and other.bundle is not None:
            assert (one.bundle == other.bundle) == (one.due == other.due)


def test_a_digest_goes_when_its_time_is_full() -> None:
    """The hour's at the hour, the day's at midnight, or when the quiet hours after it end."""
    zone = ZoneInfo("Europe/Lisbon")
    now = datetime(2026, 3, 5, 14, 20, 7, tzinfo=zone).timestamp()
    rule = Rule("r", AnyFace(), ("c",))
    night = QuietHours(time(22), time(7, 30))

    def told(**more: Any) -> str:
        due = due_at(replace(rule, **more), now, zone)
        return datetime.fromtimestamp(due, zone).strftime("%d %H:%M:%S")

    assert told() == "05 14:20:07"
    assert told(digest=Digest.HOUR) == "05 15:00:00"
    assert told(digest=Digest.DAY) == "06 00:00:00"
    assert told(digest=Digest.DAY, quiet=night) == "06 07:30:00"
    assert told(quiet=QuietHours(time(14), time(15))) == "05 15:00:00"
    assert told(quiet=night) == "05 14:20:07"


@given(quiet=QUIET, wall=st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)))  # noqa: DTZ001
def test_quiet_hours_end(quiet: QuietHours, wall: datetime) -> None:
    """Within a day, and at their end it is not quiet."""
    if quiet.holds(wall):
        assert wall < quiet.until(wall) <= wall + timedelta(days=1)
        assert not quiet.holds(quiet.until(wall))


# -- as they are written ---------------------------------------------------------------------------


@given(rule=RULES, at_least=PERCENT)
def test_rules_are_read_as_they_were_written(rule: Rule, at_least: float) -> None:
    """There and back, nothing is lost."""
    if isinstance(rule.when, Together | Labeled):
        rule = replace(rule, at_least=at_least)

    assert rule_of(written(rule)) == rule


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"name": ""}, "name of a rule"),
        ({"name": 3}, "name of a rule"),
        ({"name": "a\0b"}, "name of a rule"),
        ({"name": "x" * 101}, "name of a rule"),
        ({"faces": None}, "one of people, faces and label"),
        ({"label": "Dog"}, "one of people, faces and label"),
        ({"faces": "every"}, "faces is 'every'"),
        ({"faces": ["any"]}, "faces is"),
        ({"faces": None, "people": []}, "people must be a list"),
        ({"faces": None, "people": "Ana"}, "people must be a list"),
        ({"faces": None, "people": ["Ana", ""]}, "people of the rule"),
        ({"faces": None, "label": "\n"}, "label of the rule"),
        ({"at_least": 50}, "for people and labels"),
        ({"at_least": 101}, "at_least is 101"),
        ({"at_least": True}, "at_least is True"),
        ({"quiet": "22-7"}, "quiet is"),
        ({"quiet": "22:00-22:00"}, "quiet is"),
        ({"quiet": "22:00"}, "quiet is"),
        ({"quiet": "22:00:05-07:00"}, "quiet is"),
        ({"quiet": "22:00+02:00-07:00"}, "quiet is"),
        ({"quiet": 22}, "quiet is"),
        ({"digest": "week"}, "digest is 'week'"),
        ({"channels": []}, "channels must be a list"),
        ({"channels": None}, "channels must be a list"),
        ({"color": "red"}, "'color' is not known"),
    ],
)
def test_a_wrong_rule_is_refused_by_name(change: dict[str, Any], complaint: str) -> None:
    """The message says which rule, and what is wrong with it."""
    rule = {"name": "R", "faces": "any", "channels": ["mail"]} | change

    with pytest.raises(UsageError, match=complaint):
        rule_of({key: value for key, value in rule.items() if value is not None})
