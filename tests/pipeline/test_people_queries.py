"""Who is in the library and in a picture, and giving people names."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kith.domain.decision import Name
from kith.domain.errors import NotFoundError, UsageError
from kith.domain.person import Person
from kith.imaging.picture import Picture
from kith.pipeline.decisions.corrections import merge_people, name_person, set_consent
from kith.pipeline.export import export_photos
from kith.pipeline.people import (
    faces_of,
    find,
    find_person,
    find_photo,
    list_people,
    photos_of,
)

if TYPE_CHECKING:
    from tests.pipeline.conftest import World

ANNA, BERT, CARL = 0, 4, 8


@pytest.fixture
def party(world: World) -> World:
    """Anna in three photos, Bert in two of them, nobody in one."""
    world.draw("anna.png", ANNA)
    world.draw("both.png", ANNA, BERT, gray=150)
    world.draw("other.png", BERT, ANNA, gray=100)
    world.draw("nobody.png")
    world.add()
    return world


def named(world: World, photo: str, name: str) -> Person:
    """The person who is alone in this photo, with a name from now on."""
    catalog = world.library.catalog
    name_person(catalog, catalog.person(world.person_in(photo)), name, by="test")
    return catalog.person(world.person_in(photo))


def files(paths: list[str]) -> list[str]:
    """The names of files."""
    return [Path(path).name for path in paths]


def test_find_says_who_and_where_best_first(party: World) -> None:
    """Every face of the picture, the largest first, with its person and its photos."""
    anna = named(party, "anna.png", "Anna")
    picture = Picture.open(party.draw("asked.png", ANNA, BERT, CARL, gray=60))

    first, second, third = find(party.library, picture)

    assert first.person == anna
    assert {name for photo in first.photos for name in files([photo.places[0].path])} == {
        "anna.png", "both.png", "other.png",
    }  # fmt: skip
    assert first.similarity == first.photos[0].similarity >= 99
    assert [photo.similarity for photo in first.photos] == sorted(
        (photo.similarity for photo in first.photos), reverse=True
    )
    assert second.person is not None
    assert len(second.photos) == 2
    assert (third.person, third.similarity, third.photos) == (None, 0, ())
    assert party.library.catalog.counts().photos == 4


def test_find_obeys_the_limit_and_the_least_similarity(party: World) -> None:
    """At most so many photos per face; with an unreachable similarity, none."""
    picture = Picture.open(party.draw("asked.png", ANNA, gray=60))

    (limited,) = find(party.library, picture, limit=1)
    everything = find(party.library, Picture.open(party.root / "both.png"), min_similarity=0)

    assert len(limited.photos) == 1
    assert all(len(face.photos) == 3 for face in everything)
    assert find(party.library, Picture.open(party.root / "nobody.png")) == []


def test_find_leaves_out_faces_of_photos_that_were_not_stored(party: World) -> None:
    """A killed run leaves faces behind; they are no photos of anybody."""
    party.library.catalog.remove_photos(
        [find_photo(party.library.catalog, str(party.root / "anna.png")).id]
    )
    picture = Picture.open(party.root / "anna.png")

    (face,) = find(party.library, picture)

    assert sorted(files([photo.places[0].path for photo in face.photos])) == [
        "both.png", "other.png",
    ]  # fmt: skip
    assert face.person is not None


def test_the_faces_of_a_photo_come_with_their_people(party: World) -> None:
    """Found by path, by id and by the beginning of an id."""
    catalog = party.library.catalog
    anna = named(party, "anna.png", "Anna")
    photo = find_photo(catalog, str(party.root / "both.png"))

    faces = faces_of(catalog, photo.id)

    assert [one.person == anna for one in faces] == [True, False]
    assert find_photo(catalog, photo.id) == find_photo(catalog, photo.id[:12]) == photo
    assert faces_of(catalog, find_photo(catalog, str(party.root / "nobody.png")).id) == []


def test_a_photo_is_found_by_any_way_to_its_file(
    party: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Relative, and up and down again."""
    monkeypatch.chdir(party.root)
    expected = find_photo(party.library.catalog, str(party.root / "anna.png"))

    for way in ("anna.png", "./anna.png", f"../{party.root.name}/anna.png"):
        assert find_photo(party.library.catalog, way) == expected


@pytest.mark.parametrize("which", ["absent.png", "f" * 64, "x" * 5000, "", "abc", "a\0b", "."])
def test_what_is_no_photo_of_the_library_is_not_found(
    party: World, which: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Paths, ids, and what is neither."""
    monkeypatch.chdir(party.root)

    with pytest.raises(NotFoundError):
        find_photo(party.library.catalog, which)


def test_people_are_listed_named_first_then_by_photos(party: World) -> None:
    """With how many photos show them."""
    named(party, "anna.png", "Anna")
    bert = next(one for one in list_people(party.library.catalog) if one.person.name is None)
    name_person(party.library.catalog, bert.person, "Bert", by="test")

    people = list_people(party.library.catalog)

    assert [(one.person.name, one.photo_count) for one in people] == [("Anna", 3), ("Bert", 2)]


def test_a_person_is_found_by_name_id_and_beginning_of_the_id(party: World) -> None:
    """At least four characters of it."""
    anna = named(party, "anna.png", "Anna Lima")
    catalog = party.library.catalog

    assert find_person(catalog, "Anna Lima") == anna
    assert find_person(catalog, anna.id) == find_person(catalog, anna.id[:8]) == anna
    for nobody in (anna.id[:3], "Anna", "", "zzzz"):
        with pytest.raises(NotFoundError):
            find_person(catalog, nobody)


def test_a_name_that_several_people_have_is_ambiguous_and_their_ids_are_not(party: World) -> None:
    """Two people may have one name."""
    catalog = party.library.catalog
    for one in list_people(catalog):
        name_person(catalog, one.person, "Anna", by="test")

    with pytest.raises(UsageError, match="2"):
        find_person(catalog, "Anna")
    for one in list_people(catalog):
        assert find_person(catalog, one.person.id) == one.person


def test_who_refused_to_be_recognized_is_in_no_answer(party: World) -> None:
    """Neither asking with a picture nor an export says who it is, until the person agrees."""
    anna = named(party, "anna.png", "Anna")
    catalog = party.library.catalog
    picture = Picture.open(party.draw("asked.png", ANNA, gray=60))
    before = find(party.library, picture)
    assert [one.person for one in before] == [anna]

    set_consent(catalog, anna, False, by="test")

    (answer,) = find(party.library, picture)
    assert (answer.person, answer.similarity, answer.photos) == (None, 0.0, ())
    assert "Anna" not in repr(list(export_photos(catalog)))
    set_consent(catalog, anna, True, by="test")
    assert [one.photos for one in find(party.library, picture)] == [before[0].photos]


def test_a_name_is_a_decision_with_anchors_and_survives_new_photos(party: World) -> None:
    """It is in the journal, with faces by which the person can be found again."""
    anna = named(party, "anna.png", "  Anna ")
    party.draw("new.png", ANNA, gray=33)
    party.add()
    catalog = party.library.catalog

    (decision,) = catalog.decisions()

    said = decision.said
    assert isinstance(said, Name)
    assert (said.name, said.person.person_id, decision.by) == ("Anna", anna.id, "test")
    assert len(said.person.anchors) == 3
    boxes = {(face.photo_id, face.box) for face in catalog.faces()}
    assert all((anchor.photo_id, anchor.box) in boxes for anchor in said.person.anchors)
    assert find_person(catalog, "Anna").id == party.person_in("new.png") == anna.id


def test_a_name_can_be_changed_and_taken_away(party: World) -> None:
    """Every word is kept in the journal; the last one holds."""
    anna = named(party, "anna.png", "Anna")
    catalog = party.library.catalog
    name_person(catalog, anna, "Hannah", by="test")
    assert catalog.person(anna.id).name == "Hannah"

    name_person(catalog, anna, None, by="test")

    assert catalog.person(anna.id).name is None
    said = [decision.said for decision in catalog.decisions()]
    names = [statement.name for statement in said if isinstance(statement, Name)]
    assert names == ["Anna", "Hannah", None]


@pytest.mark.parametrize("name", ["", "   ", "\n"])
def test_an_empty_name_is_refused(party: World, name: str) -> None:
    """Taking a name away is another request."""
    anna = party.library.catalog.person(party.person_in("anna.png"))

    with pytest.raises(UsageError, match="empty"):
        name_person(party.library.catalog, anna, name, by="test")

    assert list(party.library.catalog.decisions()) == []


def test_the_photos_of_a_person_come_best_fitting_first(party: World) -> None:
    """Each with its places and the appearance."""
    catalog = party.library.catalog
    shown = photos_of(catalog, catalog.person(party.person_in("anna.png")))

    similarities = [one.appearance.similarity for one in shown]
    assert similarities == sorted(similarities, reverse=True)
    assert sorted(files([one.places[0].path for one in shown])) == [
        "anna.png", "both.png", "other.png",
    ]  # fmt: skip


@pytest.mark.skipif(os.name == "nt", reason="such names are of POSIX systems")
def test_a_name_may_hold_any_character(party: World) -> None:
    """Right-to-left text, emoji, markup: it comes back as it was said."""
    for name in ("\u05d0\u05e0\u05d4", "\U0001f469\u200d\U0001f680", "[red]Anna[/]", "Ana\u0301"):
        assert named(party, "anna.png", name).name == name


def test_the_id_of_someone_merged_away_leads_to_who_it_became(party: World) -> None:
    """An id that was written down stays good."""
    catalog = party.library.catalog
    anna, bert = (one.person for one in list_people(catalog))

    merge_people(catalog, [bert], anna, by="test")

    assert find_person(catalog, bert.id) == find_person(catalog, anna.id) == anna
