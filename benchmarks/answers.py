"""What people say who look at a library: someone who knows the labels, and someone who errs."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from kith.domain.decision import Anchor, Confirm, Merge, Name, NotThisPerson, Split, Statement
from kith.domain.face import FaceId
from kith.domain.person import Person, PersonId, person_id_apart
from kith.pipeline.decisions import corrections
from kith.pipeline.decisions.decide import decide
from kith.ports.catalog import Catalog

ANSWERS = 6
"""What is said at most in one look."""

WRONG = 0.05
"""Wrong answers among all."""

WHO = "benchmark"


def answers(catalog: Catalog, labels: Mapping[FaceId, str]) -> list[Statement]:
    """What somebody who knows the labels would say first."""
    faces: dict[PersonId, list[FaceId]] = defaultdict(list)
    for appearance in catalog.appearances():
        if appearance.face_id in labels:
            faces[appearance.person_id].append(appearance.face_id)
    people = {each.person.id: each.person for each in catalog.people()}
    named = {each.name: each for each in people.values() if each.name}
    said: list[Statement] = []
    for person_id, own in sorted(faces.items(), key=lambda each: (-len(each[1]), each[0])):
        who = people[person_id]
        name, count = Counter(labels[face_id] for face_id in own).most_common(1)[0]
        name = who.name or name
        others = [face_id for face_id in own if labels[face_id] != name]
        if others:
            said.append(_put_right(catalog, who, others, labels, named))
        elif name not in named and count > 1:
            said.append(Name(corrections.ref(catalog, who), name))
            named[name] = who
        elif name in named and named[name].id != person_id and who.name is None:
            gone, stays = (corrections.ref(catalog, each) for each in (who, named[name]))
            said.append(Merge(gone, stays))
    return said[:ANSWERS]


def _put_right(
    catalog: Catalog,
    who: Person,
    others: Sequence[FaceId],
    labels: Mapping[FaceId, str],
    named: Mapping[str, Person],
) -> Statement:
    """Say of the faces of one label that they are not this person, and who they are if possible."""
    label = labels[others[0]]
    wrong = [face_id for face_id in others if labels[face_id] == label]
    anchors = corrections.ref(catalog, who, but=wrong), _anchors(catalog, wrong)
    if label in named:
        return Confirm(anchors[1], corrections.ref(catalog, named[label]))
    if len(wrong) > 1:
        return Split(anchors[1], anchors[0], person_id_apart(wrong[0]))
    return NotThisPerson(anchors[1], anchors[0])


def _anchors(catalog: Catalog, face_ids: Sequence[FaceId]) -> tuple[Anchor, ...]:
    faces = catalog.faces_by_id(face_ids)
    return tuple(Anchor.of(faces[face_id]) for face_id in face_ids)


class Mistakes:
    """Wrong answers, each of them undone some time later.

    Attributes:
        made: how many there were, by kind.
    """

    def __init__(self, catalog: Catalog, chance: random.Random) -> None:
        self.made: Counter[str] = Counter()
        self._catalog = catalog
        self._chance = chance
        self._due: list[tuple[int, str]] = []

    def perhaps(self, number: int, last: int) -> None:
        """One answer in twenty is a wrong one."""
        if self._chance.random() >= WRONG / (1 - WRONG):
            return
        kind, said = "", None
        while said is None:
            kind = self._chance.choice(("merge", "split", "name", "not this person"))
            said = self._wrong(kind)
        self.made[kind] += 1
        (decision,) = decide(self._catalog, [said], by=WHO).decisions
        self._due.append((self._chance.randint(number + 1, last), decision.id))

    def undo_due(self, number: int) -> None:
        """Undo what is to be undone by now, the oldest mistake first."""
        for due, decision_id in list(self._due):
            if due <= number:
                self._due.remove((due, decision_id))
                corrections.undo(self._catalog, [decision_id], by=WHO)

    def _wrong(self, kind: str) -> Statement | None:
        everyone = [each.person for each in self._catalog.people() if each.face_count > 1]
        if len(everyone) < 2:
            everyone = [each.person for each in self._catalog.people()]
        one, other = self._chance.sample(everyone, 2)
        own = [each.face_id for each in self._catalog.appearances([one.id])]
        some = self._chance.sample(own, max(1, len(own) // 2))
        rest = corrections.ref(self._catalog, one, but=some)
        anchors = _anchors(self._catalog, some)
        match kind:
            case "merge":
                return Merge(
                    corrections.ref(self._catalog, one), corrections.ref(self._catalog, other)
                )
            case "name":
                return Name(corrections.ref(self._catalog, one), f"not {one.name}")
            case "split":
                return Split(anchors, rest, person_id_apart(some[0])) if rest.anchors else None
            case _:
                return NotThisPerson(anchors, rest) if rest.anchors else None
