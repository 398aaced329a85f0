"""DetectLabels: what a picture shows, and its properties, which are arithmetic on pixels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from kith.domain.findings import DominantColor, PictureQuality
from kith.domain.label import DEFAULT_LABEL_CONFIDENCE, Label
from kith.imaging.picture import Picture
from kith.imaging.properties import dominant_colors, picture_quality
from kith.pipeline.rekognition.kit import Kit
from kith.pipeline.rekognition.refusing import invalid
from kith.pipeline.rekognition.saying import bounding_box
from kith.rekognition.interface import Call, Members

_LABELS: Final = "GENERAL_LABELS"
_PROPERTIES: Final = "IMAGE_PROPERTIES"

_MOST_LABELS: Final = 1000
"""The real service's default and limit; clients ask for more."""

_COLORS: Final = 10
"""Dominant colors where the request does not say; the real service's default."""

_LONGEST_SIDE: Final = 10_000
"""Pixels; the real service's limit."""

_OF_LABELS: Final = ("MaxLabels", "MinConfidence")


def detect_labels(kit: Kit, members: Members, _call: Call) -> Members:
    """What a picture shows, its properties, or both."""
    features = members.get("Features") or (_LABELS,)
    settings = members.get("Settings", {})
    asks_for_labels = "GeneralLabels" in settings or any(name in members for name in _OF_LABELS)
    if asks_for_labels and _LABELS not in features:
        raise invalid()
    picture = kit.images.picture(members["Image"])
    if max(picture.width, picture.height) > _LONGEST_SIDE:
        raise invalid()
    answer: dict[str, Any] = {}
    if _LABELS in features:
        answer |= _labels(kit, picture, members, settings.get("GeneralLabels", {}))
    if _PROPERTIES in features:
        most = settings.get("ImageProperties", {}).get("MaxDominantColors", _COLORS)
        answer["ImageProperties"] = _properties(picture, most)
    return answer


def _labels(kit: Kit, picture: Picture, members: Members, filters: Members) -> Members:
    least = members.get("MinConfidence", DEFAULT_LABEL_CONFIDENCE)
    seen = kit.recognizer.detect_labels(picture, min_confidence=least)
    some = [label for label in seen.labels if _is_wanted(label, filters)]
    most = min(members.get("MaxLabels", _MOST_LABELS), _MOST_LABELS)
    return {
        "Labels": [_label(label) for label in some[:most]],
        "LabelModelVersion": seen.version,
    }


def _is_wanted(label: Label, filters: Members) -> bool:
    """Whether it is named by a filter that includes, or there is none, and by none that excludes.

    A filter is met by the label's own name or category, not by those of its parents.
    """
    including = _met(label, filters, "LabelInclusionFilters", "LabelCategoryInclusionFilters")
    excluding = _met(label, filters, "LabelExclusionFilters", "LabelCategoryExclusionFilters")
    return including is not False and not excluding


def _met(label: Label, filters: Members, of_labels: str, of_categories: str) -> bool | None:
    """Whether one of two filters names the label; ``None`` where both are empty."""
    names: Sequence[str] = filters.get(of_labels, ())
    categories: Sequence[str] = filters.get(of_categories, ())
    if not names and not categories:
        return None
    return label.name in names or not set(categories).isdisjoint(label.categories)


def _label(label: Label) -> Members:
    return {
        "Name": label.name,
        "Confidence": label.confidence,
        "Instances": [
            {"BoundingBox": bounding_box(one.box), "Confidence": one.confidence}
            for one in label.instances
        ],
        "Parents": _named(label.parents),
        "Aliases": _named(label.aliases),
        "Categories": _named(label.categories),
    }


def _named(names: Sequence[str]) -> list[Mapping[str, str]]:
    return [{"Name": name} for name in names]


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
        "HexCode": color.hex,
        "CSSColor": color.css_name,
        "SimplifiedColor": color.simple_name,
        "PixelPercent": color.percent,
    }
