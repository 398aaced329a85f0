"""Collections in memory, over any ``FaceCollection``; they last as long as the object."""

from __future__ import annotations

import itertools
import secrets
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from kith.domain.errors import NotFoundError, UsageError
from kith.domain.face import FaceDetail, FaceId, Match
from kith.domain.photo import PhotoId
from kith.domain.thresholds import MAX_MATCHES
from kith.ports.collections import (
    MAX_USER_FACES,
    AlreadyThereError,
    CollectionFacts,
    FacesOfUser,
    KeptFace,
    Listed,
    Once,
    Refusal,
    RefusedFace,
    Removal,
    TokenTakenError,
    TooManyFacesError,
    User,
    UserMatch,
)
from kith.ports.recognition import FaceCollection, IndexEntry

if TYPE_CHECKING:
    from kith.imaging.picture import Picture

_VERSION = "1.0"


class MemoryCollections:
    """``Collections`` in memory.

    Args:
        make: an empty collection of faces.
    """

    def __init__(self, make: Callable[[], FaceCollection]) -> None:
        self._make = make
        self._lock = threading.RLock()
        self._numbers = itertools.count(1)
        self._there: dict[str, MemoryCollection] = {}

    @property
    def model_version(self) -> str:
        """See ``Collections.model_version``."""
        return _VERSION

    def create(self, collection_id: str, tags: Mapping[str, str], /) -> None:
        """See ``Collections.create``."""
        with self._lock:
            if collection_id in self._there:
                raise AlreadyThereError(f"There is a collection {collection_id} already")
            faces = MemoryKeptFaces(self._make(), self._lock)
            self._there[collection_id] = MemoryCollection(
                next(self._numbers), faces, MemoryUsers(faces, self._lock), dict(tags)
            )

    def page(self, after: int, limit: int, /) -> Sequence[Listed]:
        """See ``Collections.page``."""
        with self._lock:
            listed = [Listed(one.number, id_, _VERSION) for id_, one in self._there.items()]
        return [one for one in listed if one.number > after][:limit]

    def describe(self, collection_id: str, /) -> CollectionFacts:
        """See ``Collections.describe``."""
        with self._lock:
            one = self.open(collection_id)
            faces, users = one.faces.page("", MAX_MATCHES), one.users.page(-1, MAX_MATCHES)
            return CollectionFacts(
                one.number, collection_id, _VERSION, one.created_at, len(faces), len(users)
            )

    def open(self, collection_id: str, /, *, writing: bool = False) -> MemoryCollection:  # noqa: ARG002 - nothing is protected here
        """See ``Collections.open``."""
        with self._lock:
            if collection_id not in self._there:
                raise NotFoundError(f"There is no collection {collection_id}")
            return self._there[collection_id]

    def delete(self, collection_id: str, /) -> None:
        """See ``Collections.delete``."""
        with self._lock:
            self.open(collection_id).faces.deleted = True
            del self._there[collection_id]

    def tags(self, collection_id: str, /) -> Mapping[str, str]:
        """See ``Collections.tags``."""
        with self._lock:
            return dict(sorted(self.open(collection_id).tags.items()))

    def tag(self, collection_id: str, tags: Mapping[str, str], most: int, /) -> None:
        """See ``Collections.tag``."""
        with self._lock:
            one = self.open(collection_id)
            if len({**one.tags, **tags}) > most:
                raise UsageError(f"A collection may have {most} tags")
            one.tags.update(tags)

    def untag(self, collection_id: str, keys: Collection[str], /) -> None:
        """See ``Collections.untag``."""
        with self._lock:
            one = self.open(collection_id)
            for key in keys:
                one.tags.pop(key, None)


@dataclass(frozen=True, slots=True)
class MemoryCollection:
    """An ``OpenCollection`` in memory."""

    number: int
    faces: MemoryKeptFaces
    users: MemoryUsers
    tags: dict[str, str] = field(default_factory=dict[str, str])
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))


class MemoryKeptFaces:
    """``KeptFaces`` in memory."""

    def __init__(self, searched: FaceCollection, lock: threading.RLock) -> None:
        self.searched = searched
        self.kept: dict[FaceId, KeptFace] = {}
        self.deleted = False
        self._lock = lock
        self._places = itertools.count(1)

    def keep(
        self, picture: Picture, external_id: str | None, faces: Mapping[int, FaceDetail], /
    ) -> tuple[KeptFace, ...]:
        """See ``KeptFaces.keep``."""
        if not faces:
            return ()
        picture_id = picture.photo_id
        if external_id is None:
            filed_under = PhotoId(secrets.token_hex(32))
        else:
            filed_under = PhotoId(f"{external_id}/{picture_id}")
        with self._lock:
            self.require()
            (row,) = self.searched.index([IndexEntry(filed_under, picture)])
            wanted = [row.faces[rank].id for rank in sorted(faces)]
            for rank, face_id in zip(sorted(faces), wanted, strict=True):
                if face_id not in self.kept:
                    place = f"{next(self._places):09}"
                    self.kept[face_id] = KeptFace(
                        place, face_id, faces[rank], picture_id, external_id
                    )
            self.searched.forget({face.id for face in row.faces} - self.kept.keys())
            return tuple(self.kept[face_id] for face_id in wanted)

    def page(
        self,
        after: str,
        limit: int,
        /,
        *,
        user_id: str | None = None,
        face_ids: Collection[FaceId] | None = None,
    ) -> Sequence[KeptFace]:
        """See ``KeptFaces.page``."""
        with self._lock:
            kept = sorted(self.kept.values(), key=lambda face: face.place)
        return [
            face
            for face in kept
            if face.place > after
            and user_id in {None, face.user_id}
            and (face_ids is None or face.id in face_ids)
        ][:limit]

    def remove(self, face_ids: Collection[FaceId], /) -> Removal:
        """See ``KeptFaces.remove``."""
        with self._lock:
            there = {id_: self.kept[id_].user_id for id_ in face_ids if id_ in self.kept}
            of_users = {id_: user_id for id_, user_id in there.items() if user_id is not None}
            free = there.keys() - of_users.keys()
            self.searched.forget(free)
            for face_id in free:
                del self.kept[face_id]
            return Removal(frozenset(free), of_users)

    def search(self, face_id: FaceId, /, *, min_similarity: float, limit: int) -> tuple[Match, ...]:
        """See ``KeptFaces.search``."""
        (matches,) = self.searched.search([face_id], min_similarity=min_similarity, limit=limit)
        return matches

    def search_by_picture(
        self, picture: Picture, face: FaceDetail, /, *, min_similarity: float, limit: int
    ) -> tuple[Match, ...]:
        """See ``KeptFaces.search_by_picture``."""
        return self.searched.search_by_picture(
            picture, face=face, min_similarity=min_similarity, limit=limit
        ).matches

    def require(self) -> None:
        """See that the collection was not deleted."""
        if self.deleted:
            raise NotFoundError("There is no such collection")


class MemoryUsers:
    """``Users`` in memory; a user is as similar as his faces are on average."""

    def __init__(self, faces: MemoryKeptFaces, lock: threading.RLock) -> None:
        self._faces = faces
        self._lock = lock
        self._numbers = itertools.count(1)
        self._there: dict[str, int] = {}
        self._answers: dict[str, tuple[str, FacesOfUser | None]] = {}

    def create(self, user_id: str, once: Once | None = None, /) -> None:
        """See ``Users.create``."""
        self._once(once, lambda: self._create(user_id))

    def delete(self, user_id: str, once: Once | None = None, /) -> None:
        """See ``Users.delete``."""
        self._once(once, lambda: self._delete(user_id))

    def page(self, after: int, limit: int, /) -> Sequence[User]:
        """See ``Users.page``."""
        with self._lock:
            users = [
                User(number, id_, bool(self._of(id_)))
                for id_, number in self._there.items()
                if number > after
            ]
        return users[:limit]

    def associate(
        self,
        user_id: str,
        face_ids: Sequence[FaceId],
        once: Once | None = None,
        /,
        *,
        min_similarity: float,
    ) -> FacesOfUser:
        """See ``Users.associate``."""
        answer = self._once(once, lambda: self._associate(user_id, face_ids, min_similarity))
        assert answer is not None
        return answer

    def disassociate(
        self, user_id: str, face_ids: Sequence[FaceId], once: Once | None = None, /
    ) -> FacesOfUser:
        """See ``Users.disassociate``."""
        answer = self._once(once, lambda: self._disassociate(user_id, face_ids))
        assert answer is not None
        return answer

    def search(
        self, face_id: FaceId, /, *, min_similarity: float, limit: int
    ) -> tuple[UserMatch, ...]:
        """See ``Users.search``."""
        with self._lock:
            matches = self._faces.search(face_id, min_similarity=0, limit=MAX_MATCHES)
            similar = {match.face_id: match.similarity for match in matches} | {face_id: 100.0}
            return self._nearest(similar, min_similarity)[:limit]

    def search_by_user(
        self, user_id: str, /, *, min_similarity: float, limit: int
    ) -> tuple[UserMatch, ...]:
        """See ``Users.search_by_user``."""
        with self._lock:
            self._require(user_id)
            own = self._of(user_id)
            if not own:
                return ()
            found = self._faces.searched.search(own, min_similarity=0)
            similar: dict[FaceId, float] = {}
            for match in itertools.chain.from_iterable(found):
                share = match.similarity / len(own)
                similar[match.face_id] = similar.get(match.face_id, 0.0) + share
            nearest = self._nearest(similar, min_similarity)
        return tuple(match for match in nearest if match.user_id != user_id)[:limit]

    def search_by_picture(
        self, picture: Picture, face: FaceDetail, /, *, min_similarity: float, limit: int
    ) -> tuple[UserMatch, ...]:
        """See ``Users.search_by_picture``."""
        with self._lock:
            matches = self._faces.search_by_picture(
                picture, face, min_similarity=0, limit=MAX_MATCHES
            )
            similar = {match.face_id: match.similarity for match in matches}
            return self._nearest(similar, min_similarity)[:limit]

    def _once(self, once: Once | None, act: Callable[[], FacesOfUser | None]) -> FacesOfUser | None:
        with self._lock:
            before = self._answers.get(once.token) if once else None
            if once and before:
                if before[0] != once.request:
                    raise TokenTakenError(f"Another request had the token {once.token}")
                return before[1]
            self._faces.require()
            answer = act()
            if once:
                self._answers[once.token] = (once.request, answer)
            return answer

    def _create(self, user_id: str) -> None:
        if user_id in self._there:
            raise AlreadyThereError(f"There is a user {user_id} in the collection already")
        self._there[user_id] = next(self._numbers)

    def _delete(self, user_id: str) -> None:
        self._require(user_id)
        for face_id in self._of(user_id):
            self._seat(face_id, None)
        del self._there[user_id]

    def _associate(
        self, user_id: str, face_ids: Sequence[FaceId], min_similarity: float
    ) -> FacesOfUser:
        self._require(user_id)
        own, done, refused = self._of(user_id), list[FaceId](), list[RefusedFace]()
        for face_id in dict.fromkeys(face_ids):
            refusal = self._refusal(face_id, user_id)
            if refusal or face_id in own:
                refused += [refusal] if refusal else []
            elif (similarity := self._average(face_id, own)) < min_similarity:
                refused.append(RefusedFace(face_id, Refusal.UNLIKE, None, similarity))
            else:
                own.append(face_id)
                done.append(face_id)
        if len(own) > MAX_USER_FACES:
            raise TooManyFacesError(f"A user may have {MAX_USER_FACES} faces")
        for face_id in done:
            self._seat(face_id, user_id)
        return FacesOfUser(tuple(done), tuple(refused), bool(own))

    def _disassociate(self, user_id: str, face_ids: Sequence[FaceId]) -> FacesOfUser:
        self._require(user_id)
        asked = list(dict.fromkeys(face_ids))
        refusals = [self._refusal(face_id, user_id) for face_id in asked]
        own = self._of(user_id)
        done = tuple(face_id for face_id in asked if face_id in own)
        for face_id in done:
            self._seat(face_id, None)
        refused = tuple(refusal for refusal in refusals if refusal)
        return FacesOfUser(done, refused, len(done) < len(own))

    def _require(self, user_id: str) -> None:
        if user_id not in self._there:
            raise NotFoundError(f"There is no user {user_id} in the collection")

    def _of(self, user_id: str) -> list[FaceId]:
        return [id_ for id_, face in self._faces.kept.items() if face.user_id == user_id]

    def _seat(self, face_id: FaceId, user_id: str | None) -> None:
        self._faces.kept[face_id] = replace(self._faces.kept[face_id], user_id=user_id)

    def _refusal(self, face_id: FaceId, user_id: str) -> RefusedFace | None:
        face = self._faces.kept.get(face_id)
        if face is None:
            return RefusedFace(face_id, Refusal.NOT_FOUND)
        if face.user_id not in {None, user_id}:
            return RefusedFace(face_id, Refusal.OTHER_USER, face.user_id)
        return None

    def _average(self, face_id: FaceId, own: Sequence[FaceId]) -> float:
        if not own:
            return 100.0
        matches = self._faces.search(face_id, min_similarity=0, limit=MAX_MATCHES)
        similar = {match.face_id: match.similarity for match in matches}
        return sum(similar[other] for other in own) / len(own)

    def _nearest(
        self, similar: Mapping[FaceId, float], min_similarity: float
    ) -> tuple[UserMatch, ...]:
        matches = [
            UserMatch(user_id, sum(similar.get(face_id, 0.0) for face_id in own) / len(own))
            for user_id in self._there
            if (own := self._of(user_id))
        ]
        found = [match for match in matches if match.similarity >= min_similarity]
        return tuple(sorted(found, key=lambda match: (-match.similarity, match.user_id)))
