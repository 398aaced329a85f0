"""What S3 Inventory says lies in a bucket: a listing that was written already, for millions.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory-location.html
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, Any, Final
from urllib.parse import unquote_plus

from kith.adapters.storage.s3.client import OF_STORES, translated
from kith.adapters.storage.s3.source import S3Source, address_parts, place_of
from kith.domain.errors import StoreError, UsageError
from kith.domain.photo import Place

_ADVICE: Final = "Name the manifest.json of an inventory that is written as CSV."
_IN_MEMORY: Final = 32_000_000
_PIECE: Final = 1_000_000
_NO_TIME: Final = "1970-01-01T00:00:00Z"


@dataclass(frozen=True, slots=True)
class _Manifest:
    """What an inventory consists of.

    Attributes:
        listed: the bucket that it is of.
        bucket: where its files lie.
        columns: what their rows hold.
        files: by key, the MD5 of each, in hex.
    """

    listed: str
    bucket: str
    columns: tuple[str, ...]
    files: Mapping[str, str]


class S3Inventory(S3Source):
    """``PhotoSource`` whose listing is an inventory; what is looked at or read is as it is now.

    Its order is that of the inventory, which is the same every time, and not that of addresses.

    Args:
        open_client: makes a client of S3; called when the first object is asked for.
        below: only what lies below this address is listed.
    """

    def __init__(self, open_client: Callable[[], Any], below: str) -> None:
        super().__init__(open_client)
        self._below = below

    def list(self, under: str, /, *, after: str = "") -> Iterator[Place]:
        """Every object of the inventory whose manifest is ``under``.

        With ``after``, those behind it in the inventory; the files are read up to there all the
        same.

        Raises:
            NotFoundError: there is no such manifest, or a file of it is gone.
            UsageError: it is none, or of another bucket.
            StoreError: a file is not the one that the manifest means.
        """
        manifest = self._manifest(under)
        places = (
            place
            for key, digest in manifest.files.items()
            for place in self._places(manifest, key, digest)
        )
        if after:
            _skip_behind(places, after)
        return places

    def _manifest(self, address: str) -> _Manifest:
        bucket, key = address_parts(address)
        with (
            translated(address, OF_STORES),
            self.client.get_object(Bucket=bucket, Key=key)["Body"] as body,
        ):
            data = body.read()
        try:
            told = json.loads(data)
            if told["fileFormat"] != "CSV":
                raise UsageError(f"{address} is of an inventory in {told['fileFormat']}", _ADVICE)
            manifest = _Manifest(
                listed=told["sourceBucket"],
                bucket=told["destinationBucket"].rpartition(":")[2],
                columns=tuple(name.strip() for name in told["fileSchema"].split(",")),
                files={each["key"]: each.get("MD5checksum", "") for each in told["files"]},
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise UsageError(f"{address} is no manifest of an inventory", _ADVICE) from error
        if "Key" not in manifest.columns:
            raise UsageError(f"{address} is of an inventory without keys", _ADVICE)
        wanted = address_parts(self._below)[0]
        if manifest.listed != wanted:
            raise UsageError(f"{address} is of the bucket {manifest.listed}, not {wanted}", _ADVICE)
        return manifest

    def _places(self, manifest: _Manifest, key: str, digest: str) -> Iterator[Place]:
        with self._fetched(manifest.bucket, key, digest) as file:
            unzipped = gzip.GzipFile(fileobj=file, mode="rb")
            for row in csv.reader(io.TextIOWrapper(unzipped, encoding="utf-8", newline="")):
                told = dict(zip(manifest.columns, row, strict=False))
                address = f"s3://{manifest.listed}/{unquote_plus(told['Key'])}"
                if _is_there(told) and _is_below(address, self._below):
                    yield _place(address, told)

    def _fetched(self, bucket: str, key: str, digest: str) -> IO[bytes]:
        """A file of the inventory, once it is known to be whole."""
        address = f"s3://{bucket}/{key}"
        file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the caller closes it
        seen = hashlib.md5(usedforsecurity=False)
        with translated(address, OF_STORES):
            body = self.client.get_object(Bucket=bucket, Key=key)["Body"]
            with closing(body):
                while piece := body.read(_PIECE):
                    seen.update(piece)
                    file.write(piece)
        if digest and seen.hexdigest() != digest:
            file.close()
            raise StoreError(f"{address} is not what the manifest says", "Take a later inventory.")
        file.seek(0)
        return file


def _skip_behind(places: Iterator[Place], address: str) -> None:
    if not any(place.path == address for place in places):
        raise UsageError(f"{address} is not in the inventory, and was where the last run stopped")


def _is_there(told: Mapping[str, str]) -> bool:
    """Whether the row is of an object as it is now, not of an older version or of a deletion."""
    older = told.get("IsLatest", "true") == "false"
    return not (older or told.get("IsDeleteMarker", "false") == "true" or told["Key"][-1:] == "/")


def _is_below(address: str, below: str) -> bool:
    return address == below or address.startswith(f"{below.rstrip('/')}/")


def _place(address: str, told: Mapping[str, str]) -> Place:
    written = told.get("LastModifiedDate") or _NO_TIME
    item = {
        "LastModified": datetime.fromisoformat(written.replace("Z", "+00:00")).astimezone(UTC),
        "ETag": f'"{told.get("ETag", "")}"',
    }
    return place_of(address, item, int(told.get("Size") or 0))
