"""Photos, faces and decisions for the contract suites of the catalog."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime

from kith.domain.decision import Anchor, Decision, Name, PersonRef, Statement
from kith.domain.face import Box, Face, FaceDetail, FaceId, Landmarks, Point, Pose, Quality
from kith.domain.grouping import GroupId, Seat, Step, group_id_of
from kith.domain.person import Appearance, PeopleChange, Person, PersonId
from kith.domain.photo import Photo, PhotoId, Place, photo_id_of
from kith.ports.catalog import Catalog, PhotoRecord

NOTHING = PeopleChange()

# -- writing with the edition of the moment --------------------------------------------------------


def store(
    catalog: Catalog,
    records: Sequence[PhotoRecord],
    steps: Sequence[Step] = (),
    change: PeopleChange = NOTHING,
) -> None:
    """Store as somebody who has just read the edition."""
    catalog.store(records, steps, change, catalog.edition())


def regroup(
    catalog: Catalog, change: PeopleChange = NOTHING, steps: Sequence[Step] | None = None
) -> None:
    """Regroup as somebody who has just read the edition."""
    catalog.regroup(steps, change, catalog.edition())


def say(catalog: Catalog, *decisions: Decision, change: PeopleChange = NOTHING) -> None:
    """Record decisions as somebody who has just read the edition."""
    catalog.record(decisions, change, catalog.edition())


# -- values ----------------------------------------------------------------------------------------


def a_record(name: str, faces: int = 0) -> PhotoRecord:
    """A photo of that name with so many faces, the largest first."""
    photo = Photo(photo_id_of(name.encode()), "JPEG", 4000, 3000, 123)
    found = tuple(a_face(photo.id, rank) for rank in range(faces))
    return PhotoRecord(photo, a_place(f"/photos/{name}.jpg"), found)


def a_face(photo_id: PhotoId, rank: int) -> Face:
    """The face of that rank in a photo; all are equally good."""
    point = Point(0.1 * rank, 0.25)
    return Face(
        id=FaceId(str(uuid.uuid5(uuid.NAMESPACE_OID, f"{photo_id} {rank}"))),
        photo_id=photo_id,
        detail=FaceDetail(
            box=Box(0.1, 0.1, 0.5 / (rank + 1), 0.5),
            confidence=99.5,
            landmarks=Landmarks(point, point, point, point, point),
            pose=Pose(1.5, -2.0, 0.0),
            quality=Quality(50.0, 60.0, 200.0, 70.0),
        ),
    )


def a_place(path: str) -> Place:
    """A file at that path."""
    return Place(path, 123, 1_700_000_000_123_456_789)


def an_unknown_face() -> FaceId:
    """The id of no face."""
    return FaceId(str(uuid.uuid4()))


def person_of(face: Face) -> PersonId:
    """The person that this face founds."""
    return PersonId(group_id_of(face.id))


def group_of(face: Face) -> GroupId:
    """The group that this face founds."""
    return group_id_of(face.id)


def founding(*faces: Face) -> PeopleChange:
    """Each of these faces founds a person."""
    people = [person_of(face) for face in faces]
    return PeopleChange(
        people=tuple(map(Person, people)),
        appearances=tuple(
            Appearance(face.id, id_, 100.0) for face, id_ in zip(faces, people, strict=True)
        ),
    )


def seats(*faces: Face) -> list[Seat]:
    """The first face founds a group, and the others find it, each supported by the one before."""
    group_id = group_of(faces[0])
    return [
        Seat(faces[0].id, group_id, 100.0),
        *(
            Seat(face.id, group_id, 90.0, (before.id,))
            for before, face in itertools.pairwise(faces)
        ),
    ]


def a_decision(said: Statement) -> Decision:
    """Someone said so just now."""
    return Decision(str(uuid.uuid4()), datetime.now(UTC), "me", said)


def a_naming(person_id: PersonId, name: str | None, *photo_ids: PhotoId) -> Decision:
    """Someone gave that person a name just now, pointing at these photos."""
    box = Box(0.1, 0.2, 0.3, 0.4)
    anchors = tuple(Anchor(photo_id, box) for photo_id in photo_ids)
    return a_decision(Name(PersonRef(person_id, anchors), name))


def everything(catalog: Catalog) -> tuple[object, ...]:
    """All that a catalog answers, except its edition."""
    return (
        catalog.counts(),
        list(catalog.photos()),
        list(catalog.places()),
        list(catalog.problems()),
        list(catalog.faces()),
        list(catalog.people()),
        list(catalog.appearances()),
        dict(catalog.standings()),
        list(catalog.steps()),
        list(catalog.decisions()),
    )
