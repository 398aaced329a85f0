"""``kith notify add`` and ``remove``: rules that are kept in the library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from kith.cli.options import json_option, library_options

if TYPE_CHECKING:
    from kith.config import Settings
    from kith.domain.notice import Rule
    from kith.pipeline.notices.kit import Notices

_ADD_HELP = """Add a rule, called NAME: who or what is worth telling, and through which channels.

Say one of --person, --faces and --label; with several --person, each of them must be in the photo.
Channels stand in the settings file; where there is one alone, it need not be named. The rule is
kept in the library, and tells of photos that come from now on. Another name for a person changes
nothing. docs/notices.md says what each option means.

\b
  kith notify add Grandma --person Grandma
  kith notify add "Ana with Ben" --person Ana --person Ben --at-least 90 --through mail
  kith notify add Strangers --faces unknown --quiet 22:00-07:00
  kith notify add Dogs --label dog --digest day

\b
Exit status: 0 done; 2 the rule cannot be understood, its name is taken, or there is no such
channel; 3 nobody is called so; 5 the library cannot be used.
"""

_REMOVE_HELP = """Remove the rule called NAME, and its notices that were not sent.

Rules of the settings file are removed there.

\b
  kith notify remove Dogs

\b
Exit status: 0 done; 2 it stands in the settings; 3 there is no such rule; 5 the library cannot be
used.
"""


@click.command("add", help=_ADD_HELP, short_help="Add a rule.")
@click.argument("name")
@click.option("--person", "people", multiple=True, metavar="WHO", help="Somebody is in the photo.")
@click.option("--faces", type=click.Choice(["any", "unknown"]), help="A face, or one without name.")
@click.option("--label", help="The photo shows this.")
@click.option("--at-least", type=float, metavar="PERCENT", help="How sure it must be.")
@click.option("--quiet", metavar="HH:MM-HH:MM", help="Tell nothing then.")
@click.option("--digest", type=click.Choice(["hour", "day"]), help="Gather, and tell once.")
@click.option("--through", "channels", multiple=True, metavar="CHANNEL", help="Who is told.")
@json_option
@library_options
def add(
    *,
    settings: Settings,
    as_json: bool,
    people: Sequence[str],
    channels: Sequence[str],
    **said: Any,
) -> None:
    """Parse, keep, present."""
    from kith.cli.notify import rule_json
    from kith.cli.output import print_json, say
    from kith.compose.notices import open_notices
    from kith.pipeline.notices.rules import add_rule
    from kith.pipeline.notices.words import channels_text, when_text

    with open_notices(settings) as (notices, catalog):
        written = _written({**said, "people": people, "channels": channels}, notices.channels)
        listed = add_rule(notices, catalog, written)
    if as_json:
        print_json(rule_json(listed))
    else:
        told = f"{when_text(listed)}, through {channels_text(listed.rule)}"
        say(f"Added the rule {listed.rule.name}: {told}")


def _written(said: Mapping[str, Any], known: Mapping[str, str]) -> dict[str, Any]:
    """The rule as settings write it; the only channel there is need not be said."""
    rule = {key: value for key, value in said.items() if value not in (None, ())}
    rule.setdefault("channels", tuple(known) if len(known) == 1 else ())
    if not rule["channels"]:
        channels = ", ".join(known)
        raise click.UsageError(
            f"Say --through which of the channels: {channels}."
            if channels
            else "There are no channels yet. docs/notices.md says how to make one."
        )
    return rule


@click.command("remove", help=_REMOVE_HELP, short_help="Remove a rule.")
@click.argument("name")
@json_option
@library_options
def remove(*, name: str, settings: Settings, as_json: bool) -> None:
    """Parse, remove, present."""
    from kith.cli.notify import rule_json
    from kith.cli.output import print_json, say
    from kith.compose.notices import open_notices
    from kith.pipeline.notices.rules import listed_rules, remove_rule

    with open_notices(settings) as (notices, catalog):
        rule = _called(notices, name)
        (listed,) = [one for one in listed_rules(notices, catalog) if one.rule.id == rule.id]
        remove_rule(notices, rule.id)
    if as_json:
        print_json(rule_json(listed))
    else:
        say(f"Removed the rule {rule.name}")


def _called(notices: Notices, name: str) -> Rule:
    """The rule of this name, or id."""
    from kith.domain.errors import NotFoundError

    for rule in notices.announcer.rules():
        if name in {rule.name, rule.id}:
            return rule
    raise NotFoundError(f"There is no rule called {name!r}", "`kith notify` lists all.")
