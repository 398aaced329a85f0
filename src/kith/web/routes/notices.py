"""Notices: who is told when somebody appears."""

from __future__ import annotations

import time
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Query

from kith.domain.errors import NotFoundError
from kith.domain.notice import NoticeId, RuleId
from kith.pipeline.notices.rules import add_rule, listed_rules, remove_rule
from kith.ports.outbox import State
from kith.web.access.roles import Editor
from kith.web.services import Served
from kith.web.shapes.notices import (
    ChannelItem,
    NewRule,
    NoticeList,
    RuleItem,
    RuleList,
    TestAnswer,
    notice_item,
    rule_item,
)

router = APIRouter(prefix="/notices", tags=["notices"])

IdPath = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
ChannelPath = Annotated[str, Path(max_length=40, description="A channel's name.")]


@router.get("/rules")
def get_rules(services: Served, _caller: Editor) -> RuleList:
    """Every rule, and the channels that there are."""
    notices = services.notices
    return RuleList(
        rules=[rule_item(one) for one in listed_rules(notices, services.catalog)],
        channels=[
            ChannelItem(name=name, kind=kind, usable=name not in notices.unusable)
            for name, kind in notices.channels.items()
        ],
    )


@router.post("/rules", status_code=HTTPStatus.CREATED)
def post_rule(services: Served, _caller: Editor, body: NewRule) -> RuleItem:
    """Make a rule. It tells of photos that come from now on."""
    written = body.model_dump(exclude_none=True)
    return rule_item(add_rule(services.notices, services.catalog, written))


@router.delete("/rules/{rule_id}", status_code=HTTPStatus.NO_CONTENT)
def delete_rule(services: Served, _caller: Editor, rule_id: IdPath) -> None:
    """Forget a rule, and what it did not tell yet."""
    remove_rule(services.notices, RuleId(rule_id))


@router.post("/channels/{channel}/test")
def try_channel(services: Served, _caller: Editor, channel: ChannelPath) -> TestAnswer:
    """Send a test message, and say what was answered."""
    return TestAnswer(answer=services.notices.test(channel))


@router.get("")
def get_notices(
    services: Served,
    _caller: Editor,
    state: Annotated[State | None, Query(description="Only what is so far.")] = None,
    before: Annotated[int | None, Query(ge=0, le=2**53, description="A `cursor`.")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> NoticeList:
    """What is or was on its way, newest first."""
    outbox = services.notices.outbox
    entries = outbox.entries(None if state is None else [state], before=before, limit=limit)
    return NoticeList(notices=[notice_item(one) for one in entries], counts=dict(outbox.counts()))


@router.post("/{notice_id}/again", status_code=HTTPStatus.NO_CONTENT)
def send_again(services: Served, _caller: Editor, notice_id: IdPath) -> None:
    """Have a dead notice sent again."""
    if not services.notices.outbox.send_again([NoticeId(notice_id)], time.time()):
        raise NotFoundError(f"There is no dead notice {notice_id}")
