"""Disks that are small, and folders that cannot be written to."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Generator
from contextlib import suppress
from pathlib import Path

import pytest


@pytest.fixture
def small_disk(tmp_path: Path) -> Generator[Path]:
    """A folder with room for one megabyte; only the superuser may make one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    try:
        _mount("-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder))
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"a small disk cannot be mounted here: {error}")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.fixture
def sealed() -> Generator[Callable[[Path], None]]:
    """Makes a folder read-only: by its mode, or for the superuser by a read-only mount."""
    done: list[Path] = []

    def seal(folder: Path) -> None:
        folder.chmod(0o500)
        done.append(folder)
        if os.access(folder, os.W_OK):
            try:
                _mount("--bind", str(folder), str(folder))
                _mount("-o", "remount,bind,ro", str(folder))
            except (OSError, subprocess.CalledProcessError) as error:
                pytest.skip(f"a folder cannot be mounted read-only here: {error}")

    yield seal
    for folder in done:
        subprocess.run(["umount", str(folder)], check=False, capture_output=True)
        with suppress(OSError):
            folder.chmod(0o700)


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True, capture_output=True)
