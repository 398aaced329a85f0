from __future__ import annotations

import base64
import io
import re
from collections.abc import Mapping

import pytest
from PIL import Image

from kith.cli.terminal_pictures import Screen, Way, drawn, way_of

SCREEN = Screen(columns=80, lines=40)


@pytest.mark.parametrize(
    ("environment", "attributes", "expected"),
    [
        ({"TERM": "xterm-kitty"}, (), Way.KITTY),
        ({"TERM": "xterm-256color", "KITTY_WINDOW_ID": "1"}, (), Way.KITTY),
        ({"TERM": "xterm-ghostty", "TERM_PROGRAM": "ghostty"}, (), Way.KITTY),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, ("62", "4"), Way.ITERM),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"}, (), Way.ITERM),
        ({"TERM": "foot"}, ("62", "4", "22"), Way.SIXEL),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, ("?64", "1"), Way.BLOCKS),
        ({"TERM": "xterm-256color"}, ("64", "1", "2"), Way.PATHS),
        ({"TERM": "tmux-256color", "KITTY_WINDOW_ID": "1", "TMUX": "/t"}, ("1", "4"), Way.SIXEL),
        ({"TERM": "screen", "TERM_PROGRAM": "iTerm.app"}, (), Way.PATHS),
        ({"WT_SESSION": "1"}, (), Way.BLOCKS),
        ({"TERM": "dumb", "COLORTERM": "truecolor"}, ("4",), Way.PATHS),
        ({}, (), Way.PATHS),
    ],
)
def test_a_terminal_gets_the_best_that_it_knows(
    environment: Mapping[str, str], attributes: tuple[str, ...], expected: Way
) -> None:
    """Variables tell of kitty and iTerm2, the terminal itself of sixels, COLORTERM of colors."""
    assert way_of(environment, lambda: attributes) is expected


def test_kitty_gets_a_png_in_chunks() -> None:
    """The chunks hold one PNG; all but the last say that more follows, and none wants a reply."""
    text = drawn([_crop()] * 3, Way.KITTY, SCREEN)

    parts = re.findall(r"\x1b_G([^;]*);([^\x1b]*)\x1b\\", text)
    assert "".join(f"\x1b_G{keys};{data}\x1b\\" for keys, data in parts) == text
    assert f"a=T,f=100,r={SCREEN.rows},q=2," in parts[0][0]
    assert [keys[-3:] for keys, _ in parts] == ["m=1"] * (len(parts) - 1) + ["m=0"]
    assert all(len(data) <= 4096 for _, data in parts)
    assert _height(base64.b64decode("".join(data for _, data in parts))) > 100


def test_iterm_gets_a_png_with_its_size() -> None:
    """The sequence says how long the PNG is, that it is shown in line, and how many rows high."""
    text = drawn([_crop()], Way.ITERM, SCREEN)

    found = re.fullmatch(r"\x1b\]1337;File=([^:]*):([^\a]*)\a", text)
    assert found
    data = base64.b64decode(found[2])
    assert dict(pair.split("=") for pair in found[1].split(";")) == {
        "inline": "1",
        "size": str(len(data)),
        "height": str(SCREEN.rows),
        "preserveAspectRatio": "1",
    }
    assert _height(data) > 100


@pytest.mark.parametrize("columns", [20, 60, 80, 200])
@pytest.mark.parametrize("lines", [10, 24, 50, 100])
def test_a_row_of_faces_fits_the_screen(columns: int, lines: int) -> None:
    """No line of blocks is wider than the screen that has room for one face."""
    screen = Screen(columns, lines)

    rows = drawn([_crop()] * 6, Way.BLOCKS, screen).splitlines()

    width = max(len(re.sub(r"\x1b\[[0-9;]*m", "", row)) for row in rows)
    assert len(rows) == screen.rows
    assert width <= max(columns, 2 * screen.rows)


def test_sixels_are_as_high_as_their_rows() -> None:
    """The picture has as many pixels as the rows that it is to fill."""
    text = drawn([_crop()], Way.SIXEL, Screen(80, 30, cell_height=17))

    assert f";{17 * Screen(80, 30).rows}" in text.partition("#")[0]


def test_paths_are_no_pictures() -> None:
    """Where only paths are shown there is nothing to draw."""
    with pytest.raises(ValueError, match="paths"):
        drawn([_crop()], Way.PATHS, SCREEN)


def _crop() -> bytes:
    file = io.BytesIO()
    Image.effect_noise((112, 112), 60).convert("RGB").save(file, "JPEG")
    return file.getvalue()


def _height(png: bytes) -> int:
    with Image.open(io.BytesIO(png), formats=["PNG"]) as image:
        return image.height
