"""Addresses of pictures that guests of a link were given: they are as good as the link is."""

from __future__ import annotations

from kith.domain.errors import ForbiddenError, GoneError, NotFoundError
from kith.pipeline.access.kit import Access
from kith.pipeline.serving.signing import PhotoPicture, UrlSigner
from kith.pipeline.sharing.links import working_link

_ORIGINALS = frozenset({PhotoPicture.ORIGINAL, PhotoPicture.DOWNLOAD})


def signer_of(
    access: Access, urls: UrlSigner, link_id: str | None, kind: PhotoPicture | None = None
) -> UrlSigner:
    """What is to check an address.

    Args:
        access: where links are kept.
        urls: the library's own signer.
        link_id: the link that the address names, if it names one.
        kind: of a photo's picture; ``None`` for a crop.

    Raises:
        GoneError: the link does not work any more.
        ForbiddenError: it does not let guests have the originals.
    """
    if link_id is None:
        return urls
    try:
        link = working_link(access, link_id)
    except NotFoundError as error:
        raise GoneError("The link that this address was made for does not work any more") from error
    if kind in _ORIGINALS and not link.download:
        raise ForbiddenError("This link does not let guests have the originals")
    return urls.for_link(link.id)
