"""The journal, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kith.pipeline.decisions.journal_entries import Entry, entries
from kith.pipeline.decisions.wording import UNNAMED
from kith.pipeline.serving.cursors import from_cursor, to_cursor
from kith.ports.catalog import Catalog


@dataclass(frozen=True, slots=True)
class JournalPage:
    """Some entries, newest first; ``next_cursor`` is ``None`` where none is older."""

    entries: Sequence[Entry]
    next_cursor: str | None


def journal_page(catalog: Catalog, cursor: str | None, limit: int) -> JournalPage:
    """The next entries of the journal.

    Raises:
        UsageError: the cursor is of another list.
    """
    journal = entries(catalog, UNNAMED)
    before = from_cursor(cursor, int)[0] if cursor is not None else len(journal) + 1
    older = journal[: max(0, before - 1)]
    some = older[-limit:][::-1]
    more = len(older) > limit
    return JournalPage(some, to_cursor(some[-1].number) if more else None)
