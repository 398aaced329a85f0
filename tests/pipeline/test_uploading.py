"""Sending a folder's pictures to a bucket: once, whole, and never over something else."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from kith.adapters.storage.s3 import S3Depot
from kith.adapters.storage.s3.parts import PART_BYTES
from kith.domain.errors import NotFoundError
from kith.imaging.picture import Picture, PictureLimits
from kith.pipeline.uploading import Manner, UploadReport, upload
from kith.ports.depots import Kept

if TYPE_CHECKING:
    from buckets import Bucket

pytestmark = pytest.mark.emulators

Send = Callable[..., UploadReport]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Pictures, one of them turned, and what is none."""
    root = tmp_path / "photos"
    (root / "sub ä").mkdir(parents=True)
    picture(root / "a.jpg", "red", exif=turned())
    picture(root / "sub ä" / "b.png", "green")
    (root / "sub ä" / "c.cr2").write_bytes(b"raw")
    (root / "film.mp4").write_bytes(b"film")
    (root / ".hidden.jpg").write_bytes(b"hidden")
    return root


@pytest.fixture
def send(bucket: Bucket, folder: Path) -> Send:
    """Sends the folder below a prefix of a bucket."""
    depot = S3Depot(bucket.client, bucket.name, "in/")

    def send_(**manner: Any) -> UploadReport:
        return upload(folder, depot, Manner(**manner), PictureLimits())

    return send_


KEYS = ["in/a.jpg", "in/sub ä/b.png", "in/sub ä/c.cr2"]


def picture(path: Path, color: str, exif: bytes = b"") -> None:
    """A small picture, wider than high."""
    Image.new("RGB", (40, 20), color).save(path, exif=exif)


def turned() -> bytes:
    """EXIF of a camera that was held on its side, somewhere."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Maker"
    return exif.tobytes()


def test_files_go_byte_for_byte_and_only_once(bucket: Bucket, send: Send, folder: Path) -> None:
    """Under their paths, called what they are. Again, nothing is sent; a changed one waits."""
    first = send()

    assert (len(first.sent), first.unchanged, first.left_alone) == (3, 0, {".mp4": 1})
    assert sorted(bucket.keys()) == KEYS
    for key in KEYS:
        stored = bucket.client.get_object(Bucket=bucket.name, Key=key)
        assert stored["Body"].read() == (folder / key.removeprefix("in/")).read_bytes()
        sha256 = hashlib.sha256((folder / key.removeprefix("in/")).read_bytes()).hexdigest()
        assert stored["Metadata"] == {"sha256": sha256}
    types = [bucket.client.head_object(Bucket=bucket.name, Key=key)["ContentType"] for key in KEYS]
    assert types[:2] == ["image/jpeg", "image/png"]

    again = send()
    assert (again.sent, again.unchanged, again.differing) == ([], 3, [])

    before = bucket.client.head_object(Bucket=bucket.name, Key="in/a.jpg")["ETag"]
    picture(folder / "a.jpg", "blue")
    held = send()
    assert (held.sent, held.unchanged, held.differing) == ([], 2, ["a.jpg"])
    assert bucket.client.head_object(Bucket=bucket.name, Key="in/a.jpg")["ETag"] == before
    assert send(replace=True).sent == ["a.jpg"]
    assert send().unchanged == 3


def test_a_plan_sends_nothing(bucket: Bucket, send: Send) -> None:
    """It says what would be sent."""
    planned = send(plan=True)

    assert [f"in/{key}" for key in planned.sent] == KEYS
    assert bucket.keys() == []
    assert send().sent == planned.sent


def test_upright_copies_say_nothing_but_their_pixels(
    bucket: Bucket, send: Send, folder: Path
) -> None:
    """The files stay as they are; copies are made once, and anew when a file is another."""
    files = {path: path.read_bytes() for path in folder.rglob("*.*") if path.is_file()}

    report = send(upright=True)

    assert sorted(bucket.keys()) == ["in/a.jpg", "in/sub ä/b.png.jpg"]
    assert [problem.path.name for problem in report.refused] == ["c.cr2"]
    data = bucket.storage("in").read("a.jpg")
    with Image.open(BytesIO(data)) as copy:
        assert copy.size == (20, 40)
        assert not copy.getexif()
    assert Picture(data).format == "JPEG"
    assert {path: path.read_bytes() for path in files} == files

    assert (send(upright=True).unchanged, send(upright=True).sent) == (2, [])
    picture(folder / "a.jpg", "blue")
    assert send(upright=True).differing == ["a.jpg"]


def test_objects_of_others_are_known_by_their_bytes(
    bucket: Bucket, send: Send, folder: Path
) -> None:
    """Whoever sent them; and where ETags say nothing, by the checksum that was kept with them."""
    bucket.put("in/a.jpg", (folder / "a.jpg").read_bytes())
    size = (folder / "sub ä" / "b.png").stat().st_size
    bucket.put("in/sub ä/b.png", bytes(size))

    report = send()

    assert (report.unchanged, report.differing) == (1, ["sub ä/b.png"])


def test_a_large_file_goes_in_parts_and_is_known_afterwards(
    bucket: Bucket, send: Send, folder: Path
) -> None:
    """Its ETag is that of its parts."""
    data = os.urandom(PART_BYTES) + b"end"
    (folder / "large.tif").write_bytes(data)
    send()

    assert bucket.storage("in").read("large.tif") == data
    assert send().unchanged == 4


def test_what_cannot_be_read_is_a_row(send: Send, folder: Path) -> None:
    """And the rest is sent."""
    (folder / "gone.jpg").symlink_to(folder / "nothing")

    report = send()

    assert ([one.path.name for one in report.refused], len(report.sent)) == (["gone.jpg"], 3)


def test_no_folder_and_no_bucket_are_errors(bucket: Bucket, folder: Path) -> None:
    """Said before anything is sent."""
    with pytest.raises(NotFoundError, match="absent"):
        upload(folder / "absent", S3Depot(bucket.client, bucket.name), Manner(), PictureLimits())
    with pytest.raises(NotFoundError, match="no bucket"):
        upload(folder, S3Depot(bucket.client, "kith-has-none"), Manner(), PictureLimits())


def test_where_tags_say_nothing_the_checksum_is_asked_for(
    bucket: Bucket, send: Send, folder: Path
) -> None:
    """A bucket that encrypts with a key of its own has tags that are no MD5s."""
    send()
    depot, data = S3Depot(bucket.client, bucket.name, "in"), (folder / "a.jpg").read_bytes()

    assert depot.holds("a.jpg", Kept(len(data), "a tag"), data)
    assert not depot.holds("a.jpg", Kept(len(data), "a tag"), data[:-1] + b"?")
