"""Names of folders and files that ``kith sort`` makes."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith.pipeline.sorting.names import MAX_NAME_BYTES, TakenNames, safe_name

names = st.text(st.characters(exclude_categories=())) | st.text('aA.:/ \\*é"(2)çon', max_size=300)


@given(names)
def test_a_safe_name_is_one_that_every_file_system_takes(name: str) -> None:
    """No forbidden character, no leading dot, no trailing dot or space, within the length."""
    safe = safe_name(name)

    assert safe
    assert not set('<>:"/\\|?*\x00\x1f') & set(safe)
    assert not safe.startswith(".")
    assert not safe.endswith((".", " "))
    assert len(safe.encode()) <= MAX_NAME_BYTES


@given(names)
def test_a_safe_name_stays_as_it_is(name: str) -> None:
    """Making a name safe twice is making it safe once."""
    assert safe_name(safe_name(name)) == safe_name(name)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Zoë", "Zoë"),
        ("Zoe\u0308", "Zoë"),
        ("Мария 王", "Мария 王"),
        ("AC/DC: live?", "AC_DC_ live_"),
        ("con", "_con"),
        ("CON.txt", "_CON.txt"),
        ("Conny", "Conny"),
        ("com1", "_com1"),
        (".hidden", "_hidden"),
        ("J. R.", "J. R"),
        ("..", "_"),
        ("", "_"),
        ("\udcff", "_"),
    ],
)
def test_known_names_become_safe_as_expected(name: str, safe: str) -> None:
    """Letters of every script stay; what Windows or macOS refuse becomes an underscore."""
    assert safe_name(name) == safe


@given(st.lists(st.sampled_from(["a.jpg", "A.JPG", "é.png", "e\u0301.png", "a (2).jpg", "b"])))
def test_no_two_files_get_the_same_name(wanted: list[str]) -> None:
    """Names differ even where case and Unicode form are ignored, and repeat from run to run."""
    first, second = TakenNames(["B"]), TakenNames(["B"])
    taken = [first.take(name) for name in wanted]

    keys = {unicodedata.normalize("NFC", name).casefold() for name in taken}
    assert len(keys | {"b"}) == len(wanted) + 1
    assert taken == [second.take(name) for name in wanted]


def test_the_suffix_stands_before_that_of_the_format() -> None:
    """The second IMG_1.jpg is IMG_1 (2).jpg; what follows a dot belongs to a folder's name."""
    taken = TakenNames()

    assert [taken.take("IMG_1.jpg") for _ in range(3)] == [
        "IMG_1.jpg",
        "IMG_1 (2).jpg",
        "IMG_1 (3).jpg",
    ]
    assert [taken.take_folder("J. Doe") for _ in range(2)] == ["J. Doe", "J. Doe (2)"]
