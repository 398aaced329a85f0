"""Logs: one line of JSON per event. No pictures, no secrets, no member of any request."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final, TextIO

from kith.listening import handled_by

LOGGER: Final = logging.getLogger("kith.rekognition")

_TOLD: Final = 500
"""Characters of an exception's text that are written down."""


def event(level: int, name: str, **fields: Any) -> None:
    """Log that something happened."""
    LOGGER.log(level, name, extra={"fields": fields})


def failure_fields(failure: Exception) -> Mapping[str, str]:
    """Where an error of ours came from: enough to mend it."""
    frames = traceback.extract_tb(failure.__traceback__)
    places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    notes = "; ".join(getattr(failure, "__notes__", ()))
    text = f"{type(failure).__name__}: {failure}"[:_TOLD]
    return {
        "failure": f"{text} ({notes})" if notes else text,
        "traceback": " < ".join(places[::-1]),
    }


@contextmanager
def logging_to(stream: TextIO, level: int = logging.INFO) -> Generator[None]:
    """Write the events of this server to a stream meanwhile."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_JsonLines())
    with handled_by(handler, {LOGGER.name: level, "uvicorn.error": logging.WARNING}):
        yield


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC)
        fields: Mapping[str, Any] = getattr(record, "fields", {})
        line: dict[str, Any] = {
            "time": moment.isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **fields,
        }
        if record.exc_info and isinstance(record.exc_info[1], Exception):
            line |= failure_fields(record.exc_info[1])
        return json.dumps(line, default=str)
