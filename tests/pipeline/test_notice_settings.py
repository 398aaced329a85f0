"""The settings of the notices: rules, channels, patience, and what stays secret."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kith.compose.notices import open_notices
from kith.config import Settings, load_settings
from kith.database.open import open_database
from kith.domain.errors import SettingError
from kith.domain.notice import AnyFace, Rule
from kith.pipeline.notices.channels import (
    MailChannel,
    NotifySettings,
    Patience,
    SnsChannel,
    WebhookChannel,
    port_of,
    read_notify,
    require_secrets,
    security_of,
)

TOML = """
[notify]
timezone = "Europe/Lisbon"
attempts = 3
first_seconds = 0.5

[notify.channel.mail]
kind = "smtp"
host = "smtp.example.org"
user = "kith"
password = "pa55"
from = "kith@example.org"
to = ["ana@example.org", "ben@example.org"]
ca_file = "ca.pem"

[notify.channel.home-bot]
kind = "webhook"
url = "http://192.168.1.5:8123/hook"
secret = "sesame"

[notify.channel.topic]
kind = "sns"
topic = "arn:aws:sns:eu-west-1:123456789012:faces"

[notify.channel.log]
kind = "log"

[[notify.rule]]
name = "Somebody"
faces = "any"
channels = ["mail", "log"]
"""

MAIL = {"kind": "smtp", "host": "h", "from": "a@b", "to": ["c@d"]}
HOOK = {"kind": "webhook", "url": "https://h/x", "secret": "s"}


def read(text: str, tmp_path: Path, environment: dict[str, str] | None = None) -> NotifySettings:
    """The settings of a file of this text."""
    file = tmp_path / "kith.toml"
    file.write_text(text, "utf-8")
    return load_settings(environment=environment or {}, config_file=file).notify


def test_the_file_says_who_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Channels by name, rules in their order, and how patiently they are tried."""
    monkeypatch.chdir(tmp_path)

    notify = read(TOML, tmp_path)

    assert notify.rules == (Rule("Somebody", AnyFace(), ("mail", "log")),)
    assert list(notify.channels) == ["mail", "home-bot", "topic", "log"]
    mail = notify.channels["mail"]
    assert isinstance(mail, MailChannel)
    assert (mail.sender, mail.to) == ("kith@example.org", ("ana@example.org", "ben@example.org"))
    assert mail.ca_file == Path.cwd() / "ca.pem"
    assert (security_of(mail), port_of(mail)) == ("starttls", 587)
    assert isinstance(notify.channels["topic"], SnsChannel)
    assert notify.patience == Patience(attempts=3, first_seconds=0.5)
    assert str(notify.zone) == "Europe/Lisbon"


def test_the_environment_has_the_last_word(tmp_path: Path) -> None:
    """A value of a channel by a variable of its own; or all of it, as JSON."""
    environment = {
        "KITH_NOTIFY_MAIL_PASSWORD": "other",
        "KITH_NOTIFY_MAIL_TO": "eva@example.org, zoe@example.org",
        "KITH_NOTIFY_MAIL_PORT": "2525",
        "KITH_NOTIFY_HOME_BOT_SECRET": "open",
        "KITH_NOTIFY_LOG_FILE": "",
    }

    channels = read(TOML, tmp_path, environment).channels
    mail, bot = channels["mail"], channels["home-bot"]

    assert isinstance(mail, MailChannel)
    assert isinstance(bot, WebhookChannel)
    assert (mail.password, mail.port) == ("other", 2525)
    assert mail.to == ("eva@example.org", "zoe@example.org")
    assert bot.secret == "open"
    whole = {"KITH_NOTIFY": json.dumps({"channel": {"x": HOOK}}), "KITH_NOTIFY_X_SECRET": "y"}
    only = read(TOML, tmp_path, whole)
    assert only.rules == ()
    assert only.channels == {"x": WebhookChannel(url="https://h/x", secret="y")}


@pytest.mark.parametrize("name", ["mail", "home-bot"])
def test_secrets_are_not_shown(name: str, tmp_path: Path) -> None:
    """Nobody reads them where settings are printed."""
    notify = read(TOML, tmp_path)

    for text in (repr(notify.channels[name]), repr(Settings(notify=notify))):
        assert "pa55" not in text
        assert "sesame" not in text
        assert "8123" not in text


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        ({"channel": {"m": MAIL | {"kind": "pigeon"}}}, "'m' cannot be used: its kind"),
        ({"channel": {"m": {"kind": "smtp"}}}, "host is missing.*KITH_NOTIFY_M_HOST"),
        ({"channel": {"m": MAIL | {"hots": "h"}}}, "unknown value 'hots'"),
        ({"channel": {"m": MAIL | {"sender": "a@b"}}}, "unknown value 'sender'"),
        ({"channel": {"m": MAIL | {"port": 0}}}, "port is no number"),
        ({"channel": {"m": MAIL | {"port": True}}}, "port is no number"),
        ({"channel": {"m": MAIL | {"to": "a@b, "}}}, "to is no list"),
        ({"channel": {"m": MAIL | {"to": []}}}, "to is no list"),
        ({"channel": {"m": MAIL | {"host": "h\r\nx"}}}, "host is no text"),
        ({"channel": {"m": MAIL | {"security": "maybe"}}}, "security is not known"),
        ({"channel": {"m": MAIL | {"password": "p"}}}, "a password and no user"),
        ({"channel": {"m": HOOK | {"url": "ftp://h"}}}, "no address of the web"),
        ({"channel": {"m": HOOK | {"url": "http://["}}}, "no address of the web"),
        ({"channel": {"a b": HOOK}}, "'a b' cannot be the name"),
        ({"channel": {"m": 3}}, "channel.m is no table"),
        ({"channel": 3}, "channel is no table"),
        ({"rule": {"name": "R"}}, "rule is not a list"),
        ({"rule": [3]}, "rule is no table"),
        ({"rule": [{"name": "R", "faces": "any", "channels": ["m"]}]}, "'m', which is not there"),
        ({"rule": [{"name": "R"}]}, "rule 'R' cannot be used"),
        ({"timezone": "Mars/Olympus"}, "Mars/Olympus"),
        ({"timezone": 3}, "timezone is 3"),
        ({"attempts": 1.5}, "attempts is 1.5"),
        ({"attempts": 0}, "attempts is 0"),
        ({"first_seconds": "soon"}, "first_seconds is 'soon'"),
        ({"volume": 11}, "no setting notify.volume"),
    ],
)
def test_a_wrong_setting_is_refused_by_its_name(table: dict[str, Any], complaint: str) -> None:
    """The message says which, and never what is secret."""
    with pytest.raises(SettingError, match=complaint):
        read_notify(table, {})


def test_two_rules_have_two_names() -> None:
    """Whatever the case."""
    rule = {"faces": "any", "channels": ["m"]}
    rules = [rule | {"name": "door"}, rule | {"name": "Door"}]

    with pytest.raises(SettingError, match="Two rules are called"):
        read_notify({"channel": {"m": HOOK}, "rule": rules}, {})


@pytest.mark.parametrize("text", ["{", "[]", "3"])
def test_what_is_no_table_is_refused(text: str) -> None:
    """The message names the variable."""
    with pytest.raises(SettingError, match="KITH_NOTIFY"):
        load_settings(environment={"KITH_NOTIFY": text})


def test_mail_is_plain_only_on_this_machine_or_where_it_is_said() -> None:
    """And the port follows."""
    mail = MailChannel(host="smtp.example.org", sender="a@b", to=("c@d",))

    def of(**more: Any) -> tuple[str, int]:
        channel = replace(mail, **more)
        return security_of(channel), port_of(channel)

    assert of() == ("starttls", 587)
    assert of(security="tls") == ("tls", 465)
    assert of(security="plain") == ("plain", 25)
    assert of(host="localhost") == ("plain", 25)
    assert of(host="127.0.0.1", security="starttls") == ("starttls", 587)
    assert of(port=26) == ("starttls", 26)


def test_a_missing_secret_concerns_only_who_sends(tmp_path: Path) -> None:
    """Commands that send nothing need no password; what is for the channel waits for who has it."""
    table = {"channel": {"mail": MAIL | {"user": "kith"}, "hook": HOOK | {"secret": "s"}}}
    settings = Settings(library=tmp_path, notify=read_notify(table, {}))
    open_database(tmp_path / "library.db").close()

    with open_notices(settings) as (notices, _):
        assert set(notices.channels) == {"mail", "hook"}
        assert set(notices.unusable) == {"mail"}
        with pytest.raises(SettingError, match="KITH_NOTIFY_MAIL_PASSWORD"):
            notices.test("mail")


def test_every_kind_says_what_is_missing() -> None:
    """With the variable that it may come from."""
    for table, variable in ((MAIL | {"user": "u"}, "PASSWORD"), ({"kind": "webhook"}, "URL")):
        (channel,) = read_notify({"channel": {"x-1": table}}, {}).channels.values()
        with pytest.raises(SettingError, match=f"KITH_NOTIFY_X_1_{variable}"):
            require_secrets("x-1", channel)
