"""What the commands print, and how: results to stdout, progress and remarks to stderr."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from kith.compose import Ears
    from kith.domain.person import Person

_UNLIMITED = 100_000
"""Columns of a table that goes to a pipe."""

Advance = Callable[[int, int | None], None]
"""Told how much is done, and of how much, if that is known."""


def print_json(document: object) -> None:
    """One JSON document to stdout."""
    click.echo(json.dumps(document, indent=1))


def say(text: str) -> None:
    """A line to stdout, as it is."""
    click.echo(printable(text))


def remark(text: str) -> None:
    """A line to stderr: for the person, not for the program that reads the output."""
    click.echo(printable(text), err=True)


def printable(text: str) -> str:
    """Text in which bytes of a file name that are no characters are shown, and not refused."""
    return text.encode("utf-8", "backslashreplace").decode()


def print_table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table to stdout. Cells are shown as they are: names and paths are no markup."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in header:
        table.add_column(title, overflow="fold")
    for row in rows:
        table.add_row(*(Text(printable(str(cell))) for cell in row))
    console = Console()
    # Whoever reads a pipe wants every row on one line.
    console.print(table, width=None if console.is_terminal else _UNLIMITED, soft_wrap=False)


def name_of(person: Person | None) -> str:
    """A person's name, or the beginning of the id of one without, or a dash for nobody."""
    if person is None:
        return "-"
    return person.name or f"({person.id[:8]})"


@contextmanager
def progress_bar(title: str) -> Generator[Advance]:
    """A bar with rate and time left on stderr, where that is a terminal."""
    with bars() as shown:
        task: TaskID | None = None

        def advance(done: int, total: int | None) -> None:
            nonlocal task
            if task is None:
                task = shown.add_task(title, total=total, rate="")
            speed = shown.tasks[task].speed
            rate = f"{speed:.1f}/s" if speed else ""
            shown.update(task, completed=done, total=total, rate=rate)

        yield advance


@contextmanager
def listening() -> Generator[Ears]:
    """Downloads as bars and remarks as lines, on stderr."""
    from kith.compose import Ears

    with _quiet_decoders(), bars() as shown:
        tasks: dict[str, TaskID] = {}

        def progress(step: object) -> None:
            name, done, total = (getattr(step, part) for part in ("name", "done", "total"))
            if name not in tasks:
                tasks[name] = shown.add_task(f"Fetching {name}", total=total, rate="")
            shown.update(tasks[name], completed=done, total=total)

        yield Ears(say=remark, progress=progress)


@contextmanager
def _quiet_decoders() -> Generator[None]:
    """Keep libtiff from writing to the terminal of its own accord.

    It reports every damaged line of a file on descriptor 2 and knows no switch that Pillow could
    turn; Kith says in its report what is wrong with a file, once. Python's own stderr moves to a
    copy of the descriptor meanwhile. To be entered before any thread decodes.
    """
    sys.stderr.flush()
    own = sys.stderr
    with ExitStack() as undo:
        copy = os.dup(2)
        undo.callback(os.close, copy)
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        undo.callback(os.dup2, copy, 2)
        if own is sys.__stderr__:
            moved = os.fdopen(os.dup(copy), "w", encoding=own.encoding, errors="backslashreplace")
            undo.enter_context(moved)
            sys.stderr = moved
            undo.callback(setattr, sys, "stderr", own)
        yield


def bars() -> Progress:
    """Progress bars on stderr with how many are done, rate and time left."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_interactive,  # where nobody looks, not even an empty line
    )
