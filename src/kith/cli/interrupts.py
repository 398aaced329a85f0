"""Ctrl-C, from the first press to the last."""

from __future__ import annotations

import _thread
import os
import signal
import sys
import threading
import time
from contextlib import suppress
from types import FrameType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

INTERRUPTED: Final = 130
"""The exit code of a command that was interrupted, as shells have it."""

_SOON: Final = 0.05
"""Seconds until a lost Ctrl-C is pressed again: any callback is over by then."""

_SHOW_CURSOR: Final = b"\x1b[?25h\n"
"""Progress bars hide it."""


class Interrupts:
    """What Ctrl-C does to the command that runs: the first interrupts it, the second ends it.

    Attributes:
        struck: whether there was one.
    """

    def __init__(self) -> None:
        self.struck = False

    def listen(self) -> None:
        """Take over from Python; unless Ctrl-C is ignored, as where a command runs under nohup."""
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, self._strike)
            sys.unraisablehook = self._lose

    def leave(self) -> None:
        """Let the system end the program: all is done, and Python itself only tidies up."""
        if signal.getsignal(signal.SIGINT) == self._strike:
            signal.signal(signal.SIGINT, signal.SIG_DFL)

    def _strike(self, _number: int, _frame: FrameType | None) -> None:
        if self.struck:
            _end()
        self.struck = True
        raise KeyboardInterrupt

    def _lose(self, lost: UnraisableHookArgs, /) -> None:
        """Press once more where the garbage collector was struck, which drops what it is told."""
        if not isinstance(lost.exc_value, KeyboardInterrupt):
            sys.__unraisablehook__(lost)
            return
        self.struck = False
        # No ``threading.Thread``: it takes locks that this thread may have just now.
        _thread.start_new_thread(_press_soon, ())


def _press_soon() -> None:
    time.sleep(_SOON)
    if sys.platform == "win32":
        _thread.interrupt_main()
    elif (main := threading.main_thread().ident) is not None:
        # A signal in truth: one that is only noted down does not wake who waits for something.
        signal.pthread_kill(main, signal.SIGINT)


def _end() -> None:
    """End at once, whatever waits for whatever: a library survives being killed at any moment."""
    with suppress(OSError, ValueError):
        if sys.stderr.isatty():
            os.write(sys.stderr.fileno(), _SHOW_CURSOR)
    os._exit(INTERRUPTED)
