"""Files and folders that are not what one expects: passed over, refused by name, or just added."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kith.pipeline.export import export_photos, export_rows
from kith.pipeline.people import find_photo

if TYPE_CHECKING:
    from tests.pipeline.conftest import World

posix = pytest.mark.skipif(sys.platform == "win32", reason="names and files of POSIX systems")


@pytest.mark.parametrize(
    "folder", [".hidden", "@eaDir", "deep/.thumbnails", "__MACOSX", "private", "private/below"]
)
def test_folders_that_are_not_the_users_own_are_passed_over(world: World, folder: str) -> None:
    """Hidden ones, those of storage boxes, and all below a .nomedia."""
    world.draw(f"{folder}/a.png", 0)
    world.draw(".hidden.png", 1)
    world.draw("seen.png", 2)
    if folder.startswith("private"):
        (world.root / "private" / ".nomedia").touch()

    report = world.add()

    assert report.seen == report.added == 1
    assert world.paths() == {"seen.png"}


def test_files_that_are_no_pictures_are_counted_and_left_alone(world: World) -> None:
    """By suffix, whatever its case; raw pictures are read, for they are somebody's photos."""
    for name in ("a.mp4", "b.MP4", "c.txt", "d.CR2"):
        (world.root / name).write_bytes(b"something")

    report = world.add()

    assert dict(report.left_alone) == {".mp4": 2, ".txt": 1}
    assert [Path(row.place.path).name for row in report.refused] == ["d.CR2"]


@pytest.mark.parametrize("name", ["photo", "photo.jpg", "photo.dng", "photo.JPEG"])
def test_a_picture_is_known_by_its_bytes_not_by_its_name(world: World, name: str) -> None:
    """A PNG by another name is a PNG."""
    world.draw(name, 0)

    assert world.add().added == 1
    assert [photo.format for photo in world.library.catalog.photos()] == ["PNG"]


@posix
@pytest.mark.parametrize(
    "name",
    [
        "two\nlines.png",
        os.fsdecode(b"latin-\xe9.png"),
        "n" * 251 + ".png",
        "quote'\"%s;--.png",
        "\u202etxt.png",
        "emoji \U0001f9d1\u200d\U0001f680.png",
        " .png",
        "[bold]red[/].png",
    ],
)
def test_any_name_that_a_file_can_have(world: World, name: str) -> None:
    """Line breaks, bytes that are no text, 255 bytes: added, known again, exported, moved."""
    try:
        path = world.draw(name, 0)
    except OSError as error:
        pytest.skip(f"this file system has no such names: {error}")
    catalog = world.library.catalog

    assert world.add().added == 1
    assert world.add().unchanged == 1
    assert [place.place.path for place in catalog.places()] == [str(path)]
    assert find_photo(catalog, str(path)).format == "PNG"
    assert [document["places"] for document in export_photos(catalog)] == [[str(path)]]
    assert [row["path"] for row in export_rows(catalog)] == [str(path)]
    path.rename(world.root / "plain.png")
    assert world.add().copies == 1


@posix
def test_links_to_files_are_followed_and_links_to_folders_are_not(world: World) -> None:
    """So a loop of folders ends, and no folder is looked through twice."""
    world.draw("folder/a.png", 0)
    (world.root / "link.png").symlink_to("folder/a.png")
    (world.root / "folder" / "loop").symlink_to(world.root, target_is_directory=True)

    report = world.add()

    assert (report.seen, report.added, report.copies) == (2, 1, 1)
    assert world.paths() == {"folder/a.png", "link.png"}


@posix
def test_what_cannot_be_read_as_a_file_is_named_and_holds_nothing_up(world: World) -> None:
    """A pipe, a socket, links to nowhere and to themselves, a folder called like a photo."""
    os.mkfifo(world.root / "pipe.jpg")
    with socket.socket(socket.AF_UNIX) as ear:
        ear.bind(os.path.relpath(world.root / "socket.jpg"))
    (world.root / "nowhere.jpg").symlink_to("absent.jpg")
    (world.root / "self.jpg").symlink_to("self.jpg")
    (world.root / "folder.jpg").mkdir()
    world.draw("folder.jpg/a.png", 0)

    report = world.add()

    named = " ".join(report.warnings + [row.reason for row in report.refused])
    assert world.paths() == {"folder.jpg/a.png"}
    for name in ("pipe.jpg", "socket.jpg", "nowhere.jpg", "self.jpg"):
        assert str(world.root / name) in named
    assert world.add().added == 0


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs Linux's /proc")
def test_a_file_that_cannot_be_read_is_named_and_tried_again(world: World) -> None:
    """A failing disk or a lack of permission says nothing of the photo: it is not remembered."""
    path = world.root / "a.png"
    path.symlink_to("/proc/self/mem")  # a regular file that cannot be read from its beginning

    for _ in range(2):
        report = world.add()
        assert [row.place.path for row in report.refused] == [str(path)]
        assert "cannot be read" in report.refused[0].reason
        assert list(world.library.catalog.problems()) == []
