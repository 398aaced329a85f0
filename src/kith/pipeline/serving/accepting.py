"""Which encoding a picture is sent in."""

from __future__ import annotations

from kith.imaging.encode import Encoding


def encoding_for(accept: str) -> Encoding:
    """WebP for whoever says that it is understood, else JPEG, which everybody understands.

    Args:
        accept: the header of the request. ``*/*`` says nothing of what is understood.
    """
    for part in accept.lower().split(","):
        kind, *parameters = (word.strip() for word in part.split(";"))
        refused = any(one.replace(" ", "") in _NOTHING for one in parameters)
        if kind == Encoding.WEBP.media_type and not refused:
            return Encoding.WEBP
    return Encoding.JPEG


_NOTHING = frozenset({"q=0", "q=0.0", "q=0.00", "q=0.000"})
