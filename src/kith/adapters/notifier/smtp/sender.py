"""Sending mail: over TLS unless it is said otherwise, and never for longer than it may take."""

from __future__ import annotations

import base64
import smtplib
import socket
import ssl
import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.headerregistry import Address
from enum import StrEnum
from pathlib import Path
from typing import Any, cast

from kith.adapters.notifier.smtp.letter import letter
from kith.domain.errors import DeliveryError, DeliveryRefusedError, SettingError
from kith.domain.message import Message


class Security(StrEnum):
    """How a mail server is spoken to."""

    STARTTLS = "starttls"
    TLS = "tls"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed over.

    Attributes:
        host: its name, which its certificate must be for.
        port: its port.
        security: encrypted after a greeting (``starttls``), from the first byte (``tls``), or not.
        user: the name to log in with; nobody logs in without.
        password: of that user.
        ca_file: certificates of authorities to trust instead of the system's.
        timeout_seconds: for the whole conversation.
    """

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: Path | None = None
    timeout_seconds: float = 30.0


class SmtpNotifier:
    """Sends messages as mail.

    Args:
        server: who takes them.
        sender: the address they are from.
        recipients: the addresses they are to, at least one.

    Raises:
        SettingError: an address is none, or the certificates cannot be read.
    """

    def __init__(self, server: MailServer, sender: str, recipients: Sequence[str]) -> None:
        self._server = server
        self._sender = _address(sender)
        self._recipients = [_address(one) for one in recipients]
        self._context = _context(server)

    def send(self, message: Message, /) -> str:
        """Send a message to all recipients."""
        mail = letter(message, self._sender, self._recipients)
        with _translated(self._server.host), self._connected() as smtp:
            refused = smtp.send_message(mail)
            code, said = smtp.answer
        told = f"{self._server.host} answered {code} {_text(said)}".rstrip()
        # Some did get it: sending it again would tell them twice.
        return f"{told}; refused for {', '.join(refused)}" if refused else told

    @contextmanager
    def _connected(self) -> Generator[_Conversation]:
        server = self._server
        with _deadline(server.timeout_seconds) as watch:
            if server.security is Security.TLS:
                assert self._context
                smtp = _TlsConversation(watch, server, self._context)
            else:
                smtp = _Conversation(watch, server)
            try:
                if server.security is Security.STARTTLS:
                    smtp.starttls(context=self._context)
                if server.user:
                    _log_in(smtp, server.user, server.password)
                yield smtp
                # What it says to a farewell changes nothing of what it took.
                with suppress(smtplib.SMTPException, OSError):
                    smtp.quit()
            finally:
                smtp.close()


def _log_in(smtp: smtplib.SMTP, user: str, password: str) -> None:
    """Log in; smtplib itself can do so only with names and passwords in ASCII."""
    if f"{user}{password}".isascii():
        smtp.login(user, password)
        return
    smtp.ehlo_or_helo_if_needed()
    plain = base64.b64encode(f"\0{user}\0{password}".encode()).decode()  # RFC 4616
    code, said = smtp.docmd("AUTH", f"PLAIN {plain}")
    if code != 235:
        raise smtplib.SMTPAuthenticationError(code, said)


def _address(text: str) -> Address:
    try:
        return Address(addr_spec=text)
    except (ValueError, IndexError, HeaderParseError) as error:
        raise SettingError(
            f"{text!r} is no address for mail", "It is written as ana@example.org."
        ) from error


def _context(server: MailServer) -> ssl.SSLContext | None:
    if server.security is Security.PLAIN:
        return None
    try:
        return ssl.create_default_context(cafile=server.ca_file)
    except OSError as error:  # ssl.SSLError is one, too
        raise SettingError(f"{server.ca_file} holds no certificates ({error})") from error


# -- the conversation ------------------------------------------------------------------------------


class _Watch:
    """Ends a connection when its time is over, at whatever point of the conversation."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._connection: socket.socket | None = None

    def begin(self, connection: socket.socket) -> None:
        """Watch this one; through a second handle, for TLS takes the first one over."""
        with self._lock:
            family, kind = connection.family, connection.type
            self._connection = socket.fromfd(connection.fileno(), family, kind)

    def end(self) -> None:
        """Cut it off."""
        with self._lock, suppress(OSError):
            if self._connection is not None:
                self._connection.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Watch no more."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None


@contextmanager
def _deadline(seconds: float) -> Generator[_Watch]:
    watch = _Watch()
    timer = threading.Timer(seconds, watch.end)
    timer.daemon = True
    timer.start()
    try:
        yield watch
    finally:
        timer.cancel()
        watch.close()


class _Conversation(smtplib.SMTP):
    """Remembers the last word on the mail, and can be cut off."""

    answer: tuple[int, bytes] = (0, b"")

    def __init__(self, watch: _Watch, server: MailServer, **more: Any) -> None:
        self._watch = watch
        super().__init__(server.host, server.port, timeout=server.timeout_seconds, **more)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        above = cast("Any", super())  # typeshed does not know this method; its subclass has it, too
        connection = cast("socket.socket", above._get_socket(host, port, timeout))
        self._watch.begin(connection)
        return connection

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Hand over the mail; see ``smtplib.SMTP.data``."""
        self.answer = super().data(msg)
        return self.answer


class _TlsConversation(_Conversation, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte."""

    def __init__(self, watch: _Watch, server: MailServer, context: ssl.SSLContext) -> None:
        super().__init__(watch, server, context=context)


# -- what goes wrong -------------------------------------------------------------------------------


@contextmanager
def _translated(name: str) -> Generator[None]:
    """What fails on the way to a server, and what it answers, as Kith's errors."""
    try:
        with _answers_translated(name):
            yield
    except ssl.SSLCertVerificationError as error:
        raise DeliveryError(
            f"{name} cannot be trusted ({error.verify_message})",
            "Check its name, or name the authority of its certificate as ca_file.",
        ) from error
    except ssl.SSLError as error:
        raise DeliveryError(
            f"TLS with {name} failed ({error.reason or type(error).__name__})",
            "Check the channel's port and security.",
            reached=False,
        ) from error
    except OSError as error:
        reason = error.strerror or str(error) or type(error).__name__
        raise DeliveryError(f"{name} cannot be reached ({reason})", reached=False) from error


@contextmanager
def _answers_translated(name: str) -> Generator[None]:
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        answers = [(code, said) for code, said in error.recipients.values()]
        raise _refusal(name, max(answers, default=(0, b""), key=lambda one: -one[0])) from error
    except smtplib.SMTPAuthenticationError as error:
        raise DeliveryError(
            f"{name} does not take the name and password", "Check user and password."
        ) from error
    except smtplib.SMTPServerDisconnected as error:
        raise DeliveryError(f"{name} ended the conversation", reached=False) from error
    except smtplib.SMTPResponseException as error:
        raise _refusal(name, (error.smtp_code, error.smtp_error)) from error
    except smtplib.SMTPException as error:
        raise DeliveryError(
            f"{name} cannot take the mail: {_text(str(error))}", "Check the channel's security."
        ) from error


def _refusal(name: str, answer: tuple[int, bytes | str]) -> DeliveryError:
    """By RFC 5321, section 4.2.1: 4xx for now, 5xx for ever."""
    code, said = answer
    kind = DeliveryRefusedError if code >= 500 else DeliveryError
    return kind(f"{name} answered {code} {_text(said)}".rstrip())


def _text(said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join("".join(one if one.isprintable() else " " for one in text[:200]).split())
