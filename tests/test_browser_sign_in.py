"""A tour as each role in a real Chromium, signed in through a provider: everybody sees exactly what is open."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from data.desk import frozen, marks, people
from data.desk.marks import Mark
from data.roles import CLIENT, MANAGER, OWNER, SPECIALIST, Person
from data.workspace import workspace
from reports.story import plain

pytest.importorskip("playwright", reason="playwright is not installed: pip install -r requirements-dev.txt")

from playwright.sync_api import Browser, Page, expect

from tests import browser, little_shop
from tests.fakes.oidc import PEOPLE, Oidc
from tests.story_sample import told

pytestmark = browser.NEEDED
OLGA, MARIA, SERGEY, KLIM, NINA = PEOPLE
SINCE, UNTIL = date(2026, 3, 2), date(2026, 3, 29)
LINK = f"period=custom&since={SINCE}&until={UNTIL}&lang=en"
SENTINEL = "Kaverna-9147"
EVERY_PAGE = {
    "Portfolio", "Week", "Channels", "Economics", "Life cycle", "Audience", "Plan", "Explore", "Report", "Data", "People", "Glossary",
}
BLIND_PAGES = {"Portfolio", "Week", "Channels", "Life cycle", "Audience", "Explore", "Data", "Glossary"}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Two clients with the same figures, one of them full of the sentinel; a person of every role; a provider; the dashboard over it."""
    home = tmp_path_factory.mktemp("house")
    with pytest.MonkeyPatch.context() as patch, Oidc() as provider:
        patch.setenv("VITRINA_HOME", str(home))
        files = little_shop.write(home / "files", SINCE, UNTIL)
        little_shop.load(files, "shop", "Little Shop")
        little_shop.load(files, "rival", SENTINEL)
        marks.add(workspace(), "rival", [Mark(SINCE, SINCE, SENTINEL)])
        for email, role, clients, money in (
            (OLGA, OWNER, None, True), (MARIA, MANAGER, frozenset({"shop"}), True), (SERGEY, SPECIALIST, frozenset({"shop"}), False),
            (KLIM, CLIENT, frozenset({"shop"}), True),
        ):
            people.put(workspace(), Person(email, PEOPLE[email], role, clients, money))
        sent = frozen.put(workspace(), "shop", kept("shop", "What was sent"))
        frozen.send(workspace(), sent, "Klim", ("pdf",))
        frozen.put(workspace(), "shop", kept("shop", "A draft"))
        frozen.put(workspace(), "rival", kept("rival", SENTINEL))
        secrets = home / "secrets.toml"
        secrets.write_text(provider.secrets(), encoding="utf-8")
        with browser.app(home, "--secrets.files", str(secrets)) as address:
            yield address
        assert provider.refused == []


def kept(client: str, title: str) -> dict[str, Any]:
    found: dict[str, Any] = plain(replace(told("en"), client=client, title=title))
    return found


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    with browser.browser() as started:
        yield started


@contextmanager
def signed_in(chrome: Browser, house: str, email: str) -> Iterator[tuple[Page, list[bytes]]]:
    """A fresh viewer who signs in. Yields the page, and everything that the server has sent since."""
    page = browser.open_page(chrome, "en-GB")
    traffic: list[bytes] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: traffic.append(as_bytes(frame))))
    page.on("response", lambda answer: traffic.append(f"{answer.headers}".encode()))
    try:
        page.goto(f"{house}/?lang=en")
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("link").filter(has_text=email).click()
        page.get_by_test_id("stApp").wait_for()
        yield page, traffic
    finally:
        page.context.close()


def as_bytes(frame: object) -> bytes:
    held = getattr(frame, "body", frame)
    return held if isinstance(held, bytes) else str(held).encode()


def money_in(traffic: list[bytes]) -> bool:
    """Whether an amount was sent, on the screen or inside the data of a chart, a card or a table."""
    return any(sign in b"".join(traffic) for sign in ("₽".encode(), b"\\u20bd"))


def visit(page: Page, address: str, waits: str) -> str:
    """Open an address, wait for a word of it, and read the screen."""
    page.goto(address)
    expect(page.get_by_test_id("stApp")).to_contain_text(waits, timeout=browser.PATIENCE)
    browser.settle(page)
    return page.get_by_test_id("stApp").inner_text()


def pages(page: Page) -> set[str]:
    return {link.inner_text().strip() for link in page.get_by_test_id("stTopNavLink").all()}


def clients(page: Page) -> set[str]:
    page.get_by_label("Client", exact=True).first.click()
    found = {one.inner_text().strip() for one in page.get_by_role("option").all()}
    page.keyboard.press("Escape")
    return found


def test_an_owner_sees_everything(chrome: Browser, house: str) -> None:
    with signed_in(chrome, house, OLGA) as (page, traffic):
        visit(page, f"{house}/?client=rival&{LINK}", "Which channels earn their cost?")
        assert pages(page) == EVERY_PAGE and clients(page) == {"Little Shop", SENTINEL}
        assert money_in(traffic) and SENTINEL.encode() in b"".join(traffic), "what others must not get is there to be got"
        visit(page, f"{house}/people?lang=en", "Who may see what?")
        expect(page.get_by_text(MARIA).locator("visible=true").first).to_be_visible(timeout=browser.PATIENCE)


@pytest.mark.promise("R26")
def test_a_manager_sees_own_clients_and_not_a_byte_of_another(chrome: Browser, house: str) -> None:
    with signed_in(chrome, house, MARIA) as (page, traffic):
        for address in ("", "week", "economics", "explore", "report", "data", "portfolio"):
            said = visit(page, f"{house}/{address}?client=rival&{LINK}", "Maria Manager")
            assert SENTINEL not in said
        visit(page, f"{house}/?client=rival&{LINK}", "there is no such choice here")
        assert pages(page) == EVERY_PAGE - {"People"} and clients(page) == {"Little Shop"}
        visit(page, f"{house}/people?{LINK}", "Maria Manager")
        assert MARIA not in page.content()
        assert len(b"".join(traffic)) > 100_000 and SENTINEL.encode() not in b"".join(traffic)


def test_a_specialist_without_money_sees_none(chrome: Browser, house: str) -> None:
    with signed_in(chrome, house, SERGEY) as (page, traffic):
        visit(page, f"{house}/?client=shop&{LINK}", "Which channels earn their cost?")
        assert pages(page) == BLIND_PAGES and clients(page) == {"Little Shop"}
        for address, waits in (
            ("week", "What moved"), ("life_cycle", "Which stage"), ("audience", "Who brings"), ("explore", "what if"),
            ("data", "What is loaded"), ("portfolio", "Which clients"), ("economics", "Sergey"), ("plan", "Sergey"),
            ("report", "Sergey"), ("explore?look=sql", "what if"),
        ):
            join = "&" if "?" in address else "?"
            said = visit(page, f"{house}/{address}{join}client=shop&{LINK}", waits)
            assert not re.search(r"₽|CPA|ROMI|Run\b", said.replace("RUB, net of VAT", "")), f"{address}: {said}"
        assert not money_in(traffic) and SENTINEL.encode() not in b"".join(traffic)


def test_a_clients_reader_sees_what_was_sent_and_nothing_live(chrome: Browser, house: str) -> None:
    with signed_in(chrome, house, KLIM) as (page, traffic):
        for address in ("", "week", "data", "report", "people"):
            said = visit(page, f"{house}/{address}?client=rival&{LINK}", "As it was sent")
            assert "What was sent" in said and pages(page) == set()
        sent = b"".join(traffic)
        assert b"What was sent" in sent and b"A draft" not in sent and SENTINEL.encode() not in sent


def test_whoever_is_not_known_is_told_whom_to_ask(chrome: Browser, house: str) -> None:
    with signed_in(chrome, house, NINA) as (page, traffic):
        said = visit(page, f"{house}/?client=shop&lang=en", "No client is open to you yet")
        assert f"You are signed in as {NINA}" in said
        assert "владельца агентства" in visit(page, f"{house}/week?lang=ru", "Вам пока не открыт")
        assert b"Little Shop" not in b"".join(traffic) and SENTINEL.encode() not in b"".join(traffic)


def test_signing_out_and_being_removed_close_the_door(chrome: Browser, house: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with signed_in(chrome, house, MARIA) as (page, _):
        visit(page, f"{house}/?client=shop&{LINK}", "Which channels earn their cost?")
        page.get_by_role("button", name="Maria Manager").click()
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("button", name="Sign in")).to_be_visible(timeout=browser.PATIENCE)
        assert "Little Shop" not in visit(page, f"{house}/?client=shop&lang=en", "Sign in to Vitrina")


def test_nobody_sees_anything_before_signing_in(chrome: Browser, house: str) -> None:
    page = browser.open_page(chrome, "ru-RU")
    try:
        for address in ("", "week", "people", "documents"):
            said = visit(page, f"{house}/{address}?client=shop", "Вход в Витрину")
            assert "Little Shop" not in said and pages(page) == set()
    finally:
        page.context.close()
