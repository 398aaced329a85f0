"""A small library in which people appear, and everything that can be said of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from PIL import Image

from kith.domain.decision import Anchor
from kith.domain.face import FaceId
from kith.domain.person import Appearance, Person, PersonId, Standing
from kith.domain.photo import PhotoId
from kith.pipeline.decisions.corrections import (
    choose_cover,
    confirm,
    different_people,
    hide_person,
    merge_people,
    name_person,
    not_a_face,
    not_this_person,
    repeats,
    reset,
    same_person,
    set_birth_date,
    set_consent,
    split_off,
    strangers,
)
from kith.ports.catalog import Catalog

if TYPE_CHECKING:
    from tests.pipeline.conftest import World

ANNA, BERT, CARL = 0, 4, 8

_TAKEN = 306
"""The EXIF tag DateTime."""


@dataclass(frozen=True, slots=True)
class State:
    """All that decisions can change."""

    people: Mapping[PersonId, Person]
    covers: Mapping[PersonId, FaceId]
    appearances: Mapping[FaceId, Appearance]
    standings: Mapping[FaceId, Standing]


@dataclass(frozen=True, slots=True)
class Cast:
    """A library in which Anna, Bert and Carl appear; Bert has a name."""

    world: World

    @property
    def catalog(self) -> Catalog:
        """The library's."""
        return self.world.library.catalog

    @property
    def anna(self) -> Person:
        """Anna, who has no name."""
        return self.who("anna-1.png")

    @property
    def bert(self) -> Person:
        """Bert, who has one."""
        return self.who("bert-1.png")

    @property
    def carl(self) -> Person:
        """Carl, who has none."""
        return self.who("carl-1.png")

    def who(self, photo: str) -> Person:
        """Who is the largest face of this photo."""
        face = self.face(photo)
        return self.catalog.person(self.catalog.appearances_of([face])[face].person_id)

    def photo(self, name: str) -> PhotoId:
        """The photo in this file."""
        (known,) = self.catalog.places(str(self.world.root / name))
        assert known.photo_id is not None
        return known.photo_id

    def face(self, photo: str, rank: int = 0) -> FaceId:
        """A face of this photo, the largest first."""
        return list(self.catalog.faces([self.photo(photo)]))[rank].id

    def anchor(self, photo: str, rank: int = 0) -> Anchor:
        """The same face, as a decision names it."""
        face_id = self.face(photo, rank)
        return Anchor.of(self.catalog.faces_by_id([face_id])[face_id])

    def faces_of(self, person: Person) -> set[FaceId]:
        """The faces that are a person's."""
        return {each.face_id for each in self.catalog.appearances([person.id])}

    def state(self) -> State:
        """All that decisions can change, as it is now."""
        people = self.catalog.people()
        return State(
            people={each.person.id: each.person for each in people},
            covers={each.person.id: each.cover for each in people},
            appearances={each.face_id: each for each in self.catalog.appearances()},
            standings=dict(self.catalog.standings()),
        )


def gather(world: World) -> Cast:
    """Anna in four photos, Bert in three, Carl in two; one shows Anna and Bert, one Anna twice."""
    for number, gray in enumerate((200, 150, 100), start=1):
        world.draw(f"anna-{number}.png", ANNA, gray=gray)
    for number, gray in enumerate((200, 150), start=1):
        world.draw(f"bert-{number}.png", BERT, gray=gray)
        world.draw(f"carl-{number}.png", CARL, gray=gray)
    world.draw("both.png", ANNA, BERT, gray=60)
    world.draw("mirror.png", ANNA, ANNA, gray=90)
    date_photo(world, "anna-1.png", "1990:06:01 12:00:00")
    world.add()
    cast = Cast(world)
    name_person(cast.catalog, cast.bert, "Bert", by="test")
    return cast


def date_photo(world: World, name: str, taken: str) -> None:
    """Say in the file when the photo was taken."""
    path = world.root / name
    with Image.open(path) as image:
        image.load()
        exif = Image.Exif()
        exif[_TAKEN] = taken
        image.save(path, exif=exif)


Verb = Callable[[Cast], Any]

VERBS: dict[str, Verb] = {
    "name": lambda c: name_person(c.catalog, c.anna, "Anna", by="I"),
    "rename": lambda c: name_person(c.catalog, c.bert, "Berta", by="I"),
    "take the name": lambda c: name_person(c.catalog, c.bert, None, by="I"),
    "merge": lambda c: merge_people(c.catalog, [c.bert], c.anna, by="I"),
    "same person": lambda c: same_person(c.catalog, c.anna, c.bert, by="I"),
    "different people": lambda c: different_people(c.catalog, c.anna, c.carl, by="I"),
    "split": lambda c: split_off(c.catalog, c.anna, [c.face("anna-2.png")], by="I"),
    "not this person": lambda c: not_this_person(c.catalog, c.anna, [c.face("anna-1.png")], by="I"),
    "confirm": lambda c: confirm(c.catalog, c.bert, [c.face("anna-2.png")], by="I"),
    "hide": lambda c: hide_person(c.catalog, c.carl, True, by="I"),
    "not a face": lambda c: not_a_face(c.catalog, [c.face("carl-1.png")], by="I"),
    "strangers": lambda c: strangers(c.catalog, [c.photo("both.png")], by="I"),
    "cover": lambda c: choose_cover(c.catalog, c.anna, other_cover(c), by="I"),
    "birth date": lambda c: set_birth_date(c.catalog, c.anna, date(2000, 1, 1), by="I"),
    "repeats": lambda c: repeats(c.catalog, c.photo("mirror.png"), True, by="I"),
    "consent": lambda c: set_consent(c.catalog, c.anna, True, by="I"),
    "refusal": lambda c: set_consent(c.catalog, c.anna, False, by="I"),
    "reset of a person": lambda c: reset(c.catalog, c.bert, by="I"),
    "reset of everyone": lambda c: reset(c.catalog, None, by="I"),
}  # fmt: skip


def other_cover(cast: Cast) -> FaceId:
    """A face of Anna's that does not stand for her yet."""
    cover = cast.state().covers[cast.anna.id]
    return min(cast.faces_of(cast.anna) - {cover})
