"""An account of AWS as its owner sees it: who asks, and what the errors of its services mean."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any, Final, cast

from kith.adapters.aws import client_of
from kith.domain.errors import KithError, NotFoundError, SettingError, StoreError

_LOGIN: Final = (
    "Log in (`aws sso login`, and AWS_PROFILE says as whom), or set AWS_ACCESS_KEY_ID and "
    "AWS_SECRET_ACCESS_KEY."
)
_RIGHTS: Final = "Check what the policies of this user or role allow."

_NOBODY: Final = frozenset(
    {"AuthFailure", "ExpiredToken", "ExpiredTokenException", "IncompleteSignature"}
    | {"InvalidAccessKeyId", "InvalidClientTokenId", "InvalidToken", "SignatureDoesNotMatch"}
    | {"UnrecognizedClientException"}
)
"""What AWS says of keys that are nobody's, any more or at all."""

_GONE: Final = frozenset(
    {"AWS.SimpleQueueService.NonExistentQueue", "NoSuchBucket", "QueueDoesNotExist"}
    | {"ResourceNotFoundException"}
)
_UNKNOWN: Final = frozenset(
    {"501", "InvalidAction", "UnknownOperationException", "UnsupportedOperation"}
)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks.

    Attributes:
        account: the number of the account.
        name: the user's or role's, as an ARN.
    """

    account: str
    name: str


def who_asks(region: str) -> Caller:
    """Whose keys are used.

    Raises:
        SettingError: there are none, AWS does not take them, or boto3 is not installed.
        StoreError: AWS cannot be reached.
    """
    with closing(client_of("sts", region=region)) as client, translated("AWS"):
        told = client.get_caller_identity()
    return Caller(told["Account"], told["Arn"])


def usual_region() -> str:
    """The region that AWS's own settings name; empty if they name none.

    Raises:
        SettingError: boto3 is not installed, or cannot work with what it found.
    """
    try:
        import boto3  # noqa: PLC0415 - of the extra `aws`, and slow to import
        from botocore.exceptions import BotoCoreError  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise SettingError("AWS needs boto3", "Install it: pip install 'kith[aws]'") from error
    try:
        found: str | None = cast("Any", boto3).Session().region_name
    except BotoCoreError as error:  # there is no such profile, or the file cannot be read
        raise SettingError(f"AWS cannot be used ({error})", _LOGIN) from error
    # boto3 does not heed the variable that AWS's other programs and Terraform do.
    return found or os.environ.get("AWS_REGION", "")


@contextmanager
def translated(what: str) -> Generator[None]:
    """Turn boto3's errors into Kith's; ``what`` is used."""
    from botocore.exceptions import (  # noqa: PLC0415 - only who has a client comes here
        BotoCoreError,
        ClientError,
        CredentialRetrievalError,
        NoCredentialsError,
        PartialCredentialsError,
        SSOError,
    )

    nobody = (CredentialRetrievalError, NoCredentialsError, PartialCredentialsError, SSOError)
    try:
        yield
    except ClientError as error:
        raise _of_answer(error, what) from error
    except nobody as error:
        raise SettingError(f"There are no keys for AWS ({error})", _LOGIN) from error
    except BotoCoreError as error:
        raise StoreError(f"{what} cannot be reached ({error})", "Check the network.") from error


def is_unknown(error: Exception) -> bool:
    """Whether a service says that it does not know the operation, or fails over it as emulators do.

    What fails so was not done.
    """
    told: Any = getattr(error, "response", {})
    code, status = told.get("Error", {}).get("Code", ""), told.get("ResponseMetadata", {})
    return code in _UNKNOWN or "NotImplemented" in code or status.get("HTTPStatusCode", 0) >= 500


def _of_answer(error: Any, what: str) -> KithError:
    told = error.response.get("Error", {})
    code, message = str(told.get("Code", "")), str(told.get("Message", "")).rstrip(".")
    if code in _NOBODY:
        return SettingError(f"AWS does not take these keys: {message or code}", _LOGIN)
    if code in _GONE:
        return NotFoundError(
            f"{what} is not there",
            "Is it the right account? `kith aws deploy --plan` says what is lacking.",
        )
    if code.startswith("AccessDenied") or code == "UnauthorizedOperation":
        return StoreError(f"{what} may not be used: {message or code}", _RIGHTS)
    return StoreError(f"{what} cannot be used: {code} {message}".rstrip(), "Try again later.")
