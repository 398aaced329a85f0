"""Groups of commands, one of which is meant where none is named."""

from __future__ import annotations

from typing import Any

import click


class DefaultGroup(click.Group):
    """A group with a command that is meant where none is named.

    Args:
        args: click's.
        default: the name of that command.
        takes_arguments: whether an argument that is no command's name is for it. Without, only
            options are, and the group's name alone means it.
        kwargs: click's.
    """

    def __init__(
        self, *args: Any, default: str, takes_arguments: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._default = default
        self._takes_arguments = takes_arguments

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the default command before arguments that are for it."""
        if self._is_default(ctx, args):
            args = [self._default, *args]
        return super().parse_args(ctx, args)

    def _is_default(self, ctx: click.Context, args: list[str]) -> bool:
        if not args:
            return not self._takes_arguments
        if args[0] in self.commands or args[0] in ctx.help_option_names:
            return False
        return self._takes_arguments or args[0].startswith("-")
