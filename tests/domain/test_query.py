"""The query language: what is read, what is written, and where errors point."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

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
from kith.domain.query_parse import parse_query
from kith.domain.text import words_of

names = st.text(min_size=1).map(str.strip).filter(bool)
words = st.builds(Word, names)
lists = st.lists(words, min_size=1, max_size=4, unique=True).map(tuple)
percents = st.integers(0, 1_000_000).map(lambda number: number / 10_000)
days = st.dates(date(1, 1, 1), date(9999, 12, 31))


def _ordered(low: float, high: float) -> Bounds:
    return Bounds(min(low, high), max(low, high))


def _least(limit: float, above: bool) -> Bounds:
    return Bounds(least=limit, above=above)


def _most(limit: float, below: bool) -> Bounds:
    return Bounds(most=limit, below=below)


def _days(first: date, last: date) -> TakenOn:
    return TakenOn(min(first, last), max(first, last))


def _year(year: int) -> TakenOn:
    return TakenOn(date(year, 1, 1), date(year, 12, 31))


def _faces(least: int, more: int | None) -> HasFaces:
    return HasFaces(least, None if more is None else least + more)


def _is_path(text: str) -> bool:
    return bool(text.strip()) and "\0" not in text


def _is_label(text: str) -> bool:
    return bool(text.strip()) and not set(text) & set("<>=")


labels = st.builds(Word, names.filter(_is_label))
bounds = st.one_of(
    st.builds(_least, percents, st.booleans()),
    st.builds(_most, percents, st.booleans()),
    st.builds(_ordered, percents, percents),
)
periods = st.one_of(
    st.builds(TakenOn, days, st.none()),
    st.builds(TakenOn, st.none(), days),
    st.builds(_days, days, days),
    st.builds(_year, st.integers(1, 9999)),
)
meanings: st.SearchStrategy[Meaning] = st.one_of(
    st.builds(ShowsPerson, words),
    st.builds(ShowsAny, lists),
    st.builds(ShowsOnly, lists),
    st.just(ShowsUnnamed()),
    st.builds(_faces, st.integers(0, 99_999), st.none() | st.integers(0, 99)),
    st.builds(HasSimilarity, bounds),
    periods,
    st.just(TakenNever()),
    st.builds(TakenWith, names),
    st.builds(ShowsLabel, labels, st.none() | percents),
    st.builds(ShowsText, st.text(min_size=1).filter(words_of)),
    st.builds(LiesUnder, st.builds(Word, st.text(min_size=1).filter(_is_path))),
    st.builds(InAlbum, words),
)
queries = st.builds(
    Query, st.lists(st.builds(Term, meanings, st.booleans()), max_size=6).map(tuple)
)

_SNIPPETS = [
    "person:",
    "any:",
    "faces:",
    "taken:",
    "label:",
    "text:",
    "-",
    '"',
    "\\",
    ",",
    "..",
    "<",
    ">=",
    " ",
    "2024",
]


@given(queries)
def test_what_is_written_is_read_as_the_same(query: Query) -> None:
    """A query in text is the query again."""
    assert parse_query(str(query)) == query


@given(st.text() | st.lists(st.sampled_from(_SNIPPETS) | st.text(max_size=3)).map("".join))
@example("person:")
@example('person:"')
@example("İ:")
@example("taken:2024-02-30")
def test_any_text_is_a_query_or_an_error_that_points_into_it(text: str) -> None:
    """Whatever is typed, it is read, or refused at one of its characters or its end."""
    error = _refused(text)

    if error is None:
        query = parse_query(text)
        assert parse_query(str(query)) == query
    else:
        assert error.query == text
        assert 0 <= error.at <= len(text)


def _refused(text: str) -> QueryError | None:
    try:
        parse_query(text)
    except QueryError as error:
        return error
    return None


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ('person:"Ana Lima"', ShowsPerson(Word("Ana Lima"))),
        ("PERSON:Ana", ShowsPerson(Word("Ana"))),
        ('any:"Ana, Ben"', ShowsAny((Word("Ana"), Word("Ben")))),
        ('any:"Ana,Ana"', ShowsAny((Word("Ana"),))),
        (r'any:"Lima\, Ana,Ben"', ShowsAny((Word("Lima, Ana"), Word("Ben")))),
        ('person:"Lima, Ana"', ShowsPerson(Word("Lima, Ana"))),
        (r'person:"Ana \"the boss\""', ShowsPerson(Word('Ana "the boss"'))),
        (r'path:"C:\photos\2024"', LiesUnder(Word(r"C:\photos\2024"))),
        (r'path:"C:\photos\\"', LiesUnder(Word("C:\\photos\\"))),
        ("faces:0", HasFaces(0, 0)),
        ("faces:=3", HasFaces(3, 3)),
        ("faces:>3", HasFaces(4, None)),
        ("faces:<3", HasFaces(0, 2)),
        ("faces:2..4", HasFaces(2, 4)),
        ("faces:2..", HasFaces(2, None)),
        ("faces:..4", HasFaces(0, 4)),
        ("similarity:<90", HasSimilarity(Bounds(most=90, below=True))),
        ("similarity:87.5..90", HasSimilarity(Bounds(87.5, 90))),
        ("taken:2024", TakenOn(date(2024, 1, 1), date(2024, 12, 31))),
        ("taken:2024-02", TakenOn(date(2024, 2, 1), date(2024, 2, 29))),
        ("taken:2024-06..2024-08", TakenOn(date(2024, 6, 1), date(2024, 8, 31))),
        ("taken:2024-06-30", TakenOn(date(2024, 6, 30), date(2024, 6, 30))),
        ("taken:..2023-05", TakenOn(None, date(2023, 5, 31))),
        ("taken:9999-12..", TakenOn(date(9999, 12, 1), None)),
        ("taken:none", TakenNever()),
        ("label:dog", ShowsLabel(Word("dog"))),
        ('label:"Hot Dog"', ShowsLabel(Word("Hot Dog"))),
        ("label:dog>=80", ShowsLabel(Word("dog"), 80.0)),
        ('label:" Hot Dog >= 62.5"', ShowsLabel(Word("Hot Dog"), 62.5)),
        ('text:"Gate 12"', ShowsText("Gate 12")),
        (r'text:"say \"hi\""', ShowsText('say "hi"')),
    ],
)
def test_a_term_says_what_it_says(text: str, meaning: Meaning) -> None:
    """Each way to write a term has its meaning, and ``-`` before it the opposite."""
    assert parse_query(text).terms == (Term(meaning),)
    assert parse_query(f" -{text}\t").terms == (Term(meaning, negated=True),)


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Lisbon", "^"),
        ("unnamed persn:Ana", "        ^"),
        ("person: Ana", "       ^"),
        ("person", "      ^"),
        ('person:" "', "        ^"),
        ('person:"Ana', "       ^"),
        ('person:"Ana"x', "            ^"),
        ('any:"Ana,,Ben"', "         ^"),
        ('any:Ana,"Ben"', "        ^"),
        ("faces:4..2", "      ^"),
        ("faces:<0", "      ^"),
        ("faces:many", "      ^"),
        ("similarity:101", "           ^"),
        ("label:dog<80", "      ^"),
        ("label:>=80", "      ^"),
        ("label:dog>=101", "           ^"),
        ('label:"dog >= x"', "             ^"),
        ('text:"?!"', "      ^"),
        ("taken:2024..2024-13", "            ^"),
        ("taken:2024..2023", "      ^"),
        ("taken:..", "      ^"),
        ("-", " ^"),
        ("--person:Ana", " ^"),
        ("unnamed:Ana", "^"),
        ('unnamed"', "       ^"),
        ("person:Ana or person:Ben", "           ^"),
        ("person:Ana Lima", "           ^"),
    ],
)
def test_an_error_points_at_its_character(text: str, marked: str) -> None:
    """The error's place is where the eye must go, and it says what to do."""
    with pytest.raises(QueryError) as caught:
        parse_query(text)

    assert " " * caught.value.at + "^" == marked
    assert caught.value.advice


def test_a_misspelled_term_is_recognized() -> None:
    """The advice names the term that is nearest."""
    with pytest.raises(QueryError, match="Did you mean person"):
        parse_query("persn:Ana")


def test_words_remember_where_they_stand() -> None:
    """Each name knows its own character, that of a list, too, so that an unknown one is found."""
    (term,) = parse_query(r'any:"Lima\, Ana, Ben"').terms

    assert isinstance(term.meaning, ShowsAny)
    assert [word.at for word in term.meaning.people] == [5, 17]


def test_a_query_has_a_limit() -> None:
    """A hundred terms are read; the next one is pointed at."""
    assert len(parse_query("unnamed " * MOST_TERMS).terms) == MOST_TERMS

    with pytest.raises(QueryError) as caught:
        parse_query("unnamed " * (MOST_TERMS + 1))

    assert caught.value.at == len("unnamed ") * MOST_TERMS
    with pytest.raises(QueryError, match="100,000 characters"):
        parse_query("x" * (MOST_CHARACTERS + 1))


@given(periods)
def test_a_period_is_written_as_short_as_can_be(period: TakenOn) -> None:
    """Whole years and months are written as such, and mean the same days."""
    text = str(period).removeprefix("taken:")
    begin, dots, end = text.partition("..")

    if dots:
        assert (first_day(begin) if begin else None) == period.first
        assert (last_day(end) if end else None) == period.last
    else:
        assert TakenOn(first_day(text), last_day(text)) == period


@given(bounds, percents)
def test_bounds_hold_what_they_say(bounds: Bounds, value: float) -> None:
    """An end belongs to the range, unless it is said not to."""
    inside = (bounds.least is None or value >= bounds.least) and (
        bounds.most is None or value <= bounds.most
    )
    on_open_end = (bounds.above and value == bounds.least) or (
        bounds.below and value == bounds.most
    )

    assert bounds.hold(value) == (inside and not on_open_end)
