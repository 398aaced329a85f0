"""What the commands over a deployment share."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kith.cli.options import settings_options

if TYPE_CHECKING:
    from kith.config import Settings

Command = TypeVar("Command", bound=Callable[..., Any])


def deployment_options(command: Command) -> Command:
    """``--dir`` and ``--config``, handed to the command as ``folder`` and ``settings``."""
    import functools

    @functools.wraps(command)
    def with_folder(*args: Any, settings: Settings, dir_: Path | None, **kwargs: Any) -> Any:
        folder = (dir_ or settings.deployment).expanduser().absolute()
        return command(*args, settings=settings, folder=folder, **kwargs)

    option = click.option(
        "--dir",
        "dir_",
        type=click.Path(path_type=Path, file_okay=False),
        help="Folder of the deployment.",
    )
    wrapped: Any = settings_options(option(with_folder))
    return wrapped


yes_option = click.option("--yes", is_flag=True, help="Do not ask.")


def confirm(question: str) -> None:
    """Go on if whoever sits there agrees."""
    from kith.cli.output import printable

    require_somebody()
    click.confirm(printable(question), abort=True, err=True)


def confirm_by_typing(question: str, word: str) -> None:
    """Go on if whoever sits there types the word."""
    from kith.cli.output import printable
    from kith.domain.errors import UsageError

    require_somebody()
    said = click.prompt(printable(question), default="", show_default=False, err=True)
    if said.strip() != word:
        raise UsageError(f"That was not {word}; nothing was destroyed")


def require_somebody() -> None:
    """Raise unless somebody can be asked."""
    if not sys.stdin.isatty():
        raise click.UsageError("Nobody is there to be asked; --yes goes on without.")
