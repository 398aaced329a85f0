"""What every adapter of the port ``Catalog`` promises of the journal and of editions."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from catalog_records import (
    NOTHING,
    a_decision,
    a_naming,
    a_place,
    a_record,
    everything,
    founding,
    person_of,
    regroup,
    say,
    seats,
    store,
)

from kith.domain.decision import (
    Anchor,
    BirthDate,
    Merge,
    Name,
    NotAFace,
    PersonRef,
    Repeats,
    Reset,
    Split,
    Undo,
)
from kith.domain.errors import LibraryBusyError, StaleError
from kith.domain.face import Box
from kith.domain.person import PeopleChange, Person, PersonId
from kith.domain.photo import Problem, photo_id_of
from kith.ports.catalog import Catalog

ANN, BOB, CAT = (PersonId(f"00000000-0000-4000-8000-00000000000{number}") for number in range(3))
ONE, TWO, THREE = (photo_id_of(name) for name in (b"one", b"two", b"three"))
BOX = Box(0.1, 0.2, 0.3, 0.4)


# -- the journal -----------------------------------------------------------------------------------


def test_the_journal_keeps_what_was_said_in_the_order_of_its_coming(catalog: Catalog) -> None:
    """Decisions come back as they were handed over; one that is known is left out."""
    said = [a_naming(ANN, name, ONE) for name in ("Ann", None, "A\x00nn\udc80\x1a", "")]
    earlier = replace(said[0], id="an-earlier-one", at=said[0].at.replace(year=1999))

    say(catalog, said[0], said[1], said[0])
    say(catalog, said[1], said[2], replace(said[0], by="another"))
    say(catalog, said[3], earlier)

    assert list(catalog.decisions()) == [*said, earlier]


def test_a_decision_changes_only_what_it_is_recorded_with(catalog: Catalog) -> None:
    """The change is applied as it stands, for a decision that is known, too."""
    record = a_record("a", faces=1)
    who = person_of(record.faces[0])
    store(catalog, [record], [], founding(*record.faces))
    naming = a_naming(who, "Ann", record.photo.id)

    say(catalog, naming)
    assert catalog.person(who).name is None

    say(catalog, naming, change=PeopleChange(people=(Person(who, "Ann"),)))
    assert catalog.person(who).name == "Ann"
    assert list(catalog.decisions()) == [naming]


def test_decisions_about_something_are_those_that_mention_it(catalog: Catalog) -> None:
    """People and photos are found wherever a decision mentions them; so is all that takes back."""
    ann, bob = PersonRef(ANN, (Anchor(ONE, BOX),)), PersonRef(BOB, (Anchor(TWO, BOX),))
    naming, merge, split, statue, mirror, undo, reset, everyone, birth = said = [
        a_decision(statement)
        for statement in (
            Name(ann, "Ann"),
            Merge(ann, bob),
            Split((Anchor(THREE, BOX),), bob, CAT),
            NotAFace((Anchor(THREE, BOX),)),
            Repeats(ONE, allowed=True),
            Undo("some-decision"),
            Reset(CAT),
            Reset(None),
            BirthDate(PersonRef(CAT, ()), date(1990, 5, 1)),
        )
    ]
    say(catalog, *said)
    always = [undo, reset, everyone]

    assert list(catalog.decisions([ANN])) == [naming, merge, *always]
    assert list(catalog.decisions([CAT])) == [split, *always, birth]
    assert list(catalog.decisions([ONE])) == [naming, merge, mirror, *always]
    assert list(catalog.decisions([THREE, TWO])) == [merge, split, statue, *always]
    assert list(catalog.decisions([photo_id_of(b"?")])) == always
    assert list(catalog.decisions([])) == always
    assert list(catalog.decisions([ANN, BOB, CAT, ONE, TWO, THREE])) == said


@pytest.mark.many
def test_a_long_journal_is_read_in_pages(catalog: Catalog) -> None:
    """However long the journal is, every decision is read once and in order."""
    said = [a_naming(ANN if number % 2 else BOB, f"{number}") for number in range(4500)]
    say(catalog, *said)

    assert list(catalog.decisions()) == said
    assert list(catalog.decisions([ANN])) == said[1::2]


# -- editions --------------------------------------------------------------------------------------


def test_the_edition_grows_with_every_change(catalog: Catalog) -> None:
    """Photos, groups, people and the journal each make a new edition; calls of nothing do not."""
    record = a_record("a", faces=1)
    calls: list[Callable[[], None]] = [
        lambda: store(catalog, [record]),
        lambda: store(catalog, [], seats(*record.faces)),
        lambda: store(catalog, [], [], founding(*record.faces)),
        lambda: regroup(catalog, steps=[]),
        lambda: regroup(catalog, PeopleChange(nobody=(record.faces[0].id,))),
        lambda: say(catalog, a_naming(ANN, "Ann")),
        lambda: catalog.remove_photos([record.photo.id]),
    ]
    for call in calls:
        before = catalog.edition()
        call()
        assert catalog.edition() > before

    before = catalog.edition()
    store(catalog, [])
    regroup(catalog)
    say(catalog)
    catalog.remove_photos([record.photo.id])
    assert catalog.edition() == before


def test_a_change_worked_out_from_an_older_edition_is_refused(catalog: Catalog) -> None:
    """Whoever comes late changes nothing, be it photos, groups, people or the journal."""
    record = a_record("a", faces=2)
    read = catalog.edition()
    store(catalog, [record], seats(*record.faces), founding(*record.faces))
    catalog.note_problems([Problem(a_place("/broken.jpg"), "broken", "")])
    before = everything(catalog)
    change = PeopleChange(people=(Person(ANN, "Ann"),), nobody=(record.faces[0].id,))

    for late in (
        lambda: catalog.store([a_record("b")], [], change, read),
        lambda: catalog.regroup([], change, read),
        lambda: catalog.record([a_naming(ANN, "Ann")], change, read),
        lambda: catalog.store([], [], NOTHING, read),
    ):
        with pytest.raises(StaleError) as raised:
            late()
        assert isinstance(raised.value, LibraryBusyError)

    assert everything(catalog) == before


def test_of_writers_with_one_edition_the_first_is_heard(catalog: Catalog) -> None:
    """Threads that read the same edition do not overwrite each other: one succeeds."""
    read = catalog.edition()
    start = threading.Barrier(4)
    outcomes: list[str] = []

    def work(name: str) -> None:
        start.wait()
        try:
            catalog.record([a_naming(ANN, name)], PeopleChange(people=(Person(ANN, name),)), read)
            outcomes.append(name)
        except StaleError:
            outcomes.append("stale")

    threads = [threading.Thread(target=work, args=(f"Ann {number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    heard = [name for name in outcomes if name != "stale"]
    assert len(outcomes) == 4
    assert [catalog.person(ANN).name] == heard
    assert len(list(catalog.decisions())) == 1
