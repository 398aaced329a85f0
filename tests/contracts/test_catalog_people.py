"""What every adapter of the port ``Catalog`` promises of people and whose each face is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from catalog_records import (
    a_naming,
    a_record,
    an_unknown_face,
    everything,
    founding,
    group_of,
    person_of,
    regroup,
    say,
    seats,
    store,
)

from kith.domain.errors import NotFoundError
from kith.domain.person import Appearance, PeopleChange, Person, PersonId, Standing
from kith.ports.catalog import Catalog, Counts

# -- people ----------------------------------------------------------------------------------------


def test_people_are_listed_named_first_then_by_photos(catalog: Catalog) -> None:
    """The named come first, then those in more photos, then the smaller id; covers are the best."""
    records = [a_record(f"{number}", faces=3) for number in range(3)]
    often, once, named = (person_of(face) for face in records[0].faces)
    change = founding(*records[0].faces)
    more = [Appearance(record.faces[0].id, often, 90.0) for record in records[1:]]
    store(catalog, records, [], replace(change, appearances=(*change.appearances, *more)))
    regroup(catalog, PeopleChange(people=(Person(named, "Ann"),)))

    people = catalog.people()

    assert [each.person for each in people] == [Person(named, "Ann"), Person(often), Person(once)]
    assert [(each.photo_count, each.face_count) for each in people] == [(1, 1), (3, 3), (1, 1)]
    assert people[1].cover == min(record.faces[0].id for record in records)


def test_all_that_is_said_of_a_person_is_kept(catalog: Catalog) -> None:
    """A person is as the last change described it, hidden and consent taken back included."""
    record = a_record("a", faces=1)
    store(catalog, [record], [], founding(*record.faces))
    face_id, who = record.faces[0].id, person_of(record.faces[0])
    full = Person(who, "A\x00nn\udc80\x1a", True, date(1990, 2, 28), face_id, consent=False)

    for person in (full, replace(full, consent=True), Person(who)):
        regroup(catalog, PeopleChange(people=(person,)))

        assert catalog.person(who) == person
        assert [each.person for each in catalog.people()] == [person]


def test_a_person_may_be_described_before_it_appears(catalog: Catalog) -> None:
    """Who is described is known, but listed only with an appearance."""
    person = Person(PersonId("8a6e0804-2bd0-4672-b79d-d97027f9071a"), "Ann")

    regroup(catalog, PeopleChange(people=(person,)))

    assert catalog.person(person.id) == person
    assert catalog.people() == []
    assert catalog.counts().named_people == 0


def test_the_chosen_cover_is_shown_while_it_is_the_persons(catalog: Catalog) -> None:
    """A human's choice outranks quality, until that face is somebody else's or gone."""
    first, second = a_record("a", faces=2), a_record("b", faces=1)
    faces = sorted((first.faces[0], second.faces[0]), key=lambda face: face.id)
    who, other = person_of(faces[0]), person_of(first.faces[1])
    chosen = Person(who, cover=faces[1].id)
    change = replace(founding(faces[0], first.faces[1]), people=(chosen,))
    moved = Appearance(faces[1].id, who, 90.0)
    store(catalog, [first, second], [], replace(change, appearances=(*change.appearances, moved)))
    assert _covers(catalog)[who] == faces[1].id

    regroup(catalog, PeopleChange(appearances=(replace(moved, person_id=other),)))
    assert _covers(catalog)[who] == faces[0].id
    assert catalog.person(who).cover == faces[1].id


def test_a_person_who_was_merged_away_answers_as_who_it_became(catalog: Catalog) -> None:
    """Merges are followed, chains of them, too; what was known of who is gone is not carried on."""
    record = a_record("a", faces=4)
    first, second, third, named = (person_of(face) for face in record.faces)
    store(catalog, [record], [], founding(*record.faces))
    regroup(catalog, PeopleChange(people=(Person(first, "Ann"), Person(named, "Bob"))))

    regroup(catalog, PeopleChange(became=((first, second),)))
    regroup(catalog, PeopleChange(became=((second, third),)))
    assert catalog.person(first) == Person(third)

    merged = PeopleChange(became=((third, named), (first, second)))
    regroup(catalog, merged)
    regroup(catalog, merged)
    assert catalog.person(first) == catalog.person(second) == Person(named, "Bob")
    assert {each.face_id for each in catalog.appearances([named])} == {
        face.id for face in record.faces
    }
    assert list(catalog.appearances([first, second, third])) == []


def test_an_id_that_nobody_had_may_become_somebody(catalog: Catalog) -> None:
    """An unknown id is kept as one by which the person is known."""
    record = a_record("a", faces=1)
    who = person_of(record.faces[0])
    store(catalog, [record], [], founding(*record.faces))

    regroup(catalog, PeopleChange(became=((PersonId("long-ago"), who),)))

    assert catalog.person(PersonId("long-ago")) == Person(who)
    assert catalog.counts().people == 1


def test_nobody_becomes_part_of_who_is_part_of_it(catalog: Catalog) -> None:
    """A merge back, or with oneself, leaves both as they are."""
    record = a_record("a", faces=2)
    first, second = (person_of(face) for face in record.faces)
    store(catalog, [record], [], founding(*record.faces))
    regroup(catalog, PeopleChange(became=((first, second),)))
    once = everything(catalog)

    regroup(catalog, PeopleChange(became=((second, first), (second, second))))

    assert everything(catalog) == once
    assert catalog.person(first) == catalog.person(second) == Person(second)


def test_who_is_described_is_part_of_nobody(catalog: Catalog) -> None:
    """A person that was merged away is founded anew, and others stay where they are."""
    record = a_record("a", faces=3)
    first, second, third = (person_of(face) for face in record.faces)
    store(catalog, [record], [], founding(*record.faces))
    regroup(catalog, PeopleChange(became=((first, second), (second, third))))
    back = Appearance(record.faces[1].id, second, 88.0, confirmed=True)

    regroup(catalog, PeopleChange(people=(Person(second, "Ann"),), appearances=(back,)))

    assert catalog.person(second) == Person(second, "Ann")
    assert catalog.person(first) == Person(third)
    assert list(catalog.appearances([second])) == [back]


def test_a_change_is_applied_in_the_order_of_its_attributes(catalog: Catalog) -> None:
    """What is attributed to who then goes moves along; what became nobody's before stays so."""
    record = a_record("a", faces=3)
    first, second, _ = (person_of(face) for face in record.faces)
    store(catalog, [record])
    change = replace(
        founding(*record.faces[:2]), nobody=(record.faces[1].id,), became=((first, second),)
    )

    regroup(catalog, change)

    assert catalog.appearances_of([face.id for face in record.faces]) == {
        record.faces[0].id: Appearance(record.faces[0].id, second, 100.0)
    }


def test_whom_only_a_merged_person_held_is_forgotten_with_it(catalog: Catalog) -> None:
    """The ids of those merged into a person go when that person goes."""
    record = a_record("a", faces=2)
    gone, stays = (person_of(face) for face in record.faces)
    change = replace(founding(*record.faces), became=((gone, stays),))
    store(catalog, [record], seats(*record.faces), change)
    regroup(catalog, PeopleChange(homes=((group_of(record.faces[0]), gone),)))

    catalog.remove_photos([record.photo.id])

    with pytest.raises(NotFoundError):
        catalog.person(gone)
    assert catalog.homes([group_of(record.faces[0])]) == {}
    assert catalog.counts() == Counts(0, 0, 0, 0, 0, 0, 0)


# -- appearances and standings ---------------------------------------------------------------------


def test_a_face_belongs_to_one_person(catalog: Catalog) -> None:
    """A face that is attributed anew moves to the new person, with the new similarity."""
    record = a_record("a", faces=2)
    first, second = record.faces
    store(catalog, [record], [], founding(first, second))
    moved = Appearance(second.id, person_of(first), 91.5, confirmed=True)

    regroup(catalog, PeopleChange(appearances=(moved,)))

    assert catalog.appearances_of([first.id, second.id]) == {
        first.id: Appearance(first.id, person_of(first), 100.0),
        second.id: moved,
    }
    assert list(catalog.appearances())[-1] == moved
    assert [each.face_count for each in catalog.people()] == [2]


def test_a_face_can_be_nobodys_again(catalog: Catalog) -> None:
    """Whom nobody's faces belonged to stays known, and is no longer listed."""
    record = a_record("a", faces=1)
    face, who = record.faces[0], person_of(record.faces[0])
    store(catalog, [record], [], founding(face))

    regroup(catalog, PeopleChange(nobody=(face.id, an_unknown_face())))

    assert catalog.appearances_of([face.id]) == {}
    assert catalog.people() == []
    assert catalog.person(who) == Person(who)
    assert catalog.counts() == Counts(1, 1, 1, 0, 0, 1, 0)


def test_what_is_said_of_the_gone_is_left_out(catalog: Catalog) -> None:
    """Faces that are not known gain no person; a person merged away stands for who it became."""
    record = a_record("a", faces=3)
    first, second, third = record.faces
    gone, stays = person_of(first), person_of(second)
    store(catalog, [record], [], replace(founding(first, second), became=((gone, stays),)))
    unknown = an_unknown_face()

    regroup(
        catalog,
        PeopleChange(
            appearances=(Appearance(unknown, stays, 99.0), Appearance(third.id, gone, 99.0)),
            standings=((unknown, Standing.STRANGER),),
        ),
    )

    assert catalog.appearances_of([unknown, third.id]) == {
        third.id: Appearance(third.id, stays, 99.0)
    }
    assert catalog.standings() == {}


def test_appearances_are_ordered_by_person_then_similarity(catalog: Catalog) -> None:
    """Within a person the best fit comes first; equal ones are in the order of the face ids."""
    records = [a_record(f"{number}", faces=2) for number in range(5)]
    people = sorted(person_of(face) for face in records[0].faces)
    attributed = [
        Appearance(record.faces[side].id, people[side], 90.0 + number // 2)
        for number, record in enumerate(records)
        for side in (0, 1)
    ]
    change = PeopleChange(people=tuple(map(Person, people)), appearances=tuple(attributed))
    store(catalog, records, [], change)

    ordered = sorted(attributed, key=lambda each: (each.person_id, -each.similarity, each.face_id))
    assert list(catalog.appearances()) == ordered
    assert list(catalog.appearances(people[:1])) == ordered[:5]


def test_faces_can_be_set_aside_and_taken_back(catalog: Catalog) -> None:
    """A face has the standing that was said last; those set aside are not counted as open."""
    record = a_record("a", faces=4)
    stranger, statue, back, shown = (face.id for face in record.faces)
    store(catalog, [record], [], founding(record.faces[3]))
    said = (
        (stranger, Standing.STRANGER),
        (statue, Standing.NOT_A_FACE),
        (back, Standing.STRANGER),
        (shown, Standing.STRANGER),
    )

    regroup(catalog, PeopleChange(standings=said))
    regroup(catalog, PeopleChange(standings=((back, None),)))

    assert catalog.standings() == {
        stranger: Standing.STRANGER,
        statue: Standing.NOT_A_FACE,
        shown: Standing.STRANGER,
    }
    assert catalog.standings([statue, back, an_unknown_face()]) == {statue: Standing.NOT_A_FACE}
    assert catalog.counts() == Counts(1, 1, 4, 1, 0, 1, 0)


def test_a_photo_that_comes_back_comes_back_as_new(catalog: Catalog) -> None:
    """Nothing that was made of the faces of a forgotten photo is left; its people's names are."""
    record = a_record("a", faces=2)
    change = replace(
        founding(record.faces[0]), standings=((record.faces[1].id, Standing.STRANGER),)
    )
    store(catalog, [record], seats(*record.faces), change)
    named = a_naming(person_of(record.faces[0]), "Ann")
    say(catalog, named, change=PeopleChange(people=(Person(person_of(record.faces[0]), "Ann"),)))

    catalog.remove_photos([record.photo.id])
    store(catalog, [record])

    assert catalog.counts() == Counts(1, 1, 2, 0, 0, 2, 0)
    assert list(catalog.steps()) == []
    assert catalog.person(person_of(record.faces[0])).name == "Ann"


def _covers(catalog: Catalog) -> dict[PersonId, str]:
    return {each.person.id: each.cover for each in catalog.people()}
