"""Messages: notices in words, as somebody reads them and as a program does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from kith.domain.face import Box, FaceId
from kith.domain.notice import NoticeId, RuleId
from kith.domain.person import PersonId
from kith.domain.photo import PhotoId

SCHEMA: Final = "kith.notices/1"
"""Of the document. A field may be added; a change that breaks readers gets another number."""

_MOST_LINES: Final = 30
"""Notices in a text. What a day of a busy camera brings is counted, not read."""


def _no_crop() -> bytes | None:
    return None


@dataclass(frozen=True, slots=True)
class ToldFace:
    """A face that a message tells of.

    Attributes:
        face_id: the face.
        box: where it is, as ratios of the upright picture.
        person_id: whose it is.
        name: what that person is called; ``None`` without a name.
        similarity: how well it fits the person's other faces, percent.
        crop: answers the face as a JPEG, if it can be had; it is made only for who shows it.
    """

    face_id: FaceId
    box: Box
    person_id: PersonId | None = None
    name: str | None = None
    similarity: float | None = None
    crop: Callable[[], bytes | None] = field(default=_no_crop, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ToldNotice:
    """A notice as a message tells it.

    Attributes:
        notice_id: the same whenever it is told.
        rule_id: the rule that was met.
        rule: what the rule is called.
        text: who and what is in the photo: ``Ana and somebody without a name``.
        created: when the photo came, in seconds since 1970.
        photo_id: the photo.
        file: the name of its file, without the folder; ``None`` where it is missing.
        taken_at: when it was taken, ISO 8601, by the camera's own clock.
        faces: those that met the rule.
        labels: those that met the rule.
        url: where the photo can be seen.
    """

    notice_id: NoticeId
    rule_id: RuleId
    rule: str
    text: str
    created: float
    photo_id: PhotoId
    file: str | None = None
    taken_at: str | None = None
    faces: tuple[ToldFace, ...] = ()
    labels: tuple[str, ...] = ()
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """What is told at once.

    Every text in it is one line of characters that can be seen.

    Attributes:
        id: 32 hex digits; the same however often it is sent, so that who gets it twice can tell.
        subject: what it is about.
        library: what the library is called.
        notices: what is told, oldest first; none in a test.
    """

    id: str
    subject: str
    library: str
    notices: tuple[ToldNotice, ...] = ()


def message_text(message: Message) -> str:
    """The message for people, in lines."""
    lines = [message.subject, ""]
    for notice in message.notices[:_MOST_LINES]:
        lines += [
            f"{notice.text}",
            f"  {details(notice)}",
            *([f"  {notice.url}"] * bool(notice.url)),
        ]
    if more := len(message.notices) - _MOST_LINES:
        lines += [f"and {more} more"] if more > 0 else []
    return "\n".join([*lines, "", f"Kith, {message.library}", f"Message {message.id}", ""])


def details(notice: ToldNotice) -> str:
    """Which photo it is, when it was taken, and the rule."""
    parts = [notice.file or "a photo whose file is missing"]
    if notice.taken_at:
        parts.append(f"taken {notice.taken_at[:16].replace('T', ' ')}")
    return ", ".join([*parts, f"rule “{notice.rule}”"])


def message_document(message: Message) -> dict[str, Any]:
    """The message for programs, as JSON; docs/notices.md describes it."""
    return {
        "schema": SCHEMA,
        "id": message.id,
        "subject": message.subject,
        "library": message.library,
        "notices": [_notice_document(notice) for notice in message.notices],
    }


def _notice_document(notice: ToldNotice) -> dict[str, Any]:
    return {
        "id": notice.notice_id,
        "rule": {"id": notice.rule_id, "name": notice.rule},
        "text": notice.text,
        "created_at": datetime.fromtimestamp(notice.created, UTC).isoformat(timespec="seconds"),
        "photo": {
            "id": notice.photo_id,
            "file": notice.file,
            "taken_at": notice.taken_at,
            "url": notice.url,
        },
        "faces": [_face_document(face) for face in notice.faces],
        "labels": list(notice.labels),
    }


def _face_document(face: ToldFace) -> dict[str, Any]:
    person = None if face.person_id is None else {"id": face.person_id, "name": face.name}
    box = face.box
    return {
        "id": face.face_id,
        "box": {"left": box.left, "top": box.top, "width": box.width, "height": box.height},
        "similarity": face.similarity,
        "person": person,
    }
