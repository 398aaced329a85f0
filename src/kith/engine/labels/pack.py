"""The label pack: which models name what a picture shows, and how their answers are read."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any, Final

from kith.engine.pack import Weight

LABEL_PACK: Final = "labels"
"""Its name, as in ``kith models install labels``."""


@dataclass(frozen=True, slots=True)
class ObjectModel:
    """The model that finds objects.

    Attributes:
        file: its model file, a ``Weight.path``.
        side: pixels of the square picture that it takes.
        middle: the raw score (0 to 1) of a box that is right half of the time.
        slope: how steeply confidence rises there, along a logistic curve.
        kinds: what its outputs stand for, in their order.
    """

    file: str
    side: int
    middle: float
    slope: float
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PictureModel:
    """The model that says what a whole picture is of.

    Attributes:
        file: its model file, a ``Weight.path``.
        side: pixels of the square picture that it takes.
    """

    file: str
    side: int


@dataclass(frozen=True, slots=True)
class LabelPack:
    """Everything the labeler needs to know of its models.

    Attributes:
        name: its name.
        version: digits and dots; changes whenever its labels would.
        summary: one line for people.
        licence: of the weights.
        weights: the model files.
        objects: finds objects.
        pictures: says what a picture is of.
    """

    name: str
    version: str
    summary: str
    licence: str
    weights: tuple[Weight, ...]
    objects: ObjectModel
    pictures: PictureModel


def load_label_pack() -> LabelPack:
    """The built-in pack; there is no other."""
    described = resources.files("kith.engine.labels") / "labels.toml"
    data = tomllib.loads(described.read_text(encoding="utf-8"))
    return LabelPack(
        name=data["name"],
        version=data["version"],
        summary=data["summary"],
        licence=data["licence"],
        weights=tuple(Weight(**entry) for entry in data["weights"]),
        objects=_object_model(data["detector"]),
        pictures=PictureModel(**data["classifier"]),
    )


def _object_model(told: Mapping[str, Any]) -> ObjectModel:
    return ObjectModel(
        told["file"], told["side"], told["middle"], told["slope"], tuple(told["kinds"])
    )
