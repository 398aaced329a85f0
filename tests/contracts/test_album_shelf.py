"""Every adapter keeps albums as the port promises."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing

import pytest
from dynamo_tables import dynamo_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kith.adapters.catalog.dynamo.albums import DynamoAlbums
from kith.adapters.catalog.memory_albums import MemoryAlbums
from kith.adapters.catalog.sql.albums import SqlAlbums
from kith.database.open import open_database
from kith.domain.album import Album, FolderAlbum, PickedAlbum, QueryAlbum
from kith.domain.errors import NotFoundError
from kith.domain.photo import PhotoId
from kith.ports.albums import Albums

PHOTO_IDS = [PhotoId(f"{number:064x}") for number in range(3)]


@pytest.fixture(
    params=[
        "memory",
        "sqlite",
        pytest.param("postgresql", marks=pytest.mark.postgres),
        pytest.param("tiny", id="dynamodb-tiny"),
        pytest.param("moto_endpoint", id="dynamodb-moto", marks=pytest.mark.emulators),
        pytest.param("ministack_endpoint", id="dynamodb-ministack", marks=pytest.mark.emulators),
    ]
)
def shelf(request: pytest.FixtureRequest) -> Generator[Albums]:
    """An empty shelf by every adapter of the port."""
    if request.param == "memory":
        yield MemoryAlbums()
        return
    if request.param == "tiny" or request.param.endswith("_endpoint"):
        with dynamo_of(request) as table:
            yield DynamoAlbums(table)
        return
    where = ":memory:" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    with closing(open_database(where)) as database:
        yield SqlAlbums(database)


def test_albums_come_back_as_they_were_saved(shelf: Albums) -> None:
    """Every kind is kept with all it holds, in the order in which it was first saved."""
    albums: list[Album] = [
        QueryAlbum("Zoë \udcff\0", 'person:"\udcff\0"', PHOTO_IDS[0]),
        PickedAlbum("Best"),
        FolderAlbum("/photos/\udcff", PHOTO_IDS[1]),
        FolderAlbum("/photos/" + "deep/" * 800),
    ]
    for album in [*albums, albums[0]]:
        shelf.save(album)

    assert list(shelf.saved()) == albums


def test_a_name_is_unique_whatever_its_case(shelf: Albums) -> None:
    """Saving under a name that differs in case alone replaces the album; folders are apart."""
    shelf.save(PickedAlbum("straße"))
    shelf.save(FolderAlbum("straße"))

    shelf.save(QueryAlbum("STRASSE", "unnamed"))

    assert list(shelf.saved()) == [QueryAlbum("STRASSE", "unnamed"), FolderAlbum("straße")]


def test_picks_are_a_set(shelf: Albums) -> None:
    """A photo is picked once, and let go by its id; others stay."""
    shelf.save(PickedAlbum("Best"))

    shelf.pick("best", PHOTO_IDS)
    shelf.pick("Best", PHOTO_IDS[:1])
    shelf.unpick("BEST", PHOTO_IDS[:1])
    shelf.unpick("Best", PHOTO_IDS[:1])

    assert shelf.picked("Best") == frozenset(PHOTO_IDS[1:])


def test_picks_stay_while_the_album_is_picked_by_hand(shelf: Albums) -> None:
    """A feature photo changes no pick; a query in the album's place lets them go for good."""
    shelf.save(PickedAlbum("Best"))
    shelf.pick("Best", PHOTO_IDS)

    shelf.save(PickedAlbum("Best", PHOTO_IDS[0]))
    assert shelf.picked("Best") == frozenset(PHOTO_IDS)

    shelf.save(QueryAlbum("Best", "unnamed"))
    shelf.save(PickedAlbum("Best"))
    assert shelf.picked("Best") == frozenset()


@pytest.mark.parametrize("other", [None, QueryAlbum("Best", "unnamed"), FolderAlbum("Best")])
def test_only_an_album_picked_by_hand_takes_picks(shelf: Albums, other: Album | None) -> None:
    """Picking into nothing, a query or a folder is refused, and changes nothing."""
    if other is not None:
        shelf.save(other)

    with pytest.raises(NotFoundError):
        shelf.pick("Best", PHOTO_IDS)
    with pytest.raises(NotFoundError):
        shelf.unpick("Best", PHOTO_IDS)

    assert shelf.picked("Best") == frozenset()


def test_what_is_removed_is_gone(shelf: Albums) -> None:
    """The album and its picks go; removing it again is no error; a new one begins empty."""
    shelf.save(PickedAlbum("Best"))
    shelf.pick("Best", PHOTO_IDS)

    shelf.remove(PickedAlbum("BEST"))
    shelf.remove(PickedAlbum("Best"))

    assert list(shelf.saved()) == []
    shelf.save(PickedAlbum("Best"))
    assert shelf.picked("Best") == frozenset()


albums = st.one_of(
    st.builds(QueryAlbum, st.sampled_from(["a", "A", "b"]), st.sampled_from(["", "unnamed"])),
    st.builds(PickedAlbum, st.sampled_from(["a", "A", "b"]), st.sampled_from([None, *PHOTO_IDS])),
    st.builds(FolderAlbum, st.sampled_from(["/a", "/A"])),
)
picks = st.tuples(st.sampled_from(["a", "B"]), st.frozensets(st.sampled_from(PHOTO_IDS)))


@pytest.mark.many
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    steps=st.lists(
        st.one_of(
            st.tuples(st.sampled_from(["save", "remove"]), st.tuples(albums)),
            st.tuples(st.sampled_from(["pick", "unpick"]), picks),
        ),
        max_size=10,
    )
)
def test_a_database_keeps_albums_as_memory_does(
    shelf: Albums, steps: list[tuple[str, tuple[object, ...]]]
) -> None:
    """The same steps, some of them refused, leave the same albums and picks."""
    for album in shelf.saved():
        shelf.remove(album)
    expected = MemoryAlbums()

    for name, arguments in steps:
        assert _refused(shelf, name, arguments) == _refused(expected, name, arguments)

    assert shelf.saved() == expected.saved()
    for name in ("a", "b", "/a"):
        assert shelf.picked(name) == expected.picked(name)


def _refused(shelf: Albums, name: str, arguments: tuple[object, ...]) -> bool:
    try:
        getattr(shelf, name)(*arguments)
    except NotFoundError:
        return True
    return False
