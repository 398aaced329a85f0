"""Labels and text in queries: what a label means, and what is said where it means nothing."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing

import pytest
from catalog_records import a_record, store

from kith.adapters.catalog.sql import SqlCatalog
from kith.adapters.catalog.sql.albums import SqlAlbums
from kith.adapters.catalog.sql.findings import SqlFindings
from kith.adapters.catalog.sql.select import SqlPhotoQueries
from kith.database.open import open_database
from kith.domain.album import QueryAlbum
from kith.domain.face import Point
from kith.domain.findings import PhotoFindings
from kith.domain.label import Label, SeenLabels
from kith.domain.photo import PhotoId
from kith.domain.query import QueryError
from kith.domain.text import ReadText, TextLine, TextWord
from kith.pipeline.albums.albums import save_query
from kith.pipeline.albums.photos import photos_matching
from kith.pipeline.albums.records import Records
from kith.pipeline.serving.suggest import SuggestionKind, suggest

RECORDS = {name: a_record(name) for name in ("dog", "cat", "sign", "new")}
IDS = {record.photo.id: name for name, record in RECORDS.items()}
ANIMAL = Label("Animal", 90.0)
DOG = Label("Dog", 90.0, ("Animal", "Pet"), ("Hound",))
CAT = Label("Cat", 45.0, ("Animal", "Pet"))


def _line(text: str) -> TextLine:
    corners = (Point(0, 0), Point(1, 0), Point(1, 1), Point(0, 1))
    return TextLine(text, 99.0, corners, (TextWord(text.partition(" ")[0], 99.0, corners),))


@pytest.fixture
def unseen() -> Generator[Records]:
    """A library of photos that nobody looked at."""
    with closing(open_database(":memory:")) as database:
        catalog = SqlCatalog(database)
        store(catalog, list(RECORDS.values()))
        findings = SqlFindings(database)
        yield Records(catalog, SqlPhotoQueries(database), SqlAlbums(database), findings)


@pytest.fixture
def records(unseen: Records) -> Records:
    """Three of them were looked at: a sure dog, an unsure cat, and a sign."""
    seen = {
        "dog": ((DOG, ANIMAL), ()),
        "cat": ((CAT,), ()),
        "sign": ((), ("GATE", "12, Zürich")),
    }
    unseen.findings.keep(
        [
            PhotoFindings(
                _id(name), SeenLabels(labels, "1"), ReadText(tuple(map(_line, lines)), "1")
            )
            for name, (labels, lines) in seen.items()
        ]
    )
    return unseen


def _id(name: str) -> PhotoId:
    return RECORDS[name].photo.id


def meant(records: Records, query: str) -> set[str]:
    """The names of the photos that a query means."""
    return {IDS[photo_id] for photo_id in photos_matching(records, query)}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("label:dog", {"dog"}),
        ("label:DOG", {"dog"}),
        ("label:hound", {"dog"}),
        ("label:animal", {"dog", "cat"}),
        ("label:pet", {"dog", "cat"}),
        ("label:animal>=50", {"dog"}),
        ("label:animal>=45", {"dog", "cat"}),
        ("-label:animal", {"sign", "new"}),
        ("label:pet -label:dog", {"cat"}),
        ("label:zebra", set[str]()),
        ("-label:zebra", {"dog", "cat", "sign", "new"}),
        ('text:"gate 12"', {"sign"}),
        ("text:zur", {"sign"}),
        ("text:urich", set[str]()),
        ('text:"12 gate"', set[str]()),
        ("text:12 text:gate", {"sign"}),
        ("-text:gate", {"dog", "cat", "new"}),
    ],
)
def test_a_query_finds_what_photos_show(records: Records, query: str, names: set[str]) -> None:
    """By a label's name, another name, or a wider label's; by words, whatever case and accents."""
    assert meant(records, query) == names


@pytest.mark.parametrize(
    ("query", "at", "advice"),
    [
        ("unnamed label:Doog", len("unnamed label:"), "Did you mean Dog"),
        ('label:"xyzzy"', len('label:"'), "kith findings labels"),
    ],
)
def test_an_unknown_label_is_pointed_at(records: Records, query: str, at: int, advice: str) -> None:
    """With what it may have been; a label that exists, and no photo shows, is none."""
    with pytest.raises(QueryError) as caught:
        meant(records, query)

    assert caught.value.at == at
    assert advice in caught.value.advice


@pytest.mark.parametrize(("query", "at"), [("label:dog", 6), ("unnamed -text:gate", 8)])
def test_photos_that_nobody_looked_at_are_not_taken_for_empty_ones(
    unseen: Records, query: str, at: int
) -> None:
    """Nothing would be found, and the reason is another one."""
    with pytest.raises(QueryError, match="No photo was looked at") as caught:
        meant(unseen, query)

    assert caught.value.at == at
    assert "kith findings update" in caught.value.advice


def test_an_album_of_labels_keeps_its_meaning(records: Records) -> None:
    """It is saved as it was typed; where the label is in no photo any more, it is empty."""
    save_query(records, "Animals", "label:animal -text:gate")
    assert meant(records, "album:Animals") == {"dog", "cat"}

    records.albums.save(QueryAlbum("Gone", "label:nothing-has-this"))
    records.catalog.remove_photos([_id("dog"), _id("cat"), _id("sign")])

    assert meant(records, "album:Animals") == meant(records, "album:Gone") == set()


def test_labels_are_suggested(records: Records) -> None:
    """Those of the photos, after people, albums and terms; with quotation marks, as all names."""
    kinds = [(one.text, one.kind) for one in suggest(records, "label:do", 8)]
    assert kinds == [('label:"Dog"', SuggestionKind.LABEL)]

    texts = [one.text for one in suggest(records, "unnamed an", 10)]
    assert texts == ["unnamed any:", 'unnamed label:"Animal"']
    assert SuggestionKind.LABEL not in {one.kind for one in suggest(records, "", 0)}
