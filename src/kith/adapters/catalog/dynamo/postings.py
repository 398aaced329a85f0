"""Notices that come into the outbox, or leave it, with what they are about: in the same change."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from kith.adapters.catalog.dynamo.draft import Doc, Draft
from kith.adapters.catalog.dynamo.schema import (
    RULES,
    Key,
    face_key,
    message,
    notice_key,
    number_key,
    outbox,
    person,
    photo,
    photo_key,
    posting_key,
    rule_key,
)
from kith.domain.face import FaceId
from kith.domain.notice import Notice, NoticeId, Posting, RuleId, Together
from kith.domain.notice_rules import rule_of
from kith.domain.person import PersonId
from kith.domain.photo import PhotoId
from kith.ports.outbox import State

_NUMBERS: Final = "postings"
"""Under which name postings are numbered."""


def post(draft: Draft, postings: Sequence[Posting]) -> None:
    """Put these into the outbox.

    Left out are those that are there already, those of photos that are not known, and those of
    photos that were there before the rule.
    """
    draft.load(key for each in postings for key in _keys_of(each))
    for posting in postings:
        notice = posting.notice
        known, rule = draft.get(photo_key(notice.photo_id)), draft.get(rule_key(notice.rule_id))
        if known is None or known["arrival"] <= (rule["since"] if rule else 0):
            continue
        if draft.get(notice_key(notice.id, posting.channel)) is None:
            number = draft.next(_NUMBERS)
            draft.put(notice_key(notice.id, posting.channel), {"number": number})
            draft.add(Key(photo(notice.photo_id), f"NOTICE#{number_key(number)}"), {})
            keep(draft, number, None, _doc_of(posting))


def keep(draft: Draft, number: int, before: str | None, doc: Doc) -> None:
    """Let a posting be like this, and be found by how far it is.

    Args:
        draft: the change.
        number: of the posting.
        before: how far it was; ``None`` for a new one.
        doc: the posting.
    """
    if before is not None and before != doc["state"]:
        draft.drop(Key(outbox(before), number_key(number)))
    if before != doc["state"]:
        draft.put(Key(outbox(doc["state"]), number_key(number)), {})
    draft.put(posting_key(number), doc)


def remove(draft: Draft, number: int) -> None:
    """Forget a posting."""
    doc = draft.get(posting_key(number))
    assert doc is not None
    here = number_key(number)
    draft.drop(posting_key(number))
    draft.drop(Key(outbox(doc["state"]), here))
    draft.drop(notice_key(NoticeId(doc["id"]), doc["channel"]))
    draft.drop(Key(photo(PhotoId(doc["photo"])), f"NOTICE#{here}"))
    if doc["message"] is not None:
        draft.drop(Key(message(doc["message"]), here))


def in_states(draft: Draft, states: Iterable[State]) -> dict[int, Doc]:
    """All postings that are so far, by number."""
    numbers = sorted(int(sk) for state in states for sk, _ in draft.under(outbox(state)))
    return by_number(draft, numbers)


def by_number(draft: Draft, numbers: Sequence[int]) -> dict[int, Doc]:
    """Those of these postings that are there."""
    draft.load(map(posting_key, numbers))
    found = {number: draft.get(posting_key(number)) for number in numbers}
    return {number: doc for number, doc in found.items() if doc is not None}


def forget_photos(draft: Draft, photo_ids: Collection[PhotoId]) -> None:
    """Forget notices of photos that are about to go."""
    for number in _about(draft, photo_ids):
        remove(draft, number)


def forget_faces(draft: Draft, face_ids: Collection[FaceId]) -> None:
    """Have no notice name these faces; those that then are about nothing go."""
    draft.load(map(face_key, face_ids))
    faces = [doc for face_id in face_ids if (doc := draft.get(face_key(face_id))) is not None]
    numbers = _about(draft, {PhotoId(doc["photo"]) for doc in faces})
    for number, doc in by_number(draft, numbers).items():
        left = [face_id for face_id in doc["faces"] if face_id not in face_ids]
        if left or doc["labels"]:
            keep(draft, number, doc["state"], {**doc, "faces": left})
        else:
            remove(draft, number)


def forget_people(draft: Draft, person_ids: Collection[PersonId]) -> None:
    """Forget the rules that are kept for one of these people, or for whom they were before."""
    gone = set(person_ids)
    for person_id in person_ids:
        parts = draft.under(person(person_id), "WAS#")
        gone |= {PersonId(sk.removeprefix("WAS#")) for sk, _ in parts}
    for rule_id, doc in draft.under(RULES):
        if doc["rule"] is not None and not gone.isdisjoint(_people_in(doc["rule"])):
            remove_rule(draft, RuleId(rule_id))


def remove_rule(draft: Draft, rule_id: RuleId) -> None:
    """Forget a rule, and its notices that were not sent."""
    unsent = in_states(draft, (State.PENDING, State.CLAIMED, State.DEAD))
    for number, doc in unsent.items():
        if doc["rule_id"] == rule_id:
            remove(draft, number)
    draft.drop(rule_key(rule_id))


def notice_of(doc: Mapping[str, Any]) -> Notice:
    """The notice of a posting's document."""
    return Notice(
        rule_id=doc["rule_id"],
        rule_name=doc["rule_name"],
        photo_id=doc["photo"],
        face_ids=tuple(doc["faces"]),
        labels=tuple(doc["labels"]),
        created=doc["created"],
    )


def _keys_of(posting: Posting) -> Iterable[Key]:
    notice = posting.notice
    yield photo_key(notice.photo_id)
    yield rule_key(notice.rule_id)
    yield notice_key(notice.id, posting.channel)


def _doc_of(posting: Posting) -> Doc:
    notice = posting.notice
    return {
        "id": notice.id,
        "channel": posting.channel,
        "rule_id": notice.rule_id,
        "rule_name": notice.rule_name,
        "photo": notice.photo_id,
        "faces": list(notice.face_ids),
        "labels": list(notice.labels),
        "created": notice.created,
        "due": posting.due,
        "bundle": posting.bundle,
        "state": State.PENDING.value,
        "attempts": 0,
        "error": "",
        "message": None,
        "claim": None,
        "until": 0.0,
        "sent": 0.0,
    }


def _about(draft: Draft, photo_ids: Collection[PhotoId]) -> list[int]:
    """The numbers of all postings about these photos."""
    found = (draft.under(photo(photo_id), "NOTICE#") for photo_id in photo_ids)
    return [int(sk.removeprefix("NOTICE#")) for some in found for sk, _ in some]


def _people_in(rule: Mapping[str, Any]) -> Iterable[str]:
    when = rule_of(rule).when
    return when.people if isinstance(when, Together) else ()
