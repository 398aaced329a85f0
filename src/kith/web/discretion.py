"""What may be written down of a request: nothing that opens anything."""

from __future__ import annotations

import re
from typing import Final

_SECRETS: Final = re.compile(
    r"(?P<before>/shared/|/s/|\bsign=|\bcursor=|\btoken=|kith_session=|kith_link_\w+=|[Bb]earer )"
    r"(?P<secret>[^\s/&;\"']+)"
)
"""Tokens of links and sessions, signatures of pictures, keys of programs."""


def without_secrets(text: str) -> str:
    """The text with dots in the place of what lets somebody in."""
    return _SECRETS.sub(lambda found: f"{found['before']}…", text)
