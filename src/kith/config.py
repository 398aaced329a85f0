"""Settings: ``kith.toml`` < environment ``KITH_*`` < flags.

Every setting is one field of ``Settings``: its name in the file, in capitals behind ``KITH_`` its
name in the environment, and with dashes its flag where a command has one. docs/configuration.md
lists them; a test holds the two together.
"""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, cast

import platformdirs

from kith.domain.errors import SettingError
from kith.pipeline.notices.channels import NotifySettings, read_notify
from kith.pipeline.renditions.settings import RenditionSettings, read_renditions

ENVIRONMENT_PREFIX = "KITH_"


def _default_library() -> Path:
    return platformdirs.user_data_path("kith") / "library"


def _default_cache() -> Path:
    return platformdirs.user_cache_path("kith")


def _default_deployment() -> Path:
    return platformdirs.user_data_path("kith") / "aws"


@dataclass(frozen=True, slots=True)
class Settings:
    """How Kith runs.

    Attributes:
        library: folder of the library: database, thumbnails, search index.
        database: SQLAlchemy URL of a PostgreSQL database; empty keeps the catalog in the library.
        models: folder with model files, read only; empty looks into the cache and then downloads.
        cache: folder for downloaded model files.
        pack: model pack of a new library; empty takes ``open`` and falls back to ``dlib``.
        workers: photos worked on at once; 0 means one per processor core.
        labels: whether photos are looked at for what they show: ``auto``, where the model pack
            ``labels`` is installed; ``on``, then it is fetched; or ``off``.
        text: whether they are looked at for what is written in them: ``auto``, where the extra
            ``text`` is installed; ``on``, then its lack is an error; or ``off``.
        max_megabytes: files above this many megabytes are refused.
        max_megapixels: pictures above this many megapixels are refused; half as many where the
            format cannot be decoded scaled.
        originals: folder for photos that are uploaded; without it, ``originals`` in the library.
        deployment: folder of the deployment on AWS: its configuration, and what Terraform tells.
        buckets: where ``kith rekognition`` reads what requests name as S3 objects: a folder whose
            folders are the buckets, the URL of an S3 service, or ``s3`` for Amazon's own; empty
            refuses them.
        host: address that ``kith serve`` listens on.
        port: its port; 0 lets the system choose one.
        public_url: under which address others reach ``kith serve``, where a proxy is before it.
        trusted_proxies: addresses and networks of proxies whose word on who asks is taken.
        origins: of pages elsewhere that may use the API of ``kith serve``.
        login: whether a login is needed on this machine, too; from others it always is.
        title: what the album is called; empty takes the name of the library's folder.
        notify: who is told when somebody appears; a table in the file, JSON in the environment.
        renditions: resized copies that every photo gets; a table in the file, JSON in the
            environment.
    """

    library: Path = field(default_factory=_default_library)
    database: str = ""
    models: Path | None = None
    cache: Path = field(default_factory=_default_cache)
    pack: str = ""
    workers: int = 0
    labels: str = "auto"
    text: str = "auto"
    max_megabytes: int = 200
    max_megapixels: int = 200
    originals: Path | None = None
    deployment: Path = field(default_factory=_default_deployment)
    buckets: str = ""
    host: str = "127.0.0.1"
    port: int = 4576
    public_url: str = ""
    trusted_proxies: str = ""
    origins: str = ""
    login: bool = False
    title: str = ""
    notify: NotifySettings = field(default_factory=NotifySettings)
    renditions: tuple[RenditionSettings, ...] = ()

    @property
    def worker_count(self) -> int:
        """Photos worked on at once, at least 1."""
        return self.workers or _usable_cores()


def _usable_cores() -> int:
    """Cores this process may use; a container's share where the system tells it."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def load_settings(
    flags: Mapping[str, Any] | None = None,
    environment: Mapping[str, str] = os.environ,
    config_file: Path | None = None,
) -> Settings:
    """The settings from file, environment and flags, the later winning.

    Args:
        flags: values by field name; ``None`` values count as not given.
        environment: where ``KITH_*`` variables are looked up.
        config_file: the file to read; without it ``KITH_CONFIG``, else ``kith.toml`` in the user's
            configuration folder if it is there.

    Raises:
        SettingError: the file is missing or not TOML, or a setting is unknown or cannot be read.
    """
    values = dict(_from_file(config_file, environment))
    values |= _from_environment(environment)
    values |= {
        name: (value, f"--{name.replace('_', '-')}")
        for name, value in (flags or {}).items()
        if value is not None
    }
    notify = _notify(*values.pop("notify", ({}, "the environment")), environment)
    renditions = _renditions(*values.pop("renditions", ({}, "the environment")))
    read = {name: _convert(name, *given) for name, given in values.items()}
    return Settings(**read, notify=notify, renditions=renditions)


def _from_file(
    config_file: Path | None, environment: Mapping[str, str]
) -> Mapping[str, tuple[Any, str]]:
    named = config_file or environment.get(f"{ENVIRONMENT_PREFIX}CONFIG")
    path = Path(named) if named else platformdirs.user_config_path("kith") / "kith.toml"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        if named:
            raise SettingError(f"There is no settings file {path}", "Check its path.") from None
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingError(f"The settings file {path} cannot be read ({error})") from error
    for name in data:
        if name not in _FIELDS:
            raise SettingError(
                f"{path} has an unknown setting {name!r}", f"Settings are: {', '.join(_FIELDS)}."
            )
    return {name: (value, str(path)) for name, value in data.items()}


def _from_environment(environment: Mapping[str, str]) -> Mapping[str, tuple[str, str]]:
    named = {name: f"{ENVIRONMENT_PREFIX}{name.upper()}" for name in _FIELDS}
    return {
        name: (environment[variable], variable)
        for name, variable in named.items()
        if environment.get(variable)
    }


def _convert(name: str, value: Any, source: str) -> Any:
    """The value as its field's type; text from the environment is read as a person writes it."""
    try:
        if name in _PATHS:
            return Path(value).expanduser().absolute()
        if name in _NUMBERS:
            return _natural(value)
        if name in _SWITCHES:
            return _switch(value)
        if name in _WISHES:
            return _wish(value)
        if not isinstance(value, str):
            raise TypeError("it must be text")  # noqa: TRY301 - as ``int`` and ``Path`` raise it
    except (TypeError, ValueError, RuntimeError) as error:  # RuntimeError: no home of that user
        raise SettingError(f"The setting {name} from {source} is {value!r}: {error}") from error
    return value


def _notify(value: Any, source: str, environment: Mapping[str, str]) -> NotifySettings:
    """The notices' own settings; some of them may come from variables of their own."""
    with _blaming("notify", source):
        return read_notify(_table(value), environment)


def _renditions(value: Any, source: str) -> tuple[RenditionSettings, ...]:
    with _blaming("renditions", source):
        return read_renditions(_table(value))


def _table(value: Any) -> dict[str, Any]:
    table = json.loads(value) if isinstance(value, str) else value
    if not isinstance(table, dict):
        raise TypeError("it must be a table")
    return cast("dict[str, Any]", table)


@contextmanager
def _blaming(name: str, source: str) -> Generator[None]:
    """Say in errors where the setting came from."""
    try:
        yield
    except (TypeError, ValueError) as error:
        raise SettingError(f"The setting {name} from {source} cannot be read: {error}") from error
    except SettingError as error:
        raise SettingError(f"{error.message} (from {source})", error.advice) from error


def _natural(value: Any) -> int:
    number = int(value) if isinstance(value, str) and value.strip().isdecimal() else value
    if not isinstance(number, int) or isinstance(number, bool) or number < 0:
        raise ValueError("it must be a whole number, and not negative")
    return number


def _switch(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = value.strip().lower() if isinstance(value, str) else ""
    if word not in _WORDS:
        raise ValueError("it must be true or false")
    return _WORDS[word]


def _wish(value: Any) -> str:
    wish = value.strip().lower() if isinstance(value, str) else value
    if wish not in ("auto", "on", "off"):
        raise ValueError("it must be auto, on or off")
    return wish


_WORDS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_FIELDS = tuple(entry.name for entry in fields(Settings))
_PATHS = frozenset({"library", "models", "cache", "originals", "deployment"})
_NUMBERS = frozenset({"workers", "max_megabytes", "max_megapixels", "port"})
_SWITCHES = frozenset({"login"})
_WISHES = frozenset({"labels", "text"})
