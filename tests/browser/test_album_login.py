"""An album that others can come to: nobody sees anything before he has said who he is."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Final

import pytest
from browsing import LOOKS, Served, Visit, profile, serving, visiting
from playwright.sync_api import Browser, expect

PASSWORD: Final = "correct horse battery"


@pytest.fixture(scope="module")
def served(own_library: Path, weights: Path) -> Generator[Served]:
    """An album that needs a login, and has no owner yet."""
    with serving(own_library, weights, "--login") as running:
        yield running


def test_from_setup_to_a_viewer(served: Served, browser: Browser) -> None:
    """The first owner is made with the token, logs in, and lets in somebody who may only look."""
    see_gate(browser, served, "Welcome to Kith", "setup")
    with profile(browser) as context, visiting(context, served.url) as owner:
        set_up(owner, served.setup_token)
        log_out_and_in(owner, "Ana", PASSWORD)
        add_viewer(owner, "Ben")
        name_somebody(owner)
    with profile(browser) as context, visiting(context, served.url) as viewer:
        log_in(viewer, "Ben", PASSWORD)
        see_without_editing(viewer)
    see_gate(browser, served, "Log in", "login")


def see_gate(browser: Browser, served: Served, heading: str, name: str) -> None:
    """Whatever address nobody in particular asks for, what he gets fits every window."""
    for look, options in LOOKS.items():
        with profile(browser, **options) as context, visiting(context, served.url) as nobody:
            nobody.page.goto(f"{nobody.url}/albums")
            expect(nobody.page.get_by_role("heading", name=heading)).to_be_visible()
            nobody.settle()
            nobody.picture(name, look)
            assert nobody.overhang() == 0
            assert nobody.barriers() == []


def set_up(owner: Visit, token: str | None) -> None:
    """Any address leads to the setup; a wrong token is refused, the right one makes the owner."""
    page = owner.page
    assert token
    owner.page.goto(f"{owner.url}/people")
    expect(page.get_by_role("heading", name="Welcome to Kith")).to_be_visible()
    page.get_by_label("Your name").fill("Ana")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Setup token").fill("not the token")
    page.get_by_role("button", name="Create the account").click()
    expect(page.get_by_role("alert")).to_be_visible()
    owner.forgive("status of 4")
    page.get_by_label("Setup token").fill(token)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create the account").click()
    expect(page.get_by_role("link", name="Photo of").first).to_be_visible()


def log_out_and_in(visit: Visit, name: str, password: str) -> None:
    """Who logs out is at the login, and comes back with the right password only."""
    page = visit.page
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill("a wrong password")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    visit.forgive("status of 401")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("link", name="Photo of").first).to_be_visible()


def add_viewer(owner: Visit, name: str) -> None:
    """An owner lets somebody in."""
    page = owner.page
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("button", name="Add an account").click()
    form = page.get_by_role("dialog", name="Add an account")
    form.get_by_role("textbox", name="Name").fill(name)
    form.get_by_label("Password").fill(PASSWORD)
    form.get_by_role("button", name="Add").click()
    expect(page.get_by_role("button", name=f"More for {name}")).to_be_visible()


def name_somebody(owner: Visit) -> None:
    """Somebody in the photos gets a name."""
    page = owner.page
    page.get_by_role("navigation").get_by_role("link", name="People").click()
    page.get_by_role("button", name="Add a name").first.click()
    page.get_by_role("combobox", name="Name").fill("Chloe")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Chloe, ")).to_be_visible()


def log_in(visit: Visit, name: str, password: str) -> None:
    """Any address leads to the login, and from there to where it leads."""
    page = visit.page
    page.goto(f"{visit.url}/people")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="People", level=1)).to_be_visible()
    expect(page).to_have_url(f"{visit.url}/people")


def see_without_editing(viewer: Visit) -> None:
    """A viewer sees photos and names, and nothing that would change them."""
    page = viewer.page
    menu = page.get_by_role("navigation", name="Main").first
    for name, shown in (("Albums", 1), ("Review", 0), ("Links", 0)):
        expect(menu.get_by_role("link", name=name)).to_have_count(shown)
    expect(page.get_by_role("button", name="Upload")).to_have_count(0)
    menu.get_by_role("link", name="People").click()
    chloe = page.get_by_role("link", name="Chloe, ")
    expect(chloe).to_be_visible()
    for change in ("Add a name", "Change the name"):
        expect(page.get_by_role("button", name=change)).to_have_count(0)
    expect(page.get_by_role("checkbox")).to_have_count(0)
    chloe.click()
    expect(page.get_by_role("heading", name="Chloe")).to_be_visible()
    expect(page.get_by_role("button", name="More for this person")).to_have_count(0)
    page.get_by_role("link", name="Photo of").first.click()
    people = page.get_by_role("group", name="In this photo")
    people.get_by_role("button", name="Chloe").click()
    card = page.get_by_role("dialog", name="Chloe")
    expect(card.get_by_role("link", name="All photos of Chloe")).to_be_visible()
    expect(card.get_by_role("combobox")).to_have_count(0)
    for change in ("Draw a missed face", "Add to an album"):
        expect(page.get_by_role("button", name=change)).to_have_count(0)
