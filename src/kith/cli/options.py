"""Options that several commands share, and the settings they lead to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


class _Place(click.ParamType):  # pyright: ignore[reportMissingTypeArgument] - no generic before click 8.3
    """A path of this machine; or an address in a store elsewhere, as text."""

    name = "path"

    def convert(
        self,
        value: Any,
        param: click.Parameter | None,  # noqa: ARG002 - click's signature
        ctx: click.Context | None,  # noqa: ARG002 - click's signature
    ) -> Path | str:
        """As it was typed."""
        return value if isinstance(value, str) and "://" in value else Path(value)


PLACE = _Place()


class Local(click.ParamType):  # pyright: ignore[reportMissingTypeArgument] - no generic before click 8.3
    """A path of this machine; an address in a store elsewhere is refused.

    Args:
        instead: what to do about photos in a store, as a sentence.
    """

    name = "path"

    def __init__(self, instead: str) -> None:
        self._instead = instead

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """As it was typed."""
        if "://" in str(value):
            self.fail(f"{value} lies in a store elsewhere. {self._instead}", param, ctx)
        return Path(value)


json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")

min_similarity_option = click.option(
    "--min-similarity",
    type=click.FloatRange(0, 100),
    default=80.0,
    show_default=True,
    help="Percent; at 80 one pair of strangers in 10,000 passes, at 90 one in 100,000.",
)


def library_options(command: Command) -> Command:
    """``--library`` and ``--config``, handed to the command as ``settings``."""
    return _with_settings(command, library=True)


def settings_options(command: Command) -> Command:
    """``--config`` alone, handed to the command as ``settings``."""
    return _with_settings(command, library=False)


def pack_option(command: Command) -> Command:
    """``--pack``, to be handed on with ``with_flags``."""
    return click.option("--pack", help="Model pack to recognize with; see `kith models list`.")(
        command
    )


def _with_settings(command: Command, *, library: bool) -> Command:
    import functools

    @functools.wraps(command)
    def with_settings(*args: Any, config: Path | None, **kwargs: Any) -> Any:
        from kith.config import load_settings

        names = ("library", "pack", "workers")
        flags = {name: kwargs.pop(name) for name in names if name in kwargs}
        return command(*args, settings=load_settings(flags, config_file=config), **kwargs)

    options = [
        click.option(
            "--config", type=click.Path(path_type=Path, dir_okay=False), help="Settings file."
        )
    ]
    if library:
        options.append(
            click.option(
                "--library",
                type=click.Path(path_type=Path, file_okay=False),
                help="Folder of the library.",
            )
        )
    wrapped: Any = with_settings
    for option in options:
        wrapped = option(wrapped)
    return wrapped
