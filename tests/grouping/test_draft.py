from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kith.domain.face import FaceId
from kith.domain.grouping import GroupId, Reunion, Seat
from kith.domain.grouping import group_id_of as _group_id_of
from kith.grouping.thresholds import SUPPORT

Make = Callable[..., Any]


def group_id_of(founder: str) -> GroupId:
    """The id of the group that the face of this name founds."""
    return _group_id_of(FaceId(founder))


def test_a_lonely_face_founds_a_group_named_after_it(make_library: Make, make_face: Make) -> None:
    """A solid face without a match founds a group whose id derives from the face."""
    ana = make_face("ana-1", "p1")

    steps = make_library().add([[ana]])

    assert steps == [Seat(ana.id, group_id_of(ana.id), 100.0)]


def test_a_similar_face_joins(make_library: Make, make_face: Make) -> None:
    """A face that is like another joins its group, with its likeness as the similarity."""
    library = make_library(same=6.0)

    library.add([[make_face("ana-1", "p1")]])
    (seat,) = library.add([[make_face("ana-2", "p2")]])

    assert (seat.face_id, seat.group_id) == ("ana-2", group_id_of("ana-1"))
    assert seat.support == ("ana-1",)
    assert abs(seat.similarity - 95.0) < 1e-6


def test_a_seat_names_the_faces_that_spoke_for_it(make_library: Make, make_face: Make) -> None:
    """The support is the group's solid faces, the most similar first, and not too many."""
    library = make_library(ana1_ana9=6.0, ana2_ana9=7.0, ana3_ana9=6.6)
    library.add_singly([[make_face(f"ana-{n}", f"p{n}")] for n in (1, 2, 3)])
    library.add([[make_face("ana-4", "p4", overall=5)]])

    (seat,) = library.add([[make_face("ana-9", "p9")]])
    library.add_singly([[make_face(f"ana-{n}", f"p{n}")] for n in range(10, 20)])

    assert seat.support == ("ana-2", "ana-3", "ana-1")
    assert max(len(step.support) for step in library.steps) == SUPPORT


def test_two_faces_of_one_photo_are_two_people(make_library: Make, make_face: Make) -> None:
    """Of two faces of one photo that are like one person, the more similar joins it."""
    library = make_library(ana1_ana2=6.0, ana1_ana3=7.0, ana2_ana3=8.0)

    library.add([[make_face("ana-1", "p1")]])
    library.add([[make_face("ana-2", "p2"), make_face("ana-3", "p2")]])

    assert library.groups() == {frozenset({"ana-1", "ana-3"}), frozenset({"ana-2"})}


def test_a_weak_face_founds_nobody(make_library: Make, make_face: Make) -> None:
    """Small and blurred faces that join nobody stay unattributed."""
    library = make_library()

    steps = library.add(
        [[make_face("ana-1", "p1", pixels=20)], [make_face("ben-1", "p2", overall=5)]]
    )

    assert steps == []


def test_a_weak_face_needs_more_to_join(make_library: Make, make_face: Make) -> None:
    """A likeness that is just enough for a solid face is not enough for a weak one."""
    library = make_library(ana1_ana2=5.3, ana1_ana3=5.3, ana2_ana3=1.0, ben1_ben2=6.5)

    library.add([[make_face("ana-1", "p1")], [make_face("ben-1", "p2")]])
    library.add([[make_face("ana-2", "p3", overall=5)], [make_face("ben-2", "p4", overall=5)]])
    library.add([[make_face("ana-3", "p5")]])

    assert library.groups() == {frozenset({"ana-1", "ana-3"}), frozenset({"ben-1", "ben-2"})}


def test_a_weak_face_joins_when_its_person_appears(make_library: Make, make_face: Make) -> None:
    """A weak face that came first is recalled by the solid face that founds its person."""
    library = make_library()

    library.add([[make_face("ana-1", "p1", overall=5)]])
    library.add([[make_face("ana-2", "p2")]])

    assert library.groups() == {frozenset({"ana-1", "ana-2"})}


def test_a_weak_face_connects_nobody(make_library: Make, make_face: Make) -> None:
    """A weak face that is like two people neither merges them nor lets others join through it."""
    library = make_library(ben1_weak1=6.5, ana1_weak1=6.5, clara1_weak1=8.0)

    library.add([[make_face("ana-1", "p1")], [make_face("ben-1", "p2")]])
    library.add([[make_face("weak-1", "p3", overall=5)], [make_face("clara-1", "p4")]])

    assert len(library.groups()) == 3
    assert frozenset({"clara-1"}) in library.groups()


def test_fragments_reunite_when_evidence_arrives(make_library: Make, make_face: Make) -> None:
    """Two groups become one when a face arrives that is like both; the larger keeps its id."""
    library = make_library(ana1_ana4=4.8, ana2_ana4=4.8, ana3_ana4=4.8)

    library.add([[make_face(f"ana-{n}", f"p{n}")] for n in (1, 2, 3)])
    library.add([[make_face("ana-4", "p4")]])
    assert len(library.groups()) == 2
    steps = library.add([[make_face("ana-5", "p5")]])

    (reunion,) = (step for step in steps if isinstance(step, Reunion))
    assert (reunion.gone, reunion.stays) == (group_id_of("ana-4"), group_id_of("ana-1"))
    assert len(library.groups()) == 1


def test_a_reunion_names_pairs_that_were_alike(make_library: Make, make_face: Make) -> None:
    """Each pair has a face of the group that goes and one of the group that stays."""
    library = make_library(ana1_ana4=4.8, ana2_ana4=4.8, ana3_ana4=4.8)
    library.add([[make_face(f"ana-{n}", f"p{n}")] for n in (1, 2, 3, 4)])

    steps = library.add([[make_face("ana-5", "p5")]])

    (reunion,) = (step for step in steps if isinstance(step, Reunion))
    assert 0 < len(reunion.support) <= SUPPORT
    assert {one for one, _ in reunion.support} <= {"ana-4", "ana-5"}
    assert {other for _, other in reunion.support} <= {"ana-1", "ana-2", "ana-3", "ana-5"}


def test_people_of_one_photo_never_merge(make_library: Make, make_face: Make) -> None:
    """Twins who were once seen together stay two people, however alike they are."""
    library = make_library(same=6.8)

    library.add([[make_face("twin-1", "p1"), make_face("twin-2", "p1")]])
    library.add_singly([[make_face(f"twin-{n}", f"p{n}")] for n in range(3, 12)])

    assert len(library.groups()) == 2


def test_crowded_surroundings_ask_for_more(make_library: Make, make_face: Make) -> None:
    """A similarity that is enough alone is not enough among many strangers who are as similar."""
    alone, crowd = make_library(same=6.0), make_library(same=6.0, different=5.0)

    for library in (alone, crowd):
        library.add([[make_face("ana-1", "p1")]])
        library.add([[make_face(f"stranger{n}-1", f"s{n}")] for n in range(10)])
        library.add([[make_face("ana-2", "p2")]])

    assert frozenset({"ana-1", "ana-2"}) in alone.groups()
    assert frozenset({"ana-1", "ana-2"}) not in crowd.groups()


def test_look_alikes_with_cohesive_albums_stay_apart(library_of: Make, make_face: Make) -> None:
    """Siblings are alike, but less than each is with itself: their groups do not merge."""

    def strength(one: str, two: str) -> float:
        alike = one[:3] == two[:3]
        return 7.5 if alike else 4.5

    library = library_of(strength)
    for n in range(12):
        library.add([[make_face(f"venus-{n}", f"v{n}")], [make_face(f"serena-{n}", f"s{n}")]])

    assert sorted(len(group) for group in library.groups()) == [12, 12]


def test_the_cost_of_a_face_is_bounded(make_library: Make, make_face: Make) -> None:
    """However many faces a person has, one more causes one search and at most 32 later ones."""
    library = make_library(same=6.0)
    library.add_singly([[make_face(f"ana-{n}", f"p{n}")] for n in range(60)])
    library.searched.clear()

    library.add([[make_face("ana-60", "p60")]])

    assert len(library.searched) <= 2
    assert sum(library.searched) <= 33
