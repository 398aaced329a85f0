"""A message as a mail: words, and the same with pictures."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, localtime
from html import escape
from typing import Final

from kith.domain.face import FaceId
from kith.domain.message import Message, ToldFace, ToldNotice, details, message_text

_MOST_NOTICES: Final = 30
"""Notices that are shown; of the others it is said how many they are."""

_MOST_CROPS: Final = 40
"""Faces that are shown, 4 kB each; a mail of megabytes is not always taken."""

_SIDE: Final = 96
"""Pixels of a face on the page."""


def letter(message: Message, sender: Address, recipients: Sequence[Address]) -> EmailMessage:
    """The mail. Servers and programs that meet it twice know it by its Message-ID."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    mail["To"] = recipients
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(localtime())
    mail["Message-ID"] = f"<{message.id}@{_domain(sender)}>"
    mail["Kith-Notice-Id"] = message.id
    # RFC 3834: nobody's vacation is to answer.
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message_text(message), cte="quoted-printable")
    shown = _with_crops(message)
    mail.add_alternative(_page(message, shown), subtype="html", cte="quoted-printable")
    page = mail.get_body(("html",))
    assert isinstance(page, EmailMessage)
    for face_id, crop in shown.items():
        page.add_related(crop, "image", "jpeg", cid=f"<{_cid(face_id)}>", disposition="inline")
    return mail


def _domain(sender: Address) -> str:
    try:
        return sender.domain.encode("idna").decode() or "kith.invalid"
    except UnicodeError:
        return "kith.invalid"


def _with_crops(message: Message) -> dict[FaceId, bytes]:
    """The crops that are shown: of each face once, however many notices name it."""
    found: dict[FaceId, bytes] = {}
    for face in (face for one in message.notices[:_MOST_NOTICES] for face in one.faces):
        if len(found) == _MOST_CROPS:
            break
        if face.face_id not in found and (crop := face.crop()) is not None:
            found[face.face_id] = crop
    return found


def _cid(face_id: FaceId) -> str:
    return f"{face_id}@kith.invalid"


# -- the page --------------------------------------------------------------------------------------


def _page(message: Message, shown: Container[FaceId]) -> str:
    """HTML as mail programs understand it: simple, and with styles where they are used."""
    more = len(message.notices) - _MOST_NOTICES
    parts = [
        _HEAD.format(title=escape(message.subject)),
        *(part for notice in message.notices[:_MOST_NOTICES] for part in _notice(notice, shown)),
        *([f'<p style="{_SMALL}">and {more} more</p>'] if more > 0 else []),
        _FOOT.format(library=escape(message.library), id=escape(message.id)),
    ]
    return "\n".join(parts)


def _notice(notice: ToldNotice, shown: Container[FaceId]) -> Iterator[str]:
    faces = [face for face in notice.faces if face.face_id in shown]
    yield '<div style="margin:0 0 12px">'
    yield from _faces(faces)
    yield "</div>"
    yield f'<p style="margin:0 0 4px;font-size:16px">{escape(notice.text)}</p>'
    link = f'<br><a href="{escape(notice.url or "")}" style="color:#1a5fb4">See the photo</a>'
    yield f'<p style="{_SMALL}">{escape(details(notice))}{link if notice.url else ""}</p>'


def _faces(faces: Iterable[ToldFace]) -> Iterator[str]:
    for face in faces:
        name = escape(face.name or "No name")
        similarity = "" if face.similarity is None else f"{face.similarity:.0f} %"
        yield (
            f'<div style="{_TILE}">'
            f'<img src="cid:{escape(_cid(face.face_id))}" width="{_SIDE}" height="{_SIDE}"'
            f' alt="{name}" style="display:block;border-radius:8px">'
            f'<span style="font-size:13px">{name}</span><br>'
            f'<span style="font-size:12px;color:#5e5c64">{similarity}</span></div>'
        )


_TILE: Final = "display:inline-block;width:108px;margin:0 0 8px;vertical-align:top"
_SMALL: Final = "margin:0 0 24px;font-size:13px;color:#5e5c64"

_HEAD: Final = """<!doctype html>
<html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light"><title>{title}</title></head>
<body style="margin:0;padding:24px;font-family:system-ui,sans-serif;color:#241f31;background:#fff">
<h1 style="margin:0 0 20px;font-size:20px">{title}</h1>"""

_FOOT: Final = """<hr style="border:0;border-top:1px solid #deddda">
<p style="margin:12px 0 0;font-size:12px;color:#5e5c64">Kith, {library}<br>Message {id}</p>
</body></html>
"""
