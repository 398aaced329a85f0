"""What S3 promises beyond other storages: versions, conditions, addresses for others."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kith.adapters.aws import Manner
from kith.adapters.storage.s3 import S3Service, S3Storage
from kith.adapters.storage.s3.parts import PART_BYTES, Parts
from kith.domain.errors import (
    KithError,
    LibraryError,
    LibraryReadOnlyError,
    NotFoundError,
    SettingError,
    StaleError,
    UsageError,
)
from kith.ports.storage import RemoteStorage

if TYPE_CHECKING:
    from buckets import Bucket

pytestmark = pytest.mark.emulators

SECONDS = 300

LETTERS = st.characters(exclude_categories=["Cc", "Cs"])
"""Of keys; moto takes no control characters."""


@pytest.fixture
def storage(bucket: Bucket) -> RemoteStorage:
    """An empty storage below a prefix of a bucket."""
    return bucket.storage("deri/ved")


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(parts=st.lists(st.text(LETTERS, min_size=1, max_size=8), min_size=1, max_size=3))
def test_any_text_is_a_key(bucket: Bucket, parts: list[str]) -> None:
    """What was written under a key is read, listed and deleted under it, whatever its letters."""
    key, storage = "/".join(parts), bucket.storage("deri/ved")
    try:
        storage.write(key, key.encode())
    except UsageError:
        assert {"", ".", ".."} & set(key.split("/"))
        return

    assert storage.read(key) == key.encode()
    assert [each.key for each in storage.list()] == [key]
    storage.delete(key)
    assert list(storage.list()) == []


def test_a_prefix_is_a_room_of_its_own(bucket: Bucket) -> None:
    """Keys are below the prefix; what others keep beside it is neither listed nor touched."""
    inner, outer = bucket.storage("a"), bucket.storage()
    inner.write("b/c", b"in")
    outer.write("ab", b"out")
    bucket.put("a//no-name-of-ours", b"")

    assert [each.key for each in inner.list()] == ["b/c"]
    assert outer.read("a/b/c") == b"in"
    inner.delete("ab")
    assert outer.read("ab") == b"out"


def test_a_key_that_is_too_long_is_refused(storage: RemoteStorage) -> None:
    """By itself, and not with whatever the store would say."""
    for key in ("ü" * 512, "x" * 1_025, "a/\ud800"):
        with pytest.raises(UsageError):
            storage.write(key, b"x")


def test_more_than_a_page_is_listed(bucket: Bucket) -> None:
    """All objects, each once, in the order of their keys."""
    storage = bucket.storage()
    keys = sorted(f"{number % 3}/{number:02}" for number in range(25))
    for key in keys:
        storage.write(key, b"")

    with bucket.listing(page=4):
        assert [each.key for each in storage.list()] == keys
        assert [each.key for each in storage.list("1/")] == [key for key in keys if key[0] == "1"]


def test_large_objects_go_in_parts(bucket: Bucket) -> None:
    """They are read as they were written, and nothing of the writing stays behind."""
    data = bytes(range(256)) * (PART_BYTES // 256) + b"more"
    storage = bucket.storage()
    storage.write("large", data)

    assert storage.read("large") == data
    assert storage.stat("large").byte_size == len(data)
    assert "Uploads" not in bucket.client.list_multipart_uploads(Bucket=bucket.name)


class Cut:
    """Bytes of which the second part cannot be read the first time."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.read: list[int] = []
        self.broken = True

    def __len__(self) -> int:
        return len(self._data)

    def __getitem__(self, span: slice, /) -> bytes:
        if span.start and self.broken:
            raise KeyboardInterrupt
        return self._data[span]


def test_parts_are_taken_up_where_they_stopped(bucket: Bucket) -> None:
    """What is there is not sent again; what is another file's by now is."""
    which = {"Bucket": bucket.name, "Key": "large"}
    data = Cut(bytes(PART_BYTES) + b"end")
    with pytest.raises(KeyboardInterrupt):
        Parts(bucket.client, which).take_up(data, {}, lambda _: None)
    (begun,) = bucket.client.list_multipart_uploads(Bucket=bucket.name)["Uploads"]
    data.broken = False
    sent: list[int] = []

    Parts(bucket.client, which).take_up(data, {}, sent.append)

    assert sent == [PART_BYTES, 3]
    assert bucket.storage().read("large") == data[0 : len(data)]
    with pytest.raises(bucket.client.exceptions.ClientError, match="NoSuchUpload"):
        bucket.client.list_parts(**which, UploadId=begun["UploadId"])


def test_a_version_is_read_or_refused(storage: RemoteStorage) -> None:
    """A tag names bytes: once they are others, what was known of them is stale."""
    storage.write("a", b"one")
    version, data = storage.read_version("a")
    assert (version, data) == (storage.version("a"), b"one")
    assert version.described == storage.stat("a")

    storage.write("a", b"two")

    assert storage.version("a").tag != version.tag
    with pytest.raises(StaleError):
        storage.read_version("a", version.tag)
    for question in (storage.version, storage.read_version):
        with pytest.raises(NotFoundError):
            question("b")


def test_of_several_writers_of_something_new_one_does(storage: RemoteStorage) -> None:
    """It is told; the others are told that they did not, and change nothing."""
    answers: dict[int, bool] = {}

    def write(number: int) -> None:
        answers[number] = storage.write_new("claim", b"%d" % number)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    (winner,) = (number for number, won in answers.items() if won)
    assert len(answers) == 6
    assert storage.read("claim") == b"%d" % winner


def test_a_version_is_replaced_unless_it_is_another_by_now(storage: RemoteStorage) -> None:
    """What somebody else wrote or deleted meanwhile stays as it is."""
    storage.write("a", b"one")
    tag = storage.version("a").tag

    storage.replace("a", b"two", tag)
    assert storage.read("a") == b"two"
    with pytest.raises(StaleError):
        storage.replace("a", b"three", tag)
    assert storage.read("a") == b"two"
    storage.delete("a")
    with pytest.raises(StaleError):
        storage.replace("a", b"three", tag)
    assert list(storage.list()) == []


def test_links_read_and_write(bucket: Bucket) -> None:
    """Without credentials, by who has the address."""
    key, storage = "ä b/c+d?.jpg", bucket.storage("deri/ved")
    put = storage.link_to_write(key, SECONDS, media_type="image/jpeg")
    sent = httpx.put(put, content=b"pixels", headers={"Content-Type": "image/jpeg"})
    assert sent.status_code == 200, sent.text

    got = httpx.get(storage.link_to_read(key, SECONDS, media_type="image/webp"))

    assert got.content == b"pixels"
    if bucket.emulator != "moto":  # which answers with what it was written with
        assert got.headers["content-type"] == "image/webp"


def test_forms_write(storage: RemoteStorage) -> None:
    """A browser's form writes the one object that it was made for."""
    form = storage.form_to_write("up/a.jpg", SECONDS, media_type="image/jpeg", most=10)

    sent = httpx.post(form.url, data=dict(form.fields), files={"file": ("x.jpg", b"pixels")})

    assert sent.status_code in {200, 204}, sent.text
    assert storage.read("up/a.jpg") == b"pixels"


def test_links_and_forms_are_good_for_nothing_else(ministack_bucket: Bucket) -> None:
    """Another key, another type, more bytes, a time that is over: refused, where that is checked.

    moto checks none of it.
    """
    storage = ministack_bucket.storage()
    storage.write("a", b"x")
    storage.write("b", b"x")
    link = storage.link_to_read("a", SECONDS)
    put = storage.link_to_write("c", SECONDS, media_type="image/jpeg")
    form = storage.form_to_write("d", SECONDS, media_type="image/jpeg", most=3)

    assert httpx.get(link).status_code == 200
    assert httpx.get(link.replace("/a?", "/b?")).status_code == 403
    assert httpx.put(put, content=b"x", headers={"Content-Type": "text/html"}).status_code == 403
    many = httpx.post(form.url, data=dict(form.fields), files={"file": ("d", b"four")})
    assert many.status_code == 400
    assert [each.key for each in storage.list()] == ["a", "b"]


def test_what_a_store_refuses_is_said_in_the_words_of_the_port(
    moto_bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No bucket, nobody there, no credentials: each another error, and none of boto3's."""
    absent = S3Storage(moto_bucket.client, "kith-has-no-such-bucket")
    for question in _questions(absent):
        with pytest.raises(NotFoundError, match="kith-has-no-such-bucket"):
            question()

    for name, value in moto_bucket.environment.items():
        monkeypatch.setenv(name, value)
    nowhere = S3Service("http://127.0.0.1:9").client(Manner(attempts=1))
    with pytest.raises(LibraryError, match="cannot be reached"):
        S3Storage(nowhere, "bucket").read("a")
    nowhere.close()

    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    nobody = S3Service().client()
    with pytest.raises(SettingError, match="credentials"):
        S3Storage(nobody, moto_bucket.name).read("a")
    nobody.close()


def test_who_may_not_use_it_is_told_so(ministack_bucket: Bucket, stranger: Any) -> None:
    """To somebody without permission the library is read-only, whatever is asked of it."""
    ministack_bucket.put("a", b"x")

    for question in _questions(S3Storage(stranger, ministack_bucket.name)):
        with pytest.raises(LibraryReadOnlyError, match="may not be used"):
            question()

    assert ministack_bucket.storage().read("a") == b"x"


def _questions(storage: RemoteStorage) -> Iterator[Any]:
    yield lambda: storage.read("a")
    yield lambda: storage.write("a", b"x")
    yield lambda: list(storage.list())


def test_errors_are_kiths(storage: RemoteStorage) -> None:
    """A caller needs to know no other."""
    with pytest.raises(KithError, match=r"deri/ved/a\.jpg"):
        storage.read("a.jpg")
