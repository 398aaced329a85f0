"""Correcting people, and taking it back, as a user does it at the terminal."""

from __future__ import annotations

import getpass
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

if TYPE_CHECKING:
    from tests.cli.conftest import Ask

pytestmark = [pytest.mark.weights, pytest.mark.photos]


@dataclass(frozen=True, slots=True)
class Desk:
    """Someone at the terminal, with a library of portraits."""

    ask: Ask
    photos: Path

    def json(self, *arguments: str | Path) -> Any:
        """The document that a command prints with ``--json``."""
        answer = self.ask(*arguments, "--json")
        assert answer.code == 0, answer.err
        return json.loads(answer.out)

    def say(self, *arguments: str | Path) -> str:
        """What a command prints."""
        answer = self.ask(*arguments)
        assert answer.code == 0, answer.err
        return answer.out

    def photo(self, name: str) -> Path:
        """The photo whose name begins so."""
        (path,) = self.photos.glob(f"{name}*.jpg")
        return path

    def face(self, name: str) -> str:
        """The id of the largest face in it."""
        return self.json("faces", self.photo(name))["faces"][0]["face_id"]

    def person(self, name: str) -> str:
        """The id of whom the largest face in it shows."""
        return self.json("faces", self.photo(name))["faces"][0]["person"]["person_id"]

    def state(self) -> Any:
        """Who everybody is, and where."""
        people = self.json("people")
        return people, [self.json("people", "show", one["person_id"]) for one in people]


@pytest.fixture
def desk(ask: Ask, people: Path, library: Path) -> Desk:
    """Ana is on the portraits 001, Ben on 003."""
    assert library.is_dir()
    desk = Desk(ask, people)
    desk.say("people", "name", desk.person("001-neutral"), "Ana")
    desk.say("people", "name", desk.person("003-neutral"), "Ben")
    return desk


# -- people ----------------------------------------------------------------------------------------


def test_a_merge_shows_its_direction_and_is_taken_back(desk: Desk) -> None:
    """Who goes, who stays, and afterwards everybody is who they were."""
    before = desk.state()

    said = desk.say("people", "merge", "Ben", "Ana")
    assert "Ben (2 photos) is now part of Ana" in said
    assert "Ana is in 4 photos" in said
    assert desk.ask("people", "show", "Ben").code == 3

    undone = desk.say("undo")
    assert "Took back 3: merged Ben into Ana" in undone
    assert "2 faces moved from Ana to Ben" in undone
    assert desk.state() == before


def test_several_merged_at_once_are_taken_back_at_once(desk: Desk) -> None:
    """The numbers to undo are printed; as JSON, the faces that moved."""
    before = desk.state()
    other = desk.person("005-neutral")

    said = desk.say("people", "merge", "Ben", other, other, "Ana")
    assert "Take it back: kith undo 3 4" in said
    assert len(desk.json("undo", "3", "4")["moved"]) == 4

    assert desk.state() == before
    assert desk.json("people", "merge", "Ben", "Ana")["photos"] == 4
    assert desk.ask("people", "merge", "Ana", "Ana").code == 2
    assert desk.ask("people", "merge", "Ana").code == 2


def test_merging_two_of_one_photo_is_questioned(desk: Desk, tmp_path: Path) -> None:
    """It is done, and the photo is named that speaks against it, unless it is a collage."""
    both = tmp_path / "both.jpg"
    with Image.new("RGB", (640, 400), "gray") as canvas:
        for left, name in ((0, "001-smiling"), (320, "003-smiling")):
            with Image.open(desk.photo(name)) as portrait:
                canvas.paste(portrait, (left, 0))
        canvas.save(both, quality=90)
    desk.say("add", both)

    answer = desk.ask("people", "merge", "Ben", "Ana")
    assert answer.code == 0
    assert f"together in 1 photo, for example in {both}" in answer.err

    desk.say("undo")
    desk.say("faces", "repeats", both)
    assert desk.ask("people", "merge", "Ben", "Ana").err == ""


def test_a_face_is_split_off_denied_and_confirmed(desk: Desk) -> None:
    """By the beginning of its id; what is not hers, or no face at all, is refused."""
    face = desk.face("001-smiling")

    new = desk.json("people", "split", "Ana", face[:8])
    assert new["person_id"] == desk.person("001-smiling") != desk.person("001-neutral")
    assert new["face_ids"] == [face]
    assert "1 face is Ana" in desk.say("people", "confirm", "Ana", face[:8])
    shown = desk.json("people", "show", "Ana")["photos"]
    assert {one["face_id"]: one["confirmed"] for one in shown}[face]
    assert f"{face[:8]}  confirmed" in desk.say("people", "show", "Ana")
    said = desk.say("people", "not", "Ana", face[:8])
    assert "1 face is not Ana" in said
    assert "1 face moved from Ana to " in said
    assert len(desk.json("people", "show", "Ana")["photos"]) == 1
    assert desk.ask("people", "split", "Ana", desk.face("001-neutral")).code == 2
    assert desk.ask("people", "not", "Ana", "zzzz").code == 3
    assert desk.ask("people", "confirm", "Ana", face[:3]).code == 3


def test_somebody_new_is_made_of_a_face(desk: Desk) -> None:
    """Whoever it was before; undone, it is as it was."""
    before, face = desk.person("001-smiling"), desk.face("001-smiling")

    new = desk.json("people", "new", "Zoe", face[:8])

    assert new["name"] == "Zoe"
    assert desk.person("001-smiling") == new["person_id"] != before
    desk.say("undo")
    desk.say("undo")
    assert desk.person("001-smiling") == before
    assert desk.ask("people", "new", " ", face).code == 2


def test_a_namesake_is_pointed_out(desk: Desk) -> None:
    """The name is given all the same; the command that merges them is printed, and works."""
    answer = desk.ask("people", "name", "Ben", "ana")

    assert answer.code == 0
    command = answer.err.split("kith ")[1].split()
    assert command[:2] == ["people", "merge"]
    assert desk.ask(*command).code == 0
    assert len(desk.json("people", "show", "Ana")["photos"]) == 4


def test_hidden_people_are_left_out_of_the_list(desk: Desk) -> None:
    """Unless asked for; the JSON document has everyone, with the mark."""
    assert "hidden" in desk.say("people", "hide", "Ben")

    assert "Ben" not in desk.say("people")
    assert "1 person whom you hid" in desk.say("people")
    for flag in ("--hidden", "--all"):
        assert "Ben" in desk.say("people", flag)
    assert [one["name"] for one in desk.json("people") if one["hidden"]] == ["Ben"]
    desk.say("people", "unhide", "Ben")
    assert "Ben" in desk.say("people")


@pytest.mark.parametrize(
    ("date", "born"),
    [("1987-05-12", "1987-05-12"), ("1987-05", "1987-05-01"), ("1987", "1987-01-01")],
)
def test_a_birth_date_may_be_a_month_or_a_year(desk: Desk, date: str, born: str) -> None:
    """Then its first day is meant, so that no photo is denied that might show the person."""
    assert desk.json("people", "born", "Ana", date)["born"] == born

    assert f"Born {born}" in desk.say("people", "show", "Ana")
    assert f"born {born}" in desk.say("people")


@pytest.mark.parametrize(
    "arguments",
    [["1987-13"], ["1987-02-30"], ["12.5.1987"], ["9999"], ["0000"], ["\u0661987"], [""], []],
)
def test_what_is_no_date_is_refused(desk: Desk, arguments: list[str]) -> None:
    """Also one in the future, and none at all."""
    assert desk.ask("people", "born", "Ana", *arguments).code == 2


def test_consent_and_cover_are_shown(desk: Desk) -> None:
    """What was said last; the cover must be the person's own face."""
    face = desk.face("001-smiling")
    assert desk.json("people", "allow", "Ana")["consent"] is True
    assert desk.json("people", "deny", "Ana")["consent"] is False
    assert desk.json("people", "cover", "Ana", face[:8])["cover_face_id"] == face

    assert "Refused to be recognized" in desk.say("people", "show", "Ana")
    assert f"{face[:8]}  cover" in desk.say("people", "show", "Ana")
    assert desk.ask("people", "cover", "Ana", desk.face("003-smiling")).code == 2


def test_a_reset_says_how_much_it_sets_aside(desk: Desk) -> None:
    """Of one person or of everyone, but not of neither or both; one undo brings it back."""
    before = desk.state()

    assert "1 decision on Ana no longer counts" in desk.say("people", "reset", "Ana")
    assert desk.ask("people", "show", "Ana").code == 3
    desk.say("undo")
    assert desk.json("people", "reset", "--everyone")["set_aside"] == [1, 2]
    desk.say("undo")

    assert desk.state() == before
    assert desk.ask("people", "reset").code == 2
    assert desk.ask("people", "reset", "Ana", "--everyone").code == 2


# -- faces -----------------------------------------------------------------------------------------


def test_faces_are_set_aside_and_say_so(desk: Desk) -> None:
    """Strangers, and what is no face; the named are left alone."""
    photo, face = desk.photo("005-neutral"), desk.face("005-neutral")

    assert "1 face in 1 photo is a stranger" in desk.say("faces", "strangers", photo)
    assert "stranger  " in desk.say("faces", photo)
    assert "it is no face" in desk.say("faces", "not-a-face", face[:8])
    (row,) = desk.json("faces", "show", photo)["faces"]
    assert (row["person"], row["standing"]) == (None, "not a face")
    assert desk.ask("faces", "strangers", desk.photo("001-neutral")).code == 2
    assert desk.ask("faces", "strangers", "absent.jpg").code == 3
    assert desk.json("faces", "repeats", photo) == {"moved": []}
    assert "only once" in desk.say("faces", "repeats", photo, "--no")


# -- the journal -----------------------------------------------------------------------------------


def test_history_tells_who_said_what_and_what_was_undone(desk: Desk) -> None:
    """Numbered, the newest last; a limit shows the newest, and says what it leaves out."""
    desk.say("undo", "1")

    rows = desk.json("history")
    assert [(row["number"], row["undone_by"]) for row in rows] == [(1, 3), (2, None), (3, None)]
    assert {row["by"] for row in rows} == {getpass.getuser()}
    assert [row["text"].split()[0] for row in rows] == ["named", "named", "undid"]
    assert "undone by 3" in desk.say("history")
    limited = desk.ask("history", "--limit", "1")
    assert "undid 1" in limited.out
    assert "named" not in limited.out
    assert "2 before these" in limited.err
    assert len(desk.json("history", "--limit", "1", "--all")) == 3


def test_an_undo_is_undone_by_its_number(desk: Desk) -> None:
    """And what does not count any more is refused with the number to use instead."""
    desk.say("undo")
    assert "named" in desk.json("undo")["undone"][0]["text"]

    assert desk.ask("undo").code == 3
    again = desk.ask("undo", "2")
    assert (again.code, "kith undo 3" in again.err) == (2, True)
    assert "undid 2" in desk.say("undo", "3")
    assert desk.json("people", "show", "Ben")["name"] == "Ben"
    assert desk.ask("undo", "99").code == 3
    assert desk.ask("undo", "0").code == 2


def test_a_journal_moves_to_another_library(desk: Desk, tmp_path: Path) -> None:
    """With fewer photos at first; a second import, and one from stdout's text, change nothing."""
    file, other = tmp_path / "names.jsonl", ("--library", tmp_path / "other")
    desk.say("people", "merge", "Ben", "Ana")
    assert desk.json("journal", "export", file) == {"out": str(file), "decisions": 3}
    assert desk.say("journal", "export") == file.read_text()
    desk.say("add", desk.photo("001-neutral"), *other)

    done = desk.json("journal", "import", file, *other)
    assert (done["new"], done["known"], done["waiting"], done["partly_waiting"]) == (3, 0, 1, 2)
    assert "3 were here already" in desk.say("journal", "import", file, *other)
    desk.say("add", desk.photos, *other)

    assert desk.json("people", *other) == desk.json("people")
    assert desk.say("journal", "export", *other) == file.read_text()


def test_a_bad_journal_is_refused_as_a_whole(desk: Desk, tmp_path: Path) -> None:
    """File, line and fault are named, and nothing of it is in the journal afterwards."""
    file = tmp_path / "names.jsonl"
    desk.say("journal", "export", file)
    before = desk.say("history")
    text = file.read_text().replace('"id": "', '"id": "x')
    file.write_text(text + '{"kith_journal": 7}\n')

    answer = desk.ask("journal", "import", file)

    assert answer.code == 2
    assert f"{file}, line 4: " in answer.err
    assert desk.say("history") == before
    assert desk.ask("journal", "import", tmp_path / "absent").code == 3
    assert desk.ask("journal", "import", tmp_path).code == 2
    assert desk.ask("journal", "export", tmp_path / "absent" / "file").code == 2
    assert desk.ask("journal", "export", "-", "--library", tmp_path / "absent").code == 5
