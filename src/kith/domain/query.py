"""The query language: which photos are meant, in words.

A query is a row of terms, and a photo must satisfy all of them. ``-`` before a term asks for the
photos that do not satisfy it. Here is what a term can mean, and how it is written;
``kith.domain.query_parse`` reads it, docs/queries.md explains it.

A new term needs a class here, a line in ``query_parse.TERMS``, and where it names things, a line in
``kith.pipeline.albums.resolve``; the type checker then points at both adapters, which must learn
it, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final, TypeAlias

from kith.domain.errors import UsageError

MOST_TERMS: Final = 100
"""Terms of a query, those of the albums it names included. Far beyond what anybody types, and far
below the 1,000 levels of an expression at which SQLite refuses."""


MOST_CHARACTERS: Final = 100_000
"""Characters of a query; room for the ids of some thousand people."""


class QueryError(UsageError):
    """A query cannot be understood.

    Attributes:
        query: the query as it was given.
        at: the character that the error is about, counted from 0; ``len(query)`` is its end.
    """

    def __init__(self, message: str, advice: str = "", *, query: str, at: int) -> None:
        super().__init__(message, advice)
        self.query = query
        self.at = at


@dataclass(frozen=True, slots=True)
class Word:
    """What a query calls someone or something, and where in the query it stands."""

    text: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Bounds:
    """A range of numbers, open at an end that is ``None``.

    Attributes:
        least: the lower end.
        most: the upper end.
        above: the lower end itself is not in the range.
        below: the upper end itself is not in the range.
    """

    least: float | None = None
    most: float | None = None
    above: bool = False
    below: bool = False

    def hold(self, value: float) -> bool:
        """Whether the value lies in the range."""
        if self.least is not None and (value <= self.least if self.above else value < self.least):
            return False
        return self.most is None or (value < self.most if self.below else value <= self.most)

    def __str__(self) -> str:
        if self.least is not None and self.most is not None:
            least, most = _number(self.least), _number(self.most)
            return least if self.least == self.most else f"{least}..{most}"
        if self.least is not None:
            return f">{_number(self.least)}" if self.above else f">={_number(self.least)}"
        if self.most is not None:
            return f"<{_number(self.most)}" if self.below else f"<={_number(self.most)}"
        return ".."


# -- what a photo may be asked for -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ShowsPerson:
    """``person:"Ana"``: the photo shows this person."""

    who: Word

    def __str__(self) -> str:
        return f"person:{quoted(self.who.text)}"


@dataclass(frozen=True, slots=True)
class ShowsAny:
    """``any:"Ana,Ben"``: the photo shows at least one of these people."""

    people: tuple[Word, ...]

    def __str__(self) -> str:
        return f"any:{_listed(self.people)}"


@dataclass(frozen=True, slots=True)
class ShowsOnly:
    """``only:"Ana,Ben"``: the photo shows all of these people and no other person.

    Faces that belong to nobody, such as strangers and blurred ones, do not count.
    """

    people: tuple[Word, ...]

    def __str__(self) -> str:
        return f"only:{_listed(self.people)}"


@dataclass(frozen=True, slots=True)
class ShowsUnnamed:
    """``unnamed``: the photo shows a person who has no name and is not hidden."""

    def __str__(self) -> str:
        return "unnamed"


@dataclass(frozen=True, slots=True)
class HasFaces:
    """``faces:>=4``: this many faces were found in the photo, whoever they are.

    Those of which a human said that they are none do not count.

    Attributes:
        least: at least so many.
        most: at most so many; ``None`` for no limit.
    """

    least: int
    most: int | None

    def __str__(self) -> str:
        no_least = self.least == 0 and self.most not in {None, 0}
        return f"faces:{Bounds(None if no_least else self.least, self.most)}"


@dataclass(frozen=True, slots=True)
class HasSimilarity:
    """``similarity:<90``: one of the photo's appearances has a similarity in this range, percent.

    In a query that asks for people, an appearance of one of these people; else of anybody.
    """

    bounds: Bounds

    def __str__(self) -> str:
        return f"similarity:{self.bounds}"


@dataclass(frozen=True, slots=True)
class TakenOn:
    """``taken:2024-06..2024-08``: the camera's own clock showed one of these days, ends included.

    An end that is ``None`` is open.
    """

    first: date | None
    last: date | None

    def __str__(self) -> str:
        return f"taken:{_period(self.first, self.last)}"


@dataclass(frozen=True, slots=True)
class TakenNever:
    """``taken:none``: it is not known when the photo was taken."""

    def __str__(self) -> str:
        return "taken:none"


@dataclass(frozen=True, slots=True)
class TakenWith:
    """``camera:"Pixel"``: the camera's maker and model hold this text, in whatever case."""

    camera: str

    def __str__(self) -> str:
        return f"camera:{quoted(self.camera)}"


@dataclass(frozen=True, slots=True)
class LiesUnder:
    """``path:"/photos"``: one of the photo's places is this file, or lies below this folder."""

    path: Word

    def __str__(self) -> str:
        return f"path:{quoted(self.path.text)}"


@dataclass(frozen=True, slots=True)
class ShowsLabel:
    """``label:"Dog"``: the photo shows a dog, or whatever is a kind of it; ``label:"Dog>=80"``.

    Attributes:
        label: what it is called.
        least: only labels at least so sure, percent; ``None`` for all that are kept.
    """

    label: Word
    least: float | None = None

    def __str__(self) -> str:
        least = "" if self.least is None else f">={_number(self.least)}"
        return f"label:{quoted(self.label.text + least)}"


@dataclass(frozen=True, slots=True)
class ShowsText:
    """``text:"gate 12"``: these words can be read in the photo, one upon the other.

    Of the last word, the beginning is enough. Case and accents do not matter.
    """

    text: str

    def __str__(self) -> str:
        return f"text:{quoted(self.text)}"


@dataclass(frozen=True, slots=True)
class InAlbum:
    """``album:"Lisbon"``: the photo is in this album."""

    album: Word

    def __str__(self) -> str:
        return f"album:{quoted(self.album.text)}"


Meaning: TypeAlias = (
    ShowsPerson
    | ShowsAny
    | ShowsOnly
    | ShowsUnnamed
    | HasFaces
    | HasSimilarity
    | TakenOn
    | TakenNever
    | TakenWith
    | ShowsLabel
    | ShowsText
    | LiesUnder
    | InAlbum
)
"""What one term asks for."""


@dataclass(frozen=True, slots=True)
class Term:
    """One term: what it asks for, or with ``negated`` what must not be so."""

    meaning: Meaning
    negated: bool = False
    at: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return f"-{self.meaning}" if self.negated else str(self.meaning)


@dataclass(frozen=True, slots=True)
class Query:
    """All of its terms; without any, every photo.

    ``str`` of it is a query in text that is equal to it. ``text`` is what it was read from.
    """

    terms: tuple[Term, ...] = ()
    text: str = field(default="", compare=False)

    def __str__(self) -> str:
        return " ".join(map(str, self.terms))


def people_named(meaning: Meaning) -> tuple[Word, ...]:
    """The people that a term names."""
    match meaning:
        case ShowsPerson(who):
            return (who,)
        case ShowsAny(people) | ShowsOnly(people):
            return people
        case _:
            return ()


def reworded(
    query: Query,
    *,
    person: Callable[[Word], str],
    album: Callable[[Word], str],
    path: Callable[[Word], str],
) -> Query:
    """The query with other words for people, albums and paths."""

    def meaning_of(meaning: Meaning) -> Meaning:
        match meaning:
            case ShowsPerson(who):
                return ShowsPerson(Word(person(who), who.at))
            case ShowsAny(people):
                return ShowsAny(tuple(Word(person(who), who.at) for who in people))
            case ShowsOnly(people):
                return ShowsOnly(tuple(Word(person(who), who.at) for who in people))
            case InAlbum(word):
                return InAlbum(Word(album(word), word.at))
            case LiesUnder(word):
                return LiesUnder(Word(path(word), word.at))
            case _:
                return meaning

    terms = (replace(term, meaning=meaning_of(term.meaning)) for term in query.terms)
    return replace(query, terms=tuple(terms))


# -- writing ---------------------------------------------------------------------------------------


def quoted(text: str) -> str:
    """A value in quotation marks, so that it is read as it is."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _listed(words: Iterable[Word]) -> str:
    return '"' + ",".join(quoted(word.text)[1:-1].replace(",", "\\,") for word in words) + '"'


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)


def _period(first: date | None, last: date | None) -> str:
    if first is None or last is None:
        return f"{_beginning(first)}..{_end(last)}"
    for length in (4, 7, 10):
        whole = first.isoformat()[:length]
        if (first, last) == (first_day(whole), last_day(whole)):
            return whole
    return f"{_beginning(first)}..{_end(last)}"


def _beginning(day: date | None) -> str:
    """The shortest period that begins on this day."""
    if day is None:
        return ""
    text = day.isoformat()
    return next(text[:length] for length in (4, 7, 10) if first_day(text[:length]) == day)


def _end(day: date | None) -> str:
    """The shortest period that ends on this day."""
    if day is None:
        return ""
    text = day.isoformat()
    return next(text[:length] for length in (4, 7, 10) if last_day(text[:length]) == day)


def first_day(period: str) -> date:
    """The first day of a year, month or day such as ``2024-06``.

    Raises:
        ValueError: there is no such period.
    """
    return date.fromisoformat(period + "-01-01"[len(period) - 4 :])


def last_day(period: str) -> date:
    """The last day of a year, month or day.

    Raises:
        ValueError: there is no such period.
    """
    first = first_day(period)
    if len(period) == 10:
        return first
    if len(period) == 4 or first.month == 12:
        return first.replace(month=12, day=31)
    return first.replace(month=first.month + 1) - timedelta(days=1)
