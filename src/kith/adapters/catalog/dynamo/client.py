"""The client of DynamoDB, and what its errors mean."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any, Final, TypeAlias, cast

from botocore.exceptions import BotoCoreError, ClientError

from kith.domain.errors import (
    KithError,
    LibraryBusyError,
    LibraryError,
    LibraryFullError,
    LibraryReadOnlyError,
)

Client: TypeAlias = Any
"""boto3 makes its clients at run time, so they have no type."""

_ATTEMPTS: Final = 8
"""Of one request. Adaptive retries slow the client down to what the table lets through."""


def dynamodb_client(region: str = "", endpoint: str = "") -> Client:
    """A client that repeats what was throttled or lost.

    Args:
        region: of Amazon's; empty for what boto3 finds.
        endpoint: another server's URL; empty for Amazon's.
    """
    import boto3  # noqa: PLC0415 - of an extra, and slow to import
    from botocore.config import Config  # noqa: PLC0415

    config = Config(
        retries={"mode": "adaptive", "total_max_attempts": _ATTEMPTS},
        connect_timeout=5,
        read_timeout=30,
        max_pool_connections=32,
    )
    return cast(Any, boto3).client(
        "dynamodb", region_name=region or None, endpoint_url=endpoint or None, config=config
    )


class CanceledError(LibraryError):
    """A transaction was refused as a whole.

    Attributes:
        codes: for each of its items, why; ``None`` where it was not the reason.
    """

    def __init__(self, codes: Sequence[str]) -> None:
        super().__init__(f"DynamoDB refused a change ({', '.join(sorted(set(codes)))})")
        self.codes = codes


@contextmanager
def understood() -> Generator[None]:
    """Turn what the client raises into Kith's errors."""
    try:
        yield
    except ClientError as error:
        raise _error_of(cast(Any, error).response) from error
    except BotoCoreError as error:
        raise LibraryError(
            f"DynamoDB cannot be reached ({error})", "Check the network, region and keys."
        ) from error


_BUSY: Final = "Try again later."
_KINDS: Final[dict[str, tuple[type[KithError], str]]] = {
    "AccessDeniedException": (LibraryReadOnlyError, "Give the role the permission."),
    "ItemCollectionSizeLimitExceededException": (LibraryFullError, ""),
    "LimitExceededException": (LibraryBusyError, _BUSY),
    "ProvisionedThroughputExceededException": (LibraryBusyError, _BUSY),
    "RequestLimitExceeded": (LibraryBusyError, _BUSY),
    "ResourceNotFoundException": (LibraryError, "Make the table first, or name another."),
    "ThrottlingException": (LibraryBusyError, _BUSY),
    "TransactionInProgressException": (LibraryBusyError, _BUSY),
}


def _error_of(response: dict[str, Any]) -> KithError:
    told = response["Error"]
    code, message = told.get("Code", ""), told.get("Message", "")
    if code == "TransactionCanceledException":
        return CanceledError([each["Code"] for each in response.get("CancellationReasons", ())])
    kind, advice = _KINDS.get(code, (LibraryError, ""))
    return kind(f"DynamoDB says {code}: {message.rstrip('.')}", advice)
