"""Ctrl-C at any moment: the command ends, and the same command goes on where it stopped."""

from __future__ import annotations

import json
import signal
import sys
import time
from pathlib import Path

import pytest
import struck
from processes import PATIENCE, ended, running

if sys.platform == "win32":
    pytest.skip("Ctrl-C is no signal on Windows", allow_module_level=True)

_STUCK = """
import threading
from kith.cli.interrupts import Interrupts
from kith.pipeline.abreast import abreast

def hang(_):
    print("at work", flush=True)
    threading.Event().wait()

Interrupts().listen()
list(abreast(hang, [1], workers=1, name="stuck"))
"""

_LOST = """
import gc, signal, time, weakref
from kith.cli.interrupts import Interrupts

class Ring:
    pass

Interrupts().listen()
ring = Ring()
ring.itself = ring
watch = weakref.ref(ring, lambda _: signal.raise_signal(signal.SIGINT))
del ring
gc.collect()
try:
    time.sleep(60)
except KeyboardInterrupt:
    print("interrupted")
"""


def test_wherever_ctrl_c_strikes_adding_ends_and_another_run_completes(tmp_path: Path) -> None:
    """Also where the main thread has just taken a lock that the others need; no thread stays."""
    with running(sys.executable, struck.__file__, tmp_path) as process:
        out, err = ended(process)

    told = [json.loads(line) for line in out.splitlines()]
    assert len(told) == 2 * struck.MOMENTS, err
    assert sum(each["struck"] for each in told) > struck.MOMENTS
    assert all(each["kept"] == each["unchanged"] for each in told)
    assert all(each["kept"] + each["added"] == struck.PHOTOS for each in told)
    assert all(each["threads"] == ["MainThread"] for each in told)


def test_ctrl_c_is_not_lost_on_the_garbage_collector() -> None:
    """What strikes one of its callbacks strikes again a moment later, and nothing is said of it."""
    with running(sys.executable, "-c", _LOST) as process:
        assert ended(process) == ("interrupted\n", "")


def test_pressed_again_ctrl_c_ends_what_hangs() -> None:
    """Whatever the threads wait for: nobody needs to look for another way to end it."""
    with running(sys.executable, "-c", _STUCK) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "at work\n"
        until = time.monotonic() + PATIENCE
        while process.poll() is None and time.monotonic() < until:
            process.send_signal(signal.SIGINT)
            time.sleep(0.05)
        out, err = ended(process)

    assert process.returncode == 130
    assert (out, err) == ("", "")
