"""Names as people type them."""

from __future__ import annotations

import unicodedata


def folded(name: str) -> str:
    """The name as it is compared: case and Unicode's forms of a letter do not matter."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
