"""Resized copies of every photo: made once, made anew when they are to be others, and no loops."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kith.adapters.storage.filesystem import FilesystemStorage
from kith.adapters.storage.memory import MemoryStorage
from kith.domain.errors import SettingError, UsageError
from kith.domain.rendition import Form, Format, Metadata
from kith.imaging.picture import Picture
from kith.pipeline.renditions.make import (
    Rendering,
    RenderReport,
    key_of,
    make_lacking,
    refuse_loops,
)
from kith.pipeline.renditions.settings import RenditionSettings, read_renditions

if TYPE_CHECKING:
    from tests.pipeline.conftest import World

SMALL = Form(long_side=40)


@pytest.fixture
def rendering() -> Rendering:
    """Small copies, in memory."""
    return Rendering("small", "memory", SMALL, MemoryStorage())


def make(world: World, rendering: Rendering, **more: Any) -> RenderReport:
    """Make what is lacking."""
    library = world.library
    return make_lacking(library.catalog, library.originals, rendering, **more, workers=2)


def copies(rendering: Rendering) -> list[str]:
    """The names of the copies."""
    keys = [one.key for one in rendering.storage.list()]
    return [key for key in keys if key.endswith(rendering.form.format.suffix)]


def test_every_photo_gets_a_copy_once(world: World, rendering: Rendering) -> None:
    """Copies of one photo are one; a second run makes what came since."""
    world.draw("a.png", 0)
    world.draw("copy.png", 0)
    world.draw("b.png", 1)
    world.add()

    assert make(world, rendering) == RenderReport(made=2)
    names = copies(rendering)
    photos = list(world.library.catalog.photos())
    assert names == sorted(key_of(photo, SMALL) for photo in photos)
    assert all(name.startswith("undated/") for name in names)
    sizes = {Picture(rendering.storage.read(name)).width for name in names}
    assert sizes == {40}

    world.draw("c.png", 2)
    world.add()
    assert make(world, rendering) == RenderReport(made=1, there=2)


def test_only_these_photos_are_looked_at(world: World, rendering: Rendering) -> None:
    """As a watch does it for what has arrived."""
    world.draw("a.png", 0)
    world.draw("b.png", 1)
    world.add()
    photo, _ = world.library.catalog.photos()

    assert make(world, rendering, photo_ids=[photo.id]).made == 1
    assert make(world, rendering, photo_ids=[photo.id]).there == 1
    assert copies(rendering) == [key_of(photo, SMALL)]


@pytest.mark.parametrize("kept", ["memory", "folder"])
def test_copies_of_another_form_are_made_anew(
    world: World, rendering: Rendering, kept: str, tmp_path: Path
) -> None:
    """All of them, and those alone that are not yet, when that is interrupted."""
    if kept == "folder":
        rendering = replace(rendering, storage=FilesystemStorage(tmp_path / "copies"))
    for number in range(4):
        world.draw(f"{number}.png", 0, gray=number)
    world.add()
    make(world, rendering)
    larger = replace(rendering, form=replace(SMALL, long_side=60))

    def stop(done: int, _total: int) -> None:
        if done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make(world, larger, listener=stop)
    report = make(world, larger)

    assert report.made < 4
    assert report.made + report.there == 4
    widths = {Picture(larger.storage.read(name)).width for name in copies(larger)}
    assert widths == {60}
    assert make(world, larger).there == 4


def test_what_cannot_be_made_is_a_row(world: World, rendering: Rendering) -> None:
    """A photo whose file is gone; it gets its copy when the file is back."""
    path = world.draw("a.png", 0)
    world.draw("b.png", 1)
    world.add()
    data = path.read_bytes()
    path.unlink()

    report = make(world, rendering)
    assert (report.made, len(report.refused)) == (1, 1)

    path.write_bytes(data)
    assert make(world, rendering) == RenderReport(made=1, there=1)


def test_copies_never_go_where_photos_come_from(world: World) -> None:
    """Below a folder that is added or watched, an address of the same kind, or among photos."""
    world.draw("in/a.png", 0)
    world.add()
    catalog, root = world.library.catalog, world.root

    for to, watched in (
        (str(root), [root]),
        (str(root / "copies"), [root]),
        ("s3://bucket/in/copies", ["s3://bucket/in"]),
        (str(root / "in"), []),
    ):
        with pytest.raises(UsageError):
            refuse_loops([to], catalog, watched)
    refuse_loops([str(root) + "-copies", "s3://bucket/inner"], catalog, [root, "s3://bucket/in"])


def test_the_settings_say_what_copies_are_like() -> None:
    """Every key, and what holds where one is absent."""
    (frame, web) = read_renditions(
        {
            "web": {"to": "s3://bucket/web/"},
            "frame": {
                "to": "~/frame",
                "width": 1920,
                "height": 1080,
                "format": "avif",
                "quality": 50,
                "metadata": "without-place",
            },
        }
    )

    assert web == RenditionSettings("web", "s3://bucket/web", Form())
    assert frame == RenditionSettings(
        "frame",
        str(Path.home() / "frame"),
        Form(cover=(1920, 1080), format=Format.AVIF, quality=50, metadata=Metadata.WITHOUT_PLACE),
    )


@pytest.mark.parametrize(
    "table",
    [
        {},
        {"to": ""},
        {"to": "/a", "size": 5},
        {"to": "/a", "long_side": 0},
        {"to": "/a", "long_side": "large"},
        {"to": "/a", "long_side": True},
        {"to": "/a", "quality": 101},
        {"to": "/a", "width": 5},
        {"to": "/a", "width": 5, "height": 5, "long_side": 5},
        {"to": "/a", "format": "gif"},
        {"to": "/a", "metadata": "some"},
        "s3://bucket",
    ],
    ids=json.dumps,
)
def test_settings_that_cannot_be_are_refused(table: Any) -> None:
    """With the rendition's name, and what could be said."""
    with pytest.raises(SettingError, match=r"web|Renditions"):
        read_renditions({"web": table})
