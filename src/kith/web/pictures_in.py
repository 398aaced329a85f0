"""Bytes that somebody sends: read into memory, and never more of them than allowed.

A picture to search with is not to touch a disk, where it could be found later. So forms are read
here, and not by the framework, which keeps larger files in temporary ones.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from fastapi import HTTPException, Request
from python_multipart.multipart import parse_options_header
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

PROBE_BYTES: Final = 40 * 1024 * 1024
"""The most that a picture to search with may have, with the rest of its form: no phone takes
larger ones."""

_MOST_FIELDS: Final = 20


@dataclass(frozen=True, slots=True)
class PictureForm:
    """A form with a picture.

    Attributes:
        picture: the file's bytes.
        fields: the other fields, as text.
    """

    picture: bytes
    fields: Mapping[str, str]


async def read_body(request: Request, most: int) -> bytes:
    """The body of a request.

    Raises:
        HTTPException: 413, it is larger.
    """
    return b"".join([piece async for piece in _limited(request, most)])


async def read_picture_form(request: Request) -> PictureForm:
    """A ``multipart/form-data`` body whose field ``picture`` is a file.

    Raises:
        HTTPException: 413, it is too large; 415 or 422, it is not such a form.
    """
    kind, _ = parse_options_header(request.headers.get("Content-Type", ""))
    if kind != b"multipart/form-data":
        raise HTTPException(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send multipart/form-data with a file `picture`"
        )
    parser = MultiPartParser(
        request.headers,
        _limited(request, PROBE_BYTES),
        max_files=1,
        max_fields=_MOST_FIELDS,
    )
    parser.spool_max_size = PROBE_BYTES + 1
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError) as error:
        raise HTTPException(
            HTTPStatus.UNPROCESSABLE_ENTITY, "The form cannot be understood"
        ) from error
    try:
        picture = form.get("picture")
        if not isinstance(picture, UploadFile):
            raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY, "The file `picture` is missing")
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
        return PictureForm(await picture.read(), fields)
    finally:
        await form.close()


async def _limited(request: Request, most: int) -> AsyncGenerator[bytes]:
    declared = request.headers.get("Content-Length", "")
    if declared.isdecimal() and int(declared) > most:
        raise _too_large(most)
    seen = 0
    async for piece in request.stream():
        seen += len(piece)
        if seen > most:
            raise _too_large(most)
        yield piece


def _too_large(most: int) -> HTTPException:
    return HTTPException(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"The body may have {most:,} bytes at most"
    )
