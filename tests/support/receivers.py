"""Real receivers of messages on this machine: a mail server, and a server that posts go to."""

from __future__ import annotations

import asyncio
import json
import random
import ssl
import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler
from ipaddress import ip_address
from pathlib import Path
from typing import Any, cast

from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID
from http_server import listening

# -- certificates ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Certificate:
    """A certificate for this machine that its own key has signed.

    Attributes:
        certificate: the file; whoever trusts it, trusts the server.
        key: the file with the key.
    """

    certificate: Path
    key: Path

    def server_context(self) -> ssl.SSLContext:
        """For a server that shows it."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.certificate, self.key)
        return context


def make_certificate(folder: Path) -> Certificate:
    """One that is good for a day."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    here = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(here), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    made = Certificate(folder / "certificate.pem", folder / "key.pem")
    made.certificate.write_bytes(signed.public_bytes(Encoding.PEM))
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    made.key.write_bytes(secret)
    return made


# -- mail ------------------------------------------------------------------------------------------


@dataclass
class Mailbox:
    """A mail server's memory.

    Attributes:
        port: where it listens, on 127.0.0.1.
        mails: what it took, as bytes.
        answers: what it says to the next mails instead of taking them, the first first.
        refused: recipients that it refuses.
    """

    port: int = 0
    mails: list[bytes] = field(default_factory=list[bytes])
    answers: list[str] = field(default_factory=list[str])
    refused: set[str] = field(default_factory=set[str])

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's names
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        """Somebody the mail is for."""
        if address in self.refused:
            return "550 5.1.1 nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Any
    ) -> str:
        """The mail itself."""
        if self.answers:
            return self.answers.pop(0)
        self.mails.append(envelope.content)
        return f"250 2.0.0 queued as {len(self.mails)}"


USER = "kith"


@contextmanager
def mail_server(
    certificate: Certificate | None = None, *, implicit: bool = False, password: str = ""
) -> Generator[Mailbox]:
    """A mail server, as long as the block lasts.

    Args:
        certificate: it offers STARTTLS with it, and takes no mail without; or
        implicit: speaks TLS from the first byte.
        password: takes no mail of who has not logged in with it.
    """
    mailbox = Mailbox()
    context = certificate.server_context() if certificate else None
    settings: dict[str, Any] = {
        "hostname": "localhost",
        "auth_required": bool(password),
        "authenticator": partial(_authenticate, password.encode()),
        "auth_require_tls": context is not None and not implicit,
    }
    if context and not implicit:
        settings |= {"tls_context": context, "require_starttls": True}
    loop = asyncio.new_event_loop()
    listening = loop.create_server(
        lambda: SMTP(mailbox, loop=loop, **settings),
        "127.0.0.1",
        0,
        ssl=context if implicit else None,
    )
    server = loop.run_until_complete(listening)
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        mailbox.port = server.sockets[0].getsockname()[1]
        yield mailbox
    finally:
        asyncio.run_coroutine_threadsafe(_close(server), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _close(server: asyncio.Server) -> None:
    """Take no more, and let go of who is still there."""
    server.close()
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)


def _authenticate(password: bytes, *asked: Any) -> AuthResult:
    data = asked[-1]
    right = data.login == USER.encode() and data.password == password
    return AuthResult(success=right, handled=right)


# -- posts -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Post:
    """One request."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def document(self) -> dict[str, Any]:
        """What was posted."""
        return cast("dict[str, Any]", json.loads(self.body))


@dataclass
class Receiver:
    """A server's memory.

    Attributes:
        url: its address.
        posts: the requests that it took.
        answers: status and headers of the next answers, the first first; else 200.
        failing: the part of requests that fail, half of them after they were taken.
        seed: of which ones fail.
    """

    url: str = ""
    posts: list[Post] = field(default_factory=list[Post])
    answers: list[tuple[int, Mapping[str, str]]] = field(
        default_factory=list[tuple[int, Mapping[str, str]]]
    )
    failing: float = 0.0
    chance: random.Random = field(default_factory=lambda: random.Random(7))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, post: Post) -> tuple[int, Mapping[str, str]]:
        """Remember a request, or not; answers what is said to it."""
        with self.lock:
            fails = self.chance.random() < self.failing
            if not fails or self.chance.random() < 0.5:
                self.posts.append(post)
            if fails:
                return 503, {}
            return self.answers.pop(0) if self.answers else (200, {})


@contextmanager
def web_receiver(answer: Callable[[Any], None] | None = None) -> Generator[Receiver]:
    """A server for posts, as long as the block lasts.

    Args:
        answer: what it does with a connection instead, with the handler as its argument.
    """
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if answer is not None:
                answer(self)
                return
            status, headers = receiver.take(Post(self.path, dict(self.headers.items()), body))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            said = b"understood\x07\n" if status < 300 else b"not now"
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name there
            pass

    with listening(Handler) as receiver.url:
        yield receiver
