"""The stateful half: faces that are kept, and searched together."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from kith.adapters.recognition.rekognition.client import Client, InvalidError, understood
from kith.adapters.recognition.rekognition.recognizer import RekognitionRecognizer, largest_face
from kith.adapters.recognition.rekognition.wire import (
    detail_of,
    image_of,
    image_of_drawn,
    image_of_face,
    members_of,
    shows_enough,
)
from kith.domain.errors import NoFaceError, NotFoundError, PictureError
from kith.domain.face import Box, Face, FaceDetail, FaceId, Match
from kith.domain.photo import PhotoId
from kith.domain.thresholds import DEFAULT_MIN_SIMILARITY, MAX_MATCHES
from kith.ports.recognition import Indexed, IndexEntry, PictureSearch

if TYPE_CHECKING:
    from kith.imaging.picture import Picture

_MOST_FACES: Final = 100
"""Of one picture; what the service finds at most."""

_AT_ONCE: Final = 4096
"""Faces in one request; Rekognition's limit."""


class RekognitionFaceCollection:
    """A ``FaceCollection`` that lies with Rekognition, and must have been made there.

    A photo's id is its ``ExternalImageId``, by which the service knows it again, so a request that
    is repeated makes no second face. Every promise is kept as far as the service keeps it: Amazon's
    finds a new face only after some seconds. Of a face that is listed, the service tells box and
    confidence alone.

    Args:
        client: of boto3; see ``rekognition_client``.
        collection_id: its name there.
    """

    def __init__(self, client: Client, collection_id: str) -> None:
        self._client = client
        self._id = collection_id
        self._recognizer = RekognitionRecognizer(client)

    def index(self, entries: Sequence[IndexEntry], /) -> Sequence[Indexed]:
        """See ``FaceCollection.index``; what was kept before an error stays."""
        return [self._index(entry) for entry in entries]

    def add_face(self, entry: IndexEntry, box: Box, /) -> Face:
        """See ``FaceCollection.add_face``; the box is cut out and sent as a picture of its own.

        The service's list of faces tells where the face is in that picture, not in the whole.
        """
        picture = entry.picture
        try:
            image = image_of_drawn(picture, box)
            with understood():
                answer = self._client.index_faces(
                    CollectionId=self._id,
                    Image=image,
                    ExternalImageId=entry.photo_id,
                    MaxFaces=1,
                    QualityFilter="NONE",
                )
        finally:
            picture.release()
        if not answer["FaceRecords"]:
            raise NoFaceError("Rekognition sees no face there", "Draw the box around all of it.")
        told = answer["FaceRecords"][0]["Face"]
        size = (picture.width, picture.height)
        detail = detail_of({**told, "BoundingBox": members_of(box)}, size)
        return Face(FaceId(told["FaceId"]), entry.photo_id, detail)

    def search(
        self,
        face_ids: Sequence[FaceId],
        /,
        *,
        min_similarity: float = DEFAULT_MIN_SIMILARITY,
        limit: int = MAX_MATCHES,
    ) -> Sequence[tuple[Match, ...]]:
        """See ``FaceCollection.search``."""
        return [self._search(face_id, min_similarity, limit) for face_id in face_ids]

    def search_by_picture(
        self,
        picture: Picture,
        /,
        *,
        face: FaceDetail | None = None,
        min_similarity: float = DEFAULT_MIN_SIMILARITY,
        limit: int = MAX_MATCHES,
    ) -> PictureSearch:
        """See ``FaceCollection.search_by_picture``; a face that is named is cut out and sent."""
        if face is None:
            searched = largest_face(self._recognizer, picture, "The picture")
            image = image_of(picture)
        else:
            searched, image = face, image_of_face(picture, face)
        try:
            with understood():
                answer = self._client.search_faces_by_image(
                    CollectionId=self._id,
                    Image=image,
                    FaceMatchThreshold=min_similarity,
                    MaxFaces=min(limit, MAX_MATCHES),
                )
        except InvalidError:  # the face was seen in its picture, and not alone
            return PictureSearch(searched, ())
        return PictureSearch(searched, _matches(answer["FaceMatches"]))

    def faces(self, photo_ids: Collection[PhotoId] | None = None, /) -> Iterator[Face]:
        """See ``FaceCollection.faces``; the service lists all, whoever asks for some."""
        if photo_ids is not None and not photo_ids:
            return iter(())
        wanted = None if photo_ids is None else set(photo_ids)
        pages = self._client.get_paginator("list_faces").paginate(CollectionId=self._id)
        with understood():
            listed = [members for page in pages for members in page["Faces"]]
        # What others put there under no id is nobody's photo.
        faces = [_listed(members) for members in listed if "ExternalImageId" in members]
        chosen = [face for face in faces if wanted is None or face.photo_id in wanted]
        return iter(sorted(chosen, key=lambda face: (face.photo_id, -face.box.area)))

    def forget(self, face_ids: Collection[FaceId], /) -> frozenset[FaceId]:
        """See ``FaceCollection.forget``."""
        ids, gone = sorted(set(face_ids)), set[FaceId]()
        for start in range(0, len(ids), _AT_ONCE):
            with understood():
                answer = self._client.delete_faces(
                    CollectionId=self._id, FaceIds=ids[start : start + _AT_ONCE]
                )
            gone.update(map(FaceId, answer["DeletedFaces"]))
        return frozenset(gone)

    def _index(self, entry: IndexEntry) -> Indexed:
        picture = entry.picture
        try:
            if not shows_enough(picture):
                return Indexed(entry.photo_id, ())
            image = image_of(picture)
            with understood():
                answer = self._client.index_faces(
                    CollectionId=self._id,
                    Image=image,
                    ExternalImageId=entry.photo_id,
                    MaxFaces=_MOST_FACES,
                    QualityFilter="NONE",
                )
        except PictureError as error:
            return Indexed(entry.photo_id, (), error)
        finally:
            picture.release()
        size = (picture.width, picture.height)
        faces = [
            Face(
                FaceId(record["Face"]["FaceId"]),
                entry.photo_id,
                detail_of(record["FaceDetail"], size),
            )
            for record in answer["FaceRecords"]
        ]
        return Indexed(entry.photo_id, tuple(sorted(faces, key=lambda face: -face.box.area)))

    def _search(self, face_id: FaceId, min_similarity: float, limit: int) -> tuple[Match, ...]:
        try:
            with understood():
                answer = self._client.search_faces(
                    CollectionId=self._id,
                    FaceId=face_id,
                    FaceMatchThreshold=min_similarity,
                    MaxFaces=min(limit, MAX_MATCHES),
                )
        except InvalidError as error:
            raise NotFoundError(f"There is no face {face_id} in the collection") from error
        return _matches(answer["FaceMatches"])


def _matches(told: Sequence[Any]) -> tuple[Match, ...]:
    matches = [
        Match(
            FaceId(match["Face"]["FaceId"]),
            PhotoId(match["Face"]["ExternalImageId"]),
            match["Similarity"],
        )
        for match in told
        if "ExternalImageId" in match["Face"]
    ]
    return tuple(sorted(matches, key=lambda match: (-match.similarity, match.face_id)))


def _listed(members: Any) -> Face:
    return Face(FaceId(members["FaceId"]), PhotoId(members["ExternalImageId"]), detail_of(members))
