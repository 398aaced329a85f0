"""Names for files that somebody sends: as he called them, as far as a file may be called so."""

from __future__ import annotations

import unicodedata
from pathlib import PurePath
from typing import Final

from kith.pipeline.walk import PICTURE_SUFFIXES

_MOST_BYTES: Final = 120
"""Of a name in UTF-8, without its suffix. File systems take 255; a number may be added."""

_FORBIDDEN: Final = frozenset('<>:"|?*')
"""Characters that Windows, and so a shared or external disk, does not take."""

_RESERVED: Final = frozenset(
    {"con", "prn", "aux", "nul"}
    | {f"{port}{number}" for port in ("com", "lpt") for number in range(10)}
)
"""Names that Windows takes for devices."""

_SUFFIXES: Final = {
    "JPEG": ".jpg",
    "MPO": ".jpg",
    "PNG": ".png",
    "WEBP": ".webp",
    "HEIF": ".heic",
    "AVIF": ".avif",
    "TIFF": ".tif",
    "GIF": ".gif",
    "BMP": ".bmp",
}
"""What files of each format are called, where their name says nothing or something else."""


def file_name(name: str, format_: str) -> str:
    """A safe file name for a picture.

    Only its last part counts, so it leads nowhere else; what is not printed is left out, and so are
    dots at its beginning, which would hide it. A suffix that is no picture's stays as a part of the
    name, behind which the right one stands.

    Args:
        name: as it was sent.
        format_: the picture's format, as ``Photo.format``.
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    printed = "".join(each for each in unicodedata.normalize("NFC", last) if _may_stand(each))
    clean = printed.strip(" .")
    stem, suffix = PurePath(clean).stem, PurePath(clean).suffix
    if suffix.lower() not in PICTURE_SUFFIXES:
        stem, suffix = clean, _SUFFIXES.get(format_, ".jpg")
    stem = _shortened(stem).strip(" .") or "photo"
    return f"_{stem}{suffix}" if stem.split(".")[0].lower() in _RESERVED else f"{stem}{suffix}"


def _may_stand(character: str) -> bool:
    return character.isprintable() and character not in _FORBIDDEN


def _shortened(stem: str) -> str:
    return stem.encode()[:_MOST_BYTES].decode(errors="ignore")
