"""People: the machine's groups with the decisions laid over them.

``lay_over`` is a pure function of faces, the steps of grouping and the journal. First the faces of
which a human spoke are brought together and kept apart as was said (``said``). Then the steps are
taken once more, in their order: each unites what it united then, unless that would go against what
was said, or would show one person twice in a photo.

- A face that a human placed keeps its place and takes nobody along: who was grouped because of it
  stays with the others of the group, unless most of the faces that spoke for it were placed, too.
- Where a human divided a group, a face belongs to the part that most of its support is in.
- A face that may not be where its support is stands alone: a solid one as somebody, a weak one as
  nobody.

All steps that a part of the faces was involved in, and all decisions that mention one of them, give
the same people as the whole library does. So a decision costs what it concerns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kith.domain.decision import Decision
from kith.domain.face import FaceId
from kith.domain.grouping import GroupId, Reunion, Seat, Step
from kith.domain.person import Appearance, Person, PersonId, Standing, person_id_apart
from kith.grouping.parts import Part, Sighting
from kith.grouping.said import Said, hear

_MOST = 3
"""Faces that a human placed elsewhere must speak for a face, and be more than half of its support,
to take it along. With fewer, a face put right would drag others with it."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that bears on who some faces are.

    Attributes:
        sightings: the faces, in the order of arrival.
        steps: all that their groups went through, in order.
        decisions: all that mention one of the faces, undone or not, with what undid them.
    """

    sightings: Sequence[Sighting]
    steps: Sequence[Step]
    decisions: Sequence[Decision]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Who is who in a scene.

    Attributes:
        people: everyone with an appearance, or of whom something was said.
        appearances: whose each face is; faces of nobody are left out.
        standings: faces that were set aside.
        became: other ids by which people were known -> the person.
        homes: each group as it is called now, and the person all of whose faces in it are that a
            human did not place elsewhere; ``None`` where there is no such person.
    """

    people: dict[PersonId, Person] = field(default_factory=dict[PersonId, Person])
    appearances: dict[FaceId, Appearance] = field(default_factory=dict[FaceId, Appearance])
    standings: dict[FaceId, Standing] = field(default_factory=dict[FaceId, Standing])
    became: dict[PersonId, PersonId] = field(default_factory=dict[PersonId, PersonId])
    homes: dict[GroupId, PersonId | None] = field(default_factory=dict[GroupId, "PersonId | None"])


def lay_over(scene: Scene) -> Outcome:
    """Who is who, as the machine found and humans said."""
    called = _called(scene.steps)
    said = hear(scene.sightings, scene.decisions, called)
    replay = _Replay(scene.sightings, said, called)
    for step in scene.steps:
        if isinstance(step, Seat):
            replay.seat(step)
        else:
            replay.reunite(step)
    return replay.outcome()


def _called(steps: Iterable[Step]) -> dict[GroupId, list[FaceId]]:
    """The faces that were seated in each group, by what it was called then."""
    called: dict[GroupId, list[FaceId]] = {}
    for step in steps:
        if isinstance(step, Seat):
            called.setdefault(step.group_id, []).append(step.face_id)
    return called


class _Replay:
    """The steps of grouping, taken once more where a human has spoken before."""

    def __init__(
        self,
        sightings: Iterable[Sighting],
        said: Said,
        called: Mapping[GroupId, Sequence[FaceId]],
    ) -> None:
        self._sightings = {each.face.id: each for each in sightings}
        self._said = said
        self._parts = said.parts
        self._similarity: dict[FaceId, float] = {}
        self._circles: dict[GroupId, list[FaceId]] = {}
        self._now: dict[GroupId, GroupId] = {}
        self._called = called

    # -- steps -------------------------------------------------------------------------------------

    def seat(self, seat: Seat) -> None:
        """A face finds its group, or founds one."""
        if seat.face_id not in self._said.placed:
            self._similarity[seat.face_id] = seat.similarity
            self._join(seat)
        self._circle(seat.group_id).append(seat.face_id)

    def reunite(self, reunion: Reunion) -> None:
        """Two groups prove to be one person."""
        pairs = [
            (self._parts.of(one), self._parts.of(other))
            for one, other in reunion.support
            if self._speaks(one, reunion.gone) and self._speaks(other, reunion.stays)
        ]
        ends = self._largest(reunion.gone), self._largest(reunion.stays)
        if not pairs and ends[0] and ends[1]:
            pairs = [(ends[0], ends[1])]
        for one, other in pairs:
            if one is other:
                break
            if self._parts.may_unite(one, other):
                self._parts.unite(one, other)
                break
        gone, stays = self._circle(reunion.gone), self._circle(reunion.stays)
        if gone is not stays:
            stays += gone
            self._now[self._current(reunion.gone)] = self._current(reunion.stays)

    def _join(self, seat: Seat) -> None:
        own = self._parts.of(seat.face_id)
        target = self._choose(seat)
        if target is None:
            own.natural = own.natural or self._current(seat.group_id)
        elif target is not own and self._parts.may_unite(own, target):
            self._parts.unite(own, target)

    def _choose(self, seat: Seat) -> Part | None:
        """The part of its group that a face belongs to; ``None`` where it is the first one."""
        speaking: list[Part] = []
        moved: list[Part] = []
        for face_id in seat.support:
            if self._speaks(face_id, seat.group_id):
                speaking.append(self._parts.of(face_id))
            elif self._said.confirmed(face_id):
                moved.append(self._parts.of(face_id))
        away = _most_common(moved)
        votes = moved.count(away) if away else 0
        if votes >= _MOST and 2 * votes > len(moved) + len(speaking):
            return away
        return _most_common(speaking) or self._largest(seat.group_id)

    def _speaks(self, face_id: FaceId, group_id: GroupId) -> bool:
        """Whether a seated face is where the machine put it, if only because a human said so."""
        return face_id in self._similarity or (
            self._said.placed.get(face_id) == self._current(group_id)
        )

    def _largest(self, group_id: GroupId) -> Part | None:
        circle = self._circle(group_id)
        return _most_common([self._parts.of(f) for f in circle if self._speaks(f, group_id)])

    def _circle(self, group_id: GroupId) -> list[FaceId]:
        """The faces seated so far in a group, or in what it is part of now."""
        return self._circles.setdefault(self._current(group_id), [])

    def _current(self, group_id: GroupId) -> GroupId:
        while group_id in self._now:
            group_id = self._now[group_id]
        return group_id

    # -- outcome -----------------------------------------------------------------------------------

    def outcome(self) -> Outcome:
        """Who is who now."""
        outcome = Outcome(standings=self._said.standings)
        people = self._people()
        for part, described in people.items():
            is_shown = described.cover in part.faces
            person = described if is_shown else replace(described, cover=None)
            outcome.people[person.id] = person
            for face_id in part.faces:
                if face_id not in outcome.standings:
                    outcome.appearances[face_id] = self._appearance(face_id, person.id)
        for group_id, circle in self._circles.items():
            if group_id not in self._now:
                speaking = [each for each in circle if self._speaks(each, group_id)]
                whose = {people.get(self._parts.of(face_id)) for face_id in speaking}
                person = whose.pop() if len(whose) == 1 else None
                outcome.homes[group_id] = person.id if person else None
        for other, face_ids in self._other_ids():
            person = people.get(self._parts.of(self._home(face_ids)))
            if person and other not in outcome.people:
                outcome.became[other] = person.id
        return outcome

    def _people(self) -> dict[Part, Person]:
        """Everyone: first those of whom a human spoke, for nobody else may have their ids."""
        order = {face_id: index for index, face_id in enumerate(self._sightings)}
        parts = list(dict.fromkeys(map(self._parts.of, self._sightings)))
        people = {part: part.identity.person for part in parts if part.identity}
        owners = self._spoken_of() | {person.id: part for part, person in people.items()}
        for part in parts:
            if part not in people and any(map(self._founds, part.faces)):
                first = min(part.faces, key=order.__getitem__)
                person_id = PersonId(part.natural) if part.natural else person_id_apart(first)
                if owners.get(person_id, part) is not part:
                    person_id = person_id_apart(first)
                while owners.get(person_id, part) is not part:
                    person_id = person_id_apart(person_id)
                owners[person_id] = part
                people[part] = Person(person_id)
        return people

    def _spoken_of(self) -> dict[PersonId, Part]:
        """Every id by which a human spoke of somebody: it leads there, whoever that is by now."""
        parts: dict[PersonId, Part] = {}
        for mention in self._said.mentions:
            parts.setdefault(mention.person_id, self._parts.of(mention.home))
        return {each: part for each, part in parts.items() if any(map(self._founds, part.faces))}

    def _founds(self, face_id: FaceId) -> bool:
        """Whether this face is enough to make its part somebody."""
        if face_id in self._said.standings:
            return False
        seen = face_id in self._similarity or face_id in self._said.placed
        return self._said.confirmed(face_id) or (seen and self._sightings[face_id].solid)

    def _appearance(self, face_id: FaceId, person_id: PersonId) -> Appearance:
        confirmed = self._said.confirmed(face_id)
        return Appearance(face_id, person_id, self._similarity.get(face_id, 100.0), confirmed)

    def _other_ids(self) -> Iterator[tuple[PersonId, Sequence[FaceId]]]:
        """Every id by which somebody is or was known, with faces of that somebody."""
        for group_id, face_ids in self._called.items():
            yield PersonId(group_id), face_ids
        for mention in reversed(self._said.mentions):
            yield mention.person_id, [mention.home]

    def _home(self, face_ids: Sequence[FaceId]) -> FaceId:
        """One of the faces that are in the part where most of those left in place are."""
        left = [face_id for face_id in face_ids if face_id in self._similarity] or face_ids
        counted = Counter(map(self._parts.of, left))
        return max(left, key=lambda face_id: counted[self._parts.of(face_id)])


def _most_common(parts: Sequence[Part]) -> Part | None:
    """The part that is named most often, the first of these if several are."""
    counted = Counter(parts)
    return max(counted, key=counted.__getitem__, default=None)
