"""A served library of real faces, and somebody at its own machine who asks it things."""

from __future__ import annotations

import shutil
from collections.abc import Generator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from PIL import Image
from PIL.ExifTags import Base

from kith.compose import open_library
from kith.compose.web import open_services
from kith.config import Settings
from kith.pipeline.add import add
from kith.web.app import create_app
from kith.web.services import Services

PEOPLE = 3
"""Of whom there are two portraits each."""


@pytest.fixture(scope="session")
def photo_folder(photos: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two portraits each of three people, a month apart, family pictures, and what is no photo."""
    root = tmp_path_factory.mktemp("photos")
    portraits = sorted((photos / "portraits").glob("0*/*.jpg"))[: 2 * PEOPLE]
    for number, path in enumerate(portraits):
        taken = datetime(2024, 1, 15, 12) + timedelta(days=30 * number)  # noqa: DTZ001 - as EXIF
        _copy(path, root / "portraits" / f"{path.parent.name}-{path.name}", 640, taken)
    for path in sorted((photos / "family").glob("*agung*.jpg")):
        _copy(path, root / "family" / path.name, 1200, None)
    (root / "broken.jpg").write_bytes(b"\xff\xd8\xff nothing else")
    return root


def _copy(source: Path, target: Path, long_side: int, taken: datetime | None) -> None:
    target.parent.mkdir(exist_ok=True)
    with Image.open(source) as image:
        image.thumbnail((long_side, long_side))
        exif = Image.Exif()
        if taken is not None:
            exif[Base.DateTime] = taken.strftime("%Y:%m:%d %H:%M:%S")
            exif[Base.Make] = "Canon"
        image.save(target, quality=90, exif=exif)


@pytest.fixture(scope="session")
def filled_library(
    photo_folder: Path, weights: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A library of these photos; copy it before anything is changed."""
    folder = tmp_path_factory.mktemp("filled") / "library"
    with open_library(Settings(library=folder, models=weights, workers=1), writing=True) as library:
        add(library, [photo_folder])
    return folder


@pytest.fixture
def settings(filled_library: Path, weights: Path, tmp_path: Path) -> Settings:
    """The settings of a library that is the test's own."""
    folder = tmp_path / "library"
    shutil.copytree(filled_library, folder)
    return Settings(library=folder, models=weights, workers=1)


@pytest.fixture
def services(settings: Settings) -> Generator[Services]:
    """The library, opened as the server opens it."""
    with open_services(settings) as opened:
        yield opened


@pytest.fixture
def app(services: Services) -> FastAPI:
    """The application over the library."""
    return create_app(services)


@pytest.fixture
def client(app: FastAPI) -> Generator[TestClient]:
    """The owner at the machine itself, without a login, and with the token against forgery."""
    with TestClient(app, base_url="http://localhost") as asking:
        session = asking.get("/api/v1/session").json()
        asking.headers["X-Kith-CSRF"] = session["csrf"]
        yield asking
