"""What a human can say of people and faces, and what comes of it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from cast import ANNA, CARL, Cast, date_photo, other_cover

from kith.domain.decision import Confirm, PersonRef
from kith.domain.errors import NotFoundError, UsageError
from kith.domain.face import FaceId
from kith.domain.person import Person, Standing
from kith.pipeline.decisions.corrections import (
    choose_cover,
    confirm,
    different_people,
    hide_person,
    merge_people,
    name_person,
    not_a_face,
    not_this_person,
    repeats,
    reset,
    same_person,
    set_birth_date,
    set_consent,
    split_off,
    strangers,
)
from kith.pipeline.decisions.decide import decide, replay
from kith.pipeline.decisions.journal_entries import take_back

if TYPE_CHECKING:
    pass


# -- of people -------------------------------------------------------------------------------------


def test_a_name_is_given_and_taken_away(cast: Cast) -> None:
    """Blanks around it do not count; a name of blanks is refused."""
    name_person(cast.catalog, cast.anna, " Anna ", by="me")
    assert cast.anna.name == "Anna"

    name_person(cast.catalog, cast.anna, None, by="me")

    assert cast.anna.name is None
    with pytest.raises(UsageError):
        name_person(cast.catalog, cast.anna, " ", by="me")


@pytest.mark.parametrize("name", ["An\0na", "Anna\ud83d", "\udc80"])
def test_what_is_no_text_is_no_name(cast: Cast, name: str) -> None:
    """NUL and half a character are refused where they are said, before anything is kept."""
    with pytest.raises(UsageError, match=r"cannot be a name: it has U\+"):
        name_person(cast.catalog, cast.anna, name, by="me")

    assert cast.anna.name is None


def test_a_merge_gives_all_faces_to_who_stays(cast: Cast) -> None:
    """The other id answers as the one that stays; nobody is merged with itself."""
    anna, bert = cast.anna, cast.bert
    both = cast.faces_of(anna) | cast.faces_of(bert)

    effect = merge_people(cast.catalog, [bert], anna, by="me")

    assert cast.faces_of(anna) == both
    assert cast.catalog.person(bert.id) == cast.catalog.person(anna.id)
    assert cast.anna.name == "Bert"
    assert set(effect.after.values()) == {anna.id}
    for gone in ([], [cast.anna], [cast.carl, cast.anna]):
        with pytest.raises(UsageError):
            merge_people(cast.catalog, gone, cast.anna, by="me")


def test_of_two_that_are_one_the_named_one_remains(cast: Cast) -> None:
    """Whichever is mentioned first."""
    anna, bert = cast.anna, cast.bert

    same_person(cast.catalog, anna, bert, by="me")

    assert cast.anna == cast.bert == cast.catalog.person(bert.id)
    assert cast.catalog.person(anna.id) == bert


def test_the_later_of_two_that_disagree_counts(cast: Cast) -> None:
    """Different people, then one person, then different again."""
    anna, carl = cast.anna, cast.carl
    different_people(cast.catalog, anna, carl, by="me")

    merge_people(cast.catalog, [carl], anna, by="me")
    assert cast.anna == cast.carl

    take_back(cast.catalog, by="me")
    assert (cast.anna, cast.carl) == (anna, carl)


def test_faces_that_are_split_off_are_one_person(cast: Cast) -> None:
    """Both are the new person; the others stay; all of someone's faces, or others', are refused."""
    anna = cast.anna
    apart = {cast.face("anna-2.png"), cast.face("anna-3.png")}
    before = cast.faces_of(anna)

    into = split_off(cast.catalog, anna, sorted(apart), by="me")

    assert apart <= cast.faces_of(cast.catalog.person(into))
    assert cast.faces_of(anna) == before - cast.faces_of(cast.catalog.person(into))
    for faces in ([], sorted(cast.faces_of(anna)), [cast.face("carl-1.png")]):
        with pytest.raises(UsageError):
            split_off(cast.catalog, cast.catalog.person(anna.id), faces, by="me")
    with pytest.raises(NotFoundError):
        split_off(cast.catalog, anna, [FaceId("no such face")], by="me")


def test_who_is_not_a_person_does_not_come_back(cast: Cast) -> None:
    """Neither by new photos nor when everybody is worked out anew."""
    anna, face = cast.anna, cast.face("anna-1.png")
    not_this_person(cast.catalog, anna, [face], by="me")

    for number in range(4):
        cast.world.draw(f"later-{number}.png", ANNA, gray=30 + number)
    cast.world.add()
    replay(cast.catalog)

    assert face not in cast.faces_of(anna)
    assert {cast.face("anna-2.png"), cast.face("anna-3.png")} <= cast.faces_of(anna)


def test_a_confirmed_face_is_that_person(cast: Cast) -> None:
    """Whoever it seemed to be; it is marked, and nobody else moves."""
    face = cast.face("anna-2.png")

    effect = confirm(cast.catalog, cast.bert, [face], by="me")

    appearance = cast.catalog.appearances_of([face])[face]
    assert (appearance.person_id, appearance.confirmed) == (cast.bert.id, True)
    assert dict(effect.before) == {face: cast.anna.id}
    assert dict(effect.after) == {face: cast.bert.id}


def test_hidden_people_still_gain_faces(cast: Cast) -> None:
    """Hiding is a mark, and shown again they are as before."""
    before = len(cast.faces_of(cast.carl))
    hide_person(cast.catalog, cast.carl, True, by="me")
    cast.world.draw("carl-3.png", CARL, gray=30)
    cast.world.add()

    assert cast.carl.hidden
    assert len(cast.faces_of(cast.carl)) == before + 1

    hide_person(cast.catalog, cast.carl, False, by="me")
    assert not cast.carl.hidden


def test_the_cover_is_the_chosen_face(cast: Cast) -> None:
    """It must be the person's own."""
    face = other_cover(cast)

    choose_cover(cast.catalog, cast.anna, face, by="me")

    assert cast.anna.cover == cast.state().covers[cast.anna.id] == face
    with pytest.raises(UsageError):
        choose_cover(cast.catalog, cast.anna, cast.face("carl-1.png"), by="me")
    with pytest.raises(NotFoundError):
        choose_cover(cast.catalog, cast.anna, FaceId("no such face"), by="me")


def test_nobody_joins_in_a_photo_taken_before_birth(cast: Cast) -> None:
    """One that is taken later joins all the same, and so does one without a date."""
    anna = cast.anna
    set_birth_date(cast.catalog, anna, date(1985, 1, 1), by="me")
    for name, taken in {"early": "1984:06:01 12:00:00", "late": "1986:06:01 12:00:00"}.items():
        cast.world.draw(f"{name}.png", ANNA, gray=len(name))
        date_photo(cast.world, f"{name}.png", taken)
    cast.world.draw("undated.png", ANNA, gray=40)

    cast.world.add()

    assert cast.catalog.person(anna.id).born == date(1985, 1, 1)
    assert cast.face("early.png") not in cast.faces_of(anna)
    assert {cast.face("late.png"), cast.face("undated.png")} <= cast.faces_of(anna)


def test_nobody_stays_in_a_photo_taken_before_birth(cast: Cast) -> None:
    """The face of 1990 leaves who was born in 2000; photos without a date stay."""
    old = cast.face("anna-1.png")
    anna = cast.who("anna-2.png")

    set_birth_date(cast.catalog, anna, date(2000, 1, 1), by="me")

    anna = cast.who("anna-2.png")
    assert anna.born == date(2000, 1, 1)
    assert old not in cast.faces_of(anna)
    assert cast.face("anna-3.png") in cast.faces_of(anna)


def test_a_birth_date_can_be_unknown_again(cast: Cast) -> None:
    """Taken back by a newer decision, not only by an undo."""
    set_birth_date(cast.catalog, cast.carl, date(2000, 1, 1), by="me")

    set_birth_date(cast.catalog, cast.carl, None, by="me")

    assert cast.carl.born is None


@pytest.mark.parametrize("last", [True, False])
def test_the_last_answer_on_consent_counts(cast: Cast, last: bool) -> None:
    """Agreed or refused, whatever was said before."""
    set_consent(cast.catalog, cast.anna, not last, by="me")

    set_consent(cast.catalog, cast.anna, last, by="me")

    assert cast.anna.consent is last


def test_an_answer_on_consent_can_be_unsaid(cast: Cast) -> None:
    """Taken back by a newer decision, not only by an undo."""
    set_consent(cast.catalog, cast.anna, True, by="me")

    set_consent(cast.catalog, cast.anna, None, by="me")

    assert cast.anna.consent is None


def test_a_reset_concerns_one_person_or_all(cast: Cast) -> None:
    """The others keep what was said of them."""
    name_person(cast.catalog, cast.anna, "Anna", by="me")
    hide_person(cast.catalog, cast.anna, True, by="me")

    reset(cast.catalog, cast.anna, by="me")
    assert cast.anna == Person(cast.anna.id)
    assert cast.bert.name == "Bert"

    reset(cast.catalog, None, by="me")
    assert cast.bert.name is None


# -- of faces --------------------------------------------------------------------------------------


def test_what_is_no_face_is_nobodys_until_confirmed(cast: Cast) -> None:
    """A later word takes it for a face again."""
    carl, face = cast.carl, cast.face("carl-2.png")
    not_a_face(cast.catalog, [face], by="me")

    assert cast.state().standings == {face: Standing.NOT_A_FACE}
    assert face not in cast.state().appearances

    confirm(cast.catalog, carl, [face], by="me")
    assert cast.state().standings == {}
    assert cast.faces_of(carl) >= {face}


def test_everyone_without_a_name_in_a_photo_is_a_stranger(cast: Cast) -> None:
    """The named stay; where there is nobody left to set aside, it is refused."""
    strangers(cast.catalog, [cast.photo("both.png")], by="me")

    appearances = cast.state().appearances
    assert cast.state().standings == {cast.face("both.png", 0): Standing.STRANGER}
    assert appearances[cast.face("both.png", 1)].person_id == cast.bert.id
    for photo in ("both.png", "bert-1.png"):
        with pytest.raises(UsageError):
            strangers(cast.catalog, [cast.photo(photo)], by="me")


def test_a_mirror_may_show_someone_twice(cast: Cast) -> None:
    """Who is confirmed once in a photo is not in it twice, unless someone says that it may be."""
    first, second = (cast.face("mirror.png", rank) for rank in (0, 1))
    by_another_photo = PersonRef(cast.anna.id, (cast.anchor("anna-1.png"),))
    decide(cast.catalog, [Confirm((cast.anchor("mirror.png", 1),), by_another_photo)], by="me")
    assert {first, second} & cast.faces_of(cast.anna) == {second}

    repeats(cast.catalog, cast.photo("mirror.png"), True, by="me")
    replay(cast.catalog)
    assert {first, second} <= cast.faces_of(cast.anna)

    repeats(cast.catalog, cast.photo("mirror.png"), False, by="me")
    replay(cast.catalog)
    assert {first, second} & cast.faces_of(cast.anna) == {second}


def test_a_mirror_is_understood_at_once(cast: Cast) -> None:
    """Working everybody out anew changes nothing more."""
    by_another_photo = PersonRef(cast.anna.id, (cast.anchor("anna-1.png"),))
    decide(cast.catalog, [Confirm((cast.anchor("mirror.png", 1),), by_another_photo)], by="me")
    repeats(cast.catalog, cast.photo("mirror.png"), True, by="me")
    said = cast.state()

    replay(cast.catalog)

    assert cast.state() == said


def test_who_is_confirmed_in_a_photo_is_not_also_beside_it(cast: Cast) -> None:
    """Confirming the right face of a photo takes the wrong one away."""
    first, second = (cast.face("mirror.png", rank) for rank in (0, 1))

    confirm(cast.catalog, cast.anna, [second], by="me")

    assert {first, second} & cast.faces_of(cast.anna) == {second}
