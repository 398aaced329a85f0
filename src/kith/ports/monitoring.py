"""What is known of functions that run somewhere: how often they fail, and what they say of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Failures:
    """How a function fared.

    Attributes:
        calls: how often it was called.
        errors: how often that failed.
        throttles: how often it was not even begun, because too many ran already.
    """

    calls: int
    errors: int
    throttles: int


class Monitoring(Protocol):
    """Figures and lines of logs, minutes late.

    Every method may raise ``StoreError`` where they cannot be had, ``NotFoundError`` where there
    are none, and ``SettingError`` where it is not known who asks.
    """

    def failures(self, functions: Collection[str], hours: float, /) -> Mapping[str, Failures]:
        """How each of these functions fared in the last hours."""
        ...

    def reasons(
        self, function: str, message_ids: Collection[str], since: datetime, /
    ) -> Mapping[str, str]:
        """Why a function failed with these messages, by their ids, as it said last.

        Those of which it says nothing since then are left out.
        """
        ...
