"""What the operations work with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

from kith.domain.errors import NotFoundError
from kith.pipeline.rekognition.images import Images
from kith.ports.collections import Collections, OpenCollection
from kith.ports.recognition import Recognizer
from kith.rekognition.errors import Kind, RekognitionError
from kith.rekognition.interface import Members


@dataclass(frozen=True, slots=True)
class Kit:
    """The ports, and what reads pictures.

    Attributes:
        collections: all collections.
        recognizer: sees faces.
        images: the pictures of requests.
    """

    collections: Collections
    recognizer: Recognizer
    images: Images

    def open(self, members: Members, *, writing: bool = False) -> OpenCollection:
        """The collection that a request names.

        Raises:
            RekognitionError: ``ResourceNotFoundException``.
        """
        try:
            return self.collections.open(members["CollectionId"], writing=writing)
        except NotFoundError:
            refuse_collection(members["CollectionId"])


def refuse_collection(collection_id: str) -> NoReturn:
    """Say that there is no such collection."""
    raise RekognitionError(
        Kind.RESOURCE_NOT_FOUND, f"The collection id: {collection_id} does not exist"
    ) from None
