"""The words by which a text is found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith.domain.text import MOST_WORDS, holds_words, words_of

texts = st.text(max_size=30) | st.text("aé ßİそ가01-'\"*()😀\0\udcff", max_size=30)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("GATE 12!", ["gate", "12"]),
        ("Café-Crème, Straße", ["cafe", "creme", "strasse"]),
        ("İSTANBUL", ["istanbul"]),
        ("ﬁne ½", ["fine", "1", "2"]),
        ("a_b 3,50€", ["a", "b", "3", "50"]),
        ("生そばｶﾞ", ["生", "そ", "ば", "ガ"]),
        ("서울 날씨", ["서울", "날씨"]),
        ("हिन्दी", ["हिन्दी"]),
        ("Ёлка Ελλάδα", ["елка", "ελλαδα"]),
        ("😀 … \0\udcff", []),
    ],
)
def test_words_are_letters_and_numbers_without_case_and_accents(
    text: str, words: list[str]
) -> None:
    """In every script; where there are no spaces between words, each character is one."""
    assert words_of(text) == words


@given(texts)
def test_nothing_in_a_word_means_anything_to_a_database(text: str) -> None:
    """Letters, marks and numbers alone, so that no word can be taken for a part of its language."""
    for word in words_of(text):
        assert word
        assert not set(word) & set(" \"'*^:()+-{}&|!<>\\\0\udcff")


@given(texts, texts)
def test_a_text_is_found_by_its_own_words(one: str, other: str) -> None:
    """Whole or begun, alone or among other lines, however it is typed."""
    words = words_of(one)
    inside = words_of(f"{other}\n{one}\n{other}")

    for begin in range(len(words)):
        assert holds_words(inside, words[begin:])
        assert holds_words(inside, words_of(" ".join(words[begin:])))
        assert holds_words(inside, [*words[begin:-1], words[-1][:1]])


@given(texts)
def test_the_middle_of_a_word_does_not_find_it(text: str) -> None:
    """Only a word's beginning does, and all words must follow upon each other."""
    words = words_of(text)

    for word in words:
        rest = word[1:]
        expected = any(other.startswith(rest) for other in words)
        assert holds_words(words, [rest]) == (expected or not rest)


def test_a_book_has_a_limit() -> None:
    """Words and their lengths stay within what every database takes."""
    words = words_of("x" * 5000 + " a" * 2 * MOST_WORDS)

    assert len(words) == MOST_WORDS
    assert max(map(len, words)) == 200
