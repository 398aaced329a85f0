"""The server in a thread of its own, beside another one in the same process."""

from __future__ import annotations

import logging
import threading
from collections.abc import Generator
from contextlib import contextmanager
from typing import TextIO

from kith.domain.errors import KithError
from kith.listening import Address
from kith.rekognition.interface import Operations
from kith.rekognition.wire import Wire
from kith.rekognition_server.logs import logging_to
from kith.rekognition_server.serve import RekognitionServer
from kith.rekognition_server.service_file import load_service
from kith.rekognition_server.start import Choice, keys_for


class ServerBeside:
    """A server for Rekognition clients that runs in a thread.

    Args:
        operations: what is answered.
        choice: how.

    Raises:
        UsageError: as ``keys_for``.
        SettingError: as ``keys_for``; or the extra ``server`` is missing.
    """

    def __init__(self, operations: Operations, choice: Choice) -> None:
        wire = Wire(load_service(), operations, keys_for(choice))
        self._server = RekognitionServer(wire, choice.options)
        self._changed = threading.Event()
        self._address: Address | None = None
        self._failure: KithError | None = None

    @contextmanager
    def serving(self, log: TextIO) -> Generator[Address]:
        """Serve meanwhile; answers where. What was begun is finished before the block is left.

        Args:
            log: takes a line of JSON for each thing that goes wrong.

        Raises:
            SettingError: it cannot listen there.
        """
        thread = threading.Thread(target=self._run, name="rekognition")
        with logging_to(log, logging.WARNING):
            thread.start()
            try:
                self._changed.wait()
                if self._address is None:
                    assert self._failure is not None
                    raise self._failure
                yield self._address
            finally:
                self._server.stop()
                thread.join()

    def stop(self, *, at_once: bool = False) -> None:
        """Take no more requests; may be called by any thread, and by a signal."""
        self._server.stop(at_once=at_once)

    def _run(self) -> None:
        try:
            self._server.run(self._started)
        except KithError as error:
            self._failure = error
        finally:
            self._changed.set()

    def _started(self, main: Address, _monitor: Address | None) -> None:
        self._address = main
        self._changed.set()
