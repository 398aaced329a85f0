"""Decisions laid over groups, case by case; see ``test_overlay_laws`` for what always holds."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from wishes import anchors, decision, faces_of, ref
from worlds import World, a_world

from kith.domain.decision import (
    BirthDate,
    Confirm,
    Hide,
    Merge,
    Name,
    NotAFace,
    NotThisPerson,
    PersonRef,
    Repeats,
    SamePerson,
    Split,
    Statement,
    Strangers,
    Undo,
)
from kith.domain.face import FaceId
from kith.domain.grouping import Reunion, group_id_of
from kith.domain.person import PersonId, person_id_apart
from kith.grouping.overlay import Outcome, lay_over


class Table:
    """A world, and what is said of it one after the other."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.faces = list(world.faces)
        self._journal: list[Statement] = []

    def say(self, *said: Statement) -> Outcome:
        """Say this, too."""
        self._journal += said
        return self.now()

    def now(self, photos: int | None = None) -> Outcome:
        """Who is who, as soon as so many photos are there."""
        world = World(self.world.records[:photos], self.world.steps[:photos])
        return lay_over(world.scene([decision(n, said) for n, said in enumerate(self._journal)]))

    def who(self, face: int) -> PersonId:
        """Whose that face is now."""
        return self.now().appearances[self.faces[face]].person_id

    def ref(self, person_id: PersonId, *but: int, photos: int | None = None):
        """A person as decisions name it, seen when there were so many photos."""
        return ref(self.world, self.now(photos), person_id, {self.faces[n] for n in but})

    def these(self, *faces: int):
        """Faces as decisions name them."""
        return anchors(self.world, [self.faces[n] for n in faces])

    def ids(self, *faces: int) -> set[FaceId]:
        """The ids of these faces."""
        return {self.faces[n] for n in faces}


def test_a_name_given_to_one_face_stays_when_that_face_goes() -> None:
    """The person was named by its only face; others have joined since, and they keep the name."""
    table = Table(a_world([[0], [0], [0]]))
    ana = table.who(0)
    table.say(Name(table.ref(ana, photos=1), "Ana"))

    outcome = table.say(NotAFace(table.these(0)))

    assert faces_of(outcome)[ana] == table.ids(1, 2)
    assert outcome.people[ana].name == "Ana"


def test_who_was_taken_out_can_be_named() -> None:
    """A face that is not this person is somebody, who can be given a name like anybody else."""
    table = Table(a_world([[0], [0], [0]]))
    ana = table.who(0)
    table.say(NotThisPerson(table.these(1), table.ref(ana, 1)))
    apart = table.who(1)

    outcome = table.say(Name(table.ref(apart), "Ben"))

    assert apart != ana
    assert outcome.people[apart].name == "Ben"
    assert outcome.people[ana].name is None


def test_a_merged_person_keeps_its_name_without_its_first_faces() -> None:
    """Who was merged into somebody named is that somebody, though the named face goes elsewhere."""
    table = Table(a_world([[0], [1], [2]]))
    ana, other, ben = table.who(0), table.who(1), table.who(2)
    table.say(Name(table.ref(ana), "Ana"), SamePerson(table.ref(ana), table.ref(other)))

    outcome = table.say(Confirm(table.these(0), table.ref(ben)))

    assert faces_of(outcome) == {ana: table.ids(1), ben: table.ids(0, 2)}
    assert outcome.people[ana].name == "Ana"


def test_nobody_gets_an_id_that_is_taken() -> None:
    """A person that was split off keeps its id; its first face, taken out again, gets another."""
    table = Table(a_world([[0], [0], [0], [0]]))
    ana = table.who(0)
    into = person_id_apart(table.faces[0])
    table.say(Split(table.these(0, 1), table.ref(ana, 0, 1), into))

    outcome = table.say(NotThisPerson(table.these(0), table.ref(into, 0)))

    assert faces_of(outcome)[into] == table.ids(1)
    assert len(outcome.people) == 3
    assert table.who(0) not in (into, ana)


def test_what_was_set_aside_is_nobody_though_a_newer_decision_was_anchored_to_it() -> None:
    """A face is no face, and yet the anchor of a person: only other faces are that person's."""
    table = Table(a_world([[0], [1]]))
    ana = table.who(0)
    table.say(NotAFace(table.these(0)))
    table.say(Undo(decision(0, NotAFace(())).id))
    table.say(Confirm(table.these(1), table.ref(ana)))

    outcome = table.say(Undo(decision(1, NotAFace(())).id))

    assert table.faces[0] not in outcome.appearances
    assert faces_of(outcome) == {ana: table.ids(1)}


def test_a_face_that_was_moved_takes_nobody_along() -> None:
    """Those that were grouped because of it stay with the others of the group."""
    table = Table(a_world([[0], [0], [0], [1]]))
    ana, ben = table.who(0), table.who(3)

    outcome = table.say(Confirm(table.these(0), table.ref(ben)))

    assert faces_of(outcome) == {ana: table.ids(1, 2), ben: table.ids(0, 3)}


def test_most_that_spoke_for_a_face_take_it_along() -> None:
    """Where three of four of a group are confirmed as another, who comes later is that other."""
    table = Table(a_world([[0], [0], [0], [0], [1], [0]]))
    ana, ben = table.who(0), table.who(4)

    outcome = table.say(Confirm(table.these(1, 2, 3), table.ref(ben)))

    assert faces_of(outcome) == {ana: table.ids(0), ben: table.ids(1, 2, 3, 4, 5)}


def test_a_group_that_was_divided_grows_in_both_parts() -> None:
    """A new face belongs to the part that most of its support is in."""
    table = Table(a_world([[0], [0], [0], [0]]))
    ana = table.who(0)
    into = person_id_apart(table.faces[1])

    outcome = table.say(Split(table.these(1, 2), table.ref(ana, 1, 2), into))

    assert faces_of(outcome)[into] >= table.ids(1, 2)
    assert faces_of(outcome)[ana] >= table.ids(0)
    assert table.who(3) in (into, ana)


def test_repeats_let_one_person_be_twice_in_a_photo() -> None:
    """Two people who are seen together are one only where a human allows or says it."""
    table = Table(a_world([[0, 1], [0], [1]]))
    one, other = table.who(0), table.who(1)
    photo_id = table.world.records[0].photo.id

    table.say(Repeats(photo_id, allowed=True))
    assert table.who(0) != table.who(1)
    outcome = table.say(Merge(table.ref(other), table.ref(one)))

    assert faces_of(outcome) == {one: table.ids(0, 1, 2, 3)}
    assert outcome.became[other] == one


def test_a_birth_date_keeps_older_photos_out() -> None:
    """Of the same group, photos from before the birth are somebody else's, unless confirmed."""
    table = Table(a_world([[0], [0], [0]], days=[5, 5, 0]))
    ana = table.who(0)
    born = date(2020, 1, 1) + timedelta(days=3)
    table.say(BirthDate(table.ref(ana, 2), born))
    assert table.who(2) != ana

    outcome = table.say(Confirm(table.these(2), table.ref(ana, 2)))

    assert faces_of(outcome) == {ana: table.ids(0, 1, 2)}


def test_the_one_that_stays_gives_id_and_name() -> None:
    """Of two named people that are merged, one name remains; undoing brings both back."""
    table = Table(a_world([[0], [1]]))
    ana, ben = table.who(0), table.who(1)
    table.say(Name(table.ref(ana), "Ana"), Name(table.ref(ben), "Ben"))

    merged = table.say(Merge(table.ref(ana), table.ref(ben)))
    apart = table.say(Undo(decision(2, NotAFace(())).id))

    assert {person.id: person.name for person in merged.people.values()} == {ben: "Ben"}
    assert {person.id: person.name for person in apart.people.values()} == {ana: "Ana", ben: "Ben"}


def test_strangers_are_nobody_until_that_is_undone() -> None:
    """They lose their person, and get the same one back."""
    table = Table(a_world([[0, 1], [0]]))
    before = table.now()

    aside = table.say(Strangers(table.these(1)))
    back = table.say(Undo(decision(0, NotAFace(())).id))

    assert aside.standings.keys() == table.ids(1)
    assert aside.appearances.keys() == table.ids(0, 2)
    assert back == before


def test_a_photo_that_is_not_there_yet_waits_for_its_decision() -> None:
    """Decisions on faces that are unknown have no effect, and get it when the faces arrive."""
    table = Table(a_world([[0], [1], [0]]))
    ben = table.who(1)

    table.say(Confirm(table.these(2), table.ref(ben)))

    assert faces_of(table.now(photos=2)) == faces_of(lay_over(table.world.scene())) | {
        table.who(0): table.ids(0)
    }
    assert table.who(2) == ben


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        ((), (), True),
        ((Name, "Ana"), (), True),
        ((Name, "Ana"), (Name, "Ana"), True),
        ((Name, "Ana"), (Name, "Ben"), False),
        ((Hide, True), (), True),
        ((Hide, True), (Name, "Ana"), False),
    ],
)
def test_the_machine_unites_no_two_whom_a_human_told_apart(
    one: tuple[Any, ...], other: tuple[Any, ...], together: bool
) -> None:
    """Two groups prove to be one person: not if they have two names, or one is hidden."""
    world = a_world([[0], [1], [0]])
    first, second, _ = world.faces
    proved = Reunion(group_id_of(second), group_id_of(first), ((second, first),))
    table = Table(World(world.records, (*world.steps[:2], (*world.steps[2], proved))))
    people = [PersonId(group_id_of(face_id)) for face_id in (first, second)]
    for person_id, said in zip(people, (one, other), strict=True):
        if said:
            table.say(said[0](table.ref(person_id, photos=2), said[1]))

    assert (table.who(0) == table.who(1)) is together
    if one and not (other and together):
        assert table.who(0) == people[0]
    if other and not together:
        assert table.who(1) == people[1]


def test_of_two_groups_the_one_a_human_named_gives_the_id() -> None:
    """The larger group stays, but under the id of the smaller one, which has a name."""
    world = a_world([[0], [1], [0]])
    first, second, _ = world.faces
    proved = Reunion(group_id_of(second), group_id_of(first), ((second, first),))
    table = Table(World(world.records, (*world.steps[:2], (*world.steps[2], proved))))
    ben, other = PersonId(group_id_of(second)), PersonId(group_id_of(first))

    outcome = table.say(Name(table.ref(ben, photos=2), "Ben"))

    assert faces_of(outcome) == {ben: set(world.faces)}
    assert outcome.became[other] == ben


def test_the_machine_shows_nobody_twice_in_a_photo() -> None:
    """It unites no two groups, one of which a human tied to somebody in the other one's photo."""
    world = a_world([[0, 1], [2], [0]])
    first, second, third, _ = world.faces
    proved = Reunion(group_id_of(third), group_id_of(first), ((third, first),))
    table = Table(World(world.records, (*world.steps[:2], (*world.steps[2], proved))))
    one, other = PersonId(group_id_of(second)), PersonId(group_id_of(third))

    table.say(SamePerson(table.ref(one, photos=2), table.ref(other, photos=2)))

    assert table.who(2) == table.who(1) == one
    assert table.who(0) == table.who(3) == group_id_of(first)


def test_a_birth_date_after_every_photo_loses_nobody() -> None:
    """Whoever made a slip finds the person under its name and id, and the wrong date with it."""
    table = Table(a_world([[0], [0]], days=[1, 2]))
    ana = table.who(0)
    table.say(Name(table.ref(ana), "Ana"))

    outcome = table.say(BirthDate(table.ref(ana), date(2030, 1, 1)))

    assert outcome.people[ana].name == "Ana"
    assert outcome.people[ana].born == date(2030, 1, 1)
    assert faces_of(outcome) == {ana: table.ids(0, 1)}


def test_the_id_of_somebody_who_was_merged_stays_with_the_merged() -> None:
    """A face that stands apart from the group of that id does not get it: it leads elsewhere."""
    table = Table(a_world([[0, 1], [2], [3]]))
    one, two = table.who(0), table.who(2)
    table.say(Confirm(table.these(1, 3), table.ref(one)))

    outcome = table.say(SamePerson(table.ref(two), table.ref(one)))

    assert outcome.became[one] == two
    assert faces_of(outcome)[two] == table.ids(1, 2, 3)
    assert one not in outcome.people


def test_who_was_merged_stays_when_the_face_it_was_merged_by_goes() -> None:
    """The person is known by another face by then, and the one who was merged stays with it."""
    table = Table(a_world([[0], [1], [2]]))
    one, two = table.who(0), table.who(1)
    table.say(Confirm(table.these(2), table.ref(one)))
    table.say(SamePerson(table.ref(one, 2), table.ref(two)))

    outcome = table.say(Strangers(table.these(0)))

    assert faces_of(outcome) == {one: table.ids(1, 2)}


def test_those_who_are_left_in_a_split_do_not_follow_those_who_go() -> None:
    """Most of the faces that spoke for the last one go; who split them off saw that it stays."""
    table = Table(a_world([[0]] * 6))
    ana = table.who(0)
    into = PersonId("00000000-0000-4000-8000-000000000000")

    outcome = table.say(Split(table.these(0, 1, 2, 3), table.ref(ana, 0, 1, 2, 3), into))

    assert faces_of(outcome) == {into: table.ids(0, 1, 2, 3), ana: table.ids(4, 5)}


def test_what_was_said_of_a_person_by_different_faces_describes_it_whole() -> None:
    """A name by one face, a birth date by another: the id that both have is enough."""
    table = Table(a_world([[0], [1]]))
    one, two = table.who(0), table.who(1)
    table.say(Name(table.ref(one), "Ana"))

    outcome = table.say(Hide(PersonRef(one, table.these(1)), hidden=True))

    assert outcome.people[one].name == "Ana"
    assert outcome.people[one].hidden
    assert faces_of(outcome) == {one: table.ids(1), person_id_apart(table.faces[0]): table.ids(0)}
    assert two not in outcome.people
