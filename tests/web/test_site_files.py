"""An album as files: what is in them, what never is, and what happens to files of others."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable, Generator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

import kith.web
from kith.adapters.storage.filesystem import FilesystemStorage
from kith.compose import open_catalog, open_library
from kith.compose.site import open_site_source
from kith.config import Settings
from kith.domain.errors import UsageError
from kith.domain.query import QueryError
from kith.imaging.encode import Encoding
from kith.pipeline.add import add
from kith.pipeline.decisions.corrections import hide_person, name_person, set_consent
from kith.pipeline.sharing.site.export import SiteReport, export_site
from kith.pipeline.sharing.site.folder import MANIFEST
from kith.pipeline.sharing.site.terms import SiteTerms
from kith.ports.catalog import PersonSummary

pytestmark = [pytest.mark.weights, pytest.mark.photos]

PAGE = Path(kith.web.__file__).with_name("static")
NAMES = ("Anastasia Quillfeather", "Bartholomew Hidden", "Crispin Refused")

PRIVATE = (
    *("Grandmother's house", "first-", "undated", "Hasselblad", "Zephyrine", "secret remark"),
    *("latitude", "48.13", "11.57", '"GPS', "path:", '"places"', *NAMES),
)
"""What stands in the files, in their names and in the library, and is nobody's business."""

Write = Callable[..., SiteReport]


@pytest.fixture(scope="module")
def album_folder(photos: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two portraits each of four people, and one of unknown date, as phones leave them."""
    root = tmp_path_factory.mktemp("photos") / "Grandmother's house"
    root.mkdir()
    portraits = sorted((photos / "portraits").glob("0*/*.jpg"))[:8]
    for number, path in enumerate(portraits):
        day = datetime(2023, 11, 5, 9, 30) + timedelta(days=20 * number)  # noqa: DTZ001 - as EXIF
        _copy(path, root / f"first-{number}.jpg", day)
    _copy(sorted((photos / "family").glob("*agung*.jpg"))[0], root / "undated.jpg", None)
    return root


def _copy(source: Path, target: Path, taken: datetime | None) -> None:
    with Image.open(source) as image:
        image.thumbnail((700, 700))
        exif = Image.Exif()
        exif[Base.Make], exif[Base.Artist] = "Hasselblad", "Zephyrine"
        exif[Base.ImageDescription] = "secret remark"
        if taken:
            exif.get_ifd(IFD.Exif)[Base.DateTimeOriginal] = taken.strftime("%Y:%m:%d %H:%M:%S")
        exif.get_ifd(IFD.GPSInfo).update(
            {
                GPS.GPSLatitudeRef: "N",
                GPS.GPSLatitude: (48.0, 8.0, 14.0),
                GPS.GPSLongitudeRef: "E",
                GPS.GPSLongitude: (11.0, 34.0, 31.0),
            }
        )
        image.convert("RGB").save(target, quality=88, exif=exif, comment="secret remark")


@pytest.fixture(scope="module")
def library(
    album_folder: Path, weights: Path, tmp_path_factory: pytest.TempPathFactory
) -> Settings:
    """A library of them: one person has a name, one is hidden, one refused to be recognized."""
    settings = Settings(library=tmp_path_factory.mktemp("site") / "library", models=weights)
    with open_library(settings, writing=True) as opened:
        add(opened, [album_folder])
    with open_catalog(settings, writing=True) as catalog:
        people = sorted(catalog.people(), key=_first_photos)[:3]
        for summary, name in zip(people, NAMES, strict=True):
            name_person(catalog, summary.person, name, by="test")
        hide_person(catalog, catalog.person(people[1].person.id), True, by="test")
        set_consent(catalog, catalog.person(people[2].person.id), False, by="test")
    return settings


def _first_photos(summary: PersonSummary) -> tuple[int, str]:
    """Those of two photos come first."""
    return -summary.photo_count, summary.person.id


@pytest.fixture
def write(library: Settings, tmp_path: Path) -> Write:
    """Writes the site ``tmp_path/site``, or another."""

    def write_(folder: str = "site", *, advance: Any = None, **terms: Any) -> SiteReport:
        with open_site_source(library) as source:
            storage = FilesystemStorage(tmp_path / folder)
            return export_site(
                replace(source, workers=2),
                storage,
                PAGE,
                SiteTerms(**terms),
                advance or (lambda _done, _total: None),
            )

    return write_


def files_of(root: Path) -> dict[str, bytes]:
    """Every file of a site."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def pages_own() -> set[str]:
    """The files that are the same on every site."""
    return {path.relative_to(PAGE).as_posix() for path in PAGE.rglob("*") if path.is_file()}


def private_words(root: Path) -> set[str]:
    """What of ``PRIVATE`` any file of a site holds, besides those of the page itself."""
    own = pages_own() - {"index.html"}
    told = [data for name, data in files_of(root).items() if name not in own]
    told += [name.encode() for name in files_of(root) if name not in own]
    return {word for word in PRIVATE if any(word.encode() in data for data in told)}


def said(root: Path, name: str) -> Any:
    """A document of a site."""
    return json.loads((root / "data" / f"{name}.json").read_text())


def details(root: Path) -> list[Any]:
    """What is told of each photo."""
    paths = sorted((root / "data" / "photos").rglob("*.json"))
    return [json.loads(path.read_text()) for path in paths]


# -- what is told ----------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", Encoding)
def test_nothing_private_is_in_any_file(write: Write, tmp_path: Path, encoding: Encoding) -> None:
    """No path, place, camera or name, in no document and no picture, whatever the query says."""
    query = f'-person:"{NAMES[1]}" taken:2023..2024'

    report = write(query=query, downloads=True, encoding=encoding)

    assert (report.photos, report.problems) == (6, ())
    assert private_words(tmp_path / "site") == set()
    assert {one["people"] for one in details(tmp_path / "site")} == {None}
    pictures = [*(tmp_path / "site").rglob("*.jpg"), *(tmp_path / "site").rglob("*.webp")]
    assert len(pictures) == 18
    for path in pictures:
        with Image.open(path) as picture:
            assert not picture.getexif()
            assert not {"exif", "xmp", "comment"} & picture.info.keys()


def test_people_are_told_of_where_that_is_wanted(write: Write, tmp_path: Path) -> None:
    """With their names, but nobody who is hidden or refused."""
    report = write(people=True)

    assert private_words(tmp_path / "site") == {NAMES[0]}
    people = said(tmp_path / "site", "people")["people"]
    assert {person["name"] for person in people} == {NAMES[0], None}
    assert len(people) == report.people == 2
    for person in people:
        assert (tmp_path / "site" / person["cover_url"]).is_file()


def test_places_and_exif_are_told_where_that_is_wanted(write: Write, tmp_path: Path) -> None:
    """Each by its own flag: what a camera wrote says nothing of where without the other."""
    write("where", location=True)
    write("how", exif=True)
    write("both", exif=True, location=True)

    for one in details(tmp_path / "where"):
        assert one["location"]["latitude"] == pytest.approx(48.1372, abs=1e-3)
    assert not any("tags" in one or "camera" in one for one in details(tmp_path / "where"))
    assert {
        word for word in private_words(tmp_path / "how") if "48" in word or "GPS" in word
    } == set()
    assert {one["camera"] for one in details(tmp_path / "how")} == {"Hasselblad"}
    assert all("GPS" in one["tags"] for one in details(tmp_path / "both"))


def test_downloads_are_the_photos_themselves(
    write: Write, tmp_path: Path, album_folder: Path
) -> None:
    """The pixels are those of the originals, bit by bit."""
    write(downloads=True)

    def pixels(data: bytes) -> bytes:
        with Image.open(io.BytesIO(data)) as image:
            return image.tobytes()

    given = {
        pixels((tmp_path / "site" / one["download_url"]).read_bytes())
        for one in details(tmp_path / "site")
    }
    assert given == {pixels(path.read_bytes()) for path in album_folder.glob("*.jpg")}


@pytest.mark.parametrize("page_size", [1, 2, 500])
def test_photos_are_numbered_from_the_oldest(
    write: Write, library: Settings, tmp_path: Path, page_size: int
) -> None:
    """Pages, months and people agree; photos of unknown date come before all."""
    report = write(people=True, page_size=page_size)
    site = tmp_path / "site"
    pages = [said(site, f"pages/{n}") for n in range(-(-report.photos // page_size))]
    photos = [photo for page in pages for photo in page]
    album = said(site, "album")

    assert [len(page) for page in pages[:-1]] == [page_size] * (len(pages) - 1)
    dates = [photo["taken_at"] for photo in photos]
    assert (dates[0], dates[1:]) == (None, sorted(dates[1:]))
    assert album["cover"] == photos[-1]
    months = sorted({date[:7] for date in dates[1:]}, reverse=True)
    assert [month["month"] for month in album["months"]] == [*months, None]
    assert sum(month["photos"] for month in album["months"]) == album["total"] == len(photos)
    for photo in photos:
        for url in photo["urls"].values():
            assert (site / url).is_file()
    for person in said(site, "people")["people"]:
        numbers = said(site, f"people/{person['id']}")["numbers"]
        assert numbers == sorted(numbers, reverse=True)
        shown = {photos[number]["id"] for number in numbers}
        assert len(shown) == person["photo_count"]
        named = {
            one["id"] for one in details(site) if person["id"] in {p["id"] for p in one["people"]}
        }
        assert named == shown
    with open_catalog(library) as catalog:
        assert {photo["id"] for photo in photos} == {photo.id for photo in catalog.photos(None)}


# -- bringing up to date ---------------------------------------------------------------------------


def test_a_second_run_writes_nothing(write: Write, tmp_path: Path) -> None:
    """What is there already is not even touched, so that little is brought to the host."""
    first = write(people=True, downloads=True)
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "site").rglob("*")}

    second = write(people=True, downloads=True)

    assert (second.written, second.removed) == (0, 0)
    assert second.unchanged == first.written
    after = {path: path.stat().st_mtime_ns for path in (tmp_path / "site").rglob("*")}
    changed = {path.name for path in after if after[path] != before.get(path)}
    assert changed <= {"site", MANIFEST, ".partial"}


def test_photos_that_are_not_meant_any_more_go(write: Write, tmp_path: Path) -> None:
    """With everything that was told of them; what is left is as if they had never been there."""
    write(people=True, downloads=True, location=True)

    report = write(query="taken:2024")
    write("fresh", query="taken:2024")

    assert report.removed > 0
    assert files_of(tmp_path / "site") == files_of(tmp_path / "fresh")


def test_an_interrupted_run_goes_on(write: Write, tmp_path: Path) -> None:
    """What it has written is known to be Kith's, and is not written again."""

    def interrupt(done: int, _total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(advance=interrupt)
    assert not (tmp_path / "site" / "index.html").exists()
    there = {path: path.stat().st_mtime_ns for path in (tmp_path / "site").rglob("*.webp")}
    assert len(there) >= 6

    write()
    write("fresh")

    assert {path: path.stat().st_mtime_ns for path in there} == there
    assert files_of(tmp_path / "site") == files_of(tmp_path / "fresh")


@pytest.fixture
def lost(album_folder: Path) -> Generator[Path]:
    """An original whose disk is not connected."""
    path = album_folder / "first-0.jpg"
    away = path.with_name("away")
    path.rename(away)
    yield path
    if away.exists():
        away.rename(path)


def test_without_the_original_a_photo_is_small(write: Write, tmp_path: Path, lost: Path) -> None:
    """And large, and to be taken home, as soon as the original is there again."""
    report = write(downloads=True)

    assert (report.photos, report.without_original) == (9, 1)
    (small,) = (one for one in details(tmp_path / "site") if one["download_url"] is None)
    assert small["urls"]["large"] == small["urls"]["small"]

    lost.with_name("away").rename(lost)
    report = write(downloads=True)

    assert report.without_original == 0
    assert all(one["download_url"] for one in details(tmp_path / "site"))


# -- files of others -------------------------------------------------------------------------------


def test_a_folder_of_others_is_refused(write: Write, tmp_path: Path) -> None:
    """Nothing in it is touched."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_text("mine")

    with pytest.raises(UsageError, match="not empty"):
        write()

    assert files_of(tmp_path / "site") == {"index.html": b"mine"}


def test_files_that_others_put_there_stay(write: Write, tmp_path: Path) -> None:
    """Whatever the site becomes, and a file that would be in its way is not replaced."""
    write()
    (tmp_path / "site" / "CNAME").write_text("photos.example.org")
    (tmp_path / "site" / "data" / "people.json").write_text("mine")

    write(query="taken:2024")
    with pytest.raises(UsageError, match=r"data/people\.json"):
        write(people=True)

    left = files_of(tmp_path / "site")
    assert (left["CNAME"], left["data/people.json"]) == (b"photos.example.org", b"mine")


def test_a_list_of_files_that_was_changed_leads_nowhere(write: Write, tmp_path: Path) -> None:
    """Nothing outside of the folder is removed, whatever the list says."""
    write()
    victim = tmp_path / "victim.txt"
    victim.write_text("mine")
    manifest = tmp_path / "site" / MANIFEST
    manifest.write_text(f"{manifest.read_text()}../victim.txt\n{victim}\n")

    assert write().removed == 0
    assert victim.read_text() == "mine"

    manifest.write_text("something else")
    with pytest.raises(UsageError, match="not as Kith writes it"):
        write()


def test_a_wrong_query_writes_nothing(write: Write, tmp_path: Path) -> None:
    """Not even the folder."""
    with pytest.raises(QueryError):
        write(query="person:Nobody-there")

    assert not (tmp_path / "site").exists()


def test_the_library_is_only_read(write: Write, library: Settings) -> None:
    """No picture that was made for the site is kept in it."""
    shutil.rmtree(library.library / "derived" / "pictures", ignore_errors=True)

    write(people=True)

    assert not (library.library / "derived" / "pictures").exists()
