from __future__ import annotations

import json
import os
import pty
import re
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from kith.compose import open_library
from kith.config import Settings
from kith.pipeline.add import add

pytestmark = [pytest.mark.weights, pytest.mark.photos]

IN_PIECES = ("Antonio_Banderas", "Anna_Kournikova")
"""People of LFW whom grouping alone does not bring together."""

_PATIENCE_SECONDS = 60

_PROGRAM = """
import fcntl, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)  # the terminal becomes what /dev/tty means
from kith.cli.main import run
sys.exit(run(sys.argv[1:]))
"""


@pytest.fixture(scope="session")
def added(photos: Path, weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library in which somebody is in several groups."""
    folder = tmp_path_factory.mktemp("review") / "library"
    with open_library(Settings(library=folder, models=weights), writing=True) as library:
        add(library, [photos / "lfw" / name for name in IN_PIECES])
    return folder


@pytest.fixture
def library(added: Path, tmp_path: Path, weights: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The library that ``ask`` uses, with open questions."""
    monkeypatch.setenv("KITH_MODELS", str(weights))
    return Path(shutil.copytree(added, tmp_path / "library"))


class Terminal:
    """A terminal in which a program runs: what it shows, and the keys that are pressed."""

    def __init__(self, controller: int) -> None:
        self.shown = ""
        self._controller = controller
        self._seen = 0

    def wait_for(self, text: str) -> None:
        """Go on when this is shown, after what was waited for before."""
        until = time.monotonic() + _PATIENCE_SECONDS
        while (at := self.shown.find(text, self._seen)) < 0:
            assert time.monotonic() < until, f"{text!r} was not shown, but {self.shown!r}"
            if not self._read():
                raise AssertionError(f"the program ended without {text!r}: {self.shown!r}")
        self._seen = at + len(text)

    def press(self, keys: str) -> None:
        """Type these keys, or answer as a terminal does."""
        os.write(self._controller, keys.encode())

    def read_to_the_end(self) -> None:
        """Everything until the program ends."""
        until = time.monotonic() + _PATIENCE_SECONDS
        while self._read():
            assert time.monotonic() < until, f"the program did not end: {self.shown!r}"

    def _read(self) -> bool:
        if not select.select([self._controller], [], [], 1.0)[0]:
            return True
        try:
            data = os.read(self._controller, 65536)
        except OSError:  # Linux's way of saying that the program has gone
            return False
        self.shown += data.decode(errors="replace")
        return bool(data)


@contextmanager
def running(library: Path, *arguments: str, code: int = 0, **variables: str) -> Generator[Terminal]:
    """``kith review`` in a terminal of its own; it must end with this exit code."""
    controller, terminal = pty.openpty()
    environment = os.environ | {"KITH_LIBRARY": str(library), "LINES": "40", "COLUMNS": "100"}
    for name in ("TMUX", "TERM_PROGRAM", "KITTY_WINDOW_ID", "COLORTERM", "WT_SESSION"):
        environment.pop(name, None)
    process = subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, "review", *arguments],
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        env=environment | variables,
        start_new_session=True,
    )
    os.close(terminal)
    shown = Terminal(controller)
    try:
        yield shown
        shown.read_to_the_end()
        assert process.wait(_PATIENCE_SECONDS) == code, shown.shown
    finally:
        process.kill()
        process.wait()
        os.close(controller)


def test_keys_answer_and_take_back(ask: Any, library: Path) -> None:
    """Y and n decide, u takes back and asks again, s leaves open, q keeps all and ends."""
    with running(library, "--pictures", "paths", TERM="xterm") as terminal:
        for key, reply in (
            ("u", "there is no answer"),
            ("y", "the same person"),
            ("u", "taken back"),
            ("Y", "the same person"),
            ("s", "skipped"),
            ("n", "two people"),
        ):
            terminal.wait_for("[q]uit")
            terminal.press(key)
            terminal.wait_for(reply)
        terminal.wait_for("[q]uit")
        terminal.press("q")
        terminal.wait_for("2 answers kept")

    assert ".jpg" in terminal.shown
    said = json.loads(ask("history", "--json").out)
    kinds = re.findall(r"same_person|different_people|undo", json.dumps(said))
    assert {"same_person", "different_people", "undo"} <= set(kinds)


def test_a_terminal_that_says_so_gets_sixels(library: Path) -> None:
    """The terminal is asked what it can, and its faces are drawn that way."""
    with running(library, TERM="xterm-256color") as terminal:
        terminal.wait_for("\x1b[c")
        terminal.press("\x1b[?62;4;22c")
        terminal.wait_for("\x1bP0;1q")
        terminal.wait_for("[q]uit")
        terminal.press("q")

    assert ".jpg" not in terminal.shown


def test_a_terminal_that_says_nothing_gets_colors(library: Path) -> None:
    """A terminal that does not answer is not waited for; with true color, blocks show the faces."""
    with running(library, TERM="xterm-256color", COLORTERM="truecolor") as terminal:
        terminal.wait_for("\x1b[38;2;")
        terminal.wait_for("[q]uit")
        terminal.press("q")

    assert "\x1bP" not in terminal.shown


def test_ctrl_c_ends_it(ask: Any, library: Path) -> None:
    """Ctrl-C quits; what was answered before is kept."""
    with running(library, "--pictures", "paths", code=130, TERM="xterm") as terminal:
        terminal.wait_for("[q]uit")
        terminal.press("n")
        terminal.wait_for("[q]uit")
        terminal.press("\x03")

    assert "Interrupted" in terminal.shown
    assert "different" in ask("history").out


def test_keys_that_nobody_could_have_meant_do_nothing(ask: Any, library: Path) -> None:
    """Keys pressed before a question is shown, unknown ones and arrows answer nothing."""
    with running(library, "--pictures", "paths", TERM="xterm") as terminal:
        terminal.press("nnnn")
        terminal.wait_for("[q]uit")
        terminal.press("x\x1b[A\x1bOQ\x1b[21~\x04")

    assert "kept" not in terminal.shown
    assert json.loads(ask("review", "--json").out)["questions"]


def test_programs_read_questions_and_answer_by_id(ask: Any, library: Path) -> None:
    """--json lists what is open; --answer decides, and the question is gone."""
    assert library.exists()
    before = json.loads(ask("review", "--json").out)
    first = before["questions"][0]

    answered = ask("review", "--answer", f"{first['id']}=yes", "--json")

    assert answered.code == 0
    assert json.loads(answered.out)["answers"][0]["answer"] == "yes"
    after = json.loads(ask("review", "--json").out)
    assert first["id"] not in {each["id"] for each in after["questions"]}
    assert 0 < len(before["questions"]) == before["open"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([], 2),
        (["--answer", "what"], 2),
        (["--answer", "a+b=maybe"], 2),
        (["--answer", "a=yes"], 2),
        (["--answer", "a+b=yes"], 3),
        (["--pictures", "oil"], 2),
    ],
)
def test_what_cannot_be_done_is_refused(
    ask: Any, library: Path, arguments: list[str], code: int
) -> None:
    """Without a terminal, or with answers that cannot be understood, nothing is decided."""
    assert library.exists()

    answer = ask("review", *arguments)

    assert answer.code == code
    assert answer.err
    assert not answer.out
