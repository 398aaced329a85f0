"""A PNG as it is stored, whatever its EXIF says of which way is up."""

from __future__ import annotations

_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def without_turn(data: bytes) -> bytes:
    """The same PNG without its EXIF, which could turn it; other bytes as they are.

    Source: PNG (third edition), 5.3 and 11.3.4.4 (eXIf, of which there is one at most).
    """
    if not data.startswith(_SIGNATURE):
        return data
    start = len(_SIGNATURE)
    while start + 8 <= len(data):
        kind = data[start + 4 : start + 8]
        end = start + 12 + int.from_bytes(data[start : start + 4], "big")
        if kind == b"eXIf":
            return data[:start] + data[end:]  # a second one would make it no PNG
        if kind == b"IEND":
            break
        start = end
    return data
