"""Completions for the box in which a query is typed: people, albums, labels, terms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Final

from kith.domain.names import folded
from kith.domain.query import InAlbum, ShowsLabel, ShowsPerson, Word
from kith.domain.query_parse import TERMS, WORDS
from kith.pipeline.albums.records import Records
from kith.pipeline.albums.shelf import album_names

MOST: Final = 12
"""Suggestions; more than a list shows."""

_TERM: Final = re.compile(r'(?P<minus>-?)(?:(?P<key>[a-z]+):)?"?(?P<value>[^"]*)\Z')


class SuggestionKind(StrEnum):
    """What a suggestion names."""

    PERSON = "person"
    ALBUM = "album"
    LABEL = "label"
    TERM = "term"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the query could be.

    Attributes:
        text: what the query becomes up to the caret.
        kind: what it names.
        label: how a list shows it.
    """

    text: str
    kind: SuggestionKind
    label: str


@dataclass(frozen=True, slots=True)
class _Typed:
    """The term that somebody is typing: ``-``, ``person``, and as much of the name as there is."""

    minus: str
    key: str | None
    value: str


def suggest(records: Records, text: str, at: int) -> list[Suggestion]:
    """What the term could become that somebody is typing, the likeliest first.

    Args:
        records: where names are looked up.
        text: the query as typed until now.
        at: where in it the caret stands.
    """
    text = text[:at]
    begin = _begin_of_term(text)
    found = _TERM.fullmatch(text, begin)
    if found is None:
        return []
    typed = _Typed(found["minus"], found["key"], found["value"])
    before = text[:begin] + typed.minus
    completions = islice(_completions(records, typed), MOST)
    return [Suggestion(before + said, kind, label) for said, kind, label in completions]


def _begin_of_term(text: str) -> int:
    """Where the last term begins: behind white space that is not quoted."""
    begin, quoted = 0, False
    for index, letter in enumerate(text):
        quoted ^= letter == '"'
        if letter.isspace() and not quoted:
            begin = index + 1
    return begin


def _completions(records: Records, typed: _Typed) -> Iterator[tuple[str, SuggestionKind, str]]:
    if typed.key in {None, "person"}:
        for name in _fitting(set(records.queries.named_people().values()), typed.value):
            yield str(ShowsPerson(Word(name))), SuggestionKind.PERSON, name
    if typed.key in {None, "album"}:
        for name in _fitting(album_names(records), typed.value):
            yield str(InAlbum(Word(name))), SuggestionKind.ALBUM, name
    if typed.key is None:
        yield from _terms(typed.value.lower())
    # Hundreds of labels are no help to who has not typed anything.
    if typed.key == "label" or (typed.key is None and typed.value):
        for name in _fitting([one.name for one in records.findings.labels()], typed.value):
            yield str(ShowsLabel(Word(name))), SuggestionKind.LABEL, name


def _terms(beginning: str) -> Iterator[tuple[str, SuggestionKind, str]]:
    for term in [*(f"{key}:" for key in TERMS), *WORDS]:
        if term.startswith(beginning):
            yield term, SuggestionKind.TERM, term


def _fitting(names: Iterable[str], typed: str) -> list[str]:
    """The names that begin so, then those of which another word does; by name."""
    wanted = folded(typed.strip())
    ranked = [(folded(name), name) for name in names]
    begin = [(form, name) for form, name in ranked if form.startswith(wanted)]
    inside = [one for one in ranked if f" {wanted}" in one[0] and one not in begin]
    return [name for _, name in sorted(begin) + sorted(inside)]
