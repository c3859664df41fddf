"""The whole app in a real Chromium: load a file by hand, read the new figure, open its receipt, copy the link, see the same view."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from data.text import words

pytest.importorskip("playwright", reason="playwright is not installed: pip install -r requirements-dev.txt")

from playwright.sync_api import Browser, Page, Response, expect

from tests import browser, little_shop

pytestmark = browser.NEEDED
expect.set_options(timeout=browser.PATIENCE)
SINCE, UNTIL = date(2026, 3, 2), date(2026, 3, 29)
LINK = f"period=custom&since={SINCE}&until={UNTIL}"
# Streamlit looks for its own address under each page's before it finds it; the answer "no" is part of finding it.
PROBES = ("/_stcore/health", "/_stcore/host-config")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser.browser() as started:
        yield started


@pytest.fixture(scope="module")
def shop_files(tmp_path_factory: pytest.TempPathFactory) -> little_shop.Files:
    return little_shop.write(tmp_path_factory.mktemp("files"), SINCE - timedelta(days=28), UNTIL)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, shop_files: little_shop.Files) -> Iterator[str]:
    """The address of an app with the little shop loaded."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VITRINA_HOME", str(home))
        little_shop.load(shop_files)
    with browser.app(home) as address:
        yield address


@contextmanager
def watched(chromium: Browser, language: str = "ru-RU", scheme: str = "light") -> Iterator[Page]:
    """A viewer whose console must stay silent and whose browser must ask no host but ours."""
    page = browser.open_page(chromium, language, scheme)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(f"script: {error}"))
    page.on("request", lambda request: None if _ours(request.url) else faults.append(f"foreign host: {request.url}"))
    page.on("response", lambda answer: _refused(answer) and faults.append(f"{answer.status}: {answer.url}"))
    page.on("console", lambda said: faults.append(f"console: {said.text}") if said.type == "error" and "404" not in said.text else None)
    try:
        yield page
    finally:
        page.context.close()
    assert faults == []


def _ours(address: str) -> bool:
    return address.startswith(("data:", "blob:")) or urlsplit(address).hostname == "127.0.0.1"


def _refused(answer: Response) -> bool:
    return answer.status >= 400 and not urlsplit(answer.url).path.endswith(PROBES)


def visit(page: Page, address: str) -> None:
    page.goto(address, wait_until="commit")
    browser.settle(page)


def test_the_first_request_of_a_fresh_server_gets_the_frame_whatever_page_it_asks_for(tmp_path: Path, chromium: Browser) -> None:
    with browser.app(tmp_path / "home") as address, watched(chromium) as page:
        visit(page, f"{address}/data")
        expect(page.get_by_role("heading", name=words("ru").t("Add the first client"))).to_be_visible()
        expect(page.get_by_text("EN", exact=True)).to_be_visible()


def test_from_nothing_to_a_figure_and_a_link_that_reopens_it(
    tmp_path: Path, chromium: Browser, shop_files: little_shop.Files
) -> None:
    t = words("ru").t
    with browser.app(tmp_path / "home") as address:
        with watched(chromium) as page:
            visit(page, f"{address}/data")
            page.get_by_label(t("Name")).fill("Лавка")
            page.get_by_role("button", name=t("Add client")).click()
            page.locator("input[type=file]").set_input_files([shop_files.log, shop_files.costs])
            page.get_by_role("button", name=t("Check the files")).click()
            expect(page.get_by_role("heading", name=t("What will change"))).to_be_visible()
            page.get_by_role("button", name=t("Load"), exact=True).click()
            expect(page.get_by_test_id("stAlert")).to_be_visible()
            page.get_by_role("link", name=t("Channels")).click()
            page.get_by_role("button", name=t("Show all loaded days")).click()
            browser.settle(page)
            card = page.locator(".card").filter(has_text="2\u202f240")
            expect(card).to_be_visible()
            expect(page).to_have_url(re.compile("client=lavka.*period=all"))
            link = page.url
        with watched(chromium) as page:
            visit(page, link)
            expect(page.locator(".card").filter(has_text="2\u202f240")).to_be_visible()


def test_a_figure_opens_its_receipt(shop: str, chromium: Browser) -> None:
    t = words("ru").t
    with watched(chromium) as page:
        visit(page, f"{shop}/?{LINK}")
        page.locator(".card", has_text="CPA").click()
        receipt = page.get_by_role("dialog")
        expect(receipt.get_by_text(t("Where this figure comes from"))).to_be_visible()
        expect(receipt.get_by_text("84\u202f000\u00a0₽ ÷ 56 = 1\u202f500\u00a0₽", exact=True)).to_be_visible()
        expect(receipt.get_by_text("visits.tsv").first).to_be_visible()


def test_a_channel_opens_its_campaigns_and_back_returns(shop: str, chromium: Browser) -> None:
    with watched(chromium, "en-GB") as page:
        visit(page, f"{shop}/?{LINK}")
        name = page.locator("td.name button").first
        channel = name.inner_text()
        name.click()
        expect(page.get_by_role("heading", name=f"{channel} · campaigns")).to_be_visible()
        expect(page).to_have_url(re.compile("open="))
        page.go_back()
        expect(page.get_by_role("heading", name=f"{channel} · campaigns")).to_have_count(0)


def test_the_table_sorts_and_keeps_its_total_on_top(shop: str, chromium: Browser) -> None:
    with watched(chromium, "en-GB") as page:
        visit(page, f"{shop}/?{LINK}")
        page.get_by_role("columnheader", name="Visits").get_by_role("button").click()
        rows = page.locator("tbody tr")
        expect(rows.first).to_contain_text("Total")
        shown = [row.locator("td").nth(2).locator("button").inner_text() for row in rows.all()[1:]]
        numbers = [float(text.replace(",", "")) for text in shown]
        assert numbers == sorted(numbers, reverse=True)


def test_one_press_changes_the_language_and_asks_nothing_again(shop: str, chromium: Browser) -> None:
    with watched(chromium, "en-GB") as page:
        visit(page, f"{shop}/?{LINK}")
        expect(page.get_by_text("2–29\u00a0Mar\u00a02026").first).to_be_visible()
        page.get_by_text("RU", exact=True).click()
        expect(page.get_by_text("2–29\u00a0мар\u00a02026").first).to_be_visible()
        expect(page).to_have_url(re.compile("lang=ru"))


@pytest.mark.promise("R28")
def test_a_hostile_campaign_name_is_text(shop: str, chromium: Browser) -> None:
    with watched(chromium, "en-GB") as page:
        visit(page, f"{shop}/?{LINK}&open=direct_ads")
        expect(page.get_by_text(little_shop.HOSTILE, exact=True)).to_be_visible()


def test_a_csv_is_built_when_it_is_asked_for(shop: str, chromium: Browser, tmp_path: Path) -> None:
    with watched(chromium) as page:
        visit(page, f"{shop}/?{LINK}")
        with page.expect_download() as download:
            page.get_by_role("button", name=words("ru").t("Download CSV")).click()
        download.value.save_as(tmp_path / "channels.csv")
        first = (tmp_path / "channels.csv").read_text(encoding="utf-8-sig").splitlines()[0]
        assert first.startswith(f"{words('ru').t('Channel')};")


@pytest.mark.promise("R30")
def test_answers_carry_careful_headers(shop: str, chromium: Browser) -> None:
    page = browser.open_page(chromium)
    answer = page.request.get(shop)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"
    page.context.close()
