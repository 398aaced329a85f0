"""Queries on the command line: how they are given, and how what is wrong with them is shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import IO, Any, Final, TypeVar

import click

from kith.cli.output import printable
from kith.domain.query import QueryError

Command = TypeVar("Command", bound=Callable[..., Any])

_NEGATED: Final = re.compile(r"-(?:[a-z]+:|unnamed\b)", re.IGNORECASE)
_TERM_LIKE: Final = re.compile(r"-?(?:[a-z]+:|unnamed$)", re.IGNORECASE)
_TERM: Final = "\0"
"""Marks a word that is no option. No argument of a program can hold it."""


class QueryCommand(click.Command):
    """A command whose last argument is a query, which may begin with ``-`` as options do."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Tell terms such as ``-person:Carl`` and options apart."""
        marked = [_TERM + word if _NEGATED.match(word) else word for word in args]
        return super().parse_args(ctx, marked)


def query_argument(*, required: bool) -> Callable[[Command], Command]:
    """``QUERY``, in one word or in several, handed to the command as ``query``."""

    def joined(_context: click.Context, _param: click.Parameter, words: tuple[str, ...]) -> str:
        return " ".join(_with_marks(word.removeprefix(_TERM)) for word in words)

    return click.argument("query", nargs=-1, required=required, callback=joined, metavar="QUERY")


def query_option(command: Command) -> Command:
    """``--query``, the same as ``QUERY`` in one word, handed to the command as ``asked``."""

    def unmarked(_context: click.Context, _param: click.Parameter, word: str | None) -> str | None:
        return word and word.removeprefix(_TERM)

    return click.option("--query", "asked", callback=unmarked, help="The same as QUERY.")(command)


def _with_marks(word: str) -> str:
    """Give ``person:Ana Lima`` the quotation marks back that the shell took for its own."""
    term, colon, value = word.partition(":")
    further = value.split()[1:]
    if '"' in word or not further or any(map(_TERM_LIKE.match, further)):
        return word
    return f'{term}{colon}"{value}"'


class QueryRefused(click.ClickException):
    """A query that cannot be understood, shown with a caret below the character."""

    exit_code = 2

    def __init__(self, error: QueryError) -> None:
        super().__init__(error.message)
        self.error = error

    def show(self, file: IO[Any] | None = None) -> None:
        """The message, the query, the caret and the advice."""
        from rich.cells import cell_len

        error = self.error
        query = _on_one_line(error.query)
        caret = " " * cell_len(_on_one_line(error.query[: error.at])) + "^"
        lines = [f"error: {error.message}", f"  {query}", f"  {caret}"]
        if error.advice:
            lines.append(f"  {error.advice}")
        for line in lines:
            click.echo(printable(line), file=file, err=file is None)


def _on_one_line(text: str) -> str:
    """The text with everything that would move the cursor shown as a space."""
    return "".join(character if character.isprintable() else " " for character in text)


@contextmanager
def pointing() -> Generator[None]:
    """Within this, an error of a query is shown with a caret below the character."""
    try:
        yield
    except QueryError as error:
        raise QueryRefused(error) from error
