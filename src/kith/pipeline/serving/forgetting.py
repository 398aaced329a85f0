"""Forgetting somebody on request, in turn with other writers."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from kith.domain.errors import LibraryBusyError, UsageError
from kith.domain.person import Person
from kith.pipeline.forget import Forgotten, finish_forgetting, forget_person
from kith.pipeline.library import Library
from kith.pipeline.serving.jobs import Turn

_PATIENCE_SECONDS: Final = 20.0
"""As long as somebody may look at a page that does nothing."""


def forget_somebody(
    library: Callable[[], Library], turn: Turn, person: Person, *, confirm: str
) -> Forgotten:
    """Erase a person for good.

    Args:
        library: the library with its models.
        turn: how writers take turns.
        person: who.
        confirm: the person's name or id once more, so that no slip erases anybody.

    Raises:
        UsageError: that is neither the name nor the id.
        LibraryBusyError: photos are being added.
    """
    if confirm not in {person.id, person.name}:
        raise UsageError(
            "To erase somebody, say the name or the id once more", "This cannot be undone."
        )
    with turn(impatient()):
        opened = library()
        finish_forgetting(opened)
        return forget_person(opened, person)


def impatient() -> Callable[[], None]:
    """What gives up waiting for a turn after some time; raises ``LibraryBusyError``."""
    until = time.monotonic() + _PATIENCE_SECONDS

    def check() -> None:
        if time.monotonic() > until:
            raise LibraryBusyError(
                "Photos are being added to the library", "Try again when that is done."
            )

    return check
