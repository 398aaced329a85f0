"""Patience, addresses and tokens: the rules by which people are let in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith.domain.errors import SettingError, TooManyAttemptsError
from kith.pipeline.access.attempts import PER_ACCOUNT, PER_ADDRESS, Attempts, Pace, network_of
from kith.pipeline.access.policy import is_loopback, parse_networks, parse_public_url
from kith.pipeline.sharing.tokens import link_id_of, token_of

SECRET = b"s" * 32


class Clock:
    """A clock that goes on when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Seconds."""
        return self.now


def test_patience_is_the_documented_one() -> None:
    """A day of guessing at one account is at most 1,440 guesses, from however many addresses."""
    clock = Clock()
    attempts, guesses, address = Attempts(clock), 0, 0
    while clock.now < 86_400:
        address += 1
        try:
            attempts.begin("account ann", f"198.51.{address // 250 % 250}.{address % 250}")
            guesses += 1
        except TooManyAttemptsError as error:
            clock.now += error.retry_after

    assert guesses <= 1_460
    assert PER_ACCOUNT.most_seconds <= 60 < PER_ADDRESS.most_seconds


def test_an_owner_is_not_locked_out_by_others() -> None:
    """However long somebody else guessed, the owner waits no longer than a minute."""
    clock = Clock()
    attempts = Attempts(clock)
    for number in range(1_000):
        clock.now += 61
        attempts.begin("account ann", f"198.51.{number // 250}.{number % 250}")

    clock.now += PER_ACCOUNT.most_seconds
    attempts.begin("account ann", "203.0.113.1")
    attempts.succeed("account ann", "203.0.113.1")
    attempts.begin("account ann", "203.0.113.2")


def test_a_pace_is_kept_per_minute() -> None:
    """As many as go in a minute may come at once; then one comes free after another."""
    clock = Clock()
    pace = Pace(clock)
    for _ in range(6):
        pace.take("find", "203.0.113.1", 6)
    with pytest.raises(TooManyAttemptsError) as refused:
        pace.take("find", "203.0.113.1", 6)

    assert refused.value.retry_after == 10
    pace.take("find", "203.0.113.2", 6)
    clock.now += 10
    pace.take("find", "203.0.113.1", 6)
    with pytest.raises(TooManyAttemptsError):
        pace.take("find", "203.0.113.1", 6)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.1", "203.0.113.1"),
        ("::ffff:203.0.113.1", "203.0.113.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("unknown", "unknown"),
    ],
)
def test_a_customer_is_one_network(address: str, network: str) -> None:
    """Of IPv6, everybody has more addresses than can be counted."""
    assert network_of(address) == network


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("", ""),
        ("https://Photos.example.org/", "https://photos.example.org"),
        ("http://10.0.0.1:8080", "http://10.0.0.1:8080"),
    ],
)
def test_a_public_address_is_scheme_and_host(text: str, url: str) -> None:
    """Without a slash at the end, so that paths can follow."""
    assert parse_public_url(text) == url


@pytest.mark.parametrize(
    "text",
    ["photos.example", "ftp://x", "https://", "https://x/deeper", "https://u@x", "http://x:y"],
)
def test_what_is_no_public_address_is_said(text: str) -> None:
    """Before anything is served under it."""
    with pytest.raises(SettingError, match="public address"):
        parse_public_url(text)


def test_proxies_are_addresses_and_networks() -> None:
    """With commas or spaces between; anything else is an error, and not nobody."""
    assert [str(one) for one in parse_networks("127.0.0.1, 10.0.0.0/8 ::1")] == [
        "127.0.0.1/32", "10.0.0.0/8", "::1/128",
    ]  # fmt: skip
    assert parse_networks("") == ()
    with pytest.raises(SettingError, match="proxies"):
        parse_networks("proxy.example")


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST.", "a.localhost", "127.0.0.1", "127.9.9.9", "[::1]", "::1"]
)
def test_this_machine_is_known_by_its_names(host: str) -> None:
    """As browsers resolve them without asking anybody."""
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1.evil.example", "localhost.evil.example", "0.0.0.0", "10.0.0.1", "2130706433"],
)
def test_no_other_name_is_this_machine(host: str) -> None:
    """Whatever it begins with."""
    assert not is_loopback(host)


@given(st.binary(min_size=8, max_size=8))
def test_a_token_leads_to_its_link(link_id: bytes) -> None:
    """And to none with the key of another library."""
    token = token_of(SECRET, link_id.hex())

    assert len(token) == 32
    assert link_id_of(SECRET, token) == link_id.hex()
    assert link_id_of(b"t" * 32, token) is None


@given(st.integers(0, 31), st.text(max_size=40))
def test_no_other_text_is_a_token(at: int, text: str) -> None:
    """Neither one with another character, nor anything else."""
    token = token_of(SECRET, "00" * 8)
    changed = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]

    assert link_id_of(SECRET, changed) is None
    assert text == token or link_id_of(SECRET, text) is None
