"""``kith models``: the model packs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from kith.cli.migrate import command as migrate_
from kith.cli.options import json_option, settings_options

if TYPE_CHECKING:
    from kith.config import Settings

_HELP = """The model packs: list, install, verify, migrate.

A pack is a set of small neural networks that find faces and tell them apart. `kith add` installs
what it needs by itself; here one can do it beforehand, for a machine without a network, or look
whether the files are whole. A library stays with the pack it began with, until it is moved to
another one.

The pack `labels` is of another kind: it names what photos show. It comes when you install it.

\b
  kith models list
  kith models install open
  kith models install labels
  kith models verify
  kith models migrate open

Files are looked for in the folder that KITH_MODELS names, then in the cache.

\b
Exit status:
  0  done; all files are whole
  4  verify: a file is missing or damaged
  6  a pack is unknown, or its files cannot be had
"""

_LIST_HELP = """List the packs, with licence and size, and whether they are installed.

\b
  kith models list

\b
Exit status: 0 done.
"""

_INSTALL_HELP = """Bring the files of a pack to this machine, and check their hashes.

Files that are here already are not fetched again. Interrupted downloads go on where they stopped.

\b
  kith models install dlib

\b
Exit status: 0 done; 6 there is no such pack, or its files cannot be had.
"""

_VERIFY_HELP = """Check the hash of every file of the installed packs, or of the PACK.

\b
  kith models verify
  kith models verify open

\b
Exit status: 0 all are whole; 4 a file is missing or damaged; 6 there is no such pack.
"""


@click.group("models", help=_HELP, short_help="The model packs: list, install, verify, migrate.")
def command() -> None:
    """The group."""


command.add_command(migrate_)


@command.command("list", help=_LIST_HELP, short_help="List the packs.")
@json_option
@settings_options
def list_(*, settings: Settings, as_json: bool) -> None:
    """Parse, call the engine, present."""
    from kith.cli.output import print_json, print_table
    from kith.compose import model_folders
    from kith.engine.weights import list_packs

    packs = list_packs(model_folders(settings))
    if as_json:
        rows = [
            {
                "name": one.pack.name,
                "version": one.pack.version,
                "summary": one.pack.summary,
                "licence": one.pack.licence,
                "byte_size": one.byte_size,
                "folder": str(one.folder) if one.folder else None,
            }
            for one in packs
        ]
        print_json(rows)
        return
    print_table(
        ("pack", "size", "licence", "installed in", "what"),
        [
            (
                one.pack.name,
                f"{one.byte_size / 1e6:.1f} MB",
                one.pack.licence,
                one.folder or "-",
                one.pack.summary,
            )
            for one in packs
        ],
    )


@command.command("install", help=_INSTALL_HELP, short_help="Bring a pack to this machine.")
@click.argument("pack_name", metavar="PACK")
@json_option
@settings_options
def install_(*, pack_name: str, settings: Settings, as_json: bool) -> None:
    """Parse, call the engine, present."""
    from kith.cli.output import listening, print_json, say
    from kith.compose import model_folders
    from kith.engine.install import install
    from kith.engine.weights import any_pack

    folders = model_folders(settings)
    with listening() as ears:
        installed = install(any_pack(pack_name, folders), folders, ears.progress)
    if as_json:
        print_json({"pack": pack_name, "folder": str(installed.folder)})
    else:
        say(f"Pack {pack_name} is in {installed.folder}")


@command.command("verify", help=_VERIFY_HELP, short_help="Check the files of the packs.")
@click.argument("pack_name", metavar="[PACK]", required=False)
@json_option
@settings_options
@click.pass_context
def verify_(
    context: click.Context, /, *, pack_name: str | None, settings: Settings, as_json: bool
) -> None:
    """Parse, call the engine, present."""
    from kith.cli.output import print_json, print_table, say
    from kith.compose import model_folders
    from kith.engine.weights import Condition, any_pack, list_packs, verify

    folders = model_folders(settings)
    if pack_name:
        packs = [any_pack(pack_name, folders)]
    else:
        packs = [one.pack for one in list_packs(folders) if one.folder]
    states = [(one.name, state) for one in packs for state in verify(one, folders)]
    if as_json:
        rows = [
            {"pack": name, "path": str(state.path), "condition": state.condition.value}
            for name, state in states
        ]
        print_json(rows)
    elif states:
        print_table(
            ("pack", "condition", "file"),
            [(name, state.condition.value, state.path) for name, state in states],
        )
    else:
        say("No pack is installed. `kith models install open` brings one.")
    whole = all(state.condition is Condition.WHOLE for _, state in states)
    context.exit(0 if whole else 4)
