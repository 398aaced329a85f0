"""``kith rekognition serve``: runs the server."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import click

from kith.cli.options import library_options
from kith.cli.rekognition.keys import key_path, keys_option
from kith.domain.errors import SettingError

if TYPE_CHECKING:
    from kith.compose import Ears
    from kith.config import Settings
    from kith.listening import Address
    from kith.rekognition.interface import Operations
    from kith.rekognition_server.start import Choice

    OpenOperations: TypeAlias = Callable[[Settings, Ears], AbstractContextManager[Operations]]

_HELP = """Start the server, and serve until it is told to end (Ctrl+C); what was begun is finished.

Clients sign with a key of `kith rekognition keys`. --no-auth needs no key, and lets in this machine
alone. The log, a line of JSON per request, goes to standard error.

\b
  kith rekognition
  kith rekognition serve --host 0.0.0.0 --port 80
  kith rekognition --no-auth

With --monitor-port, /healthz, /readyz and Prometheus' /metrics are there, on the same host.

\b
Exit status:
  0  it was told to end
  2  there is no key yet, or it cannot listen there
  5  the library cannot be used
"""


def serve_command(open_operations: OpenOperations) -> click.Command:
    """The command.

    Args:
        open_operations: the operations over a library, while a block lasts.
    """

    @click.command("serve", help=_HELP, short_help="Start the server.")
    @click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
    @click.option(
        "--port", type=click.IntRange(0, 65535), default=4577, show_default=True, help="Its port."
    )
    @click.option(
        "--monitor-port", type=click.IntRange(0, 65535), help="Port for health and metrics."
    )
    @click.option("--no-auth", is_flag=True, help="Needs no key; only on this machine.")
    @click.option(
        "--waiting",
        type=click.IntRange(0),
        default=64,
        show_default=True,
        help="Requests that may wait; more are throttled.",
    )
    @click.option("--workers", type=click.IntRange(1), help="Requests worked on at once.")
    @keys_option
    @library_options
    def serve(
        *, settings: Settings, host: str, port: int, monitor_port: int | None, **chosen: object
    ) -> None:
        from kith.cli.output import listening

        try:
            from kith.rekognition_server.start import keys_for, start
        except ModuleNotFoundError as error:
            raise SettingError(
                f"Kith was installed without what its server needs ({error.name})",
                "Install it with: pip install 'kith[server]'",
            ) from error

        choice = _choice(settings, host, port, monitor_port, chosen)
        keys_for(choice)  # what is wrong with them is said before models are loaded
        with listening() as ears, open_operations(settings, ears) as operations:
            start(operations, choice, sys.stderr, _tell)

    return serve


def _choice(
    settings: Settings, host: str, port: int, monitor_port: int | None, chosen: dict[str, object]
) -> Choice:
    from kith.listening import Address
    from kith.rekognition_server.serve import ServerOptions
    from kith.rekognition_server.start import Choice

    waiting, named = chosen["waiting"], chosen["key_file"]
    assert isinstance(waiting, int)
    assert named is None or isinstance(named, Path)
    options = ServerOptions(
        address=Address(host, port),
        monitor=None if monitor_port is None else Address(host, monitor_port),
        workers=settings.worker_count,
        waiting=waiting,
    )
    return Choice(options, None if chosen["no_auth"] else key_path(settings, named))


def _tell(main: Address, monitor: Address | None) -> None:
    from kith.cli.output import say

    say(f"export AWS_ENDPOINT_URL_REKOGNITION={main}")
    if monitor:
        say(f"{monitor}/metrics")
