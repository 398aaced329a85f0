"""Names as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith.domain.names import unfit


@given(name=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_every_text_may_be_a_name(name: str) -> None:
    """Whatever UTF-8 can hold is fit, but for NUL."""
    assert unfit(name) is None


@pytest.mark.parametrize(("name", "code"), [("a\0", "U+0000"), ("\ud800", "U+D800")])
def test_what_no_database_keeps_is_named(name: str, code: str) -> None:
    """The message has the character's code, for the character itself cannot be shown."""
    assert str(unfit(name)).startswith(code)
