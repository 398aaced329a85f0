"""Strings that sort as times, figures and texts do: parts of keys."""

from __future__ import annotations

import hashlib
import struct
from typing import Final

from kith.domain.face import FaceId

UNDATED: Final = "~"
"""Sorts behind every second."""

_LONGEST: Final = 900
"""Characters of a text that is part of a key; a sort key may have 1,024 bytes."""


def similarity_key(similarity: float, face_id: FaceId) -> str:
    """Sorts the highest similarity first, equal ones by face id."""
    return f"{falling(similarity)}#{face_id}"


def falling(figure: float) -> str:
    """Sorts figures, the largest first: the bits of a double sort as it does, but for the sign."""
    (bits,) = struct.unpack(">Q", struct.pack(">d", figure + 0.0))
    rising = bits ^ (2**64 - 1) if bits >> 63 else bits | 1 << 63
    return f"{rising ^ (2**64 - 1):016x}"


def time_key(second: str | None, face_id: FaceId) -> str:
    """Sorts appearances by when the photo was taken, then by face id; undated ones last."""
    return f"{second or UNDATED}#{face_id}"


def text_key(text: str) -> str:
    """A text as a part of a key: sorts as the text does, and differs from that of every other.

    DynamoDB takes no lone surrogates, which names of files may hold, and no long texts. The former
    become what sorts between their neighbors, of the latter only the beginning sorts.
    """
    beginning = text_beginning(text)
    if len(beginning) <= _LONGEST // 4 or len(_safe_text(text).encode()) <= _LONGEST:
        return beginning
    return f"{beginning}#{hashlib.sha256(utf8(text)).hexdigest()}"


def text_beginning(text: str) -> str:
    """With what the keys of all texts begin that begin so; of long ones, only so much sorts."""
    return "=" + _safe_text(text).encode()[:_LONGEST].decode(errors="ignore")


def sorted_part(key: str) -> str:
    """The part of a text's key that certainly sorts; those of texts that begin alike are alike.

    A character has four bytes at most, so cutting one at the end of a long text's beginning leaves
    all but three.
    """
    return key.encode()[: _LONGEST - 3].decode(errors="ignore")


def _safe_text(text: str) -> str:
    return text if text.isascii() else "".join(map(_safe, text))


_LAST_BEFORE_SURROGATES: Final = "\ud7ff"


def _safe(character: str) -> str:
    if character == _LAST_BEFORE_SURROGATES:
        return f"{character}0"
    if "\ud800" <= character <= "\udfff":
        return f"{_LAST_BEFORE_SURROGATES}1{ord(character):04x}"
    return character


def utf8(text: str) -> bytes:
    """The bytes of a text, whatever is in it."""
    return text.encode(errors="surrogatepass")
