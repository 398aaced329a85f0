"""Names from digiKam's database become names in the library."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from portable_names import PLACES, carry_out, ignore, names

from kith.domain.errors import UsageError
from kith.domain.face import Box
from kith.pipeline.portable.digikam import DATABASE_NAME, find_databases
from kith.pipeline.portable.plan import plan_import
from kith.pipeline.portable.sources import from_digikam

if TYPE_CHECKING:
    from tests.pipeline.conftest import World


@pytest.fixture
def digikam(tmp_path: Path) -> Callable[..., Path]:
    """Makes a database with digiKam's tables and these photos in one album root."""

    def make(identifier: str, specific: str, rows: Sequence[tuple[object, ...]]) -> Path:
        path = tmp_path / "dk" / DATABASE_NAME
        path.parent.mkdir()
        with closing(sqlite3.connect(path)) as database, database:
            database.executescript(TABLES)
            database.execute("INSERT INTO AlbumRoots VALUES (1, ?, ?)", (identifier, specific))
            for number, row in enumerate(rows):
                album, name, byte_size, width, height, orientation, person, kind, region = row
                for table, values in (
                    ("Albums", (number, 1, album)),
                    ("Images", (number, number, name, 1, byte_size)),
                    ("ImageInformation", (number, width, height, orientation)),
                    ("Tags", (number, person)),
                    ("TagProperties", (number, "person", person)),
                    ("ImageTagProperties", (number, number, kind, region)),
                ):
                    marks = ", ".join("?" * len(values))
                    database.execute(f"INSERT INTO {table} VALUES ({marks})", values)
        return path

    return make


def rect(box: Box, width: int, height: int) -> str:
    """A box as digiKam writes it, in a picture of this upright size."""
    numbers = (box.left * width, box.top * height, box.width * width, box.height * height)
    x, y, w, h = map(round, numbers)
    return f'<rect x="{x}" y="{y}" width="{w}" height="{h}"/>'


def test_digikam_names_find_their_photos(world: World, digikam: Callable[..., Path]) -> None:
    """By path, or by name and size and folder; what digiKam only supposes is no name."""
    for name, gray in (("x y/a.png", 200), ("x y/b.png", 190), ("z/b.png", 180)):
        world.draw(name, ord(name[-5]) - ord("a"), gray=gray)
    world.add()
    size = {one.place.path: one.place.byte_size for one in world.library.catalog.places()}
    b = size[str(world.root / "z/b.png")]
    here = rect(PLACES[0], 1000, 500)
    database = digikam(
        f"volumeid:?path={str(world.root).replace('/', '%2F')}&fileuuid=1",
        "/",
        [
            # Stored lying, shown upright: rectangles are those of the upright picture.
            ("/x y", "a.png", 1, 500, 1000, 6, "Ana", "tagRegion", here),
            ("/x y", "b.png", b, 1000, 500, 1, "Ben", "autodetectedPerson", here),
            ("/gone", "c.png", 1, 1000, 500, 1, "Cleo", "tagRegion", here),
            ("/x y", "d.png", 1, None, None, 1, "Dora", "tagRegion", here),
        ],
    )
    catalog = world.library.catalog

    marked = from_digikam(catalog, list(find_databases([database.parent])), ignore)
    plan = plan_import(catalog, "digikam", marked)
    carry_out(world, plan)

    assert names(world) == {"Ana": frozenset({"x y/a.png"})}
    assert len(plan.problems) == 2
    assert plan.photos == 3


def test_a_digikam_library_may_have_moved(world: World, digikam: Callable[..., Path]) -> None:
    """Volumes known by number: of files of one name and size, the folder decides, else nobody."""
    first = world.draw("new/x/b.png", 0, gray=200)
    other = world.draw("new/y/b.png", 1, gray=200)
    # Bytes behind a PNG's end change nothing but the size.
    sizes = [path.stat().st_size for path in (first, other)]
    for path, size in zip((first, other), sizes, strict=True):
        path.write_bytes(path.read_bytes() + bytes(max(sizes) - size))
    world.add()
    row = ("b.png", max(sizes), 640, 480, 1)
    face = ("tagRegion", rect(PLACES[0], 640, 480))
    rows = [("/x", *row, "Ana", *face), ("/elsewhere", *row, "Eve", *face)]
    database = digikam("volumeid:?uuid=1234-5678", "/home/me/old", rows)
    catalog = world.library.catalog

    plan = plan_import(catalog, "digikam", from_digikam(catalog, [database], ignore))
    carry_out(world, plan)

    assert names(world) == {"Ana": frozenset({"new/x/b.png"})}
    assert [one.path.as_posix() for one in plan.problems] == ["home/me/old/elsewhere/b.png"]


def test_what_is_no_digikam_database_is_refused_by_name(world: World, tmp_path: Path) -> None:
    """A folder without one, and a file that is something else; nothing is written to it."""
    other = tmp_path / "other.db"
    other.write_bytes(b"something else, and long enough to be looked at twice" * 20)
    before = other.read_bytes()

    with pytest.raises(UsageError, match=r"other\.db"):
        from_digikam(world.library.catalog, [other], ignore)
    with pytest.raises(UsageError, match=DATABASE_NAME):
        list(find_databases([tmp_path]))
    assert other.read_bytes() == before


TABLES = """
CREATE TABLE AlbumRoots (id INTEGER PRIMARY KEY, identifier TEXT, specificPath TEXT);
CREATE TABLE Albums (id INTEGER PRIMARY KEY, albumRoot INTEGER, relativePath TEXT);
CREATE TABLE Images (id INTEGER PRIMARY KEY, album INTEGER, name TEXT, status INTEGER,
                     fileSize INTEGER);
CREATE TABLE ImageInformation (imageid INTEGER PRIMARY KEY, width INTEGER, height INTEGER,
                               orientation INTEGER);
CREATE TABLE Tags (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE TagProperties (tagid INTEGER, property TEXT, value TEXT);
CREATE TABLE ImageTagProperties (imageid INTEGER, tagid INTEGER, property TEXT, value TEXT);
"""
"""The columns that count, as digiKam names them (its ``dbconfig.xml``)."""
