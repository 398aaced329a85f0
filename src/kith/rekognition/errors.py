"""What can go wrong, by the service's own names, and how it is said on the wire.

The real service has two voices. What an operation refuses comes from Rekognition itself::

    {"__type": "InvalidParameterException", "Code": "InvalidParameterException",
     "Logref": "<request id>", "Message": "Request has invalid parameters"}

What does not get as far as an operation comes from the layer in front of it, and is shorter::

    {"__type": "ValidationException", "message": "1 validation error detected: ..."}

Both are of recorded answers, and so is ``SerializationException``, which says ``Message``.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """The names of errors: of the service's model, and after those of the layer before it."""

    ACCESS_DENIED = "AccessDeniedException"
    CONFLICT = "ConflictException"
    IDEMPOTENT_PARAMETER_MISMATCH = "IdempotentParameterMismatchException"
    IMAGE_TOO_LARGE = "ImageTooLargeException"
    INTERNAL_SERVER_ERROR = "InternalServerError"
    INVALID_IMAGE_FORMAT = "InvalidImageFormatException"
    INVALID_PAGINATION_TOKEN = "InvalidPaginationTokenException"  # noqa: S105 - no password
    INVALID_PARAMETER = "InvalidParameterException"
    INVALID_S3_OBJECT = "InvalidS3ObjectException"
    LIMIT_EXCEEDED = "LimitExceededException"
    PROVISIONED_THROUGHPUT_EXCEEDED = "ProvisionedThroughputExceededException"
    RESOURCE_ALREADY_EXISTS = "ResourceAlreadyExistsException"
    RESOURCE_IN_USE = "ResourceInUseException"
    RESOURCE_NOT_FOUND = "ResourceNotFoundException"
    RESOURCE_NOT_READY = "ResourceNotReadyException"
    SERVICE_QUOTA_EXCEEDED = "ServiceQuotaExceededException"
    THROTTLING = "ThrottlingException"

    INCOMPLETE_SIGNATURE = "IncompleteSignatureException"
    INVALID_SIGNATURE = "InvalidSignatureException"
    MISSING_AUTHENTICATION_TOKEN = "MissingAuthenticationTokenException"  # noqa: S105 - no password
    REQUEST_TIMEOUT = "RequestTimeoutException"
    REQUEST_TOO_LARGE = "RequestEntityTooLargeException"
    SERIALIZATION = "SerializationException"
    UNKNOWN_OPERATION = "UnknownOperationException"
    UNRECOGNIZED_CLIENT = "UnrecognizedClientException"
    VALIDATION = "ValidationException"


class RekognitionError(Exception):
    """An error that the client is told.

    Args:
        kind: its name on the wire.
        message: what clients show, and some compare: the real service's words where they are known.
    """

    def __init__(self, kind: Kind, message: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message

    @property
    def status(self) -> int:
        """The HTTP status: 400, but for a few."""
        return _STATUS.get(self.kind, 400)

    def members(self, request_id: str) -> Mapping[str, str]:
        """The body of the answer."""
        if self.kind is Kind.SERIALIZATION:
            return {"__type": self.kind, "Message": self.message}
        if self.kind in _IN_FRONT:
            return {"__type": self.kind, "message": self.message}
        return {
            "__type": self.kind,
            "Code": self.kind,
            "Logref": request_id,
            "Message": self.message,
        }


_STATUS: Final = {
    Kind.INTERNAL_SERVER_ERROR: 500,
    Kind.REQUEST_TIMEOUT: 408,
    Kind.REQUEST_TOO_LARGE: 413,
}
"""``ThrottlingException`` may be 400 or 500 with the real service; every SDK retries either."""

_IN_FRONT: Final = frozenset(
    {
        Kind.INCOMPLETE_SIGNATURE,
        Kind.INVALID_SIGNATURE,
        Kind.MISSING_AUTHENTICATION_TOKEN,
        Kind.REQUEST_TIMEOUT,
        Kind.REQUEST_TOO_LARGE,
        Kind.UNKNOWN_OPERATION,
        Kind.UNRECOGNIZED_CLIENT,
        Kind.VALIDATION,
    }
)
