"""Decisions and photos between a library and one elsewhere: brought once, whoever else does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cast import Cast

from kith.adapters.catalog.memory import MemoryCatalog
from kith.adapters.storage.s3 import S3Depot, S3Storage
from kith.domain.errors import NotFoundError, UsageError
from kith.domain.photo import PhotoId, Place, photo_id_of
from kith.imaging.picture import PictureLimits
from kith.pipeline.decisions.corrections import name_person
from kith.pipeline.exchange.decisions import JOURNAL, bring, bring_from_file, bring_to_file
from kith.pipeline.exchange.fetching import fetch_photos
from kith.pipeline.exchange.sending import send_photos
from kith.pipeline.library import Library
from kith.ports.catalog import Catalog
from kith.ports.storage import ObjectVersion

if TYPE_CHECKING:
    from buckets import Bucket

Make = Callable[[Catalog], Library]
LIMITS = PictureLimits()


def names(catalog: Catalog) -> set[str]:
    """What people are called."""
    return {each.person.name for each in catalog.people() if each.person.name}


# -- decisions -------------------------------------------------------------------------------------


def test_what_was_said_counts_on_both_sides(cast: Cast, twin: Cast) -> None:
    """Brought there and back, both say the same; the second time nothing is new."""
    name_person(cast.catalog, cast.anna, "Anna", by="me")
    name_person(twin.catalog, twin.carl, "Carl", by="me")

    there, back = bring(cast.catalog, twin.catalog), bring(twin.catalog, cast.catalog)

    assert (there.new, back.new, back.known) == (2, 1, 2)
    assert names(cast.catalog) == names(twin.catalog) == {"Anna", "Bert", "Carl"}
    edition = twin.catalog.edition()
    assert (bring(cast.catalog, twin.catalog).new, twin.catalog.edition()) == (0, edition)


@pytest.mark.emulators
def test_libraries_that_never_meet_leave_each_other_a_file(
    cast: Cast, twin: Cast, bucket: Bucket
) -> None:
    """Each adds what it has, and takes what is there."""
    storage = bucket.storage("family/kith")
    with pytest.raises(NotFoundError):
        bring_from_file(storage, cast.catalog)
    name_person(cast.catalog, cast.anna, "Anna", by="me")
    name_person(twin.catalog, twin.carl, "Carl", by="me")

    assert bring_to_file(cast.catalog, storage) == (2, 0)
    assert bring_to_file(cast.catalog, storage) == (0, 2)
    assert bring_to_file(twin.catalog, storage) == (1, 0)
    assert bucket.keys() == [f"family/kith/{JOURNAL}"]

    assert bring_from_file(storage, twin.catalog).new == 2
    assert bring_from_file(storage, cast.catalog).new == 1
    assert names(cast.catalog) == names(twin.catalog) == {"Anna", "Bert", "Carl"}


class Busy(S3Storage):
    """A store in which somebody else writes each time after the file was read."""

    def __init__(self, bucket: Bucket, others: list[Callable[[], object]]) -> None:
        super().__init__(bucket.client, bucket.name)
        self._others = others

    def read_version(self, key: str, tag: str = "", /) -> tuple[ObjectVersion, bytes]:
        """As it is; and then it is another one."""
        try:
            return super().read_version(key, tag)
        finally:
            if self._others:
                self._others.pop()()


@pytest.mark.emulators
def test_of_two_who_write_at_once_neither_loses_anything(
    cast: Cast, twin: Cast, ministack_bucket: Bucket
) -> None:
    """Whoever was slower reads again what the other one wrote; also where there was no file."""
    storage = ministack_bucket.storage()
    name_person(cast.catalog, cast.anna, "Anna", by="me")
    name_person(twin.catalog, twin.carl, "Carl", by="me")

    busy = Busy(ministack_bucket, [lambda: bring_to_file(twin.catalog, storage)])
    assert bring_to_file(cast.catalog, busy) == (2, 0)
    name_person(cast.catalog, cast.anna, "Anne", by="me")
    name_person(twin.catalog, twin.carl, "Karl", by="me")
    busy = Busy(ministack_bucket, [lambda: bring_to_file(twin.catalog, storage)])
    assert bring_to_file(cast.catalog, busy) == (1, 2)

    header, *lines = storage.read(JOURNAL).splitlines()
    assert len(set(lines)) == len(lines) == 5
    assert b"kith_journal" in header


@pytest.mark.emulators
def test_a_file_that_is_no_journal_stays_as_it_is(cast: Cast, moto_bucket: Bucket) -> None:
    """It is somebody's."""
    moto_bucket.put(JOURNAL, b"Dear diary")
    name_person(cast.catalog, cast.anna, "Anna", by="me")

    with pytest.raises(UsageError, match="not JSON"):
        bring_to_file(cast.catalog, moto_bucket.storage())
    assert moto_bucket.storage().read(JOURNAL) == b"Dear diary"


# -- photos ----------------------------------------------------------------------------------------


@pytest.mark.emulators
def test_photos_that_are_lacking_are_sent_once(
    cast: Cast, library_of: Make, bucket: Bucket
) -> None:
    """Byte for byte, those only; what changed since, or is gone, is told and not sent."""
    photos = cast.catalog
    every = [photo.id for photo in photos.photos()]
    paths = {photo_id: Path(places[0].path) for photo_id, places in photos.places_of(every).items()}
    others = library_of(MemoryCatalog())
    depot = S3Depot(bucket.client, bucket.name, "in")
    known, changed, gone = (paths[photo_id] for photo_id in every[:3])
    type(cast.world)(others, cast.world.root).add(known)
    changed.write_bytes(changed.read_bytes() + b" ")
    gone.unlink()

    done = send_photos(photos, others.catalog, depot, LIMITS)
    again = send_photos(photos, others.catalog, depot, LIMITS)

    assert (done.lacking, len(done.report.sent)) == (len(every) - 1, len(every) - 3)
    assert {problem.path for problem in done.report.refused} == {changed, gone}
    assert (again.report.sent, again.report.unchanged) == ([], len(every) - 3)
    sent = bucket.keys()
    stored = {photo_id_of(bucket.storage().read(key)) for key in sent}
    assert stored == set(every[3:])
    assert all(key.startswith("in/undated/") for key in sent)


@pytest.fixture
def cloud(cast: Cast, library_of: Make, moto_bucket: Bucket) -> Library:
    """A library of which every photo lies in a bucket, some twice."""
    library = library_of(MemoryCatalog())
    type(cast.world)(library, cast.world.root).add()
    for number, known in enumerate(list(library.catalog.places())):
        assert known.photo_id is not None
        data = Path(known.place.path).read_bytes()
        for name in (f"2024/{number}.jpg", *(["copy.jpg"] if number == 0 else [])):
            address = moto_bucket.put(name, data)
            place = Place(address, len(data), 1)
            library.catalog.add_places([(known.photo_id, place)])
        library.catalog.remove_places([known.place.path])
    return library


def stored(folder: Path) -> dict[str, PhotoId]:
    """The photos of a folder, by path."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): photo_id_of(path.read_bytes()) for path in files}


@pytest.mark.emulators
def test_photos_that_are_lacking_are_fetched_once(
    cast: Cast, cloud: Library, library_of: Make, moto_bucket: Bucket, tmp_path: Path
) -> None:
    """Each in one file, under its key; over nothing that is there."""
    own, folder = library_of(MemoryCatalog()).catalog, tmp_path / "fetched"
    (folder / "2024").mkdir(parents=True)
    (folder / "2024" / "1.jpg").write_bytes(b"mine")
    every = {photo.id for photo in cloud.catalog.photos()}

    done = fetch_photos(cloud.catalog, moto_bucket.source, own, folder)
    again = fetch_photos(cloud.catalog, moto_bucket.source, own, folder)

    assert len(done.files) == len(every) - 1 == again.unchanged
    assert [path.name for path in done.differing] == ["1.jpg"]
    found = stored(folder)
    assert (folder / "2024" / "1.jpg").read_bytes() == b"mine"
    assert len(found) == len(every)
    assert set(found.values()) - {photo_id_of(b"mine")} < every
    assert (
        fetch_photos(cloud.catalog, moto_bucket.source, cast.catalog, tmp_path / "none").files == []
    )


@pytest.mark.emulators
def test_a_photo_that_is_another_by_now_is_told(
    cloud: Library, library_of: Make, moto_bucket: Bucket, tmp_path: Path
) -> None:
    """It is not written, and no more is one that is gone."""
    moto_bucket.put("2024/1.jpg", b"another")
    moto_bucket.client.delete_object(Bucket=moto_bucket.name, Key="2024/2.jpg")

    done = fetch_photos(
        cloud.catalog, moto_bucket.source, library_of(MemoryCatalog()).catalog, tmp_path / "new"
    )

    addresses = {f"{moto_bucket.url}/2024/{number}.jpg" for number in (1, 2)}
    assert {problem.name for problem in done.refused} == addresses
    assert not {"2024/1.jpg", "2024/2.jpg"} & set(stored(tmp_path / "new"))
