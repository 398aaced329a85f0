"""Saying who is who: every decision goes to the journal and changes people in one step."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from kith.domain.decision import Decision, Name, Reset, Statement, Undo
from kith.domain.errors import NotFoundError, StaleError, UsageError
from kith.domain.face import FaceId
from kith.domain.names import unfit
from kith.domain.person import Appearance, PeopleChange, PersonId
from kith.grouping.overlay import Outcome, Scene, lay_over
from kith.pipeline.decisions.describe import describe
from kith.pipeline.decisions.scene import scene_around, whole_scene
from kith.ports.catalog import Catalog

_ATTEMPTS = 20
"""How often a change is worked out again because the library changed meanwhile: each time, somebody
else got something done."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Effect:
    """What came of some decisions.

    Attributes:
        decisions: as they stand in the journal now.
        before: whose the faces were that are somebody else's now, or nobody's.
        after: whose they are.
    """

    decisions: tuple[Decision, ...]
    before: Mapping[FaceId, PersonId | None]
    after: Mapping[FaceId, PersonId | None]


def decide(
    catalog: Catalog, statements: Sequence[Statement], *, by: str, at: datetime | None = None
) -> Effect:
    """Record what a human said, and make it so: all of it or nothing.

    Args:
        catalog: the library's.
        statements: what was said, in this order.
        by: who said it.
        at: when; now, unless said otherwise. Of what concerns the same faces it comes last.

    Raises:
        NotFoundError: a decision to undo is not in the journal.
        UsageError: a name has what no text can have.
    """
    require_fit_names(statements)
    return retrying(lambda: _decide(catalog, statements, by, at or datetime.now(UTC)))


def adopt(catalog: Catalog, decisions: Sequence[Decision]) -> Effect:
    """Take over decisions that were made elsewhere, as they are; known ones change nothing."""

    def attempt() -> Effect:
        edition = catalog.edition()
        known = {decision.id for decision in catalog.decisions()}
        new = [decision for decision in decisions if decision.id not in known]
        return _record(catalog, new, whole_scene(catalog, new), edition)

    return retrying(attempt)


def replay(catalog: Catalog) -> Effect:
    """Work out anew who everybody is, from the groups and the journal."""

    def attempt() -> Effect:
        edition = catalog.edition()
        return _record(catalog, (), whole_scene(catalog), edition)

    return retrying(attempt)


def retrying(attempt: Callable[[], T]) -> T:
    """The attempt's result; it is repeated while the library changes between reading and writing.

    Raises:
        StaleError: it did so every time.
    """
    for _ in range(_ATTEMPTS - 1):
        try:
            return attempt()
        except StaleError:
            continue
    return attempt()


def _decide(catalog: Catalog, statements: Sequence[Statement], by: str, at: datetime) -> Effect:
    edition = catalog.edition()
    new = [
        Decision(str(uuid.uuid4()), at + timedelta(microseconds=index), by, statement)
        for index, statement in enumerate(statements)
    ]
    described = describe(catalog, new)
    if described:
        new = _after(described.known, new, at)
        change = PeopleChange(people=(described.person,))
        catalog.record(new, change, edition)
        return Effect(tuple(new), before={}, after={})
    concerned = [*new, *_undone(catalog, statements)]
    if any(isinstance(each.said, Reset) and each.said.person_id is None for each in concerned):
        scene = whole_scene(catalog, new)
    else:
        scene = scene_around(catalog, concerned, new)
    known = {decision.id for decision in new}
    earlier = [each for each in scene.decisions if each.id not in known]
    new = _after(earlier, new, at)
    return _record(catalog, new, replace(scene, decisions=[*earlier, *new]), edition)


def _after(earlier: Sequence[Decision], new: Sequence[Decision], at: datetime) -> list[Decision]:
    """The new decisions, the first of which is made at ``at``, later than these earlier ones."""
    last = max((each.at for each in earlier), default=at)
    if not earlier or last < at:
        return list(new)
    # The clock went back, or two said something in the same microsecond.
    late = last - at + timedelta(microseconds=1)
    return [replace(each, at=each.at + late) for each in new]


def require_fit_names(statements: Sequence[Statement]) -> None:
    """See that no name has what no database or file can have.

    Asked where names come in: what the journal holds already is read as it is.

    Raises:
        UsageError: one has.
    """
    for name in (each.name for each in statements if isinstance(each, Name)):
        if name and (flaw := unfit(name)):
            raise UsageError(f"{name!r} cannot be a name: it has {flaw}", "Leave it out.")


def _undone(catalog: Catalog, statements: Sequence[Statement]) -> list[Decision]:
    """The decisions that are undone, those that they undid in turn, and so on."""
    wanted = [each.decision_id for each in statements if isinstance(each, Undo)]
    if not wanted:
        return []
    journal = {decision.id: decision for decision in catalog.decisions()}
    if not journal.keys() >= set(wanted):
        raise NotFoundError("There is no such decision in the journal", "See `kith history`.")
    found: dict[str, Decision] = {}
    while wanted:
        decision = journal.get(wanted.pop())
        if decision is None or decision.id in found:
            continue
        found[decision.id] = decision
        if isinstance(decision.said, Undo):
            wanted.append(decision.said.decision_id)
    return list(found.values())


def _record(catalog: Catalog, decisions: Sequence[Decision], scene: Scene, edition: int) -> Effect:
    face_ids = [sighting.face.id for sighting in scene.sightings]
    stored = catalog.appearances_of(face_ids)
    outcome = lay_over(scene)
    catalog.record(decisions, change_between(catalog, face_ids, stored, outcome), edition)
    moved = [
        face_id
        for face_id in face_ids
        if _person(stored.get(face_id)) != _person(outcome.appearances.get(face_id))
    ]
    return Effect(
        tuple(decisions),
        before={face_id: _person(stored.get(face_id)) for face_id in moved},
        after={face_id: _person(outcome.appearances.get(face_id)) for face_id in moved},
    )


def change_between(
    catalog: Catalog,
    face_ids: Collection[FaceId],
    stored: Mapping[FaceId, Appearance],
    outcome: Outcome,
) -> PeopleChange:
    """What must change for these faces to be who the outcome says."""
    standings = catalog.standings(face_ids)
    became = dict(outcome.became)
    for face_id, appearance in stored.items():
        now = outcome.appearances.get(face_id)
        if now and appearance.person_id not in outcome.people:
            became.setdefault(appearance.person_id, now.person_id)
    return PeopleChange(
        people=tuple(outcome.people.values()),
        appearances=tuple(
            each for face_id, each in outcome.appearances.items() if stored.get(face_id) != each
        ),
        nobody=tuple(face_id for face_id in stored if face_id not in outcome.appearances),
        standings=tuple(
            (face_id, outcome.standings.get(face_id))
            for face_id in face_ids
            if standings.get(face_id) != outcome.standings.get(face_id)
        ),
        became=tuple(became.items()),
        homes=tuple(outcome.homes.items()),
    )


def _person(appearance: Appearance | None) -> PersonId | None:
    return appearance.person_id if appearance else None
