"""Ids that follow from what they name."""

from __future__ import annotations

import hashlib
import uuid

from hypothesis import given
from hypothesis import strategies as st

from kith.domain.face import FaceId
from kith.domain.grouping import group_id_of
from kith.domain.photo import photo_id_of

face_ids = st.uuids().map(lambda number: FaceId(str(number)))


@given(face_ids, face_ids)
def test_a_group_is_named_by_the_founding_face(one: FaceId, other: FaceId) -> None:
    """The same face founds the same group, another face another one; the id is a UUID."""
    group = group_id_of(one)

    assert group == group_id_of(one) == str(uuid.UUID(group))
    assert (group == group_id_of(other)) == (one == other)
    assert group != one


def test_the_id_of_a_founder_stays_what_it_was() -> None:
    """Libraries keep these ids, so the way they are made may never change."""
    face = FaceId("00000000-0000-4000-8000-000000000001")

    assert group_id_of(face) == "bd6b12c0-41fb-59c2-9a83-1df426b09c0c"


@given(st.binary(max_size=64))
def test_a_photo_is_named_by_its_bytes(data: bytes) -> None:
    """SHA-256, in lower-case hex."""
    assert photo_id_of(data) == hashlib.sha256(data).hexdigest()
