"""Files that are sent lie where they should, under a name that is one, and replace nothing."""

from __future__ import annotations

import os
import threading
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from kith.adapters.catalog.memory import MemoryCatalog
from kith.domain.photo import photo_id_of
from kith.imaging.picture import PictureLimits
from kith.pipeline.serving.file_names import file_name
from kith.pipeline.serving.originals import put
from kith.pipeline.serving.uploads import OffsetError, Uploads


@given(name=st.text(max_size=300), format_=st.sampled_from(["JPEG", "PNG", "HEIF", "other"]))
def test_a_file_name_is_one(name: str, format_: str) -> None:
    """Any text becomes a printable name of one part, not hidden, that file systems take."""
    safe = file_name(name, format_)
    assert safe == os.path.basename(safe)  # noqa: PTH119 - as the system takes it apart
    assert not safe.startswith(".")
    assert safe.isprintable()
    assert not set(safe) & set('<>:"/\\|?*')
    assert len(safe.encode()) < 200
    assert file_name(safe, format_) == safe


@pytest.fixture(params=["same disk", "other disk"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[Path]:
    """A folder for originals, on the disk of what is sent or on another one."""
    if request.param == "same disk":
        yield tmp_path / "originals"
        return
    other = Path("/dev/shm")
    if not other.is_dir() or other.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("needs a second file system at /dev/shm")
    with TemporaryDirectory(dir=other) as made:
        yield Path(made) / "originals"


def test_nothing_is_replaced(folder: Path, tmp_path: Path) -> None:
    """Other files of that name stay; the same bytes are taken for the same file."""
    sources = [tmp_path / str(number) for number in range(3)]
    for source in sources:
        source.write_bytes(source.name.encode() * 1000)
    ids = [photo_id_of(source.read_bytes()) for source in sources]
    pairs = list(zip(sources, ids, strict=True))
    placed = [put(source, folder, "a.jpg", photo_id) for source, photo_id in pairs]
    assert [path.name for path in placed] == ["a.jpg", "a (2).jpg", "a (3).jpg"]
    assert [put(source, folder, "a.jpg", photo_id) for source, photo_id in pairs] == placed
    assert [path.read_bytes() for path in placed] == [each.read_bytes() for each in sources]
    assert len(list(folder.iterdir())) == 3


def test_a_link_in_the_way_is_not_followed(folder: Path, tmp_path: Path) -> None:
    """A link of that name, wherever it leads, is left alone."""
    folder.mkdir()
    victim = tmp_path / "victim"
    (folder / "a.jpg").symlink_to(victim)
    source = tmp_path / "source"
    source.write_bytes(b"bytes")
    assert put(source, folder, "a.jpg", photo_id_of(b"bytes")).name == "a (2).jpg"
    assert not victim.exists()


@pytest.fixture
def uploads(tmp_path: Path) -> Uploads:
    """Uploads into a library without photos."""
    folders = (tmp_path / "uploads", tmp_path / "originals")
    return Uploads(*folders, MemoryCatalog(), PictureLimits())


def test_of_two_that_send_one_part_one_wins(uploads: Uploads) -> None:
    """A part that is sent several times at once is kept once."""
    upload = uploads.begin("a.jpg", 8, by="me")
    together = threading.Barrier(8)

    def send(number: int) -> bool:
        together.wait()
        try:
            uploads.append(upload.id, 0, bytes([number]) * 8)
        except OffsetError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(send, range(8))) == 1
    assert uploads.get(upload.id).offset == 8


def test_files_of_one_name_that_end_at_once_all_stay(uploads: Uploads, tmp_path: Path) -> None:
    """Uploads of one name that are finished at the same time do not lose one another."""
    ids: list[str] = []
    for number in range(8):
        data = BytesIO()
        Image.new("RGB", (8, 8), (number, 0, 0)).save(data, "PNG")
        upload = uploads.begin("a.png", len(data.getvalue()), by="me", modified_at=0)
        uploads.append(upload.id, 0, data.getvalue())
        ids.append(upload.id)
    with ThreadPoolExecutor(8) as pool:
        paths = {done.path for done in pool.map(uploads.finish, ids)}
    assert len(paths) == 8
    assert {path.parent for path in paths if path} == {tmp_path / "originals/1970/01"}
    assert sorted(uploads.unsettled()) == sorted(path for path in paths if path)
    uploads.settle([path for path in paths if path])
    assert uploads.unsettled() == []
    assert list((tmp_path / "uploads").glob("*.part")) == []
