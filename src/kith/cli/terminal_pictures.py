"""Pictures in the terminal: by a graphics protocol, as colored characters, or as paths of files.

Sources: the kitty graphics protocol (sw.kovidgoyal.net/kitty/graphics-protocol), iTerm2's inline
images (iterm2.com/documentation-images.html), and for sixels ``kith.imaging.terminal.sixel``.
"""

from __future__ import annotations

import base64
import os
import re
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

_CHUNK: Final = 4096
"""Characters of a picture that kitty takes at once."""

_CELL_HEIGHT: Final = 20
"""Pixels of a row of text, where the terminal does not say."""

_MOST_ROWS: Final = 12
"""Rows that a picture takes at most: a face of 240 pixels needs no more detail."""

_OTHER_LINES: Final = 8
"""Lines of a screen that belong to what is said about two pictures."""

_REPLY_SECONDS: Final = 0.3
"""How long a terminal may take to say what it can; one that is far away takes some 0.1."""

_SIXEL: Final = "4"
"""The attribute by which a terminal says that it draws sixels."""


class Way(StrEnum):
    """How a picture is shown."""

    KITTY = "kitty"
    ITERM = "iterm"
    SIXEL = "sixel"
    BLOCKS = "blocks"
    PATHS = "paths"


@dataclass(frozen=True, slots=True)
class Screen:
    """The room that there is.

    Attributes:
        columns: of text.
        lines: of text.
        cell_height: pixels of a line.
    """

    columns: int
    lines: int
    cell_height: int = _CELL_HEIGHT

    @property
    def rows(self) -> int:
        """Lines for each of two pictures that are shown with a question."""
        return max(4, min(_MOST_ROWS, (self.lines - _OTHER_LINES) // 2))

    @property
    def across(self) -> int:
        """Square pictures of that height that fit beside each other; a gap takes two columns."""
        return max(1, (self.columns + 2) // (2 * self.rows + 2))


def way_of(environment: Mapping[str, str], attributes: Callable[[], Sequence[str]]) -> Way:
    """The best way that this terminal knows.

    Args:
        environment: its variables. A terminal within a terminal (tmux, screen) hands on sixels at
            most, and its variables may be those of the outer one.
        attributes: asks the terminal for its attributes; called where the variables do not tell.
    """
    term, program = environment.get("TERM", ""), environment.get("TERM_PROGRAM", "")
    if term in {"", "dumb", "linux"} and "WT_SESSION" not in environment:
        return Way.PATHS
    within = term.startswith(("screen", "tmux")) or "TMUX" in environment
    if not within:
        if "KITTY_WINDOW_ID" in environment or "kitty" in term or "ghostty" in {program, term[6:]}:
            return Way.KITTY
        if program in {"iTerm.app", "WezTerm", "mintty"}:
            return Way.ITERM
    if _SIXEL in attributes():
        return Way.SIXEL
    truecolor = environment.get("COLORTERM", "") in {"truecolor", "24bit"}
    return Way.BLOCKS if truecolor or "WT_SESSION" in environment else Way.PATHS


def this_way() -> Way:
    """The best way that the terminal of this process knows."""
    return way_of(os.environ, _ask_attributes)


def this_screen() -> Screen:
    """The screen of this process."""
    size = shutil.get_terminal_size()
    return Screen(size.columns, size.lines, _cell_height() or _CELL_HEIGHT)


def drawn(crops: Sequence[bytes], way: Way, screen: Screen) -> str:
    """What to write for a row of square pictures, JPEGs; as many of them as fit.

    Raises:
        ValueError: there are none, or ``way`` draws no pictures.
    """
    from kith.imaging.terminal.blocks import strip_blocks
    from kith.imaging.terminal.sixel import strip_sixels
    from kith.imaging.terminal.strip import strip_png

    shown = crops[: screen.across]
    match way:
        case Way.KITTY:
            return _for_kitty(strip_png(shown, 2 * screen.rows * _CELL_HEIGHT), screen.rows)
        case Way.ITERM:
            return _for_iterm(strip_png(shown, 2 * screen.rows * _CELL_HEIGHT), screen.rows)
        case Way.SIXEL:
            return strip_sixels(shown, screen.rows * screen.cell_height)
        case Way.BLOCKS:
            return "\n".join(strip_blocks(shown, screen.rows))
        case Way.PATHS:
            raise ValueError("paths are no pictures")


def _for_kitty(png: bytes, rows: int) -> str:
    """A PNG that is transmitted and shown at once (``a=T``), and of which no reply is wanted."""
    data = base64.standard_b64encode(png).decode("ascii")
    parts = [data[start : start + _CHUNK] for start in range(0, len(data), _CHUNK)]
    keys = [f"a=T,f=100,r={rows},q=2,"] + [""] * (len(parts) - 1)
    more = [1] * (len(parts) - 1) + [0]
    return "".join(
        f"\x1b_G{key}m={goes_on};{part}\x1b\\"
        for key, goes_on, part in zip(keys, more, parts, strict=True)
    )


def _for_iterm(png: bytes, rows: int) -> str:
    data = base64.standard_b64encode(png).decode("ascii")
    return f"\x1b]1337;File=inline=1;size={len(png)};height={rows};preserveAspectRatio=1:{data}\a"


# -- what the terminal says of itself --------------------------------------------------------------


def _ask_attributes() -> Sequence[str]:
    """The terminal's primary attributes (DA1), as it answers; none where it does not."""
    reply = _ask("\x1b[c", re.compile(rb"\x1b\[\?([0-9;]*)c"))
    return reply.split(";") if reply else ()


def _ask(question: str, answer: re.Pattern[bytes]) -> str:
    """Write to the terminal and read its reply, for a moment; empty where none comes.

    Keys that were typed meanwhile are lost.
    """
    if sys.platform == "win32":
        return ""
    import select
    import termios
    import time
    import tty

    try:
        terminal = os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY)
    except OSError:
        return ""
    try:
        before = termios.tcgetattr(terminal)
        try:
            tty.setraw(terminal, termios.TCSANOW)
            os.write(terminal, question.encode("ascii"))
            until = time.monotonic() + _REPLY_SECONDS
            read = b""
            while (left := until - time.monotonic()) > 0:
                if select.select([terminal], [], [], left)[0]:
                    read += os.read(terminal, 256)
                if found := answer.search(read):
                    return found[1].decode("ascii")
            return ""
        finally:
            termios.tcsetattr(terminal, termios.TCSADRAIN, before)
    except (OSError, termios.error):
        return ""
    finally:
        os.close(terminal)


def _cell_height() -> int | None:
    """Pixels of a line of text, if the terminal's driver knows."""
    if sys.platform == "win32":
        return None
    import fcntl
    import struct
    import termios

    try:
        packed = fcntl.ioctl(sys.stdout.fileno(), termios.TIOCGWINSZ, bytes(8))
    except (OSError, ValueError):
        return None
    lines, _, _, height = struct.unpack("HHHH", packed)
    return height // lines if lines and height else None
