r"""Reading a query. Every error says at which character.

    query = { [ "-" ] term }                     terms stand apart by white space
    term  = word | word ":" value
    value = bare | '"' text '"'                  a bare value ends at white space

In both kinds of values ``\"``, ``\\`` and ``\,`` stand for the character alone; any other
backslash is one. In a list of names, a comma separates them, unless a backslash stands before it.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from kith.domain.query import (
    MOST_CHARACTERS,
    MOST_TERMS,
    Bounds,
    HasFaces,
    HasSimilarity,
    InAlbum,
    LiesUnder,
    Meaning,
    Query,
    QueryError,
    ShowsAny,
    ShowsLabel,
    ShowsOnly,
    ShowsPerson,
    ShowsText,
    ShowsUnnamed,
    TakenNever,
    TakenOn,
    TakenWith,
    Term,
    Word,
    first_day,
    last_day,
)
from kith.domain.text import words_of


def parse_query(text: str) -> Query:
    """Read a query.

    Raises:
        QueryError: it cannot be understood.
    """
    if len(text) > MOST_CHARACTERS:
        message = f"A query has at most {MOST_CHARACTERS:,} characters"
        raise QueryError(message, "Say less at once.", query=text, at=MOST_CHARACTERS)
    terms = tuple(_terms(text))
    if len(terms) > MOST_TERMS:
        raise QueryError(
            f"A query has at most {MOST_TERMS} terms, and this one has {len(terms)}",
            'For several people, say any:"Ana,Ben".',
            query=text,
            at=terms[MOST_TERMS].at,
        )
    return Query(terms, text)


@dataclass(frozen=True, slots=True)
class _Character:
    """A character of a value, where it stands, and whether a backslash stood before it."""

    text: str
    at: int
    escaped: bool


@dataclass(frozen=True, slots=True)
class _Value:
    """What stands behind a term's colon.

    Attributes:
        key: the term's word.
        characters: the value without quotation marks and backslashes.
        query: the whole query, for errors.
        at: where the value begins.
    """

    key: str
    characters: Sequence[_Character]
    query: str
    at: int

    @property
    def text(self) -> str:
        """The value as text."""
        return _text(self.characters)

    def error(self, message: str, advice: str, at: int | None = None) -> QueryError:
        """What is wrong with the value, or with what stands there in it."""
        return QueryError(message, advice, query=self.query, at=self.at if at is None else at)

    def word(self) -> Word:
        """One name, without white space around it."""
        return self._word(self.characters, self.at)

    def words(self) -> tuple[Word, ...]:
        """The names between the commas, each once."""
        commas = [i for i, c in enumerate(self.characters) if c.text == "," and not c.escaped]
        begins = [0, *(comma + 1 for comma in commas)]
        words: dict[Word, None] = {}
        for begin, end in zip(begins, [*commas, None], strict=True):
            at = self.characters[begin - 1].at + 1 if begin else self.at
            words.setdefault(self._word(self.characters[begin:end], at))
        return tuple(words)

    def _word(self, characters: Sequence[_Character], at: int) -> Word:
        text = _text(characters)
        stripped = text.strip()
        if not stripped:
            raise self.error(
                f"{self.key}: lacks a name", f"Write it as in {_EXAMPLES.get(self.key, '')}.", at
            )
        return Word(stripped, characters[text.index(stripped)].at)


def _text(characters: Sequence[_Character]) -> str:
    return "".join(character.text for character in characters)


# -- terms and values ------------------------------------------------------------------------------


def _terms(query: str) -> Iterator[Term]:
    at = _skip_space(query, 0)
    while at < len(query):
        term, end = _term(query, at)
        yield term
        at = _skip_space(query, end)


def _skip_space(query: str, at: int) -> int:
    while at < len(query) and query[at].isspace():
        at += 1
    return at


def _term(query: str, at: int) -> tuple[Term, int]:
    """The term that begins here, and where it ends."""
    negated = query[at] == "-"
    begin = at + negated
    end = begin
    while end < len(query) and query[end] not in ':"' and not query[end].isspace():
        end += 1
    word = query[begin:end]
    if not query.startswith(":", end):
        return Term(_bare_word(query, word, begin), negated, at), _end_of_word(query, end)
    key = word.lower()
    if key not in TERMS:
        raise _no_term(query, word, begin)
    characters, after = _value(query, end + 1)
    if not characters:
        raise QueryError(
            f"{key}: lacks its value",
            f"Write it as in {_EXAMPLES[key]}, without a space.",
            query=query,
            at=end + 1,
        )
    quote = query.startswith('"', end + 1)
    return Term(TERMS[key](_Value(key, characters, query, end + 1 + quote)), negated, at), after


def _bare_word(query: str, word: str, at: int) -> Meaning:
    """What a term without a value asks for."""
    key = word.lower()
    if key in TERMS:
        raise QueryError(
            f"{key} lacks a colon and its value",
            f"Write it as in {_EXAMPLES[key]}.",
            query=query,
            at=at + len(word),
        )
    if key not in WORDS:
        raise _no_term(query, word, at)
    return WORDS[key]


def _end_of_word(query: str, at: int) -> int:
    if at < len(query) and not query[at].isspace():
        raise QueryError(
            "A space must stand before this", "Quotation marks follow a colon.", query=query, at=at
        )
    return at


def _no_term(query: str, word: str, at: int) -> QueryError:
    if not word:
        message, advice = "Here a term should stand", f"A term is one of: {_ALL}."
    elif word.lower() in WORDS:
        message, advice = f"{word} takes no value", f"Write {word} alone."
    elif word.lower() in {"or", "and", "not"}:
        message = f"{word} is not a word of queries"
        advice = (
            'All terms must hold anyway; "-" before a term negates it; any:"Ana,Ben" is for or.'
        )
    else:
        near = difflib.get_close_matches(word[:_COMPARED].lower(), [*TERMS, *WORDS], n=1)
        message = f"{word!r} is not a term"
        advice = (
            f"Did you mean {near[0]}?"
            if near
            else 'Say what it is, as in person:"Ana Lima"; values with spaces need the quotation '
            "marks, and in a shell single ones around the whole query."
        )
    return QueryError(message, advice, query=query, at=at)


def _value(query: str, at: int) -> tuple[list[_Character], int]:
    """The characters of the value that begins here, and where it ends."""
    quote = query.startswith('"', at)
    begin, at = at, at + quote
    characters: list[_Character] = []
    while at < len(query):
        if query[at] == '"' if quote else query[at].isspace():
            break
        if query[at] == '"':
            raise QueryError(
                "A quotation mark in the middle of a value",
                'Quote the whole value, and write \\" for a mark in it.',
                query=query,
                at=at,
            )
        escaped = query[at] == "\\" and query[at + 1 : at + 2] in _ESCAPED
        at += escaped
        characters.append(_Character(query[at], at, escaped))
        at += 1
    return characters, _end_of_value(query, begin, at) if quote else at


def _end_of_value(query: str, begin: int, at: int) -> int:
    if at >= len(query):
        raise QueryError(
            "This quotation mark is never closed",
            'Close it; in the value, \\" is a mark and \\\\ a backslash.',
            query=query,
            at=begin,
        )
    if at + 1 < len(query) and not query[at + 1].isspace():
        raise QueryError(
            "A space must follow the quotation mark",
            'In a list, quote all of it: any:"Ana,Ben".',
            query=query,
            at=at + 1,
        )
    return at + 1


_COMPARED: Final = 100
"""Characters of a word that is compared with others; more would take long, and be none of them."""

_ESCAPED: Final = frozenset('"\\,')


# -- meanings --------------------------------------------------------------------------------------


def _faces(value: _Value) -> HasFaces:
    bounds = _bounds(value, r"[0-9]{1,6}", "a number of faces")
    least = 0 if bounds.least is None else int(bounds.least) + bounds.above
    most = None if bounds.most is None else int(bounds.most) - bounds.below
    if most is not None and most < least:
        raise value.error(
            "No photo can have so many faces", f"Write it as in {_EXAMPLES['faces']}."
        )
    return HasFaces(least, most)


def _similarity(value: _Value) -> HasSimilarity:
    bounds = _bounds(value, _PERCENT, "a similarity in percent")
    if max(bounds.least or 0, bounds.most or 0) > 100:
        raise value.error("Similarity is percent, from 0 to 100", "Write it as in similarity:<90.")
    return HasSimilarity(bounds)


_PERCENT: Final = r"[0-9]{1,3}(?:\.[0-9]{1,4})?"


def _bounds(value: _Value, number: str, what: str) -> Bounds:
    """A number, a comparison with one, or a range of two."""
    text = value.text
    if found := re.fullmatch(rf"(<=|>=|<|>|=)?({number})", text):
        sign, limit = found[1] or "=", float(found[2])
        least = limit if sign in {">", ">=", "="} else None
        most = limit if sign in {"<", "<=", "="} else None
        return Bounds(least, most, above=sign == ">", below=sign == "<")
    found = re.fullmatch(rf"({number})?\.\.({number})?", text)
    if not found or text == "..":
        raise value.error(f"{text!r} is not {what}", f"Write it as in {_EXAMPLES[value.key]}.")
    least, most = (None if end is None else float(end) for end in found.groups())
    if least is not None and most is not None and least > most:
        raise value.error("The range ends before it begins", "Put the smaller number first.")
    return Bounds(least, most)


def _label(value: _Value) -> ShowsLabel:
    """A label, and how sure it is at least."""
    word = value.word()
    name, sign, number = word.text.partition(">=")
    if re.search(r"[<>=]", name + number) or not name.strip():
        raise value.error(
            f"{word.text!r} is not a label, or a label and how sure it is at least",
            f"Write it as in {_EXAMPLES['label']}.",
        )
    if not sign:
        return ShowsLabel(word)
    if not re.fullmatch(_PERCENT, number.strip()) or float(number) > 100:
        raise value.error(
            f"{number.strip()!r} is not a percentage, from 0 to 100",
            f"Write it as in {_EXAMPLES['label']}.",
            value.characters[value.text.index(">=")].at + 2,
        )
    return ShowsLabel(Word(name.strip(), word.at), float(number))


def _read(value: _Value) -> ShowsText:
    if not words_of(value.text):
        raise value.error("There is no word to look for", f"Write it as in {_EXAMPLES['text']}.")
    return ShowsText(value.text)


def _taken(value: _Value) -> TakenOn | TakenNever:
    text = value.text
    if text.lower() == "none":
        return TakenNever()
    begin, dots, end = text.partition("..")
    if not dots:
        return TakenOn(_day(value, begin, 0, first_day), _day(value, begin, 0, last_day))
    first = _day(value, begin, 0, first_day) if begin else None
    last = _day(value, end, len(begin) + 2, last_day) if end else None
    if first is None and last is None:
        raise value.error("The range has no end", "Write it as in taken:2024.. or taken:..2023-05.")
    if first and last and first > last:
        raise value.error("The range ends before it begins", "Put the earlier date first.")
    return TakenOn(first, last)


def _day(value: _Value, period: str, offset: int, day_of: Callable[[str], date]) -> date:
    try:
        if re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}", period):
            return day_of(period)
    except ValueError:
        pass  # such as the month 13
    raise value.error(
        f"{period!r} is not a year, month or day",
        "Write 2024, 2024-06 or 2024-06-30; a range has two dots: 2024-06..2024-08.",
        value.characters[offset].at,
    )


def _path(value: _Value) -> LiesUnder:
    if not value.text.strip() or "\0" in value.text:
        raise value.error("That is not a path", f"Write it as in {_EXAMPLES['path']}.")
    return LiesUnder(Word(value.text, value.at))


TERMS: Final[dict[str, Callable[[_Value], Meaning]]] = {
    "person": lambda value: ShowsPerson(value.word()),
    "any": lambda value: ShowsAny(value.words()),
    "only": lambda value: ShowsOnly(value.words()),
    "faces": _faces,
    "similarity": _similarity,
    "taken": _taken,
    "camera": lambda value: TakenWith(value.word().text),
    "label": _label,
    "text": _read,
    "path": _path,
    "album": lambda value: InAlbum(value.word()),
}
"""The terms with a value: how each one is read."""

WORDS: Final[dict[str, Meaning]] = {"unnamed": ShowsUnnamed()}
"""The terms without a value."""

_EXAMPLES: Final = {
    "person": 'person:"Ana Lima"',
    "any": 'any:"Ana,Ben"',
    "only": 'only:"Ana,Ben"',
    "faces": "faces:>=4 or faces:2..4",
    "similarity": "similarity:<90 or similarity:80..90",
    "taken": "taken:2024-06..2024-08",
    "camera": 'camera:"Pixel"',
    "label": 'label:"Hot Dog" or label:dog>=80',
    "text": 'text:"gate 12"',
    "path": 'path:"/photos/2024"',
    "album": 'album:"Lisbon"',
}

_ALL: Final = ", ".join([*(f"{key}:" for key in TERMS), *WORDS])
