"""Buckets of any S3-compatible service, through boto3."""

from __future__ import annotations

from typing import Any, cast

from kith.domain.errors import NotFoundError, SettingError


class S3Buckets:
    """``Buckets`` of S3.

    Args:
        endpoint: the service's URL; empty for Amazon's own. Keys and region are found as boto3
            finds them: environment, files, roles.

    Raises:
        SettingError: boto3 is not installed, or cannot work with what it found.
    """

    def __init__(self, endpoint: str = "") -> None:
        try:
            import boto3  # noqa: PLC0415 - of the extra `aws`
            from botocore.config import Config  # noqa: PLC0415
            from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415
        except ModuleNotFoundError as error:
            raise SettingError(
                "Reading objects from S3 needs boto3", "Install it: pip install 'kith[aws]'"
            ) from error
        config = Config(
            retries={"mode": "standard", "total_max_attempts": 3},
            connect_timeout=5,
            read_timeout=20,
            max_pool_connections=32,
        )
        self._failures = (BotoCoreError, ClientError)
        try:
            self._client = cast(Any, boto3).client(
                "s3", endpoint_url=endpoint or None, config=config
            )
        except (BotoCoreError, ValueError) as error:
            raise SettingError(f"S3 cannot be used ({error})") from error

    def read(self, bucket: str, key: str, version: str | None, most: int, /) -> bytes:
        """See ``Buckets.read``."""
        which = {"Bucket": bucket, "Key": key} | ({"VersionId": version} if version else {})
        try:
            body = self._client.get_object(**which)["Body"]
            with body:
                return body.read(most)
        except self._failures as error:
            # The client learns no more; the log has the reason.
            raise NotFoundError(f"The object {key} of bucket {bucket} was not read") from error
