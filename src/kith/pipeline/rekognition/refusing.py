"""Kith's errors as the service's."""

from __future__ import annotations

from collections.abc import Callable

from kith.domain.errors import (
    KithError,
    LibraryBusyError,
    ModelError,
    PackMismatchError,
    PictureError,
    PictureTooLargeError,
    WeightsMissingError,
)
from kith.pipeline.rekognition.kit import Kit
from kith.ports.collections import ProtectedCollectionError
from kith.rekognition.errors import Kind, RekognitionError
from kith.rekognition.interface import Call, Members, Operation

Answering = Callable[[Kit, Members, Call], Members]
"""How an operation is written here."""

INVALID = "Request has invalid parameters"
"""What the real service says of most that is wrong."""

NO_FACES = "There are no faces in the image. Should be at least 1."
"""Word for word the real service's: many clients compare it."""


def operation_of(kit: Kit, answering: Answering) -> Operation:
    """The operation; what goes wrong in it is said as the service says it."""

    def answer(members: Members, call: Call, /) -> Members:
        try:
            return answering(kit, members, call)
        except KithError as error:
            refusal = _refusal_of(error)
            if refusal is None:
                raise
            raise refusal from error

    return answer


def invalid(message: str = INVALID) -> RekognitionError:
    """``InvalidParameterException``."""
    return RekognitionError(Kind.INVALID_PARAMETER, message)


def _refusal_of(error: KithError) -> RekognitionError | None:
    """What the client is told; nothing but ``InternalServerError`` where it is no business of his.

    A full disk is such a thing: it passes, and SDKs try again.
    """
    match error:
        case PictureTooLargeError():
            return RekognitionError(Kind.IMAGE_TOO_LARGE, "Image size is too large")
        case PictureError():
            return RekognitionError(Kind.INVALID_IMAGE_FORMAT, "Request has invalid image format")
        case ProtectedCollectionError():
            return RekognitionError(Kind.ACCESS_DENIED, str(error))
        case PackMismatchError() | WeightsMissingError():
            return invalid(_of_models(error))
        case LibraryBusyError():
            message = "Slow down; sudden increase in rate of requests."
            return RekognitionError(Kind.THROTTLING, message)
        case _:
            return None


def _of_models(error: ModelError) -> str:
    if isinstance(error, PackMismatchError):
        return "The collection's faces are of another model than this server runs with"
    # Labels and text are optional. Whoever runs the server can bring them.
    return str(error)
