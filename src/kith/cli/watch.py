"""``kith watch``: add what arrives, as a service."""

from __future__ import annotations

import signal
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kith.cli.options import Local, library_options, pack_option

if TYPE_CHECKING:
    from threading import Event
    from types import FrameType

    from kith.config import Settings
    from kith.domain.photo import PhotoId
    from kith.pipeline.add_photo import Arrival
    from kith.pipeline.library import Library

_HELP = """Add the photos in folders, and those that arrive, until it is told to end.

First the FOLDERs are looked through as by `kith add`, so nothing is missed that came while nobody
watched. Then a photo is added when its file is whole: renamed into place, or not written to for
--settle seconds. A file that is cut off is refused, and looked at again when it grows. Files that
are moved, changed or removed are followed. Passed over is what `kith add` passes over, downloads
that are not finished, and the library's own folder. Findings and renditions are made as by `kith
add`, as soon as the library is left to others.

Of network folders the system tells nothing, so they are looked through every --poll seconds; with
--poll given, so are all. The library is free for other commands while nothing arrives.

\b
  kith watch ~/Pictures /srv/camera
  kith watch /mnt/nas/photos --poll 60 --json

docs/arriving.md has the units for systemd and launchd. It ends at Ctrl-C or SIGTERM, when the photo
at hand is stored.

\b
Exit status:
  0    it was told to end
  2    a FOLDER is a file, or is the library's own
  3    a FOLDER is not there, or not any more: start it again when it is
  5    the library cannot be used, or its disk is full; what was added stays
  6    the model files can neither be found nor had
"""

_STORES = "It tells nobody of what arrives; run `kith add` with it every now and then."


@click.command("watch", help=_HELP, short_help="Add what arrives in folders, as a service.")
@click.argument("folders", nargs=-1, required=True, type=Local(_STORES))
@click.option(
    "--settle",
    type=click.FloatRange(min=0, max=3600),
    default=3.0,
    show_default=True,
    help="Seconds without a change after which a file is whole.",
)
@click.option(
    "--poll",
    type=click.FloatRange(min=0.1),
    help="Look through all folders every so many seconds; else 30, network folders alone.",
)
@click.option("--no-findings", is_flag=True, help="Look for faces only; see `kith findings`.")
@click.option("--workers", type=click.IntRange(min=0), help="Photos at once; 0 is one per core.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON document per line and event.")
@pack_option
@library_options
def command(
    *,
    folders: tuple[Path, ...],
    settings: Settings,
    settle: float,
    poll: float | None,
    no_findings: bool,
    as_json: bool,
) -> None:
    """Parse, open, watch."""
    run_watch(
        settings, folders, settle=settle, poll=poll, findings=not no_findings, as_json=as_json
    )


def run_watch(
    settings: Settings,
    folders: tuple[Path, ...],
    *,
    settle: float = 3.0,
    poll: float | None = None,
    findings: bool = True,
    as_json: bool,
) -> None:
    """Watch until a signal says that it is enough."""
    from dataclasses import replace

    from kith.cli.output import listening
    from kith.cli.watch_afterwards import Afterwards
    from kith.compose.arrivals import open_station
    from kith.compose.notices import open_notices
    from kith.pipeline.renditions.make import refuse_loops
    from kith.pipeline.watching import Times, watch

    with _ended_by_signals() as stop, listening() as ears:
        lines = _Lines(as_json=as_json)

        def check(*_: object) -> None:
            lines.alive(0)
            if stop.is_set():
                raise _EnoughError

        quieter = replace(ears, say=_once(ears.say))
        lines.afterwards = Afterwards(
            settings, folders, findings=findings, go_on=check, warn=lines.warned
        )
        try:
            with (
                open_station(settings, check=check, ears=quieter) as station,
                open_notices(settings) as (told, _),
                told.delivering(),
            ):
                refuse_loops([one.to for one in settings.renditions], station.catalog, folders)
                lines.begun(folders)
                times = Times(settle_seconds=settle, poll_seconds=poll)
                watch(station, folders, lines, without=[settings.library], times=times, stop=stop)
        except _EnoughError:
            pass
        lines.ended()


class _EnoughError(Exception):
    """It was told to end while it waited for its turn, or did what can be done later."""


@contextmanager
def _ended_by_signals() -> Generator[Event]:
    """An event that the first signal sets; a second one ends the program where it is."""
    from threading import Event

    stop = Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _once(say: Callable[[str], None]) -> Callable[[str], None]:
    """Says each thing once, however often the library is opened."""
    said: set[str] = set()

    def say_once(text: str) -> None:
        if text not in said:
            said.add(text)
            say(text)

    return say_once


def _nothing(_: object) -> None:
    """Nothing is done afterwards."""


class _Lines:
    """A line for everything that happens, and word to the system that runs the service."""

    def __init__(self, *, as_json: bool) -> None:
        from kith.cli.service_manager import ServiceManager

        self.afterwards: Callable[[Sequence[PhotoId]], None] = _nothing
        self._as_json = as_json
        self._manager = ServiceManager()
        self._added = 0
        self._status = (-1, -1)

    def begun(self, folders: tuple[Path, ...]) -> None:
        """The library is open; the folders are looked through."""
        self._say(
            "watching", f"watching {', '.join(map(str, folders))}", folders=[*map(str, folders)]
        )
        self._manager.ready()

    def arrived(self, library: Library, arrival: Arrival, /) -> None:
        """See ``Herald.arrived``."""
        path = arrival.place.path
        if arrival.problem:
            told = f"{arrival.problem.reason}. {arrival.problem.advice}".rstrip()
            event = "unread" if arrival.unread else "refused"
            why = {"reason": arrival.problem.reason, "advice": arrival.problem.advice}
            self._say(event, f"{event}: {told}", path=path, **why)
            return
        assert arrival.photo
        if arrival.known:
            self._say(
                "copy", f"copy: {path} is a photo that is known", path=path, photo=arrival.photo.id
            )
            return
        self._added += 1
        people = _people_in(library, arrival)
        self._say(
            "added",
            f"added: {path}{_shown(people, len(arrival.faces))}",
            path=path,
            photo=arrival.photo.id,
            faces=len(arrival.faces),
            people=people,
        )

    def left(self, path: str, /) -> None:
        """See ``Herald.left``."""
        self._say("gone", f"gone: {path}", path=path)

    def finished(self, photo_ids: Sequence[PhotoId], /) -> None:
        """See ``Herald.finished``."""
        self.afterwards(photo_ids)

    def warned(self, text: str, /) -> None:
        """See ``Herald.warned``."""
        self._say("warning", f"warning: {text}", text=text)

    def alive(self, waiting: int, /) -> None:
        """See ``Herald.alive``."""
        self._manager.alive()
        if self._status != (self._added, waiting):
            self._status = self._added, waiting
            self._manager.status(f"{self._added} photos added, {waiting} files being written")

    def ended(self) -> None:
        """It was told to end."""
        self._manager.stopping()
        self._say("stopped", f"stopped; {self._added} photos added", added=self._added)

    def _say(self, event: str, line: str, **more: object) -> None:
        import json

        from kith.cli.output import say

        say(json.dumps({"event": event, **more}) if self._as_json else line)


def _people_in(library: Library, arrival: Arrival) -> list[str]:
    """The names of those in it who have one, as they stand, largest first."""
    appearances = library.catalog.appearances_of([face.id for face in arrival.faces])
    found = [appearances[face.id].person_id for face in arrival.faces if face.id in appearances]
    return [name for who in found if (name := library.catalog.person(who).name)]


def _shown(people: list[str], faces: int) -> str:
    unknown = faces - len(people)
    others = (
        [f"{unknown} more" if people else f"{unknown} face{'s' * (unknown != 1)}"]
        if unknown
        else []
    )
    return f" ({', '.join([*people, *others])})" if faces else ""
