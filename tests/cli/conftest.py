"""The program as its user runs it, and a small library of real faces."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from kith.cli.main import run
from kith.compose import open_library
from kith.config import Settings
from kith.pipeline.add import add


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command answered."""

    code: int
    out: str
    err: str


Ask = Callable[..., Answer]


@pytest.fixture
def ask(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Ask:
    """Runs a command with the library ``tmp_path/library``, and no other settings."""
    for variable in ("KITH_CONFIG", "KITH_PACK", "KITH_WORKERS", "KITH_DATABASE"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("KITH_LIBRARY", str(tmp_path / "library"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))

    def ask_(*arguments: str | Path) -> Answer:
        capfd.readouterr()
        code = run([str(argument) for argument in arguments])
        printed = capfd.readouterr()
        return Answer(code, printed.out, printed.err)

    return ask_


@pytest.fixture(scope="session")
def people(photos: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Small portraits of six people, two of each, and three pictures of one family."""
    root = tmp_path_factory.mktemp("people")
    for path in sorted((photos / "portraits").glob("0*/*.jpg"))[:12]:
        _shrink(path, root / f"{path.parent.name}-{path.name}", 320)
    for path in sorted((photos / "family").glob("*agung*.jpg")):
        _shrink(path, root / path.name, 900)
    return root


def _shrink(source: Path, target: Path, long_side: int) -> None:
    with Image.open(source) as image:
        image.thumbnail((long_side, long_side))
        image.save(target, quality=90)


@pytest.fixture(scope="session")
def filled(people: Path, weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of these people; copied before it is used."""
    folder = tmp_path_factory.mktemp("filled") / "library"
    with open_library(Settings(library=folder, models=weights), writing=True) as library:
        add(library, [people])
    return folder


@pytest.fixture
def library(filled: Path, tmp_path: Path, weights: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The library that ``ask`` uses, filled."""
    monkeypatch.setenv("KITH_MODELS", str(weights))
    return Path(shutil.copytree(filled, tmp_path / "library"))
