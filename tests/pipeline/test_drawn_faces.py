"""A face that a human drew where the machine missed it stays, until the human takes it back."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from kith.adapters.catalog.memory import MemoryCatalog
from kith.adapters.recognition.memory import DrawnFace, draw_picture, hue_of_person
from kith.domain.decision import Anchor, Decision, MissedFace
from kith.domain.face import Box, Face
from kith.domain.journal import from_json, to_json
from kith.domain.person import PersonId, Standing
from kith.domain.photo import photo_id_of
from kith.pipeline.decisions.corrections import (
    name_person,
    new_person,
    not_a_face,
    reset,
    undo,
)
from kith.pipeline.decisions.decide import Effect, adopt, decide
from kith.pipeline.drawn_faces import add_drawn_faces
from kith.pipeline.forget import forget_person, forget_photos
from kith.pipeline.library import Library
from kith.pipeline.migration.regroup import regroup
from kith.ports.catalog import Catalog

if TYPE_CHECKING:
    from tests.pipeline.conftest import World

HERE = Box(0.7, 0.4, 0.2, 0.4)
"""Where somebody stands whom the machine does not see, for he is pale."""

PALE = 1
SEEN = 0


@pytest.fixture
def anchor(world: World) -> Anchor:
    """Where somebody is missed, in a library of two photos: the other one shows him well."""
    data = draw_picture([DrawnFace(hue_of_person(SEEN), Box(0.05, 0.1, 0.25, 0.5))])
    with Image.open(io.BytesIO(data)) as picture:
        width, height = picture.size
        pale = Image.new("HSV", (round(0.2 * width), round(0.4 * height)))
        pale.paste((round(hue_of_person(PALE) / 360 * 255), 76, 217), (0, 0, *pale.size))
        picture.paste(pale.convert("RGB"), (round(0.7 * width), round(0.4 * height)))
        picture.save(world.root / "missed.png")
    world.draw("well.png", PALE)
    world.add()
    return Anchor(photo_id_of((world.root / "missed.png").read_bytes()), HERE)


def draw(world: World, anchor: Anchor) -> Effect:
    """Somebody draws the face."""
    effect = decide(world.library.catalog, [MissedFace(anchor)], by="Ida")
    add_drawn_faces(world.library)
    return effect


def drawn(catalog: Catalog, anchor: Anchor) -> Face | None:
    """The face that was drawn, if it is there."""
    return next((face for face in catalog.faces([anchor.photo_id]) if face.box == HERE), None)


def whose(catalog: Catalog, anchor: Anchor) -> PersonId | None:
    """Whose the drawn face is."""
    face = drawn(catalog, anchor)
    appearance = catalog.appearances_of([face.id]).get(face.id) if face else None
    return appearance.person_id if appearance else None


def test_it_is_as_any_other_face(world: World, anchor: Anchor) -> None:
    """A drawn face has its box, belongs to whom it resembles, and is searched as any other."""
    someone = world.person_in("well.png")
    assert drawn(world.library.catalog, anchor) is None
    draw(world, anchor)
    face = drawn(world.library.catalog, anchor)
    assert face is not None
    assert whose(world.library.catalog, anchor) == someone
    (matches,) = world.library.collection.search([face.id])
    assert {match.photo_id for match in matches} == {
        photo_id_of((world.root / "well.png").read_bytes())
    }
    assert add_drawn_faces(world.library) == []


def test_taken_back_it_is_none_and_may_come_back(world: World, anchor: Anchor) -> None:
    """Undone, the face is nobody's and counts as none; undoing that brings it back as it was."""
    catalog = world.library.catalog
    (said,) = draw(world, anchor).decisions
    face, someone = drawn(catalog, anchor), whose(catalog, anchor)
    assert face
    (taken,) = undo(catalog, [said.id], by="Ida").decisions
    assert whose(catalog, anchor) is None
    assert catalog.standings([face.id]) == {face.id: Standing.NOT_A_FACE}
    assert catalog.counts().unattributed_faces == 0
    undo(catalog, [taken.id], by="Ida")
    assert whose(catalog, anchor) == someone
    assert catalog.standings() == {}


def test_taken_back_with_all_that_was_said_of_it(world: World, anchor: Anchor) -> None:
    """What was said of a face that was taken back does not count, and does again with it."""
    catalog = world.library.catalog
    (said,) = draw(world, anchor).decisions
    face = drawn(catalog, anchor)
    assert face
    bea = new_person(catalog, "Bea", [face.id], by="Ida")
    (taken,) = undo(catalog, [said.id], by="Ida").decisions
    assert whose(catalog, anchor) is None
    undo(catalog, [taken.id], by="Ida")
    assert whose(catalog, anchor) == bea


def test_it_outlives_its_photo(world: World, anchor: Anchor) -> None:
    """Forgotten with its photo, the face is there again with it; taken back, it is not."""
    catalog = world.library.catalog
    (said,) = draw(world, anchor).decisions
    before, someone = drawn(catalog, anchor), whose(catalog, anchor)
    forget_photos(world.library, [anchor.photo_id])
    assert drawn(catalog, anchor) is None
    world.add()
    assert (drawn(catalog, anchor), whose(catalog, anchor)) == (before, someone)
    undo(catalog, [said.id], by="Ida")
    forget_photos(world.library, [anchor.photo_id])
    world.add()
    assert drawn(catalog, anchor) is None


def test_it_outlives_grouping_anew(world: World, anchor: Anchor) -> None:
    """Grouped anew, the face is whose it was, or still none."""
    catalog = world.library.catalog
    (said,) = draw(world, anchor).decisions
    someone = whose(catalog, anchor)
    regroup(world.library)
    assert whose(catalog, anchor) == someone
    undo(catalog, [said.id], by="Ida")
    regroup(world.library)
    assert whose(catalog, anchor) is None
    assert list(catalog.standings().values()) == [Standing.NOT_A_FACE]


@pytest.mark.parametrize("first", ["journal", "photos"])
def test_it_travels_with_the_journal(
    world: World, anchor: Anchor, library_of: Callable[[Catalog], Library], first: str
) -> None:
    """Another library of the same photos has the face, whichever of both arrived first."""
    catalog = world.library.catalog
    name_person(catalog, catalog.person(world.person_in("well.png")), "Bea", by="Ida")
    draw(world, anchor)
    journal: list[Decision] = [from_json(to_json(each)) for each in catalog.decisions()]
    other = library_of(MemoryCatalog())
    world = type(world)(other, world.root)
    if first == "journal":
        adopt(other.catalog, journal)
        world.add()
    else:
        world.add()
        adopt(other.catalog, journal)
        assert drawn(other.catalog, anchor) is None
        world.add()
    person = whose(other.catalog, anchor)
    assert person
    assert other.catalog.person(person).name == "Bea"


def test_who_was_forgotten_is_not_drawn_again(world: World, anchor: Anchor) -> None:
    """A drawn face whose person was forgotten is in no journal, and comes back by no way."""
    catalog = world.library.catalog
    draw(world, anchor)
    journal = list(catalog.decisions())
    someone = whose(catalog, anchor)
    assert someone
    forget_person(world.library, catalog.person(someone))
    assert drawn(catalog, anchor) is None
    assert list(catalog.decisions()) == []
    world.add()
    forget_photos(world.library, [anchor.photo_id])
    adopt(catalog, journal)
    world.add()
    assert drawn(catalog, anchor) is None
    assert drawn(world.library.catalog, anchor) is None
    assert HERE not in {face.box for face in world.library.collection.faces()}


def test_setting_everything_aside_takes_it_away(world: World, anchor: Anchor) -> None:
    """Nothing that was said counts, so the face does not either."""
    draw(world, anchor)
    reset(world.library.catalog, None, by="Ida")
    assert whose(world.library.catalog, anchor) is None
    assert list(world.library.catalog.standings().values()) == [Standing.NOT_A_FACE]


def test_the_later_word_counts(world: World, anchor: Anchor) -> None:
    """A drawn face can be said to be none, and be drawn once more."""
    catalog = world.library.catalog
    draw(world, anchor)
    face, someone = drawn(catalog, anchor), whose(catalog, anchor)
    assert face
    not_a_face(catalog, [face.id], by="Ida")
    assert whose(catalog, anchor) is None
    draw(world, anchor)
    assert whose(catalog, anchor) == someone
    assert catalog.standings() == {}


def test_where_a_face_was_found_none_is_made(world: World, anchor: Anchor) -> None:
    """A face drawn over one that the machine found is that one, and stays when it is undone."""
    catalog = world.library.catalog
    (found,) = catalog.faces([anchor.photo_id])
    box = Box(found.box.left + 0.01, found.box.top, found.box.width, found.box.height)
    (said,) = draw(world, Anchor(anchor.photo_id, box)).decisions
    assert list(catalog.faces([anchor.photo_id])) == [found]
    undo(catalog, [said.id], by="Ida")
    assert catalog.standings() == {}
    assert found.id in catalog.appearances_of([found.id])


@pytest.mark.parametrize(
    "box", [Box(0, 0, 1e300, 1e300), Box(5, 5, 0.1, 0.1), Box(0.1, 0.1, -1, 1), Box(0, 0, 0, 0)]
)
def test_a_journal_that_draws_nonsense_stops_nothing(
    world: World, anchor: Anchor, box: Box
) -> None:
    """A box that is no part of a picture makes no face, and photos are added all the same."""
    draw(world, Anchor(anchor.photo_id, box))
    assert len(list(world.library.catalog.faces([anchor.photo_id]))) == 1
    world.draw("more.png", PALE, SEEN)
    assert world.add().added == 1
