"""Names as people type them."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_NO_TEXT: Final = re.compile("[\0\ud800-\udfff]")
"""NUL, which PostgreSQL cannot keep, and halves of characters, which no encoding has."""


def unfit(name: str) -> str | None:
    """What is in the name that no database, file or screen can have; ``None`` if all is well."""
    found = _NO_TEXT.search(name)
    if found is None:
        return None
    code = ord(found[0])
    return f"U+{code:04X}, " + ("half of a character" if code else "a NUL character")


def folded(name: str) -> str:
    """The name as it is compared: case and Unicode's forms of a letter do not matter."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
