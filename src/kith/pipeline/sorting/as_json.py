r"""The values of ``kith sort`` as JSON: for the report, the manifest and the remembered answers.

Paths are text as the operating system gives it; bytes that are not UTF-8 come as Python's
surrogate escapes, which JSON keeps in its ``\u`` form, so every path survives the round trip.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path, PurePosixPath
from typing import Any, TypeAlias, cast

from kith.domain.face import Box
from kith.domain.photo import PhotoId
from kith.pipeline.sorting.plan import Evidence, Placement, SortPerson, SortPlan, SortRequest, Way
from kith.pipeline.walk import Refused

Json: TypeAlias = dict[str, Any]


def line_of(value: Json) -> bytes:
    """One line of JSON Lines."""
    return json.dumps(value, separators=(",", ":")).encode("ascii") + b"\n"


def lines_in(data: bytes) -> list[Json]:
    r"""The values of JSON Lines; a last line that was cut off while it was written is left out."""
    whole = data[: data.rfind(b"\n") + 1]
    return [cast("Json", json.loads(line)) for line in whole.splitlines()]


def request_to_json(request: SortRequest) -> Json:
    """What was asked."""
    return {
        "reference": str(request.reference),
        "photos": str(request.photos),
        "out": str(request.out),
        "min_similarity": request.min_similarity,
        "way": request.way.value,
        "unmatched": request.unmatched,
        "engine": request.engine,
        "query": request.query,
    }


def request_from_json(value: Json) -> SortRequest:
    """The inverse of ``request_to_json``."""
    return SortRequest(
        reference=Path(value["reference"]),
        photos=Path(value["photos"]),
        out=Path(value["out"]),
        min_similarity=value["min_similarity"],
        way=Way(value["way"]),
        unmatched=value["unmatched"],
        engine=value["engine"],
        query=value.get("query"),  # manifests of the first version have none
    )


def person_to_json(person: SortPerson) -> Json:
    """Someone with a folder."""
    references = [str(path) for path in person.references]
    return {"name": person.name, "folder": person.folder, "references": references}


def evidence_to_json(evidence: Evidence) -> Json:
    """Why a photo belongs to a person."""
    return {
        "person": evidence.person,
        "reference": str(evidence.reference),
        "similarity": evidence.similarity,
        "box": asdict(evidence.box),
    }


def evidence_from_json(value: Json) -> Evidence:
    """The inverse of ``evidence_to_json``."""
    return Evidence(
        value["person"], Path(value["reference"]), value["similarity"], Box(**value["box"])
    )


def problem_to_json(problem: Refused) -> Json:
    """A row of the report."""
    return {"path": str(problem.path), "reason": problem.reason, "advice": problem.advice}


def problem_from_json(value: Json) -> Refused:
    """The inverse of ``problem_to_json``."""
    return Refused(Path(value["path"]), value["reason"], value["advice"])


def placement_to_json(placement: Placement) -> Json:
    """One photo in one folder."""
    evidence = placement.evidence
    return {
        "photo": str(placement.photo),
        "photo_id": placement.photo_id,
        "byte_size": placement.byte_size,
        "modified_ns": placement.modified_ns,
        "target": str(placement.target),
        "way": placement.way.value,
        "evidence": evidence_to_json(evidence) if evidence else None,
        "present": placement.present,
    }


def placement_from_json(value: Json) -> Placement:
    """The inverse of ``placement_to_json``."""
    evidence = value["evidence"]
    return Placement(
        photo=Path(value["photo"]),
        photo_id=PhotoId(value["photo_id"]),
        byte_size=value["byte_size"],
        modified_ns=value["modified_ns"],
        target=PurePosixPath(value["target"]),
        way=Way(value["way"]),
        evidence=evidence_from_json(evidence) if evidence else None,
        present=value["present"],
    )


def plan_to_json(plan: SortPlan) -> Json:
    """The whole plan as one document."""
    return {
        "request": request_to_json(plan.request),
        "people": [person_to_json(person) for person in plan.people],
        "placements": [placement_to_json(placement) for placement in plan.placements],
        "problems": [problem_to_json(problem) for problem in plan.problems],
        "warnings": [problem_to_json(warning) for warning in plan.warnings],
        "photo_count": plan.photo_count,
        "unmatched_count": plan.unmatched_count,
        "other_files": dict(plan.other_files),
    }


def plan_from_json(value: Json) -> SortPlan:
    """The inverse of ``plan_to_json``."""
    people = (
        SortPerson(one["name"], one["folder"], tuple(map(Path, one["references"])))
        for one in value["people"]
    )
    return SortPlan(
        request=request_from_json(value["request"]),
        people=tuple(people),
        placements=tuple(map(placement_from_json, value["placements"])),
        problems=tuple(map(problem_from_json, value["problems"])),
        warnings=tuple(map(problem_from_json, value["warnings"])),
        photo_count=value["photo_count"],
        unmatched_count=value["unmatched_count"],
        other_files=tuple(value["other_files"].items()),
    )
