"""What adding promises: known by content, repeatable, nothing lost, nothing twice."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kith.domain.errors import NotFoundError
from kith.pipeline.add_photo import add_photo, thumbnail_key
from kith.pipeline.decisions.corrections import name_person
from kith.pipeline.doctor import examine
from kith.pipeline.people import find_person

if TYPE_CHECKING:
    from tests.pipeline.conftest import World


def swap_secretly(path: Path, data: bytes) -> None:
    """Put other bytes of the same length in a file, and turn its clock back."""
    before = path.stat()
    assert len(data) <= before.st_size
    path.write_bytes(data.ljust(before.st_size, b"\0"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_photos_faces_people_and_thumbnails_are_kept(world: World) -> None:
    """One thumbnail per photo, one person per face that is like no other."""
    world.draw("both.png", 0, 1)
    world.draw("anna.png", 0, gray=90)
    world.draw("nobody.png")

    report = world.add()

    assert (report.added, report.faces, report.people) == (3, 3, 2)
    assert {*world.groups().values()} == {
        frozenset({"both.png", "anna.png"}),
        frozenset({"both.png"}),
    }
    thumbnails = {stored.key for stored in world.library.derived.list("thumbnails/")}
    assert thumbnails == {thumbnail_key(photo.id) for photo in world.library.catalog.photos()}
    assert examine(world.library) == []


def test_a_rerun_reads_no_file(world: World) -> None:
    """Known by size and time: bytes that changed behind both are not looked at."""
    photo = world.draw("a.png", 0)
    refused = world.root / "b.jpg"
    refused.write_bytes(b"no picture" * 200)
    first = world.add()
    swap_secretly(photo, b"")
    swap_secretly(refused, world.draw("c.png", 1).read_bytes())
    (world.root / "c.png").unlink()

    again = world.add()

    assert (again.seen, again.unchanged, again.added) == (2, 2, 0)
    assert again.refused == first.refused != []
    assert again.people == 1


def test_a_refused_file_is_looked_at_again_when_it_changed(world: World) -> None:
    """Its row goes, and the photo is there."""
    photo = world.draw("a.png", 0)
    whole = photo.read_bytes()
    photo.write_bytes(whole[: len(whole) // 2])
    assert [row.place.path for row in world.add().refused] == [str(photo)]

    photo.write_bytes(whole)
    report = world.add()

    assert (report.added, report.refused) == (1, [])
    assert world.add().unchanged == 1


def test_a_photo_that_breaks_is_no_photo_at_its_place_but_is_not_forgotten(world: World) -> None:
    """The file is refused from now on; the photo has lost a place, not its people."""
    photo = world.draw("a.png", 0)
    world.add()
    photo.write_bytes(b"scrambled")

    report = world.add()

    assert [row.place.path for row in report.refused] == [str(photo)]
    assert world.paths() == set()
    assert world.library.catalog.counts().photos == 1
    assert [finding.what for finding in examine(world.library)] == ["lost photos"]


def test_moving_and_renaming_keeps_ids_people_and_names(world: World) -> None:
    """The places follow the files; nothing else changes."""
    world.draw("old/1.png", 0)
    world.draw("old/2.png", 0, 1, gray=120)
    world.add()
    person = world.person_in("old/1.png")
    catalog = world.library.catalog
    name_person(catalog, catalog.person(person), "Anna", by="test")
    faces = list(catalog.faces())
    (world.root / "old").rename(world.root / "new")
    (world.root / "new" / "1.png").rename(world.root / "new" / "first.png")

    report = world.add()

    assert (report.added, report.copies, report.gone) == (0, 2, 2)
    assert world.paths() == {"new/first.png", "new/2.png"}
    assert list(catalog.faces()) == faces
    assert find_person(catalog, "Anna").id == person
    assert world.groups()[person] == {"new/first.png", "new/2.png"}


@pytest.mark.parametrize("apart", [0, 30])
def test_copies_are_one_photo_with_several_places(world: World, apart: int) -> None:
    """Whether they are met together, or after many others, and whichever goes."""
    original = world.draw("a.png", 0)
    for number in range(apart):
        world.draw(f"b{number:02}.png", gray=40 + number)
    shutil.copy(original, world.root / "c.png")

    report = world.add()

    assert (report.added, report.copies) == (1 + apart, 1)
    assert {"a.png", "c.png"} <= world.paths()
    assert world.add().unchanged == 2 + apart
    original.unlink()
    assert world.add().gone == 1
    assert "c.png" in world.paths()
    assert world.library.catalog.counts().photos == 1 + apart


def test_a_changed_file_is_a_new_photo_and_its_place_goes_along(world: World) -> None:
    """The old photo is known still, but lies nowhere."""
    photo = world.draw("a.png", 0)
    world.add()
    (old,) = world.library.catalog.photos()
    world.draw("a.png", 1, gray=60)

    report = world.add()

    new = next(one for one in world.library.catalog.photos() if one.id != old.id)
    places = world.library.catalog.places_of([old.id, new.id])
    assert (report.added, report.gone) == (1, 0)
    assert places[old.id] == ()
    assert [place.path for place in places[new.id]] == [str(photo)]


def test_an_empty_root_keeps_what_was_known_and_warns(world: World) -> None:
    """A disk that is not connected looks like a folder without photos."""
    world.draw("a.png", 0)
    world.add()
    (world.root / "a.png").unlink()

    report = world.add()

    assert world.paths() == {"a.png"}
    assert report.gone == 0
    assert "kith doctor --fix" in report.warnings[0]


def test_files_that_are_gone_lose_their_place_and_are_known_when_they_are_back(
    world: World,
) -> None:
    """Their faces and people wait."""
    photo = world.draw("a.png", 0)
    world.draw("b.png", 1)
    world.add()
    person = world.person_in("a.png")
    data = photo.read_bytes()
    photo.unlink()
    assert world.add().gone == 1

    photo.write_bytes(data)
    report = world.add()

    assert (report.added, report.copies) == (0, 1)
    assert world.person_in("a.png") == person


def test_a_path_that_is_not_there_stops_before_anything_is_added(world: World) -> None:
    """So that a slip of the hand changes nothing."""
    world.draw("a.png", 0)

    with pytest.raises(NotFoundError, match="absent"):
        world.add(world.root, world.root / "absent")

    assert world.library.catalog.counts().photos == 0


def test_overlapping_and_relative_paths_are_looked_through_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder, a folder in it, a file in it, and the same by a roundabout way."""
    photo = world.draw("deep/a.png", 0)
    monkeypatch.chdir(world.root / "deep")

    first = world.add(world.root, photo.parent, photo, Path("../deep/a.png"), Path(".."))
    again = world.add(Path("a.png"))

    assert (first.seen, first.added) == (1, 1)
    assert (again.seen, again.unchanged) == (1, 1)
    assert world.paths() == {"deep/a.png"}


def test_a_folder_reached_over_a_link_and_back_is_the_one_the_system_means(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``link/..`` is where the link leads, not where it lies."""
    photo = world.draw("far/inside/a.png", 0)
    (world.root / "near").mkdir()
    (world.root / "near" / "link").symlink_to(photo.parent)
    monkeypatch.chdir(world.root / "near")

    world.add(Path("link/.."))

    assert world.paths() == {"far/inside/a.png"}


def test_who_is_who_does_not_depend_on_how_many_are_added_at_once(world: World) -> None:
    """Photo by photo, in the same order, gives the same people with the same ids."""
    paths = [
        world.draw(f"{number:02}.png", number % 5, 5 + number % 3, gray=50 + number)
        for number in range(24)
    ]
    world.add()
    together = world.groups()
    catalog = world.library.catalog
    world.library.collection.forget([face.id for face in catalog.faces()])
    catalog.remove_photos([photo.id for photo in catalog.photos()])
    assert world.groups() == {}

    heard: list[Path] = []
    for path in paths:
        add_photo(world.library, path, lambda arrival: heard.append(Path(arrival.place.path)))

    assert world.groups() == together
    assert heard == paths
