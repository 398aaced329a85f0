"""The promises of the port ``Users``, asked of every adapter."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest
from collection_shelves import EVERY, NOBODY, SHELVES, Shelf, open_shelf

from kith.domain.errors import NotFoundError
from kith.ports.collections import AlreadyThereError, Once, Refusal, TokenTakenError


@pytest.fixture(params=SHELVES)
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[Shelf]:
    """No collection yet, by every adapter."""
    with open_shelf(request, tmp_path) as shelf:
        yield shelf


def test_users_are_made_listed_and_deleted(shelf: Shelf) -> None:
    """Users are listed in the order made; deleting one frees his faces."""
    opened = shelf.filled()
    face = opened.faces.page("", 1)[0].id
    for name in ("b", "a"):
        opened.users.create(name)
    opened.users.associate("b", [face], min_similarity=80)

    listed = opened.users.page(-1, 9)
    opened.users.delete("b")

    assert [(user.id, user.active) for user in listed] == [("b", True), ("a", False)]
    assert [user.id for user in opened.users.page(listed[0].number, 9)] == ["a"]
    assert opened.faces.remove([face]).removed == {face}
    with pytest.raises(NotFoundError):
        opened.users.delete("b")
    with pytest.raises(AlreadyThereError):
        opened.users.create("a")


def test_associate(shelf: Shelf) -> None:
    """The first face is taken whatever it is, others if they are similar; the rest has reasons."""
    opened = shelf.filled()
    anna, again, bert, _ = (face.id for face in opened.faces.page("", 9))
    for name in ("anna", "bert"):
        opened.users.create(name)
    opened.users.associate("bert", [bert], min_similarity=80)
    bert_again = opened.faces.page("", 9)[3].id

    faces = opened.users.associate(
        "anna", [anna, bert_again, again, bert, NOBODY], min_similarity=75
    )
    repeated = opened.users.associate("anna", [anna], min_similarity=75)

    assert faces.done == (anna, again)
    reasons = {one.face_id: one.reason for one in faces.refused}
    assert reasons == {
        bert_again: Refusal.UNLIKE,
        bert: Refusal.OTHER_USER,
        NOBODY: Refusal.NOT_FOUND,
    }
    assert faces.active
    assert (repeated.done, repeated.refused) == ((), ())
    with pytest.raises(NotFoundError):
        opened.users.associate("absent", [anna], min_similarity=0)


def test_disassociate(shelf: Shelf) -> None:
    """Faces are taken from a user; with the last one he is as he was made."""
    opened = shelf.filled()
    anna, again, *_ = (face.id for face in opened.faces.page("", 9))
    for name in ("anna", "bert"):
        opened.users.create(name)
    opened.users.associate("anna", [anna, again], min_similarity=0)

    others = opened.users.disassociate("bert", [anna, NOBODY])
    one = opened.users.disassociate("anna", [anna])
    last = opened.users.disassociate("anna", [again])

    assert others.done == ()
    assert [refused.reason for refused in others.refused] == [
        Refusal.OTHER_USER,
        Refusal.NOT_FOUND,
    ]
    assert (one.done, one.active) == ((anna,), True)
    assert (last.done, last.active) == ((again,), False)


def test_search_users(shelf: Shelf) -> None:
    """A face, a picture and another user find the user of the same person, and nobody else."""
    opened = shelf.filled()
    ids = {face.external_id: face.id for face in opened.faces.page("", 9)}
    for name in ("anna", "bert"):
        opened.users.create(name)
        opened.users.associate(name, [ids[name]], min_similarity=0)
    opened.users.create("empty")

    by_face = opened.users.search(ids["anna_again"], min_similarity=80, limit=9)
    by_picture = opened.users.search_by_picture(
        *shelf.largest(shelf.album.bert_again), min_similarity=80, limit=9
    )
    everyone = opened.users.search(ids["bert_again"], **EVERY)

    assert [match.user_id for match in by_face] == ["anna"]
    assert [match.user_id for match in by_picture] == ["bert"]
    assert [match.user_id for match in everyone] == ["bert", "anna"]
    assert opened.users.search(ids["bert_again"], min_similarity=0, limit=1) == everyone[:1]
    with pytest.raises(NotFoundError):
        opened.users.search(NOBODY, **EVERY)


def test_search_by_user(shelf: Shelf) -> None:
    """A user finds the other user of the same person, not himself; without faces, nobody."""
    opened = shelf.filled()
    anna, again, bert, _ = (face.id for face in opened.faces.page("", 9))
    for name, face_id in (("one", anna), ("two", again), ("bert", bert)):
        opened.users.create(name)
        opened.users.associate(name, [face_id], min_similarity=0)
    opened.users.create("empty")

    found = opened.users.search_by_user("one", min_similarity=80, limit=1)

    assert [match.user_id for match in found] == ["two"]
    assert opened.users.search_by_user("empty", **EVERY) == ()
    with pytest.raises(NotFoundError):
        opened.users.search_by_user("absent", **EVERY)


def test_a_request_happens_once(shelf: Shelf) -> None:
    """A repeated request has the answer of the first; the same token for another is refused."""
    opened = shelf.filled()
    anna, again, *_ = (face.id for face in opened.faces.page("", 9))
    opened.users.create("u", Once("t1", "create u"))

    opened.users.create("u", Once("t1", "create u"))
    first = opened.users.associate("u", [anna, NOBODY], Once("t2", "a"), min_similarity=0)
    repeated = opened.users.associate("u", [anna, NOBODY], Once("t2", "a"), min_similarity=0)

    assert first.done == (anna,)
    assert repeated == first
    with pytest.raises(TokenTakenError):
        opened.users.associate("u", [again], Once("t2", "b"), min_similarity=0)
    with pytest.raises(AlreadyThereError):
        opened.users.create("u", Once("t3", "create u"))
