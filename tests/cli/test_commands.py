"""The commands over a real library: what they print, as text and as JSON, and what they answer."""

from __future__ import annotations

import csv
import io
import json
import re
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image
from processes import KITH, ended, running

from kith.cli.main import COMMANDS, EXIT_CODES, exit_code
from kith.domain import errors

if TYPE_CHECKING:
    from tests.cli.conftest import Ask

pytestmark = [pytest.mark.weights, pytest.mark.photos]


def json_of(ask: Ask, *arguments: str | Path) -> Any:
    """The one JSON document that a command prints; nothing else is on stdout."""
    answer = ask(*arguments)
    assert answer.code == 0, answer.err
    return json.loads(answer.out)


@pytest.mark.usefixtures("library")
def test_every_command_speaks_json(ask: Ask, people: Path, tmp_path: Path) -> None:
    """One document on stdout, whatever else there is to say."""
    photo = next(people.glob("*smiling.jpg"))
    person = json_of(ask, "people", "--json")[0]["person_id"]
    questions: list[tuple[str | Path, ...]] = [
        ("add", people),
        ("people", "list"),
        ("people", "show", person),
        ("people", "name", person, "Anna"),
        ("people", "regroup"),
        ("find", photo),
        ("faces", photo),
        ("compare", photo, people / photo.name.replace("smiling", "neutral")),
        ("status",),
        ("doctor",),
        ("models", "list"),
        ("models", "verify", "open"),
        ("models", "install", "open"),
        ("photos", "person:Anna"),
        ("findings", photo),
        ("notify", "rules"),
        ("notify", "list"),
        ("notify", "send"),
        ("albums", "list"),
        ("review", "--limit", "1"),
        ("history",),
        ("import", people, "--plan"),
        ("undo",),
        ("journal", "export", tmp_path / "journal.jsonl"),
        ("forget", "--lost-photos", "--yes"),
        ("rekognition", "keys", "add", "laptop"),
    ]

    for question in questions:
        assert json_of(ask, *question, "--json"), question
    lines = ask("export", "--json").out.splitlines()
    assert len([json.loads(line) for line in lines]) == 15
    others = {"accounts", "export", "renditions", "serve", "sort", "upload", "watch"}
    others |= {"aws", "pull", "push"}  # these have a deployment, or a store, in tests of their own
    assert {question[0] for question in questions} | others == set(COMMANDS)


@pytest.mark.usefixtures("library")
def test_the_same_in_words(ask: Ask, people: Path) -> None:
    """Tables and sentences for a person; no JSON, no markup, no traceback."""
    photo = next(people.glob("*smiling.jpg"))
    person = json_of(ask, "people", "--json")[0]["person_id"]

    assert "15 files known already" in ask("add", people).out
    assert "is now [red]Anna[/]" in ask("people", "name", person[:8], "[red]Anna[/]").out
    assert "[red]Anna[/]" in ask("people").out
    assert ask("people", "show", "[red]Anna[/]").out.count(".jpg") >= 2
    assert photo.name in ask("find", photo).out
    assert "1 faces in photo" in ask("faces", photo).out
    assert "same person" in ask("compare", photo, photo).out
    assert "Photos     15 in 15 files" in ask("status").out
    assert "All is well." in ask("doctor").out


@pytest.mark.usefixtures("library")
def test_find_finds_the_family_and_nobody_in_a_landscape(
    ask: Ask, people: Path, tmp_path: Path
) -> None:
    """Who faces the camera is in all three pictures, in profile at 60 %; no face answers 3."""
    picture = next(people.glob("*128316.jpg"))
    faces = json_of(ask, "find", picture, "--json")["faces"]
    wider = json_of(ask, "find", picture, "--min-similarity", "60", "--json")["faces"]
    Image.new("RGB", (300, 200), (90, 120, 160)).save(tmp_path / "sky.png")

    assert len(faces) >= 3
    for face in (*faces, *wider):
        found = {Path(place).name for photo in face["photos"] for place in photo["places"]}
        assert picture.name in found
        assert all("agung" in name for name in found)
    assert sum(len(face["photos"]) == 3 for face in faces) >= 1
    assert sum(len(face["photos"]) == 3 for face in wider) >= 2
    nobody = ask("find", tmp_path / "sky.png")
    assert (nobody.code, nobody.err) == (3, "")
    assert "shows no face" in nobody.out


@pytest.mark.usefixtures("library")
def test_a_name_is_given_changed_and_taken_away(ask: Ask) -> None:
    """By id, by the beginning of one, by name; what is ambiguous or empty is refused."""
    first, second, *_ = json_of(ask, "people", "--json")

    assert json_of(ask, "people", "name", first["person_id"], "Anna", "--json")["name"] == "Anna"
    assert ask("people", "name", "Anna", "Anna Lima").code == 0
    assert ask("people", "name", second["person_id"][:8], "Anna Lima").code == 0
    assert ask("people", "show", "Anna Lima").code == 2
    assert ask("people", "name", first["person_id"], " ").code == 2
    assert ask("people", "name", "Nobody", "Bert").code == 3
    assert json_of(ask, "people", "name", first["person_id"], "--no-name", "--json")["name"] is None
    assert json_of(ask, "people", "list", "--json")[0]["name"] == "Anna Lima"


@pytest.mark.usefixtures("library")
def test_csv_and_files_hold_what_json_lines_hold(ask: Ask, tmp_path: Path) -> None:
    """One row for each face; one file for each photo."""
    documents = [json.loads(line) for line in ask("export").out.splitlines()]
    rows = list(csv.DictReader(io.StringIO(ask("export", "--csv").out)))
    assert ask("export", "--out", tmp_path / "out").code == 0
    files = {path.stem: json.loads(path.read_text()) for path in (tmp_path / "out").glob("*.json")}

    assert files == {document["photo_id"]: document for document in documents}
    assert [row["face_id"] for row in rows] == [
        face["face_id"] for document in documents for face in document["faces"]
    ]


@pytest.mark.parametrize("name", ["sheet.html", "sheet.jpg"])
@pytest.mark.usefixtures("library")
def test_the_sheet_is_written(ask: Ask, tmp_path: Path, name: str) -> None:
    """As a page or as a picture; a folder that is not there is an error, not a traceback."""
    assert ask("people", "sheet", tmp_path / name).code == 0
    assert (tmp_path / name).stat().st_size > 10_000

    answer = ask("people", "sheet", tmp_path / "absent" / name)
    assert answer.code != 0
    assert "absent" in answer.err


@pytest.mark.usefixtures("library")
def test_progress_and_remarks_never_go_to_stdout(ask: Ask, people: Path) -> None:
    """Adding prints its report, and nothing before it."""
    answer = ask("add", people)

    assert answer.out.splitlines()[0].startswith("0 photos added")
    assert "\x1b" not in answer.out


@pytest.mark.usefixtures("library")
def test_refused_files_are_listed_and_only_strict_minds_them(ask: Ask, tmp_path: Path) -> None:
    """With the file, the reason and advice."""
    folder = tmp_path / "phone"
    folder.mkdir()
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 and no more")
    (folder / "film.mp4").touch()

    report = json_of(ask, "add", folder, "--json")
    words = ask("add", folder)

    (row,) = report["refused"]
    assert row["path"] == str(folder / "broken.jpg")
    assert row["path"] in row["reason"]
    assert row["advice"]
    assert report["left_alone"] == {".mp4": 1}
    assert words.code == 0
    assert words.out.count(str(folder / "broken.jpg")) == 1
    assert ask("add", folder, "--strict").code == 4


def test_every_odd_file_is_a_photo_a_refused_row_or_left_alone(
    ask: Ask, photos: Path, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """None is passed over in silence, none stops the others."""
    monkeypatch.setenv("KITH_MODELS", str(weights))

    report = json_of(ask, "add", photos / "odd", "--json")

    every = [path for path in (photos / "odd").rglob("*") if path.is_file()]
    visible = [path for path in every if not path.name.startswith(".")]
    assert report["seen"] + sum(report["left_alone"].values()) == len(visible)
    assert report["added"] + report["copies"] + len(report["refused"]) == report["seen"]
    assert report["added"] > 80
    for row in report["refused"]:
        assert Path(row["path"]).is_file()
        assert row["reason"]
        assert row["advice"]
    assert report["warnings"] == []
    again = json_of(ask, "add", photos / "odd", "--json")
    assert again["unchanged"] == report["seen"]
    assert again["refused"] == report["refused"]


@pytest.mark.usefixtures("library")
def test_a_library_among_the_photos_is_not_added_to_itself(
    ask: Ask, people: Path, tmp_path: Path
) -> None:
    """Thumbnails, crops and the lock are Kith's own."""
    assert ask("people", "sheet", tmp_path / "sheet.jpg").code == 0
    (tmp_path / "sheet.jpg").unlink()
    (tmp_path / "photo.jpg").write_bytes(next(people.glob("*.jpg")).read_bytes())

    report = json_of(ask, "add", tmp_path, "--json")

    assert (report["seen"], report["copies"], report["refused"]) == (1, 1, [])


def test_without_a_library_every_question_says_how_to_make_one(ask: Ask, tmp_path: Path) -> None:
    """Exit code 5 and `kith add`; nothing is made."""
    for question in (
        ["people"],
        ["status"],
        ["export"],
        ["faces", "x"],
        ["people", "name", "a", "b"],
    ):
        answer = ask(*question)
        assert answer.code == 5, question
        assert "kith add" in answer.err
        assert answer.out == ""
    assert not (tmp_path / "library").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["add", "absent"], 3, "absent"),
        (["add"], 2, "PATHS"),
        (["find", "absent.jpg"], 3, "absent.jpg"),
        (["find", "broken.jpg"], 4, "broken.jpg"),
        (["compare", "broken.jpg", "broken.jpg"], 4, "broken.jpg"),
        (["compare", "sky.png", "sky.png"], 3, "face"),
        (["faces", "absent.jpg"], 3, "absent.jpg"),
        (["people", "show", "Nobody"], 3, "Nobody"),
        (["people", "sheet", "out.pdf"], 2, "out.pdf"),
        (["people", "nonsense"], 2, "nonsense"),
        (["nonsense"], 2, "nonsense"),
        (["status", "--config", "absent.toml"], 2, "absent.toml"),
        (["find", "sky.png", "--min-similarity", "101"], 2, "101"),
        (["add", ".", "--pack", "absent"], 6, "absent"),
        (["models", "verify", "absent"], 6, "absent"),
    ],
)
@pytest.mark.usefixtures("library")
def test_errors_name_what_failed_and_have_their_code(
    ask: Ask,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    code: int,
    said: str,
) -> None:
    """On stderr, without a traceback; stdout stays empty."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "broken.jpg").write_bytes(b"nothing of a picture")
    Image.new("RGB", (64, 64), "gray").save(tmp_path / "sky.png")

    answer = ask(*arguments)

    assert answer.code == code, answer
    assert said in answer.err
    assert answer.out == ""


def test_every_error_class_has_an_exit_code_of_its_own_kind() -> None:
    """The nearest class in the table decides; only what nobody expects is 1."""
    every = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    kinds = [kind for kind in every if issubclass(kind, errors.KithError)]

    codes = {kind: exit_code(kind("message")) for kind in kinds}

    assert {kind for kind, code in codes.items() if code == 1} == {errors.KithError}
    assert codes[errors.BrokenPictureError] == EXIT_CODES[errors.PictureError] == 4
    assert codes[errors.LibraryFullError] == EXIT_CODES[errors.LibraryError] == 5
    assert codes[errors.WeightsMissingError] == EXIT_CODES[errors.ModelError] == 6


@pytest.mark.parametrize("command", [*COMMANDS, "people list", "people show", "people name"])
def test_help_says_what_it_answers(ask: Ask, command: str) -> None:
    """Every command is a small essay: what it does, an example, its exit codes."""
    answer = ask(*command.split(), "--help")

    assert answer.code == 0
    assert re.search(r"Exit\s+status", answer.out)
    assert f"kith {command.split(maxsplit=1)[0]}" in answer.out


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is no signal on Windows")
def test_ctrl_c_answers_130_and_a_rerun_completes(
    ask: Ask, people: Path, weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was stored is kept, and nothing is twice."""
    monkeypatch.setenv("KITH_MODELS", str(weights))
    data = next(people.glob("*neutral.jpg")).read_bytes()
    folder = tmp_path / "phone"
    folder.mkdir()
    for number in range(60):
        (folder / f"{number:03}.jpg").write_bytes(data + number.to_bytes(4, "big"))
    thumbnails = tmp_path / "library" / "derived" / "thumbnails"
    with running(*KITH, "add", folder) as child:
        while child.poll() is None and len(list(thumbnails.glob("*/*.jpg"))) < 12:
            time.sleep(0.01)
        child.send_signal(signal.SIGINT)
        out, err = ended(child)

    assert child.returncode == 130, err
    assert "Interrupted" in err
    assert "Traceback" not in err
    assert out == ""
    report = json_of(ask, "add", folder, "--json")
    assert report["unchanged"] + report["added"] == 60
    assert json_of(ask, "status", "--json")["photos"] == 60
    assert ask("doctor").code == 0


@pytest.mark.usefixtures("library")
def test_a_reader_that_has_seen_enough_is_no_error_worth_a_traceback(ask: Ask) -> None:
    """As after ``kith export | head -1``: whoever read the output has gone away."""
    assert ask("export").code == 0  # and the environment says which library
    with running(*KITH, "export") as child:
        assert child.stdout is not None
        child.stdout.close()
        child.stdout = None
        _, said = ended(child)

    assert child.returncode != 0
    assert said == ""
