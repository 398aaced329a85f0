"""Names that every file system takes, and a free one where two files want the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

MAX_NAME_BYTES = 240
"""Bytes of UTF-8. File systems stop at 255; the rest is left for what a user adds."""

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f\ud800-\udfff]')
"""What Windows refuses in names, and halves of surrogate pairs: bytes that were not UTF-8."""

_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])\s*(\.|$)", re.IGNORECASE)
"""Names of devices on Windows, with or without a suffix (Microsoft: Naming Files, Paths, and
Namespaces)."""


def safe_name(name: str) -> str:
    """The name as Windows, macOS and Linux all take it; a safe name stays as it is.

    Letters of every script are kept, in Unicode's composed form (NFC). What is refused becomes an
    underscore; so does a leading dot, which would hide the file.
    """
    safe = _FORBIDDEN.sub("_", unicodedata.normalize("NFC", name)).strip(" ")
    if safe.startswith("."):
        safe = "_" + safe[1:]
    if _RESERVED.match(safe):
        safe = "_" + safe
    safe = _shortened(safe, MAX_NAME_BYTES).rstrip(". ")
    return safe or "_"


class TakenNames:
    """The names in one folder, compared as a file system does that ignores case."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._taken = {_key(name) for name in names}

    def take(self, name: str) -> str:
        """The file name, or with the first free ``(2)``, ``(3)`` … after its stem; now it is taken.

        The answer depends only on what was taken before, so the same files in the same order always
        get the same names.
        """
        return self._take(*_split(safe_name(name)))

    def take_folder(self, name: str) -> str:
        """The same for a folder, whose name has no suffix: what follows a dot is part of it."""
        return self._take(safe_name(name), "")

    def _take(self, stem: str, suffix: str) -> str:
        number, candidate = 1, stem + suffix
        while _key(candidate) in self._taken:
            number += 1
            tail = f" ({number}){suffix}"
            candidate = _shortened(stem, MAX_NAME_BYTES - len(tail.encode())).rstrip(" ") + tail
        self._taken.add(_key(candidate))
        return candidate


def _key(name: str) -> str:
    """Equal for names that some file system takes for one: no case, one Unicode form."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold())


def _split(name: str) -> tuple[str, str]:
    """The stem and the last suffix; a suffix too long to be one belongs to the stem."""
    stem, dot, suffix = name.rpartition(".")
    return (stem, dot + suffix) if stem and len(suffix) <= 16 else (name, "")


def _shortened(name: str, limit: int) -> str:
    """The name within so many bytes of UTF-8, cut in the stem and between characters."""
    if len(name.encode()) <= limit:
        return name
    stem, suffix = _split(name)
    room = limit - len(suffix.encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip(" ") + suffix
