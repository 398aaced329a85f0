"""What every adapter of the port ``Catalog`` promises of erasing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from catalog_records import (
    a_naming,
    a_record,
    everything,
    founding,
    group_of,
    person_of,
    say,
    seats,
    store,
)

from kith.domain.decision import Name
from kith.domain.errors import NotFoundError, StaleError
from kith.domain.grouping import Seat
from kith.domain.person import PeopleChange
from kith.ports.catalog import Catalog


def test_erased_faces_are_nowhere(catalog: Catalog) -> None:
    """They have no seat, no appearance, no standing, and support nobody."""
    one, two = a_record("one", faces=2), a_record("two", faces=1)
    gone, stays, other = *one.faces, two.faces[0]
    store(catalog, [one, two], seats(gone, other, stays), founding(gone, other, stays))

    catalog.erase([gone.id], [], {}, catalog.edition())

    assert [face.id for face in catalog.faces()] == [stays.id, other.id]
    assert catalog.faces_by_id([gone.id]) == {}
    assert catalog.groups_of([gone.id]) == {}
    assert catalog.appearances_of([gone.id]) == {}
    assert gone.id not in repr(everything(catalog))
    assert [seat.support for seat in catalog.steps() if isinstance(seat, Seat)] == [(), (other.id,)]
    assert list(catalog.photos()) == [one.photo, two.photo]


def test_erased_people_are_not_even_a_name(catalog: Catalog) -> None:
    """Nor is anybody known who had become part of them; others are as they were."""
    one, two, three = (a_record(name, faces=1) for name in ("one", "two", "three"))
    faces = [record.faces[0] for record in (one, two, three)]
    ann, bob, cat = map(person_of, faces)
    store(catalog, [one, two, three], (), founding(*faces))
    named = replace(catalog.person(ann), name="Ann the Erased")
    say(catalog, change=PeopleChange(people=(named,), became=((bob, ann),)))

    catalog.erase([faces[0].id, faces[1].id], [ann], {}, catalog.edition())

    for person_id in (ann, bob):
        with pytest.raises(NotFoundError):
            catalog.person(person_id)
    assert [each.person.id for each in catalog.people()] == [cat]
    assert "Erased" not in repr(everything(catalog))


def test_entries_of_the_journal_go_or_say_something_else(catalog: Catalog) -> None:
    """They keep their place, and are found by what they mention now, no longer by what they did."""
    one, two = a_record("one", faces=1), a_record("two", faces=1)
    ann, bob = person_of(one.faces[0]), person_of(two.faces[0])
    first, second, third = (
        a_naming(ann, "Ann", one.photo.id),
        a_naming(ann, "Anna", one.photo.id),
        a_naming(bob, "Bob", two.photo.id),
    )
    say(catalog, first, second, third)
    changed = replace(second, said=a_naming(bob, "Robert", two.photo.id).said)

    catalog.erase([], [], {first.id: None, second.id: changed}, catalog.edition())

    assert list(catalog.decisions()) == [changed, third]
    assert list(catalog.decisions([one.photo.id, ann])) == []
    assert list(catalog.decisions([bob])) == [changed, third]
    names = [each.said.name for each in catalog.decisions() if isinstance(each.said, Name)]
    assert names == ["Robert", "Bob"]


def test_erasing_grows_the_edition_and_refuses_an_old_one(catalog: Catalog) -> None:
    """What was worked out from an older state erases nothing."""
    one = a_record("one", faces=1)
    store(catalog, [one], seats(one.faces[0]), founding(one.faces[0]))
    before, edition = everything(catalog), catalog.edition()

    with pytest.raises(StaleError):
        catalog.erase([one.faces[0].id], [], {}, edition - 1)

    assert everything(catalog) == before
    catalog.erase([one.faces[0].id], [], {}, edition)
    assert catalog.edition() > edition


def test_erasing_what_is_not_there_changes_nothing(catalog: Catalog) -> None:
    """It may be repeated."""
    one = a_record("one", faces=1)
    face = one.faces[0]
    store(catalog, [one], seats(face), founding(face))
    decision = a_naming(person_of(face), "Ann", one.photo.id)
    say(catalog, decision)
    for _ in range(2):
        catalog.erase([face.id], [person_of(face)], {decision.id: None}, catalog.edition())

    assert list(catalog.faces()) == list(catalog.decisions()) == []
    assert not any(catalog.group_faces([group_of(face)]).values())
