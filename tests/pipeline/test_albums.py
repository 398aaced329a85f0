"""Names in a query are looked up, and albums are folders, queries and picks."""

from __future__ import annotations

import uuid
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest

from kith.adapters.catalog.memory import MemoryCatalog
from kith.adapters.catalog.memory.findings import MemoryFindings
from kith.adapters.catalog.memory_albums import MemoryAlbums
from kith.adapters.catalog.memory_queries import MemoryPhotoQueries
from kith.adapters.catalog.sql import SqlCatalog
from kith.adapters.catalog.sql.albums import SqlAlbums
from kith.adapters.catalog.sql.findings import SqlFindings
from kith.adapters.catalog.sql.select import SqlPhotoQueries
from kith.database.open import open_database
from kith.domain.album import FolderAlbum, PickedAlbum, QueryAlbum
from kith.domain.errors import NotFoundError, UsageError
from kith.domain.face import Box, Face, FaceDetail, FaceId, Landmarks, Point, Pose, Quality
from kith.domain.person import Appearance, PeopleChange, Person, PersonId
from kith.domain.photo import Photo, PhotoId, Place
from kith.domain.query import QueryError
from kith.pipeline.albums.albums import (
    choose_feature,
    feature_of,
    find_album,
    list_albums,
    pick,
    query_of,
    remove_album,
    save_query,
    selection_of,
)
from kith.pipeline.albums.photos import list_photos, photos_matching
from kith.pipeline.albums.records import Records
from kith.ports.catalog import PhotoRecord

POINT = Point(0.5, 0.5)


@dataclass
class House:
    """A library that is filled by hand."""

    records: Records
    names: dict[PhotoId, str] = field(default_factory=dict[PhotoId, str])

    def person(self, number: int, name: str | None) -> PersonId:
        """Somebody, called so from now on."""
        person_id = PersonId(str(uuid.UUID(int=number << 96)))
        self._change(PeopleChange(people=(Person(person_id, name),)))
        return person_id

    def photo(self, path: str, *people: PersonId, similarity: float = 99.0) -> PhotoId:
        """A photo at that path that shows these people, taken on the day of its number."""
        number = len(self.names)
        photo_id = PhotoId(f"{number + 10:064x}")
        faces = [_face(photo_id, number * 10 + rank) for rank in range(len(people))]
        photo = Photo(photo_id, "JPEG", 4, 3, 12, datetime(2024, 1, 1 + number))  # noqa: DTZ001
        change = PeopleChange(
            appearances=tuple(
                Appearance(face.id, person_id, similarity)
                for face, person_id in zip(faces, people, strict=True)
            )
        )
        catalog = self.records.catalog
        record = PhotoRecord(photo, Place(path, 1, 1), tuple(faces))
        catalog.store([record], (), change, catalog.edition())
        self.names[photo_id] = path.rpartition("/")[2]
        return photo_id

    def became(self, gone: PersonId, stays: PersonId) -> None:
        """Two people prove to be one."""
        self._change(PeopleChange(became=((gone, stays),)))

    def found(self, query: str) -> list[str]:
        """The names of the files that a query finds."""
        return [self.names[photo_id] for photo_id in photos_matching(self.records, query)]

    def inside(self, album: str) -> list[str]:
        """The names of the files in an album."""
        selection = selection_of(self.records, find_album(self.records, album))
        return [self.names[photo_id] for photo_id in self.records.queries.matching(selection)]

    def _change(self, change: PeopleChange) -> None:
        self.records.catalog.regroup((), change, self.records.catalog.edition())


def _face(photo_id: PhotoId, number: int) -> Face:
    landmarks = Landmarks(POINT, POINT, POINT, POINT, POINT)
    quality = Quality(50.0, 50.0, 100.0, 50.0)
    box = Box(0.1, 0.1, 0.5 - number % 10 / 100, 0.5)
    detail = FaceDetail(box, 99.0, landmarks, Pose(0.0, 0.0, 0.0), quality)
    return Face(FaceId(str(uuid.UUID(int=number))), photo_id, detail)


@pytest.fixture(params=["memory", "sqlite"])
def house(request: pytest.FixtureRequest) -> Generator[House]:
    """An empty library."""
    if request.param == "memory":
        catalog, albums = MemoryCatalog(), MemoryAlbums()
        findings = MemoryFindings(catalog)
        queries = MemoryPhotoQueries(catalog, albums, findings)
        yield House(Records(catalog, queries, albums, findings))
        return
    with closing(open_database(":memory:")) as database:
        queries, albums = SqlPhotoQueries(database), SqlAlbums(database)
        yield House(Records(SqlCatalog(database), queries, albums, SqlFindings(database)))


@pytest.fixture
def ana(house: House) -> PersonId:
    """Ana, in a photo with Ben and in one by herself, which fits less."""
    ana = house.person(0xA1A1A1A1, "Ana")
    ben = house.person(0xB2B2B2B2, "Ben")
    house.photo("/photos/Lisbon/both.jpg", ana, ben)
    house.photo("/photos/Lisbon/alone.jpg", ana, similarity=85.0)
    house.photo("/photos/Porto/ben.jpg", ben, similarity=70.0)
    return ana


# -- people ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("called", ["Ana", "ANA", "a1a1", "a1a1a1a1-0000-0000-0000-000000000000"])
def test_a_person_is_called_by_name_or_id(house: House, ana: PersonId, called: str) -> None:
    """Names in whatever case, ids, and beginnings of ids mean the person."""
    assert house.found(f"person:{called}") == ["both.jpg", "alone.jpg"]
    assert house.found(f"-person:{called}") == ["ben.jpg"]
    assert house.found(f"only:{called}") == ["alone.jpg"]
    assert ana == called or not called.startswith(ana)


def test_the_name_as_it_is_written_goes_first(house: House) -> None:
    """Of two people whose names differ in case alone, the written one is meant."""
    upper, lower = house.person(1 << 28, "Ana"), house.person(2 << 28, "ana")
    house.photo("/upper.jpg", upper)
    house.photo("/lower.jpg", lower)

    assert house.found("person:Ana") == ["upper.jpg"]
    with pytest.raises(QueryError, match=r"2 people could be 'ANA'.*10000000, 20000000"):
        house.found("person:ANA")


@pytest.mark.usefixtures("ana")
@pytest.mark.parametrize(
    ("query", "at", "advice"),
    [
        ('unnamed any:"Ana,Bem"', 17, "Did you mean Ben?"),
        ("person:b2b", 7, "kith people"),
        ("person:00000000-0000-0000-0000-000000000000", 7, "kith people"),
        ("album:Lisboa", 6, "Did you mean Lisbon?"),
        ("path:~no-such-user/photos", 5, ""),
    ],
)
def test_what_is_not_there_is_pointed_at(house: House, query: str, at: int, advice: str) -> None:
    """An unknown name is an error at its character that suggests the nearest one."""
    with pytest.raises(QueryError) as caught:
        house.found(query)

    assert (caught.value.query, caught.value.at) == (query, at)
    assert advice in caught.value.advice


@pytest.mark.usefixtures("ana")
def test_similarity_is_that_of_the_people_asked_for(house: House) -> None:
    """Without people anybody's counts; those whom a query excludes are not asked for."""
    assert house.found("similarity:<90") == ["alone.jpg", "ben.jpg"]
    assert house.found("similarity:<90 person:Ana") == ["alone.jpg"]
    assert house.found("similarity:<90 -person:Ana") == ["ben.jpg"]
    assert house.found('similarity:<80 any:"Ana,Ben"') == ["ben.jpg"]


def test_a_path_is_a_folder_or_file(
    house: House, ana: PersonId, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Paths are taken from where one stands; ``~`` is one's own folder."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    house.photo(str(tmp_path / "sub" / "here.jpg"), ana)

    assert house.found("path:/photos/Lisbon") == ["both.jpg", "alone.jpg"]
    assert house.found("path:/photos/Porto/ben.jpg") == ["ben.jpg"]
    assert house.found("path:sub") == house.found("path:~/sub") == ["here.jpg"]


@pytest.mark.usefixtures("ana")
def test_a_list_says_who_is_in_each_photo(house: House) -> None:
    """Photos come in the order asked for, with people by the size of their faces."""
    found = list(list_photos(house.records, photos_matching(house.records, "person:Ben")))

    assert [[shown.name for shown in one.people] for one in found] == [["Ana", "Ben"], ["Ben"]]
    assert [one.face_count for one in found] == [2, 1]
    assert found[0].places[0].path == "/photos/Lisbon/both.jpg"


# -- albums ----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("ana")
def test_every_folder_that_holds_photos_is_an_album(house: House) -> None:
    """It is called by as few parts of its path as tell it from the others."""
    house.photo("/old/Lisbon/old.jpg")

    names = [(one.name, one.photo_count) for one in list_albums(house.records)]

    assert names == [("old/Lisbon", 1), ("photos/Lisbon", 2), ("Porto", 1)]
    assert house.inside("porto") == house.found("album:Porto") == ["ben.jpg"]
    assert house.found("album:old/Lisbon") == house.found("album:/old/Lisbon") == ["old.jpg"]
    with pytest.raises(QueryError, match="old/Lisbon or photos/Lisbon"):
        house.found("album:Lisbon")
    with pytest.raises(UsageError, match="old/Lisbon or photos/Lisbon"):
        find_album(house.records, "Lisbon")


def test_a_folder_is_an_album_without_those_in_it(house: House) -> None:
    """A photo deeper down is in another album; ``path:`` has both."""
    house.photo("/a/top.jpg")
    house.photo("/a/b/deep.jpg")

    assert house.found("album:a") == ["top.jpg"]
    assert house.found("path:/a") == ["top.jpg", "deep.jpg"]


def test_an_album_keeps_its_people_when_they_are_renamed(house: House, ana: PersonId) -> None:
    """A saved query means the same person under a new name, and shows that name."""
    album = save_query(house.records, "Hers", 'person:"ana" -album:Porto')
    house.person(0xA1A1A1A1, "Ana Lima")
    house.person(0xB2B2B2B2, "Ana")

    assert album.query == f'person:"{ana}" -album:"/photos/Porto"'
    assert query_of(house.records, album) == 'person:"Ana Lima" -album:"/photos/Porto"'
    assert house.inside("Hers") == ["both.jpg", "alone.jpg"]


def test_an_album_follows_its_people_when_they_merge(house: House, ana: PersonId) -> None:
    """Who was merged away is who it became."""
    save_query(house.records, "Ben's", "person:Ben")

    house.became(PersonId(str(uuid.UUID(int=0xB2B2B2B2 << 96))), ana)

    assert house.inside("ben's") == ["both.jpg", "alone.jpg", "ben.jpg"]


@pytest.mark.usefixtures("ana")
def test_an_album_outlives_its_people_and_folders(house: House) -> None:
    """Who is in no photo any more, and a folder that is gone, are no error; nothing is found."""
    stranger = house.person(0xC3C3C3C3, None)
    gone = house.photo("/photos/Gone/stranger.jpg", stranger)
    save_query(house.records, "Stranger", "person:c3c3c3 path:/photos/Gone album:Gone")
    house.records.catalog.remove_photos([gone])

    assert house.inside("Stranger") == []
    assert [one.problem for one in list_albums(house.records)] == ["", "", ""]
    with pytest.raises(NotFoundError):
        house.records.catalog.person(stranger)


@pytest.mark.usefixtures("ana")
def test_albums_may_be_made_of_albums_but_never_of_themselves(house: House) -> None:
    """A query may name other albums; a circle is refused, and so is removing what is named."""
    save_query(house.records, "Hers", "person:Ana")
    save_query(house.records, "Theirs", 'album:"hers" person:Ben')

    assert house.inside("Theirs") == ["both.jpg"]
    with pytest.raises(QueryError, match="a part of itself") as caught:
        save_query(house.records, "Hers", "unnamed album:Theirs", replacing=True)
    assert caught.value.at == 14
    with pytest.raises(UsageError, match="'Theirs' is made of 'Hers'"):
        remove_album(house.records, find_album(house.records, "Hers"))


def test_albums_of_albums_have_a_limit(house: House) -> None:
    """The terms of all albums together are counted, so no query grows without end."""
    save_query(house.records, "0", "-unnamed -unnamed")
    for number in range(4):
        save_query(house.records, f"{number + 1}", f"album:{number} album:{number}")

    with pytest.raises(QueryError, match="more than 100"):
        save_query(house.records, "5", "album:4 album:4")


@pytest.mark.usefixtures("ana")
def test_a_name_is_given_once(house: House) -> None:
    """A second album of that name is refused, unless a query replaces a query."""
    save_query(house.records, "Hers", "person:Ana")

    with pytest.raises(UsageError, match="already"):
        save_query(house.records, "HERS", "person:Ben")
    save_query(house.records, "HERS", "person:Ben", replacing=True)
    with pytest.raises(UsageError, match="is a query"):
        pick(house.records, "hers", [])

    assert house.inside("hers") == ["both.jpg", "ben.jpg"]


@pytest.mark.parametrize("name", ["", " ", "a\nb", "/photos/Lisbon", "x" * 201])
def test_some_names_are_none(house: House, name: str) -> None:
    """An album's name can be seen, is short, and is no path."""
    with pytest.raises(UsageError):
        save_query(house.records, name, "unnamed")


@pytest.mark.usefixtures("ana")
def test_photos_are_picked_by_hand(house: House) -> None:
    """What was picked is in the album, which goes before a folder of its name."""
    (both, *_) = photos_matching(house.records, "person:Ana person:Ben")

    pick(house.records, "Porto", [both])

    assert house.inside("Porto") == house.found("album:porto") == ["both.jpg"]
    names = [one.name for one in list_albums(house.records)]
    assert names == ["Porto", "Lisbon", "photos/Porto"]


@pytest.mark.usefixtures("ana")
@pytest.mark.parametrize("which", ["Lisbon", "Hers", "Best"])
def test_every_album_has_a_feature_photo(house: House, which: str) -> None:
    """The first photo stands for an album until another one of it is chosen."""
    inside = photos_matching(house.records, "album:Lisbon")
    (outside,) = photos_matching(house.records, "album:Porto")
    save_query(house.records, "Hers", "person:Ana")
    pick(house.records, "Best", inside)

    album = find_album(house.records, which)
    assert feature_of(house.records, album) == inside[0]
    choose_feature(house.records, album, inside[1])
    album = find_album(house.records, which)
    assert feature_of(house.records, album) == inside[1]
    with pytest.raises(UsageError):
        choose_feature(house.records, album, outside)
    house.records.catalog.remove_photos([inside[1]])
    assert feature_of(house.records, album) == inside[0]
    assert album in [one.album for one in list_albums(house.records)]


@pytest.mark.usefixtures("ana")
def test_only_albums_that_were_made_can_be_removed(house: House) -> None:
    """A removed album's photos stay; a folder is an album as long as it holds photos."""
    save_query(house.records, "Hers", "person:Ana")
    pick(house.records, "Best", photos_matching(house.records, "person:Ben"))

    for name in ("Hers", "Best"):
        remove_album(house.records, find_album(house.records, name))
    with pytest.raises(UsageError, match="is a folder"):
        remove_album(house.records, find_album(house.records, "Porto"))

    assert {type(one.album) for one in list_albums(house.records)} == {FolderAlbum}
    assert house.found("") == ["both.jpg", "alone.jpg", "ben.jpg"]
    for album in (QueryAlbum("Hers", ""), PickedAlbum("Best")):
        with pytest.raises(NotFoundError):
            find_album(house.records, album.name)
