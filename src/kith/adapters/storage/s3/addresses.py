"""Addresses under which anyone can use objects of S3: presigned URLs, made many at once, and forms.

boto3 makes them as well, each with the moment at which it was made, so that a browser finds nothing
in its cache, and in ten times the time. These begin when they are told to, and are the same for
as long as one wants. See "Authenticating Requests: Using Query Parameters (AWS Signature Version
4)" in the API Reference of S3, and "Browser-Based Uploads Using POST" there.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final, cast
from urllib.parse import quote, urlsplit

from kith.adapters.storage.s3.source import address_parts
from kith.domain.errors import SettingError
from kith.ports.storage import Form, Reading

_ALGORITHM: Final = "AWS4-HMAC-SHA256"
_OF_AMAZON: Final = (".amazonaws.com", ".amazonaws.com.cn")


class S3Addresses:
    """``Addresses`` of S3.

    Args:
        client: of S3, which says where it is.
        profile: of the files with credentials; empty for those that are found by themselves.

    Raises:
        SettingError: there are no credentials.
    """

    def __init__(self, client: Any, profile: str = "") -> None:
        import boto3  # noqa: PLC0415 - whoever has a client has it

        # They may be renewed, so they are asked for each time.
        self._credentials: Any = (
            cast("Any", boto3).Session(profile_name=profile or None).get_credentials()
        )
        if self._credentials is None:
            raise SettingError("Nothing can be signed for S3 without credentials")
        endpoint = urlsplit(str(client.meta.endpoint_url))
        self._scheme, self._host = endpoint.scheme, endpoint.netloc
        self._region: str = client.meta.region_name

    def to_read(self, where: str, /, *, begins: int, seconds: int, reading: Reading) -> str:
        """See ``Addresses.to_read``."""
        bucket, key = address_parts(where)
        host, root = self._place(bucket)
        path = root + quote(key, safe="/-_.~")
        keys = self._credentials.get_frozen_credentials()
        moment = _moment(begins)
        scope = self._scope(moment)
        query = _query(
            {
                "X-Amz-Algorithm": _ALGORITHM,
                "X-Amz-Credential": f"{keys.access_key}/{scope}",
                "X-Amz-Date": moment,
                "X-Amz-Expires": str(seconds),
                "X-Amz-Security-Token": keys.token or "",
                "X-Amz-SignedHeaders": "host",
                "response-cache-control": reading.caching,
                "response-content-disposition": reading.disposition,
                "response-content-type": reading.media_type,
            }.items()
        )
        asked = f"GET\n{path}\n{query}\nhost:{host}\n\nhost\nUNSIGNED-PAYLOAD"
        digest = hashlib.sha256(asked.encode()).hexdigest()
        signed = f"{_ALGORITHM}\n{moment}\n{scope}\n{digest}"
        signature = self._sign(signed, keys.secret_key, moment)
        return f"{self._scheme}://{host}{path}?{query}&X-Amz-Signature={signature}"

    def to_write(
        self, where: str, /, *, begins: int, seconds: int, media_type: str, most: int
    ) -> Form:
        """See ``Addresses.to_write``: a policy of S3, which says what the form may hold."""
        bucket, key = address_parts(where)
        keys = self._credentials.get_frozen_credentials()
        moment = _moment(begins)
        fields = {
            "key": key,
            "Content-Type": media_type,
            "x-amz-algorithm": _ALGORITHM,
            "x-amz-credential": f"{keys.access_key}/{self._scope(moment)}",
            "x-amz-date": moment,
        } | ({"x-amz-security-token": keys.token} if keys.token else {})
        rules: list[object] = [{"bucket": bucket}, ["content-length-range", 1, most]]
        rules += [{name: value} for name, value in fields.items()]
        ends = datetime.fromtimestamp(begins + seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        policy = base64.b64encode(json.dumps({"expiration": ends, "conditions": rules}).encode())
        fields["policy"] = policy.decode()
        fields["x-amz-signature"] = self._sign(policy.decode(), keys.secret_key, moment)
        host, root = self._place(bucket)
        return Form(f"{self._scheme}://{host}{root}", fields)

    def _place(self, bucket: str) -> tuple[str, str]:
        """The host and the root of a bucket: Amazon's have hosts of their own."""
        if self._host.endswith(_OF_AMAZON):
            domain = "amazonaws.com" + self._host.rpartition("amazonaws.com")[2]
            return f"{bucket}.s3.{self._region}.{domain}", "/"
        return self._host, f"/{bucket}/"

    def _scope(self, moment: str) -> str:
        return f"{moment[:8]}/{self._region}/s3/aws4_request"

    def _sign(self, what: str, secret: str, moment: str) -> str:
        key = _signing_key(secret, moment[:8], self._region)
        return hmac.digest(key, what.encode(), "sha256").hex()


def _query(parameters: Iterable[tuple[str, str]]) -> str:
    """Those that say something, in the order in which they are signed."""
    return "&".join(f"{name}={quote(value, safe='-_.~')}" for name, value in parameters if value)


def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y%m%dT%H%M%SZ")


@lru_cache(maxsize=8)
def _signing_key(secret: str, day: str, region: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in (day, region, "s3", "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key
