"""What a link ends with: its id and a signature, so that nobody can guess one.

The token is made anew from the id whenever it is shown; nothing that opens a link is kept.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from typing import Final

from kith.domain.access import Link

_ID_BYTES: Final = 8
_MARK_BYTES: Final = 16
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{32}")


def token_of(secret: bytes, link_id: str) -> str:
    """What guests show to use a link: 32 characters."""
    told = bytes.fromhex(link_id)
    return base64.urlsafe_b64encode(told + _mark(secret, told)).decode()


def link_id_of(secret: bytes, token: str) -> str | None:
    """The id of the link that a token opens, if it was made here."""
    if not _TOKEN.fullmatch(token):
        return None
    try:
        told = base64.urlsafe_b64decode(token)
    except binascii.Error:
        return None
    link_id, mark = told[:_ID_BYTES], told[_ID_BYTES:]
    return link_id.hex() if hmac.compare_digest(mark, _mark(secret, link_id)) else None


def proof_of(secret: bytes, link: Link, until: int) -> str:
    """What a browser shows that knew the password of a link; another password makes it void."""
    said = f"{link.id}\n{link.password}\n{until}".encode()
    return f"{until}.{hmac.digest(secret, b'kith proof ' + said, 'sha256').hex()}"


def is_proof(secret: bytes, link: Link, proof: str, now: float) -> bool:
    """Whether a browser knew the password of this link, and not too long ago."""
    until = proof.partition(".")[0]
    if not until.isascii() or not until.isdecimal() or len(until) > 12 or int(until) <= now:
        return False
    return hmac.compare_digest(proof.encode(), proof_of(secret, link, int(until)).encode())


def _mark(secret: bytes, link_id: bytes) -> bytes:
    return hmac.digest(secret, b"kith link " + link_id, "sha256")[:_MARK_BYTES]
