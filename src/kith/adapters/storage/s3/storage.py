"""Objects of a library in a bucket of S3."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, Final

from kith.adapters.storage.s3.client import OF_LIBRARIES, translated
from kith.adapters.storage.s3.parts import PART_BYTES, Parts
from kith.domain.errors import NotFoundError, StaleError, UsageError
from kith.ports.storage import Form, ObjectVersion, StoredObject

_CONFLICTS: Final = 5
"""How often a write is tried that others come between; far more than can happen by chance."""

_MEDIA_TYPES: Final = {
    "jpg": "image/jpeg",
    "webp": "image/webp",
    "avif": "image/avif",
    "json": "application/json",
}
"""Of what Kith writes, by how its name ends."""

_LONGEST_KEY: Final = 1_024
"""Bytes of UTF-8 (S3, object keys)."""


class S3Storage:
    """``RemoteStorage`` in one bucket, below one prefix.

    Args:
        client: of S3.
        bucket: the bucket's name.
        prefix: what stands before every key, without a slash at its end; may be empty.
    """

    def __init__(self, client: Any, bucket: str, prefix: str = "") -> None:
        self._client = client
        self._bucket = bucket
        self._prefix = f"{prefix}/" if prefix else ""
        self._root = f"s3://{bucket}/{self._prefix}"

    # -- as every storage --------------------------------------------------------------------------

    def write(self, key: str, data: bytes, /, *, durable: bool = True) -> None:  # noqa: ARG002 - S3 always is
        """See ``ObjectStorage.write``."""
        self._put(key, data, {})

    def read(self, key: str, /) -> bytes:
        """See ``ObjectStorage.read``."""
        return self.read_version(key)[1]

    def stat(self, key: str, /) -> StoredObject:
        """See ``ObjectStorage.stat``."""
        return self.version(key).described

    def list(self, prefix: str = "", /) -> Iterator[StoredObject]:
        """See ``ObjectStorage.list``; asked for page by page as it is read."""
        if "\0" in prefix:
            return
        pages = self._client.get_paginator("list_objects_v2")
        with translated(self._root + prefix, OF_LIBRARIES):
            for page in pages.paginate(Bucket=self._bucket, Prefix=self._prefix + prefix):
                for item in page.get("Contents", ()):
                    key = item["Key"].removeprefix(self._prefix)
                    if _is_key(key):  # else somebody else put it there
                        yield _described(key, item["Size"], item["LastModified"])

    def delete(self, key: str, /) -> None:
        """See ``ObjectStorage.delete``."""
        with translated(self._root + key, OF_LIBRARIES):
            self._client.delete_object(**self._which(key))

    # -- versions ----------------------------------------------------------------------------------

    def version(self, key: str, /) -> ObjectVersion:
        """See ``RemoteStorage.version``."""
        which = self._which(key)
        with translated(self._root + key, OF_LIBRARIES):
            return _version(key, self._client.head_object(**which))

    def read_version(self, key: str, tag: str = "", /) -> tuple[ObjectVersion, bytes]:
        """See ``RemoteStorage.read_version``."""
        condition = {"IfMatch": f'"{tag}"'} if tag else {}
        which = self._which(key)
        with translated(self._root + key, OF_LIBRARIES):
            answer = self._client.get_object(**which, **condition)
            with answer["Body"] as body:
                return _version(key, answer), body.read()

    def write_new(self, key: str, data: bytes, /) -> bool:
        """See ``RemoteStorage.write_new``."""
        for _ in range(_CONFLICTS):
            try:
                self._put(key, data, {"IfNoneMatch": "*"})
            except StaleError:
                # Refused because there is one, or because somebody just wrote or deleted it.
                with suppress(NotFoundError):
                    self.version(key)
                    return False
            else:
                return True
        raise StaleError(f"{self._root}{key} is written and deleted over and over", "Try later.")

    def replace(self, key: str, data: bytes, tag: str, /) -> None:
        """See ``RemoteStorage.replace``."""
        try:
            self._put(key, data, {"IfMatch": f'"{tag}"'})
        except NotFoundError as error:
            raise StaleError(f"{self._root}{key} is gone", "Look again.") from error

    # -- addresses for others ----------------------------------------------------------------------

    def link_to_read(self, key: str, seconds: int, /, *, media_type: str = "") -> str:
        """See ``RemoteStorage.link_to_read``."""
        told = {"ResponseContentType": media_type} if media_type else {}
        return self._link("get_object", self._which(key) | told, seconds)

    def link_to_write(self, key: str, seconds: int, /, *, media_type: str) -> str:
        """See ``RemoteStorage.link_to_write``."""
        return self._link("put_object", self._which(key) | {"ContentType": media_type}, seconds)

    def form_to_write(self, key: str, seconds: int, /, *, media_type: str, most: int) -> Form:
        """See ``RemoteStorage.form_to_write``."""
        which = self._which(key)
        rules: list[object] = [
            {"Content-Type": media_type},
            ["content-length-range", 1, most],
        ]
        with translated(self._root + key, OF_LIBRARIES):
            made = self._client.generate_presigned_post(
                **which, Fields={"Content-Type": media_type}, Conditions=rules, ExpiresIn=seconds
            )
        return Form(made["url"], made["fields"])

    # -- below -------------------------------------------------------------------------------------

    def _link(self, method: str, what: Mapping[str, str], seconds: int) -> str:
        with translated(self._root + what["Key"], OF_LIBRARIES):
            return self._client.generate_presigned_url(method, Params=what, ExpiresIn=seconds)

    def _put(self, key: str, data: bytes, condition: Mapping[str, str]) -> None:
        which = self._which(key)
        with translated(self._root + key, OF_LIBRARIES):
            if len(data) > PART_BYTES:
                Parts(self._client, which).write(data, condition)
                return
            digest = base64.b64encode(hashlib.md5(data, usedforsecurity=False).digest()).decode()
            self._client.put_object(
                **which, **condition, Body=data, ContentMD5=digest, ContentType=_media_type(key)
            )

    def _which(self, key: str) -> dict[str, str]:
        if not _is_key(key):
            raise UsageError(f"{key!r} is no name of an object")
        whole = self._prefix + key
        if len(whole.encode()) > _LONGEST_KEY:
            raise UsageError(
                f"{key!r} is longer than {_LONGEST_KEY} bytes", "Give it a shorter one."
            )
        return {"Bucket": self._bucket, "Key": whole}


def _media_type(key: str) -> str:
    """What browsers are told, by the name; they guess nothing of what is none of these."""
    return _MEDIA_TYPES.get(key.rpartition(".")[2], "application/octet-stream")


def _is_key(key: str) -> bool:
    if "\0" in key or any("\ud800" <= character <= "\udfff" for character in key):
        return False
    return not any(part in {"", ".", ".."} for part in key.split("/"))


def _version(key: str, answer: Mapping[str, Any]) -> ObjectVersion:
    described = _described(key, answer["ContentLength"], answer["LastModified"])
    return ObjectVersion(described, answer["ETag"].strip('"'), answer.get("VersionId"))


def _described(key: str, byte_size: int, changed: datetime) -> StoredObject:
    # Listings and answers differ in what they say below a second.
    return StoredObject(key, byte_size, int(changed.timestamp()) * 1_000_000_000)
