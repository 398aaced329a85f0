"""Clients of AWS's services, or of servers that speak as they do. boto3 is of the extra ``aws``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, TypeAlias, cast

from kith.domain.errors import SettingError

Client: TypeAlias = Any
"""boto3 makes its clients at run time, so they have no type. Several threads may use one."""

_ATTEMPTS: Final = 8
"""Of each request, the first included, with pauses that grow and vary; adaptive retries slow a
client down to what the service lets through. A service that throttles does so for seconds."""

_CONNECTIONS: Final = 32
"""At once, of one client; botocore's own ten would have threads wait for each other."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a client asks.

    Attributes:
        attempts: of each request, the first included.
        retries: botocore's mode: ``adaptive``, or ``standard`` for who tries again himself.
        connect_seconds: until it gives up on a connection.
        read_seconds: until it gives up on an answer.
    """

    attempts: int = _ATTEMPTS
    retries: str = "adaptive"
    connect_seconds: int = 5
    read_seconds: int = 30


_USUAL: Final = Manner()


def client_of(
    service: str,
    *,
    region: str = "",
    endpoint: str = "",
    profile: str = "",
    otherwhere: str = "",
    manner: Manner = _USUAL,
    **options: Any,
) -> Client:
    """A client that repeats what was throttled or lost.

    What is empty is found as every program of AWS finds it: in the environment
    (``AWS_ENDPOINT_URL_S3``, ``AWS_REGION``, ``AWS_PROFILE``), in files, from roles.

    Args:
        service: as botocore calls it, such as ``sqs``.
        region: of Amazon's.
        endpoint: another server's URL.
        profile: of the files with settings and credentials.
        otherwhere: the region where none is found.
        manner: how it asks.
        options: botocore's ``Config`` besides.

    Raises:
        SettingError: boto3 is not installed, or cannot work with what it found.
    """
    try:
        import boto3  # noqa: PLC0415 - of the extra `aws`, and slow to import
        from botocore.config import Config  # noqa: PLC0415
        from botocore.exceptions import BotoCoreError  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise SettingError(
            f"{_name(service)} needs boto3", "Install it: pip install 'kith[aws]'"
        ) from error
    config = Config(
        retries={"mode": manner.retries, "total_max_attempts": manner.attempts},
        connect_timeout=manner.connect_seconds,
        read_timeout=manner.read_seconds,
        max_pool_connections=_CONNECTIONS,
        **options,
    )
    try:
        session = cast("Any", boto3).Session(
            profile_name=profile or None, region_name=region or None
        )
        return session.client(
            service,
            region_name=session.region_name or otherwhere or None,
            endpoint_url=endpoint or None,
            config=config,
        )
    except (BotoCoreError, ValueError) as error:
        raise SettingError(f"{_name(service)} cannot be used ({error})") from error


_NAMES: Final = {"dynamodb": "DynamoDB", "rekognition": "Rekognition"}


def _name(service: str) -> str:
    return _NAMES.get(service, service.upper())
