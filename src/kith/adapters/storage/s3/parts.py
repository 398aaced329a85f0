"""Large objects, written in parts that can be taken up again where they stopped."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from typing import Any, Final

from kith.ports.depots import Content

PART_BYTES: Final = 16 * 1024 * 1024
"""Of each part but the last: large enough for 10,000 of them to hold 160 GB, which is far more than
any picture, and small enough to be sent again."""


class Parts:
    """One large object.

    Args:
        client: of S3.
        which: bucket and key.
    """

    def __init__(self, client: Any, which: Mapping[str, str]) -> None:
        self._client = client
        self._which = which

    def write(self, data: Content, condition: Mapping[str, str]) -> None:
        """Write the object as one writer among several; what cannot be ended leaves nothing."""
        upload = self._begin({})
        try:
            self._send(data, upload, {}, condition, lambda _: None)
        except BaseException:
            self._client.abort_multipart_upload(**self._which, UploadId=upload)
            raise

    def take_up(
        self, data: Content, described: Mapping[str, Any], sent: Callable[[int], None]
    ) -> None:
        """Write the object, with the parts of it that an earlier writer got there.

        What cannot be ended is left for the next attempt; a rule of the bucket should take away
        what nobody takes up again. For one writer at a time.

        Args:
            data: the bytes.
            described: content type and metadata.
            sent: told of bytes that are there now.
        """
        upload, there = self._begun() or (self._begin(described), {})
        self._send(data, upload, there, {}, sent)

    def _send(
        self,
        data: Content,
        upload: str,
        there: Mapping[int, str],
        condition: Mapping[str, str],
        sent: Callable[[int], None],
    ) -> None:
        """Send the parts that are not there; the object is there when all are, and not before."""
        tags: list[dict[str, object]] = []
        for number, start in enumerate(range(0, len(data), PART_BYTES), start=1):
            part = data[start : start + PART_BYTES]
            digest = hashlib.md5(part, usedforsecurity=False)
            tag = there.get(number, "")
            if tag.strip('"') != digest.hexdigest():
                tag = self._client.upload_part(
                    **self._which,
                    UploadId=upload,
                    PartNumber=number,
                    Body=part,
                    ContentMD5=base64.b64encode(digest.digest()).decode(),
                )["ETag"]
            tags.append({"PartNumber": number, "ETag": tag})
            sent(len(part))
        self._client.complete_multipart_upload(
            **self._which, **condition, UploadId=upload, MultipartUpload={"Parts": tags}
        )

    def _begin(self, described: Mapping[str, Any]) -> str:
        return self._client.create_multipart_upload(**self._which, **described)["UploadId"]

    def _begun(self) -> tuple[str, Mapping[int, str]] | None:
        """The upload of this key that was begun last and not ended, and its parts' tags."""
        listed = self._client.list_multipart_uploads(
            Bucket=self._which["Bucket"], Prefix=self._which["Key"]
        )
        own = [one for one in listed.get("Uploads", ()) if one["Key"] == self._which["Key"]]
        if not own:
            return None
        upload = max(own, key=lambda one: one["Initiated"])["UploadId"]
        pages = self._client.get_paginator("list_parts").paginate(**self._which, UploadId=upload)
        parts = [part for page in pages for part in page.get("Parts", ())]
        return upload, {part["PartNumber"]: part["ETag"] for part in parts}
