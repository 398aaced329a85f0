"""Looking at what is added while a library is served: beside the jobs, so that none waits."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

from kith.domain.errors import KithError
from kith.pipeline.findings.kit import Looking
from kith.pipeline.findings.look import below, lacking, look

_LOG: Final = logging.getLogger(__name__)


class _ClosedError(Exception):
    """The server ends; what was found until now is kept."""


class Looker:
    """Looks at photos for labels and text, in a thread of its own.

    Only at what was added meanwhile: the whole of an old library is for ``kith findings update``,
    which may take hours.

    Args:
        open_kit: opens what looks, for as long as there is something to look at; its models are
            loaded then.
    """

    def __init__(self, open_kit: Callable[[], AbstractContextManager[Looking]]) -> None:
        self._open_kit = open_kit
        self._changed = threading.Condition()
        self._waiting: list[Path] = []
        self._closed = False
        self._thread: threading.Thread | None = None

    def added(self, paths: Sequence[Path]) -> None:
        """Photos were added from these files and folders; returns at once."""
        with self._changed:
            self._waiting += paths
            if self._thread is None and not self._closed:
                self._thread = threading.Thread(target=self._work, name="looker")
                self._thread.start()
            self._changed.notify_all()

    def close(self) -> None:
        """End after the photos at hand."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()

    def _work(self) -> None:
        while paths := self._next():
            try:
                with self._open_kit() as kit:
                    look(kit, lacking(kit, below(paths)), self._go_on)
            except _ClosedError:
                return
            except KithError as error:
                _LOG.warning("Photos were not looked at. %s. %s", error.message, error.advice)

    def _next(self) -> Sequence[Path]:
        """What was added since the last time; nothing when it is to end."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed)
            paths, self._waiting = self._waiting, []
            return [] if self._closed else list(dict.fromkeys(paths))

    def _go_on(self, _done: int, _total: int) -> None:
        if self._closed:
            raise _ClosedError
