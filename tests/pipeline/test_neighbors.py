"""What grouping hears of a library: the faces of stored photos, however many others there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kith.adapters.recognition.memory import DrawnFace, draw_picture, hue_of_person
from kith.domain.face import Box
from kith.grouping.thresholds import MAX_MATCHES
from kith.imaging.picture import Picture
from kith.pipeline.neighbors import StoredNeighborhood
from kith.ports.recognition import IndexEntry

if TYPE_CHECKING:
    from tests.pipeline.conftest import World


def test_faces_of_photos_under_way_do_not_crowd_out_stored_ones(world: World) -> None:
    """Though they are nearer, and more than one search brings: the search widens until it has all.

    A killed run and other threads leave faces in the collection that have not arrived.
    """
    stored = [world.draw(f"{number:03}.png", 0, gray=40 + number) for number in range(5)]
    world.add()
    for number in range(3 * MAX_MATCHES):
        face = DrawnFace(hue_of_person(0), Box(0.2, 0.2, 0.2, 0.2 + 0.001 * number))
        picture = Picture(draw_picture([face], width=80, height=60, gray=number % 200))
        world.library.collection.index([IndexEntry(picture.photo_id, picture)])
    faces = list(world.library.catalog.faces())
    neighborhood = StoredNeighborhood(world.library.catalog, world.library.collection)

    (found,) = neighborhood.matches([faces[0].id], frozenset())

    assert {match.face_id for match in found} == {face.id for face in faces[1:]}
    assert len(found) == len(stored) - 1


def test_faces_that_just_arrived_are_heard_of(world: World) -> None:
    """A batch knows its own photos before they are stored."""
    world.draw("a.png", 0)
    world.add()
    picture = Picture.open(world.draw("b.png", 0, gray=90))
    (row,) = world.library.collection.index([IndexEntry(picture.photo_id, picture)])
    (known,) = world.library.catalog.faces()
    neighborhood = StoredNeighborhood(world.library.catalog, world.library.collection)

    (before,) = neighborhood.matches([known.id], frozenset())
    (after,) = neighborhood.matches([known.id], {row.faces[0].id})

    assert before == []
    assert [match.face_id for match in after] == [row.faces[0].id]


def test_groups_and_members_are_those_of_the_catalog(world: World) -> None:
    """Which group each face belongs to, and which faces each group has."""
    world.draw("both.png", 0, 4)
    world.draw("anna.png", 0, gray=90)
    world.add()
    catalog = world.library.catalog
    neighborhood = StoredNeighborhood(catalog, world.library.collection)
    face_ids = [face.id for face in catalog.faces()]

    groups = neighborhood.groups_of(face_ids)
    members = neighborhood.members(set(groups.values()))

    assert sorted(len(some) for some in members.values()) == [1, 2]
    for group_id, some in members.items():
        assert {groups[member.face_id] for member in some} == {group_id}
