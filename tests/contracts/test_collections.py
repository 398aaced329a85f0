"""The promises of the port ``Collections``, asked of every adapter: collections and their faces."""

from __future__ import annotations

import threading
from collections.abc import Generator
from pathlib import Path

import pytest
from collection_shelves import EVERY, NOBODY, SHELVES, Shelf, open_shelf

from kith.domain.errors import NotFoundError, UsageError
from kith.imaging.picture import Picture
from kith.ports.collections import AlreadyThereError, KeptFace


@pytest.fixture(params=SHELVES)
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[Shelf]:
    """No collection yet, by every adapter."""
    with open_shelf(request, tmp_path) as shelf:
        yield shelf


# -- collections -----------------------------------------------------------------------------------


def test_collections_are_made_listed_and_deleted(shelf: Shelf) -> None:
    """They are listed in the order made, a page at a time, and gone once deleted."""
    for name in ("b", "a", "c"):
        shelf.collections.create(name, {})

    listed = shelf.collections.page(-1, 2)
    rest = shelf.collections.page(listed[-1].number, 2)
    shelf.collections.delete("a")

    assert [one.id for one in [*listed, *rest]] == ["b", "a", "c"]
    assert [one.id for one in shelf.collections.page(-1, 9)] == ["b", "c"]
    assert {one.model_version for one in listed} == {shelf.collections.model_version}


def test_a_collection_is_made_once(shelf: Shelf) -> None:
    """A second one of the same id is refused; ids differ by case."""
    shelf.collections.create("c", {})

    with pytest.raises(AlreadyThereError):
        shelf.collections.create("c", {})
    shelf.collections.create("C", {})


def test_what_is_not_there(shelf: Shelf) -> None:
    """Every question about a collection that is not there raises NotFoundError."""
    for ask in (
        shelf.collections.describe,
        shelf.collections.open,
        shelf.collections.delete,
        shelf.collections.tags,
    ):
        with pytest.raises(NotFoundError):
            ask("absent")
    with pytest.raises(NotFoundError):
        shelf.collections.tag("absent", {}, 9)
    with pytest.raises(NotFoundError):
        shelf.collections.untag("absent", [])


def test_describe_counts(shelf: Shelf) -> None:
    """A description counts faces and users."""
    opened = shelf.filled()
    opened.users.create("u")

    facts = shelf.collections.describe("c")

    assert (facts.face_count, facts.user_count) == (4, 1)
    assert facts.created_at.tzinfo is not None


def test_a_collection_made_anew_is_empty(shelf: Shelf) -> None:
    """After a deletion, one of the same id has no faces, no users and no tags, and finds nobody."""
    opened = shelf.filled()
    opened.users.create("u")
    shelf.collections.tag("c", {"k": "v"}, 9)
    opened.faces.search_by_picture(*shelf.largest(shelf.album.anna), **EVERY)
    shelf.collections.delete("c")
    shelf.collections.create("c", {})
    anew = shelf.collections.open("c")

    assert anew.faces.page("", 9) == []
    assert anew.users.page(-1, 9) == []
    assert shelf.collections.tags("c") == {}
    assert anew.faces.search_by_picture(*shelf.largest(shelf.album.anna), **EVERY) == ()


def test_a_deleted_collection_takes_nothing(shelf: Shelf) -> None:
    """Who holds a collection that was deleted cannot bring it back by filling it."""
    opened = shelf.filled()
    shelf.collections.delete("c")

    with pytest.raises(NotFoundError):
        shelf.keep(opened, shelf.album.both, "both")
    with pytest.raises(NotFoundError):
        opened.users.create("u")
    with pytest.raises(NotFoundError):
        shelf.collections.describe("c")


def test_tags(shelf: Shelf) -> None:
    """Tags are added, replaced and taken away; too many change nothing."""
    shelf.collections.create("c", {"a": "1"})

    shelf.collections.tag("c", {"b": "2", "a": "3"}, 2)
    with pytest.raises(UsageError):
        shelf.collections.tag("c", {"c": "4"}, 2)
    before = shelf.collections.tags("c")
    shelf.collections.untag("c", ["a", "never there"])

    assert before == {"a": "3", "b": "2"}
    assert shelf.collections.tags("c") == {"b": "2"}


# -- faces -----------------------------------------------------------------------------------------


def test_keeping_is_repeatable(shelf: Shelf) -> None:
    """The same picture under the same name gives the same faces; under another or none, others."""
    shelf.collections.create("c", {})
    opened = shelf.collections.open("c", writing=True)

    first = shelf.keep(opened, shelf.album.both, "x")
    again = shelf.keep(opened, shelf.album.both, "x")
    renamed = shelf.keep(opened, shelf.album.both, "y")
    nameless = [shelf.keep(opened, shelf.album.both, None) for _ in range(2)]

    assert first == again
    ids = {face.id for faces in (first, renamed, *nameless) for face in faces}
    assert len(ids) == 8
    assert len(opened.faces.page("", 99)) == 8
    assert {face.picture_id for face in (*first, *renamed)} == {Picture(shelf.album.both).photo_id}
    assert {face.external_id for face in nameless[0]} == {None}


def test_some_faces_of_a_picture(shelf: Shelf) -> None:
    """Only the wanted faces are kept and found; the others may follow later."""
    shelf.collections.create("c", {})
    opened = shelf.collections.open("c", writing=True)
    picture = Picture(shelf.album.both)
    seen = dict(enumerate(shelf.recognizer.detect_faces(picture)))

    (small,) = opened.faces.keep(picture, "x", {1: seen[1]})
    found = opened.faces.search_by_picture(picture, seen[0], **EVERY)
    both = opened.faces.keep(picture, "x", seen)

    assert [match.face_id for match in found] == [small.id]
    assert both[1] == small
    assert {face.id for face in opened.faces.page("", 9)} == {face.id for face in both}
    assert [face.detail for face in both] == list(seen.values())


def test_keeping_at_once(shelf: Shelf) -> None:
    """Several threads that keep the same picture keep it once."""
    shelf.collections.create("c", {})
    opened = shelf.collections.open("c", writing=True)
    answers: list[tuple[KeptFace, ...]] = []

    def work() -> None:
        answers.append(shelf.keep(opened, shelf.album.both, "x"))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(answers) == 4
    assert len(set(answers)) == 1
    assert len(opened.faces.page("", 9)) == 2


def test_pages_survive_writes(shelf: Shelf) -> None:
    """Whoever turns pages sees each face once that was there all the while, in the order kept."""
    opened = shelf.filled()
    everyone = opened.faces.page("", 99)

    first = opened.faces.page("", 2)
    opened.faces.remove([first[-1].id])
    shelf.keep(opened, shelf.album.both, "late")
    rest = opened.faces.page(first[-1].place, 99)

    assert [face.external_id for face in everyone] == ["anna", "anna_again", "bert", "bert_again"]
    assert [face.external_id for face in rest] == ["bert", "bert_again", "late", "late"]


def test_pages_of_some(shelf: Shelf) -> None:
    """A page can be of some faces, or of a user's; what is not there is left out."""
    opened = shelf.filled()
    faces = opened.faces.page("", 9)
    opened.users.create("u")
    opened.users.associate("u", [faces[1].id], min_similarity=0)

    some = opened.faces.page("", 9, face_ids=[faces[3].id, NOBODY, faces[0].id])

    assert [face.id for face in some] == [faces[0].id, faces[3].id]
    assert opened.faces.page(some[0].place, 9, face_ids=[face.id for face in some]) == some[1:]
    assert [face.user_id for face in opened.faces.page("", 9, user_id="u")] == ["u"]
    assert opened.faces.page("", 9, user_id="nobody") == []
    assert opened.faces.page("", 9, face_ids=[]) == []


def test_search(shelf: Shelf) -> None:
    """A face finds the person's other faces, without itself; a picture finds all of them."""
    opened = shelf.filled()
    ids = {face.external_id: face.id for face in opened.faces.page("", 9)}

    by_face = opened.faces.search(ids["anna"], min_similarity=80, limit=9)
    by_picture = opened.faces.search_by_picture(
        *shelf.largest(shelf.album.anna), min_similarity=80, limit=9
    )

    assert [match.face_id for match in by_face] == [ids["anna_again"]]
    assert [match.face_id for match in by_picture] == [ids["anna"], ids["anna_again"]]
    with pytest.raises(NotFoundError):
        opened.faces.search(NOBODY, **EVERY)


def test_remove(shelf: Shelf) -> None:
    """Removed faces are found no more; those of a user stay; unknown ones are no error."""
    opened = shelf.filled()
    faces = opened.faces.page("", 9)
    opened.users.create("u")
    opened.users.associate("u", [faces[0].id], min_similarity=0)

    removal = opened.faces.remove([faces[0].id, faces[2].id, NOBODY])

    assert removal.removed == {faces[2].id}
    assert removal.of_users == {faces[0].id: "u"}
    found = opened.faces.search_by_picture(*shelf.largest(shelf.album.bert), **EVERY)
    assert {match.face_id for match in found} == {faces[i].id for i in (0, 1, 3)}


def test_a_removed_face_comes_back(shelf: Shelf) -> None:
    """What was removed can be kept again, with the id it had."""
    opened = shelf.filled()
    (first, *_) = opened.faces.page("", 9)
    opened.faces.remove([first.id])

    (again,) = shelf.keep(opened, shelf.album.anna, "anna")

    assert again.id == first.id
    assert again.external_id == "anna"
