"""``kith rekognition keys``: who may ask the server, and for what."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kith.cli.options import json_option, library_options

if TYPE_CHECKING:
    from kith.config import Settings
    from kith.rekognition.keys import AccessKey
    from kith.rekognition_server.key_file import KeyFile

_HELP = """The keys that clients sign their requests with: add, list, remove.

They lie in `rekognition-keys.json` in the library's folder, readable by you alone; --keys names
another file. A running server heeds every change at once.

\b
  kith rekognition keys add camera --write
  kith rekognition keys list
  kith rekognition keys remove KITHO5VXKJ3PLRTGN2QA

\b
Exit status:
  0  done
  2  the file of keys cannot be read or written
  3  there is no such key
"""

_ADD_HELP = """Make a key, and print it: the only time that its secret is shown.

A key may read, unless --write lets it change collections, too.

\b
  kith rekognition keys add laptop
  kith rekognition keys add camera --write

\b
Exit status: 0 done; 2 the file of keys cannot be written.
"""

_LIST_HELP = """List the keys: whose they are, and what they may do. Secrets are not shown.

\b
  kith rekognition keys list

\b
Exit status: 0 done; 2 the file of keys cannot be read.
"""

_REMOVE_HELP = """Remove a key; who signs with it is refused from now on.

\b
  kith rekognition keys remove KITHO5VXKJ3PLRTGN2QA

\b
Exit status: 0 done; 3 there is no such key.
"""

keys_option = click.option(
    "--keys",
    "key_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File of keys; default: rekognition-keys.json in the library's folder.",
)


def key_path(settings: Settings, named: Path | None) -> Path:
    """Where the keys lie."""
    return named or settings.library / "rekognition-keys.json"


@click.group("keys", help=_HELP, short_help="Who may ask: add, list, remove keys.")
def command() -> None:
    """The group."""


@command.command("add", help=_ADD_HELP, short_help="Make a key.")
@click.argument("name")
@click.option("--write", "may_write", is_flag=True, help="Lets it change collections, too.")
@json_option
@keys_option
@library_options
def add(
    *, settings: Settings, name: str, may_write: bool, key_file: Path | None, as_json: bool
) -> None:
    """Parse, make a key, present it."""
    from kith.cli.output import print_json, say
    from kith.rekognition.keys import Permission, new_key

    key = new_key(Permission.WRITE if may_write else Permission.READ, name)
    _file(settings, key_file).add(key)
    if as_json:
        print_json({**_described(key), "secret": key.secret})
        return
    say(f"export AWS_ACCESS_KEY_ID={key.key_id}")
    say(f"export AWS_SECRET_ACCESS_KEY={key.secret}")


@command.command("list", help=_LIST_HELP, short_help="List the keys.")
@json_option
@keys_option
@library_options
def list_(*, settings: Settings, key_file: Path | None, as_json: bool) -> None:
    """Parse, read, present."""
    from kith.cli.output import print_json, say

    keys = list(_file(settings, key_file).keys().values())
    if as_json:
        print_json([_described(key) for key in keys])
        return
    for key in keys:
        say(f"{key.key_id}  {key.permission:<5}  {key.name}")
    if not keys:
        say("There are no keys. Make one with `kith rekognition keys add`.")


@command.command("remove", help=_REMOVE_HELP, short_help="Remove a key.")
@click.argument("key_id")
@keys_option
@library_options
def remove(*, settings: Settings, key_id: str, key_file: Path | None) -> None:
    """Parse, remove, say so."""
    from kith.cli.output import say

    removed = _file(settings, key_file).remove(key_id)
    say(f"{removed.key_id} ({removed.name}) is no key any more.")


def _file(settings: Settings, named: Path | None) -> KeyFile:
    from kith.rekognition_server.key_file import KeyFile

    return KeyFile(key_path(settings, named))


def _described(key: AccessKey) -> dict[str, str]:
    return {"key_id": key.key_id, "name": key.name, "permission": key.permission.value}
