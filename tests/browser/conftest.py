"""Photos of people, a library of them, and a browser to look at it with."""

from __future__ import annotations

import shutil
from collections.abc import Generator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from browsing import chromium
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base
from playwright.sync_api import Browser

from kith.compose import open_library
from kith.config import Settings
from kith.pipeline.add import add

PEOPLE = 6
"""Of whom there are two portraits each."""

THINGS = 8
"""Photos with nobody in them."""

_FIRST = datetime(2022, 5, 14, 11, 30)  # noqa: DTZ001 - as cameras write it
_APART = timedelta(days=37, hours=3)


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Everything here needs a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def album_photos(photos: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Portraits, family pictures and things, over three years, as a camera would have left them."""
    root = tmp_path_factory.mktemp("album")
    portraits = sorted((photos / "portraits").glob("*/*.jpg"))[: 2 * PEOPLE]
    things = sorted((photos / "labels").rglob("*.jpg"))[:THINGS]
    sources = {
        "Portraits": portraits,
        "Family": sorted((photos / "family").glob("*.jpg")),
        "Here and there": things,
    }
    for folder, paths in sources.items():
        (root / folder).mkdir()
        for number, path in enumerate(paths):
            target = root / folder / f"{path.parent.name}-{path.stem}.jpg"
            _copy(path, target, _FIRST + _APART * number)
    return root


def _copy(source: Path, target: Path, taken: datetime) -> None:
    with Image.open(source) as image:
        image.thumbnail((1200, 1200))
        exif = Image.Exif()
        exif[Base.Make] = "Canon"
        exif[Base.Model] = "Canon EOS R6"
        exif.get_ifd(IFD.Exif)[Base.DateTimeOriginal] = taken.strftime("%Y:%m:%d %H:%M:%S")
        exif.get_ifd(IFD.GPSInfo).update(
            {
                GPS.GPSLatitudeRef: "N",
                GPS.GPSLatitude: (48.0, 8.0, 14.0),
                GPS.GPSLongitudeRef: "E",
                GPS.GPSLongitude: (11.0, 34.0, 31.0),
            }
        )
        image.convert("RGB").save(target, quality=88, exif=exif)


@pytest.fixture(scope="session")
def album_library(
    album_photos: Path, weights: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A library of these photos; ``copied`` makes one that may be changed."""
    folder = tmp_path_factory.mktemp("album-library") / "library"
    with open_library(Settings(library=folder, models=weights), writing=True) as library:
        add(library, [album_photos])
    return folder


@pytest.fixture(scope="module")
def own_library(album_library: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of these photos that is the module's own."""
    folder = tmp_path_factory.mktemp("own") / "library"
    shutil.copytree(album_library, folder)
    return folder


@pytest.fixture(scope="module")
def browser() -> Generator[Browser]:
    """Chromium, for the tests of one module."""
    with chromium() as opened:
        yield opened
