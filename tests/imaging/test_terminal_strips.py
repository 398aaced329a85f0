from __future__ import annotations

import io
import re

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from kith.imaging.terminal.blocks import blocks, strip_blocks
from kith.imaging.terminal.sixel import sixels, strip_sixels
from kith.imaging.terminal.strip import strip, strip_png


def test_a_strip_shows_every_crop_beside_the_last() -> None:
    """Crops stand from left to right in squares of the side asked for."""
    image = strip([_crop("red"), _crop("blue")], 40)

    assert image.size == (84, 40)
    assert _is_near(image.getpixel((20, 20)), (255, 0, 0))
    assert _is_near(image.getpixel((64, 20)), (0, 0, 255))


def test_a_broken_crop_is_a_gray_square() -> None:
    """Bytes that are no picture leave a gap and do not stop the others."""
    image = strip([b"no picture", _crop("lime")], 20)

    assert image.getpixel((10, 10)) == (200, 200, 200)
    assert _is_near(image.getpixel((34, 10)), (0, 255, 0))


def test_a_strip_needs_a_face() -> None:
    """Nothing at all cannot be drawn."""
    with pytest.raises(ValueError, match="face"):
        strip([], 20)


def test_a_strip_travels_as_png() -> None:
    """The PNG is the strip, pixel by pixel."""
    crops = [_crop("red"), _crop("green")]

    with Image.open(io.BytesIO(strip_png(crops, 24))) as read:
        assert np.array_equal(np.asarray(read), np.asarray(strip(crops, 24)))


@pytest.mark.parametrize("size", [(50, 36), (31, 17), (1, 1), (7, 6)])
def test_sixels_draw_the_picture(size: tuple[int, int]) -> None:
    """A terminal that follows the characters has the picture again, but for few levels of color."""
    image = _gradient(*size)

    drawn = _terminal(sixels(image))

    assert drawn.shape == (size[1], size[0], 3)
    assert np.abs(drawn - np.asarray(image, np.int64)).mean() < 12


def test_sixels_of_a_strip_are_as_high_as_asked_for() -> None:
    """Height is that of the strip, whatever the crops' own size."""
    drawn = _terminal(strip_sixels([_crop("red"), _crop("blue")], 30))

    assert drawn.shape == (30, 64, 3)


def test_two_colors_in_a_cell_are_drawn_exactly() -> None:
    """Where four pixels have two colors, a character shows each where it is."""
    noise = np.random.default_rng(1).random((8, 12)) < 0.5
    pixels = np.where(noise[..., np.newaxis], (250, 10, 20), (5, 60, 200)).astype(np.uint8)

    drawn = _quarters(blocks(Image.fromarray(pixels)))

    assert np.array_equal(drawn, pixels)


def test_blocks_resemble_any_picture() -> None:
    """Where four pixels have more colors, what is drawn is near."""
    image = _gradient(40, 20)

    drawn = _quarters(blocks(image))

    assert np.abs(drawn - np.asarray(image, np.int64)).mean() < 12


def test_a_strip_in_blocks_keeps_its_shape() -> None:
    """A square takes twice as many columns as rows, and every line ends without a color."""
    lines = strip_blocks([_crop("red")], 9)

    assert len(lines) == 9
    assert all(line.endswith("\x1b[0m") for line in lines)
    assert {len(re.sub(r"\x1b\[[0-9;]*m", "", line)) for line in lines} == {18}


def _crop(color: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (112, 112), color).save(file, "JPEG", quality=95)
    return file.getvalue()


def _gradient(width: int, height: int) -> Image.Image:
    down, across = np.mgrid[0:height, 0:width]
    levels = [
        across * 255 // width,
        down * 255 // height,
        (across + down) * 255 // (width + height),
    ]
    return Image.fromarray(np.stack(levels, axis=2).astype(np.uint8))


def _is_near(pixel: object, color: tuple[int, int, int]) -> bool:
    return bool(np.abs(np.asarray(pixel, np.int64) - color).max() < 8)


def _terminal(text: str) -> NDArray[np.int64]:
    """What a terminal with sixels would show."""
    start = re.match(r'\x1bP[0-9;]*q"1;1;(\d+);(\d+)', text)
    assert start
    assert text.endswith("\x1b\\")
    width, height = int(start[1]), int(start[2])
    pixels = np.full((height, width, 3), -1, np.int64)
    colors: dict[int, NDArray[np.float64]] = {}
    register = left = top = 0
    tokens = r"#(\d+)(?:;2;(\d+);(\d+);(\d+))?|!(\d+)([?-~])|([?-~])|([$-])"
    for token in re.finditer(tokens, text[start.end() : -2]):
        number, red, green, blue, count, repeated, single, move = token.groups()
        if number is not None:
            register = int(number)
            if red is not None:
                colors[register] = np.array([int(red), int(green), int(blue)]) * 2.55
        elif move is not None:
            left, top = 0, top + 6 * (move == "-")
        else:
            bits = ord(repeated or single) - 63
            for column in range(left, left + int(count or 1)):
                for line in range(6):
                    if bits >> line & 1:
                        pixels[top + line, column] = colors[register]
            left += int(count or 1)
    assert pixels.min() >= 0  # every pixel was drawn
    return pixels


def _quarters(lines: list[str]) -> NDArray[np.int64]:
    """The pixels that these characters show, 2 x 2 for each."""
    rows: list[NDArray[np.int64]] = []
    for line in lines:
        cells: list[NDArray[np.int64]] = []
        style = re.compile(r"\x1b\[38;2;(\d+);(\d+);(\d+);48;2;(\d+);(\d+);(\d+)m([^\x1b]+)")
        for found in style.finditer(line):
            levels = np.array([int(level) for level in found.groups()[:6]], np.int64)
            for character in found[7]:
                shape = " ▘▝▀▖▌▞▛".index(character)
                inked = [levels[:3] if shape >> pixel & 1 else levels[3:] for pixel in range(4)]
                cells.append(np.array(inked).reshape(2, 2, 3))
        rows.append(np.concatenate(cells, axis=1))
    return np.concatenate(rows, axis=0)
