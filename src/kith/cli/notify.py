"""``kith notify``: who is told when somebody appears."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from kith.cli import notify_rules
from kith.cli.groups import DefaultGroup
from kith.cli.options import json_option, library_options

if TYPE_CHECKING:
    from kith.config import Settings
    from kith.domain.notice import NoticeId
    from kith.pipeline.notices.deliver import Delivered
    from kith.pipeline.notices.kit import Notices
    from kith.pipeline.notices.rules import ListedRule
    from kith.ports.catalog import Catalog
    from kith.ports.outbox import Entry, Outbox

_HELP = """Be told when somebody, or something, appears in a new photo: by mail, a webhook, Amazon
SNS or a log. Without a word behind it, lists the rules.

Channels stand in the settings file. Rules do, too, or are made by `kith notify add` and in the
album. Only photos that come after a rule are told. `kith add` writes notices down and waits for
nobody; `kith watch` and `kith serve` send them, and so does `kith notify send`. More in
docs/notices.md.

\b
  kith notify
  kith notify add Grandma --person Grandma
  kith notify test mail
  kith notify list
  kith notify send

\b
Exit status:
  0  done
  2  a rule or a channel cannot be understood, or there is none of that name
  3  there is no such notice
  5  there is no library yet, or it cannot be used
  7  a message did not arrive
"""

_RULES_HELP = """List the rules, and the channels that there are.

\b
  kith notify rules
  kith notify rules --json

\b
Exit status: 0 done; 2 a rule or channel cannot be understood; 5 the library cannot be used.
"""

_TEST_HELP = """Send a test message through a CHANNEL of the settings, and say what was answered.

\b
  kith notify test mail

\b
Exit status: 0 it arrived; 2 there is no such channel; 7 it did not arrive.
"""

_LIST_HELP = """List notices: what waits, what is dead and why; with --all, also what was sent.

\b
  kith notify list
  kith notify list --all --limit 20

\b
Exit status: 0 done; 5 the library cannot be used.
"""

_SEND_HELP = """Send what is due now. What fails is tried again later, by whoever sends next.

\b
  kith notify send
  kith notify send --watch

With --watch it keeps sending, until it is told to end (Ctrl+C, SIGTERM). Any number may send at
once, and be killed at any moment: no notice is lost, and a message that is sent twice has one id.

\b
Exit status: 0 all that was due arrived; 5 the library cannot be used; 7 something did not.
"""

_AGAIN_HELP = """Have dead notices sent again: those whose ids are, or begin with, NOTICE; or --all.

\b
  kith notify again 4f1d0c9be2
  kith notify again --all

\b
Exit status: 0 done; 2 say NOTICE or --all; 3 no dead notice has that id.
"""

_SHOWN = 10
"""Characters of a notice's id in a list: enough to be typed as its beginning."""

_MOST_DEAD = 10_000
"""Dead notices among which an id is looked up."""

_CHANNELS_HINT = "No channels. docs/notices.md says how to make one."


@click.group(
    "notify",
    cls=DefaultGroup,
    default="rules",
    help=_HELP,
    short_help="Be told when somebody appears: by mail, webhook, SNS.",
)
def command() -> None:
    """The group."""


command.add_command(notify_rules.add)
command.add_command(notify_rules.remove)


# -- rules -----------------------------------------------------------------------------------------


@command.command("rules", help=_RULES_HELP, short_help="The rules and the channels.")
@json_option
@library_options
def rules(*, settings: Settings, as_json: bool) -> None:
    """Parse, list, present."""
    from kith.cli.output import print_json
    from kith.compose.notices import open_notices
    from kith.pipeline.notices.rules import listed_rules

    with open_notices(settings) as (notices, catalog):
        listed = listed_rules(notices, catalog)
        if as_json:
            channels = [{"name": name, "kind": kind} for name, kind in notices.channels.items()]
            print_json({"rules": [rule_json(one) for one in listed], "channels": channels})
            return
        _show_rules(listed, notices)


def _show_rules(listed: Sequence[ListedRule], notices: Notices) -> None:
    from kith.cli.output import print_table, remark, say
    from kith.pipeline.notices.words import channels_text, when_text

    if listed:
        rows = [
            (one.rule.name, when_text(one), channels_text(one.rule), _home(one)) for one in listed
        ]
        print_table(("rule", "tells", "through", "kept in"), rows)
    else:
        say("No rules. Make one with `kith notify add`; see docs/notices.md.")
    if notices.channels:
        told = ", ".join(f"{name} ({kind})" for name, kind in notices.channels.items())
        say(f"Channels: {told}")
    else:
        say(_CHANNELS_HINT)
    for one in listed:
        for word in _nobody(one):
            remark(f"warning: the rule {one.rule.name!r} waits for {word!r}, whom nobody is called")
        for name in one.rule.channels:
            if name not in notices.channels:
                remark(f"warning: the rule {one.rule.name!r} has no channel {name!r} any more")


def _home(one: ListedRule) -> str:
    return "settings" if one.configured else "library"


def _nobody(one: ListedRule) -> list[str]:
    from kith.domain.notice import Together

    words = one.rule.when.people if isinstance(one.rule.when, Together) else ()
    return [word for word, person in zip(words, one.people, strict=True) if person is None]


def rule_json(one: ListedRule) -> dict[str, Any]:
    """A rule as it is written, and whom it means now."""
    from kith.domain.notice_rules import written

    who = [
        None if person is None else {"person_id": person.id, "name": person.name}
        for person in one.people
    ]
    return {"rule_id": one.rule.id, **written(one.rule), "who": who, "kept_in": _home(one)}


# -- test, send ------------------------------------------------------------------------------------


@command.command("test", help=_TEST_HELP, short_help="Send a test message, see what is answered.")
@click.argument("channel")
@json_option
@library_options
def test(*, channel: str, settings: Settings, as_json: bool) -> None:
    """Parse, send, present."""
    from kith.cli.output import print_json, say
    from kith.compose.notices import open_notices

    with open_notices(settings) as (notices, _):
        answer = notices.test(channel)
    if as_json:
        print_json({"channel": channel, "answer": answer})
    else:
        say(f"Sent through {channel}: {answer}")


@command.command("send", help=_SEND_HELP, short_help="Send what is due now.")
@click.option("--watch", is_flag=True, help="Keep sending, until it is told to end.")
@json_option
@library_options
@click.pass_context
def send(context: click.Context, /, *, watch: bool, settings: Settings, as_json: bool) -> None:
    """Parse, deliver, present."""
    from kith.cli.output import remark
    from kith.compose.notices import open_notices

    with open_notices(settings) as (notices, _):
        if not notices.channels:
            remark(_CHANNELS_HINT)
        for error in notices.unusable.values():
            remark(f"warning: {error}")
        report = notices.courier.deliver()
        _show_delivered(report, as_json=as_json)
        if watch:
            _keep_sending(notices)
    context.exit(0 if watch or not report.errors else 7)


def _show_delivered(report: Delivered, *, as_json: bool) -> None:
    from dataclasses import asdict

    from kith.cli.output import print_json, remark, say
    from kith.pipeline.decisions.wording import counted

    if as_json:
        print_json(asdict(report))
        return
    say(
        f"{counted(report.sent, 'message')} sent; {report.waiting} to be tried again, "
        f"{report.dead} dead"
    )
    for error in report.errors:
        remark(f"warning: {error}")


def _keep_sending(notices: Notices) -> None:
    import logging
    import sys
    from threading import Event

    from kith.cli.output import remark
    from kith.listening import stopping_on_signals

    remark("Sending. Press Ctrl-C to stop.")
    logging.basicConfig(stream=sys.stderr, format="%(asctime)s %(message)s", level=logging.WARNING)
    stop = Event()
    with stopping_on_signals(lambda _at_once: stop.set()):
        notices.courier.run(stop)


# -- list, again -----------------------------------------------------------------------------------


@command.command("list", help=_LIST_HELP, short_help="What waits, and what is dead.")
@click.option("--all", "all_", is_flag=True, help="What was sent, too.")
@click.option(
    "--limit",
    type=click.IntRange(1, 10_000),
    default=100,
    show_default=True,
    help="At most so many, the newest.",
)
@json_option
@library_options
def list_(*, all_: bool, limit: int, settings: Settings, as_json: bool) -> None:
    """Parse, read, present."""
    from kith.cli.output import print_json, print_table, say
    from kith.compose.notices import open_notices
    from kith.ports.outbox import State

    states = None if all_ else [state for state in State if state is not State.SENT]
    with open_notices(settings) as (notices, catalog):
        entries = notices.outbox.entries(states, limit=limit)
        counts = notices.outbox.counts()
        if as_json:
            figures = {state.value: counts.get(state, 0) for state in State}
            print_json({"counts": figures, "notices": [_entry_json(one) for one in entries]})
            return
        print_table(
            ("notice", "rule", "photo", "through", "state", "tries", "why"),
            [_row(one, catalog) for one in entries],
        )
        say(", ".join(f"{counts.get(state, 0)} {state.value}" for state in State))


def _row(entry: Entry, catalog: Catalog) -> tuple[object, ...]:
    from pathlib import Path

    notice = entry.posting.notice
    places = catalog.places_of([notice.photo_id]).get(notice.photo_id, ())
    photo = Path(places[0].path).name if places else notice.photo_id[:8]
    return (
        notice.id[:_SHOWN],
        notice.rule_name,
        photo,
        entry.posting.channel,
        entry.state.value,
        entry.attempts,
        entry.error or "-",
    )


def _entry_json(entry: Entry) -> dict[str, Any]:
    from kith.pipeline.notices.words import moment_text

    posting = entry.posting
    notice = posting.notice
    return {
        "notice_id": notice.id,
        "rule_id": notice.rule_id,
        "rule": notice.rule_name,
        "photo_id": notice.photo_id,
        "face_ids": list(notice.face_ids),
        "labels": list(notice.labels),
        "created_at": moment_text(notice.created),
        "channel": posting.channel,
        "state": entry.state.value,
        "due_at": moment_text(posting.due),
        "attempts": entry.attempts,
        "error": entry.error,
        "message_id": entry.message_id,
    }


@command.command("again", help=_AGAIN_HELP, short_help="Have dead notices sent again.")
@click.argument("notice_ids", nargs=-1, metavar="[NOTICE]...")
@click.option("--all", "all_", is_flag=True, help="Every dead one.")
@json_option
@library_options
def again(*, notice_ids: tuple[str, ...], all_: bool, settings: Settings, as_json: bool) -> None:
    """Parse, revive, present."""
    import time

    from kith.cli.output import print_json, say
    from kith.compose.notices import open_notices
    from kith.pipeline.decisions.wording import counted

    if bool(notice_ids) == all_:
        raise click.UsageError("Say which NOTICE, or --all.")
    with open_notices(settings) as (notices, _):
        wanted = None if all_ else [_dead(notices.outbox, one) for one in notice_ids]
        count = notices.outbox.send_again(wanted, time.time())
    if as_json:
        print_json({"again": count})
    else:
        say(f"{counted(count, 'notice')} will be sent again")


def _dead(outbox: Outbox, which: str) -> NoticeId:
    """The dead notice whose id is this, or begins so."""
    from kith.domain.errors import NotFoundError, UsageError
    from kith.ports.outbox import State

    ids = {one.posting.notice.id for one in outbox.entries([State.DEAD], limit=_MOST_DEAD)}
    found = [one for one in ids if one.startswith(which)]
    if not found:
        raise NotFoundError(f"There is no dead notice {which}", "`kith notify list` shows them.")
    if len(found) > 1:
        raise UsageError(f"{len(found)} dead notices begin with {which}", "Say more of the id.")
    return found[0]
