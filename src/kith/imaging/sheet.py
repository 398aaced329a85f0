"""A contact sheet: every person's crops in one picture, to see at a glance how grouping went."""

from __future__ import annotations

import math
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from kith.domain.errors import PictureError
from kith.imaging.border import image_border
from kith.imaging.encode import encode_jpeg

MAX_ROWS: Final = 500
"""People on one sheet: with 12 crops each it has about 38 megapixels, which viewers still open."""

MAX_CROPS: Final = 12
"""Crops of one person: enough to spot a stranger among them."""

_ACROSS: Final = 6
_GAP: Final = 2
_MARGIN: Final = 12
_SHAPE: Final = 4 / 3
_PAPER: Final = (255, 255, 255)
_INK: Final = (32, 32, 32)
_FAINT: Final = (200, 200, 200)
_FONTS: Final = (
    "DejaVuSans.ttf",
    "NotoSans-Regular.ttf",
    "LiberationSans-Regular.ttf",
    "Arial.ttf",
)
"""What Linux, macOS and Windows have, the best covered first."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One person on a contact sheet.

    Attributes:
        title: the name and what else is worth telling, in one line.
        crops: square pictures of the person's faces as JPEG, best first.
    """

    title: str
    crops: Sequence[bytes]


def contact_sheet(rows: Sequence[SheetRow]) -> bytes:
    """A JPEG of all rows, in as many columns as make it about 4:3, read column by column.

    Of a person ``MAX_CROPS`` crops are shown, of the people the first ``MAX_ROWS``; what is left
    out is counted: behind the title, and in a last line. A crop that is no picture shows as a gray
    square. Titles are in the first font of ``_FONTS`` that is installed; without any, in Pillow's
    own, which has no accented letters, so that accents are left out.
    """
    sheet = _Sheet(rows)
    return encode_jpeg(sheet.draw(), quality=85)


@dataclass(frozen=True, slots=True)
class _Block:
    """A row laid out: its title, its crops and its height in pixels."""

    title: str
    crops: Sequence[bytes]
    height: int


class _Sheet:
    """The layout of one contact sheet, and the drawing of it."""

    def __init__(self, rows: Sequence[SheetRow]) -> None:
        self._cell = 96 if len(rows) <= 100 else 64
        self._font, self._accents = _font(size=14 if self._cell == 96 else 12)
        self._line = 22 if self._cell == 96 else 18
        self._block_width = _ACROSS * (self._cell + _GAP) - _GAP
        blocks = [self._block(row) for row in islice(rows, MAX_ROWS)]
        if not rows or len(rows) > MAX_ROWS:
            more = f"and {len(rows) - MAX_ROWS} more people" if rows else "no people yet"
            blocks.append(_Block(more, (), self._line + _MARGIN))
        self._columns = list(_columns(blocks, self._block_width + 2 * _MARGIN))

    def draw(self) -> Image.Image:
        height = max(sum(block.height for block in column) for column in self._columns)
        stride = self._block_width + 2 * _MARGIN
        size = (stride * len(self._columns), height + _MARGIN)
        sheet = Image.new("RGB", size, _PAPER)
        pen = ImageDraw.Draw(sheet)
        for number, column in enumerate(self._columns):
            top = _MARGIN
            for block in column:
                self._draw_block(sheet, pen, block, (stride * number + _MARGIN, top))
                top += block.height
        return sheet

    def _block(self, row: SheetRow) -> _Block:
        crops = row.crops[:MAX_CROPS]
        left_out = len(row.crops) - len(crops)
        title = f"{row.title} (+{left_out})" if left_out else row.title
        lines = math.ceil(len(crops) / _ACROSS)
        height = self._line + lines * (self._cell + _GAP) + _MARGIN
        return _Block(self._fitting(self._writable(title)), crops, height)

    def _writable(self, title: str) -> str:
        """The title in one line and in letters that the font has."""
        line = " ".join(title.split())
        if self._accents:
            return line
        letters = unicodedata.normalize("NFKD", line)
        return "".join(letter for letter in letters if not unicodedata.combining(letter))

    def _fitting(self, title: str) -> str:
        """The title, its end cut off where it is wider than a block."""
        if self._font.getlength(title) <= self._block_width:
            return title

        def width(letters: int) -> float:
            return self._font.getlength(title[:letters] + "…")

        letters = bisect_right(range(len(title)), self._block_width, key=width) - 1
        return title[:letters] + "…"

    def _draw_block(
        self, sheet: Image.Image, pen: ImageDraw.ImageDraw, block: _Block, at: tuple[int, int]
    ) -> None:
        left, top = at
        pen.text((left, top), block.title, fill=_INK, font=self._font)
        for number, crop in enumerate(block.crops):
            line, place = divmod(number, _ACROSS)
            step = self._cell + _GAP
            corner = (left + place * step, top + self._line + line * step)
            sheet.paste(_square(crop, self._cell), corner)


def _font(size: int) -> tuple[ImageFont.FreeTypeFont | ImageFont.ImageFont, bool]:
    """A font, and whether it has accented letters."""
    for name in _FONTS:
        try:
            return ImageFont.truetype(name, size), True
        except OSError:
            continue
    return ImageFont.load_default(size), False


def _columns(blocks: Sequence[_Block], width: int) -> Iterator[Sequence[_Block]]:
    """The blocks in order, split so that the whole has about the sheet's shape."""
    total = sum(block.height for block in blocks)
    tallest = math.sqrt(total * width / _SHAPE)
    column: list[_Block] = []
    height = 0
    for block in blocks:
        if column and height + block.height > tallest:
            yield column
            column, height = [], 0
        column.append(block)
        height += block.height
    yield column


def _square(crop: bytes, cell: int) -> Image.Image:
    try:
        with image_border("a crop"), Image.open(BytesIO(crop), formats=["JPEG"]) as image:
            image.draft("RGB", (cell, cell))
            return image.convert("RGB").resize((cell, cell), Image.Resampling.HAMMING)
    except PictureError:
        return Image.new("RGB", (cell, cell), _FAINT)
