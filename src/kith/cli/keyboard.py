"""Single keys from the terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass

_END = "\x04"
_ESCAPE = "\x1b"


@dataclass(frozen=True, slots=True)
class Keyboard:
    """Keys as they are pressed.

    Attributes:
        press: waits for a key, and answers the character it stands for: that of Escape for arrows
            and the like, that of Ctrl-D where the terminal is gone.
        forget: drops what was pressed before now.
    """

    press: Callable[[], str]
    forget: Callable[[], None]


@contextmanager
def keyboard() -> Generator[Keyboard]:
    """The terminal's keys, which are not echoed meanwhile. Ctrl-C interrupts as ever.

    The terminal stays in this state, so that no key is lost between two that are waited for.
    """
    if sys.platform == "win32":
        import click

        yield Keyboard(press=click.getchar, forget=lambda: None)
        return
    import termios
    import tty

    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)
    try:
        tty.setcbreak(terminal, termios.TCSADRAIN)
        yield Keyboard(
            press=lambda: _press(terminal),
            forget=lambda: termios.tcflush(terminal, termios.TCIFLUSH),
        )
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)


def _press(terminal: int) -> str:
    key = os.read(terminal, 1).decode("ascii", "replace")
    if key == _ESCAPE and _has_more(terminal) and os.read(terminal, 1) in {b"[", b"O"}:
        # What follows says which key it was, and ends with the first letter or sign like "~".
        while _has_more(terminal) and not b"@" <= os.read(terminal, 1) <= b"~":
            pass
    return key or _END


def _has_more(terminal: int) -> bool:
    import select

    return bool(select.select([terminal], [], [], 0)[0])
