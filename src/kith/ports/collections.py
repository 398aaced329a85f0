"""Collections of faces that a client makes, names and fills: faces, users, tags.

Where ``FaceCollection`` is what Kith's own pipeline needs, these are what a client of Rekognition
can ask for besides: several collections, ids of his own for pictures, some faces of a picture
kept and others not, and users, which are several faces of one person taken together.

All of it may be called from several threads and processes at once. What changes something is
durable when it returns, and happens as a whole or not at all; it may raise ``LibraryFullError``
where there is no room. A collection that is deleted meanwhile raises ``NotFoundError``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Protocol

from kith.domain.errors import UsageError
from kith.domain.face import FaceDetail, FaceId, Match
from kith.domain.photo import PhotoId

if TYPE_CHECKING:
    from kith.imaging.picture import Picture

MAX_USER_FACES: Final = 100
"""Faces. The most that a user may have; Rekognition's limit."""


class AlreadyThereError(UsageError):
    """There is a collection, or a user, of that id."""


class ProtectedCollectionError(UsageError):
    """The collection holds the faces of a library's photos, which clients may only read."""


class TooManyFacesError(UsageError):
    """A user would have more faces than he may."""


class TokenTakenError(UsageError):
    """A request came before with the same token, and asked for something else."""


@dataclass(frozen=True, slots=True)
class CollectionFacts:
    """What is known of a collection.

    Attributes:
        number: its place among all, which no other one ever has.
        id: its name.
        model_version: digits and dots; vectors of different versions are not compared.
        created_at: when it was made, aware of its zone.
        face_count: how many faces it has.
        user_count: how many users it has.
    """

    number: int
    id: str
    model_version: str
    created_at: datetime
    face_count: int
    user_count: int


@dataclass(frozen=True, slots=True)
class Listed:
    """A collection in a list: its place among all, name and model version."""

    number: int
    id: str
    model_version: str


@dataclass(frozen=True, slots=True)
class KeptFace:
    """A face of a collection.

    Attributes:
        place: where it stands in the order in which faces were kept; for ``KeptFaces.page`` alone.
        id: its id.
        detail: what can be seen of it.
        picture_id: SHA-256 of the picture that it is in.
        external_id: what the client calls that picture.
        user_id: the user that it was associated with.
    """

    place: str
    id: FaceId
    detail: FaceDetail
    picture_id: PhotoId
    external_id: str | None = None
    user_id: str | None = None


@dataclass(frozen=True, slots=True)
class Removal:
    """What became of faces that were to be removed.

    Attributes:
        removed: those that are gone now.
        of_users: those that stay, because they are associated with a user, and with whom; all
            others were not there.
    """

    removed: frozenset[FaceId]
    of_users: Mapping[FaceId, str]


class Refusal(StrEnum):
    """Why a face was not associated with a user, or not taken from him."""

    NOT_FOUND = "not found"
    OTHER_USER = "associated to another user"
    UNLIKE = "not similar enough"


@dataclass(frozen=True, slots=True)
class RefusedFace:
    """A face with which nothing was done.

    Attributes:
        face_id: which.
        reason: why.
        user_id: the user that it is associated with, if there is one.
        similarity: to the user, percent, where that was too little.
    """

    face_id: FaceId
    reason: Refusal
    user_id: str | None = None
    similarity: float | None = None


@dataclass(frozen=True, slots=True)
class FacesOfUser:
    """What became of faces that were to be associated with a user, or taken from him.

    Attributes:
        done: those with which it was done now, in the order asked.
        refused: those with which it was not; faces that were his already are in neither.
        active: whether the user has any face now.
    """

    done: tuple[FaceId, ...]
    refused: tuple[RefusedFace, ...]
    active: bool


@dataclass(frozen=True, slots=True)
class User:
    """A user; ``active`` where any face is associated with him."""

    number: int
    id: str
    active: bool


@dataclass(frozen=True, slots=True)
class UserMatch:
    """A user with his similarity, percent."""

    user_id: str
    similarity: float


@dataclass(frozen=True, slots=True)
class Once:
    """By what a repeated request is known: then it does nothing, and has the answer of the first.

    Attributes:
        token: the client's.
        request: what is asked for, as text; the same token with another one is refused.
    """

    token: str
    request: str


class KeptFaces(Protocol):
    """The faces of one collection."""

    def keep(
        self, picture: Picture, external_id: str | None, faces: Mapping[int, FaceDetail], /
    ) -> tuple[KeptFace, ...]:
        """Keep some of a picture's faces.

        The same picture under the same external id is the same: what was kept of it is there
        already, with the same ids. Without an external id, every time is another one.

        Args:
            picture: as ``Recognizer.detect_faces`` saw it.
            external_id: what the client calls it.
            faces: those to keep, by their rank among all that were detected, the largest's being 0.

        Returns:
            The kept faces, in the order of the ranks.
        """
        ...

    def page(
        self,
        after: str,
        limit: int,
        /,
        *,
        user_id: str | None = None,
        face_ids: Collection[FaceId] | None = None,
    ) -> Sequence[KeptFace]:
        """The next faces in the order in which they were kept.

        Args:
            after: the place after which to begin, be its face still there or not; empty for all.
            limit: how many at most.
            user_id: of this user alone.
            face_ids: of these alone; those that are not there are left out.
        """
        ...

    def remove(self, face_ids: Collection[FaceId], /) -> Removal:
        """Remove these faces for good, except those that are associated with a user."""
        ...

    def search(self, face_id: FaceId, /, *, min_similarity: float, limit: int) -> tuple[Match, ...]:
        """As ``FaceCollection.search``, for one face.

        Raises:
            NotFoundError: there is no such face.
        """
        ...

    def search_by_picture(
        self, picture: Picture, face: FaceDetail, /, *, min_similarity: float, limit: int
    ) -> tuple[Match, ...]:
        """As ``FaceCollection.search_by_picture``, for a face that was detected there."""
        ...


class Users(Protocol):
    """The users of one collection: several faces of one person, taken together.

    What a search finds is as similar as the person of all his faces, not as one of them.
    """

    def create(self, user_id: str, once: Once | None = None, /) -> None:
        """Make a user without faces.

        Raises:
            AlreadyThereError: there is one of that id.
            TokenTakenError: another request had this token.
        """
        ...

    def delete(self, user_id: str, once: Once | None = None, /) -> None:
        """Delete a user; the faces stay.

        Raises:
            NotFoundError: there is no such user.
            TokenTakenError: another request had this token.
        """
        ...

    def page(self, after: int, limit: int, /) -> Sequence[User]:
        """The next users in the order of their numbers, from the first above ``after`` on."""
        ...

    def associate(
        self,
        user_id: str,
        face_ids: Sequence[FaceId],
        once: Once | None = None,
        /,
        *,
        min_similarity: float,
    ) -> FacesOfUser:
        """Add faces to a user: his first face whatever it is, others that are similar to him.

        Raises:
            NotFoundError: there is no such user.
            TooManyFacesError: he would have too many; then none was added.
            TokenTakenError: another request had this token.
        """
        ...

    def disassociate(
        self, user_id: str, face_ids: Sequence[FaceId], once: Once | None = None, /
    ) -> FacesOfUser:
        """Take faces from a user; they stay in the collection.

        Raises:
            NotFoundError: there is no such user.
            TokenTakenError: another request had this token.
        """
        ...

    def search(
        self, face_id: FaceId, /, *, min_similarity: float, limit: int
    ) -> tuple[UserMatch, ...]:
        """The users most similar to a face, most similar first; its own is among them.

        Raises:
            NotFoundError: there is no such face.
        """
        ...

    def search_by_user(
        self, user_id: str, /, *, min_similarity: float, limit: int
    ) -> tuple[UserMatch, ...]:
        """The other users most similar to a user, most similar first; none where he has no face.

        Raises:
            NotFoundError: there is no such user.
        """
        ...

    def search_by_picture(
        self, picture: Picture, face: FaceDetail, /, *, min_similarity: float, limit: int
    ) -> tuple[UserMatch, ...]:
        """The users most similar to a face that was detected in a picture."""
        ...


class OpenCollection(Protocol):
    """One collection."""

    @property
    def faces(self) -> KeptFaces:
        """Its faces."""
        ...

    @property
    def users(self) -> Users:
        """Its users."""
        ...


class Collections(Protocol):
    """All collections, by their ids.

    Every method with an id may raise ``NotFoundError``, and every one that changes something
    ``ProtectedCollectionError``.
    """

    @property
    def model_version(self) -> str:
        """What new collections have: digits and dots."""
        ...

    def create(self, collection_id: str, tags: Mapping[str, str], /) -> None:
        """Make an empty collection.

        Raises:
            AlreadyThereError: there is one of that id.
        """
        ...

    def page(self, after: int, limit: int, /) -> Sequence[Listed]:
        """The next collections in the order of their numbers, from the first above ``after`` on.

        Numbers are never negative.
        """
        ...

    def describe(self, collection_id: str, /) -> CollectionFacts:
        """What is known of a collection."""
        ...

    def open(self, collection_id: str, /, *, writing: bool = False) -> OpenCollection:
        """A collection, to ask or, with ``writing``, to change it.

        Raises:
            PackMismatchError: its faces are of another model pack.
        """
        ...

    def delete(self, collection_id: str, /) -> None:
        """Delete a collection, with everything in it."""
        ...

    def tags(self, collection_id: str, /) -> Mapping[str, str]:
        """Its tags, in the order of their keys."""
        ...

    def tag(self, collection_id: str, tags: Mapping[str, str], most: int, /) -> None:
        """Add tags, or give them new values.

        Raises:
            UsageError: it would have more than ``most``; then nothing was changed.
        """
        ...

    def untag(self, collection_id: str, keys: Collection[str], /) -> None:
        """Take tags away; those that are not there are no error."""
        ...
