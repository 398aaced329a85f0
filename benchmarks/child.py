"""What a program takes from its start to its end.

It is started by a small process of its own: what Linux calls the peak memory of a process includes
that of the one which started it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.labelled import MODELS

_LAUNCHER = """
import json, resource, subprocess, sys, time
began = time.perf_counter()
ended = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({
    "code": ended.returncode,
    "errors": ended.stderr.decode("utf-8", "replace"),
    "output": ended.stdout.decode("utf-8", "replace"),
    "cpu_seconds": used.ru_utime + used.ru_stime,
    "wall_seconds": time.perf_counter() - began,
    "peak_megabytes": used.ru_maxrss / 1024,
}))
"""


@dataclass(frozen=True, slots=True)
class Spent:
    """What a process took, user and system time together."""

    cpu_seconds: float
    wall_seconds: float
    peak_megabytes: float


def kith(library: Path, *arguments: str | Path) -> tuple[Spent, str]:
    """Run the installed ``kith`` on a library; what it took, and its output."""
    return run("kith", arguments, {"KITH_MODELS": str(MODELS), "KITH_LIBRARY": str(library)})


def run(
    program: str, arguments: Sequence[str | Path], environment: Mapping[str, str]
) -> tuple[Spent, str]:
    """Run a program of this environment; what it took, and its output.

    Raises:
        RuntimeError: it did not end well.
    """
    command = [Path(sys.executable).with_name(program), *arguments]
    answer = subprocess.run(
        [sys.executable, "-S", "-c", _LAUNCHER, *command],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        check=True,
    )
    told = json.loads(answer.stdout)
    if told["code"]:
        raise RuntimeError(f"{command} ended with {told['code']}: {told['errors'][-1000:]}")
    spent = Spent(told["cpu_seconds"], told["wall_seconds"], told["peak_megabytes"])
    return spent, told["output"]
