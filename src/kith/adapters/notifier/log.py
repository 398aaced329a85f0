"""Messages as lines of JSON, in a file or on stderr."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from kith.domain.errors import DeliveryError
from kith.domain.message import Message, message_document


class LogNotifier:
    """Appends a line for each message.

    Args:
        file: where to, made for its owner's eyes only; without it, stderr.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._file = file

    def send(self, message: Message, /) -> str:
        """Append a message; a line is written as a whole or not at all, as far as disks have it."""
        line = json.dumps(message_document(message)) + "\n"
        if self._file is None:
            sys.stderr.write(line)
            sys.stderr.flush()
            return "written to stderr"
        try:
            self._append(self._file, line.encode("ascii"))
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise DeliveryError(
                f"{self._file} cannot be written to ({reason})", "Check the channel's file."
            ) from error
        return f"written to {self._file}"

    def _append(self, file: Path, line: bytes) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        descriptor = os.open(file, flags, 0o600)
        with os.fdopen(descriptor, "ab", buffering=0) as stream:
            stream.write(line)
            os.fsync(stream.fileno())
