"""What the tests install for themselves: programs whose pins are at odds with those of the project.

Each lies in a folder of its own beside pytest's cache, and is installed once.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, cast

import pytest
from filelock import FileLock

CAREFULLY: Final[dict[str, Any]] = {"capture_output": True, "text": True, "timeout": 600}
"""How ``subprocess.run`` installs: quietly, but not without end."""


def install_once(folder: Path, install: Callable[[], None], name: str) -> None:
    """Install into a folder, unless it is whole already; of several processes, one does.

    Skips the test where it cannot be: without the index there is nothing to test with.

    Args:
        folder: is whole, and never changed again, as soon as a file ``whole`` lies in it.
        install: makes the folder, also where a half one stands.
        name: of what is installed, for the reason.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.with_name(f"{folder.name}.lock")):
        if (folder / "whole").exists():
            return
        try:
            install()
        except (OSError, subprocess.SubprocessError) as error:
            told = cast("str", getattr(error, "stderr", None) or error)
            pytest.skip(f"{name} cannot be installed here: {told}")
        (folder / "whole").touch()


def python_with(folder: Path, *packages: str) -> Path:
    """The Python of an environment that has these packages, which lies in this folder."""
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    # Where uv has made the environment of these tests, it makes this one as quickly.
    uv = shutil.which("uv", path=Path(sys.executable).parent)

    def install() -> None:
        venv.create(folder, with_pip=uv is None, clear=True)
        pip = [uv, "pip", "install", "--python", python] if uv else [python, "-m", "pip", "install"]
        subprocess.run([*pip, "--quiet", *packages], check=True, **CAREFULLY)

    install_once(folder, install, packages[0])
    return python
