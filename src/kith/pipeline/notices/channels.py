"""The settings of the notices: rules, channels, and how patiently they are tried.

    [notify]
    timezone = "Europe/Lisbon"

    [notify.channel.mail]
    kind = "smtp"
    host = "smtp.example.org"
    …

    [[notify.rule]]
    name = "Ana"
    people = ["Ana"]
    channels = ["mail"]

A value of a channel may come from the environment instead, as ``KITH_NOTIFY_MAIL_PASSWORD``.
"""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from datetime import tzinfo
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar, Final, TypeAlias, cast
from urllib.parse import urlsplit

from kith.domain.errors import SettingError, UsageError
from kith.domain.notice import Rule
from kith.domain.notice_rules import rule_of
from kith.pipeline.access.policy import is_loopback
from kith.pipeline.notices.patience import Patience


@dataclass(frozen=True, slots=True, kw_only=True)
class MailChannel:
    """Mail over SMTP.

    Attributes:
        host: of the mail server.
        sender: the address that mails are from; ``from`` in the settings.
        to: the addresses they go to.
        port: of the mail server; without, 587, 465 for ``tls``, and 25 on this machine.
        security: ``starttls``, ``tls`` or ``plain``; without, ``starttls``, and ``plain`` on this
            machine.
        user: to log in with.
        password: to log in with.
        ca_file: certificates of authorities to trust instead of the system's.
    """

    kind: ClassVar[str] = "smtp"

    host: str
    sender: str
    to: tuple[str, ...]
    port: int = 0
    security: str = ""
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookChannel:
    """JSON posted to a URL.

    Attributes:
        url: where to; it may hold what lets one in, and is not shown.
        secret: what requests are signed with.
    """

    kind: ClassVar[str] = "webhook"

    url: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SnsChannel:
    """A topic of Amazon SNS. Keys and region are found as boto3 finds them.

    Attributes:
        topic: its ARN.
        endpoint: another service of the same kind.
    """

    kind: ClassVar[str] = "sns"

    topic: str
    endpoint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogChannel:
    """Lines of JSON.

    Attributes:
        file: where to; without, stderr.
    """

    kind: ClassVar[str] = "log"

    file: Path | None = None


Channel: TypeAlias = MailChannel | WebhookChannel | SnsChannel | LogChannel

_KINDS: Final[Mapping[str, type[Channel]]] = {
    one.kind: one for one in (MailChannel, WebhookChannel, SnsChannel, LogChannel)
}
_WRITTEN: Final = {"sender": "from"}
"""Values that Python must call otherwise."""

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")


@dataclass(frozen=True, slots=True)
class NotifySettings:
    """All that is set of the notices.

    Attributes:
        rules: what is worth telling.
        channels: who is told, by name.
        patience: how often and how long it is tried.
        timezone: whose clocks quiet hours and digests go by; empty for this machine's.
    """

    rules: tuple[Rule, ...] = ()
    channels: Mapping[str, Channel] = field(default_factory=lambda: MappingProxyType({}))
    patience: Patience = field(default_factory=Patience)
    timezone: str = ""

    @property
    def zone(self) -> tzinfo | None:
        """The time zone; ``None`` for this machine's."""
        return zoneinfo.ZoneInfo(self.timezone) if self.timezone else None


def read_notify(table: Mapping[str, Any], environment: Mapping[str, str]) -> NotifySettings:
    """The settings that are written so.

    Args:
        table: as the settings file has it.
        environment: where values of channels are looked up, too.

    Raises:
        SettingError: they cannot be understood, or a rule names a channel that is not there.
    """
    left = dict(table)
    channels = {
        name: _channel(name, one, environment)
        for name, one in _table("channel", left.pop("channel", {})).items()
    }
    rules = _rules(left.pop("rule", []), channels)
    timezone = _timezone(left.pop("timezone", ""))
    return NotifySettings(rules, MappingProxyType(channels), _patience(left), timezone)


# -- rules -----------------------------------------------------------------------------------------


def _rules(written: Any, channels: Mapping[str, Channel]) -> tuple[Rule, ...]:
    if not isinstance(written, list):
        raise SettingError("notify.rule is not a list", "Begin each rule with [[notify.rule]].")
    found: dict[str, Rule] = {}
    for one in cast("list[Any]", written):
        try:
            rule = rule_of(_table("rule", one))
        except UsageError as error:
            raise SettingError(error.message, error.advice) from error
        if rule.id in found:
            raise SettingError(f"Two rules are called {rule.name!r}", "Call one otherwise.")
        require_channels(rule, channels)
        found[rule.id] = rule
    return tuple(found.values())


def require_channels(rule: Rule, channels: Mapping[str, object]) -> None:
    """See that the channels of a rule are there.

    Raises:
        SettingError: one is not.
    """
    for name in rule.channels:
        if name not in channels:
            raise SettingError(
                f"The rule {rule.name!r} names the channel {name!r}, which is not there",
                f"The settings have: {', '.join(channels) or 'no channels'}.",
            )


# -- channels --------------------------------------------------------------------------------------


def _channel(name: str, written: Any, environment: Mapping[str, str]) -> Channel:
    if not _NAME.fullmatch(name):
        raise SettingError(
            f"{name!r} cannot be the name of a channel",
            "It has letters and digits, - and _, 40 at most.",
        )
    table = _table(f"channel.{name}", written)
    kind = _KINDS.get(str(table.pop("kind", "")))
    if kind is None:
        raise _wrong(name, "its kind is not known", f"Kinds are: {', '.join(_KINDS)}.")
    known = {_WRITTEN.get(each.name, each.name): each for each in fields(kind)}
    for key in table:
        if key not in known:
            raise _wrong(name, f"it has an unknown value {key!r}", f"It has: {', '.join(known)}.")
    table |= _from_environment(name, known, environment)
    values = {
        each.name: _value(name, key, each, table[key])
        for key, each in known.items()
        if key in table
    }
    for key, each in known.items():
        if each.name not in values and each.default is MISSING:
            raise _missing(name, key)
    return _checked(name, cast("Callable[..., Channel]", kind)(**values))


def _from_environment(
    name: str, known: Mapping[str, Field[Any]], environment: Mapping[str, str]
) -> dict[str, str]:
    variables = {key: _variable(name, key) for key in known}
    return {
        key: environment[variable]
        for key, variable in variables.items()
        if environment.get(variable)
    }


def _variable(name: str, key: str) -> str:
    return f"KITH_NOTIFY_{name.upper().replace('-', '_')}_{key.upper()}"


def _value(name: str, key: str, each: Field[Any], value: Any) -> Any:
    """The value as its field's type. It is not named in messages, for it may be secret."""
    match str(each.type):
        case "int":
            if isinstance(value, str) and value.isdecimal():
                value = int(value)
            if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 65536:
                raise _wrong(name, f"{key} is no number of a port")
            return value
        case "tuple[str, ...]":
            words = value.split(",") if isinstance(value, str) else value
            return _words(name, key, words)
        case "Path | None" if isinstance(value, str) and value:
            return Path(value).expanduser().absolute()
        case _ if isinstance(value, str) and value and value.isprintable():
            return value
        case _:
            raise _wrong(name, f"{key} is no text")


def _words(name: str, key: str, value: Any) -> tuple[str, ...]:
    values = cast("list[Any]", value) if isinstance(value, list) else []
    words = tuple(one.strip() for one in values if isinstance(one, str) and one.strip())
    if not words or len(words) != len(values):
        raise _wrong(name, f"{key} is no list of text", f'It is written as {key} = ["…"].')
    return words


def _checked(name: str, channel: Channel) -> Channel:
    match channel:
        case MailChannel() if channel.security not in {"", "starttls", "tls", "plain"}:
            raise _wrong(name, "security is not known", "It is starttls, tls or plain.")
        case MailChannel() if channel.password and not channel.user:
            raise _wrong(name, "it has a password and no user")
        case WebhookChannel() if channel.url and not _is_web_address(channel.url):
            raise _wrong(
                name, "url is no address of the web", "It begins with https:// or http://."
            )
        case _:
            return channel


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def require_secrets(name: str, channel: Channel) -> None:
    """See that a channel has what is secret: not every process is given it, nor needs it.

    Raises:
        SettingError: something is missing.
    """
    match channel:
        case MailChannel(user=user, password="") if user:
            missing = "password"
        case WebhookChannel(url=""):
            missing = "url"
        case WebhookChannel(secret=""):
            missing = "secret"
        case _:
            return
    raise _missing(name, missing)


def security_of(channel: MailChannel) -> str:
    """How its server is spoken to: without encryption only on this machine, or where it is said."""
    return channel.security or ("plain" if is_loopback(channel.host) else "starttls")


def port_of(channel: MailChannel) -> int:
    """The server's port."""
    return channel.port or {"starttls": 587, "tls": 465, "plain": 25}[security_of(channel)]


# -- the rest --------------------------------------------------------------------------------------


def _patience(table: Mapping[str, Any]) -> Patience:
    known = {each.name: each for each in fields(Patience)}
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key not in known:
            names = ", ".join(("rule", "channel", "timezone", *known))
            raise SettingError(f"There is no setting notify.{key}", f"There are: {names}.")
        whole = str(known[key].type) == "int"
        if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
            raise SettingError(f"notify.{key} is {value!r}: it must be a number")
        if not 0 < value < 1e9:
            raise SettingError(f"notify.{key} is {value!r}: it must be more than 0")
        values[key] = value if whole else float(value)
    return Patience(**values)


def _timezone(value: Any) -> str:
    if value == "":
        return ""
    try:
        return zoneinfo.ZoneInfo(value).key
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, TypeError, OSError) as error:
        raise SettingError(
            f"notify.timezone is {value!r}, which is not known", "It is one such as Europe/Lisbon."
        ) from error


def _table(name: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise SettingError(f"notify.{name} is no table", "See docs/notices.md.")
    return dict(cast("Mapping[str, Any]", value))


def _missing(name: str, key: str) -> SettingError:
    return _wrong(name, f"{key} is missing", f"Set it in the file, or {_variable(name, key)}.")


def _wrong(name: str, what: str, advice: str = "") -> SettingError:
    return SettingError(f"The channel {name!r} cannot be used: {what}", advice)
