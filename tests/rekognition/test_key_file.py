"""Access keys lie in a file of their owner's alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith.domain.errors import NotFoundError, SettingError
from kith.rekognition.keys import AccessKey, Permission, new_key, parse_keys, render_keys
from kith.rekognition_server.key_file import KeyFile


@pytest.fixture
def file(tmp_path: Path) -> KeyFile:
    """A file that is not there yet."""
    return KeyFile(tmp_path / "folder" / "keys.json")


def test_a_key_that_is_added_is_there_and_one_that_is_removed_is_gone(file: KeyFile) -> None:
    """For whoever reads the file, at once, without opening it anew."""
    one, other = new_key(Permission.READ, "one"), new_key(Permission.WRITE, "other")
    reader = KeyFile(file.path)
    assert reader.keys() == {}

    file.add(one)
    file.add(other)
    assert reader.keys() == {one.key_id: one, other.key_id: other}

    assert file.remove(one.key_id) == one
    assert reader.keys() == {other.key_id: other}


def test_a_key_that_is_not_there_cannot_be_removed(file: KeyFile) -> None:
    """And says how to see which are."""
    with pytest.raises(NotFoundError, match="KITHX"):
        file.remove("KITHX")


@pytest.mark.skipif(os.name != "posix", reason="other systems have no modes")
def test_nobody_else_may_read_the_file(file: KeyFile) -> None:
    """Kith makes it so, and uses none that is otherwise."""
    key = new_key(Permission.READ, "")
    file.add(key)
    assert file.path.stat().st_mode & 0o777 == 0o600

    file.path.chmod(0o640)
    with pytest.raises(SettingError, match="other users"):
        KeyFile(file.path).keys()


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"keys": [3]}', '{"keys": [{"key_id": "a", "secret": 3}]}', "\xff"]
)
def test_a_file_that_is_something_else_is_named(file: KeyFile, text: str) -> None:
    """Without a word of what is in it."""
    file.path.parent.mkdir()
    file.path.write_text(text, encoding="latin-1")
    file.path.chmod(0o600)

    with pytest.raises(SettingError, match="cannot be read") as caught:
        file.keys()
    assert str(file.path) in str(caught.value)
    assert caught.value.__context__ is None or caught.value.__suppress_context__


def test_a_secret_does_not_show_by_accident() -> None:
    """Not in what a debugger or a log prints of a key."""
    key = new_key(Permission.WRITE, "name")

    assert key.secret not in repr(key)


def test_keys_are_hard_to_guess_and_all_different() -> None:
    """As long as Amazon's."""
    keys = [new_key(Permission.READ, "") for _ in range(100)]

    assert len({key.key_id for key in keys}) == len({key.secret for key in keys}) == 100
    assert {(len(key.key_id), len(key.secret)) for key in keys} == {(20, 40)}


@given(
    st.lists(
        st.builds(
            AccessKey,
            st.text(min_size=1),
            st.text(min_size=1),
            st.sampled_from(Permission),
            st.text(),
        ),
        unique_by=lambda key: key.key_id,
    )
)
def test_keys_are_read_as_they_were_written(keys: list[AccessKey]) -> None:
    """All of each."""
    assert list(parse_keys(render_keys(keys), "x").values()) == keys
