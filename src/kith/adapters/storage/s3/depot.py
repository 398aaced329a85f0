"""A part of a bucket of S3 that is filled."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from kith.adapters.storage.s3.client import OF_STORES, translated
from kith.adapters.storage.s3.parts import PART_BYTES, Parts
from kith.ports.depots import Content, Kept

_NOTE: Final = "kith"
"""The name of the note among an object's own metadata (``x-amz-meta-kith``)."""

_SHA256: Final = "sha256"


class S3Depot:
    """``Depot`` in one bucket, below one prefix.

    An object's ETag is the MD5 of its bytes, or of its parts' MD5s; where the bucket encrypts with
    a key of its own it is not, and the SHA-256 that was kept with the object is asked for.

    Args:
        client: of S3.
        bucket: the bucket's name.
        prefix: what stands before every key, without a slash at its end; may be empty.
    """

    def __init__(self, client: Any, bucket: str, prefix: str = "") -> None:
        self._client = client
        self._bucket = bucket
        self._prefix = f"{prefix.rstrip('/')}/" if prefix.strip("/") else ""
        self._root = f"s3://{bucket}/{self._prefix}"

    def kept(self) -> Mapping[str, Kept]:
        """See ``Depot.kept``."""
        with translated(self._root, OF_STORES):
            return {
                item["Key"].removeprefix(self._prefix): Kept(item["Size"], item["ETag"].strip('"'))
                for page in self._client.get_paginator("list_objects_v2").paginate(
                    Bucket=self._bucket, Prefix=self._prefix
                )
                for item in page.get("Contents", ())
            }

    def holds(self, key: str, kept: Kept, content: Content, /) -> bool:
        """See ``Depot.holds``."""
        if kept.byte_size != len(content):
            return False
        return kept.tag == _tag(content) or self._told(key).get(_SHA256) == _sha256(content)

    def note(self, key: str, /) -> str:
        """See ``Depot.note``."""
        return self._told(key).get(_NOTE, "")

    def send(
        self,
        key: str,
        content: Content,
        media_type: str,
        note: str,
        sent: Callable[[int], None],
        /,
    ) -> None:
        """See ``Depot.send``."""
        which = {"Bucket": self._bucket, "Key": self._prefix + key}
        told = {_SHA256: _sha256(content)} | ({_NOTE: note} if note else {})
        described = {"ContentType": media_type, "Metadata": told}
        with translated(self._root + key, OF_STORES):
            if len(content) > PART_BYTES:
                Parts(self._client, which).take_up(content, described, sent)
                return
            data = content[:PART_BYTES]
            digest = base64.b64encode(hashlib.md5(data, usedforsecurity=False).digest()).decode()
            self._client.put_object(**which, **described, Body=data, ContentMD5=digest)
            sent(len(data))

    def _told(self, key: str) -> Mapping[str, str]:
        with translated(self._root + key, OF_STORES):
            which = {"Bucket": self._bucket, "Key": self._prefix + key}
            return self._client.head_object(**which)["Metadata"]


def _tag(content: Content) -> str:
    """The ETag of the content as it is sent here."""
    digests = [hashlib.md5(part, usedforsecurity=False) for part in _parts(content)]
    if len(content) <= PART_BYTES:
        return digests[0].hexdigest() if digests else hashlib.md5(usedforsecurity=False).hexdigest()
    together = b"".join(digest.digest() for digest in digests)
    return f"{hashlib.md5(together, usedforsecurity=False).hexdigest()}-{len(digests)}"


def _sha256(content: Content) -> str:
    digest = hashlib.sha256()
    for part in _parts(content):
        digest.update(part)
    return digest.hexdigest()


def _parts(content: Content) -> Iterator[bytes]:
    for start in range(0, len(content), PART_BYTES):
        yield content[start : start + PART_BYTES]
