"""Rules and notices, as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from kith.domain.notice_rules import LONGEST_NAME, MOST_CHANNELS, MOST_PEOPLE, written
from kith.pipeline.notices.rules import ListedRule
from kith.pipeline.notices.words import channels_text, when_text
from kith.ports.outbox import Entry, State
from kith.web.shapes.access import moment


class NewRule(BaseModel):
    """What is worth telling: one of `people`, `faces` and `label`."""

    name: str = Field(min_length=1, max_length=LONGEST_NAME)
    people: list[str] | None = Field(
        default=None,
        min_length=1,
        max_length=MOST_PEOPLE,
        description="Names or ids; each of them must be in the photo.",
    )
    faces: Literal["any", "unknown"] | None = Field(
        default=None, description="Any face, or one of somebody without a name."
    )
    label: str | None = Field(default=None, min_length=1, max_length=LONGEST_NAME)
    at_least: float | None = Field(
        default=None, ge=0, le=100, description="Percent: similarity of people, or confidence."
    )
    quiet: str | None = Field(
        default=None, max_length=20, description="When nothing is told: `22:00-07:00`."
    )
    digest: Literal["hour", "day"] | None = Field(
        default=None, description="How long notices are gathered."
    )
    channels: list[str] = Field(
        min_length=1, max_length=MOST_CHANNELS, description="Who is told: names from the settings."
    )


class PersonInRule(BaseModel):
    """Somebody whom a rule waits for."""

    word: str = Field(description="As it stands in the rule: a name or an id.")
    person_id: str | None = Field(description="Whom it means now; nobody, or several, if absent.")
    name: str | None


class RuleItem(BaseModel):
    """A rule."""

    id: str
    name: str
    people: Sequence[PersonInRule] | None
    faces: Literal["any", "unknown"] | None
    label: str | None
    at_least: float | None
    quiet: str | None
    digest: Literal["hour", "day"] | None
    channels: Sequence[str]
    configured: bool = Field(description="It stands in the settings, and is changed there.")
    tells: str = Field(description="What it tells, in words.")
    through: str = Field(description="How it tells it, in words.")


class ChannelItem(BaseModel):
    """Who can be told; its address and secrets are not shown."""

    name: str
    kind: str = Field(description="`smtp`, `webhook`, `sns` or `log`.")
    usable: bool = Field(description="Whether this server has all that it needs.")


class RuleList(BaseModel):
    """All rules, and the channels of the settings."""

    rules: Sequence[RuleItem]
    channels: Sequence[ChannelItem]


class TestAnswer(BaseModel):
    """What a receiver said to a test message."""

    answer: str


class NoticeItem(BaseModel):
    """A notice on its way through one channel."""

    id: str
    cursor: int = Field(description="To be sent as `before`, for those that are older.")
    rule_id: str
    rule: str
    photo_id: str
    channel: str
    state: State
    created_at: datetime
    due_at: datetime
    attempts: int
    error: str = Field(description="Why the last try failed.")


class NoticeList(BaseModel):
    """Notices, newest first; and how many are how far."""

    notices: Sequence[NoticeItem]
    counts: dict[State, int]


def rule_item(listed: ListedRule) -> RuleItem:
    """A rule with whom it means."""
    found: dict[str, Any] = written(listed.rule)
    people = [
        PersonInRule(
            word=word, person_id=person.id if person else None, name=person.name if person else None
        )
        for word, person in zip(found.get("people", ()), listed.people, strict=True)
    ]
    return RuleItem(
        id=listed.rule.id,
        name=listed.rule.name,
        people=people or None,
        faces=found.get("faces"),
        label=found.get("label"),
        at_least=found.get("at_least"),
        quiet=found.get("quiet"),
        digest=found.get("digest"),
        channels=listed.rule.channels,
        configured=listed.configured,
        tells=when_text(listed),
        through=channels_text(listed.rule),
    )


def notice_item(entry: Entry) -> NoticeItem:
    """A posting, and how far it is."""
    posting = entry.posting
    notice = posting.notice
    return NoticeItem(
        id=notice.id,
        cursor=entry.number,
        rule_id=notice.rule_id,
        rule=notice.rule_name,
        photo_id=notice.photo_id,
        channel=posting.channel,
        state=entry.state,
        created_at=moment(notice.created),
        due_at=moment(posting.due),
        attempts=entry.attempts,
        error=entry.error,
    )
