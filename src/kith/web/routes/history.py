"""The journal: what was said, and taking it back."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from kith.pipeline.decisions.journal_entries import Entry, take_back
from kith.pipeline.serving.decided import decided
from kith.pipeline.serving.journal import journal_page
from kith.web.access.roles import Editor, Reader
from kith.web.services import Served
from kith.web.shapes.asked import UndoBody
from kith.web.shapes.people import Change, change_item

router = APIRouter(tags=["journal"])


class EntryItem(BaseModel):
    """One entry of the journal."""

    number: int = Field(description="Its place in the journal; 1 is the oldest.")
    at: datetime
    by: str
    text: str = Field(description="What was said, in words.")
    counts: bool = Field(description="Whether it is in force.")
    undone_by: int | None = Field(description="The entry that took it back.")
    set_aside_by: int | None = Field(description="The reset that set it aside.")


class HistoryAnswer(BaseModel):
    """Some entries of the journal, newest first."""

    entries: list[EntryItem]
    next_cursor: str | None


@router.get("/history")
def get_history(
    services: Served,
    _caller: Reader,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> HistoryAnswer:
    """What was said of people and faces, newest first."""
    page = journal_page(services.catalog, cursor, limit)
    return HistoryAnswer(
        entries=[_item(entry) for entry in page.entries], next_cursor=page.next_cursor
    )


@router.post("/undo")
def post_undo(services: Served, caller: Editor, body: UndoBody | None = None) -> Change:
    """Take entries of the journal back; without any, the newest that counts.

    To undo an undo, take that back.
    """
    numbers = body.entries if body else []
    taken = take_back(services.catalog, numbers, by=caller.name)
    return change_item(services, decided(services.catalog, taken.effect))


def _item(entry: Entry) -> EntryItem:
    return EntryItem(
        number=entry.number,
        at=entry.decision.at,
        by=entry.decision.by,
        text=entry.text,
        counts=entry.counts,
        undone_by=entry.undone_by,
        set_aside_by=entry.set_aside_by,
    )
