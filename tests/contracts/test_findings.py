"""Every adapter keeps what was found in photos as the port promises."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from pathlib import Path

import pytest
from catalog_records import a_record, store
from dynamo_tables import dynamo_of
from hypothesis import given
from made_photos import LABELS, LINES, LOOK, Filled, Made, anything, libraries, made_id

from kith.adapters.catalog.dynamo.catalog import DynamoCatalog
from kith.adapters.catalog.dynamo.findings import DynamoFindings
from kith.adapters.catalog.dynamo.outbox import DynamoOutbox
from kith.adapters.catalog.memory import MemoryCatalog
from kith.adapters.catalog.memory.findings import MemoryFindings
from kith.adapters.catalog.sql import SqlCatalog
from kith.adapters.catalog.sql.findings import SqlFindings
from kith.adapters.catalog.sql.outbox import SqlOutbox
from kith.adapters.catalog.sql.select import SqlPhotoQueries
from kith.database.open import Database, open_database
from kith.domain.findings import PhotoFindings
from kith.domain.label import Label, SeenLabels
from kith.domain.notice import Labeled, Notice, Posting, Rule
from kith.domain.photo import PhotoId
from kith.domain.query import ShowsText
from kith.domain.selection import Condition, Selection
from kith.domain.text import ReadText
from kith.ports.catalog import Catalog
from kith.ports.findings import FindingCounts, Findings, KnownLabel
from kith.ports.outbox import Outbox

RECORDS = [a_record(f"photo {number}") for number in range(3)]
FIRST, SECOND, THIRD = (record.photo.id for record in RECORDS)
UNKNOWN = PhotoId("f" * 64)
DOG = SeenLabels(tuple(LABELS[:2]), "1")
TREE = SeenLabels((LABELS[2],), "2")
GATE = ReadText(tuple(LINES), "1")


class Room:
    """A catalog of three photos, and what was found in them."""

    def __init__(self, catalog: Catalog, findings: Findings, outbox: Outbox) -> None:
        self.catalog = catalog
        self.findings = findings
        self.outbox = outbox
        store(catalog, RECORDS)

    def one(self, photo_id: PhotoId = FIRST) -> PhotoFindings | None:
        """What was found in one photo."""
        return self.findings.of([photo_id]).get(photo_id)


@pytest.fixture(
    params=[
        "memory",
        "sqlite",
        pytest.param("postgresql", marks=pytest.mark.postgres),
        pytest.param("tiny", id="dynamodb-tiny"),
        pytest.param("moto_endpoint", id="dynamodb-moto", marks=pytest.mark.emulators),
        pytest.param("ministack_endpoint", id="dynamodb-ministack", marks=pytest.mark.emulators),
    ]
)
def room(request: pytest.FixtureRequest) -> Generator[Room]:
    """Such a library by every adapter of the port."""
    if request.param == "memory":
        catalog = MemoryCatalog()
        yield Room(catalog, MemoryFindings(catalog), catalog.outbox)
        return
    if request.param == "tiny" or request.param.endswith("_endpoint"):
        with dynamo_of(request) as table:
            yield Room(DynamoCatalog(table), DynamoFindings(table), DynamoOutbox(table))
        return
    where = ":memory:" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    with closing(open_database(where)) as database:
        yield _room(database)


def _room(database: Database) -> Room:
    return Room(SqlCatalog(database), SqlFindings(database), SqlOutbox(database))


def test_what_is_kept_comes_back_whole(room: Room) -> None:
    """Labels in their order with boxes and families, lines with their words, colors; to the bit."""
    kept = [PhotoFindings(FIRST, SeenLabels(tuple(LABELS), "1"), GATE, LOOK), PhotoFindings(SECOND)]

    room.findings.keep(kept)

    assert room.findings.of([FIRST, SECOND, THIRD]) == {one.photo_id: one for one in kept}


def test_nothing_found_is_not_the_same_as_not_looked_for(room: Room) -> None:
    """A photo without labels or text was looked at all the same."""
    kept = PhotoFindings(FIRST, SeenLabels((), "1"), ReadText((), "2"))

    room.findings.keep([kept])

    assert room.one() == kept
    assert room.findings.counts() == FindingCounts(labelled=1, read=1)
    assert room.findings.labels() == []


def test_a_part_replaces_that_part_alone(room: Room) -> None:
    """What was not looked for this time stays; what was is as it was found now."""
    room.findings.keep([PhotoFindings(FIRST, DOG, look=LOOK)])
    room.findings.keep([PhotoFindings(FIRST, text=GATE)])
    assert room.one() == PhotoFindings(FIRST, DOG, GATE, LOOK)

    room.findings.keep([PhotoFindings(FIRST, TREE)])

    assert room.one() == PhotoFindings(FIRST, TREE, GATE, LOOK)
    assert [one.name for one in room.findings.labels()] == ["Tree"]


def test_unknown_photos_are_left_out(room: Room) -> None:
    """They are no error, for a photo may go while it is looked at."""
    room.findings.keep([PhotoFindings(UNKNOWN, DOG), PhotoFindings(FIRST, DOG)])

    assert set(room.findings.of([UNKNOWN, FIRST])) == {FIRST}


def test_findings_go_with_their_photo(room: Room) -> None:
    """One that comes back is looked at anew."""
    room.findings.keep([PhotoFindings(photo_id, DOG, GATE) for photo_id in (FIRST, SECOND)])

    room.catalog.remove_photos([FIRST])
    store(room.catalog, RECORDS)

    assert set(room.findings.of([FIRST, SECOND])) == {SECOND}
    assert room.findings.counts() == FindingCounts(labelled=1, read=1)
    assert [one.photo_count for one in room.findings.labels()] == [1, 1]


def test_a_photo_that_is_stored_again_keeps_its_findings(room: Room) -> None:
    """Another place of a photo is no other photo."""
    room.findings.keep([PhotoFindings(FIRST, DOG)])

    store(room.catalog, RECORDS)

    assert room.one() == PhotoFindings(FIRST, DOG)


def test_labels_are_counted_by_name(room: Room) -> None:
    """That of most photos first; families of several versions are one."""
    other = Label("Dog", 50.0, ("Canine",), ("Puppy",))
    room.findings.keep(
        [PhotoFindings(FIRST, DOG), PhotoFindings(SECOND, SeenLabels((other,), "2"))]
    )

    known = room.findings.labels()

    assert known == [
        KnownLabel("Dog", frozenset({"Animal", "Pet", "Canine"}), frozenset({"Hound", "Puppy"}), 2),
        KnownLabel("Animal", frozenset(), frozenset(), 1),
    ]


def test_keeping_moves_its_own_edition_alone(room: Room) -> None:
    """Who works on the people goes on; who shows photos sees that something changed."""
    before, people = room.findings.edition(), room.catalog.edition()

    room.findings.keep([PhotoFindings(FIRST, DOG)])
    after = room.findings.edition()
    room.catalog.remove_photos([FIRST])

    assert room.catalog.edition() == people + 1
    assert before < after == room.findings.edition()


def test_the_catalog_counts_who_was_looked_at(room: Room) -> None:
    """Labels and text are counted apart, as they may come apart."""
    room.findings.keep([PhotoFindings(FIRST, DOG), PhotoFindings(SECOND, TREE, GATE)])

    counts = room.catalog.counts()

    assert (counts.labelled_photos, counts.read_photos) == (2, 1)
    assert room.findings.counts() == FindingCounts(labelled=2, read=1)


def test_words_that_were_replaced_are_not_found(tmp_path: Path) -> None:
    """The index of words follows the photos: what is read anew, or gone, is found no more."""
    with closing(open_database(tmp_path / "library.db")) as database:
        room, queries = _room(database), SqlPhotoQueries(database)
        for lines in (LINES[:1], LINES[2:3]):
            room.findings.keep([PhotoFindings(FIRST, text=ReadText(tuple(lines), "1"))])

        assert queries.matching(_showing("gate")) == []
        assert queries.matching(_showing("kiosk")) == [FIRST]
        room.catalog.remove_photos([FIRST])
        assert queries.matching(_showing("kiosk")) == []
        database.scrub()
    assert b"kiosk" not in (tmp_path / "library.db").read_bytes()


def _showing(text: str) -> Selection:
    return Selection((Condition(ShowsText(text)),))


def test_notices_come_with_what_they_are_about(room: Room) -> None:
    """In the same step; a second time changes nothing."""
    rule = Rule("Dogs", Labeled("Dog"), ("mail",))
    posting = Posting(Notice(rule.id, rule.name, FIRST, (), ("Dog",), 1.5), "mail", 0.0)

    for _ in range(2):
        room.findings.keep([PhotoFindings(FIRST, DOG)], notices=[posting])

    assert [entry.posting for entry in room.outbox.entries(limit=10)] == [posting]


@anything
@given(made=libraries())
def test_any_findings_come_back(filled: Filled, made: Made) -> None:
    """Whatever was found in the photos of a library, is found there."""
    findings = filled(made).findings

    expected = {
        made_id(number): PhotoFindings(made_id(number), one.labels, one.text, one.look)
        for number, one in enumerate(made.photos)
        if one.labels or one.text or one.look
    }
    assert findings.of([made_id(number) for number in range(9)]) == expected
