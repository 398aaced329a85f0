"""What can be read in a photo."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from kith.domain.face import Box, Point

Polygon: TypeAlias = tuple[Point, ...]
"""The corners of something written, from the upper left of the text on, clockwise."""


@dataclass(frozen=True, slots=True)
class TextWord:
    """One word of a line.

    Attributes:
        text: as it was read; never empty, no spaces.
        confidence: that it was read rightly, percent.
        polygon: around it.
    """

    text: str
    confidence: float
    polygon: Polygon


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of text.

    Attributes:
        text: as it was read.
        confidence: that it was read rightly, percent.
        polygon: around it.
        words: what spaces separate, from its beginning to its end; at least one.
    """

    text: str
    confidence: float
    polygon: Polygon
    words: tuple[TextWord, ...]


@dataclass(frozen=True, slots=True)
class ReadText:
    """What can be read in a picture.

    Attributes:
        lines: from the top to the bottom.
        version: of what read them.
    """

    lines: tuple[TextLine, ...]
    version: str


def box_around(polygon: Polygon) -> Box:
    """The upright box around the corners."""
    left, top = min(point.x for point in polygon), min(point.y for point in polygon)
    right, bottom = max(point.x for point in polygon), max(point.y for point in polygon)
    return Box(left, top, right - left, bottom - top)


# -- searching -------------------------------------------------------------------------------------

MOST_WORDS: Final = 10_000
"""Words of a photo by which its text is found. No photo has as many, and PostgreSQL numbers them up
to 16,383."""

_LONGEST_WORD: Final = 200
"""Characters of a word that are compared. PostgreSQL keeps words of 2,046 bytes."""

_ACCENTS: Final = range(0x0300, 0x0370)
"""The accents of Latin, Greek and Cyrillic letters. Those of other scripts make other letters."""

_UNSPACED: Final = (
    range(0x0E00, 0x1000),  # Thai, Lao, Tibetan
    range(0x1000, 0x10A0),  # Burmese
    range(0x1780, 0x1800),  # Khmer
    range(0x3005, 0x3008),  # iteration marks
    range(0x3040, 0x3130),  # Hiragana, Katakana, Bopomofo
    range(0x31A0, 0x3200),
    range(0x3400, 0x4DC0),  # Chinese characters
    range(0x4E00, 0xA000),
    range(0xF900, 0xFB00),
    range(0x20000, 0x32000),
)
"""Scripts that put no spaces between words, so that each character is one."""


def words_of(text: str) -> list[str]:
    """The words by which a text is found: without case, accents, and what is no letter or number.

    Of scripts without spaces, each character is a word.
    """
    return [word[:_LONGEST_WORD] for word in _words(_plain(text))][:MOST_WORDS]


def holds_words(words: Sequence[str], asked: Sequence[str]) -> bool:
    """Whether the words asked for follow upon each other among these; of the last, the beginning.

    So "gate 1" is in "to gate 12". No words are in every text.
    """
    if not asked:
        return True
    *whole, begun = asked
    length = len(whole)
    return any(
        list(words[start : start + length]) == whole and words[start + length].startswith(begun)
        for start in range(len(words) - length)
    )


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    bare = "".join(letter for letter in decomposed if ord(letter) not in _ACCENTS)
    return unicodedata.normalize("NFKC", bare)


def _words(text: str) -> Iterator[str]:
    word = ""
    for letter in f"{text} ":
        is_written = unicodedata.category(letter)[0] in "LMN"
        if is_written and not any(ord(letter) in script for script in _UNSPACED):
            word += letter
            continue
        yield from filter(None, (word, letter if is_written else ""))
        word = ""
