"""Write every command's ``--help`` between the markers of docs/cli.md.

    python tests/docs/help_pages.py [--check]

With ``--check`` nothing is written: it answers 1 where the page is not as it would be written.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from kith.cli.main import kith

PAGE = Path(__file__).resolve().parents[2] / "docs" / "cli.md"

_WIDTH = 100
_BLOCK = re.compile(r"(<!-- help: (kith[a-z -]*) -->\n).*?(<!-- /help -->)", re.DOTALL)


def main(arguments: list[str]) -> int:
    """Write the page, or compare it; answers the exit code."""
    old = PAGE.read_text(encoding="utf-8")
    new = written(old)
    if new == old:
        return 0
    if "--check" in arguments:
        sys.stderr.write("docs/cli.md is not up to date; `just docs` writes it anew.\n")
        return 1
    PAGE.write_text(new, encoding="utf-8")
    return 0


def written(page: str) -> str:
    """The page with the present help in every block.

    Raises:
        ValueError: a command has no block, or a block no command.
    """
    pages = dict(help_pages())
    blocks = [match[2] for match in _BLOCK.finditer(page)]
    if sorted(blocks) != sorted(pages):
        wrong = ", ".join(sorted(set(blocks) ^ set(pages))) or "a command twice"
        raise ValueError(f"docs/cli.md must have one block for each command; look at: {wrong}")
    return _BLOCK.sub(lambda match: f"{match[1]}```text\n{pages[match[2]]}\n```\n{match[3]}", page)


def help_pages() -> Iterator[tuple[str, str]]:
    """Every command with what its ``--help`` prints on a terminal of 100 columns."""
    for context in contexts():
        yield context.command_path, context.get_help()


def contexts() -> Iterator[click.Context]:
    """The program, its commands and their sub-commands, each in the context it runs in."""
    return _below(click.Context(kith, info_name="kith", terminal_width=_WIDTH))


def _below(context: click.Context) -> Iterator[click.Context]:
    yield context
    command = context.command
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None
            yield from _below(click.Context(found, info_name=name, parent=context))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
