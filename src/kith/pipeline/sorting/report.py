"""What ``kith sort`` tells at the end, as one JSON document with all the evidence."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass

from kith.pipeline.sorting.as_json import (
    Json,
    person_to_json,
    placement_to_json,
    plan_to_json,
    problem_to_json,
)
from kith.pipeline.sorting.manifest import Run
from kith.pipeline.sorting.plan import SortPerson, SortPlan
from kith.pipeline.walk import Refused


@dataclass(frozen=True, slots=True)
class SortResult:
    """A plan, and what became of it.

    Attributes:
        plan: what was to be done.
        run: what was done; ``None`` where everything lay in its place already.
    """

    plan: SortPlan
    run: Run | None

    @property
    def failed(self) -> tuple[Refused, ...]:
        """Photos that could not be brought into their place."""
        return (
            tuple(self.run.failed[number] for number in sorted(self.run.failed)) if self.run else ()
        )


@dataclass(frozen=True, slots=True)
class PersonTally:
    """How many photos show a person, and how like the references the faces are, percent."""

    person: SortPerson
    photo_count: int
    lowest: float | None
    highest: float | None


def tally(plan: SortPlan) -> tuple[PersonTally, ...]:
    """Everyone with a reference, by name."""
    similarities: dict[str, list[float]] = {person.name: [] for person in plan.people}
    for placement in plan.placements:
        if placement.evidence:
            similarities[placement.evidence.person].append(placement.evidence.similarity)
    return tuple(_tally(person, similarities[person.name]) for person in plan.people)


def _tally(person: SortPerson, own: list[float]) -> PersonTally:
    return PersonTally(person, len(own), min(own, default=None), max(own, default=None))


def plan_report(plan: SortPlan) -> Json:
    """The plan as ``--plan --json`` prints it."""
    return plan_to_json(plan) | {"people": _people(plan), "counts": _counts(plan)}


def result_report(result: SortResult) -> Json:
    """The report: the plan, with an outcome for each placement: done, present, or failed."""
    plan = result.plan
    outcomes = [_outcome(result, number) for number in range(len(plan.placements))]
    placements = [
        placement_to_json(placement) | {"outcome": outcome}
        for placement, outcome in zip(plan.placements, outcomes, strict=True)
    ]
    return plan_report(plan) | {
        "placements": placements,
        "failed": [problem_to_json(problem) for problem in result.failed],
        "counts": _counts(plan) | dict(Counter(outcomes)),
    }


def undo_report(runs: list[Run]) -> Json:
    """What an undo did, for each run: how much is as it was, and what had to stay and why."""
    return {
        "runs": [
            {
                "manifest": str(run.path),
                "undone": undone_count(run),
                "kept": [problem_to_json(problem) for problem in run.kept.values()],
            }
            for run in runs
        ]
    }


def undone_count(run: Run) -> int:
    """How many placements were done and are as they were before."""
    return len(run.undone & set(run.done))


def report_bytes(result: SortResult) -> bytes:
    """The report as the file ``report.json`` holds it."""
    return json.dumps(result_report(result), indent=1).encode("ascii")


def _people(plan: SortPlan) -> list[Json]:
    return [
        person_to_json(one.person)
        | {
            "photo_count": one.photo_count,
            "lowest_similarity": one.lowest,
            "highest_similarity": one.highest,
        }
        for one in tally(plan)
    ]


def _counts(plan: SortPlan) -> Json:
    return {
        "photos": plan.photo_count,
        "unmatched": plan.unmatched_count,
        "placements": len(plan.placements),
        "problems": len(plan.problems),
        "warnings": len(plan.warnings),
    }


def _outcome(result: SortResult, number: int) -> str:
    if result.plan.placements[number].present:
        return "present"
    if result.run and number in result.run.failed:
        return "failed"
    return "done"
