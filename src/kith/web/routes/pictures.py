"""Pictures, by addresses that were signed: whoever has one may look, until it expires."""

from __future__ import annotations

import time
from typing import Annotated, Any, Final
from urllib.parse import quote

from fastapi import APIRouter, Header, Path, Query, Request, Response
from fastapi.responses import FileResponse, RedirectResponse
from pydantic import BaseModel, Field

from kith.domain.face import FaceId
from kith.domain.photo import PhotoId
from kith.pipeline.serving.accepting import encoding_for
from kith.pipeline.serving.files import OriginalObject, original_of
from kith.pipeline.serving.handing import download_address, original_address
from kith.pipeline.serving.renditions import CROP_SIDE, LARGE_CROP_SIDE, Rendition, Size
from kith.pipeline.serving.signing import PhotoPicture
from kith.pipeline.sharing.downloads import download_of
from kith.pipeline.sharing.pictures import signer_of
from kith.web.services import Served, Services

router = APIRouter(tags=["pictures"])

PhotoPath = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$", description="The photo's id.")]
FacePath = Annotated[str, Path(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
Accept = Annotated[str, Header(include_in_schema=False)]


class Signature(BaseModel):
    """What makes an address good."""

    until: int = Field(ge=0, lt=1 << 53, description="When it ends, in seconds since 1970.")
    sign: str = Field(max_length=64)
    link: str | None = Field(default=None, max_length=64, description="Whose guests it is for.")


Signed = Annotated[Signature, Query()]

_SIZES: Final = {
    PhotoPicture.TINY: Size.TINY,
    PhotoPicture.SMALL: Size.SMALL,
    PhotoPicture.LARGE: Size.LARGE,
}

_INERT: Final = {
    "X-Content-Type-Options": "nosniff",
    # A picture that is opened by itself runs nothing and loads nothing, whatever it holds.
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
}

_PICTURES: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The picture.",
        "content": {kind: {} for kind in ("image/webp", "image/jpeg")},
    },
    304: {"description": "It is the one that the client has."},
}
_FILES: Final[dict[int | str, dict[str, Any]]] = _PICTURES | {
    200: {"description": "The picture.", "content": {"image/*": {}}},
    307: {"description": "It is handed out elsewhere, for some minutes."},
    206: {"description": "The part of an original that was asked for.", "content": {"image/*": {}}},
}


@router.get("/pictures/{photo_id}/{kind}", response_class=Response, responses=_FILES)
def picture(
    services: Served,
    request: Request,
    photo_id: PhotoPath,
    kind: PhotoPicture,
    signed: Signed,
    accept: Accept = "",
) -> Response:
    """A photo's picture to look at, or its original, whole or in parts."""
    signer = signer_of(services.access, services.urls, signed.link, kind)
    signer.check_photo(photo_id, kind, signed.until, signed.sign)
    if kind not in _SIZES and signed.link is not None:
        return _for_guests(services, PhotoId(photo_id), kind)
    if kind not in _SIZES and services.store is not None:
        return _elsewhere(original_address(services, services.store, PhotoId(photo_id), kind))
    if kind not in _SIZES:
        return _original(services, request, PhotoId(photo_id), kind, signed.until)
    size, encoding = _SIZES[kind], encoding_for(accept)
    tag = f'"{photo_id[:32]}-{size.value}-{encoding.suffix}"'
    if _has(request, tag):
        return _unchanged(tag, signed.until)
    made = services.renditions.photo(PhotoId(photo_id), size, encoding)
    return _rendition(made, tag, signed.until)


@router.get("/crops/{face_id}", response_class=Response, responses=_PICTURES)
def crop(
    services: Served,
    request: Request,
    face_id: FacePath,
    signed: Signed,
    accept: Accept = "",
) -> Response:
    """A face, square."""
    return _crop(services, request, face_id, signed, accept)


@router.get("/crops/{face_id}/large", response_class=Response, responses=_PICTURES)
def large_crop(
    services: Served,
    request: Request,
    face_id: FacePath,
    signed: Signed,
    accept: Accept = "",
) -> Response:
    """A face, square, to be looked at closely."""
    return _crop(services, request, face_id, signed, accept, large=True)


def _crop(
    services: Services,
    request: Request,
    face_id: str,
    signed: Signature,
    accept: str,
    *,
    large: bool = False,
) -> Response:
    signer = signer_of(services.access, services.urls, signed.link)
    signer.check_crop(face_id, signed.until, signed.sign, large=large)
    side, encoding = LARGE_CROP_SIDE if large else CROP_SIDE, encoding_for(accept)
    tag = f'"{face_id}-{side}-{encoding.suffix}"'
    if _has(request, tag):
        return _unchanged(tag, signed.until)
    made = services.renditions.face(FaceId(face_id), encoding, side)
    return _rendition(made, tag, signed.until)


def _rendition(made: Rendition, tag: str, until: int) -> Response:
    headers = _INERT | {"Vary": "Accept"}
    headers |= _kept(tag, until) if made.lasting else {"Cache-Control": "no-store"}
    return Response(made.data, media_type=made.encoding.media_type, headers=headers)


def _original(
    services: Served, request: Request, photo_id: PhotoId, kind: PhotoPicture, until: int
) -> Response:
    """The original's bytes; ``FileResponse`` answers ``Range`` and ``If-Range`` (RFC 9110, 14)."""
    tag = f'"{photo_id}"'
    if _has(request, tag) and "range" not in request.headers:
        return _unchanged(tag, until)
    file = original_of(services.catalog, services.originals, photo_id)
    # Names on disks need not be text; whatever is not, is not sent.
    name = file.name.encode("utf-8", "replace").decode()
    how = "attachment" if kind is PhotoPicture.DOWNLOAD else "inline"
    headers = _INERT | _kept(tag, until)
    if isinstance(file, OriginalObject):
        told = {"Content-Disposition": f"{how}; filename*=utf-8''{quote(name, safe='')}"}
        return Response(file.data, headers=headers | told, media_type=file.media_type)
    return FileResponse(
        file.path,
        headers=headers,
        media_type=file.media_type,
        stat_result=file.status,
        filename=name,
        content_disposition_type=how,
    )


def _for_guests(services: Services, photo_id: PhotoId, kind: PhotoPicture) -> Response:
    """Nothing is kept of it: the link may end before the address would."""
    file = download_of(services.catalog, services.originals, services.renditions, photo_id)
    if services.store is not None:
        return _elsewhere(download_address(services, services.store, photo_id, file, kind))
    how = "attachment" if kind is PhotoPicture.DOWNLOAD else "inline"
    headers = _INERT | {
        "Cache-Control": "private, no-store",
        "Content-Disposition": f'{how}; filename="{file.name}"',
    }
    return Response(file.data, media_type=file.media_type, headers=headers)


def _elsewhere(address: str) -> Response:
    return RedirectResponse(address, headers=_INERT | {"Cache-Control": "private, no-store"})


def _has(request: Request, tag: str) -> bool:
    """Whether the client has this picture (RFC 9110, 13.1.2)."""
    known = request.headers.get("if-none-match", "")
    tags = {one.strip().removeprefix("W/") for one in known.split(",")}
    return tag in tags or "*" in tags


def _unchanged(tag: str, until: int) -> Response:
    return Response(status_code=304, headers=_kept(tag, until) | {"Vary": "Accept"})


def _kept(tag: str, until: int) -> dict[str, str]:
    """A picture never changes, for its id is of its bytes; its address ends some time."""
    left = max(0, until - int(time.time()))
    return {"ETag": tag, "Cache-Control": f"private, max-age={left}, immutable"}
