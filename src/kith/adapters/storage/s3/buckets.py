"""Objects of other people's buckets, which are only read."""

from __future__ import annotations

from kith.adapters.aws import Manner
from kith.adapters.storage.s3.client import OF_STORES, S3Service, translated
from kith.domain.errors import KithError, NotFoundError

_SOON = Manner(attempts=3, read_seconds=20)
"""Somebody waits for the answer to a request."""


class S3Buckets:
    """``Buckets`` of S3.

    Args:
        endpoint: the service's URL; empty for Amazon's own. Keys and region are found as boto3
            finds them: environment, files, roles.

    Raises:
        SettingError: boto3 is not installed, or cannot work with what it found.
    """

    def __init__(self, endpoint: str = "") -> None:
        self._client = S3Service(endpoint).client(_SOON)

    def read(self, bucket: str, key: str, version: str | None, most: int, /) -> bytes:
        """See ``Buckets.read``."""
        which = {"Bucket": bucket, "Key": key} | ({"VersionId": version} if version else {})
        try:
            with translated(f"s3://{bucket}/{key}", OF_STORES):
                body = self._client.get_object(**which)["Body"]
                with body:
                    return body.read(most)
        except KithError as error:
            # The client learns no more; the log has the reason.
            raise NotFoundError(f"The object {key} of bucket {bucket} was not read") from error
