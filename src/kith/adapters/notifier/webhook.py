"""Messages posted to a URL as JSON, signed, so that the receiver knows whose they are.

The signature is made as Stripe and others make theirs: HMAC-SHA-256, by a secret that both know,
over the moment of sending and the body. The moment is signed, too, so that nobody who overheard a
request can send it again tomorrow. docs/notices.md tells how to verify it.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final

import httpx

from kith.domain.errors import DeliveryError, DeliveryRefusedError
from kith.domain.message import Message, message_document

SIGNATURE: Final = "Kith-Signature"
NOTICE_ID: Final = "Kith-Notice-Id"

_HEARD: Final = 200
"""Characters of an answer that are told."""

_NEVER: Final = frozenset({HTTPStatus.GONE, HTTPStatus.REQUEST_ENTITY_TOO_LARGE})
"""Answers after which the same message is not worth sending again: nobody lives there any more, or
it is too large. Any other failure may be mended at the receiver's end."""


class WebhookNotifier:
    """Posts messages.

    Args:
        url: where to; any address that this machine reaches, for its owner chose it.
        secret: what requests are signed with.
        timeout_seconds: for the whole request, however slowly the receiver answers.
        clock: seconds since 1970.
    """

    def __init__(
        self,
        url: str,
        secret: str,
        *,
        timeout_seconds: float = 10.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._url = httpx.URL(url)
        self._secret = secret.encode()
        self._timeout = timeout_seconds
        self._clock = clock
        # The path and what else stands in a URL may be what lets one in.
        self._name = f"{self._url.scheme}://{self._url.host}"

    def send(self, message: Message, /) -> str:
        """Post a message."""
        body = json.dumps(message_document(message)).encode("ascii")
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "kith",
            NOTICE_ID: message.id,
            SIGNATURE: signature(self._secret, int(self._clock()), body),
        }
        try:
            status, after, heard = asyncio.run(self._post(body, headers))
        except (httpx.HTTPError, TimeoutError, OSError) as error:
            reason = str(error) or type(error).__name__
            raise DeliveryError(
                f"{self._name} cannot be reached ({_line(reason)})", reached=False
            ) from error
        return self._judge(status, after, heard)

    async def _post(self, body: bytes, headers: Mapping[str, str]) -> tuple[int, str, str]:
        async with (
            asyncio.timeout(self._timeout),
            httpx.AsyncClient(timeout=self._timeout, follow_redirects=False) as client,
            client.stream("POST", self._url, content=body, headers=headers) as response,
        ):
            heard = b""
            async for part in response.aiter_raw(_HEARD):
                heard += part
                if len(heard) >= _HEARD:
                    break
            after = response.headers.get("Retry-After", "")
            return response.status_code, after, heard.decode("utf-8", "replace")

    def _judge(self, status: int, after: str, heard: str) -> str:
        answer = f"{self._name} answered {status} {_line(heard)}".rstrip()
        if 200 <= status < 300:
            return answer
        if status in _NEVER:
            raise DeliveryRefusedError(answer)
        advice = "Name the address that it leads to." if 300 <= status < 400 else ""
        raise DeliveryError(answer, advice, retry_after=_seconds(after, self._clock()))


def signature(secret: bytes, moment: int, body: bytes) -> str:
    """The header's value for a body that is sent at this second since 1970."""
    digest = hmac.new(secret, f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


def _seconds(after: str, now: float) -> float | None:
    """What ``Retry-After`` asks for: seconds, or a date (RFC 9110, section 10.2.3)."""
    if after.strip().isdecimal():
        return float(after)
    try:
        return max(0.0, parsedate_to_datetime(after).timestamp() - now)
    except ValueError:
        return None


def _line(text: str) -> str:
    return " ".join("".join(one if one.isprintable() else " " for one in text[:_HEARD]).split())
