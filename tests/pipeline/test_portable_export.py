"""The library's names in sidecars and in photos, for other programs and for exiftool."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kith.compose import open_library
from kith.config import Settings
from kith.domain.errors import UsageError
from kith.domain.face import Box
from kith.domain.region import NamedRegion
from kith.imaging.xmp.frame import Frame
from kith.imaging.xmp.write import with_regions
from kith.pipeline.add import add
from kith.pipeline.decisions.corrections import name_person, set_consent
from kith.pipeline.portable.apply import apply
from kith.pipeline.portable.embed import find_exiftool
from kith.pipeline.portable.export_xmp import (
    RenamedRegion,
    XmpReport,
    write_into_photos,
    write_sidecars,
)
from kith.pipeline.portable.plan import plan_import
from kith.pipeline.portable.sources import from_xmp

if TYPE_CHECKING:
    from tests.pipeline.conftest import World


@pytest.fixture(scope="session")
def exiftool() -> str:
    """The exiftool program."""
    found = shutil.which("exiftool")
    if found is None:
        pytest.skip("exiftool is not installed; on Debian: apt install libimage-exiftool-perl")
    return found


def ignore(done: int, total: int) -> None:
    """Progress that nobody watches."""


def regions_of(exiftool: str, path: Path) -> list[dict[str, Any]]:
    """The regions that exiftool finds in a file."""
    done = subprocess.run(
        [exiftool, "-struct", "-json", "-n", "-XMP-mwg-rs:all", path],
        capture_output=True,
        check=True,
    )
    info: dict[str, Any] = json.loads(done.stdout)[0].get("RegionInfo", {})
    return info.get("RegionList", [])


def name(world: World, photo: str, called: str) -> None:
    """Name who is alone in a photo."""
    catalog = world.library.catalog
    name_person(catalog, catalog.person(world.person_in(photo)), called, by="test")


@pytest.fixture
def named(world: World) -> World:
    """A library in which Ana is in two photos, once beside someone without a name."""
    world.draw("one.png", 0)
    world.draw("in/both.png", 0, 1)
    world.draw("nobody.png", 2)
    world.add()
    name(world, "one.png", "Ana")
    return world


def test_everyone_with_a_name_is_written_beside_the_photos(named: World, exiftool: str) -> None:
    """And a second run changes nothing."""
    catalog = named.library.catalog

    report = write_sidecars(catalog)

    assert sorted(path.relative_to(named.root).as_posix() for path in report.written) == [
        "in/both.png.xmp",
        "one.png.xmp",
    ]
    for path in report.written:
        assert [region["Name"] for region in regions_of(exiftool, path)] == ["Ana"]
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in report.written}
    assert write_sidecars(catalog) == XmpReport(unchanged=2)
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in before} == before
    assert not [*named.root.rglob(".kith-*")]


def test_a_tree_of_sidecars_can_be_copied_over_the_photos(named: World, tmp_path: Path) -> None:
    """It repeats what is in the sidecars beside them, and leaves these alone."""
    beside = named.root / "one.png.xmp"
    rex = NamedRegion("Rex", Box(0.8, 0.8, 0.1, 0.1))
    beside.write_bytes(with_regions(None, [rex], Frame(640, 480), "x").data)
    before = beside.read_bytes()

    report = write_sidecars(named.library.catalog, tmp_path / "out")

    below = tmp_path / "out" / Path(*beside.parts[1:])
    assert sorted(report.written) == sorted([below, below.parent / "in/both.png.xmp"])
    assert b"Rex" in below.read_bytes()
    assert b"Ana" in below.read_bytes()
    assert beside.read_bytes() == before
    assert write_sidecars(named.library.catalog, tmp_path / "out").written == []


def test_the_sidecar_that_is_there_is_the_one_that_is_written(named: World) -> None:
    """In Adobe's place, with its permissions, through a link; the name it had is told."""
    box = Box(0.06, 0.12, 0.25, 0.5)  # near where the first person is drawn
    real, link = named.root / "elsewhere" / "real.xmp", named.root / "one.xmp"
    real.parent.mkdir()
    data = with_regions(None, [NamedRegion("Anna", box)], Frame(640, 480), "x").data
    real.write_bytes(data)
    real.chmod(0o640)
    link.symlink_to(real)

    report = write_sidecars(named.library.catalog)

    assert link in report.written
    assert report.renamed == [RenamedRegion(link, "Anna", "Ana")]
    assert link.is_symlink()
    assert real.read_bytes() == data.replace(b"Anna", b"Ana")
    assert real.stat().st_mode & 0o777 == 0o640
    assert not (named.root / "one.png.xmp").exists()


def test_a_new_sidecar_repeats_what_only_the_photo_says(world: World, exiftool: str) -> None:
    """For programs that read it no longer look into the photo."""
    photo = world.draw("one.png", 0)
    far = NamedRegion("Far", Box(0.8, 0.8, 0.1, 0.1))
    source = world.root / "x.xmp"
    source.write_bytes(with_regions(None, [far], Frame(640, 480), "x").data)
    subprocess.run([exiftool, "-q", "-overwrite_original", f"-XMP<={source}", photo], check=True)
    source.unlink()
    world.add()
    name(world, "one.png", "Ana")

    (sidecar,) = write_sidecars(world.library.catalog).written

    assert [region["Name"] for region in regions_of(exiftool, sidecar)] == ["Ana", "Far"]


def test_a_sidecar_that_cannot_be_read_is_never_overwritten(named: World) -> None:
    """It is a row in the report, and the others are written."""
    broken = named.root / "one.png.xmp"
    broken.write_bytes(b"<x:xmpmeta")

    report = write_sidecars(named.library.catalog)

    assert broken.read_bytes() == b"<x:xmpmeta"
    assert ["one.png.xmp" in one.reason for one in report.problems] == [True]
    assert [path.name for path in report.written] == ["both.png.xmp"]


def test_a_photo_that_is_gone_or_changed_is_a_row(named: World) -> None:
    """Its faces may be elsewhere now."""
    (named.root / "one.png").unlink()
    changed = named.root / "in/both.png"
    changed.write_bytes(changed.read_bytes() + b"\0")

    report = write_sidecars(named.library.catalog)

    assert report.written == []
    assert sorted(one.path.name for one in report.problems) == ["both.png", "one.png"]


def test_who_refused_to_be_recognized_is_written_nowhere(named: World) -> None:
    """Consent counts for what leaves the library, too."""
    catalog = named.library.catalog
    set_consent(catalog, catalog.person(named.person_in("one.png")), False, by="test")

    assert write_sidecars(catalog) == XmpReport()


def test_photos_are_changed_as_a_whole_or_not_at_all(named: World, exiftool: str) -> None:
    """Names go into the photo, which stays the same picture; then there is nothing left to do."""
    catalog = named.library.catalog
    mode = (named.root / "one.png").stat().st_mode

    report = write_into_photos(catalog)

    assert sorted(path.name for path in report.written) == ["both.png", "one.png"]
    for path in report.written:
        assert [region["Name"] for region in regions_of(exiftool, path)] == ["Ana"]
    assert (named.root / "one.png").stat().st_mode == mode
    assert not [*named.root.rglob(".kith-*")]
    # What was changed is a new photo to the library until it is added.
    assert len(write_into_photos(catalog).problems) == 2
    named.add()
    assert write_into_photos(catalog).written == []


def test_what_exiftool_cannot_write_stays_as_it_is(
    named: World, exiftool: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that fails, or writes something else: the photo is untouched, and it is a row."""
    assert exiftool
    photo = named.root / "one.png"
    before = photo.read_bytes()
    for script in ("exit 1", "exit 0", 'for last; do :; done; echo x > "$last"'):
        program = tmp_path / "bin" / "exiftool"
        program.parent.mkdir(exist_ok=True)
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        with monkeypatch.context() as patch:
            patch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
            report = write_into_photos(named.library.catalog)

        assert report.written == []
        assert len(report.problems) == 2
        assert photo.read_bytes() == before
        assert not [*named.root.rglob(".kith-*")]


def test_without_exiftool_the_user_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which package to install, and that sidecars need nothing."""
    monkeypatch.setenv("PATH", "")

    with pytest.raises(UsageError, match="exiftool") as error:
        find_exiftool()

    assert "libimage-exiftool-perl" in error.value.advice


@pytest.mark.weights
@pytest.mark.photos
def test_names_travel_through_real_photos(
    photos: Path, weights: Path, exiftool: str, tmp_path: Path
) -> None:
    """Those that digiKam gave, in a photo and a turned copy, and back in sidecars of our own."""
    root = tmp_path / "photos"
    root.mkdir()
    for photo in (photos / "odd/immich-test-assets/metadata/faces").iterdir():
        shutil.copyfile(photo, root / photo.name)
    settings = Settings(library=tmp_path / "library", models=weights)
    with open_library(settings, writing=True) as library:
        add(library, [root])
        catalog = library.catalog
        plan = plan_import(catalog, "xmp", from_xmp(catalog, [root], ignore))
        apply(catalog, plan, progress=ignore)
        people = {one.person.name: one.photo_count for one in catalog.people()}
        report = write_sidecars(catalog)

    assert (plan.conflicts, plan.unmatched, plan.problems) == ((), (), ())
    assert people == {"Marie Curie": 2, "Pierre Curie": 2}
    assert len(report.written) == 2
    for sidecar in report.written:
        ours = regions_of(exiftool, sidecar)
        theirs = regions_of(exiftool, sidecar.with_suffix(""))
        for mine, other in zip(ours, theirs, strict=True):
            assert mine["Name"] == other["Name"]
            for axis in "XY":
                assert mine["Area"][axis] == pytest.approx(other["Area"][axis], abs=0.03)
