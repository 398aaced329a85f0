"""The client of the service, and what its errors mean."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, Final, cast

from botocore.exceptions import BotoCoreError, ClientError

from kith.adapters.aws import Client, Manner, client_of
from kith.domain.errors import (
    BrokenPictureError,
    KithError,
    LibraryBusyError,
    LibraryError,
    LibraryFullError,
    LibraryReadOnlyError,
    NotFoundError,
    PictureTooLargeError,
)

_PATIENT: Final = Manner(connect_seconds=10, read_seconds=60)
"""A picture of 5 MB takes its time."""


def rekognition_client(region: str = "", endpoint: str = "") -> Client:
    """A client that repeats what was throttled or lost.

    Args:
        region: of Amazon's; empty for what boto3 finds.
        endpoint: another server's URL; empty for Amazon's.

    Raises:
        SettingError: see ``client_of``.
    """
    return client_of("rekognition", region=region, endpoint=endpoint, manner=_PATIENT)


@contextmanager
def understood() -> Generator[None]:
    """Turn what the client raises into Kith's errors.

    What ``InvalidParameterException`` means depends on what was asked: see ``InvalidError``.
    """
    try:
        yield
    except ClientError as error:
        raise _error_of(cast(Any, error).response["Error"]) from error
    except BotoCoreError as error:
        raise LibraryError(
            f"Rekognition cannot be reached ({error})", "Check the network, region and keys."
        ) from error


class InvalidError(KithError):
    """``InvalidParameterException``: an unknown face, a picture without one, and much else."""


_KINDS: Final[dict[str, tuple[type[KithError], str]]] = {
    "InvalidParameterException": (InvalidError, ""),
    "InvalidImageFormatException": (BrokenPictureError, "Save the picture anew as JPEG."),
    "ImageTooLargeException": (PictureTooLargeError, "Make the picture smaller."),
    "ResourceNotFoundException": (NotFoundError, "Make the collection first."),
    "ServiceQuotaExceededException": (LibraryFullError, "Use another collection."),
    "AccessDeniedException": (LibraryReadOnlyError, "Give the key the permission."),
    "ThrottlingException": (LibraryBusyError, "Try again later."),
    "ProvisionedThroughputExceededException": (LibraryBusyError, "Try again later."),
}


def _error_of(told: dict[str, str]) -> KithError:
    code, message = told.get("Code", ""), told.get("Message", "")
    kind, advice = _KINDS.get(code, (LibraryError, ""))
    return kind(f"Rekognition says {code}: {message.rstrip('.')}", advice)
