"""Grouping the whole library anew, as if its photos arrived once more, in their order.

Nothing changes until everything is worked out; then one step puts the new groups in place of the
old ones, with all that humans said laid over them. Groups keep the ids that most of their faces
know them by.
"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Collection, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import groupby

from kith.domain.face import Face, FaceId
from kith.domain.grouping import GroupId, Reunion, Seat, Step, groups_in
from kith.domain.person import Appearance, PeopleChange, Person
from kith.grouping.draft import Draft
from kith.grouping.neighborhood import OrderedSearch
from kith.grouping.overlay import lay_over
from kith.grouping.thresholds import FLOOR, MAX_MATCHES
from kith.pipeline.decisions.decide import change_between, retrying
from kith.pipeline.decisions.scene import whole_scene
from kith.pipeline.library import Library
from kith.pipeline.migration.named import NamedChange, Whose, named_changes
from kith.pipeline.migration.ordered import SearchedInOrder

Listener = Callable[[int, int], None]
"""Hears how many faces are done, and of how many."""


@dataclass(frozen=True, slots=True)
class Regrouped:
    """What grouping anew made of the library.

    Attributes:
        faces: how many were grouped.
        unseen: faces that no search finds, which kept their places.
        moved: faces that are somebody else's now, or somebody's, or nobody's.
        groups_before: how many groups there were.
        groups: how many there are.
        people_before: how many people there were.
        people: how many there are.
        named: what became of everyone with a name.
    """

    faces: int
    unseen: int
    moved: int
    groups_before: int
    groups: int
    people_before: int
    people: int
    named: tuple[NamedChange, ...]


def regroup(library: Library, listener: Listener = lambda _done, _total: None) -> Regrouped:
    """Group all faces anew, and lay over the groups what humans said.

    Interrupted at any moment before the end, it has changed nothing.

    Raises:
        StaleError: others kept changing the library meanwhile.
    """
    with _keeping_everything():
        return retrying(lambda: _regroup(library, listener))


@contextmanager
def _keeping_everything() -> Generator[None]:
    """Meanwhile, Python does not look for cycles: all that is made lives until the end.

    Looking for them among millions of small values took 5 % of the time.
    """
    looked = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if looked:
            gc.enable()


def _regroup(library: Library, listener: Listener) -> Regrouped:
    catalog = library.catalog
    edition = catalog.edition()
    scene = whole_scene(catalog)
    faces = [sighting.face for sighting in scene.sightings]
    searchable = {face.id for face in library.collection.faces()}
    seen = [face for face in faces if face.id in searchable]
    fresh = group_anew(seen, search_of(library, seen), listener)
    itself = {face.id: face.id for face in seen}
    unseen = {face.id for face in faces} - searchable
    steps = with_old_ids(scene.steps, fresh, itself)
    steps = with_old_places(scene.steps, steps, itself, unseen)
    outcome = lay_over(replace(scene, steps=steps))
    face_ids = [face.id for face in faces]
    stored = catalog.appearances_of(face_ids)
    known = [one.person for one in catalog.people()]
    change = _but_known(change_between(catalog, face_ids, stored, outcome), known)
    catalog.regroup(steps, change, edition)
    was, now = _whose(stored), _whose(outcome.appearances)
    return Regrouped(
        faces=len(seen),
        unseen=len(unseen),
        moved=sum(was.get(face_id) != now.get(face_id) for face_id in face_ids),
        groups_before=len(set(groups_after(scene.steps).values())),
        groups=len(set(groups_after(steps).values())),
        people_before=len(set(was.values())),
        people=len(set(now.values())),
        named=named_changes(
            [one for one in known if one.name], was, now, {face_id: face_id for face_id in face_ids}
        ),
    )


def _but_known(change: PeopleChange, known: Iterable[Person]) -> PeopleChange:
    """The change without the people that are described already as they are from now on."""
    described = {person.id: person for person in known}
    new = (person for person in change.people if described.get(person.id) != person)
    return replace(change, people=tuple(new))


def _whose(appearances: Mapping[FaceId, Appearance]) -> Whose:
    return {face_id: one.person_id for face_id, one in appearances.items()}


def search_of(library: Library, faces: Sequence[Face]) -> OrderedSearch:
    """The quickest search among these faces, in the order of arrival, that the library has."""
    order = [(face.id, face.photo_id) for face in faces]
    if library.ordered:
        return library.ordered(order, min_similarity=FLOOR, limit=MAX_MATCHES)
    return SearchedInOrder(library.collection, order, min_similarity=FLOOR, limit=MAX_MATCHES)


def group_anew(faces: Sequence[Face], search: OrderedSearch, listener: Listener) -> list[Step]:
    """The steps by which these faces, in the order of arrival, come to be groups."""
    draft = Draft.in_order(search)
    steps: list[Step] = []
    done = 0
    for _, of_photo in groupby(faces, key=lambda face: face.photo_id):
        arriving = list(of_photo)
        steps += draft.add(arriving)
        done += len(arriving)
        listener(done, len(faces))
    return steps


def groups_after(steps: Iterable[Step]) -> dict[FaceId, GroupId]:
    """The group of each seated face as it is called after these steps."""
    seated: dict[FaceId, GroupId] = {}
    became: dict[GroupId, GroupId] = {}

    def called(group_id: GroupId) -> GroupId:
        while group_id in became:
            group_id = became[group_id]
        return group_id

    for step in steps:
        if isinstance(step, Seat):
            seated[step.face_id] = step.group_id
        elif called(step.gone) != called(step.stays):
            became[called(step.gone)] = called(step.stays)
    return {face_id: called(group_id) for face_id, group_id in seated.items()}


def with_old_ids(
    old: Iterable[Step], new: Sequence[Step], same: Mapping[FaceId, FaceId]
) -> list[Step]:
    """The new steps, each group under the id by which most of its faces knew theirs before.

    Args:
        old: the steps until now.
        new: the steps that are to replace them.
        same: faces of the old steps, and what they are called in the new ones.
    """
    names = _names(groups_after(old), groups_after(new), same)
    used = {name for step in new for name in groups_in(step)}
    # An id that is taken over may be a new group's as well; that one gets an id that is left over.
    spare = sorted(names.keys() - set(names.values()))
    homeless = sorted((set(names.values()) & used) - names.keys())
    names |= dict(zip(homeless, spare, strict=False))
    return [_renamed(step, names) for step in new]


def with_old_places(
    old: Sequence[Step],
    new: Sequence[Step],
    same: Mapping[FaceId, FaceId],
    unseen: Collection[FaceId],
) -> list[Step]:
    """The new steps, and then seats for faces that no search finds.

    Nothing is known of such a face but where it sat; it goes where those went that spoke for it, or
    else those that it sat with.

    Args:
        old: the steps until now.
        new: the steps that are to replace them, with old ids.
        same: faces of the old steps, and what they are called in the new ones.
        unseen: faces that are called as they were, and had a seat or not.
    """
    before, after = groups_after(old), groups_after(new)
    went: dict[GroupId, Counter[GroupId]] = {}
    for face_id, group_id in before.items():
        if same.get(face_id) in after:
            went.setdefault(group_id, Counter())[after[same[face_id]]] += 1
    seats: list[Seat] = []
    for step in old:
        if isinstance(step, Seat) and step.face_id in unseen:
            support = [same.get(face_id, face_id) for face_id in step.support]
            where = Counter(after[face_id] for face_id in support if face_id in after)
            where = where or went.get(before[step.face_id], Counter())
            group_id = where.most_common(1)[0][0] if where else before[step.face_id]
            beside = tuple(face_id for face_id in support if after.get(face_id) == group_id)
            seats.append(replace(step, group_id=group_id, support=beside))
            after[step.face_id] = group_id
    return [*new, *seats]


def _names(
    before: Mapping[FaceId, GroupId],
    after: Mapping[FaceId, GroupId],
    same: Mapping[FaceId, FaceId],
) -> dict[GroupId, GroupId]:
    """New groups and the old ids they get: those with most faces in common first."""
    common = Counter(
        (before[face_id], after[now])
        for face_id, now in same.items()
        if face_id in before and now in after
    )
    names: dict[GroupId, GroupId] = {}
    taken: set[GroupId] = set()
    for _, (old_id, new_id) in sorted((-count, pair) for pair, count in common.items()):
        if new_id not in names and old_id not in taken:
            names[new_id] = old_id
            taken.add(old_id)
    return names


def _renamed(step: Step, names: Mapping[GroupId, GroupId]) -> Step:
    if isinstance(step, Seat):
        return replace(step, group_id=names.get(step.group_id, step.group_id))
    gone, stays = names.get(step.gone, step.gone), names.get(step.stays, step.stays)
    return Reunion(gone, stays, step.support)
