"""What becomes of people: worked out on the items of a draft."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from kith.adapters.catalog.dynamo.docs import describe, person_doc, second_of
from kith.adapters.catalog.dynamo.draft import Doc, Draft
from kith.adapters.catalog.dynamo.schema import (
    Key,
    appearance_key,
    aside_key,
    face_key,
    group_key,
    home_key,
    person,
    person_key,
    photo_key,
    was_key,
)
from kith.adapters.catalog.dynamo.sorting import (
    similarity_key,
    time_key,
)
from kith.domain.face import FaceId
from kith.domain.grouping import GroupId
from kith.domain.person import Appearance, PeopleChange, Person, PersonId, Standing
from kith.domain.photo import PhotoId

_QUALITY = 4, 3
"""Where a face's document has its overall quality."""


def keys_of(change: PeopleChange) -> Iterable[Key]:
    """What is read first to apply this change."""
    for described in change.people:
        yield person_key(described.id)
        if described.cover is not None:
            yield face_key(described.cover)
    for appearance in change.appearances:
        yield person_key(appearance.person_id)
        yield face_key(appearance.face_id)
    yield from map(face_key, change.nobody)
    yield from (face_key(face_id) for face_id, _ in change.standings)
    yield from (person_key(person_id) for pair in change.became for person_id in pair)
    for group_id, person_id in change.homes:
        yield group_key(group_id)
        if person_id is not None:
            yield person_key(person_id)


def apply(draft: Draft, change: PeopleChange) -> None:
    """Do what became of people, as far as it is about known faces and groups."""
    people = People(draft)
    draft.load(keys_of(change))
    for described in change.people:
        people.describe(described)
    people.load_whose([*(each.face_id for each in change.appearances), *change.nobody])
    for appearance in change.appearances:
        people.attribute(appearance)
    people.release(change.nobody)
    people.load_whose([face_id for face_id, _ in change.standings])
    for face_id, standing in change.standings:
        people.set_aside(face_id, standing)
    for gone, stays in change.became:
        people.merge(gone, stays)
    for group_id, person_id in change.homes:
        people.give_home(group_id, person_id)
    people.choose_covers()


def forget(draft: Draft, face_ids: Collection[FaceId]) -> None:
    """Faces are about to go, and with them the people of whom nothing else is known."""
    people = People(draft)
    people.load_whose(face_ids)
    for person_id in people.release(face_ids):
        doc = people.known(person_id)
        if not doc["faces"] and doc["name"] is None:
            people.remove(person_id)
    people.choose_covers()


def erase(draft: Draft, face_ids: Collection[FaceId], person_ids: Collection[PersonId]) -> None:
    """Faces are about to go; people go with whoever had become part of them."""
    people = People(draft)
    people.load_whose(face_ids)
    people.release(face_ids)
    draft.load(map(person_key, person_ids))
    for person_id in person_ids:
        if draft.get(person_key(person_id)) is not None:
            people.remove(person_id)
    people.choose_covers()


class People:
    """Everyone, and whose or what each face is."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._without_best: set[PersonId] = set()

    def load_whose(self, face_ids: Collection[FaceId]) -> None:
        """Read all that knows whose these faces are."""
        self._draft.load(map(face_key, face_ids))
        docs = [doc for each in face_ids if (doc := self._draft.get(face_key(each)))]
        self._draft.load(
            key
            for doc in docs
            for key in (
                photo_key(PhotoId(doc["photo"])),
                *([person_key(doc["who"][0])] if doc["who"] else ()),
            )
        )

    def known(self, person_id: PersonId) -> Doc:
        """What is known of a person, who is founded if nobody has that id."""
        doc = self._draft.get(person_key(person_id))
        if doc is None:
            doc = person_doc()
            self._draft.put(person_key(person_id), doc)
        return doc

    def describe(self, described: Person) -> None:
        """A person is like this from now on, and part of nobody."""
        doc = self.known(described.id)
        if doc["into"] is not None:
            self._draft.drop(was_key(doc["into"], described.id))
            doc["into"] = None
        describe(doc, described)
        face = None if described.cover is None else self._draft.get(face_key(described.cover))
        doc["chosen"] = bool(face and face["who"] and face["who"][0] == described.id)
        self._draft.put(person_key(described.id), doc)

    def attribute(self, appearance: Appearance) -> None:
        """A known face is this person's, or that of whom it is part."""
        self.known(appearance.person_id)
        face = self._draft.get(face_key(appearance.face_id))
        if face is None:
            return
        present = self._present(appearance.person_id)
        if face["who"] is not None and face["who"][0] != present:
            self.release([appearance.face_id])
        self._seat(appearance.face_id, present, appearance.similarity, appearance.confirmed)

    def release(self, face_ids: Collection[FaceId]) -> list[PersonId]:
        """Faces are nobody's any more; says whose they were."""
        whose: dict[PersonId, None] = {}
        for face_id in face_ids:
            face = self._draft.get(face_key(face_id))
            if face is not None and face["who"] is not None:
                whose[self._release(face_id, face)] = None
        return list(whose)

    def set_aside(self, face_id: FaceId, standing: Standing | None) -> None:
        """A human said of a face what it is, or takes it back."""
        face = self._draft.get(face_key(face_id))
        if face is not None:
            face["standing"] = standing and standing.value
            self._draft.put(face_key(face_id), face)
            self._note(face_id, face)
            if standing is None:
                self._draft.drop(aside_key(face_id))
            else:
                self._draft.put(aside_key(face_id), {"standing": standing.value})

    def merge(self, gone: PersonId, stays: PersonId) -> None:
        """One person becomes part of another, and with it all who are part of it."""
        self.known(gone)
        self.known(stays)
        present = self._present(stays)
        if present == gone:
            return
        self._move_faces(gone, present)
        for sk, _ in self._draft.under(person(gone), "HOME#"):
            self._move_in(GroupId(sk.removeprefix("HOME#")), present)
        for each in (gone, *self._merged_with(gone)):
            self._become(each, present)

    def give_home(self, group_id: GroupId, person_id: PersonId | None) -> None:
        """A group is this person's, or that of whom it is part; or of several people."""
        if person_id is not None:
            self.known(person_id)
        if self._draft.get(group_key(group_id)) is not None:
            self._move_in(group_id, person_id and self._present(person_id))

    def remove(self, person_id: PersonId) -> None:
        """Forget a person and everyone who is part of it."""
        shown = self._draft.under(person(person_id), "FACE#")
        faces = [FaceId(sk.removeprefix("FACE#")) for sk, _ in shown]
        self.load_whose(faces)
        self.release(faces)
        for sk, _ in self._draft.under(person(person_id), "HOME#"):
            self._move_in(GroupId(sk.removeprefix("HOME#")), None)
        for each in (person_id, *self._merged_with(person_id)):
            into = self.known(each)["into"]
            if into is not None:
                self._draft.drop(was_key(into, each))
            self._draft.drop(person_key(each))
        self._without_best.discard(person_id)

    def choose_covers(self) -> None:
        """Find the best of the other faces of those who lost their best one."""
        for person_id in sorted(self._without_best):
            doc = self.known(person_id)
            shown = self._draft.under(person(person_id), "FACE#")
            best = min(((-each["overall"], sk) for sk, each in shown), default=None)
            doc["best"] = best and [-best[0], best[1].removeprefix("FACE#")]
            self._draft.put(person_key(person_id), doc)
        self._without_best.clear()

    # -- helpers -----------------------------------------------------------------------------------

    def _present(self, person_id: PersonId) -> PersonId:
        """The person, or the one it is part of now."""
        into: PersonId | None = self.known(person_id)["into"]
        return into or person_id

    def _seat(self, face_id: FaceId, who: PersonId, similarity: float, confirmed: bool) -> None:
        face = self._draft.get(face_key(face_id))
        assert face is not None
        photo = self._draft.get(photo_key(PhotoId(face["photo"])))
        assert photo is not None
        doc, overall = self.known(who), face["detail"][_QUALITY[0]][_QUALITY[1]]
        keep = self._draft.put if face["who"] else self._draft.add
        if face["who"] is None:
            doc["photos"] += not _shows(photo, who)
            doc["faces"] += 1
            doc["chosen"] = doc["chosen"] or doc["cover"] == face_id
            self._compare(doc, overall, face_id)
            self._draft.put(person_key(who), doc)
        face["who"] = [who, similarity, confirmed]
        self._draft.put(face_key(face_id), face)
        self._note(face_id, face)
        keep(
            appearance_key(who, face_id),
            {
                "photo": face["photo"],
                "similarity": similarity,
                "confirmed": confirmed,
                "second": second_of(photo),
                "overall": overall,
            },
            by_similarity=similarity_key(similarity, face_id),
            by_time=time_key(second_of(photo), face_id),
        )

    def _compare(self, doc: Doc, overall: float, face_id: FaceId) -> None:
        best = doc["best"]
        if best is None or (-overall, face_id) < (-best[0], best[1]):
            doc["best"] = [overall, face_id]

    def _release(self, face_id: FaceId, face: Doc) -> PersonId:
        who: PersonId = face["who"][0]
        face["who"] = None
        self._draft.put(face_key(face_id), face)
        photo = self._note(face_id, face)
        self._draft.drop(appearance_key(who, face_id))
        doc = self.known(who)
        doc["faces"] -= 1
        doc["photos"] -= not _shows(photo, who)
        doc["chosen"] = doc["chosen"] and doc["cover"] != face_id
        if doc["best"] and doc["best"][1] == face_id:
            self._without_best.add(who)
        self._draft.put(person_key(who), doc)
        return who

    def _note(self, face_id: FaceId, face: Doc) -> Doc:
        """Let the photo know whose its face is."""
        key = photo_key(PhotoId(face["photo"]))
        photo = self._draft.get(key)
        assert photo is not None
        who, similarity = face["who"][:2] if face["who"] else (None, 0.0)
        photo["faces"][face_id][1:] = [who, similarity, face["standing"]]
        self._draft.put(key, photo)
        return photo

    def _move_faces(self, gone: PersonId, stays: PersonId) -> None:
        shown = self._draft.under(person(gone), "FACE#")
        faces = [FaceId(sk.removeprefix("FACE#")) for sk, _ in shown]
        self.load_whose(faces)
        self.release(faces)
        for face_id, (_, doc) in zip(faces, shown, strict=True):
            self._seat(face_id, stays, doc["similarity"], doc["confirmed"])

    def _move_in(self, group_id: GroupId, home: PersonId | None) -> None:
        doc = self._draft.get(group_key(group_id))
        assert doc is not None
        if doc["home"] is not None:
            self._draft.drop(home_key(doc["home"], group_id))
        doc["home"] = home
        self._draft.put(group_key(group_id), doc)
        if home is not None:
            self._draft.put(home_key(home, group_id), {})

    def _merged_with(self, person_id: PersonId) -> Sequence[PersonId]:
        return [
            PersonId(sk.removeprefix("WAS#"))
            for sk, _ in self._draft.under(person(person_id), "WAS#")
        ]

    def _become(self, gone: PersonId, stays: PersonId) -> None:
        doc = self.known(gone)
        if doc["into"] is not None:
            self._draft.drop(was_key(doc["into"], gone))
        doc["into"] = stays
        self._draft.put(person_key(gone), doc)
        self._draft.put(was_key(stays, gone), {"id": gone})


def _shows(photo: Doc, who: PersonId) -> bool:
    return any(each[1] == who for each in photo["faces"].values())
