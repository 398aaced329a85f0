"""The machine's groups, and the steps in which they come to be."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from kith.adapters.catalog.dynamo.docs import step_doc, step_of
from kith.adapters.catalog.dynamo.draft import Doc, Draft
from kith.adapters.catalog.dynamo.schema import (
    SHARDS,
    Key,
    face_key,
    group,
    group_key,
    groups,
    home_key,
    part_key,
    step_key,
)
from kith.domain.face import FaceId
from kith.domain.grouping import GroupId, Reunion, Seat, Step, groups_in
from kith.domain.person import PersonId

# -- writing ---------------------------------------------------------------------------------------


def keys_of(steps: Iterable[Step]) -> Iterable[Key]:
    """What is read first to keep these steps."""
    for step in steps:
        yield from map(group_key, groups_in(step))
        if isinstance(step, Seat):
            yield face_key(step.face_id)


def append(draft: Draft, steps: Sequence[Step]) -> None:
    """Keep these steps after the earlier ones, as far as they say something new."""
    draft.load(keys_of(steps))
    for step in steps:
        if _take_seat(draft, step) if isinstance(step, Seat) else _unite(draft, step):
            group_id = groups_in(step)[0]
            draft.add(step_key(group_id, draft.counts["steps"]), step_doc(step))


def clear(draft: Draft) -> None:
    """Forget all groups and steps."""
    for shard in SHARDS:
        for name, doc in draft.under(groups(shard)):
            group_id = GroupId(name)
            _clear(draft, group_id)
            if doc["home"] is not None:
                draft.drop(home_key(doc["home"], group_id))
            draft.drop(group_key(group_id))


def forget(draft: Draft, face_ids: Collection[FaceId]) -> None:
    """These faces are about to go, and their seats with them."""
    draft.load(map(face_key, face_ids))
    for face_id in face_ids:
        face = draft.get(face_key(face_id))
        if face is not None and face["seat"] is not None:
            draft.drop(step_key(*face["seat"]))


def erase(draft: Draft, face_ids: Collection[FaceId]) -> None:
    """These faces are about to go: they have no seats, and support nobody, not even hidden."""
    gone = set(face_ids)
    for group_id in sorted(_related(draft, gone)):
        for sk, doc in draft.under(group(group_id), "STEP#"):
            kept = [each for each in doc["support"] if gone.isdisjoint(_named(each))]
            if len(kept) < len(doc["support"]):
                doc["support"] = kept
                draft.put(Key(group(group_id), sk), doc)
    forget(draft, face_ids)


def _take_seat(draft: Draft, seat: Seat) -> bool:
    face = draft.get(face_key(seat.face_id))
    if face is None or face["seat"] is not None:
        return False
    _found(draft, seat.group_id)
    face["seat"] = [seat.group_id, draft.next("steps")]
    draft.put(face_key(seat.face_id), face)
    return True


def _unite(draft: Draft, reunion: Reunion) -> bool:
    gone, stays = _whole(draft, reunion.gone), _whole(draft, reunion.stays)
    if gone == stays:
        return False
    draft.next("steps")
    for sk, doc in draft.under(group(gone), "PART#"):
        draft.drop(Key(group(gone), sk))
        _become(draft, GroupId(doc["id"]), stays)
    _become(draft, gone, stays)
    return True


def _become(draft: Draft, gone: GroupId, stays: GroupId) -> None:
    doc = _found(draft, gone)
    doc["part_of"] = stays
    draft.put(group_key(gone), doc)
    draft.put(part_key(stays, gone), {"id": gone})


def _whole(draft: Draft, group_id: GroupId) -> GroupId:
    """What a group is part of now, itself perhaps."""
    part_of: GroupId | None = _found(draft, group_id)["part_of"]
    return part_of or group_id


def _found(draft: Draft, group_id: GroupId) -> Doc:
    """What is known of a group, which is founded if it is not."""
    doc = draft.get(group_key(group_id))
    if doc is None:
        doc = {"part_of": None, "home": None}
        draft.put(group_key(group_id), doc)
    return doc


def _clear(draft: Draft, group_id: GroupId) -> None:
    items = draft.under(group(group_id))
    draft.load(face_key(FaceId(doc["face"])) for _, doc in items if "face" in doc)
    for sk, doc in items:
        draft.drop(Key(group(group_id), sk))
        face = draft.get(face_key(FaceId(doc["face"]))) if "face" in doc else None
        if face is not None:
            face["seat"] = None
            draft.put(face_key(FaceId(doc["face"])), face)


def _related(draft: Draft, face_ids: Collection[FaceId]) -> set[GroupId]:
    """The groups of these faces, and all that are one with them."""
    draft.load(map(face_key, face_ids))
    seats = [face["seat"] for id_ in face_ids if (face := draft.get(face_key(id_)))]
    wholes = {_whole(draft, GroupId(seat[0])) for seat in seats if seat}
    parts = [doc["id"] for each in wholes for _, doc in draft.under(group(each), "PART#")]
    return wholes.union(map(GroupId, parts))


def _named(support: FaceId | Sequence[FaceId]) -> Collection[FaceId]:
    return [support] if isinstance(support, str) else support


# -- reading ---------------------------------------------------------------------------------------


def current(draft: Draft, group_ids: Collection[GroupId]) -> dict[GroupId, GroupId]:
    """What each of these groups is part of now; unknown ones are left out."""
    draft.load(map(group_key, group_ids))
    docs = {group_id: draft.get(group_key(group_id)) for group_id in group_ids}
    return {group_id: doc["part_of"] or group_id for group_id, doc in docs.items() if doc}


def homes(draft: Draft, group_ids: Collection[GroupId]) -> dict[GroupId, PersonId]:
    """Whose these groups are; parts of others, and those of nobody in particular, are left out."""
    draft.load(map(group_key, group_ids))
    docs = {group_id: draft.get(group_key(group_id)) for group_id in group_ids}
    return {
        group_id: doc["home"]
        for group_id, doc in docs.items()
        if doc and doc["home"] is not None and doc["part_of"] is None
    }


def of_faces(draft: Draft, face_ids: Collection[FaceId]) -> dict[FaceId, GroupId]:
    """The group of each face as it is called now; faces without a seat are left out."""
    draft.load(map(face_key, face_ids))
    docs = {face_id: draft.get(face_key(face_id)) for face_id in face_ids}
    seats = {
        face_id: GroupId(doc["seat"][0]) for face_id, doc in docs.items() if doc and doc["seat"]
    }
    called = current(draft, set(seats.values()))
    return {face_id: called[group_id] for face_id, group_id in seats.items()}


def faces(draft: Draft, group_ids: Collection[GroupId]) -> dict[GroupId, Sequence[FaceId]]:
    """All faces of each of these groups; one that is not, or no longer, a group has none."""
    called = current(draft, group_ids)
    return {
        group_id: [FaceId(doc["face"]) for _, _, doc in _steps_of(draft, group_id) if "face" in doc]
        if called.get(group_id) == group_id
        else []
        for group_id in group_ids
    }


def steps(draft: Draft, group_ids: Collection[GroupId] | None) -> Iterator[Step]:
    """How these groups, or all, came to be, in order, without the support of unknown faces."""
    if group_ids is None:
        group_ids = [GroupId(name) for shard in SHARDS for name, _ in draft.under(groups(shard))]
    called = current(draft, group_ids)
    found = [
        (sk, step_of(of, doc))
        for group_id in dict.fromkeys(group_ids)
        if called.get(group_id) == group_id
        for of, sk, doc in _steps_of(draft, group_id)
    ]
    found.sort(key=lambda one: one[0])
    known = _known(draft, [step for _, step in found])
    return (_supported(step, known) for _, step in found)


def _steps_of(draft: Draft, group_id: GroupId) -> Iterator[tuple[GroupId, str, Doc]]:
    """Everything that led to a group: its own steps, and those of its parts."""
    members = [group_id]
    for sk, doc in draft.under(group(group_id)):
        if sk.startswith("PART#"):
            members.append(GroupId(doc["id"]))
        else:
            yield group_id, sk, doc
    for part in members[1:]:
        for sk, doc in draft.under(group(part), "STEP#"):
            yield part, sk, doc


def _known(draft: Draft, taken: Sequence[Step]) -> set[FaceId]:
    """The known ones of the faces that support these steps: who has a seat among them, is."""
    seated = {step.face_id for step in taken if isinstance(step, Seat)}
    named = {face_id for step in taken for each in step.support for face_id in _named(each)}
    others = named - seated
    draft.load(map(face_key, others))
    return seated | {face_id for face_id in others if draft.get(face_key(face_id)) is not None}


def _supported(step: Step, known: Collection[FaceId]) -> Step:
    """The step without the support of faces that are not known."""
    if isinstance(step, Seat):
        return replace(step, support=tuple(each for each in step.support if each in known))
    pairs = tuple(pair for pair in step.support if pair[0] in known and pair[1] in known)
    return replace(step, support=pairs)
