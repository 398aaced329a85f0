"""An import becomes decisions: in the journal, one at a time, and each can be undone."""

from __future__ import annotations

from collections.abc import Callable

from kith.domain.decision import Anchor, Confirm, Decision, Merge, Name, PersonRef, Statement
from kith.domain.person import person_id_apart
from kith.pipeline.decisions.corrections import ref
from kith.pipeline.decisions.decide import decide
from kith.pipeline.portable.plan import ImportPlan, Naming
from kith.ports.catalog import Catalog


def apply(
    catalog: Catalog, plan: ImportPlan, *, progress: Callable[[int, int], None]
) -> list[Decision]:
    """Give the names of a plan; answers what was said, as ``import:`` and the source.

    A name is given as a whole or not at all. Interrupted and done again, it goes on: what is known
    by then is left out of the next plan.
    """
    decisions: list[Decision] = []
    for count, naming in enumerate(plan.namings, start=1):
        statements = _statements(catalog, naming)
        if statements:
            effect = decide(catalog, statements, by=f"import:{plan.source}")
            decisions += effect.decisions
        progress(count, len(plan.namings))
    return decisions


def _statements(catalog: Catalog, naming: Naming) -> list[Statement]:
    """One name, whatever number of faces carries it, and one merge for each further person."""
    anchors = _lone_anchors(catalog, naming)
    if not naming.person_ids:
        someone = PersonRef(person_id_apart(naming.faces[0].face_id), anchors)
        return [Confirm(anchors, someone), Name(someone, naming.name)]
    first, *others = (ref(catalog, catalog.person(who)) for who in naming.person_ids)
    said: list[Statement] = [] if naming.named else [Name(first, naming.name)]
    said += [Merge(other, first) for other in others]
    return [*said, Confirm(anchors, first)] if anchors else said


def _lone_anchors(catalog: Catalog, naming: Naming) -> tuple[Anchor, ...]:
    """The faces that are nobody's until now."""
    lone = [face.face_id for face in naming.faces if face.person_id is None]
    return tuple(Anchor.of(face) for face in catalog.faces_by_id(lone).values())
