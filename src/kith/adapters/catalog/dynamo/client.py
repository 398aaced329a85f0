"""The client of DynamoDB, and what its errors mean."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any, Final, cast

from botocore.exceptions import BotoCoreError, ClientError

from kith.adapters.aws import Client, client_of
from kith.domain.errors import (
    KithError,
    LibraryBusyError,
    LibraryError,
    LibraryFullError,
    LibraryReadOnlyError,
)


def dynamodb_client(region: str = "", endpoint: str = "") -> Client:
    """A client that repeats what was throttled or lost.

    Args:
        region: of Amazon's; empty for what boto3 finds.
        endpoint: another server's URL; empty for Amazon's.

    Raises:
        SettingError: see ``client_of``.
    """
    return client_of("dynamodb", region=region, endpoint=endpoint)


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
