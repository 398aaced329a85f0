"""JSON as it stands in bodies: strict when read, plain when written."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from kith.rekognition.errors import Kind, RekognitionError

CONTENT_TYPE = "application/x-amz-json-1.1"


def parse(body: bytes) -> Any:
    """The document of a body; an empty body is an empty object.

    Raises:
        RekognitionError: ``SerializationException``; it is no JSON, in UTF-8, of a sane depth.
    """
    if not body.strip():
        return {}
    try:
        return msgspec.json.decode(body)
    except RecursionError:
        raise RekognitionError(Kind.SERIALIZATION, "The body is nested too deeply") from None
    except ValueError as error:  # a part of the text could be a part of a picture: no more is said
        raise RekognitionError(Kind.SERIALIZATION, "The body is not valid JSON") from error


def render(document: Any) -> bytes:
    """A document as a body: UTF-8, no spaces.

    Raises:
        ValueError: a number is not finite, or a text has half a surrogate pair.
    """
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode("utf-8")
