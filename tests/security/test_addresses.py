"""What stands in an address, and short names that people choose: whatever is written there, a page comes, in words."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data import zones
from data.errors import NoSuchClient, Problem
from data.text import words
from data.workspace import Workspace
from metrics.query import parse
from pages.ui import listing
from tests import little_shop

ROOT = Path(__file__).parents[2]
ATTACKS: dict[str, dict[str, str | list[str]]] = {
    "another client's name": {"client": "doors' OR '1'='1"},
    "a climb": {"client": "../../etc/passwd"},
    "a zero byte": {"client": "shop\x00"},
    "a name that looks like ours": {"client": "shоp"},
    "wide letters": {"client": "ｓｈｏｐ"},
    "a name in capitals": {"client": "SHOP"},
    "two clients": {"client": ["shop", "doors"]},
    "a client of a megabyte": {"client": "x" * 1_000_000},
    "a year nobody lives in": {"period": "custom", "since": "0001-01-01", "until": "9999-12-31"},
    "days before the first": {"period": "custom", "since": "-99999-01-01", "until": "0000-00-00"},
    "a huge number for a day": {"period": "custom", "since": "9" * 5_000, "until": "1e308"},
    "days the wrong way round": {"period": "custom", "since": "2026-03-29", "until": "2026-03-02"},
    "a day that is no text": {"period": ["custom", "week"], "since": ["2026-03-02", "2026-03-03"], "until": ""},
    "markup for a metric": {"metric": "<script>alert(1)</script>", "show": "<script>alert(1)</script>"},
    "a query for a metric": {"metrics": "visits;DROP TABLE visits", "by": "channel'--"},
    "a filter without an end": {"only": "channel:" + "%," * 20_000},
    "a filter of nothing": {"only": [":", ";;;", "%", '"', "=", "channel:%zz"]},
    "a filter that is code": {"only": "channel:__import__('os').system('id')"},
    "brackets without an end": {"only": "[" * 50_000, "row": "[" * 50_000},
    "every key at once": {name: "😀" for name in ("client", "period", "metric", "by", "lang", "open", "only", "why", "part")},
    "a language that is a file": {"lang": "../../../../etc/passwd"},
    "a template for a language": {"lang": "{0.__class__}"},
    "letters turned around": {"client": "\u202epohs", "metric": "\u202e\u2066"},
    "a thousand values": {"by": [f"x{n}" for n in range(1_000)]},
}
PAGES = ("week", listing.FIRST, "explore")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder with a shop, and with another client whose name must not turn up."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VITRINA_HOME", str(home))
        until = date(2026, 3, 29)
        little_shop.load(little_shop.write(tmp_path_factory.mktemp("files"), until - timedelta(days=40), until))
    return home


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_page_comes_whatever_its_address_says(attack: str, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VITRINA_HOME", str(shop))
    page = PAGES[list(ATTACKS).index(attack) % len(PAGES)]
    app = AppTest.from_file(str(ROOT / "pages" / "frame.py"), default_timeout=60)
    app.context = {"locale": "en-GB", "timezone": "Europe/Moscow"}
    if page != listing.FIRST:
        app.run().switch_page(listing.file_of(page))
    for name, value in ATTACKS[attack].items():
        app.query_params[name] = value
    app.run()
    said = "\n".join(str(getattr(one, "value", "")) for kind in ("markdown", "caption", "error", "warning") for one in app.get(kind))
    assert not app.exception and not app.error
    assert "Traceback" not in said and "root:" not in said and str(shop) not in said and len(said) < 200_000


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_question_in_an_address_is_read_or_left_out(attack: str) -> None:
    given = {name: value if isinstance(value, str) else ",".join(value) for name, value in ATTACKS[attack].items()}
    try:
        parse({"metrics": "visits", "since": "2026-03-02", "until": "2026-03-29", **given})
    except Problem as problem:
        assert len(" ".join(words("en").problem(problem))) < 1_200_000


SLUGS = (
    "", ".", "..", "../shop", "shop/..", "/shop", "C:", "shop\\x", "Shop", "shop ", " shop", "shop\n", "sh op", "shop\x00", "shоp",
    "ｓｈｏｐ", "-shop", "shop.", "shop_1", "x" * 64, "sh%6fp", "сахар", "shop\u200b", "con:", "shop;rm -rf", "'shop'", "<b>", "{shop}",
    "٣",
)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_short_name_is_plain_letters_or_refused(slug: str, tmp_path: Path) -> None:
    desk = Workspace(f"sqlite:///{tmp_path / 'desk.sqlite'}")
    with pytest.raises(Problem):
        desk.add_client(slug, "x", "RUB", "Europe/Moscow")
    with pytest.raises(NoSuchClient):
        desk.client(slug)
    assert sorted(path.name for path in tmp_path.iterdir() if not path.name.startswith("desk.sqlite")) == []


@pytest.mark.parametrize("zone", [
    "../../etc/passwd", "/etc/localtime", "Europe/Moscow\x00", "", "x" * 10_000, "Europe/../../etc/passwd", "Мск",
])
def test_a_time_zone_is_no_file(zone: str) -> None:
    with pytest.raises(Problem):
        zones.check(zone)


def test_rules_of_channels_do_not_hang_on_a_name_made_for_it() -> None:
    """Patterns stand in our own file alone, and are run by an engine that never goes back; the ones that Python checks are tried here."""
    patterns = re.findall(r"""["']~([^"']+)["']""", (ROOT / "metrics" / "channels.toml").read_text(encoding="utf-8"))
    assert patterns
    for pattern in patterns:
        for text in ("a" * 50_000, "_" * 50_000 + "!", "-." * 25_000, "utm_" * 12_500, " " * 50_000 + "x"):
            re.compile(pattern).search(text)
