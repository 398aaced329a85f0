"""What the album's server writes down: what went wrong in it, and nothing that opens anything."""

from __future__ import annotations

import logging
import re
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final, TextIO

from kith.listening import handled_by

_LOGGERS: Final = ("kith.web", "kith.pipeline.notices", "kith.pipeline.serving", "uvicorn.error")

_SECRETS: Final = re.compile(
    r"(?P<before>/shared/|/s/|\bsign=|\bcursor=|\btoken=|kith_session=|kith_link_\w+=|[Bb]earer )"
    r"(?P<secret>[^\s/&;\"']+)"
)
"""Tokens of links and sessions, signatures of pictures, keys of programs."""


def without_secrets(text: str) -> str:
    """The text with dots in the place of what lets somebody in."""
    return _SECRETS.sub(lambda found: f"{found['before']}…", text)


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
