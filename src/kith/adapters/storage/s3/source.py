"""Objects of S3 as photos."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from kith.adapters.storage.s3.client import OF_STORES, translated
from kith.domain.errors import NotFoundError, UsageError
from kith.domain.photo import Place

_SCHEME: Final = "s3://"

_SECOND: Final = 1_000_000_000
"""Nanoseconds."""


class S3Source:
    """``PhotoSource`` of S3. An address is ``s3://``, the bucket, a slash, and the key as it is.

    A place's time of change is the object's to the second, and S3 knows no finer one. Its
    nanoseconds are made of the ETag, so that two contents of the same second are two places.

    Args:
        open_client: makes a client of S3; called when the first object is asked for.
    """

    def __init__(self, open_client: Callable[[], Any]) -> None:
        self._open_client = open_client
        self._opening = threading.Lock()
        self._opened: Any = None

    def close(self) -> None:
        """Close the connections, if there are any; a later question opens others."""
        with self._opening:
            if self._opened is not None:
                self._opened.close()
                self._opened = None

    def list(self, under: str, /, *, after: str = "") -> Iterator[Place]:
        """See ``PhotoSource.list``."""
        bucket, prefix = address_parts(under.rstrip("/"))
        root = f"{_SCHEME}{bucket}/"
        if prefix and after < root + prefix:
            yield from self._itself(root + prefix)
        query = {"Bucket": bucket, "Prefix": f"{prefix}/" if prefix else ""}
        if after.startswith(root):
            query["StartAfter"] = after.removeprefix(root)
        with translated(under, OF_STORES):
            for page in self.client.get_paginator("list_objects_v2").paginate(**query):
                for item in page.get("Contents", ()):
                    # A key that ends so is a folder that somebody made in a browser.
                    if not item["Key"].endswith("/"):
                        yield place_of(root + item["Key"], item, item["Size"])

    def look(self, address: str, /) -> Place:
        """See ``PhotoSource.look``."""
        bucket, key = _object_parts(address)
        with translated(address, OF_STORES):
            answer = self.client.head_object(Bucket=bucket, Key=key)
        return place_of(address, answer, answer["ContentLength"])

    def read(self, address: str, most: int, /) -> tuple[Place, bytes]:
        """See ``PhotoSource.read``."""
        bucket, key = _object_parts(address)
        with translated(address, OF_STORES):
            answer = self.client.get_object(Bucket=bucket, Key=key)
            with answer["Body"] as body:
                data = body.read(most)
        return place_of(address, answer, answer["ContentLength"]), data

    @property
    def client(self) -> Any:
        """The client; made when it is asked for first."""
        with self._opening:
            if self._opened is None:
                self._opened = self._open_client()
            return self._opened

    def _itself(self, address: str) -> Iterator[Place]:
        try:
            yield self.look(address)
        except NotFoundError:
            return


def address_parts(address: str) -> tuple[str, str]:
    """The bucket and the key, or the beginning of keys, which may be empty.

    Raises:
        UsageError: it names no bucket of S3.
    """
    bucket, _, key = address.removeprefix(_SCHEME).partition("/")
    if not address.startswith(_SCHEME) or not bucket:
        raise UsageError(f"{address} is no address in S3", "Write s3://bucket/prefix.")
    return bucket, key


def _object_parts(address: str) -> tuple[str, str]:
    bucket, key = address_parts(address)
    if not key:
        raise UsageError(f"{address} names a bucket, and no object")
    return bucket, key


def place_of(address: str, told: Mapping[str, Any], byte_size: int) -> Place:
    """What S3 tells of an object, ``LastModified`` and ``ETag``, as a place."""
    changed: datetime = told["LastModified"]
    tag = hashlib.sha256(told["ETag"].encode()).digest()
    finer = int.from_bytes(tag[:8], "big") % _SECOND
    return Place(address, byte_size, int(changed.timestamp()) * _SECOND + finer)
