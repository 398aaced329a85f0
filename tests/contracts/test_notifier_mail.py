"""Mails are well formed, go encrypted, and arrive or say why not; through a real mail server."""

from __future__ import annotations

import re
import socket
from dataclasses import replace
from email.message import EmailMessage
from typing import cast

import pytest
from messages import JPEG, MESSAGE, a_notice, mailing, parsed, read_mail
from receivers import (
    USER,
    Certificate,
    mail_server,
)

from kith.adapters.notifier.smtp import MailServer, Security, SmtpNotifier
from kith.domain.errors import DeliveryError, DeliveryRefusedError, SettingError


def test_a_mail_is_well_formed_in_any_language(certificate: Certificate) -> None:
    """Words and a page, with the faces in it; every header in ASCII, and the subject whole."""
    with mailing(Security.STARTTLS, certificate) as (notifier, mailbox):
        notifier.send(MESSAGE)

    (data,) = mailbox.mails
    mail = parsed(data)
    head = data.partition(b"\r\n\r\n")[0]
    assert head.isascii()
    assert max(map(len, data.split(b"\r\n"))) <= 998
    assert mail["Subject"] == MESSAGE.subject
    assert (mail["From"], mail["To"]) == ("kith@example.org", "ana@example.org")
    assert mail["Message-ID"] == f"<{MESSAGE.id}@example.org>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content_type() == "multipart/alternative"
    page = mail.get_body(("html",))
    assert isinstance(page, EmailMessage)
    markup = page.get_content()
    assert "Zoë &lt;b&gt;&amp;" in markup
    assert "<b>" not in markup
    shown = re.findall('src="cid:([^"]+)"', markup)
    pictures = [part for part in mail.walk() if part.get_content_type() == "image/jpeg"]
    assert [str(part["Content-ID"]) for part in pictures] == [f"<{one}>" for one in shown]
    assert [part.get_content() for part in pictures] == [JPEG]


def test_a_mail_of_very_many_shows_some_and_counts_the_rest(certificate: Certificate) -> None:
    """So that servers take it, and people read it."""
    many = replace(MESSAGE, notices=tuple(a_notice(number, 3) for number in range(200)))

    with mailing(Security.STARTTLS, certificate) as (notifier, mailbox):
        notifier.send(many)

    mail = parsed(mailbox.mails[0])
    assert len([part for part in mail.walk() if part.get_content_type() == "image/jpeg"]) == 40
    assert "and 170 more" in read_mail(mailbox.mails[0])[1]


def test_no_name_adds_a_header(certificate: Certificate) -> None:
    """Whatever it holds: a line's end in a subject is refused before anything is sent."""
    evil = replace(MESSAGE, subject="Hi\r\nBcc: everybody@example.org")

    with (
        mailing(Security.STARTTLS, certificate) as (notifier, mailbox),
        pytest.raises(ValueError, match="Header values"),
    ):
        notifier.send(evil)

    assert mailbox.mails == []


def test_mail_goes_encrypted_or_not_at_all() -> None:
    """A server that offers no STARTTLS, where it is wanted, gets nothing."""
    with mail_server() as mailbox:
        server = MailServer("127.0.0.1", mailbox.port, Security.STARTTLS)

        with pytest.raises(DeliveryError, match="STARTTLS"):
            SmtpNotifier(server, "kith@example.org", ["ana@example.org"]).send(MESSAGE)

    assert mailbox.mails == []


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_a_server_that_nobody_vouches_for_gets_nothing(
    certificate: Certificate, security: Security
) -> None:
    """Its certificate must be for its name, and from an authority that is trusted."""
    with mail_server(certificate, implicit=security is Security.TLS) as mailbox:
        server = MailServer("127.0.0.1", mailbox.port, security)

        with pytest.raises(DeliveryError, match="cannot be trusted"):
            SmtpNotifier(server, "kith@example.org", ["ana@example.org"]).send(MESSAGE)

    assert mailbox.mails == []


# The mail server does not know that TLS is around it.
@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning")
@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
@pytest.mark.parametrize("password", ["password", "pässwörd"])
def test_who_must_log_in_does(certificate: Certificate, security: Security, password: str) -> None:
    """With the password of the settings, whatever its letters; no message names it."""
    implicit = security is Security.TLS
    with mail_server(certificate, implicit=implicit, password=password) as mailbox:
        server = MailServer(
            "127.0.0.1", mailbox.port, security, USER, password, certificate.certificate
        )
        sender = "kith@example.org"
        SmtpNotifier(server, sender, ["ana@example.org"]).send(MESSAGE)
        wrong = replace(server, password="wr0ng-pass")
        with pytest.raises(DeliveryError) as caught:
            SmtpNotifier(wrong, sender, ["ana@example.org"]).send(MESSAGE)

    assert len(mailbox.mails) == 1
    assert not isinstance(caught.value, DeliveryRefusedError)
    assert "wr0ng-pass" not in str(caught.value) + repr(wrong)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("451 4.3.0 try again later", DeliveryError),
        ("554 5.7.1 we do not want this", DeliveryRefusedError),
    ],
)
def test_a_server_says_whether_to_come_again(answer: str, kind: type[DeliveryError]) -> None:
    """4xx: later; 5xx: never, as RFC 5321 has it."""
    with mailing(Security.PLAIN, cast("Certificate", None)) as (notifier, mailbox):
        mailbox.answers.append(answer)

        with pytest.raises(DeliveryError) as caught:
            notifier.send(MESSAGE)

    assert type(caught.value) is kind
    assert answer in caught.value.message


def test_one_recipient_who_is_refused_keeps_no_other_from_it() -> None:
    """What arrived is not sent again; if nobody takes it, it has failed."""
    with mail_server() as mailbox:
        mailbox.refused = {"ben@example.org"}
        server = MailServer("127.0.0.1", mailbox.port, Security.PLAIN)
        both = SmtpNotifier(server, "kith@example.org", ["ben@example.org", "ana@example.org"])
        assert "refused for ben@example.org" in both.send(MESSAGE)

        with pytest.raises(DeliveryRefusedError, match="nobody of that name"):
            SmtpNotifier(server, "kith@example.org", ["ben@example.org"]).send(MESSAGE)

    assert len(mailbox.mails) == 1


def test_a_mail_server_that_keeps_silent_is_given_up() -> None:
    """The time is for the whole conversation."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        server = MailServer("127.0.0.1", port, Security.PLAIN, timeout_seconds=0.3)

        with pytest.raises(DeliveryError) as caught:
            SmtpNotifier(server, "kith@example.org", ["ana@example.org"]).send(MESSAGE)

    assert not caught.value.reached


def test_an_address_that_is_none_is_a_wrong_setting() -> None:
    """It is said when the channel is made, not when somebody appears."""
    server = MailServer("127.0.0.1", 25, Security.PLAIN)

    for wrong in ("ana", "ana@", "a@b@c", "ana@example.org\r\nBcc: x@y.z", ""):
        with pytest.raises(SettingError):
            SmtpNotifier(server, "kith@example.org", [wrong])
