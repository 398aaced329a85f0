"""Starts a server as it was chosen to be: with keys, or open to this machine alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from kith.domain.errors import UsageError
from kith.listening import Address, stopping_on_signals
from kith.rekognition.interface import Operations
from kith.rekognition.wire import Keys, Wire
from kith.rekognition_server.key_file import KeyFile
from kith.rekognition_server.logs import logging_to
from kith.rekognition_server.serve import (
    RekognitionServer,
    ServerOptions,
    require_loopback,
)
from kith.rekognition_server.service_file import load_service


@dataclass(frozen=True, slots=True)
class Choice:
    """What the user chose.

    Attributes:
        options: how the server runs.
        key_file: where the keys lie; without it, nobody needs one.
    """

    options: ServerOptions
    key_file: Path | None


def keys_for(choice: Choice) -> Keys | None:
    """The keys that clients sign with, looked up anew for each request.

    To be asked before anything is opened: what is wrong here is known at once.

    Raises:
        UsageError: there are none, or none are needed though others than this machine can come.
        SettingError: they cannot be read.
    """
    if choice.key_file is None:
        require_loopback(choice.options.address)
        return None
    file = KeyFile(choice.key_file)
    if not file.keys():
        raise UsageError(
            "There is no key yet that a client could sign with",
            "Make one with `kith rekognition keys add`; on this machine alone, --no-auth will do.",
        )
    return file.keys


def start(
    operations: Operations,
    choice: Choice,
    log: TextIO,
    started: Callable[[Address, Address | None], None],
) -> None:
    """Serve until the process is told to end; to be called in its main thread.

    Args:
        operations: what is answered.
        choice: how.
        log: takes a line of JSON per request.
        started: told where the server and its monitor listen.

    Raises:
        UsageError: as ``keys_for``.
        SettingError: as ``keys_for``; or it cannot listen, or the extra ``server`` is missing.
    """
    wire = Wire(load_service(), operations, keys_for(choice))
    server = RekognitionServer(wire, choice.options)
    with logging_to(log), stopping_on_signals(lambda at_once: server.stop(at_once=at_once)):
        server.run(started)
