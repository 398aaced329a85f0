"""Which faces are meant, and what a correction may have overlooked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from cast import Cast
from catalog_records import a_record, store

from kith.domain.errors import NotFoundError, UsageError
from kith.domain.face import FaceId
from kith.pipeline.decisions.corrections import name_person, repeats
from kith.pipeline.decisions.doubts import namesakes, photos_with_several
from kith.pipeline.decisions.find_faces import find_face, find_faces
from kith.pipeline.decisions.journal_entries import take_back

if TYPE_CHECKING:
    from tests.pipeline.conftest import World


def test_a_face_is_found_by_the_beginning_of_its_id(cast: Cast) -> None:
    """In whatever case; each once, in the order asked for; what is short or unknown is refused."""
    anna, carl = cast.face("anna-1.png"), cast.face("carl-1.png")

    found = find_faces(cast.catalog, [carl[:13].upper(), anna, carl])

    assert [face.id for face in found] == [carl, anna]
    assert find_face(cast.catalog, anna[:13], of=cast.anna).id == anna
    assert find_face(cast.catalog, carl[:13], of=cast.anna).id == carl
    for which in ("", anna[:3], "zzzzzz", f"{anna}0"):
        with pytest.raises(NotFoundError):
            find_face(cast.catalog, which)


def test_a_beginning_that_several_faces_have_is_refused(world: World) -> None:
    """It could be either; the whole id of one is understood, though another begins with it."""
    record = a_record("twins", faces=2)
    one, other = (
        replace(face, id=FaceId(id_))
        for face, id_ in zip(record.faces, ("5c1d88f0", "5c1d88f0-and-more"), strict=True)
    )
    store(world.library.catalog, [replace(record, faces=(one, other))])

    assert find_face(world.library.catalog, "5c1d88f0") == one
    with pytest.raises(UsageError):
        find_face(world.library.catalog, "5c1d88")


def test_namesakes_are_noticed(cast: Cast) -> None:
    """In whatever case; nobody is their own namesake, and without a name one has none."""
    name_person(cast.catalog, cast.carl, "BERT", by="me")

    assert [each.person for each in namesakes(cast.catalog, cast.bert)] == [cast.carl]
    assert namesakes(cast.catalog, cast.anna) == []


def test_photos_that_show_several_are_noticed(cast: Cast) -> None:
    """Anna and Bert are in one photo; in none, once it is known to be a collage."""
    catalog, both = cast.catalog, cast.photo("both.png")

    assert photos_with_several(catalog, [cast.anna, cast.carl]) == frozenset()
    assert photos_with_several(catalog, [cast.anna, cast.bert]) == {both}
    repeats(catalog, both, True, by="me")
    assert photos_with_several(catalog, [cast.anna, cast.bert]) == frozenset()
    take_back(catalog, by="me")
    assert photos_with_several(catalog, [cast.anna, cast.bert]) == {both}
