"""Decisions on their way between libraries: from one to the other, or by way of a file in a store.

Photos are known by their content, and decisions name faces by photo and place, so they mean the
same in every library that has these photos (``kith.pipeline.decisions.journal_file``). Taken over
twice, they change nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kith.domain.decision import Decision
from kith.domain.errors import NotFoundError, StaleError
from kith.pipeline.decisions.decide import Effect
from kith.pipeline.decisions.journal_file import (
    Imported,
    import_journal,
    journal_text,
    read_journal,
)
from kith.ports.catalog import Catalog
from kith.ports.storage import RemoteStorage

JOURNAL: Final = "kith-journal.jsonl"
"""What the file is called."""

_TRIES: Final = 10
"""Of writing the file, where others write it, too; each time, one of them got something done."""


def bring(source: Catalog, target: Catalog) -> Imported:
    """Have one library take over all decisions of another."""
    return _take_over(target, list(source.decisions()))


def bring_from_file(storage: RemoteStorage, target: Catalog) -> Imported:
    """Have a library take over all decisions of the file in a store.

    Raises:
        NotFoundError: there is no file.
        UsageError: it is no journal; nothing was taken over.
    """
    try:
        data = storage.read(JOURNAL)
    except NotFoundError as error:
        raise NotFoundError(error.message, "`kith push` with this address leaves some.") from error
    return _take_over(target, _read(data))


def bring_to_file(source: Catalog, storage: RemoteStorage) -> tuple[int, int]:
    """Have the file in a store hold all decisions of a library, besides those that it holds.

    Of several who do so at once, each adds its own. Answers how many were added, and how many were
    there already.

    Raises:
        UsageError: what is there under this name is no journal, and stays as it is.
        StaleError: others wrote it over and over.
    """
    own = list(source.decisions())
    for _ in range(_TRIES):
        there, tag = _kept(storage)
        known = {decision.id for decision in there}
        new = [decision for decision in own if decision.id not in known]
        if not new or _written(storage, [*there, *new], tag):
            return len(new), len(own) - len(new)
    raise StaleError(f"{JOURNAL} is written over and over by others", "Try again.")


def _take_over(target: Catalog, decisions: Sequence[Decision]) -> Imported:
    known = {decision.id for decision in target.decisions()}
    if known.issuperset(decision.id for decision in decisions):
        # Else everybody would be worked out anew, which is much for a library that is far away.
        return Imported(0, len(decisions), 0, 0, Effect((), {}, {}))
    return import_journal(target, decisions)


def _kept(storage: RemoteStorage) -> tuple[list[Decision], str]:
    """The decisions in the file, and which version of it holds them; nothing if there is none."""
    try:
        version, data = storage.read_version(JOURNAL)
    except NotFoundError:
        return [], ""
    return _read(data), version.tag


def _written(storage: RemoteStorage, decisions: Sequence[Decision], tag: str) -> bool:
    """Write the file over that version; false if it is another one by now."""
    data = journal_text(decisions).encode("ascii")
    if not tag:
        return storage.write_new(JOURNAL, data)
    try:
        storage.replace(JOURNAL, data, tag)
    except StaleError:
        return False
    return True


def _read(data: bytes) -> list[Decision]:
    return read_journal(data.splitlines(), JOURNAL)
