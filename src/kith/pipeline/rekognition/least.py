"""The least similarity that a request asks for."""

from __future__ import annotations

import struct

from kith.rekognition.interface import Members
from kith.rekognition.writing import narrowed


def least_similarity(members: Members, name: str, default: float) -> float:
    """The least similarity, percent, that is told as at least what the request says.

    Numbers have 32 bits on the wire, so a similarity may be told as a little more than it is. Who
    asks for what he was told finds it.
    """
    asked = narrowed(members.get(name, default))
    if asked <= 0:
        return 0.0
    (bits,) = struct.unpack("<I", struct.pack("<f", asked))
    (before,) = struct.unpack("<f", struct.pack("<I", bits - 1))
    return (before + asked) / 2
