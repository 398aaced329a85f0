"""Puts the functions and what they need into a zip for Lambda: ``python -m kith.lambdas.package``.

The zip holds wheels of the versions that are installed here, which are those that the tests ran
with, for Lambda's processor instead of this one. Made twice of the same, its bytes are the same.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import distributions
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from typing import Final

import kith
from kith.domain.errors import KithError, SettingError

PYTHON: Final = "3.13"
"""Lambda's runtime that the zip is for."""

ARCHITECTURES: Final = {"arm64": "aarch64", "x86_64": "x86_64"}
"""As Lambda calls them, and as wheels do."""

MOST_ZIPPED: Final = 50_000_000
"""Bytes. More cannot be handed to Lambda directly, only by way of S3 (Lambda quotas)."""

MOST_UNZIPPED: Final = 250_000_000
"""Bytes. More does not run (Lambda quotas)."""

NEEDED: Final = (
    "argon2-cffi",
    "aws-lambda-powertools",
    "aws-xray-sdk",
    "boto3",
    "fastapi",
    "mangum",
    "numpy",
    "pillow",
    "pillow-heif",
    "platformdirs",
    "python-multipart",
)
"""What the functions import. Not the local engine, which alone would be too large (OpenVINO), nor
SQL: the faces are with Rekognition, and the record is in DynamoDB. boto3 is in Lambda's runtime,
but which one changes from day to day; here it is the one that was tested, for 3 MB."""

_GLIBC: Final = "manylinux_2_28"
"""The C library that wheels may ask for; Amazon Linux 2023 has 2.34."""

_SERVICES: Final = frozenset({"dynamodb", "rekognition", "s3", "secretsmanager", "sns", "sqs"})
"""Of the 400 that botocore describes, 27 MB, those that the functions talk to."""

_NOT_OURS: Final = shutil.ignore_patterns(
    "__pycache__", "cli", "infra", "listening", "rekognition_server", "static"
)
"""Of Kith's own files: doors that no function opens, Terraform's, and the page, which lies in a
bucket."""

_THOROUGH: Final = 6
"""zlib's level: 9 takes three times as long for 1 % less."""

_WRITTEN: Final = (1980, 1, 1, 0, 0, 0)
"""When every file was changed: the first moment that a zip can name."""


@dataclass(frozen=True, slots=True)
class Package:
    """A zip for Lambda.

    Attributes:
        path: where it is.
        architecture: the processor that it is for.
        byte_size: its length.
        unzipped: bytes of all its files.
        sha256: of its bytes, in hex.
        compiled: whether its modules are; else every start of a container takes three times as
            long, for want of Lambda's Python on the machine where it was made.
    """

    path: Path
    architecture: str
    byte_size: int
    unzipped: int
    sha256: str
    compiled: bool


def build(architecture: str, path: Path, needed: Sequence[str] = NEEDED) -> Package:
    """Make the zip.

    Args:
        architecture: one of ``ARCHITECTURES``.
        path: where to put it; what is there is replaced, once the new one is whole.
        needed: packages that come along, with what they need themselves.

    Raises:
        SettingError: there is no such architecture, or neither uv nor pip to fetch wheels with.
        KithError: the wheels could not be had, or the zip is larger than Lambda takes.
    """
    if architecture not in ARCHITECTURES:
        raise SettingError(f"Lambda knows no architecture {architecture!r}")
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".lambda-") as scratch:
        task, partial = Path(scratch, "task"), Path(scratch, "zip")
        fetch(ARCHITECTURES[architecture], needed, task)
        shutil.copytree(Path(kith.__file__).parent, task / "kith", ignore=_NOT_OURS)
        compiled = _compile(task)
        unzipped = _write_zip(partial, _needed_files(task))
        data = partial.read_bytes()
        _require_fit(len(data), unzipped)
        partial.replace(path)
    digest = hashlib.sha256(data).hexdigest()
    return Package(path, architecture, len(data), unzipped, digest, compiled=compiled)


def fetch(machine: str, needed: Sequence[str], folder: Path, *, pinned: bool = True) -> None:
    """Unpack wheels for a machine, as wheels call it, and those that they need, into a folder.

    Args:
        machine: such as ``aarch64``.
        needed: the packages.
        folder: beside which nothing of that name with ``.txt`` is.
        pinned: in the versions that are installed here.

    Raises:
        SettingError: not all are installed here.
        KithError: they could not be had.
    """
    command = [*_installer(machine), "--target", str(folder), *needed]
    if pinned:
        versions = folder.with_suffix(".txt")
        versions.write_text(_versions(needed), encoding="utf-8")
        command += ["--constraint", str(versions)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    if done.returncode:
        raise KithError(f"The wheels cannot be had: {done.stderr.strip() or done.stdout.strip()}")


def _versions(needed: Sequence[str]) -> str:
    """What is installed here, as installers are told; all of what is needed must be."""
    installed = {each.name.lower().replace("_", "-"): each.version for each in distributions()}
    if missing := [name for name in needed if name not in installed]:
        what = f"Not installed here: {', '.join(missing)}"
        raise SettingError(what, "pip install 'kith[lambda]'")
    return "\n".join(f"{name}=={installed[name]}" for name in sorted(installed.keys() - {"kith"}))


def _installer(machine: str) -> Sequence[str]:
    """What installs wheels for another machine: uv if it is there, else pip."""
    only = ["--only-binary", ":all:", "--python-version", PYTHON]
    if uv := _uv():
        platform = ["--python-platform", f"{machine}-{_GLIBC}", "--no-compile", "--no-config"]
        return [uv, "pip", "install", "--quiet", *only, *platform]
    if find_spec("pip") is None:
        raise SettingError("There is neither uv nor pip to fetch wheels with", "pip install uv")
    platforms = [f"--platform={each}_{machine}" for each in (_GLIBC, "manylinux2014")]
    quiet = ["--quiet", "--no-compile", "--implementation", "cp", "--disable-pip-version-check"]
    return [sys.executable, "-m", "pip", "install", *only, *quiet, *platforms]


def _compile(task: Path) -> bool:
    """Compile all modules, if Lambda's Python is here: nothing can be kept there that was compiled.

    Answers whether it is. A container then starts in a third of the processor's time.
    """
    python = lambda_python()
    if python is None:
        return False
    how = ["-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", "-j", "1"]
    where = ["-s", str(task), "-p", "/var/task", str(task)]
    # Modules that no Python of today can compile are somebody's templates; they stay as they are.
    subprocess.run(  # noqa: S603 - what runs is written here
        [python, *how, *where],
        env={**os.environ, "PYTHONHASHSEED": "0"},
        capture_output=True,
        check=False,
    )
    return True


def lambda_python() -> str | None:
    """An interpreter of Lambda's version; one that is found by its name may be an empty promise."""
    # Where several versions are kept, as by pyenv and uv, they lie side by side.
    siblings = Path(sys.base_prefix).parent.glob(f"*{PYTHON}*/bin/python{PYTHON}")
    named = shutil.which(f"python{PYTHON}")
    wanted = f"import sys; print('%d.%d' % sys.version_info[:2] == '{PYTHON}')"
    for python in (sys.executable, *map(str, sorted(siblings)), named):
        if python and _say([python, "-c", wanted]) == "True":
            return python
    return None


def _say(command: Sequence[str]) -> str:
    """What a program says; nothing if it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    return "" if done.returncode else done.stdout.strip()


def _uv() -> str | None:
    """The program uv, beside Python or wherever the shell finds it."""
    beside = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    return shutil.which("uv", path=beside)


def _needed_files(task: Path) -> dict[str, Path]:
    """The files that are needed at work, by their names in the zip."""
    found = {path.relative_to(task).as_posix(): path for path in task.rglob("*") if path.is_file()}
    return {name: path for name, path in found.items() if _is_needed(PurePosixPath(name))}


def _is_needed(name: PurePosixPath) -> bool:
    parts = name.parts
    if name.match("bin/*") or name.suffix == ".pyi" or name.name == ".lock":
        return False
    if (
        name.parent.suffix == ".dist-info" or "licenses" in parts
    ):  # what names the installer differs from day to day
        return name.name in {"METADATA", "entry_points.txt"} or "licenses" in parts
    if name.match("botocore/data/*/*/*"):
        return parts[2] in _SERVICES
    if name.match("boto3/examples/*"):
        return False
    return "numpy" not in parts or {"tests", "include", "f2py"}.isdisjoint(parts)


def _write_zip(path: Path, files: dict[str, Path]) -> int:
    """Write the files in the order of their names; answers their bytes."""
    total = 0
    with zipfile.ZipFile(path, "w") as archive:
        for name in sorted(files):
            data = files[name].read_bytes()
            total += len(data)
            entry = zipfile.ZipInfo(name, _WRITTEN)
            entry.create_system = 3  # Unix: Lambda looks at the permissions
            entry.external_attr = (0o100755 if name.endswith(".so") else 0o100644) << 16
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED, _THOROUGH)
    return total


def _require_fit(zipped: int, unzipped: int) -> None:
    for size, most, what in (
        (zipped, MOST_ZIPPED, "zipped"),
        (unzipped, MOST_UNZIPPED, "unzipped"),
    ):
        if size > most:
            raise KithError(f"The functions have {size:,} bytes {what}; Lambda takes {most:,}")


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the zips that the command line asks for, and say what came of it."""
    parser = argparse.ArgumentParser(prog="python -m kith.lambdas.package", description=__doc__)
    parser.add_argument(
        "--architecture", choices=ARCHITECTURES, default="arm64", help="processor (arm64)"
    )
    parser.add_argument("--output", type=Path, help="file to write (dist/kith-lambda-ARCH.zip)")
    asked = parser.parse_args(arguments)
    path = asked.output or Path("dist", f"kith-lambda-{asked.architecture}.zip")
    try:
        made = build(asked.architecture, path)
    except KithError as error:
        sys.exit(str(error))
    sys.stdout.write(
        f"{made.path}: {made.byte_size:,} bytes, {made.unzipped:,} unzipped, sha256 {made.sha256}\n"
    )
    if not made.compiled:
        sys.stdout.write(f"Not compiled, for Python {PYTHON} is not here: starts will be slow.\n")


if __name__ == "__main__":
    main()
