"""What the album's server writes down: what went wrong in it, and nothing that opens anything."""

from __future__ import annotations

import logging
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final, TextIO

from kith.listening import handled_by
from kith.web.discretion import without_secrets

_LOGGERS: Final = ("kith.web", "kith.pipeline.notices", "kith.pipeline.serving", "uvicorn.error")


@contextmanager
def logging_to(stream: TextIO) -> Generator[None]:
    """Write warnings and errors of the album's server to a stream meanwhile."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_Discreet("%(asctime)s %(levelname)s %(message)s"))
    with handled_by(handler, dict.fromkeys(_LOGGERS, logging.WARNING)):
        yield


class _Discreet(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return without_secrets(super().format(record))
