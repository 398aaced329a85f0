"""Which renditions are wanted, as a table of the settings file says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from kith.domain.errors import SettingError
from kith.domain.rendition import Form, Format, Metadata

_KEYS: Final = ("to", "long_side", "width", "height", "format", "quality", "metadata")
_LARGEST: Final = 16_383
"""Pixels of a side: as many as WebP can have."""


@dataclass(frozen=True, slots=True)
class RenditionSettings:
    """One kind of copy.

    Attributes:
        name: what it is called.
        to: a folder's absolute path, or an address in S3.
        form: what the copies are like.
    """

    name: str
    to: str
    form: Form


def read_renditions(table: Mapping[str, Any]) -> tuple[RenditionSettings, ...]:
    """The renditions of a table of tables.

    Raises:
        SettingError: one of them cannot be.
    """
    return tuple(_read(name, value) for name, value in sorted(table.items()))


def _read(name: str, value: Any) -> RenditionSettings:
    if not isinstance(value, dict):
        raise SettingError(f"The rendition {name} must be a table", f"Write [renditions.{name}].")
    given = cast("dict[str, Any]", value)
    for key in given:
        if key not in _KEYS:
            raise SettingError(f"Renditions have no {key!r}", f"They have {', '.join(_KEYS)}.")
    to = given.get("to")
    if not isinstance(to, str) or not to:
        raise SettingError(f"The rendition {name} goes nowhere", 'Say to = "a folder or s3://…".')
    where = to if "://" in to else str(Path(to).expanduser().absolute())
    return RenditionSettings(name, where.rstrip("/"), _form(name, given))


def _form(name: str, given: Mapping[str, Any]) -> Form:
    wide, high = (_number(name, given, key, _LARGEST) for key in ("width", "height"))
    if bool(wide) != bool(high) or (wide and "long_side" in given):
        raise SettingError(
            f"The rendition {name} must have width and height, or long_side",
            "With long_side the proportions stay; with width and height the middle is cut out.",
        )
    usual = Form()
    return Form(
        long_side=_number(name, given, "long_side", _LARGEST) or usual.long_side,
        cover=(wide, high) if wide else None,
        format=_one_of(name, given, "format", {one.name.lower(): one for one in Format}),
        quality=_number(name, given, "quality", 100),
        metadata=_one_of(name, given, "metadata", {one.value: one for one in Metadata}),
    )


def _number(name: str, given: Mapping[str, Any], key: str, most: int) -> int:
    value = given.get(key, 0)
    if key in given and (type(value) is not int or not 1 <= value <= most):
        raise SettingError(f"{key} of the rendition {name} must be a number from 1 to {most}")
    return value


def _one_of(name: str, given: Mapping[str, Any], key: str, words: Mapping[str, Any]) -> Any:
    """What the word stands for; the first where there is none."""
    word = given.get(key, next(iter(words)))
    if word not in words:
        raise SettingError(f"{key} of the rendition {name} must be one of {', '.join(words)}")
    return words[word]
