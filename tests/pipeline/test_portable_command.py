"""``kith import``, as its user runs it."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kith.adapters.catalog.sql import SqlCatalog
from kith.adapters.recognition.memory import DrawnFace, draw_picture, hue_of_person
from kith.cli.import_names import command
from kith.database.open import open_database
from kith.domain.errors import NotFoundError, UsageError
from kith.domain.face import Box
from kith.domain.region import NamedRegion
from kith.imaging.xmp.frame import Frame
from kith.imaging.xmp.write import with_regions
from kith.pipeline.add import add
from kith.pipeline.library import Library
from kith.ports.catalog import Catalog

BOX = Box(0.05, 0.1, 0.25, 0.5)

Import = Callable[..., Result]


@pytest.fixture
def catalog(tmp_path: Path) -> Generator[Catalog]:
    """The catalog of a library on disk, which the command opens, too."""
    (tmp_path / "library").mkdir()
    database = open_database(tmp_path / "library" / "library.db")
    yield SqlCatalog(database)
    database.close()


@pytest.fixture
def photos_of_ana(
    catalog: Catalog, library_of: Callable[[Catalog], Library], tmp_path: Path
) -> Path:
    """Two photos of one person, of which another program named one, and a broken sidecar."""
    root = tmp_path / "photos"
    root.mkdir()
    for name, gray in (("a.png", 200), ("b.png", 90)):
        (root / name).write_bytes(draw_picture([DrawnFace(hue_of_person(0), BOX)], gray=gray))
    add(library_of(catalog), [root])
    packet = with_regions(None, [NamedRegion("Ana", BOX)], Frame(640, 480), "a.png")
    (root / "a.png.xmp").write_bytes(packet.data)
    (root / "b.png.xmp").write_bytes(b"<x:xmpmeta")
    return root


@pytest.fixture
def import_(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Import:
    """Runs the command on that library."""
    for variable in ("KITH_CONFIG", "KITH_PACK", "KITH_WORKERS", "KITH_DATABASE"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("KITH_LIBRARY", str(tmp_path / "library"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))

    def run(*arguments: str | Path) -> Result:
        return CliRunner().invoke(command, [str(argument) for argument in arguments])

    return run


def test_a_plan_changes_nothing_and_the_import_does_what_it_says(
    catalog: Catalog, photos_of_ana: Path, import_: Import
) -> None:
    """The same rows in both, then nothing is left to do; what cannot be read is told each time."""
    planned = json.loads(import_("--xmp", photos_of_ana, "--plan", "--json").stdout)
    assert list(catalog.decisions()) == []

    done = json.loads(import_(photos_of_ana, "--json").stdout)
    again = json.loads(import_(photos_of_ana, "--json").stdout)

    assert done == planned | {"decisions": 1}
    assert [one["name"] for one in done["people"]] == ["Ana"]
    assert [one.person.name for one in catalog.people()] == ["Ana"]
    assert (again["people"], again["known"], again["decisions"]) == ([], 1, 0)
    assert [Path(one["path"]).name for one in again["problems"]] == ["b.png.xmp"]


def test_the_report_is_for_people(photos_of_ana: Path, import_: Import) -> None:
    """Who was named by how many faces, and what could not be read."""
    answer = import_(photos_of_ana)

    assert answer.exit_code == 0
    assert "2 photos looked at: 1 people were named by 1 faces" in answer.output
    assert "Not read (1):" in answer.output
    assert "b.png.xmp" in answer.output


def test_what_cannot_be_done_is_an_error_that_says_what_to_do(
    photos_of_ana: Path, import_: Import, tmp_path: Path
) -> None:
    """A folder without photos of the library, and one without digiKam's database."""
    assert isinstance(import_(tmp_path / "elsewhere").exception, NotFoundError)
    assert isinstance(import_("--digikam", photos_of_ana).exception, UsageError)
    assert import_().exit_code == 2
