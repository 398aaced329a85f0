"""What guests take home: a photo without what its file says of places, cameras and people."""

from __future__ import annotations

from dataclasses import dataclass

from kith.domain.errors import UnsupportedFormatError
from kith.domain.photo import PhotoId
from kith.imaging.bare import without_metadata
from kith.imaging.encode import Encoding
from kith.pipeline.originals import Originals
from kith.pipeline.serving.files import original_of
from kith.pipeline.serving.renditions import Renditions, Size
from kith.ports.catalog import Catalog


@dataclass(frozen=True, slots=True)
class Download:
    """A file for a guest.

    Attributes:
        data: its bytes.
        media_type: of these bytes.
        name: of the file, which says nothing of how it is called here.
    """

    data: bytes
    media_type: str
    name: str


def download_of(
    catalog: Catalog, originals: Originals, renditions: Renditions, photo_id: PhotoId
) -> Download:
    """The original's pixels; of formats of which nothing can be taken out, a large JPEG.

    Raises:
        NotFoundError: there is no such photo, or no file has it any more.
    """
    file = original_of(catalog, originals, photo_id)
    try:
        data, media_type = without_metadata(file.read()), file.media_type
    except UnsupportedFormatError:
        made = renditions.photo(photo_id, Size.LARGE, Encoding.JPEG)
        data, media_type = made.data, made.encoding.media_type
    kind = media_type.rpartition("/")[2].replace("jpeg", "jpg")
    return Download(data, media_type, f"{photo_id[:12]}.{kind}")
