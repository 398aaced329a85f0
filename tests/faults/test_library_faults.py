"""What can befall a library: no room, no permission, two writers, a newer Kith, damage."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from processes import ended

from kith.pipeline.doctor import examine
from kith.pipeline.library import Library

if TYPE_CHECKING:
    from tests.faults.conftest import Content, Kith

    Opened = Callable[..., AbstractContextManager[Library]]
    ContentOf = Callable[[Library], Content]

pytestmark = [pytest.mark.weights, pytest.mark.photos]


@dataclass(frozen=True, slots=True)
class Disk:
    """A disk of its own, in memory."""

    path: Path

    def remount(self, options: str) -> None:
        """Change its size, or whether it may be written to."""
        subprocess.run(["mount", "-o", f"remount,{options}", self.path], check=True)


@pytest.fixture
def disk(tmp_path: Path) -> Generator[Disk]:
    """An empty disk of 1 MB; only root may mount one."""
    path = tmp_path / "disk"
    path.mkdir()
    mount = shutil.which("mount")
    mounted = mount and subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=1m", "kith-test", path], capture_output=True, check=False
    )
    if not mounted or mounted.returncode:
        pytest.skip("a disk of its own can only be mounted by root, on Linux")
    try:
        yield Disk(path)
    finally:
        subprocess.run(["umount", "--lazy", path], check=True)


def test_a_full_disk_is_said_and_loses_nothing(
    album: Path,
    kith: Kith,
    disk: Disk,
    opened: Opened,
    undisturbed: Content,
    content_of: ContentOf,
) -> None:
    """Exit code 5 and what to do; what was stored stays; with room again, a rerun ends well."""
    kith = kith.at(disk.path / "library")

    first = kith.run("add", album)
    stored = json.loads(kith.run("status", "--json").stdout)
    second = kith.run("add", album)

    for run in (first, second):
        assert run.returncode == 5, run.stderr
        assert "no room left" in run.stderr or "No space left" in run.stderr
        assert "Free some space" in run.stderr
    assert 0 < stored["photos"] < len(undisturbed.photos)
    assert json.loads(kith.run("status", "--json").stdout)["photos"] >= stored["photos"]
    disk.remount("size=64m")
    done = kith.run("add", album, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["unchanged"] >= stored["photos"]
    with opened(kith.library) as library:
        content = content_of(library)
        assert content == undisturbed
        assert content.similarities == pytest.approx(undisturbed.similarities, abs=0.01)
        assert examine(library) == []


def test_a_read_only_library_can_be_asked_and_says_that_it_cannot_be_written(
    album: Path, kith: Kith, disk: Disk, tmp_path: Path
) -> None:
    """Every question is answered from a medium that may not be written to."""
    kith = kith.at(disk.path / "library")
    disk.remount("size=64m")
    portraits = album / "portraits"
    photo = next(portraits.iterdir())
    assert kith.run("add", portraits).returncode == 0
    person = json.loads(kith.run("people", "--json").stdout)[0]["person_id"]
    disk.remount("ro")

    questions = {
        ("status",): 0,
        ("people",): 0,
        ("people", "show", person): 0,
        ("people", "sheet", str(tmp_path / "sheet.jpg")): 0,
        ("find", str(photo)): 0,
        ("faces", str(photo)): 0,
        ("export",): 0,
        ("doctor",): 0,
        ("add", str(portraits)): 5,
        ("people", "name", person, "Anna"): 5,
        ("doctor", "--fix"): 5,
    }
    answers = {question: kith.run(*question) for question in questions}

    assert {question: run.returncode for question, run in answers.items()} == questions
    for question, run in answers.items():
        assert "Traceback" not in run.stderr, question
        if run.returncode == 5:
            assert str(disk.path) in run.stderr
            assert "writable" in run.stderr


def test_two_runs_at_once_take_turns(
    album: Path,
    kith: Kith,
    opened: Opened,
    undisturbed: Content,
    content_of: ContentOf,
) -> None:
    """Over overlapping folders: both end well, one says that it waits, and nothing is twice."""
    folders = (album, album / "portraits", album)
    with ExitStack() as stack:
        runs = [stack.enter_context(kith.start("add", "--json", folder)) for folder in folders]
        ends = [ended(run) for run in runs]

    assert [run.returncode for run in runs] == [0, 0, 0], ends
    assert sum("waiting until it is done" in err for _, err in ends) >= 1
    added = sum(json.loads(out)["added"] for out, _ in ends)
    assert added == len(undisturbed.photos)
    with opened(kith.library) as library:
        content = content_of(library)
        assert content.photos == undisturbed.photos
        assert content.faces == undisturbed.faces
        assert examine(library) == []


def test_a_library_of_a_newer_kith_is_refused_and_left_alone(kith: Kith, tmp_path: Path) -> None:
    """By every command, with exit code 5; it may know what this version does not."""
    make_library(kith, tmp_path)
    file = kith.library / "library.db"
    with closing(sqlite3.connect(file)) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()
    before = file.read_bytes()

    for arguments in (["add", str(tmp_path)], ["status"], ["people"], ["doctor", "--fix"]):
        run = kith.run(*arguments)
        assert run.returncode == 5, arguments
        assert "newer" in run.stderr
        assert "Traceback" not in run.stderr
    assert file.read_bytes() == before


def test_a_damaged_library_is_said_to_be_damaged(kith: Kith, tmp_path: Path) -> None:
    """With its name and what to do, exit code 5, whatever is asked."""
    make_library(kith, tmp_path)
    file = kith.library / "library.db"
    file.write_bytes(b"\xff" * file.stat().st_size)

    for arguments in (["add", str(tmp_path)], ["status"], ["people"], ["export"], ["doctor"]):
        run = kith.run(*arguments)
        assert run.returncode == 5, (arguments, run.stderr)
        assert str(file) in run.stderr
        assert "backup" in run.stderr
        assert "Traceback" not in run.stderr


def make_library(kith: Kith, folder: Path) -> None:
    """A library that knows nothing."""
    (folder / "empty").mkdir()
    assert kith.run("add", folder / "empty").returncode == 0
