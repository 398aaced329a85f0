"""Other programs, which end when the test does, and say where they hang."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

KITH: Final = (sys.executable, "-c", "from kith.cli.main import main; main()")
"""What the installed script ``kith`` does; it need not be installed."""

PATIENCE: Final = 300
"""Seconds. Far more than anything here takes, also on a busy machine: what hangs is to fail."""


@contextmanager
def running(*command: str | Path, **environment: str) -> Generator[subprocess.Popen[str]]:
    """A program with pipes for what it prints; in the end it is killed if it still runs.

    Ctrl-C reaches it, also where these tests themselves do not hear it; where it hangs, ``ended``
    makes it tell.
    """
    with _running(command, environment) as process:
        yield process


@contextmanager
def running_apart(
    *command: str | Path, stdin: int | None = None
) -> Generator[subprocess.Popen[str]]:
    """The same for what it starts, too: a group of processes of their own, as in a terminal.

    Args:
        command: the program and its arguments.
        stdin: a descriptor that it reads from.
    """
    with _running(command, {}, stdin=stdin, start_new_session=True) as process:
        yield process


@contextmanager
def _running(
    command: Sequence[str | Path], environment: Mapping[str, str], **options: Any
) -> Generator[subprocess.Popen[str]]:
    with (
        _hearing_ctrl_c(),
        subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONFAULTHANDLER": "1", **environment},
            **options,
        ) as process,
    ):
        try:
            yield process
        finally:
            process.kill()


def ended(process: subprocess.Popen[str]) -> tuple[str, str]:
    """What a program printed, once it has ended by itself."""
    try:
        return process.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGABRT)
        out, err = process.communicate(timeout=PATIENCE)
        raise AssertionError(f"it did not end; it printed {out!r}, and was at {err}") from None


@contextmanager
def _hearing_ctrl_c() -> Generator[None]:
    """Shells have programs in the background ignore Ctrl-C, and so do all that these start."""
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        yield
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
