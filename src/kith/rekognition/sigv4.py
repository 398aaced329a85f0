"""Who signed a request: AWS's Signature Version 4, verified.

The signature is an HMAC over a canonical form of the request, with a key derived from the secret,
the day, the region and the service; see "Create a signed AWS API request" in the IAM User Guide.
What is compared is compared in constant time, and a key that does not exist takes as long as one
that does.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from kith.rekognition.errors import Kind, RekognitionError
from kith.rekognition.keys import AccessKey

Headers = Sequence[tuple[bytes, bytes]]
"""Names in lower case, and values, in the order they were sent."""

MAX_SKEW: Final = timedelta(minutes=5)
"""How far a client's clock may be off; AWS's own figure."""

_ALGORITHM: Final = "AWS4-HMAC-SHA256"
_AUTHORIZATION: Final = re.compile(
    r"AWS4-HMAC-SHA256\s+Credential=(?P<credential>[^,\s]+)\s*,\s*"
    r"SignedHeaders=(?P<headers>[^,\s]+)\s*,\s*Signature=(?P<signature>[0-9a-f]{64})\s*"
)
_REGION: Final = re.compile(r"[a-z0-9-]{1,32}")
_TIMESTAMP: Final = "%Y%m%dT%H%M%SZ"
_REQUIRED: Final = frozenset({"host", "x-amz-date", "x-amz-target"})
"""What must be signed if it is there: without it, a request could be led elsewhere, or be sent at
another time, or for another operation."""

_ORDERED: Final = tuple(sorted(_REQUIRED))
_NOBODY: Final = "no key has this secret, for it is as long as none"


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """What of a request is signed.

    Attributes:
        method: such as ``POST``.
        path: as it was sent, still encoded.
        query: as it was sent, without the question mark.
        headers: all of them.
        body: all of it.
    """

    method: str
    path: str
    query: str
    headers: Headers
    body: bytes


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature that holds.

    Attributes:
        key: that made it.
        region: it was made for.
        moment: when it was made, by the client's clock.
        digest: the signature itself, 64 hexadecimal digits.
    """

    key: AccessKey
    region: str
    moment: datetime
    digest: str


def verify(
    request: SignedRequest, keys: Mapping[str, AccessKey], service: str, now: datetime
) -> Signature:
    """The signature of a request.

    Args:
        request: as it came.
        keys: those that may sign, by id.
        service: that it must be signed for, such as ``rekognition``.
        now: by our clock.

    Raises:
        RekognitionError: it is not signed, signed by nobody we know, for something else, too long
            ago, or the signature is not that of this request.
    """
    headers = _joined(request.headers)
    claim = _claim(headers, service)
    _check_moment(claim, now)
    key = keys.get(claim.key_id)
    expected = _signature(request, headers, claim, key.secret if key else _NOBODY)
    if key is None or "x-amz-security-token" in headers:
        raise RekognitionError(
            Kind.UNRECOGNIZED_CLIENT, "The security token included in the request is invalid."
        )
    if not hmac.compare_digest(expected, claim.signature):
        raise RekognitionError(Kind.INVALID_SIGNATURE, _MISMATCH)
    return Signature(key, claim.region, claim.moment, claim.signature)


@dataclass(frozen=True, slots=True)
class _Claim:
    """What the ``Authorization`` header says."""

    key_id: str
    day: str
    region: str
    service: str
    signed: tuple[str, ...]
    signature: str
    moment: datetime

    @property
    def scope(self) -> str:
        return f"{self.day}/{self.region}/{self.service}/aws4_request"


def _joined(headers: Headers) -> Mapping[str, str]:
    """Headers by name; values as they are signed: trimmed, single spaces, repeated ones joined."""
    values: dict[str, list[str]] = {}
    for name, value in headers:
        text = " ".join(value.decode("latin-1").split())
        values.setdefault(name.decode("latin-1").lower(), []).append(text)
    return {name: ",".join(texts) for name, texts in values.items()}


def _claim(headers: Mapping[str, str], service: str) -> _Claim:
    if "authorization" not in headers:
        raise RekognitionError(
            Kind.MISSING_AUTHENTICATION_TOKEN, "Request is missing Authentication Token"
        )
    parts = _AUTHORIZATION.fullmatch(headers["authorization"])
    scope = parts["credential"].rsplit("/", 4) if parts else []
    if parts is None or len(scope) != 5:
        raise RekognitionError(
            Kind.INCOMPLETE_SIGNATURE,
            f"Authorization header must be {_ALGORITHM} with Credential, SignedHeaders, Signature",
        )
    key_id, day, region, signed_service, ending = scope
    signed = tuple(parts["headers"].split(";"))
    moment = _moment(headers)
    _check_signed(signed, headers)
    if not _REGION.fullmatch(region):
        raise RekognitionError(Kind.INVALID_SIGNATURE, "Credential should name a region")
    if (signed_service, ending) != (service, "aws4_request") or day != moment.strftime("%Y%m%d"):
        raise RekognitionError(
            Kind.INVALID_SIGNATURE,
            f"Credential should be scoped to service '{service}' and to the day of X-Amz-Date",
        )
    return _Claim(key_id, day, region, signed_service, signed, parts["signature"], moment)


def _moment(headers: Mapping[str, str]) -> datetime:
    try:
        return datetime.strptime(headers["x-amz-date"], _TIMESTAMP).replace(tzinfo=UTC)
    except (KeyError, ValueError):
        raise RekognitionError(
            Kind.INCOMPLETE_SIGNATURE, "Date must be in ISO-8601 'basic format' in 'X-Amz-Date'"
        ) from None


def _check_signed(signed: tuple[str, ...], headers: Mapping[str, str]) -> None:
    """What must be signed is, and what is said to be signed was sent."""
    if not set(signed) >= _REQUIRED & headers.keys():
        raise RekognitionError(
            Kind.INVALID_SIGNATURE, f"'SignedHeaders' must have all of {', '.join(_ORDERED)}"
        )
    if not set(signed) <= headers.keys() or list(signed) != sorted(set(signed)):
        raise RekognitionError(
            Kind.INVALID_SIGNATURE, "'SignedHeaders' must be headers of the request, in order"
        )


def _check_moment(claim: _Claim, now: datetime) -> None:
    signed, ours = claim.moment.strftime(_TIMESTAMP), now.strftime(_TIMESTAMP)
    earliest = (now - MAX_SKEW).strftime(_TIMESTAMP)
    latest = (now + MAX_SKEW).strftime(_TIMESTAMP)
    if claim.moment < now - MAX_SKEW:
        told = f"Signature expired: {signed} is now earlier than {earliest} ({ours} - 5 min.)"
        raise RekognitionError(Kind.INVALID_SIGNATURE, told)
    if claim.moment > now + MAX_SKEW:
        told = f"Signature not yet current: {signed} is still later than {latest} ({ours} + 5 min.)"
        raise RekognitionError(Kind.INVALID_SIGNATURE, told)


def _signature(
    request: SignedRequest, headers: Mapping[str, str], claim: _Claim, secret: str
) -> str:
    body_hash = hashlib.sha256(request.body).hexdigest()
    said = headers.get("x-amz-content-sha256", body_hash)
    if not hmac.compare_digest(said.encode(), body_hash.encode()):
        raise RekognitionError(
            Kind.INVALID_SIGNATURE,
            "The 'x-amz-content-sha256' header does not match what was computed",
        )
    canonical = "\n".join(
        (
            request.method,
            request.path,
            request.query,
            *(f"{name}:{headers[name]}" for name in claim.signed),
            "",
            ";".join(claim.signed),
            body_hash,
        )
    )
    canonical_hash = hashlib.sha256(canonical.encode("latin-1")).hexdigest()
    when = claim.moment.strftime(_TIMESTAMP)
    to_sign = "\n".join((_ALGORITHM, when, claim.scope, canonical_hash))
    key = _hmac(f"AWS4{secret}".encode(), claim.day)
    for part in (claim.region, claim.service, "aws4_request"):
        key = _hmac(key, part)
    return _hmac(key, to_sign).hex()


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode("utf-8"), "sha256")


_MISMATCH: Final = (
    "The request signature we calculated does not match the signature you provided. Check your AWS "
    "Secret Access Key and signing method. Consult the service documentation for details."
)
