"""The stateful half: faces that are kept, and searched together."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from kith.adapters.recognition.local.index import CurrentIndex, keys_of
from kith.adapters.recognition.local.ordered import LocalOrderedSearch
from kith.adapters.recognition.local.recognizer import largest_face
from kith.adapters.recognition.local.store import FaceStore, Ids, NewFace, Pin
from kith.domain.errors import NotFoundError, PictureError
from kith.domain.face import Box, Face, FaceDetail, FaceId, Match
from kith.domain.thresholds import DEFAULT_MIN_SIMILARITY, MAX_MATCHES
from kith.engine.scan import DamagedVectorsError, Neighbors
from kith.ports.recognition import Indexed, IndexEntry, PictureSearch

if TYPE_CHECKING:
    import sqlalchemy as sa
    from numpy.typing import NDArray

    from kith.database.open import Database
    from kith.domain.photo import PhotoId
    from kith.engine.engine import Engine
    from kith.engine.pixels import Vectors
    from kith.imaging.picture import Picture

_FACES: Final = uuid.UUID("d6f6b0de-0d2c-5a3e-8f55-5d1c1c0b7a64")
_SLACK: Final = 1e-6
"""Cosine. From percent to cosine and back costs less; the percent has the last word."""


class LocalFaceCollection:
    """A ``FaceCollection`` whose faces lie in the library's database.

    After ``forget``, indexing a picture anew finds its faces anew, with the ids they had.

    Args:
        engine: finds and tells apart the faces.
        database: where they are kept.
        collection_id: which of the database's collections this is.
        index_folder: where the search index is kept between runs; without it, every start reads all
            embeddings from the database.
        place_of: the collection whose place this one is to take: its faces have the ids that they
            would have there. Without it, its own.

    Raises:
        PackMismatchError: the collection is pinned to another pack than the engine's.
    """

    def __init__(
        self,
        engine: Engine,
        database: Database,
        *,
        collection_id: str = "library",
        index_folder: Path | None = None,
        place_of: str | None = None,
    ) -> None:
        pack = engine.pack
        self._engine = engine
        self._database = database
        self._store = FaceStore(
            collection_id, Pin(pack.name, pack.version, pack.embedder.dimensions)
        )
        self._index = CurrentIndex(self._store, index_folder)
        self._place = place_of or collection_id
        with database.read() as connection:
            self._store.version(connection)

    def index(self, entries: Sequence[IndexEntry], /) -> Sequence[Indexed]:
        """See ``FaceCollection.index``."""
        photo_ids = {entry.photo_id for entry in entries}
        with self._database.read() as connection:
            indexed = self._store.indexed(connection, photo_ids)
        seen: dict[PhotoId, _Seen] = {}
        errors: dict[PhotoId, PictureError] = {}
        for entry in entries:
            if entry.photo_id not in indexed and entry.photo_id not in seen:
                try:
                    seen[entry.photo_id] = self._see(entry.picture)
                except PictureError as error:
                    errors[entry.photo_id] = error
        faces = self._keep(seen, photo_ids)
        return [
            Indexed(id_, faces.get(id_, ()), None if id_ in seen else errors.get(id_))
            for id_ in (entry.photo_id for entry in entries)
        ]

    def add_face(self, entry: IndexEntry, box: Box, /) -> Face:
        """See ``FaceCollection.add_face``."""
        face_id = self._face_id(entry.photo_id, f"{box.left},{box.top},{box.width},{box.height}")
        known = {face.id: face for face in self.faces([entry.photo_id])}
        if face_id in known:
            return known[face_id]
        try:
            detail = self._engine.face_in(entry.picture, box)
            vectors = self._engine.embed_chips(self._engine.chips(entry.picture, [detail]))
        finally:
            entry.picture.release()
        face = Face(face_id, entry.photo_id, detail)
        with self._database.write() as connection:
            version = self._store.begin_change(connection)
            rank = self._store.next_rank(connection, entry.photo_id)
            self._store.add(connection, version, (), [NewFace(face, rank, vectors[0])])
        return face

    def search(
        self,
        face_ids: Sequence[FaceId],
        /,
        *,
        min_similarity: float = DEFAULT_MIN_SIMILARITY,
        limit: int = MAX_MATCHES,
    ) -> Sequence[tuple[Match, ...]]:
        """See ``FaceCollection.search``."""
        if not face_ids:
            return []
        with self._database.read() as connection:
            known = self._store.vectors(connection, face_ids)
            for face_id in face_ids:
                if face_id not in known:
                    raise NotFoundError(f"There is no face {face_id} in the collection")
            vectors = np.stack([known[face_id] for face_id in face_ids])
            # One more, because each face is its own nearest, or as near as its copies.
            found = self._search(connection, vectors, min_similarity, limit + 1)
        return [
            tuple(match for match in matches if match.face_id != face_id)[:limit]
            for face_id, matches in zip(face_ids, found, strict=True)
        ]

    def search_by_picture(
        self,
        picture: Picture,
        /,
        *,
        face: FaceDetail | None = None,
        min_similarity: float = DEFAULT_MIN_SIMILARITY,
        limit: int = MAX_MATCHES,
    ) -> PictureSearch:
        """See ``FaceCollection.search_by_picture``."""
        searched = face or largest_face(self._engine, picture, "The picture")
        vector = self._engine.embed_chips(self._engine.chips(picture, [searched]))
        with self._database.read() as connection:
            found = self._search(connection, vector, min_similarity, limit)
        return PictureSearch(searched, found[0])

    def faces(self, photo_ids: Collection[PhotoId] | None = None, /) -> Iterator[Face]:
        """See ``FaceCollection.faces``."""
        if photo_ids is not None:
            with self._database.read() as connection:
                return iter(list(self._store.faces_of(connection, photo_ids)))
        return self._all_faces()

    def forget(self, face_ids: Collection[FaceId], /) -> frozenset[FaceId]:
        """See ``FaceCollection.forget``."""
        with self._database.read() as connection:
            if not self._store.vectors(connection, face_ids):
                return frozenset()
        with self._database.write() as connection:
            version = self._store.begin_change(connection)
            gone = self._store.remove(connection, version, face_ids)
        self._index.forgotten()
        return gone

    def in_order(
        self, faces: Sequence[Ids], /, *, min_similarity: float, limit: int
    ) -> LocalOrderedSearch:
        """A search among these faces, each with its photo, that is told how many have arrived.

        Raises:
            NotFoundError: a face is not in the collection.
        """
        return LocalOrderedSearch(
            self._engine,
            self._database,
            self._store,
            faces,
            min_similarity=min_similarity,
            limit=limit,
        )

    def index_agrees(self) -> bool:
        """Whether the search index holds exactly the database's faces."""
        try:
            with self._database.read() as connection:
                return self._index.agrees(connection)
        except DamagedVectorsError:
            return False

    def rebuild_index(self) -> None:
        """Throw the search index away; the next search builds it from the database."""
        self._index.discard()

    def forgotten(self) -> None:
        """Faces of the collection were removed; see that no file keeps their embeddings."""
        self._index.forgotten()

    def close(self) -> None:
        """Make the next start quick; call it when the last search is over. Keeps nothing open."""
        self._index.close()

    def _see(self, picture: Picture) -> _Seen:
        """What is needed of a picture; its pixels are given back at once."""
        try:
            faces = self._engine.detect(picture)
            return _Seen(faces, self._engine.chips(picture, faces))
        finally:
            picture.release()

    def _keep(
        self, seen: Mapping[PhotoId, _Seen], photo_ids: Collection[PhotoId]
    ) -> dict[PhotoId, tuple[Face, ...]]:
        """Keep what is new, and read back what is kept of all the photos."""
        if not seen:
            with self._database.read() as connection:
                return self._by_photo(connection, photo_ids)
        new_faces = self._new_faces(seen)
        with self._database.write() as connection:
            # Another thread or process may have indexed the same photos meanwhile.
            fresh = seen.keys() - self._store.indexed(connection, seen.keys())
            if fresh:
                version = self._store.begin_change(connection)
                of_fresh = [new for new in new_faces if new.face.photo_id in fresh]
                self._store.add(connection, version, fresh, of_fresh)
            return self._by_photo(connection, photo_ids)

    def _new_faces(self, seen: Mapping[PhotoId, _Seen]) -> list[NewFace]:
        """Every face of the photos, embedded in one go."""
        vectors = self._engine.embed_chips(np.concatenate([one.chips for one in seen.values()]))
        ranked = [
            (Face(self._face_id(photo_id, rank), photo_id, detail), rank)
            for photo_id, one in seen.items()
            for rank, detail in enumerate(one.faces)
        ]
        return [
            NewFace(face, rank, vector)
            for (face, rank), vector in zip(ranked, vectors, strict=True)
        ]

    def _face_id(self, photo_id: PhotoId, which: int | str) -> FaceId:
        """Derived from what was looked at and how, so that doing it again gives the same id."""
        name = f"{self._place}/{self._store.pin.name}/{photo_id}/{which}"
        return FaceId(str(uuid.uuid5(_FACES, name)))

    def _by_photo(
        self, connection: sa.Connection, photo_ids: Collection[PhotoId]
    ) -> dict[PhotoId, tuple[Face, ...]]:
        faces: dict[PhotoId, tuple[Face, ...]] = {}
        for face in self._store.faces_of(connection, photo_ids):
            faces[face.photo_id] = (*faces.get(face.photo_id, ()), face)
        return faces

    def _all_faces(self) -> Iterator[Face]:
        """All faces, a page at a time, so that no transaction stays open while they are used."""
        after: tuple[str, int] | None = ("", -1)
        while after is not None:
            with self._database.read() as connection:
                page, after = self._store.page(connection, after)
            yield from page

    def _search(
        self, connection: sa.Connection, vectors: Vectors, min_similarity: float, limit: int
    ) -> list[tuple[Match, ...]]:
        least = -1.0 if min_similarity <= 0 else self._engine.cosine(min_similarity) - _SLACK
        try:
            found, ids = self._nearest(connection, vectors, least, limit)
        except DamagedVectorsError:
            self._index.discard()
            found, ids = self._nearest(connection, vectors, least, limit)
        return [self._ranked(near, ids, min_similarity) for near in found]

    def _nearest(
        self, connection: sa.Connection, vectors: Vectors, min_cosine: float, limit: int
    ) -> tuple[list[Neighbors], Mapping[int, Ids]]:
        """What the index finds, and the ids of the faces that it found.

        Raises:
            DamagedVectorsError: the index contradicts itself or the database.
        """
        index = self._index.get(connection)
        found = index.search(vectors, min_cosine=min_cosine, limit=limit)
        keys = {
            number: key
            for near in found
            for number, key in zip(near.numbers.tolist(), near.keys.tolist(), strict=True)
        }
        ids = self._store.ids(connection, keys)
        known = np.array([keys[number] for number in ids], np.uint64).reshape(-1, 2)
        if not np.array_equal(known, keys_of([face_id for face_id, _ in ids.values()])):
            raise DamagedVectorsError("the index has other faces than the database")
        return found, ids

    def _ranked(
        self, near: Neighbors, ids: Mapping[int, Ids], min_similarity: float
    ) -> tuple[Match, ...]:
        percents = self._engine.percent(near.cosines).tolist()
        matches = [
            Match(*ids[number], percent)
            for number, percent in zip(near.numbers.tolist(), percents, strict=True)
            if percent >= min_similarity and number in ids  # it may just have been forgotten
        ]
        return tuple(sorted(matches, key=lambda match: (-match.similarity, match.face_id)))


@dataclass(frozen=True, slots=True)
class _Seen:
    """The faces of a photo and their aligned chips."""

    faces: Sequence[FaceDetail]
    chips: NDArray[np.uint8]
