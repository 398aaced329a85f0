"""What was found in one photo besides faces: labels, text, colors, and how good a picture it is."""

from __future__ import annotations

from dataclasses import dataclass

from kith.domain.label import SeenLabels
from kith.domain.photo import PhotoId
from kith.domain.text import ReadText


@dataclass(frozen=True, slots=True)
class DominantColor:
    """A color that covers much of a picture.

    Attributes:
        red: 0 to 255, sRGB, as are the others.
        green: see ``red``.
        blue: see ``red``.
        css_name: the nearest color that CSS has a name for.
        simple_name: one of black, blue, brown, cyan, green, grey, orange, pink, purple, red,
            white, yellow.
        percent: of the picture's pixels.
    """

    red: int
    green: int
    blue: int
    css_name: str
    simple_name: str
    percent: float

    @property
    def hex(self) -> str:
        """As ``#1a2b3c``."""
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"


@dataclass(frozen=True, slots=True)
class PictureQuality:
    """Brightness (mean luminance), sharpness (fine detail) and contrast (its spread), percent."""

    brightness: float
    sharpness: float
    contrast: float


@dataclass(frozen=True, slots=True)
class Look:
    """How a picture looks as a whole.

    Attributes:
        quality: brightness, sharpness and contrast.
        colors: those that cover most of it, the most common first.
    """

    quality: PictureQuality
    colors: tuple[DominantColor, ...]


@dataclass(frozen=True, slots=True)
class PhotoFindings:
    """What was found in one photo. What was not looked for is ``None``: that is not nothing.

    Attributes:
        photo_id: the photo.
        labels: what it shows.
        text: what is written in it.
        look: how it looks as a whole.
    """

    photo_id: PhotoId
    labels: SeenLabels | None = None
    text: ReadText | None = None
    look: Look | None = None


@dataclass(frozen=True, slots=True)
class Versions:
    """By what photos are looked at now.

    Attributes:
        labels: the version of what names them; ``None`` where labels are not looked for.
        text: the version of what reads them; ``None`` where text is not looked for.
    """

    labels: str | None = None
    text: str | None = None

    def __bool__(self) -> bool:
        return self.labels is not None or self.text is not None
