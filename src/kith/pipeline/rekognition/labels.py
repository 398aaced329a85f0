"""DetectLabels: of its features, the properties of the picture, which are arithmetic on pixels."""

from __future__ import annotations

from typing import Final

from kith.imaging.picture import Picture
from kith.imaging.properties import (
    DominantColor,
    PictureQuality,
    dominant_colors,
    picture_quality,
)
from kith.pipeline.rekognition.kit import Kit
from kith.pipeline.rekognition.refusing import invalid
from kith.rekognition.interface import Call, Members

_COLORS: Final = 10
"""Dominant colors where the request does not say; the real service's default."""

_LONGEST_SIDE: Final = 10_000
"""Pixels; the real service's limit."""

_OF_LABELS: Final = ("MaxLabels", "MinConfidence")


def detect_labels(kit: Kit, members: Members, _call: Call) -> Members:
    """The properties of a picture."""
    features = members.get("Features") or ("GENERAL_LABELS",)
    if "GENERAL_LABELS" in features:
        raise invalid(
            "GENERAL_LABELS is not supported by this server; ask for IMAGE_PROPERTIES alone"
        )
    settings = members.get("Settings", {})
    if "GeneralLabels" in settings or any(name in members for name in _OF_LABELS):
        raise invalid()
    picture = kit.images.picture(members["Image"])
    if max(picture.width, picture.height) > _LONGEST_SIDE:
        raise invalid()
    most = settings.get("ImageProperties", {}).get("MaxDominantColors", _COLORS)
    return {"ImageProperties": _properties(picture, most)}


def _properties(picture: Picture, most: int) -> Members:
    # The larger size first, so that the smaller one is made from it.
    quality = picture_quality(picture)
    return {
        "Quality": _quality(quality),
        "DominantColors": [_color(color) for color in dominant_colors(picture, most)],
    }


def _quality(quality: PictureQuality) -> Members:
    return {
        "Brightness": quality.brightness,
        "Sharpness": quality.sharpness,
        "Contrast": quality.contrast,
    }


def _color(color: DominantColor) -> Members:
    return {
        "Red": color.red,
        "Green": color.green,
        "Blue": color.blue,
        "HexCode": f"#{color.red:02x}{color.green:02x}{color.blue:02x}",
        "CSSColor": color.css_name,
        "SimplifiedColor": color.simple_name,
        "PixelPercent": color.percent,
    }
