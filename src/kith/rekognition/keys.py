"""Access keys: who may ask, and for what."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Final, cast

from kith.domain.errors import SettingError


class Permission(StrEnum):
    """What a key may do."""

    READ = "read"
    """Ask: detect, compare, search, list, describe, get."""

    WRITE = "write"
    """Everything."""


@dataclass(frozen=True, slots=True)
class AccessKey:
    """A key as AWS has them, of our own making.

    Attributes:
        key_id: public, part of every signature.
        secret: known to the client and to us, never sent.
        permission: what it may do.
        name: whose it is, for people.
    """

    key_id: str
    secret: str = field(repr=False)
    permission: Permission
    name: str = ""


_READING: Final = ("Compare", "Describe", "Detect", "Get", "List", "Recognize", "Search")


def may(key: AccessKey, operation: str) -> bool:
    """Whether a key may call an operation; what does not say that it only reads, writes."""
    return key.permission is Permission.WRITE or operation.startswith(_READING)


def new_key(permission: Permission, name: str) -> AccessKey:
    """A key that nobody has: 100 random bits in its id, 240 in its secret."""
    tail = base64.b32encode(secrets.token_bytes(10)).decode("ascii")
    return AccessKey(f"KITH{tail}", secrets.token_urlsafe(30), permission, name)


def parse_keys(text: str, source: str) -> Mapping[str, AccessKey]:
    """The keys of a file, by id.

    Raises:
        SettingError: it is not what ``render_keys`` wrote.
    """
    try:
        listed = [_key(entry) for entry in json.loads(text)["keys"]]
    except (ValueError, TypeError, KeyError) as error:
        raise SettingError(
            f"The keys in {source} cannot be read ({type(error).__name__})",
            "Write them with `kith rekognition keys`.",
        ) from None  # the error's text could hold a part of a secret
    return {key.key_id: key for key in listed}


def render_keys(keys: Iterable[AccessKey]) -> str:
    """The text of a file of keys."""
    return json.dumps({"keys": [asdict(key) for key in keys]}, indent=2) + "\n"


def _key(entry: Any) -> AccessKey:
    told = cast("Mapping[str, Any]", entry)
    key_id, secret, name = told["key_id"], told["secret"], told.get("name", "")
    if not all(isinstance(text, str) for text in (key_id, secret, name)) or not (key_id and secret):
        raise TypeError("a key's id, secret and name are text")
    return AccessKey(key_id, secret, Permission(told["permission"]), name)
