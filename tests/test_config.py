"""Settings: where they come from, which one wins, and what is refused."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import platformdirs
import pytest

from kith.config import Settings, load_settings
from kith.domain.errors import SettingError


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's home with nothing in it."""
    for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A settings file."""
    path = tmp_path / "kith.toml"
    path.write_text('pack = "file"\nworkers = 1\nmax_megabytes = 11\n')
    return path


def test_flags_win_over_the_environment_and_that_over_the_file(file: Path) -> None:
    """kith.toml < KITH_* < flags, each setting for itself; a flag not given counts for nothing."""
    environment = {"KITH_PACK": "environment", "KITH_WORKERS": "2"}

    settings = load_settings({"pack": "flag", "workers": None}, environment, file)

    assert settings.pack == "flag"
    assert settings.workers == 2
    assert settings.max_megabytes == 11
    assert settings.max_megapixels == Settings().max_megapixels


def test_without_anything_the_defaults_hold(home: Path) -> None:
    """Nothing has to be set up; an empty variable is as good as none."""
    settings = load_settings(environment={"KITH_WORKERS": ""})

    assert settings == Settings()
    assert settings.library.is_relative_to(home)
    assert settings.worker_count >= 1


def test_every_setting_has_its_variable(tmp_path: Path) -> None:
    """KITH_ and the name in capitals."""
    words = {"library": str(tmp_path), "models": str(tmp_path), "cache": str(tmp_path)}
    words |= {"database": "postgresql://x/y", "pack": "dlib", "buckets": str(tmp_path)}
    words |= {"originals": str(tmp_path), "deployment": str(tmp_path)}
    words |= {"host": "::1", "public_url": "https://x", "trusted_proxies": "::1", "title": "We"}
    words |= {"origins": "https://y"}
    words |= {"port": "80", "login": "True"}
    words |= {"labels": "on", "text": "off"}
    words |= {"workers": "3", "max_megabytes": "4", "max_megapixels": "5"}
    # Those of the notices are a table of their own: tests/pipeline/test_notice_settings.py.
    assert words.keys() == {field.name for field in fields(Settings)} - {"notify", "renditions"}

    settings = load_settings(
        environment={f"KITH_{name.upper()}": value for name, value in words.items()}
    )

    assert {name: str(getattr(settings, name)) for name in words} == words


def test_the_user_settings_file_is_read_without_being_named(home: Path) -> None:
    """kith.toml in the user's configuration folder."""
    folder = platformdirs.user_config_path("kith")
    assert folder.is_relative_to(home)
    folder.mkdir(parents=True)
    (folder / "kith.toml").write_text('pack = "dlib"')

    assert load_settings(environment={}).pack == "dlib"


def test_kith_config_names_the_file(file: Path) -> None:
    """A file that is named must be there."""
    assert load_settings(environment={"KITH_CONFIG": str(file)}).pack == "file"
    with pytest.raises(SettingError, match=r"no settings file .*absent\.toml"):
        load_settings(environment={"KITH_CONFIG": str(file.with_name("absent.toml"))})


def test_a_tilde_is_the_home_and_a_relative_path_starts_here(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a shell, which does not expand what stands in a file."""
    monkeypatch.chdir(home)

    settings = load_settings({"cache": "cache"}, {"KITH_LIBRARY": "~/kith"})

    assert settings.library == home / "kith"
    assert settings.cache == Path.cwd() / "cache"


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("colour = 1", "unknown setting 'colour'"),
        ("workers = ", "cannot be read"),
        ('workers = "many"', "workers from .*'many'"),
        ("workers = -1", "not negative"),
        ("pack = 3", "must be text"),
        ("library = 3", "library from .*3"),
        ('labels = "maybe"', "labels from .*auto, on or off"),
        ("text = [1]", "text from .*auto, on or off"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(file: Path, content: str, complaint: str) -> None:
    """The message names the file, the setting and what is wrong with it."""
    file.write_text(content)

    with pytest.raises(SettingError, match=complaint) as caught:
        load_settings(environment={}, config_file=file)
    assert str(file) in str(caught.value)


@pytest.mark.parametrize("value", ["x", "1.5", "-3", "0x10"])
def test_a_bad_number_in_the_environment_names_its_variable(value: str) -> None:
    """So that one knows where to look."""
    with pytest.raises(SettingError, match="KITH_MAX_MEGAPIXELS"):
        load_settings(environment={"KITH_MAX_MEGAPIXELS": value})


def test_bytes_that_are_no_text_are_a_bad_settings_file(file: Path) -> None:
    """A settings file is UTF-8."""
    file.write_bytes(b'pack = "\xff"')

    with pytest.raises(SettingError, match="cannot be read"):
        load_settings(environment={}, config_file=file)


@pytest.mark.parametrize("text", ["workers = 2.5", "workers = true", "workers = -1"])
def test_a_number_is_a_whole_number(text: str, tmp_path: Path) -> None:
    """What TOML has besides whole numbers is refused, and not rounded."""
    file = tmp_path / "kith.toml"
    file.write_text(text)

    with pytest.raises(SettingError, match="whole number"):
        load_settings(environment={}, config_file=file)


def test_a_home_that_nobody_has_is_refused() -> None:
    """``~nobody`` leads to no folder; that is a message."""
    with pytest.raises(SettingError, match="library"):
        load_settings(environment={"KITH_LIBRARY": "~no-such-user/x"})
