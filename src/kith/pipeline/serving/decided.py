"""What a decision came to, as somebody is told who has just made it, and may want it undone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from kith.domain.decision import Decision, Merge, Undo, person_ids_in
from kith.domain.errors import NotFoundError, UsageError
from kith.domain.face import FaceId
from kith.domain.person import Person, PersonId
from kith.pipeline.decisions import corrections
from kith.pipeline.decisions.decide import Effect
from kith.pipeline.decisions.wording import UNNAMED, describe_all
from kith.pipeline.serving.people import person_called
from kith.ports.catalog import Catalog
from kith.ports.queries import PhotoQueries

_TOLD = 3
"""Of several decisions, so many are told in words."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What came of some decisions that were made together.

    Attributes:
        entries: their numbers in the journal; to undo them all is to undo this.
        text: what was said, as one sentence.
        moved_faces: how many faces are somebody else's now, or nobody's.
        people: whom it concerns, as far as they are still there.
        edition: of the library, afterwards.
    """

    entries: tuple[int, ...]
    text: str
    moved_faces: int
    people: tuple[PersonId, ...]
    edition: int


def decided(catalog: Catalog, *effects: Effect) -> Decided:
    """What came of decisions."""
    decisions = [decision for effect in effects for decision in effect.decisions]
    moved = {face_id for effect in effects for face_id in effect.after}
    owners = {
        person_id
        for effect in effects
        for person_id in (*effect.before.values(), *effect.after.values())
        if person_id is not None
    }
    return _decided(catalog, decisions, len(moved), owners)


def _decided(
    catalog: Catalog,
    decisions: Sequence[Decision],
    moved_faces: int,
    concerned: Collection[PersonId],
) -> Decided:
    journal = list(catalog.decisions())
    made = {decision.id for decision in decisions}
    ids = [*dict.fromkeys(id_ for each in decisions for id_ in sorted(person_ids_in(each.said)))]
    return Decided(
        entries=tuple(n for n, each in enumerate(journal, start=1) if each.id in made),
        text=_merged(catalog, decisions) or _sentence(decisions, journal),
        moved_faces=moved_faces,
        people=_present(catalog, [*ids, *sorted(concerned)]),
        edition=catalog.edition(),
    )


def _merged(catalog: Catalog, decisions: Sequence[Decision]) -> str | None:
    """What is told of people who became one; of each by itself, it would be a list."""
    merges = [each.said for each in decisions if isinstance(each.said, Merge)]
    if not merges or len(merges) < len(decisions):
        return None
    name = catalog.person(merges[-1].stays.person_id).name or "one person"
    return f"{'Both' if len(merges) == 1 else f'All {len(merges) + 1}'} are {name} now."


def _sentence(decisions: Sequence[Decision], journal: Sequence[Decision]) -> str:
    texts = describe_all(journal, UNNAMED)
    by_id = {decision.id: decision for decision in journal}
    told = [_told(decision, by_id, texts) for decision in decisions]
    more = [f"{len(told) - _TOLD} more"] if len(told) > _TOLD else []
    sentence = "; ".join([*told[:_TOLD], *more])
    return f"{sentence[:1].upper()}{sentence[1:]}."


def _told(decision: Decision, journal: dict[str, Decision], texts: dict[str, str]) -> str:
    said = decision.said
    if isinstance(said, Undo) and said.decision_id in journal:
        return f"took back: {_told(journal[said.decision_id], journal, texts)}"
    return texts[decision.id]


def _present(catalog: Catalog, person_ids: Iterable[PersonId]) -> tuple[PersonId, ...]:
    found: dict[PersonId, None] = {}
    for person_id in person_ids:
        with suppress(NotFoundError):
            found[catalog.person(person_id).id] = None
    return tuple(found)


# -- what is said with a click, and is more than one decision, or another one each time ------------


def assign(
    catalog: Catalog,
    queries: PhotoQueries,
    face_ids: Sequence[FaceId],
    *,
    person_id: str | None,
    name: str | None,
    by: str,
) -> Decided:
    """These faces are that person; a name that nobody has makes a person of them.

    Raises:
        NotFoundError: there is no such face or person.
        UsageError: both or neither is said, there are no faces, or several people have the name.
    """
    if (person_id is None) == (name is None):
        raise UsageError("Say who it is: either person_id or name")
    if not face_ids:
        raise UsageError("Say which faces")
    if person_id is not None:
        person: Person | None = catalog.person(PersonId(person_id))
    else:
        person = person_called(catalog, queries, name or "")
    if person is not None:
        return decided(catalog, corrections.confirm(catalog, person, face_ids, by=by))
    before = catalog.appearances_of(face_ids)
    made = corrections.new_person(catalog, name or "", face_ids, by=by)
    return _founded(catalog, made, face_ids, [each.person_id for each in before.values()])


def split(
    catalog: Catalog, person: Person, face_ids: Sequence[FaceId], *, name: str | None, by: str
) -> Decided:
    """These faces of a person are one other person, of that name if one is said.

    Raises:
        UsageError: the name is empty, or these are not some of the person's own faces.
    """
    if name is not None and not name.strip():
        raise UsageError("A name cannot be empty")
    made = corrections.split_off(catalog, person, face_ids, by=by)
    if name is not None:
        corrections.name_person(catalog, catalog.person(made), name, by=by)
    return _founded(catalog, made, face_ids, [person.id])


def _founded(
    catalog: Catalog, made: PersonId, face_ids: Sequence[FaceId], others: Collection[PersonId]
) -> Decided:
    """What came of decisions that made a person, whose id is in these alone."""
    about = [each for each in catalog.decisions([made]) if made in person_ids_in(each.said)]
    return _decided(catalog, about, len(set(face_ids)), others)


def describe_person(
    catalog: Catalog, person: Person, field: str, value: object, *, by: str
) -> Decided:
    """Say one thing of a person: ``name``, ``hidden``, ``born``, ``consent``, ``cover_face_id``.

    Raises:
        UsageError: it cannot be said.
        NotFoundError: there is no such face.
    """
    match field, value:
        case "name", str() | None:
            effect = corrections.name_person(catalog, person, value, by=by)
        case "hidden", bool():
            effect = corrections.hide_person(catalog, person, value, by=by)
        case "born", date() | None:
            effect = corrections.set_birth_date(catalog, person, _past(value), by=by)
        case "consent", bool() | None:
            effect = corrections.set_consent(catalog, person, value, by=by)
        case "cover_face_id", str():
            effect = corrections.choose_cover(catalog, person, FaceId(value), by=by)
        case _:
            raise UsageError(f"{field} cannot be {value!r}")
    return decided(catalog, effect)


def _past(born: date | None) -> date | None:
    if born is not None and born > date.today():  # noqa: DTZ011 - a birthday is of where one is
        raise UsageError(f"{born} lies in the future")
    return born
