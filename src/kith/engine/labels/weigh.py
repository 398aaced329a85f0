"""What two models saw, in the words of the vocabulary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from kith.domain.label import Instance, Label
from kith.engine.labels.objects import SeenObject
from kith.engine.labels.scenes import Chances
from kith.engine.labels.vocabulary import Setting, Vocabulary

_OWED: Final = 0.8
"""Part of a wider word's chance from which it says no more than its surest narrower one."""


def labels_of(
    vocabulary: Vocabulary, seen: Sequence[SeenObject], chances: Chances, least: float
) -> tuple[Label, ...]:
    """The labels of a picture, surest first; of equally sure ones the narrower first.

    Where a label is told, all its parents are, and each is at least as sure.

    Args:
        vocabulary: the words.
        seen: objects that were found.
        chances: of each kind of picture.
        least: percent below which a label is not told.
    """
    told = _agreed(vocabulary, _weighed(vocabulary, seen, chances))
    labels = [
        _label(vocabulary, name, chance, seen)
        for name, chance in told.items()
        if 100 * chance >= least
    ]
    return tuple(sorted(labels, key=lambda one: (-one.confidence, -len(one.parents), one.name)))


def _weighed(
    vocabulary: Vocabulary, seen: Sequence[SeenObject], chances: Chances
) -> Mapping[str, float]:
    """The chance of every word: that one of two witnesses is right, as if they were strangers."""
    settled = _settled(vocabulary, chances)
    shown = {setting.name: _shown(vocabulary, setting, chances) for setting in vocabulary.settings}
    weighed: dict[str, float] = {}
    for name, within in vocabulary.within.items():
        of_kind = settled[list(vocabulary.pictures_within(name))].sum()
        besides = max((shown[narrower] for narrower in within & shown.keys()), default=0.0)
        kinds = vocabulary.objects_within(name)
        found = max((one.chance for one in seen if one.kind in kinds), default=0.0)
        weighed[name] = 1 - (1 - min(1.0, max(float(of_kind), besides))) * (1 - found)
    return weighed


def _settled(vocabulary: Vocabulary, chances: Chances) -> Chances:
    """The chances, less where the classifier wavers between kinds that share a setting."""
    settled = chances.copy()
    for setting in vocabulary.settings:
        guests = list(setting.pictures - vocabulary.pictures_within(setting.name))
        settled[guests] = np.minimum(settled[guests], chances[guests] * _sureness(setting, chances))
    return settled


def _shown(vocabulary: Vocabulary, setting: Setting, chances: Chances) -> float:
    """The chance that a picture shows what its likely kinds have in common."""
    kinds = setting.pictures
    own = kinds & vocabulary.pictures_within(setting.name)
    all_of_them, its_own = chances[list(kinds)].sum(), chances[list(own)].sum()
    sure = _sureness(setting, chances)
    guests = float(all_of_them - its_own)
    return float(its_own) + guests * (1 - sure + sure * setting.share)


def _sureness(setting: Setting, chances: Chances) -> float:
    """How much of the chances of a setting's kinds is that of the likeliest one, 0 to 1."""
    some = chances[list(setting.pictures)]
    whole = float(some.sum())
    return float(some.max()) / whole if whole > 0 else 0.0


def _agreed(vocabulary: Vocabulary, weighed: Mapping[str, float]) -> Mapping[str, float]:
    """A wider word that owes its chance to a narrower one is exactly as sure as that."""
    told: dict[str, float] = {}
    for name in vocabulary.narrowest_first:
        narrower = vocabulary.within[name] - {name}
        surest = max((told[other] for other in narrower), default=0.0)
        told[name] = surest if surest >= _OWED * weighed[name] else weighed[name]
    return told


def _label(vocabulary: Vocabulary, name: str, chance: float, seen: Sequence[SeenObject]) -> Label:
    word = vocabulary.words[name]
    return Label(
        name=name,
        confidence=100 * chance,
        parents=vocabulary.above(name),
        aliases=word.aliases,
        categories=(word.category,),
        instances=tuple(
            Instance(one.box, 100 * one.chance) for one in seen if one.kind in word.objects
        ),
    )
