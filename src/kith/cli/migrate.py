"""``kith models migrate``: move a library to another model pack."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from kith.cli.options import json_option, library_options

if TYPE_CHECKING:
    from rich.progress import TaskID

    from kith.config import Settings
    from kith.pipeline.migration.migrate import Migration, Plan
    from kith.pipeline.migration.reembed import Unreadable

_HELP = """Move the library to another model pack.

Faces of different packs cannot be compared, so every photo is looked at anew. That takes as long as
adding all of them did. Meanwhile the library works as before; in the end, one step puts the new
faces in place of the old ones. Names and everything else that was said stay, for decisions know
their faces by photo and place. The report says what became of everyone with a name.

Interrupt it whenever you like: the same command goes on where it stopped. Photos that are added
before it has finished are taken along. Moving to the pack that the library has throws away what was
begun, and completes what lacks.

Where originals cannot be read, nothing moves until they can, or until you say --accept-missing:
then their faces stay with the people they were with, but no search finds them. The same command
completes them when the originals are back.

\b
  kith models migrate mine --plan
  kith models migrate mine

\b
Exit status:
  0    done
  4    originals cannot be read; they are listed, and the library did not move
  5    there is no library, or it cannot be used
  6    there is no such pack, or its files cannot be had
  130  interrupted; nothing is lost
"""


@click.command("migrate", help=_HELP, short_help="Move the library to another pack.")
@click.argument("pack_name", metavar="PACK")
@click.option("--plan", "plan_only", is_flag=True, help="Say what would be done, and do nothing.")
@click.option("--accept-missing", is_flag=True, help="Move although originals cannot be read.")
@click.option("--workers", type=click.IntRange(min=0), help="Photos at once; 0 is one per core.")
@json_option
@library_options
@click.pass_context
def command(
    context: click.Context,
    /,
    *,
    pack_name: str,
    settings: Settings,
    plan_only: bool,
    accept_missing: bool,
    as_json: bool,
) -> None:
    """Parse, call the pipeline, present."""
    from kith.cli.output import print_json

    if plan_only:
        plan = _plan(settings, pack_name)
        print_json(_plan_document(plan)) if as_json else _show_plan(plan)
        return
    done = _migrate(settings, pack_name, accept_missing)
    if as_json:
        print_json(_document(done))
    else:
        _show(done)
        _remind(settings, pack_name, done)
    context.exit(0 if done.switched else 4)


def _plan(settings: Settings, pack_name: str) -> Plan:
    from dataclasses import replace

    from kith.cli.output import listening
    from kith.compose import open_migration, open_sorter
    from kith.pipeline.migration.migrate import plan

    with (
        listening() as ears,
        open_migration(settings, pack_name, writing=False, ears=ears) as work,
        open_sorter(replace(settings, pack=pack_name), library=None) as rehearsal,
    ):
        return plan(work, rehearsal)


def _migrate(settings: Settings, pack_name: str, accept_missing: bool) -> Migration:
    from kith.cli.output import listening
    from kith.compose import open_migration
    from kith.pipeline.migration.migrate import migrate

    with (
        listening() as ears,
        open_migration(settings, pack_name, writing=True, ears=ears) as work,
        _phases() as listener,
    ):
        return migrate(work, listener, accept_missing=accept_missing)


@contextmanager
def _phases() -> Generator[Callable[[str, int, int], None]]:
    """A bar for each phase, on stderr."""
    from kith.cli.output import bars

    with bars() as shown:
        tasks: dict[str, TaskID] = {}

        def listener(phase: str, done: int, total: int) -> None:
            if phase not in tasks:
                tasks[phase] = shown.add_task(phase.capitalize(), total=total, rate="")
            speed = shown.tasks[tasks[phase]].speed
            rate = f"{speed:.1f}/s" if speed else ""
            shown.update(tasks[phase], completed=done, total=total, rate=rate)

        yield listener


def _show_plan(plan: Plan) -> None:
    from kith.cli.output import say

    say(f"To {plan.pack}: {plan.todo} of {plan.photos} photos are to be looked at anew")
    if plan.done:
        say(f"{plan.done} were done by an earlier run")
    if plan.seconds is not None:
        say(f"That takes about {_duration(plan.seconds)}")
    _show_unreadable(plan.unreadable)


def _show(done: Migration) -> None:
    from kith.cli.output import print_table, say

    say(f"{done.looked_at} of {done.photos} photos were looked at with {done.pack}")
    _show_unreadable(done.unreadable)
    if done.change is None:
        say("The library did not move. Bring the originals back, or say --accept-missing.")
        return
    change = done.change
    say(
        f"The library has {done.pack} now: {change.faces[1]} faces, {change.faces[0]} before "
        f"({change.unmatched[0]} not found again, {change.unmatched[1]} new); "
        f"{change.people[1]} people, {change.people[0]} before"
    )
    kept = sum(one.after > 0 for one in change.named)
    say(f"{kept} of {len(change.named)} names are kept")
    changed = [one for one in change.named if one.elsewhere or one.after != one.before]
    if changed:
        print_table(
            ("name", "faces before", "faces now", "faces elsewhere"),
            [(one.name, one.before, one.after, one.elsewhere) for one in changed],
        )


def _show_unreadable(unreadable: Sequence[Unreadable]) -> None:
    from kith.cli.output import say

    if unreadable:
        say(f"Cannot be read, {len(unreadable)}:")
    for one in unreadable:
        say(f"  {one.path or one.photo_id}: {one.reason} ({one.faces} faces)")


def _remind(settings: Settings, pack_name: str, done: Migration) -> None:
    from kith.cli.output import remark

    if done.switched and settings.pack not in ("", pack_name):
        remark(f"warning: the setting pack still says {settings.pack}; change it to {pack_name}")


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes / 60:.1f} h"


def _plan_document(plan: Plan) -> dict[str, object]:
    return {
        "pack": plan.pack,
        "photos": plan.photos,
        "done": plan.done,
        "todo": plan.todo,
        "seconds": plan.seconds,
        "unreadable": _rows(plan.unreadable),
    }


def _document(done: Migration) -> dict[str, object]:
    from dataclasses import asdict

    return {
        "pack": done.pack,
        "switched": done.switched,
        "photos": done.photos,
        "looked_at": done.looked_at,
        "unreadable": _rows(done.unreadable),
        "change": asdict(done.change) if done.change else None,
    }


def _rows(unreadable: Sequence[Unreadable]) -> list[dict[str, object]]:
    from dataclasses import asdict

    return [asdict(one) for one in unreadable]
