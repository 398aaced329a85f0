from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from kith.adapters.recognition.memory import DrawnFace, draw_picture
from kith.domain.decision import DifferentPeople, SamePerson, in_force
from kith.domain.errors import NotFoundError, UsageError
from kith.domain.face import Box
from kith.domain.person import Person
from kith.pipeline.decisions import corrections
from kith.pipeline.review import Answer, Question, Review, answer_question, question_json

ANA, OLD_ANA = 30.0, 33.7
"""Hues that are near, but not near enough for the machine: 93 % similar."""

BEN, OLD_BEN = 200.0, 203.7

PLACES = (Box(0.05, 0.1, 0.25, 0.5), Box(0.6, 0.1, 0.22, 0.45))
SMALL = Box(0.4, 0.1, 0.1, 0.12)
"""A weak face: it founds nobody."""


@dataclass(frozen=True, slots=True)
class Room:
    """A library with people in pieces, and a session on it."""

    world: Any
    """The ``World`` of the suite's conftest."""

    def draw(self, name: str, *hues: float, gray: int = 200) -> None:
        """A photo with these faces."""
        faces = [DrawnFace(hue, box) for hue, box in zip(hues, PLACES, strict=False)]
        (self.world.root / name).write_bytes(draw_picture(faces, gray=gray))

    def review(self) -> Review:
        """A new session."""
        return Review(self.world.library, by="me")

    def person(self, name: str) -> Person:
        """Who is alone in this photo."""
        return self.world.library.catalog.person(self.world.person_in(name))

    def files(self, question: Question) -> tuple[set[str], set[str]]:
        """The files of both people that a question is about."""
        groups = self.world.groups()
        sides = (question.one, question.other)
        one, other = (set(groups[side.person.id]) if side.person else set[str]() for side in sides)
        return one, other


@pytest.fixture
def room(world: Any) -> Room:
    """Three photos of Ana and two of her when old; Ben once in each age."""
    room = Room(world)
    for number in range(3):
        room.draw(f"ana{number}.png", ANA, gray=200 + number)
    for number in range(2):
        room.draw(f"old-ana{number}.png", OLD_ANA, gray=210 + number)
    room.draw("ben.png", BEN)
    room.draw("old-ben.png", OLD_BEN)
    world.add()
    return room


def test_what_settles_most_is_asked_first(room: Room) -> None:
    """Of two pairs that are as much alike, the one with more faces goes first."""
    first, second = room.review().next(5)

    assert room.files(first) == (
        {"ana0.png", "ana1.png", "ana2.png"},
        {"old-ana0.png", "old-ana1.png"},
    )
    assert set().union(*room.files(second)) == {"ben.png", "old-ben.png"}
    assert 0.1 <= first.chance <= 1
    assert first.similarity == pytest.approx(86.4, abs=0.5)


def test_yes_unites_whole_groups(room: Room) -> None:
    """Who is one person is one from then on, in the journal, too, and is not asked about again."""
    review = room.review()
    (question,) = review.next()

    review.answer(question, Answer.YES)

    assert room.world.person_in("ana0.png") == room.world.person_in("old-ana1.png")
    assert [type(one.said) for one in _journal(room)] == [SamePerson]
    assert _asked_until_the_end(review) == 1


def test_no_is_never_asked_again(room: Room) -> None:
    """Two that were said to be two people stay so, in every later session."""
    review = room.review()
    (question,) = review.next()

    review.answer(question, Answer.NO)

    assert [type(one.said) for one in _journal(room)] == [DifferentPeople]
    later = room.review()
    assert question.id not in {each.id for each in (*review.next(9), *later.next(9))}


def test_no_holds_for_who_is_united_later(room: Room) -> None:
    """What was said of a person holds for the person that it becomes part of."""
    room.draw("ana-again.png", ANA - 3.7)
    room.world.add()
    review = room.review()
    young, old = room.person("ana0.png"), room.person("old-ana0.png")
    corrections.different_people(room.world.library.catalog, young, old, by="me")

    while questions := review.next():
        assert room.files(questions[0])[1] != {"old-ana0.png", "old-ana1.png"}
        review.answer(questions[0], Answer.YES)

    assert room.world.person_in("ana-again.png") == room.world.person_in("ana0.png")


def test_skipped_questions_come_back_last(room: Room) -> None:
    """Skipping decides nothing; the question returns when no other is left."""
    review = room.review()
    skipped, other = review.next(2)

    review.answer(skipped, Answer.SKIP)

    assert [each.id for each in review.next()] == [other.id]
    review.answer(other, Answer.NO)
    assert [each.id for each in review.next()] == [skipped.id]
    assert len(_journal(room)) == 1


def test_undo_takes_the_last_answer_back_and_asks_again(room: Room) -> None:
    """After undo people are who they were, and the questions are the same as before."""
    review = room.review()
    before, groups = review.next(5), room.world.groups()
    for question in before:
        review.answer(question, Answer.YES)

    undone = [review.undo(), review.undo()]

    assert undone == [before[1], before[0]]
    assert review.undo() is None
    assert room.world.groups() == groups
    assert [each.id for each in review.next()] == [before[0].id]
    assert not _journal(room)
    assert {each.id for each in room.review().next(5)} == {each.id for each in before}


def test_a_no_that_is_undone_is_asked_again(room: Room) -> None:
    """Taking back that two are different makes them a question once more."""
    review = room.review()
    (question,) = review.next()
    review.answer(question, Answer.NO)

    review.undo()
    review.answer(review.next()[0], Answer.YES)

    assert room.world.person_in("ana0.png") == room.world.person_in("old-ana0.png")


def test_who_shares_a_photo_is_not_asked_about(room: Room) -> None:
    """Two faces of one photo are two people, unless a human said that the photo repeats people."""
    room.draw("together.png", ANA, OLD_ANA)
    room.world.add()

    assert _pairs(room) == [{"ben.png", "old-ben.png"}]

    (photo_id,) = (
        one.photo_id
        for one in room.world.library.catalog.places(str(room.world.root / "together.png"))
    )
    corrections.repeats(room.world.library.catalog, photo_id, True, by="me")
    assert len(_pairs(room)) == 2


def test_two_names_are_two_people(room: Room) -> None:
    """Who has another name is not asked about; who has one stands first in a question."""
    catalog = room.world.library.catalog
    corrections.name_person(catalog, room.person("old-ana0.png"), "Ana", by="me")

    first = room.review().next()[0]

    assert first.one.person
    assert first.one.person.name == "Ana"
    corrections.name_person(catalog, room.person("ana0.png"), "Anna", by="me")
    assert _pairs(room) == [{"ben.png", "old-ben.png"}]


def test_hidden_people_are_left_alone(room: Room) -> None:
    """Nobody asks about people who are hidden, or who refused to be recognized."""
    catalog = room.world.library.catalog
    corrections.hide_person(catalog, room.person("ana0.png"), True, by="me")
    corrections.set_consent(catalog, room.person("ben.png"), False, by="me")

    assert not room.review().next(5)


def test_nobody_is_in_photos_from_before_the_birth(room: Room) -> None:
    """A photo that was taken before somebody was born rules that somebody out."""
    _photograph(room.world.root / "dated.jpg", OLD_BEN, "1990:05:01 12:00:00")
    room.world.add()
    catalog = room.world.library.catalog
    assert len(_pairs(room)) == 2

    corrections.set_birth_date(catalog, room.person("ben.png"), date(1995, 1, 1), by="me")

    assert [{"ben.png", "old-ben.png", "dated.jpg"} & pair for pair in _pairs(room)] == [set()]


def test_a_face_of_nobody_is_a_question_too(room: Room) -> None:
    """A weak face that resembles somebody is asked about after the groups; yes makes it theirs."""
    picture = draw_picture([DrawnFace(OLD_ANA + 3, SMALL)], gray=90)
    (room.world.root / "small.png").write_bytes(picture)
    room.world.add()
    review = room.review()
    questions = review.next(9)

    loose = [each for each in questions if each.other.person is None]

    assert loose
    assert questions[0].other.person is not None
    review.answer(loose[0], Answer.YES)
    (whose,) = room.world.library.catalog.appearances_of([loose[0].other.faces[0].id]).values()
    assert loose[0].one.person
    assert whose.person_id == loose[0].one.person.id
    assert whose.confirmed


def test_a_face_that_is_not_somebodys_is_not_asked_again(room: Room) -> None:
    """No to a single face keeps it from this person, and nothing more."""
    picture = draw_picture([DrawnFace(OLD_ANA + 3, SMALL)], gray=90)
    (room.world.root / "small.png").write_bytes(picture)
    room.world.add()
    review = room.review()
    loose = next(each for each in review.next(9) if each.other.person is None)

    review.answer(loose, Answer.NO)

    assert loose.id not in {each.id for each in (*review.next(9), *room.review().next(9))}


def test_what_others_decide_meanwhile_counts(room: Room) -> None:
    """A session sees what was said outside of it before it asks again."""
    review = room.review()
    (before,) = review.next()
    young, old = room.person("ana0.png"), room.person("old-ana0.png")

    corrections.different_people(room.world.library.catalog, young, old, by="somebody else")

    assert before.id not in {each.id for each in review.next(9)}


def test_what_others_decide_while_a_question_is_open_counts(room: Room) -> None:
    """An answer does not hide from the session what somebody else said before it."""
    review = room.review()
    first, second = review.next(2)
    young, old = room.person("ben.png"), room.person("old-ben.png")

    corrections.different_people(room.world.library.catalog, young, old, by="somebody else")
    review.answer(first, Answer.YES)

    assert second.id not in {each.id for each in review.next(9)}


def test_a_session_ends_and_asks_nothing_twice(room: Room, answers: Callable[[], bool]) -> None:
    """Whatever is answered, every pair is asked once at most, and in the end nothing is left."""
    for number in range(14):
        room.draw(f"crowd{number}.png", 90 + 3.3 * number, gray=140 + number)
    room.world.add()
    review = room.review()
    asked: list[str] = []

    while questions := review.next():
        asked.append(questions[0].id)
        review.answer(questions[0], Answer.YES if answers() else Answer.NO)

    assert len(asked) == len(set(asked)) > 5
    assert review.remaining == 0
    assert review.answered == len(asked)


@pytest.fixture(params=["yes", "no", "both in turns"])
def answers(request: pytest.FixtureRequest) -> Callable[[], bool]:
    """Says what is answered next."""
    turns: Iterator[int] = iter(range(1000))
    return lambda: {"yes": True, "no": False}.get(request.param, next(turns) % 2 == 0)


def test_any_session_takes_an_answer_by_its_id(room: Room) -> None:
    """An id means the same two to a program that kept nothing but the id."""
    (question,) = room.review().next()

    effect = answer_question(room.world.library.catalog, question.id, Answer.YES, by="a program")

    assert {one.by for one in effect.decisions} == {"a program"}
    assert room.world.person_in("ana0.png") == room.world.person_in("old-ana0.png")


@pytest.mark.parametrize("wrong", ["", "x", "a+b+c"])
def test_an_id_that_is_none_is_refused(room: Room, wrong: str) -> None:
    """What is no question's id is refused by name."""
    with pytest.raises(UsageError):
        answer_question(room.world.library.catalog, wrong, Answer.NO, by="me")


def test_an_id_of_nobody_is_refused(room: Room) -> None:
    """A question about somebody who is not there cannot be answered."""
    person = room.person("ben.png")

    with pytest.raises(NotFoundError):
        answer_question(room.world.library.catalog, f"{person.id}+nobody", Answer.NO, by="me")
    with pytest.raises(UsageError):
        answer_question(room.world.library.catalog, f"{person.id}+{person.id}", Answer.NO, by="me")


def test_a_question_travels_as_json(room: Room) -> None:
    """The document names both sides, how many they are, and the files with their faces."""
    (question,) = room.review().next()

    document = json.loads(json.dumps(question_json(question, room.world.library.catalog)))

    assert document["id"] == question.id
    assert (document["one"]["face_count"], document["other"]["photo_count"]) == (3, 2)
    places = [path for face in document["other"]["faces"] for path in face["places"]]
    assert {Path(path).name for path in places} == {"old-ana0.png", "old-ana1.png"}


def _journal(room: Room) -> list[Any]:
    return in_force(list(room.world.library.catalog.decisions()))


def _pairs(room: Room) -> list[set[str]]:
    return [set().union(*room.files(each)) for each in room.review().next(9)]


def _asked_until_the_end(review: Review) -> int:
    count = 0
    while questions := review.next():
        review.answer(questions[0], Answer.NO)
        count += 1
    return count


def _photograph(path: Path, hue: float, when: str) -> None:
    """A JPEG with the day on which it was taken."""
    picture = Image.open(io.BytesIO(draw_picture([DrawnFace(hue, PLACES[0])]))).convert("RGB")
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = when
    picture.save(path, "JPEG", quality=98, subsampling=0, exif=exif)
