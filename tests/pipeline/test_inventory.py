"""Photos listed by S3 Inventory: announced as if the bucket had been listed, on two emulators."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import pytest

from kith.adapters.storage.memory import MemoryStorage
from kith.adapters.storage.s3.inventory import S3Inventory
from kith.domain.errors import NotFoundError, StoreError, UsageError
from kith.domain.photo import Place
from kith.pipeline.announcing import Announced, Progress, ToldProgress, announce_all

if TYPE_CHECKING:
    from buckets import Bucket

pytestmark = pytest.mark.emulators

COLUMNS = "Bucket, Key, VersionId, IsLatest, IsDeleteMarker, Size, LastModifiedDate, ETag"
LISTED = "originals"

Write = Callable[..., str]
Row = tuple[str, str, str]


class Told:
    """Whoever is told of photos, as ``PhotoQueue``."""

    def __init__(self) -> None:
        self.paths: list[str] = []

    def announce(self, places: Sequence[Place], /) -> None:
        """See ``PhotoQueue.announce``."""
        self.paths += [place.path for place in places]


def packed(rows: Sequence[Row]) -> bytes:
    """A file of an inventory: key as it is written there, whether it is the latest, and deleted."""
    text = io.StringIO()
    for key, latest, deleted in rows:
        date, tag = "2026-11-20T01:00:00.000Z", "0123456789abcdef0123456789abcdef"
        csv.writer(text, quoting=csv.QUOTE_ALL).writerow(
            [LISTED, key, "v", latest, deleted, "12", date, tag]
        )
    return gzip.compress(text.getvalue().encode())


@pytest.fixture
def write(bucket: Bucket) -> Write:
    """Puts an inventory of these files into a bucket; answers its manifest's address."""

    def write_(*files: Sequence[Row], **told: Any) -> str:
        listed: list[dict[str, object]] = []
        for number, rows in enumerate(files):
            data = packed(rows)
            bucket.put(f"lists/data/{number}.csv.gz", data)
            digest = hashlib.md5(data, usedforsecurity=False).hexdigest()
            listed.append(
                {"key": f"lists/data/{number}.csv.gz", "size": len(data), "MD5checksum": digest}
            )
        manifest = {
            "sourceBucket": LISTED,
            "destinationBucket": f"arn:aws:s3:::{bucket.name}",
            "fileFormat": "CSV",
            "fileSchema": COLUMNS,
            "files": listed,
        }
        return bucket.put("lists/manifest.json", json.dumps(manifest | told).encode())

    return write_


@pytest.fixture
def inventory(bucket: Bucket) -> S3Inventory:
    """What inventories in the bucket say of photos."""
    return S3Inventory(lambda: bucket.client, f"s3://{LISTED}/in")


def test_what_is_there_now_is_listed(write: Write, inventory: S3Inventory) -> None:
    """Keys as they are, whatever is in them; no older versions, no deletions, nothing elsewhere."""
    address = write(
        [
            ("in/b+%C3%A4+1.jpg", "true", "false"),
            ("in/old.jpg", "false", "false"),
            ("in/gone.jpg", "true", "true"),
            ("in/folder/", "true", "false"),
        ],
        [("in/a%22%2C.jpg", "true", "false"), ("inside/c.jpg", "true", "false")],
    )

    found = list(inventory.list(address))

    assert [place.path for place in found] == [
        f"s3://{LISTED}/in/b ä 1.jpg",
        f's3://{LISTED}/in/a",.jpg',
    ]
    assert {place.byte_size for place in found} == {12}


def test_who_is_stopped_goes_on_in_the_inventory(write: Write, inventory: S3Inventory) -> None:
    """In its order, which is not that of addresses: all are announced, none twice."""
    names = [f"{(number * 7919) % 3_000:04}.jpg" for number in range(3_000)]
    files = [
        [(f"in/{name}", "true", "false") for name in names[at : at + 700]]
        for at in range(0, 3_000, 700)
    ]
    address, told, storage = write(*files), Told(), MemoryStorage()
    heard: list[int] = []

    def once() -> Announced:
        enough = iter([False])
        progress = ToldProgress(storage, address, lambda done: heard.append(done.photos))
        return announce_all(inventory, told, progress, address, lambda: next(enough, True))

    assert [once().finished for _ in range(4)] == [False, False, False, True]
    assert told.paths == [f"s3://{LISTED}/in/{name}" for name in names]
    assert heard == [1_000, 2_000, 3_000, 3_000]


def test_a_file_that_is_not_the_manifests_is_refused(
    bucket: Bucket, write: Write, inventory: S3Inventory
) -> None:
    """It says so before anything of it is announced."""
    address, told = write([("in/a.jpg", "true", "false")]), Told()
    bucket.put("lists/data/0.csv.gz", packed([("in/other.jpg", "true", "false")]))

    with pytest.raises(StoreError, match="not what the manifest says"):
        announce_all(inventory, told, Progress(MemoryStorage(), address), address)
    assert told.paths == []


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ({"fileFormat": "ORC"}, "in ORC"),
        ({"sourceBucket": "another"}, "of the bucket another, not originals"),
        ({"files": "none"}, "no manifest"),
        ({"fileSchema": None}, "no manifest"),
        ({"fileSchema": "Bucket, Size"}, "without keys"),
    ],
)
def test_what_is_no_inventory_of_the_bucket_is_refused(
    write: Write, inventory: S3Inventory, told: dict[str, Any], message: str
) -> None:
    """With what is wrong about it."""
    address = write([("in/a.jpg", "true", "false")], **told)

    with pytest.raises(UsageError, match=message):
        list(inventory.list(address))


def test_a_manifest_that_is_not_there_is_told(bucket: Bucket, inventory: S3Inventory) -> None:
    """As every object that is not."""
    with pytest.raises(NotFoundError):
        list(inventory.list(f"{bucket.url}/absent/manifest.json"))
