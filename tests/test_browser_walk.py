"""Every screen in a real Chromium, both languages, both sizes, with a shop and with nothing: no fault, nothing cut off, no foreign word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from data.desk import actions, marks, plans
from data.desk.actions import Action
from data.desk.marks import Mark
from data.desk.plans import Target
from data.text import catalogue
from data.workspace import workspace
from metrics.registry import METRICS, MODELLED
from pages.ui import listing

pytest.importorskip("playwright", reason="playwright is not installed: pip install -r requirements-dev.txt")

from playwright.sync_api import Browser, Page

from tests import browser, little_shop
from tests.test_browser import visit, watched
from tests.test_browser_explore import LANGUAGES, SIZES, chromium, nobody, whole

__all__ = ["chromium", "nobody"]
pytestmark = browser.NEEDED
SINCE, UNTIL = date(2026, 3, 2), date(2026, 3, 29)
LINK = f"client=shop&period=custom&since={SINCE}&until={UNTIL}"
LINKS = {
    "week": f"week?{LINK}&why=visits&inside=direct_ads&compare=own&against_since=2026-02-02&against_until=2026-02-15",
    "cycle": f"life_cycle?{LINK}&part=customers",
    "product": f"life_cycle?{LINK}&product=boots",
    "plan": f"plan?{LINK}&year=2025&planned=orders",
    "explore": f"explore?{LINK}&by=channel&by=device&look=pivot&compare=own&against_since=2026-02-02&against_until=2026-02-22",
}
TEXTS = """() => {
  const skip = 'script, style, svg .js-plotly-plot, [data-testid=stFileUploaderDropzone], [data-testid=stIconMaterial], pre, code'
  const found = []
  const walk = root => {
    for (const one of root.childNodes) {
      if (one.nodeType === 3 && one.textContent.trim()) found.push(one.textContent.trim())
      if (one.nodeType !== 1 || one.matches(skip) || getComputedStyle(one).fontFamily.includes('Material')) continue
      if (one.shadowRoot) walk(one.shadowRoot)
      walk(one)
    }
  }
  walk(document.querySelector('[data-testid=stApp]'))
  return found
}"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an app with a shop that has a plan, a product, a note and an action."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VITRINA_HOME", str(home))
        little_shop.load(little_shop.write(tmp_path_factory.mktemp("files"), SINCE - timedelta(days=120), UNTIL))
        _furnish()
    with browser.app(home) as address:
        yield address


def _furnish() -> None:
    desk, goal = workspace(), little_shop.GOAL
    boots = {"boots": {"title": "Boots 44", "title_ru": "Ботинки 44", "goals": [goal]}}
    names = {"name_ru": "Лавка", "goals": {goal: ["Order", "Заказ"]}, "key_goals": [goal]}
    desk.set_facts(desk.client("shop"), names | {"model": "shop", "margin": 0.4, "products": boots})
    month = UNTIL.replace(day=1)
    plans.put(desk, "shop", [Target(month, "spend", 90_000.0), Target(month, "orders", 70.0), Target(month, "revenue", 150_000.0)])
    marks.add(desk, "shop", [Mark(date(2026, 3, 9), date(2026, 3, 11), "12 %", "market"), Mark(date(2026, 2, 9), date(2026, 2, 9), "44")])
    actions.put(desk, "shop", Action("44 %", "44", date(2026, 3, 10), "visits", "", 0.1, "done", date(2026, 3, 10)))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.promise("R32")
def test_every_screen_is_whole_with_a_shop(shop: str, chromium: Browser, language: str) -> None:
    with watched(chromium, LANGUAGES[language]) as page:
        for name in _names():
            visit(page, f"{shop}/{name}?{LINK}")
            _looked_at(page, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_screen_is_whole_with_nothing(nobody: str, chromium: Browser, language: str) -> None:
    with watched(chromium, LANGUAGES[language]) as page:
        for name in _names():
            visit(page, f"{nobody}/{name}")
            _looked_at(page, language)


@pytest.mark.parametrize("name", LINKS)
def test_a_copied_address_reopens_the_same_view_in_a_fresh_browser(shop: str, chromium: Browser, name: str) -> None:
    with watched(chromium, "en-GB") as page:
        visit(page, f"{shop}/{LINKS[name]}")
        first, link = _main(page), page.url
    kept = parse_qs(urlsplit(link).query)
    assert {key: value for key, value in parse_qs(urlsplit(LINKS[name]).query).items() if kept.get(key) != value} == {}
    with watched(chromium, "ru-RU") as page:
        visit(page, link)
        assert _main(page) == first


def _names() -> list[str]:
    return ["" if one.name == listing.FIRST else one.name for one in listing.listed()]


def _looked_at(page: Page, language: str) -> None:
    """The page as it came, in every size, and in words of one language only."""
    for width, height in SIZES.values():
        page.set_viewport_size({"width": width, "height": height})
        browser.settle(page)
        whole(page)
    assert _foreign(page.evaluate(TEXTS), language) == []


def _foreign(texts: list[str], language: str) -> list[str]:
    """Texts in another language: Cyrillic on the English screen, on the Russian one what has a translation, and English sentences."""
    own = {"RU", "EN", "Vitrina", "Витрина"}
    if language == "en":
        return [text for text in texts if re.search("[А-Яа-яЁё]", text.replace("Лавка", "")) and text not in own]
    russian = catalogue("ru")
    # Where a definition comes from is quoted as it is called there.
    own |= {metric.cite for metric in METRICS.values()} | {f"vitrina.py {one.where}" for one in MODELLED.values()}
    known = {text for text in texts if russian.get(text, text) != text and text not in russian.values()}
    sentences = {text for text in texts if not re.search("[А-Яа-яЁё]", text) and len(re.findall(r"\b[a-z]{3,}\b", text)) > 2}
    return sorted((known | sentences) - own)


def _main(page: Page) -> str:
    return page.get_by_test_id("stMain").inner_text()
