"""The machine's groups in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from kith.domain.face import FaceId
from kith.domain.grouping import GroupId, Reunion, Seat, Step


class Groups:
    """Which faces the machine holds for one person, and how that came. Not for several threads."""

    def __init__(self) -> None:
        self._steps: list[Step] = []
        self._seats: dict[FaceId, GroupId] = {}
        self._current: dict[GroupId, GroupId] = {}

    def __contains__(self, group_id: object) -> bool:
        return group_id in self._current

    def append(self, steps: Sequence[Step], known: Collection[FaceId]) -> None:
        """Keep these steps after the earlier ones, as far as they say something new."""
        for step in steps:
            if isinstance(step, Seat):
                if step.face_id not in known or step.face_id in self._seats:
                    continue
                self._seats[step.face_id] = step.group_id
                self._current.setdefault(step.group_id, step.group_id)
            elif not self._unite(step):
                continue
            self._steps.append(step)

    def forget(self, face_ids: Collection[FaceId]) -> None:
        """These faces are gone, and their seats with them."""
        for face_id in face_ids:
            self._seats.pop(face_id, None)
        self._steps = [
            step for step in self._steps if isinstance(step, Reunion) or step.face_id in self._seats
        ]

    def of_faces(self, face_ids: Collection[FaceId]) -> dict[FaceId, GroupId]:
        """The group of each face as it is called now."""
        return {
            face_id: self._current[self._seats[face_id]]
            for face_id in face_ids
            if face_id in self._seats
        }

    def current(self, group_ids: Collection[GroupId]) -> dict[GroupId, GroupId]:
        """What each of these groups is part of now."""
        return {id_: self._current[id_] for id_ in group_ids if id_ in self._current}

    def faces(self, group_ids: Collection[GroupId]) -> dict[GroupId, Sequence[FaceId]]:
        """All faces of each of these groups."""
        found: dict[GroupId, list[FaceId]] = {group_id: [] for group_id in group_ids}
        for face_id, group_id in self._seats.items():
            if (current := self._current[group_id]) in found:
                found[current].append(face_id)
        return {group_id: tuple(face_ids) for group_id, face_ids in found.items()}

    def steps(
        self, group_ids: Collection[GroupId] | None, known: Collection[FaceId]
    ) -> Iterator[Step]:
        """How these groups, or all, came to be, supported by known faces."""
        wanted = self._current.keys() if group_ids is None else set(group_ids)
        for step in self._steps:
            group_id = step.group_id if isinstance(step, Seat) else step.gone
            if self._current[group_id] in wanted:
                yield _supported(step, known)

    def _unite(self, reunion: Reunion) -> bool:
        gone = self._current.setdefault(reunion.gone, reunion.gone)
        stays = self._current.setdefault(reunion.stays, reunion.stays)
        if gone == stays:
            return False
        for group_id, current in self._current.items():
            if current == gone:
                self._current[group_id] = stays
        return True


def _supported(step: Step, known: Collection[FaceId]) -> Step:
    """The step without the support of faces that are not known."""
    if isinstance(step, Seat):
        return replace(step, support=tuple(each for each in step.support if each in known))
    pairs = tuple(pair for pair in step.support if pair[0] in known and pair[1] in known)
    return replace(step, support=pairs)
