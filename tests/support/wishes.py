"""What humans may say of the people in a made-up library, and what comes of it."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st
from worlds import World

from kith.domain.decision import (
    Anchor,
    BirthDate,
    Confirm,
    Consent,
    Cover,
    Decision,
    DifferentPeople,
    Hide,
    Merge,
    MissedFace,
    Name,
    NotAFace,
    NotThisPerson,
    PersonRef,
    Repeats,
    Reset,
    SamePerson,
    Split,
    Statement,
    Strangers,
    Undo,
)
from kith.domain.face import FaceId
from kith.domain.grouping import Seat
from kith.domain.person import PersonId, person_id_apart
from kith.grouping.overlay import Outcome, lay_over

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)

KINDS = (
    "name",
    "merge",
    "split",
    "not this person",
    "confirm",
    "not a face",
    "strangers",
    "missed face",
    "same person",
    "different people",
    "hide",
    "cover",
    "birth date",
    "repeats",
    "consent",
    "reset",
    "reset all",
    "undo",
)


@dataclass(frozen=True)
class Wish:
    """Something to be said, before it is known of whom: numbers that choose from what there is."""

    kind: str
    one: int
    two: int
    three: int


def wishes(kinds: Sequence[str] = KINDS) -> st.SearchStrategy[Wish]:
    """Anything of these kinds."""
    number = st.integers(0, 15)
    return st.builds(Wish, st.sampled_from(kinds), number, number, number)


def ref(world: World, outcome: Outcome, person_id: PersonId, but: Collection[FaceId] = ()):
    """A person as a decision names it; see ``kith.pipeline.decisions.corrections.ref``."""
    own = [each for each in outcome.appearances.values() if each.person_id == person_id]
    best = [each.face_id for each in sorted(own, key=lambda e: (-e.similarity, e.face_id))]
    best = [face_id for face_id in best if face_id not in but]
    seats = [s for steps in world.steps for s in steps if isinstance(s, Seat)]
    core = {seat.face_id for seat in seats if seat.group_id == person_id}
    chosen = ([face_id for face_id in best if face_id in core] or best)[:16]
    return PersonRef(person_id, anchors(world, chosen))


def anchors(world: World, face_ids: Iterable[FaceId]) -> tuple[Anchor, ...]:
    """How decisions name these faces."""
    return tuple(Anchor.of(world.faces[face_id]) for face_id in face_ids)


def statement(
    wish: Wish, world: World, outcome: Outcome, journal: Sequence[Decision]
) -> Statement | None:
    """The wish as a human can utter it who sees this outcome; ``None`` where nobody can."""
    people = sorted(faces_of(outcome))
    match wish.kind:
        case "undo":
            return Undo(journal[wish.one % len(journal)].id) if journal else None
        case "reset all":
            return Reset(None)
        case "repeats":
            photo = world.records[wish.one % len(world.records)].photo
            return Repeats(photo.id, allowed=wish.two % 4 > 0)
        case "not a face" | "strangers" | "missed face":
            return _of_nobody(wish.kind, _any_two(world, wish.one, wish.two))
        case _:
            return _of_people(wish, world, outcome, people) if people else None


def _of_nobody(kind: str, faces: tuple[Anchor, ...]) -> Statement:
    match kind:
        case "not a face":
            return NotAFace(faces)
        case "strangers":
            return Strangers(faces)
        case _:
            # As a hand draws over a face that the machine found: never to the last digit.
            box = faces[0].box
            return MissedFace(replace(faces[0], box=replace(box, width=box.width * 1.01)))


def _any_two(world: World, one: int, two: int) -> tuple[Anchor, ...]:
    every = list(world.faces)
    return anchors(world, dict.fromkeys([every[one % len(every)], every[two % len(every)]]))


def _of_people(
    wish: Wish, world: World, outcome: Outcome, people: Sequence[PersonId]
) -> Statement | None:
    person_id = people[wish.one % len(people)]
    if wish.kind in ("merge", "same person", "different people"):
        return _pair(wish, world, outcome, (person_id, people[wish.two % len(people)]))
    if wish.kind in ("split", "not this person", "confirm", "cover"):
        return _of_faces(wish, world, outcome, person_id)
    return _of_person(wish, ref(world, outcome, person_id))


def _pair(
    wish: Wish, world: World, outcome: Outcome, pair: tuple[PersonId, PersonId]
) -> Statement | None:
    if pair[0] == pair[1]:
        return None
    refs = ref(world, outcome, pair[0]), ref(world, outcome, pair[1])
    kinds = {"merge": Merge, "same person": SamePerson, "different people": DifferentPeople}
    return kinds[wish.kind](*refs)


def _of_faces(wish: Wish, world: World, outcome: Outcome, person_id: PersonId) -> Statement | None:
    own = sorted(f for f, a in outcome.appearances.items() if a.person_id == person_id)
    some = [face_id for bit, face_id in enumerate(own) if (1 + wish.two) >> bit % 4 & 1]
    whole = ref(world, outcome, person_id)
    if wish.kind == "confirm":
        return Confirm(_any_two(world, wish.two, wish.three), whole)
    if wish.kind == "cover":
        return Cover(whole, anchors(world, [own[wish.two % len(own)]])[0])
    if not some or len(some) == len(own):
        return None
    rest = ref(world, outcome, person_id, but=some)
    if wish.kind == "split":
        return Split(anchors(world, some), rest, person_id_apart(PersonId(some[0] + person_id)))
    return NotThisPerson(anchors(world, some), rest)


def _of_person(wish: Wish, person: PersonRef) -> Statement:
    match wish.kind:
        case "name":
            return Name(person, ("Ana", "Ben", "Ana", None)[wish.two % 4])
        case "hide":
            return Hide(person, hidden=wish.two % 3 > 0)
        case "birth date":
            return BirthDate(
                person, date(2020, 1, 1) + timedelta(days=wish.two % 3) if wish.three % 5 else None
            )
        case "consent":
            return Consent(person, (True, False, None)[wish.two % 3])
        case _:
            return Reset(person.person_id)


def decision(number: int, said: Statement) -> Decision:
    """The decision of that number: as many minutes after the first."""
    at = BEGIN + timedelta(minutes=number)
    return Decision(str(uuid.UUID(int=(1 << 64) + number)), at, "ana", said)


def play(world: World, said: Iterable[Wish]) -> list[tuple[list[Decision], Outcome]]:
    """The journal and the outcome before the first wish, and after each that could be uttered."""
    journal: list[Decision] = []
    story = [(journal, lay_over(world.scene(journal)))]
    for wish in said:
        uttered = statement(wish, world, story[-1][1], journal)
        if uttered is not None:
            journal = [*journal, decision(len(journal), uttered)]
            story.append((journal, lay_over(world.scene(journal))))
    return story


def faces_of(outcome: Outcome) -> dict[PersonId, set[FaceId]]:
    """The faces of everyone who has some."""
    faces: dict[PersonId, set[FaceId]] = {}
    for face_id, appearance in outcome.appearances.items():
        faces.setdefault(appearance.person_id, set()).add(face_id)
    return faces


def meant(world: World, said: Iterable[Anchor]) -> set[FaceId]:
    """The faces that these anchors mean, those drawn over a face included."""
    return {
        face.id
        for anchor in said
        for face in world.faces.values()
        if face.photo_id == anchor.photo_id and face.box.overlap(anchor.box) > 0.9
    }
