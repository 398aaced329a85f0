"""The words for what a picture shows; ``vocabulary.toml`` holds them and explains its fields."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from typing import Any, Final, TypeVar

T = TypeVar("T")

_SHOWS: Final = "shows"
"""The table of the file that is no category."""


@dataclass(frozen=True, slots=True)
class Word:
    """One label of the vocabulary.

    Attributes:
        name: in English.
        category: the field it belongs to.
        parents: what it is a kind of, directly.
        aliases: other names for it.
        objects: kinds of COCO that are called so.
        pictures: kinds of ImageNet that are called so, by number from 0 on.
    """

    name: str
    category: str
    parents: tuple[str, ...]
    aliases: tuple[str, ...]
    objects: frozenset[str]
    pictures: frozenset[int]


@dataclass(frozen=True, slots=True)
class Setting:
    """What pictures of some kinds show besides: who wavers between bees has seen a flower.

    Attributes:
        name: a label of the vocabulary.
        share: of the pictures of these kinds that show it, from 0 to 1.
        pictures: kinds of ImageNet, by number from 0 on.
    """

    name: str
    share: float
    pictures: frozenset[int]


class Vocabulary:
    """All words, and what lies within what.

    Args:
        words: by name; parents are among them.
        settings: their names are among the words.
    """

    def __init__(self, words: Mapping[str, Word], settings: tuple[Setting, ...]) -> None:
        self.words = words
        self.settings = settings

    def above(self, name: str) -> tuple[str, ...]:
        """Every wider word, the nearest first."""
        found: dict[str, None] = {}
        waiting = list(self.words[name].parents)
        while waiting:
            parent = waiting.pop(0)
            found[parent] = None
            waiting += self.words[parent].parents
        return tuple(found)

    @cached_property
    def within(self) -> Mapping[str, frozenset[str]]:
        """Of every word, itself and every narrower one."""
        found: dict[str, set[str]] = {name: {name} for name in self.words}
        for name in self.words:
            for wider in self.above(name):
                found[wider].add(name)
        return {name: frozenset(narrower) for name, narrower in found.items()}

    @cached_property
    def narrowest_first(self) -> tuple[str, ...]:
        """Every word after all that lie within it."""
        return tuple(sorted(self.words, key=lambda name: (len(self.within[name]), name)))

    def objects_within(self, name: str) -> frozenset[str]:
        """The kinds of COCO that the word covers."""
        return _union(self.words[narrower].objects for narrower in self.within[name])

    def pictures_within(self, name: str) -> frozenset[int]:
        """The kinds of ImageNet that the word covers."""
        return _union(self.words[narrower].pictures for narrower in self.within[name])


def load_vocabulary() -> Vocabulary:
    """The built-in vocabulary."""
    file = resources.files("kith.engine.labels") / "vocabulary.toml"
    return parse_vocabulary(file.read_text(encoding="utf-8"))


def parse_vocabulary(text: str) -> Vocabulary:
    """A vocabulary from its TOML text.

    Raises:
        ValueError: it is not TOML, a name stands twice, or a parent is no label.
    """
    data = tomllib.loads(text)
    shows = data.pop(_SHOWS)
    words: dict[str, Word] = {}
    for category, entries in data.items():
        for name, told in entries.items():
            if name in words:
                raise ValueError(f"{name} stands in the vocabulary twice")
            words[name] = _word(name, category, told)
    settings = tuple(
        Setting(name, told["share"], frozenset(_numbers(told["imagenet"])))
        for name, told in shows.items()
    )
    named = {parent for word in words.values() for parent in word.parents}
    if unknown := (named | {setting.name for setting in settings}) - words.keys():
        raise ValueError(f"the vocabulary lacks {', '.join(sorted(unknown))}")
    return Vocabulary(words, settings)


def _word(name: str, category: str, told: Mapping[str, Any]) -> Word:
    return Word(
        name=name,
        category=category,
        parents=tuple(told.get("of", ())),
        aliases=tuple(told.get("also", ())),
        objects=frozenset(told.get("coco", ())),
        pictures=frozenset(_numbers(told.get("imagenet", ()))),
    )


def _numbers(ranges: Iterable[str]) -> Iterator[int]:
    for entry in ranges:
        first, _, last = entry.partition("-")
        yield from range(int(first), int(last or first) + 1)


def _union(sets: Iterable[frozenset[T]]) -> frozenset[T]:
    return frozenset(member for one in sets for member in one)
