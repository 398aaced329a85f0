"""``kith``: finds the command, runs it, and turns errors into messages and exit codes."""

from __future__ import annotations

import importlib
import sys
from typing import Final

import click

from kith import __version__
from kith.cli.interrupts import INTERRUPTED, Interrupts
from kith.cli.output import printable
from kith.domain import errors

COMMANDS: Final = {
    "add": "Index photos in place and find the people in them.",
    "watch": "Add what arrives in folders, as a service.",
    "upload": "Send a folder's pictures to a bucket.",
    "renditions": "Make the resized copies that the settings ask for.",
    "notify": "Be told when somebody appears: by mail, webhook, SNS.",
    "people": "Who is in the library; name, merge, split and correct them.",
    "find": "Who is in this picture, and which photos show them.",
    "photos": "The photos that a query means.",
    "findings": "What photos show besides faces; all of it as JSON.",
    "albums": "Folders, kept queries, photos picked by hand.",
    "faces": "The faces of a photo; strangers, and what is no face.",
    "review": "Which people are the same: answer questions.",
    "history": "What was decided, and whether it was undone.",
    "undo": "Take a decision back, whichever it was.",
    "journal": "Decisions as a file: export, import.",
    "compare": "How alike the faces of two pictures are.",
    "sort": "Sort photos into a folder per person.",
    "import": "Take over names from other programs.",
    "export": "Write what the library knows, or an album as a site.",
    "serve": "The album and its API, for browsers and programs.",
    "accounts": "Who can log in to the album: add, password, remove.",
    "aws": "A library in your own account of AWS.",
    "push": "Give decisions and photos to AWS or a bucket.",
    "pull": "Take decisions and photos from AWS or a bucket.",
    "rekognition": "A server for any Amazon Rekognition client.",
    "status": "How much the library holds, and where it lies.",
    "doctor": "Check the library, and mend what can be mended.",
    "forget": "Erase a person, all faces, or lost photos.",
    "models": "The model packs: list, install, verify, migrate.",
}
"""The commands in the order of ``--help``, each with its line there. The module of the same name is
imported only when the command is used; a test holds these lines and the commands' own together."""

_MODULES: Final = {"import": "import_names"}
"""Commands whose module is called otherwise, because Python keeps the word for itself."""

EXIT_CODES: Final[dict[type[errors.KithError], int]] = {
    errors.UsageError: 2,
    errors.SettingError: 2,
    errors.AccessError: 2,
    errors.NotFoundError: 3,
    errors.NoFaceError: 3,
    errors.SeveralFacesError: 3,
    errors.PictureError: 4,
    errors.LibraryError: 5,
    errors.ModelError: 6,
    errors.StoreError: 8,
    errors.DeliveryError: 7,
}
"""What a program that calls kith can tell apart; docs/cli.md has the table."""

UNEXPECTED: Final = 1

_HELP = """Kith knows who is in your photos.

Point it at your folders: it finds the faces, groups them into people and tells you who is where.
Your photos are only read, never changed, unless you ask for it; nothing leaves this machine.

\b
  kith add ~/Pictures            find the people in your photos
  kith people                    see who there is
  kith people sheet people.html  look at them
  kith people name 1f3a Ana      say who somebody is
  kith people not Ana 5c1d88f0   set right what is wrong
  kith undo                      take it back
  kith find party.jpg            who is in this picture?

\b
Exit status:
  0    done
  1    an error that Kith did not expect
  2    options, arguments or settings that cannot work
  3    a photo, person or face that is not there
  4    a picture that cannot be read; with --strict, files were refused
  5    a library that cannot be used
  6    model files that cannot be used
  8    a store elsewhere, such as a bucket, that cannot be used
  7    a message that did not arrive
  130  interrupted; the same command goes on where it stopped
"""


class Commands(click.Group):
    """A group whose commands are imported when they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The names, in the order of the help page."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of that name."""
        if cmd_name not in COMMANDS:
            return None
        module = _MODULES.get(cmd_name, cmd_name)
        command = importlib.import_module(f"kith.cli.{module}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The list of commands, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(
    cls=Commands,
    help=_HELP,
    context_settings={"max_content_width": 100},
)
@click.version_option(__version__, prog_name="kith", message="%(prog)s %(version)s")
def kith() -> None:
    """The program."""


def main() -> None:
    """Run the program; the entry point of the ``kith`` script."""
    interrupts = Interrupts()
    try:
        interrupts.listen()
        code = run(sys.argv[1:])
    except (Exception, KeyboardInterrupt):
        # Where Ctrl-C strikes in the middle of something, any other error may come of it.
        if not interrupts.struck:
            raise
        code = _interrupted()
    interrupts.leave()
    sys.exit(code)


def run(arguments: list[str]) -> int:
    """Run one command; answers its exit code."""
    try:
        code = kith.main(arguments, prog_name="kith", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return _interrupted()
    except errors.KithError as error:
        click.echo(f"error: {printable(error.message)}", err=True)
        if error.advice:
            click.echo(f"  {printable(error.advice)}", err=True)
        return exit_code(error)
    except BrokenPipeError:
        # Whoever read our output has seen enough; there is nobody left to tell.
        sys.stderr.close()
        return UNEXPECTED
    except OSError as error:
        click.echo(f"error: {printable(str(error))}", err=True)
        return UNEXPECTED
    return code if isinstance(code, int) else 0


def _interrupted() -> int:
    click.echo("Interrupted. The same command goes on where it stopped.", err=True)
    return INTERRUPTED


def exit_code(error: errors.KithError) -> int:
    """The exit code of an error: that of the nearest class in ``EXIT_CODES``."""
    return next(
        (EXIT_CODES[kind] for kind in type(error).__mro__ if kind in EXIT_CODES), UNEXPECTED
    )
