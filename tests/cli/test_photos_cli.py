"""Queries and albums on the command line."""

from __future__ import annotations

import json
import subprocess
import sys
import uuid
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kith.adapters.catalog.sql import SqlCatalog
from kith.database.open import open_database
from kith.domain.face import Box, Face, FaceDetail, FaceId, Landmarks, Point, Pose, Quality
from kith.domain.person import Appearance, PeopleChange, Person, PersonId
from kith.domain.photo import Photo, PhotoId, Place
from kith.ports.catalog import PhotoRecord

if TYPE_CHECKING:
    from tests.cli.conftest import Ask

ANA = PersonId("a1a1a1a1-0000-0000-0000-000000000000")
BEN = PersonId("b2b2b2b2-0000-0000-0000-000000000000")
POINT = Point(0.5, 0.5)

PHOTOS = {
    "/photos/Lisbon/both.jpg": [ANA, BEN],
    "/photos/Lisbon/ana.jpg": [ANA],
    "/photos/Porto/ben \udcff.jpg": [BEN],
    "/photos/Porto/nobody.jpg": [],
}


@pytest.fixture(autouse=True)
def made(tmp_path: Path) -> None:
    """The library that ``ask`` uses, with four photos of Ana Lima and Ben."""
    people = (Person(ANA, "Ana Lima"), Person(BEN, "Ben"))
    records: list[PhotoRecord] = []
    appearances: list[Appearance] = []
    for number, (path, who) in enumerate(PHOTOS.items()):
        photo_id = PhotoId(f"{number:x}" * 64)
        faces = tuple(_face(photo_id, number * 10 + rank) for rank in range(len(who)))
        taken_at = datetime(2024, 1 + number, 1) if who else None  # noqa: DTZ001
        photo = Photo(photo_id, "JPEG", 4, 3, 12, taken_at)
        records.append(PhotoRecord(photo, Place(path, 1, 1), faces))
        appearances += [Appearance(f.id, p, 95.5) for f, p in zip(faces, who, strict=True)]
    with closing(open_database(tmp_path / "library" / "library.db")) as database:
        catalog = SqlCatalog(database)
        change = PeopleChange(people, tuple(appearances))
        catalog.store(records, (), change, catalog.edition())


def _face(photo_id: PhotoId, number: int) -> Face:
    landmarks = Landmarks(POINT, POINT, POINT, POINT, POINT)
    quality = Quality(50.0, 50.0, 100.0, 50.0)
    box = Box(0.1, 0.1, 0.5 - number % 10 / 100, 0.5)
    detail = FaceDetail(box, 99.0, landmarks, Pose(0.0, 0.0, 0.0), quality)
    return Face(FaceId(str(uuid.UUID(int=number))), photo_id, detail)


@pytest.fixture
def found(ask: Ask) -> Callable[..., list[str]]:
    """The names of the files that a query finds."""

    def names(*query: str) -> list[str]:
        answer = ask("photos", "--json", *query)
        assert answer.code == 0, answer.err
        return [Path(one["places"][0]).name for one in json.loads(answer.out)]

    return names


# -- kith photos -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        ['person:"Ana Lima" -person:"Ben"'],
        ["person:Ana Lima", "-person:Ben"],  # as a shell hands on person:"Ana Lima" -person:"Ben"
        ["-person:Ben", "faces:>=1"],
        ['-faces:0 only:"ana lima"'],
        ["--", "-faces:0", "-faces:2", "person:a1a1"],
    ],
)
def test_a_query_may_be_given_in_one_word_or_several(
    found: Callable[..., list[str]], query: list[str]
) -> None:
    """Quoted as a whole or split by a shell, and whether or not it begins as an option does."""
    assert found(*query) == ["ana.jpg"]


def test_photos_are_listed_with_date_place_and_people(ask: Ask) -> None:
    """A line for each photo, in the order in which they were taken, undated ones last."""
    answer = ask("photos", "-album:Lisbon")

    assert answer.code == 0
    assert answer.out.splitlines() == [
        r"2024-03-01 00:00  /photos/Porto/ben \udcff.jpg  Ben",
        "no date           /photos/Porto/nobody.jpg",
    ]
    assert answer.err == "2 photos\n"


def test_json_has_the_photo_and_the_people(ask: Ask) -> None:
    """A photo's fields are those of the export, with everyone in it."""
    (document,) = json.loads(ask("photos", "faces:2", "--json").out)

    assert document["photo_id"] == "0" * 64
    assert document["face_count"] == 2
    assert document["people"] == [
        {"person_id": ANA, "name": "Ana Lima", "similarity": 95.5},
        {"person_id": BEN, "name": "Ben", "similarity": 95.5},
    ]


def test_paths_are_for_other_programs(tmp_path: Path) -> None:
    """With -0 every path is in the bytes that the file system knows, and ends with NUL."""
    program = "from kith.cli.main import main; main()"
    arguments = ["photos", "person:Ben", "-0", "--library", str(tmp_path / "library")]

    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, check=True
    )

    assert done.stdout == b"/photos/Lisbon/both.jpg\0/photos/Porto/ben \xff.jpg\0"
    assert done.stderr == b""


def test_a_photo_without_a_file_has_no_path(ask: Ask, tmp_path: Path) -> None:
    """It is counted on stderr, and shown by its id in a list."""
    with closing(open_database(tmp_path / "library" / "library.db")) as database:
        SqlCatalog(database).remove_places(["/photos/Lisbon/both.jpg"])

    answer = ask("photos", "faces:2", "--paths")
    assert (answer.code, answer.out) == (0, "")
    assert "1 photos have no file" in answer.err
    assert "(file gone: photo 00000000)" in ask("photos", "faces:2").out


@pytest.mark.parametrize("command", [["photos"], ["albums", "save", "Mine"], ["export", "--query"]])
def test_an_error_points_at_the_character(ask: Ask, command: list[str]) -> None:
    """The query is shown with a caret below what is wrong, and what to do."""
    answer = ask(*command, 'unnamed person:"Ana Luma"')

    assert answer.code == 2
    assert answer.out == ""
    assert answer.err.splitlines() == [
        "error: Nobody in the photos is called 'Ana Luma'",
        '  unnamed person:"Ana Luma"',
        "                  ^",
        "  Did you mean Ana Lima?",
    ]


def test_the_caret_stands_below_wide_characters(ask: Ask) -> None:
    """A character that takes two columns moves the caret by two; a line break is a space."""
    answer = ask("photos", 'camera:"写真"\npersn:x')

    _, query, caret, _ = answer.err.splitlines()
    assert query == '  camera:"写真" persn:x'
    assert caret == " " * (len('  camera:"写真" ') + 2) + "^"


def test_options_that_contradict_each_other_are_refused(ask: Ask) -> None:
    """A document and bare paths cannot both be printed."""
    assert ask("photos", "--json", "--paths").code == 2


# -- kith export -----------------------------------------------------------------------------------


def test_export_writes_what_a_query_means(ask: Ask, tmp_path: Path) -> None:
    """Documents, rows and files are restricted alike."""
    query = ["--query", "-person:Ben album:Lisbon"]

    (line,) = ask("export", *query).out.splitlines()
    _, row = ask("export", *query, "--csv").out.splitlines()
    ask("export", *query, "--out", tmp_path / "out")

    assert json.loads(line)["photo_id"] == "1" * 64
    assert row.startswith("1" * 64)
    assert [path.stem for path in (tmp_path / "out").glob("*.json")] == ["1" * 64]


# -- kith albums -----------------------------------------------------------------------------------


def _albums(ask: Ask) -> list[dict[str, Any]]:
    return json.loads(ask("albums", "--json").out)


def test_a_query_is_kept_as_an_album(ask: Ask, found: Callable[..., list[str]]) -> None:
    """It is listed before the folders, shown with its query, and used in other queries."""
    assert ask("albums", "save", "Ben's", "person:Ben", "-person:Ana Lima").code == 0

    assert [(one["name"], one["kind"], one["photo_count"]) for one in _albums(ask)] == [
        ("Ben's", "query", 1),
        ("Lisbon", "folder", 2),
        ("Porto", "folder", 2),
    ]
    shown = json.loads(ask("albums", "show", "ben's", "--json").out)
    assert shown["query"] == 'person:"Ben" -person:"Ana Lima"'
    assert [one["photo_id"] for one in shown["photos"]] == ["2" * 64]
    assert shown["feature"] == "2" * 64
    assert ask("albums", "show", "Ben's").out.startswith("Ben's, 1 photos: person:")
    assert found('album:"Ben\'s"') == ["ben \udcff.jpg"]


def test_a_kept_query_is_replaced_only_on_request(ask: Ask) -> None:
    """Saving under a name that is taken is refused without --replace."""
    ask("albums", "save", "Mine", "person:Ben")

    assert ask("albums", "save", "mine", "faces:0").code == 2
    assert ask("albums", "save", "mine", "faces:0", "--replace").code == 0

    assert _albums(ask)[0]["photo_count"] == 1


def test_photos_are_picked_and_taken_out(ask: Ask) -> None:
    """By their ids or the beginnings of them."""
    assert ask("albums", "pick", "Best", "0" * 64, "1111").code == 0
    assert ask("albums", "pick", "Best", "0000", "--out").code == 0

    shown = json.loads(ask("albums", "show", "Best", "--json").out)
    assert [one["photo_id"] for one in shown["photos"]] == ["1" * 64]
    assert ask("albums", "pick", "Best", "abcdef").code == 3
    assert ask("albums", "pick", "None", "0000", "--out").code == 3


def test_a_feature_photo_is_chosen_and_unchosen(ask: Ask) -> None:
    """Of the album's own photos alone; without a choice it is the first."""

    def feature() -> str:
        return json.loads(ask("albums", "show", "Lisbon", "--json").out)["feature"]

    assert feature() == "0" * 64
    assert ask("albums", "feature", "Lisbon", "1111").code == 0
    assert feature() == "1" * 64
    assert ask("albums", "feature", "Lisbon", "2222").code == 2
    assert ask("albums", "feature", "Lisbon").code == 2
    assert ask("albums", "feature", "Lisbon", "--none").code == 0
    assert feature() == "0" * 64


def test_an_album_is_removed_and_its_photos_stay(ask: Ask, found: Callable[..., list[str]]) -> None:
    """A folder cannot be removed."""
    ask("albums", "save", "Mine", "person:Ben")

    assert ask("albums", "remove", "MINE").code == 0

    assert [one["kind"] for one in _albums(ask)] == ["folder", "folder"]
    assert ask("albums", "remove", "Lisbon").code == 2
    assert ask("albums", "remove", "Mine").code == 3
    assert len(found()) == 4


def test_an_album_that_cannot_be_answered_is_listed_with_the_reason(ask: Ask) -> None:
    """One that a list could not count does not keep it from the others."""
    ask("albums", "save", "Mine", "person:Ben")
    ask("albums", "save", "Part", "album:Mine")
    ask("albums", "save", "Mine", "unnamed " * 100, "--replace")

    answer = ask("albums")

    assert answer.code == 0
    assert "Part: In the album 'Mine': Albums included, these are more than 100" in answer.err
    assert "Lisbon" in answer.out
