"""``kith serve``: the album, its API, and the server for Rekognition clients."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kith.cli.options import json_option, library_options
from kith.cli.rekognition.keys import key_path, keys_option
from kith.domain.errors import SettingError, UsageError

if TYPE_CHECKING:
    from kith.config import Settings
    from kith.listening import Address
    from kith.pipeline.access.kit import Access
    from kith.rekognition_server.beside import ServerBeside
    from kith.rekognition_server.start import Choice

_HELP = """Serve the album and its API, until it is told to end (Ctrl+C). It is ready at once; the
models are loaded when they are first needed.

\b
  kith serve
  kith serve --host 0.0.0.0
  kith serve --public-url https://photos.example.org

On this machine nobody needs to log in. Where others can come - at another --host, or through a
proxy at --public-url - everybody must. The first owner is made in the browser, with a token that is
printed here, or with `kith accounts add`. More in docs/serving.md.

A server for Rekognition clients runs beside it, as `kith rekognition` does: with the keys of `kith
rekognition keys`, or without any where only this machine can come.

\b
Exit status:
  0  it was told to end
  2  it cannot listen there, or a setting cannot be understood
  5  the library cannot be used
"""


@click.command("serve", help=_HELP, short_help="The album and its API, for browsers and programs.")
@click.option("--host", help="Address to listen on; default: 127.0.0.1.")
@click.option("--port", type=click.IntRange(0, 65535), help="Its port; default: 4576.")
@click.option("--public-url", help="Where others come, through a proxy: https://photos.example.org")
@click.option("--title", help="What the album is called; default: the name of the library.")
@click.option("--login", is_flag=True, default=None, help="Needs a login on this machine, too.")
@click.option("--no-rekognition", is_flag=True, help="Without a server for Rekognition clients.")
@click.option(
    "--rekognition-port",
    type=click.IntRange(0, 65535),
    default=4577,
    show_default=True,
    help="Port for Rekognition clients.",
)
@keys_option
@json_option
@library_options
def command(*, settings: Settings, as_json: bool, **chosen: object) -> None:
    """Parse, listen, open the library, serve."""
    from kith.cli.output import listening
    from kith.compose.findings import features_of
    from kith.compose.web import open_services
    from kith.listening import Address, address_of, listening_at, stopping_on_signals
    from kith.web.logs import logging_to
    from kith.web.serve import AlbumServer

    settings = _with_flags(settings, chosen)
    with ExitStack() as stack:
        listener = stack.enter_context(listening_at(Address(settings.host, settings.port)))
        ears = stack.enter_context(listening())
        stack.enter_context(logging_to(sys.stderr))
        beside = _open_beside(stack, settings, chosen)
        own = frozenset({"upload", "rekognition"} if beside else {"upload"})
        features = own | features_of(settings)
        services = stack.enter_context(open_services(settings, ears=ears, features=features))
        album = AlbumServer(services)

        def stop(at_once: bool) -> None:
            album.stop(at_once=at_once)
            if beside:
                beside.stop(at_once=at_once)

        stack.enter_context(stopping_on_signals(stop))
        rekognition = stack.enter_context(beside.serving(sys.stderr)) if beside else None
        _tell(services.access, address_of(listener), rekognition, as_json=as_json)
        album.run(listener)


def _with_flags(settings: Settings, chosen: dict[str, object]) -> Settings:
    from dataclasses import replace
    from typing import Any

    names = ("host", "port", "public_url", "title", "login")
    flags: dict[str, Any] = {name: chosen[name] for name in names if chosen[name] is not None}
    return replace(settings, **flags)


# -- the server for Rekognition clients ------------------------------------------------------------


def _open_beside(
    stack: ExitStack, settings: Settings, chosen: dict[str, object]
) -> ServerBeside | None:
    """The server for Rekognition clients, unless it is not wanted or cannot be; then it is said."""
    from kith.cli.output import remark
    from kith.compose import open_operations_later

    if chosen["no_rekognition"]:
        return None
    try:
        from kith.rekognition_server.beside import ServerBeside

        operations = stack.enter_context(open_operations_later(settings))
        return ServerBeside(operations, _choice(settings, chosen))
    except (SettingError, UsageError) as error:
        remark(f"No server for Rekognition clients: {error}")
        return None


def _choice(settings: Settings, chosen: dict[str, object]) -> Choice:
    from kith.listening import Address
    from kith.rekognition_server.key_file import KeyFile
    from kith.rekognition_server.serve import ServerOptions
    from kith.rekognition_server.start import Choice

    port, named = chosen["rekognition_port"], chosen["key_file"]
    assert isinstance(port, int)
    assert named is None or isinstance(named, Path)
    file = key_path(settings, named)
    address = Address(settings.host, port)
    options = ServerOptions(address=address, workers=settings.worker_count)
    return Choice(
        options, file if named or _others_can_come(settings) or KeyFile(file).keys() else None
    )


def _others_can_come(settings: Settings) -> bool:
    from kith.pipeline.access.policy import is_loopback

    return not is_loopback(settings.host)


# -- what is said ----------------------------------------------------------------------------------


def _tell(access: Access, here: Address, rekognition: Address | None, *, as_json: bool) -> None:
    from kith.cli.output import print_json, remark, say

    url = access.policy.public_url or str(_reachable(here))
    token = access.setup_token if access.needs_setup else None
    if as_json:
        print_json(
            {
                "url": url,
                "api": f"{url}/api/v1",
                "rekognition": str(rekognition) if rekognition else None,
                "login": access.policy.login,
                "setup_token": token,
            }
        )
        return
    say(url)
    if rekognition:
        say(f"export AWS_ENDPOINT_URL_REKOGNITION={rekognition}")
    if token:
        remark(f"Nobody can log in yet. Make the first owner at {url}/setup with the token {token}")
        remark("or with `kith accounts add NAME`.")
    if access.policy.login and url.startswith("http://") and not _is_local(here):
        remark("Passwords go over this network unencrypted; docs/serving.md says how to change it.")


def _reachable(address: Address) -> Address:
    """An address that others can use, where it listens on all of this machine's."""
    from kith.listening import Address

    if address.host not in {"0.0.0.0", "::"}:  # noqa: S104 - it is compared, not listened on
        return address
    return Address(_own_host(), address.port)


def _own_host() -> str:
    """The address by which this machine would leave its network; nothing is sent."""
    import socket

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # RFC 5737: an address for documentation
        except OSError:
            return socket.gethostname()
        return str(probe.getsockname()[0])


def _is_local(address: Address) -> bool:
    from kith.pipeline.access.policy import is_loopback

    return is_loopback(address.host)
