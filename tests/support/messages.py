"""Messages to send, and mails to read."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Generator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

from receivers import (
    Certificate,
    Mailbox,
    mail_server,
)

from kith.adapters.notifier.smtp import MailServer, Security, SmtpNotifier
from kith.domain.face import Box, FaceId
from kith.domain.message import Message, ToldFace, ToldNotice
from kith.domain.notice import NoticeId, RuleId
from kith.domain.person import PersonId
from kith.domain.photo import PhotoId

JPEG = b"\xff\xd8\xff\xe0 a small picture \xff\xd9"
NAME = "Zoë <b>& 'Ångström' 李\U0001f600"


def a_notice(number: int = 0, faces: int = 1) -> ToldNotice:
    """A notice of that number, with so many faces."""
    return ToldNotice(
        notice_id=NoticeId(f"{number:032x}"),
        rule_id=RuleId("a" * 32),
        rule=f"Is {NAME} there?",
        text=NAME,
        created=1_700_000_000.0,
        photo_id=PhotoId("b" * 64),
        file="café.jpg",
        taken_at="2024-06-30T12:00:00",
        faces=tuple(
            ToldFace(
                FaceId(f"00000000-0000-4000-8000-{number * 100 + rank:012x}"),
                Box(0.1, 0.2, 0.3, 0.4),
                PersonId("10000000-0000-4000-8000-000000000001"),
                NAME,
                97.5,
                lambda: JPEG,
            )
            for rank in range(faces)
        ),
        labels=("Dog",),
        url="https://photos.example.org/photos/b",
    )


MESSAGE = Message("c" * 32, f"{NAME} in a new photo", "The Limas & Söhne", (a_notice(),))
TEST = Message("d" * 32, "A test", "Us")


@contextmanager
def mailing(
    security: Security, certificate: Certificate, **more: Any
) -> Generator[tuple[SmtpNotifier, Mailbox]]:
    """A notifier, and the mail server that it hands its mails to."""
    trusted = None if security is Security.PLAIN else certificate
    implicit = security is Security.TLS
    with mail_server(trusted, implicit=implicit, **more) as mailbox:
        server = MailServer(
            "127.0.0.1", mailbox.port, security, ca_file=trusted and trusted.certificate
        )
        yield SmtpNotifier(server, "kith@example.org", ["ana@example.org"]), mailbox


def read_mail(data: bytes) -> tuple[str, str]:
    """The id of a mail's message, and its words."""
    mail = parsed(data)
    plain = mail.get_body(("plain",))
    assert isinstance(plain, EmailMessage)
    return str(mail["Kith-Notice-Id"]), f"{mail['Subject']}\n{plain.get_content()}"


def parsed(data: bytes) -> EmailMessage:
    """A mail as a program reads it."""
    mail = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    return mail
