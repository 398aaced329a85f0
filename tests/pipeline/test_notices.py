"""Notices are announced with their photo; rules are made, listed and removed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from catalog_records import a_record
from notice_desk import ANA, ANYBODY, BEN, EVA, Desk

from kith.domain.errors import (
    NotFoundError,
    UsageError,
)
from kith.domain.label import Label
from kith.domain.notice import Labeled, Rule, Together, UnknownFace
from kith.domain.notice_rules import written
from kith.domain.person import Appearance, PeopleChange, PersonId, Standing
from kith.pipeline.notices.rules import add_rule, listed_rules, remove_rule

# -- announcing ------------------------------------------------------------------------------------


def test_a_photo_is_told_with_those_who_are_in_it() -> None:
    """By name, those without one in words; with the file, and where the photo can be seen."""
    desk = Desk()
    record = a_record("party", faces=3)

    desk.arrive(record, ANA, EVA)
    (message,) = desk.deliver()

    assert message.subject == "Ana in a new photo"
    (notice,) = message.notices
    assert notice.text == "Ana and 2 people without a name"
    assert [face.name for face in notice.faces] == ["Ana", None, None]
    assert [face.similarity for face in notice.faces] == [97.0, 97.0, None]
    assert (notice.file, notice.rule) == ("party.jpg", "Anybody")
    assert notice.url == f"https://photos.example.org/photos/{record.photo.id}"
    assert desk.deliver() == []


def test_rules_see_people_as_the_photo_leaves_them() -> None:
    """Who is found by this very photo, who was merged by it, and who was merged long before."""
    gone = replace(EVA, id=PersonId("10000000-0000-4000-8000-0000000000aa"))
    rules = [
        Rule(f"{word[-4:]}", Together((word,)), ("mail",))
        for word in (EVA.id, gone.id, "Ana", "nobody")
    ]
    desk = Desk(rules)
    desk.arrive(a_record("before", faces=1), gone)
    first, second = a_record("first", faces=1), a_record("second", faces=1)
    desk.arrive(
        first,
        change=PeopleChange(
            people=(EVA,),
            appearances=(Appearance(first.faces[0].id, EVA.id, 95),),
            became=((gone.id, EVA.id),),
        ),
    )
    desk.arrive(second, EVA)

    told = [(one.notices[0].file, one.notices[0].rule) for one in desk.deliver()]

    assert told == [
        ("before.jpg", "00aa"),
        ("first.jpg", "0002"),
        ("first.jpg", "00aa"),
        ("second.jpg", "0002"),
        ("second.jpg", "00aa"),
    ]


def test_nobody_is_told_of_what_a_human_set_aside() -> None:
    """As what was said before of a photo that comes again: it is no face, or hidden, or refused."""
    desk = Desk()
    record = a_record("again", faces=1)
    hidden, refused = replace(ANA, hidden=True), replace(BEN, consent=False)

    desk.arrive(record, change=PeopleChange(standings=((record.faces[0].id, Standing.NOT_A_FACE),)))
    desk.arrive(a_record("hidden", faces=1), hidden)
    desk.arrive(a_record("refused", faces=1), refused)

    assert desk.outbox.counts() == {}


def test_labels_are_told_when_they_are_found() -> None:
    """In the second pass; not of photos that were there before the rule, nor passed over."""
    dogs = Rule("Dogs", Labeled("Dog"), ("mail",))
    desk = Desk([dogs])
    first, second = a_record("first"), a_record("second")
    desk.arrive(first)
    desk.announcer.pass_over()
    desk.arrive(second)
    labels = {one.photo.id: [Label("Dog", 90), Label("Cat", 80)] for one in (first, second)}

    desk.outbox.post(desk.announcer.of_labels(labels))
    (message,) = desk.deliver()

    assert message.subject == "Dog in a new photo"
    assert [notice.file for notice in message.notices] == ["second.jpg"]
    assert message.notices[0].labels == ("Dog",)


def test_without_rules_nothing_is_looked_up() -> None:
    """The path of a photo stays as it was."""
    desk = Desk([Rule("Dogs", Labeled("Dog"), ("mail",))])
    nothing: Any = None

    assert list(desk.announcer.of_faces(nothing, nothing, nothing)) == []
    assert list(Desk([]).announcer.of_labels(nothing)) == []


# -- rules -----------------------------------------------------------------------------------------


def test_a_rule_that_is_made_means_the_same_whatever_names_become() -> None:
    """People are kept by id; the list says whom each means now."""
    desk = Desk()
    desk.arrive(a_record("one", faces=2), ANA, BEN)

    made = add_rule(desk.kit(), desk.catalog, _written("Both", people=["ana", BEN.id]))

    assert made.rule.when == Together((ANA.id, BEN.id))
    renamed = PeopleChange(people=(replace(ANA, name="Anna"),))
    desk.catalog.regroup(None, renamed, desk.catalog.edition())
    kept, configured = listed_rules(desk.kit(), desk.catalog)
    assert [one and one.name for one in kept.people] == ["Anna", "Ben"]
    assert (kept.configured, configured.configured) == (False, True)


@pytest.mark.parametrize(
    ("change", "kind", "complaint"),
    [
        ({"name": "anybody"}, UsageError, "There is a rule 'anybody'"),
        ({"channels": ["pigeon"]}, UsageError, "no channel 'pigeon'"),
        ({"faces": None, "people": ["Zoë"]}, NotFoundError, "Zoë"),
    ],
)
def test_a_rule_that_cannot_be_is_not_made(
    change: dict[str, Any], kind: type[Exception], complaint: str
) -> None:
    """Its name is taken, there is no such channel, or nobody is called so."""
    desk = Desk()
    rule = _written("Other", faces="any") | change

    with pytest.raises(kind, match=complaint):
        add_rule(desk.kit(), desk.catalog, {key: one for key, one in rule.items() if one})

    assert desk.outbox.rules() == []


def test_a_rule_of_the_settings_is_removed_there() -> None:
    """And one that is not there is not found."""
    desk = Desk()

    with pytest.raises(UsageError, match="settings"):
        remove_rule(desk.kit(), ANYBODY.id)
    with pytest.raises(NotFoundError):
        remove_rule(desk.kit(), replace(ANYBODY, name="x").id)

    made = add_rule(desk.kit(), desk.catalog, _written("x", faces="unknown"))
    assert made.rule.when == UnknownFace()
    remove_rule(desk.kit(), made.rule.id)
    assert desk.outbox.rules() == []


def _written(name: str, **more: Any) -> dict[str, Any]:
    return {key: one for key, one in written(ANYBODY).items() if key != "faces"} | {
        "name": name,
        **more,
    }
