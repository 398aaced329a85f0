"""The zip for Lambda: the same bytes from the same files, within the limits, and complete."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from kith.domain.errors import SettingError
from kith.lambdas.package import (
    MOST_UNZIPPED,
    MOST_ZIPPED,
    PYTHON,
    Package,
    build,
    lambda_python,
)

FUNCTIONS = ("ingest", "regroup", "notices", "backfill", "api")

_GLIBC = re.compile(rb"GLIBC_2\.(\d+)")

_NEWEST_GLIBC = 34
"""Of Amazon Linux 2023, under Lambda's Python: 2.34."""

_START = """
import json, sys, time
began = time.process_time()
for name in sys.argv[1:]:
    __import__(f"kith.lambdas.{name}")
json.dump({"seconds": time.process_time() - began, "modules": sorted(sys.modules)}, sys.stdout)
"""


def test_an_architecture_that_lambda_does_not_know_is_refused(tmp_path: Path) -> None:
    """Before anything is fetched."""
    with pytest.raises(SettingError, match="riscv"):
        build("riscv", tmp_path / "kith.zip")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.clients
def test_what_is_made_twice_is_the_same_to_the_byte(tmp_path: Path) -> None:
    """So that Terraform deploys what changed, and anyone can check what runs."""
    first, again = (
        build("arm64", tmp_path / name, ["platformdirs"]) for name in ("1.zip", "2.zip")
    )
    assert first.sha256 == again.sha256
    assert first.path.read_bytes() == again.path.read_bytes()


@pytest.mark.clients
@pytest.mark.parametrize(("kind", "machine"), [("arm64", 183), ("x86_64", 62)])
def test_it_is_what_lambda_takes(packages: Mapping[str, Package], kind: str, machine: int) -> None:
    """Its size, its libraries' processor (ELF, e_machine) and what they ask of the C library."""
    package = packages[kind]
    assert package.byte_size < MOST_ZIPPED
    assert package.unzipped < MOST_UNZIPPED
    with zipfile.ZipFile(package.path) as archive:
        names = archive.namelist()
        assert names == sorted(names)
        libraries = [name for name in names if ".so" in Path(name).suffixes]
        assert len(libraries) > 10
        for name in libraries:
            data = archive.read(name)
            assert int.from_bytes(data[18:20], "little") == machine, name
            newest = max((int(found) for found in _GLIBC.findall(data)), default=0)
            assert newest <= _NEWEST_GLIBC, name
        assert not [
            name
            for name in names
            if name.startswith(("openvino", "sqlalchemy", "click", "kith/cli"))
        ]


@pytest.mark.clients
def test_its_functions_start_with_nothing_but_the_zip(
    packages: Mapping[str, Package], tmp_path: Path
) -> None:
    """Lambda's Python imports each, and neither the local engine nor a database with it.

    What answers HTTP is imported by the one that does.
    """
    python = lambda_python()
    if python is None or sys.platform != "linux" or os.uname().machine != "x86_64":
        pytest.skip(f"Python {PYTHON} for x86_64 is not here")
    task = tmp_path / "task"
    with zipfile.ZipFile(packages["x86_64"].path) as archive:
        archive.extractall(task)
    modules = {each: started(python, task, each) for each in FUNCTIONS}
    assert {"kith.pipeline.ingest", "numpy", "PIL"} <= modules["ingest"]
    assert {"fastapi", "mangum", "kith.web.hosted"} <= modules["api"]
    for function, imported in modules.items():
        assert imported.isdisjoint({"openvino", "numkong", "sqlalchemy", "click", "rich"})
        assert function == "api" or imported.isdisjoint({"fastapi", "pydantic_core"})
    shutil.rmtree(task)


def started(python: str, task: Path, function: str) -> set[str]:
    """The modules that a function needs to start, with nothing but the zip."""
    done = subprocess.run(
        [python, "-S", "-B", "-c", _START, function],
        cwd=task,
        env={"PYTHONPATH": str(task), "HOME": str(task.parent), "LAMBDA_TASK_ROOT": str(task)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout)["modules"])
