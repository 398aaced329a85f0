"""The command ``kith sort``: what it parses, prints and answers."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from kith.adapters.recognition.memory import (
    DrawnFace,
    MemoryFaceCollection,
    draw_picture,
    hue_of_person,
)
from kith.cli.sort import command
from kith.domain.face import Box
from kith.pipeline.sorting.plan import SortRequest
from kith.pipeline.sorting.sort import sort_photos


@pytest.fixture
def album(tmp_path: Path) -> Path:
    """One person, and one photo of her."""
    for folder, name, gray in (("people", "Anna [1].png", 200), ("phone", "IMG_1.png", 180)):
        face = DrawnFace(hue_of_person(0), Box(0.2, 0.2, 0.3, 0.4))
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_bytes(draw_picture([face], gray=gray))
    return tmp_path


def sorted_album(album: Path) -> Path:
    """The folder of a finished run."""
    request = SortRequest(album / "people", album / "phone", album / "out")
    sort_photos(request, MemoryFaceCollection())
    return request.out


def test_help_is_an_essay_with_examples_and_exit_status() -> None:
    """It says what happens, names its siblings, shows an example and lists what it answers."""
    shown = " ".join(CliRunner().invoke(command, ["--help"]).output.split())

    for word in ("--undo --out sorted", "kith add", "kith people", "Exit status", "--plan"):
        assert word in shown


def test_help_loads_nothing_heavy() -> None:
    """The module brings no numpy, no Pillow, no rich: help must be quick."""
    code = "import sys, kith.cli.sort; print({'numpy', 'PIL', 'rich'} & set(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert loaded.stdout.strip() == "set()"


@pytest.mark.parametrize(
    "options", [["--out", "x"], ["--out", "x", "--all"], ["--reference", "a", "--photos", "b"]]
)
def test_options_that_make_no_sense_are_a_usage_error(options: list[str]) -> None:
    """Without the folders it needs, or with --all alone, the answer is 2."""
    assert CliRunner().invoke(command, options).exit_code == 2


def test_undo_takes_back_and_says_how_much(album: Path) -> None:
    """One line for the run, exit status 0, and the folder is empty again."""
    out = sorted_album(album)

    result = CliRunner().invoke(command, ["--undo", "--out", str(out)])

    assert result.exit_code == 0
    assert "1 taken back, 0 kept" in result.stdout
    assert not list(out.rglob("*.png"))


def test_undo_answers_4_where_something_had_to_stay(album: Path) -> None:
    """As JSON: how much was undone, and for each file that stayed the reason and the advice."""
    out = sorted_album(album)
    (out / "Anna [1]" / "IMG_1.png").write_bytes(b"edited")

    result = CliRunner().invoke(command, ["--undo", "--out", str(out), "--json"])

    (run,) = json.loads(result.stdout)["runs"]
    assert result.exit_code == 4
    assert run["undone"] == 0
    assert run["kept"][0]["path"].endswith("IMG_1.png")
    assert "changed" in run["kept"][0]["reason"]


@pytest.mark.weights
@pytest.mark.photos
def test_real_portraits_are_sorted(
    tmp_path: Path, photos: Path, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Look first, then sort: the smile lands with its neutral face, the stranger with the rest."""
    monkeypatch.setenv("KITH_MODELS", str(weights))
    for name in ("people", "phone"):
        (tmp_path / name).mkdir()
    portraits = photos / "portraits"
    shutil.copy(portraits / "001" / "neutral.jpg", tmp_path / "people" / "Anna.jpg")
    shutil.copy(portraits / "001" / "smiling.jpg", tmp_path / "phone" / "smile.jpg")
    shutil.copy(portraits / "003" / "smiling.jpg", tmp_path / "phone" / "stranger.jpg")
    (tmp_path / "phone" / "broken.jpg").write_bytes(b"no picture")
    folders = {"--reference": "people", "--photos": "phone", "--out": "out"}
    options = [word for name, own in folders.items() for word in (name, str(tmp_path / own))]

    planned = CliRunner().invoke(command, [*options, "--unmatched", "--plan"])
    assert planned.exit_code == 0
    assert "smile.jpg -> Anna/smile.jpg" in planned.stdout
    assert not (tmp_path / "out").exists()
    assert CliRunner().invoke(command, [*options, "--plan", "--strict"]).exit_code == 4

    done = CliRunner().invoke(command, [*options, "--unmatched", "--json"])
    report = json.loads(done.stdout)
    assert done.exit_code == 0
    assert (tmp_path / "out" / "Anna" / "smile.jpg").exists()
    assert (tmp_path / "out" / "_Unmatched" / "stranger.jpg").exists()
    assert report["placements"][0]["evidence"]["similarity"] >= 95
    assert [Path(row["path"]).name for row in report["problems"]] == ["broken.jpg"]
    assert report == json.loads((tmp_path / "out" / ".kith-sort" / "report.json").read_text())
