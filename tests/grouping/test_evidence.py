"""What is ruled out at little cost would have been ruled out at any."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kith.domain.face import FaceId
from kith.domain.grouping import GroupId
from kith.domain.photo import PhotoId
from kith.grouping.evidence import bonds_of, clear_margins, outdone
from kith.grouping.groups import GroupsInOrder, Near
from kith.grouping.neighborhood import Found, Member


class _Nobody:
    """A search that finds nobody."""

    def search(self, face_ids: Sequence[FaceId], _: int, /) -> Sequence[Found]:
        return [(np.zeros(0, np.intp), np.zeros(0))] * len(face_ids)


@settings(deadline=None, derandomize=True, max_examples=300)
@given(
    crowd=st.lists(st.tuples(st.floats(2.0, 9.0), st.integers(0, 12)), min_size=1, max_size=40),
    known=st.sets(st.integers(0, 39)),
    data=st.data(),
)
def test_outdone_is_never_clear(
    crowd: list[tuple[float, int]], known: set[int], data: st.DataObject
) -> None:
    """Where some matches of a face rule another one out, all of them together do so, too."""
    groups = GroupsInOrder(_Nobody())
    for number, (_, group) in enumerate(crowd):
        member = Member(FaceId(f"f{number}"), PhotoId(f"p{number}"), 80.0, solid=group < 12)
        groups.arrive([member])
        group_id = GroupId(f"g{group if group < 5 else number}")
        try:
            groups.add(groups.group(group_id), member)
        except KeyError:
            groups.found(group_id, member)
    strengths = np.array([strength for strength, _ in crowd])
    order = np.argsort(-strengths, kind="stable")
    near = Near(order, strengths[order])
    place = data.draw(st.sampled_from(range(len(crowd))))
    other = groups.group_of(FaceId(f"f{place}"))
    assert other is not None
    some = np.array([n for n in order.tolist() if n in known], np.intp)
    if other.size == 1 and outdone(Near(some, strengths[some]), float(strengths[place]), groups):
        bonds = bonds_of([near], 1, groups)
        at = np.flatnonzero(bonds.groups == other.number)
        assert not len(at) or clear_margins(bonds, at)[0] < 0
