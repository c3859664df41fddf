"""Explore and Audience in a real Chromium: no fault on any screen, nothing cut off, the way down, receipts, links, files, SQL by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product
from pathlib import Path

import pytest

from data import sandbox
from data.text import words

pytest.importorskip("playwright", reason="playwright is not installed: pip install -r requirements-dev.txt")

from playwright.sync_api import Browser, Page, expect

from tests import browser, little_shop
from tests.test_browser import visit, watched

pytestmark = browser.NEEDED
SINCE, UNTIL = date(2026, 3, 2), date(2026, 3, 29)
LINK = f"client=shop&period=custom&since={SINCE}&until={UNTIL}"
SIZES = {"laptop": (1366, 768), "projector": (1920, 1080)}
LANGUAGES = {"en": "en-GB", "ru": "ru-RU"}
SCREENS = {
    "table": "explore?by=channel&by=device",
    "pivot": "explore?look=pivot&by=channel&by=device",
    "lines": "explore?look=chart&grain=week&by=channel",
    "bars": "explore?look=chart&by=campaign",
    "heat": "explore?look=chart&kind=heat&by=channel&by=device",
    "sql": "explore?look=sql",
    "filtered": "explore?by=device&where=device:phone",
    "nothing": "explore?by=device&where=city:Atlantis",
    "audience": "audience?part=device",
    "newness": "audience?part=newness",
    "age": "audience?part=age",
}
CUT_OFF = """() => {
  const found = []
  const every = root => [...root.querySelectorAll('*')].flatMap(one => [one, ...(one.shadowRoot ? every(one.shadowRoot) : [])])
  for (const one of every(document.querySelector('[data-testid=stMain]'))) {
    const own = [...one.childNodes].some(node => node.nodeType === 3 && node.textContent.trim())
    const box = one.getBoundingClientRect()
    if (!own || box.width <= 1 || box.height <= 1 || one.closest('svg') || one.closest('.hidden')) continue
    const style = getComputedStyle(one)
    const hides = ['hidden', 'clip'].includes(style.overflowX) && style.textOverflow !== 'ellipsis' && one.tagName !== 'TEXTAREA'
    if (hides && one.scrollWidth > one.clientWidth + 1) found.push(`cut: ${one.textContent.trim().slice(0, 60)}`)
    const card = one.closest('.card')
    if (card && box.right > card.getBoundingClientRect().right + 1 && style.textOverflow !== 'ellipsis') {
      found.push(`out of its card: ${one.textContent.trim()}`)
    }
    if (!one.closest('.frame') && box.right > window.innerWidth + 1) found.push(`out of the page: ${one.textContent.trim().slice(0, 60)}`)
  }
  return found
}"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser.browser() as started:
        yield started


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an app with the little shop loaded, and a second client with nothing."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VITRINA_HOME", str(home))
        little_shop.load(little_shop.write(tmp_path_factory.mktemp("files"), SINCE - timedelta(days=28), UNTIL))
    with browser.app(home) as address:
        yield address


@pytest.fixture(scope="module")
def nobody(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an app with nothing at all."""
    with browser.app(tmp_path_factory.mktemp("nobody")) as address:
        yield address


def whole(page: Page) -> None:
    """No exception box, no error box, nothing cut off."""
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_test_id("stAlertContentError")).to_have_count(0)
    assert page.evaluate(CUT_OFF) == []


@pytest.mark.parametrize(("language", "size"), list(product(LANGUAGES, SIZES)))
def test_every_look_is_whole(shop: str, chromium: Browser, language: str, size: str) -> None:
    with watched(chromium, LANGUAGES[language]) as page:
        page.set_viewport_size(dict(zip(("width", "height"), SIZES[size], strict=True)))  # type: ignore[arg-type]
        for screen in SCREENS.values():
            visit(page, f"{shop}/{screen}&{LINK}")
            expect(page.get_by_role("heading").first).to_be_visible()
            whole(page)


@pytest.mark.parametrize(("language", "size"), list(product(LANGUAGES, SIZES)))
def test_both_pages_are_whole_with_nothing_loaded(nobody: str, chromium: Browser, language: str, size: str) -> None:
    with watched(chromium, LANGUAGES[language]) as page:
        page.set_viewport_size(dict(zip(("width", "height"), SIZES[size], strict=True)))  # type: ignore[arg-type]
        for screen in ("explore", "audience"):
            visit(page, f"{nobody}/{screen}")
            expect(page.get_by_role("heading", name=words(language).t("There are no clients yet"))).to_be_visible()
            whole(page)


def test_a_name_leads_one_step_deeper_and_back_returns(shop: str, chromium: Browser) -> None:
    with watched(chromium, "en-GB") as page:
        visit(page, f"{shop}/explore?{LINK}&by=channel&measures=visits")
        page.locator("td.name button", has_text="Yandex Direct").first.press("Enter")
        expect(page).to_have_url(re.compile("by=campaign.*where=channel"))
        expect(page.get_by_role("button", name="Channel: Yandex Direct")).to_be_visible()
        expect(page.get_by_text(little_shop.HOSTILE, exact=True).first).to_be_visible()
        page.go_back()
        expect(page).to_have_url(re.compile("by=channel"))
        expect(page.get_by_role("button", name="Channel: Yandex Direct")).to_have_count(0)


def test_a_figure_of_a_pivot_opens_its_receipt(shop: str, chromium: Browser) -> None:
    with watched(chromium) as page:
        visit(page, f"{shop}/explore?{LINK}&look=pivot&by=channel&by=device&measures=visits")
        page.locator("tr.total td button").first.click()
        receipt = page.get_by_role("dialog")
        expect(receipt.get_by_text(words("ru").t("Where this figure comes from"))).to_be_visible()
        expect(receipt.get_by_text("1\u202f120", exact=True).first).to_be_visible()


def test_a_saved_view_reopens_in_a_fresh_browser(shop: str, chromium: Browser) -> None:
    t = words("ru").t
    with watched(chromium) as page:
        visit(page, f"{shop}/explore?{LINK}&by=device&measures=visits&where=device:phone")
        page.get_by_role("button", name=t("Saved views")).click()
        page.get_by_label(t("Save this view as")).fill("Мобильные")
        page.get_by_role("button", name=t("Save"), exact=True).click()
        expect(page.get_by_role("button", name="Мобильные").first).to_be_visible()
    with watched(chromium, "en-GB") as page:
        visit(page, f"{shop}/explore?{LINK}&by=channel&measures=visits")
        page.get_by_role("button", name="Saved views").click()
        page.get_by_role("button", name="Мобильные").first.click()
        expect(page).to_have_url(re.compile("where=device"))
        expect(page).to_have_url(re.compile("lang=en"))
        expect(page.locator("tr.total td button").first).to_have_text("560")


def test_both_files_come_down(shop: str, chromium: Browser, tmp_path: Path) -> None:
    with watched(chromium, "en-GB") as page:
        visit(page, f"{shop}/explore?{LINK}&by=channel&measures=visits")
        for name, first in (("Download XLSX", b"PK"), ("Download CSV", b"\xef\xbb\xbf")):
            with page.expect_download() as download:
                page.get_by_role("button", name=name).click()
            download.value.save_as(tmp_path / "file")
            assert (tmp_path / "file").read_bytes().startswith(first)


@pytest.mark.skipif(not sandbox.available(), reason="this system has no limits that a query could be run under")
def test_a_typed_query_is_answered_and_an_escape_is_not(shop: str, chromium: Browser) -> None:
    t = words("ru").t
    with watched(chromium) as page:
        visit(page, f"{shop}/explore?{LINK}&look=sql")
        box = page.get_by_role("textbox", name=t("Query"))
        box.fill("SELECT device, sum(visits) AS visits FROM visits GROUP BY ALL ORDER BY ALL")
        box.press("Control+Enter")
        expect(page.locator(".frame td").filter(has_text=re.compile("^desktop$"))).to_be_visible()
        box.fill("SELECT * FROM read_text('/etc/passwd')")
        box.press("Control+Enter")
        expect(page.get_by_text(t("The function {name} is not available here.", name="read_text"))).to_be_visible()
        whole(page)


def test_a_card_of_the_audience_opens_its_part(shop: str, chromium: Browser) -> None:
    with watched(chromium, "en-GB") as page:
        visit(page, f"{shop}/audience?{LINK}&part=newness")
        page.locator(".card", has_text="Device").press("Enter")
        expect(page.get_by_role("columnheader", name="Device")).to_be_visible()
        expect(page).not_to_have_url(re.compile("part=newness"))
