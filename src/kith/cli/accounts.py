"""``kith accounts``: who can log in to the album."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from kith.cli.options import json_option, library_options
from kith.domain.access import Role
from kith.domain.errors import UsageError

if TYPE_CHECKING:
    from kith.config import Settings
    from kith.domain.access import Account

_HELP = """Who can log in to the album that `kith serve` shows: list, add, password, remove.

Owners do the same in the album's settings. Here it is for whoever is locked out: who can use the
library's folder needs no password. A running server heeds every change at once.

\b
  kith accounts add ana --role owner
  kith accounts list
  kith accounts password ana
  kith accounts remove ana

\b
Exit status:
  0  done
  2  the name is taken, the password is too short, or no owner would be left
  3  there is no such account
  5  the library cannot be used
"""

_ADD_HELP = """Add an account. The first one is an owner's.

A viewer looks; an editor also names people, uploads, and shares by links; an owner also says who
may come in. The password is asked for, or read from the first line of stdin where that is no
terminal.

\b
  kith accounts add ana --role owner
  kith accounts add ben --role viewer < password.txt

\b
Exit status: 0 done; 2 the name is taken, or the password is too short.
"""

_LIST_HELP = """List the accounts. Passwords are not kept, so they are not shown.

\b
  kith accounts list
  kith accounts list --json

\b
Exit status: 0 done; 5 the library cannot be used.
"""

_CHANGE_HELP = """Give an account another password, and end all its sessions.

It is asked for, or read from the first line of stdin where that is no terminal.

\b
  kith accounts password ana

\b
Exit status: 0 done; 2 the password is too short; 3 there is no such account.
"""

_REMOVE_HELP = """Remove an account, with its sessions and API keys. What it decided stays.

\b
  kith accounts remove ana

\b
Exit status: 0 done; 2 no owner would be left; 3 there is no such account.
"""

_role = click.option(
    "--role",
    type=click.Choice([role.value for role in Role]),
    default=Role.VIEWER.value,
    show_default=True,
    help="What it lets do.",
)


@click.group(
    "accounts", help=_HELP, short_help="Who can log in to the album: add, password, remove."
)
def command() -> None:
    """The group."""


@command.command("list", help=_LIST_HELP, short_help="List the accounts.")
@json_option
@library_options
def list_(*, settings: Settings, as_json: bool) -> None:
    """Parse, read, present."""
    from kith.cli.output import print_json, print_table, say
    from kith.compose.access import open_accounts

    with open_accounts(settings) as access:
        accounts = access.records.accounts.all()
    if as_json:
        print_json([_described(account) for account in accounts])
        return
    if not accounts:
        say("There are no accounts. Make an owner with `kith accounts add NAME --role owner`.")
        return
    rows = [(account.name, account.role.value, _day(account)) for account in accounts]
    print_table(("name", "role", "since"), rows)


@command.command("add", help=_ADD_HELP, short_help="Add an account.")
@click.argument("name")
@_role
@library_options
def add(*, settings: Settings, name: str, role: str) -> None:
    """Parse, add, say so."""
    from kith.cli.output import say
    from kith.compose.access import open_accounts
    from kith.pipeline.access.accounts import add_account

    with open_accounts(settings) as access:
        account = add_account(access, name, _password(), Role(role))
    say(f"{account.name} can log in now, as {account.role.value}.")


@command.command("password", help=_CHANGE_HELP, short_help="Give another password.")
@click.argument("name")
@library_options
def password(*, settings: Settings, name: str) -> None:
    """Parse, change, say so."""
    from kith.cli.output import say
    from kith.compose.access import open_accounts
    from kith.pipeline.access.accounts import account_named, change_account

    with open_accounts(settings) as access:
        account = account_named(access, name)
        change_account(access, account.id, password=_password())
    say(f"{account.name} has another password, and is logged out everywhere.")


@command.command("remove", help=_REMOVE_HELP, short_help="Remove an account.")
@click.argument("name")
@library_options
def remove(*, settings: Settings, name: str) -> None:
    """Parse, remove, say so."""
    from kith.cli.output import say
    from kith.compose.access import open_accounts
    from kith.pipeline.access.accounts import account_named

    with open_accounts(settings) as access:
        account = account_named(access, name)
        access.records.accounts.remove(account.id)
    say(f"{account.name} cannot log in any more.")


def _password() -> str:
    """What is typed twice without being shown; else the first line of stdin."""
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
    line = sys.stdin.readline().rstrip("\r\n")
    if not line:
        raise UsageError("There is no password on stdin", "Type it, or hand it over: < FILE.")
    return line


def _day(account: Account) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(account.created, UTC).date().isoformat()


def _described(account: Account) -> dict[str, str]:
    return {
        "id": account.id,
        "name": account.name,
        "role": account.role.value,
        "created_at": _day(account),
    }
