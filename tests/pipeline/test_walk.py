"""The files below a folder, in their order, and the questions about single paths."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kith.pipeline.walk import absolute, is_gone, is_passed_over, is_picture_name, walk


def touch(path: Path) -> Path:
    """An empty file, with the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    return path


def test_files_come_by_name_before_the_folders_by_name(tmp_path: Path) -> None:
    """The order of arrival, so that two runs over the same folders give the same people."""
    names = ["b/2.jpg", "b/1.jpg", "a/x/1.jpg", "a/2.jpg", "z.jpg", "c.jpg"]
    for name in names:
        touch(tmp_path / name)

    found = [file.path.relative_to(tmp_path).as_posix() for file in walk(tmp_path).files]

    assert found == ["c.jpg", "z.jpg", "a/2.jpg", "a/x/1.jpg", "b/1.jpg", "b/2.jpg"]


def test_a_file_is_found_as_it_is_now(tmp_path: Path) -> None:
    """With its size and the time of its last change; a file named by itself whatever its name."""
    path = tmp_path / "a.txt"
    path.write_bytes(b"12345")
    os.utime(path, ns=(1, 1_700_000_000_123_456_000))

    (file,) = walk(path).files

    assert (file.path, file.byte_size) == (path, 5)
    assert file.modified_ns == path.stat().st_mtime_ns


def test_folders_named_to_be_left_out_are(tmp_path: Path) -> None:
    """By whatever way they are reached."""
    touch(tmp_path / "in" / "a.jpg")
    touch(tmp_path / "out" / "b.jpg")

    found = walk(tmp_path, without=[tmp_path / "in" / ".." / "out"])

    assert [file.path.name for file in found.files] == ["a.jpg"]


def test_a_file_that_is_not_there_is_a_problem_not_an_error(tmp_path: Path) -> None:
    """It may have gone between being named and being looked at."""
    found = walk(tmp_path / "absent.jpg")

    assert found.files == []
    assert [problem.path for problem in found.problems] == [tmp_path / "absent.jpg"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a.jpg", True), ("a.HEIC", True), ("a", True), ("a.dng", True), ("a.mp4", False)],
)
def test_a_name_says_whether_a_file_is_worth_reading(name: str, expected: bool) -> None:
    """Pictures, raw pictures and files without a suffix are."""
    assert is_picture_name(name) is expected


def test_passed_over_is_what_a_walk_does_not_look_into(tmp_path: Path) -> None:
    """The same answer for one folder as for all, so that watching and adding agree."""
    names = ["plain/deep", ".hidden/deep", "@eaDir", "private/deep", "plain/.x", "other"]
    for name in names:
        touch(tmp_path / name / "a.jpg")
    touch(tmp_path / "private" / ".nomedia")
    looked_into = {file.path.parent for file in walk(tmp_path).files}

    for name in names:
        folder = tmp_path / name
        assert is_passed_over(folder, tmp_path) == (folder not in looked_into), name
    assert not is_passed_over(tmp_path, tmp_path)


def test_gone_is_only_what_is_surely_not_there(tmp_path: Path) -> None:
    """A link to nowhere and a path through a file are gone; a link to itself cannot be told."""
    here = touch(tmp_path / "a.jpg")
    (tmp_path / "nowhere").symlink_to("absent")
    (tmp_path / "self").symlink_to("self")

    assert not is_gone(str(here))
    assert is_gone(str(tmp_path / "absent"))
    assert is_gone(str(here / "below"))
    assert is_gone(str(tmp_path / "nowhere"))
    assert not is_gone(str(tmp_path / "self"))


def test_an_absolute_path_keeps_links_and_knows_no_way_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A path is kept as its owner wrote it, unless it goes up: then it is where that leads."""
    (tmp_path / "real" / "deep").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "real" / "deep")
    monkeypatch.chdir(tmp_path)

    assert absolute(Path("link")) == tmp_path / "link"
    assert absolute(Path("link/..")) == (tmp_path / "real").resolve()
