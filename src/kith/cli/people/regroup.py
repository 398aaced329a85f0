"""``kith people regroup``: group all faces anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from kith.cli.options import json_option, library_options

if TYPE_CHECKING:
    from kith.config import Settings
    from kith.pipeline.migration.regroup import Regrouped

_HELP = """Group all faces anew, as if the photos came in once more.

Kith groups photo by photo, as they come in. A newer Kith may group better than the one that saw
your photos first; this lets it look at all of them again. No photo is opened: 100,000 faces take
under a minute.

Whatever you said stays: names, merges, splits, corrections and hidden people are laid over the new
groups, as they were over the old ones, so there is nothing to take back. People keep their ids.
Where nothing would be grouped differently, nothing changes.

\b
  kith people regroup
  kith people regroup --json

\b
Exit status: 0 done; 5 the library cannot be used; 6 its model files cannot be had; 130
interrupted, and nothing has changed.
"""


@click.command("regroup", help=_HELP, short_help="Group all faces anew; what was said stays.")
@json_option
@library_options
def regroup(*, settings: Settings, as_json: bool) -> None:
    """Parse, call the pipeline, present."""
    from dataclasses import asdict

    from kith.cli.output import listening, print_json, progress_bar
    from kith.compose import open_library, require_library
    from kith.pipeline.migration import regroup as pipeline

    require_library(settings)
    with (
        listening() as ears,
        open_library(settings, writing=True, ears=ears) as library,
        progress_bar("Grouping") as advance,
    ):
        done = pipeline.regroup(library, advance)
    print_json(asdict(done)) if as_json else _show(done)


def _show(done: Regrouped) -> None:
    from kith.cli.output import print_table, say
    from kith.pipeline.decisions.wording import counted

    say(
        f"{counted(done.faces, 'face')} grouped anew, {counted(done.moved, 'face')} moved; "
        f"{done.people:,} people, {done.people_before:,} before"
    )
    if done.unseen:
        say(f"{counted(done.unseen, 'face')} that no search finds stayed where they were")
    changed = [one for one in done.named if one.elsewhere or one.after != one.before]
    if done.named:
        kept = len(done.named) - len(changed)
        say(f"{kept:,} of {len(done.named):,} named people have the same faces as before")
    if changed:
        print_table(
            ("name", "faces before", "faces now", "faces elsewhere"),
            [(one.name, one.before, one.after, one.elsewhere) for one in changed],
        )


COMMANDS = (regroup,)
