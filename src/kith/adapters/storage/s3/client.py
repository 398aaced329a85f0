"""How S3 is reached, and what its errors mean. boto3 is of the extra ``aws``, and imported here."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from kith.adapters.aws import Client, Manner, client_of
from kith.domain.errors import (
    KithError,
    LibraryError,
    LibraryFullError,
    LibraryReadOnlyError,
    NotFoundError,
    SettingError,
    StaleError,
    StoreError,
    UsageError,
)

_USUAL: Final = Manner(read_seconds=60)

_NOT_THERE: Final = frozenset({"404", "NoSuchKey", "NoSuchVersion", "NotFound", "NoSuchUpload"})
_FULL: Final = frozenset({"507", "InsufficientStorage", "QuotaExceeded", "XMinioStorageFull"})
_CHANGED: Final = frozenset({"409", "412", "ConditionalRequestConflict", "PreconditionFailed"})
_REFUSED: Final = frozenset(
    {"401", "403", "AccessDenied", "AllAccessDisabled", "AccountProblem", "InvalidAccessKeyId"}
    | {"SignatureDoesNotMatch", "ExpiredToken", "InvalidToken", "MethodNotAllowed", "Forbidden"}
)
_ARCHIVED: Final = frozenset({"InvalidObjectState"})

_ALLOWED: Final = "Check the credentials, and what their policy allows."
_KEYS: Final = "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE."


@dataclass(frozen=True, slots=True)
class S3Service:
    """Which S3 is meant.

    What is empty is found as every program of AWS finds it: in the environment
    (``AWS_ENDPOINT_URL_S3``, ``AWS_REGION``, ``AWS_PROFILE``), in files, from roles.

    Attributes:
        endpoint: the service's URL; empty for Amazon's own.
        region: where the buckets are.
        profile: of the files with settings and credentials.
    """

    endpoint: str = ""
    region: str = ""
    profile: str = ""

    def client(self, manner: Manner = _USUAL) -> Client:
        """A client, which several threads may use.

        Raises:
            SettingError: see ``client_of``.
        """
        return client_of(
            "s3",
            region=self.region,
            endpoint=self.endpoint,
            profile=self.profile,
            # A store elsewhere rarely asks for the region, but every signature names one.
            otherwhere="us-east-1",
            manner=manner,
            # Other stores than Amazon's know no checksums of this kind; Content-MD5 they all do.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            signature_version="s3v4",
        )


@dataclass(frozen=True, slots=True)
class Errors:
    """Which errors a port speaks of.

    Attributes:
        refused: the store does not allow it.
        failed: it cannot be reached, or fails.
    """

    refused: type[KithError]
    failed: type[KithError]


OF_STORES: Final = Errors(StoreError, StoreError)
OF_LIBRARIES: Final = Errors(LibraryReadOnlyError, LibraryError)


@contextmanager
def translated(what: str, errors: Errors) -> Generator[None]:
    """Turn boto3's errors into Kith's; ``what`` is the address that they are about."""
    from botocore.exceptions import (  # noqa: PLC0415 - only who has a client comes here
        BotoCoreError,
        ClientError,
        NoCredentialsError,
        ParamValidationError,
        PartialCredentialsError,
    )

    try:
        yield
    except ClientError as error:
        raise _of_answer(error, what, errors) from error
    except (NoCredentialsError, PartialCredentialsError) as error:
        raise SettingError(f"{what} cannot be used without credentials", _KEYS) from error
    except ParamValidationError as error:
        raise UsageError(f"{what} is no address of an object: {error}") from error
    except (BotoCoreError, OSError) as error:
        raise errors.failed(
            f"{what} cannot be reached ({error})", "Check the network and the endpoint's address."
        ) from error


def _of_answer(error: Any, what: str, errors: Errors) -> KithError:
    """What a store's refusal means; HEAD answers with a number alone."""
    told = error.response.get("Error", {})
    code, message = str(told.get("Code", "")), str(told.get("Message", "")).rstrip(".")
    for codes, kind, text, advice in (
        ({"NoSuchBucket"}, NotFoundError, "There is no bucket for {}", "Check its name."),
        (_NOT_THERE, NotFoundError, "There is no object {}", ""),
        (_CHANGED, StaleError, "{} changed meanwhile", "Look at it again."),
        (_FULL, LibraryFullError, "There is no room left for {}", "Free some space."),
        (_ARCHIVED, errors.failed, "{} is archived", "Have the store restore it first."),
        (_REFUSED, errors.refused, f"{{}} may not be used: {code} {message}".rstrip(), _ALLOWED),
    ):
        if code in codes:
            return kind(text.replace("{}", what), advice)
    return errors.failed(f"{what} cannot be used: {code} {message}".rstrip(), "Try again later.")
