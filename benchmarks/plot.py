"""Curves as an SVG picture: readable without any program but a browser."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

_WIDTH, _HEIGHT = 720, 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 16, 44, 52
_COLORS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9")
"""Okabe and Ito's, which color-blind people tell apart."""

_STEPS = 5


@dataclass(frozen=True, slots=True)
class Line:
    """One curve: what it is called, and its points."""

    name: str
    points: Sequence[tuple[float, float]]
    dashed: bool = False


def plot(
    title: str, axes: tuple[str, str], lines: Sequence[Line], *, goal: tuple[str, float]
) -> str:
    """The curves in one frame, from 0 to the right, with a line across where the goal is."""
    frame = _Frame(lines, goal[1])
    parts = [*_background(title, axes, frame), *_goal(goal, frame)]
    for number, line in enumerate(lines):
        color = _COLORS[number % len(_COLORS)]
        parts += _curve(line, color, frame)
        parts += _legend(line, color, number)
    return "\n".join([*parts, "</svg>", ""])


class _Frame:
    """Where values lie in the picture."""

    def __init__(self, lines: Sequence[Line], goal: float) -> None:
        ups = [up for line in lines for _, up in line.points] + [goal]
        self.most_right = max(right for line in lines for right, _ in line.points) or 1.0
        self.low, self.high = min(ups), max(ups)
        slack = 0.06 * (self.high - self.low or 1.0)
        self.low, self.high = self.low - slack, self.high + slack

    def x(self, value: float) -> float:
        """Pixels from the left."""
        return round(_LEFT + value / self.most_right * (_WIDTH - _LEFT - _RIGHT), 1)

    def y(self, value: float) -> float:
        """Pixels from above."""
        part = (value - self.low) / (self.high - self.low)
        return round(_HEIGHT - _BOTTOM - part * (_HEIGHT - _TOP - _BOTTOM), 1)


def _background(title: str, axes: tuple[str, str], frame: _Frame) -> Iterator[str]:
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        'font-family="sans-serif" font-size="12">'
    )
    yield f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>'
    yield f'<text x="{_LEFT}" y="26" font-size="16">{escape(title)}</text>'
    for step in range(_STEPS + 1):
        right = frame.most_right * step / _STEPS
        up = frame.low + (frame.high - frame.low) * step / _STEPS
        x, y = frame.x(right), frame.y(up)
        yield _stroke((_LEFT, y), (_WIDTH - _RIGHT, y), "#dddddd")
        yield f'<text x="{_LEFT - 6}" y="{y + 4}" text-anchor="end">{up:.3f}</text>'
        yield f'<text x="{x}" y="{_HEIGHT - _BOTTOM + 18}" text-anchor="middle">{right:g}</text>'
    below, beside = _HEIGHT - 12, _HEIGHT / 2
    yield f'<text x="{_WIDTH / 2}" y="{below}" text-anchor="middle">{escape(axes[0])}</text>'
    yield (
        f'<text transform="translate(14 {beside}) rotate(-90)" text-anchor="middle">'
        f"{escape(axes[1])}</text>"
    )


def _goal(goal: tuple[str, float], frame: _Frame) -> Iterator[str]:
    y = frame.y(goal[1])
    yield _stroke((_LEFT, y), (_WIDTH - _RIGHT, y), "#555555", "2 4")
    yield (
        f'<text x="{_WIDTH - _RIGHT}" y="{y - 5}" text-anchor="end" fill="#555555">'
        f"{escape(goal[0])}</text>"
    )


def _curve(line: Line, color: str, frame: _Frame) -> Iterator[str]:
    points = " ".join(f"{frame.x(right)},{frame.y(up)}" for right, up in line.points)
    dashes = ' stroke-dasharray="6 4"' if line.dashed else ""
    yield f'<polyline points="{points}" fill="none" stroke="{color}" stroke-width="2"{dashes}/>'


def _legend(line: Line, color: str, number: int) -> Iterator[str]:
    y = _HEIGHT - _BOTTOM - 16 - 18 * number
    left = _WIDTH - 250
    yield _stroke((left, y), (left + 24, y), color, "6 4" if line.dashed else "", width=2)
    yield f'<text x="{left + 30}" y="{y + 4}">{escape(line.name)}</text>'


def _stroke(
    start: tuple[float, float],
    end: tuple[float, float],
    color: str,
    dashes: str = "",
    *,
    width: int = 1,
) -> str:
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<line x1="{start[0]}" y1="{start[1]}" x2="{end[0]}" y2="{end[1]}" '
        f'stroke="{color}" stroke-width="{width}"{dashed}/>'
    )
