"""Texts that leave the machine."""

from __future__ import annotations


def shown(text: str) -> str:
    """The text with a question mark for each byte of a file name that JSON cannot hold."""
    return text.encode("utf-8", "replace").decode()
