"""What every adapter of the port ``Catalog`` promises of groups, and how they came to be."""

from __future__ import annotations

from dataclasses import replace

import pytest
from catalog_records import (
    a_record,
    an_unknown_face,
    everything,
    founding,
    group_of,
    person_of,
    regroup,
    seats,
    store,
)

from kith.domain.grouping import GroupId, Reunion, Seat
from kith.domain.person import PeopleChange, PersonId
from kith.ports.catalog import Catalog

UNKNOWN = GroupId("0e3b1ad5-0c0e-4f5a-9a57-4b1b0b1ab7a1")


def test_steps_are_read_as_they_were_taken(catalog: Catalog) -> None:
    """Seats and reunions come back equal and in their order, from several calls, too."""
    first, second = a_record("a", faces=3), a_record("b", faces=3)
    steps = [*seats(*first.faces), *seats(*second.faces)]
    pair = (second.faces[0].id, first.faces[2].id)
    reunion = Reunion(group_of(second.faces[0]), group_of(first.faces[0]), (pair,))

    store(catalog, [first], steps[:3])
    store(catalog, [second], [*steps[3:], reunion])

    assert list(catalog.steps()) == [*steps, reunion]


@pytest.mark.many
def test_many_steps_are_read_in_pages(catalog: Catalog) -> None:
    """However many there are, every step is read once and in order."""
    records = [a_record(f"{number}", faces=5) for number in range(900)]
    steps = [seat for record in records for seat in seats(*record.faces)]

    store(catalog, records, steps)

    assert list(catalog.steps()) == steps


def test_a_face_keeps_its_seat(catalog: Catalog) -> None:
    """A second seat of a face is left out, and so is the seat of a face that is not known."""
    record = a_record("a", faces=2)
    kept = seats(*record.faces)
    late = Seat(record.faces[1].id, group_of(record.faces[1]), 100.0)
    stray = Seat(an_unknown_face(), UNKNOWN, 100.0)

    store(catalog, [record], [*kept, late, stray])
    store(catalog, [], [late, stray])

    assert list(catalog.steps()) == kept
    assert catalog.current_groups([late.group_id, UNKNOWN]) == {}


def test_groups_that_are_one_are_reunited_once(catalog: Catalog) -> None:
    """The same steps again, or a reunion of what is one already, change nothing."""
    records = [a_record(name, faces=1) for name in "abc"]
    one, two, three = (group_of(record.faces[0]) for record in records)
    steps = [*(seats(*record.faces)[0] for record in records), Reunion(one, two)]
    steps.append(Reunion(two, three))
    store(catalog, records, steps)
    once = everything(catalog)

    store(catalog, records, steps)
    store(catalog, [], [Reunion(three, one), Reunion(one, one)])

    assert everything(catalog) == once


def test_a_group_is_what_it_became_part_of(catalog: Catalog) -> None:
    """Reunions are followed, chains and reunions of what is a part already, too."""
    records = [a_record(name, faces=2) for name in "abcd"]
    one, two, three, four = ids = [group_of(record.faces[0]) for record in records]
    every = [face.id for record in records for face in record.faces]
    store(catalog, records, [seat for record in records for seat in seats(*record.faces)])

    store(catalog, [], [Reunion(one, two), Reunion(two, three)])
    assert catalog.current_groups([*ids, UNKNOWN]) == {
        one: three,
        two: three,
        three: three,
        four: four,
    }

    store(catalog, [], [Reunion(one, four)])
    assert catalog.current_groups(ids) == dict.fromkeys(ids, four)
    assert catalog.groups_of([*every, an_unknown_face()]) == dict.fromkeys(every, four)
    found = dict(catalog.group_faces([*ids, UNKNOWN]))
    assert sorted(found.pop(four)) == sorted(every)
    assert {group_id: list(faces) for group_id, faces in found.items()} == {
        one: [],
        two: [],
        three: [],
        UNKNOWN: [],
    }


def test_the_steps_of_a_group_are_those_of_its_parts(catalog: Catalog) -> None:
    """All that led to a group is among its steps, in order, and nothing of other groups."""
    records = [a_record(name, faces=2) for name in "abc"]
    one, two, three = (group_of(record.faces[0]) for record in records)
    steps = [seat for record in records for seat in seats(*record.faces)]
    later = [a_record("later", faces=1)]
    late = Seat(later[0].faces[0].id, one, 90.0, (records[0].faces[0].id,))
    store(catalog, records, [*steps, Reunion(one, three)])
    store(catalog, later, [late])

    assert list(catalog.steps([three])) == [*steps[:2], *steps[4:], Reunion(one, three), late]
    assert list(catalog.steps([two, UNKNOWN])) == steps[2:4]
    assert list(catalog.steps([two, three])) == list(catalog.steps())
    assert list(catalog.steps([one])) == []


def test_what_is_forgotten_supports_nobody(catalog: Catalog) -> None:
    """The seats of forgotten faces are gone, and these faces are not among any support."""
    records = [a_record(name, faces=1) for name in "abc"]
    first, second, third = (record.faces[0] for record in records)
    group_id, other = group_of(first), group_of(third)
    steps = [
        Seat(first.id, group_id, 100.0),
        Seat(second.id, group_id, 93.0, (first.id,)),
        Seat(third.id, other, 100.0),
        Reunion(other, group_id, ((third.id, first.id), (third.id, second.id))),
    ]
    store(catalog, records, steps)

    catalog.remove_photos([records[0].photo.id])

    left = [
        Seat(second.id, group_id, 93.0),
        Seat(third.id, other, 100.0),
        Reunion(other, group_id, ((third.id, second.id),)),
    ]
    assert list(catalog.steps()) == list(catalog.steps([group_id])) == left
    assert set(catalog.group_faces([group_id])[group_id]) == {second.id, third.id}


def test_regrouping_replaces_all_steps(catalog: Catalog) -> None:
    """Groups, reunions and homes of before are gone; without steps they stay."""
    record = a_record("a", faces=2)
    first, second = record.faces
    one, two = group_of(first), group_of(second)
    old = [Seat(first.id, one, 100.0), Seat(second.id, two, 100.0), Reunion(one, two)]
    change = replace(founding(second), homes=((two, person_of(second)),))
    store(catalog, [record], old, change)

    regroup(catalog, founding(first))
    assert list(catalog.steps()) == old
    assert catalog.homes([two]) == {two: person_of(second)}

    new = [Seat(second.id, two, 100.0), Seat(first.id, two, 91.0, (second.id,))]
    regroup(catalog, steps=new)
    assert list(catalog.steps()) == new
    assert catalog.current_groups([one, two]) == {two: two}
    assert catalog.homes([two]) == {}


def test_the_home_of_a_group_is_as_said_last(catalog: Catalog) -> None:
    """A home can be given and taken; what is part of another group, or unknown, has none."""
    record = a_record("a", faces=3)
    one, two, three = (group_of(face) for face in record.faces)
    first, second, _ = people = [person_of(face) for face in record.faces]
    store(catalog, [record], [Seat(face.id, group_of(face), 100.0) for face in record.faces])
    homes = (*zip((one, two, three), people, strict=True), (UNKNOWN, first))

    regroup(catalog, PeopleChange(homes=homes))
    assert catalog.homes([one, two, three, UNKNOWN]) == dict(homes[:3])

    regroup(catalog, PeopleChange(homes=((one, second), (two, None))))
    store(catalog, [], [Reunion(three, two)])
    assert catalog.homes([one, two, three]) == {one: second}


def test_homes_follow_who_somebody_became(catalog: Catalog) -> None:
    """The group of a person who was merged away is that of who it became, said before or after."""
    record = a_record("a", faces=2)
    one, two = (group_of(face) for face in record.faces)
    store(catalog, [record], [Seat(face.id, group_of(face), 100.0) for face in record.faces])
    gone, stays = PersonId("gone"), PersonId("stays")

    regroup(catalog, PeopleChange(homes=((one, gone),)))
    regroup(catalog, PeopleChange(became=((gone, stays),), homes=((two, gone),)))

    assert catalog.homes([one, two]) == {one: stays, two: stays}
