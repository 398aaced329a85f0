"""Who hears what happens while something is opened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kith.engine.download import Progress


def _silent(_: object) -> None:
    """Whoever listens to nothing."""


@dataclass(frozen=True, slots=True)
class Ears:
    """Who hears what happens while something is opened.

    Attributes:
        say: told one line that the user should read.
        progress: told how far a download has come.
    """

    say: Callable[[str], None] = _silent
    progress: Callable[[Progress], None] = _silent


DEAF = Ears()
