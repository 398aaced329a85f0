"""What S3 promises as a source of photos."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from kith.adapters.storage.s3 import S3Source
from kith.domain.errors import NotFoundError, StoreError, UsageError

if TYPE_CHECKING:
    from buckets import Bucket

pytestmark = pytest.mark.emulators


def test_what_lies_below_is_listed_in_order(bucket: Bucket) -> None:
    """By whole parts of the key; folders that a browser made are no objects."""
    keys = ["a.jpg", "in.jpg", "in/b/c.jpg", "in/z#?.jpg", "in/ä b.jpg", "inner/d.jpg"]
    for key in reversed(keys):
        bucket.put(key, key.encode())
    bucket.put("in/folder/", b"")
    source, root = bucket.source, bucket.url

    assert [one.path for one in source.list(root)] == [f"{root}/{key}" for key in keys]
    below = [one.path for one in source.list(f"{root}/in")]
    assert below == [f"{root}/{key}" for key in keys if key.startswith("in/")]
    assert [one.path for one in source.list(f"{root}/in/")] == below
    assert [one.path for one in source.list(f"{root}/a.jpg")] == [f"{root}/a.jpg"]
    assert list(source.list(f"{root}/absent")) == []


def test_a_list_goes_on_behind_where_it_stopped(bucket: Bucket) -> None:
    """Of more than a page, too; what comes before is not asked for."""
    for number in range(13):
        bucket.put(f"in/{number:02}.jpg", b"")
    source, under = bucket.source, f"{bucket.url}/in"
    with bucket.listing(page=4):
        everything = list(source.list(under))

        assert len(everything) == 13
        for start in (0, 3, 5, 12):
            rest = list(source.list(under, after=everything[start].path))
            assert rest == everything[start + 1 :]


def test_a_place_is_the_same_however_it_is_asked_for(bucket: Bucket) -> None:
    """Listed, looked at, and read; and another when the bytes are others, in the same second."""
    address = bucket.put("a b/ü.jpg", b"first")
    (listed,) = bucket.source.list(bucket.url)

    assert bucket.source.look(address) == listed
    assert bucket.source.read(address, 99) == (listed, b"first")
    assert bucket.source.read(address, 2) == (listed, b"fi")
    assert (listed.path, listed.byte_size) == (address, 5)

    bucket.put("a b/ü.jpg", b"other")
    assert bucket.source.look(address) != listed


def test_what_is_not_there_is_not_found(bucket: Bucket) -> None:
    """An object, a bucket; and an address that is none is a mistake."""
    source: S3Source = bucket.source
    for address in (f"{bucket.url}/absent", "s3://kith-has-no-such-bucket/a"):
        with pytest.raises(NotFoundError):
            source.look(address)
        with pytest.raises(NotFoundError):
            source.read(address, 9)
    with pytest.raises(NotFoundError):
        list(source.list("s3://kith-has-no-such-bucket"))
    for address in ("s3://", "/a/b", "gs://bucket/a", bucket.url):
        with pytest.raises(UsageError):
            source.look(address)


def test_what_may_not_be_read_is_said(ministack_bucket: Bucket, stranger: Any) -> None:
    """It is there, so it is not NotFoundError: nothing must be forgotten for it."""
    address = ministack_bucket.put("a.jpg", b"x")
    source = S3Source(lambda: stranger)

    with pytest.raises(StoreError, match="may not be used"):
        source.read(address, 9)
    with pytest.raises(StoreError, match="may not be used"):
        list(source.list(ministack_bucket.url))
