"""A little invented shop for tests of pages: its Metrica log and its cost sheet as files, and a store loaded from them.

Every visit follows from its number, so the figures are known: each day has 40 visits, and two of them reach the goal and order for
3 000 roubles, one from context ads and one from VK. Context ads bring half of the visits and cost 2 000 a day, VK a quarter and
1 000; search brings the rest for nothing.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from connectors import understand
from data.workspace import workspace

COUNTER, GOAL, ZONE = "70000001", "2501", "Europe/Moscow"
VISITS_A_DAY, CONVERSIONS_A_DAY, COST_A_DAY, REVENUE_A_DAY = 40, 2, 3000, 6000
_COLUMNS = (
    "visitID", "counterID", "date", "dateTime", "clientID", "isNewUser", "startURL", "pageViews", "visitDuration", "bounce",
    "deviceCategory", "regionCountry", "regionCity", "goalsID", "goalsDateTime", "purchaseID", "purchaseDateTime", "purchaseRevenue",
    "purchaseCurrency", "lastsignTrafficSource", "lastsignAdvEngine", "lastsignSearchEngineRoot", "lastsignUTMSource",
    "lastsignUTMMedium", "lastsignUTMCampaign",
)
_CONTEXT = ("ad", "ya_direct", "", "yandex", "cpc")
_VK = ("ad", "vkontakte", "", "vk", "cpc")
_SEARCH = ("organic", "", "yandex", "", "")
_SOLD = (0, 22)
HOSTILE = "=cmd() **winter** <b>"
"""A campaign whose name would be a formula, markdown and markup if anybody let it."""


@dataclass(frozen=True)
class Files:
    """The shop's exports."""

    log: Path
    costs: Path
    since: date
    until: date

    @property
    def days(self) -> int:
        return (self.until - self.since).days + 1


def write(folder: Path, since: date, until: date) -> Files:
    """Write both files for some days, inclusive."""
    folder.mkdir(parents=True, exist_ok=True)
    files = Files(folder / "visits.tsv", folder / "costs.csv", since, until)
    days = [since + timedelta(days=step) for step in range(files.days)]
    lines = ["\t".join(f"ym:s:{name}" for name in _COLUMNS), *(_visit(day, number) for day in days for number in range(VISITS_A_DAY))]
    files.log.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with files.costs.open("w", encoding="utf-8", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow(["Date", "utm_source", "utm_medium", "utm_campaign", "Cost, RUB excl. VAT", "Clicks", "Impressions"])
        for day in days:
            sheet.writerow([day.isoformat(), "yandex", "cpc", "search", 1500, 15, 900])
            sheet.writerow([day.isoformat(), "yandex", "cpc", HOSTILE, 500, 6, 700])
            sheet.writerow([day.isoformat(), "vk", "cpc", "feed", 1000, 12, 5000])
    return files


def load(files: Files, slug: str = "shop", name: str = "Лавка") -> None:
    """Add the shop to the workspace of VITRINA_HOME and load its files."""
    client = workspace().add_client(slug, name, "RUB", ZONE)
    store = workspace().store(client)
    money = {"vat": "net", "currency": "RUB"}
    for path, answers in ((files.log, money | {"timezone": ZONE}), (files.costs, money | {"account": "costs"})):
        found = understand(path)
        store.load(found.source.read([found.head], answers | dict(found.says.facts)))


def _visit(day: date, number: int) -> str:
    place = number % 4
    campaign = "feed" if place == 2 else HOSTILE if number % 20 == 1 else "search"
    origin = (*_CONTEXT, campaign) if place < 2 else (*_VK, campaign) if place == 2 else (*_SEARCH, "")
    at = f"{day.isoformat()} {9 + number % 12:02d}:{number:02d}:00"
    sold = number in _SOLD
    visit = day.toordinal() * 1000 + number
    cells = (
        visit, COUNTER, day.isoformat(), at, 5_000_000 + (visit * 7) % 9973, int(number % 3 == 0), "https://shop.example/catalogue", 3,
        60 + number, int(number % 5 == 4), 1 + number % 2, "Russia", "Kazan", f"[{GOAL}]" if sold else "[]", f"['{at}']" if sold else "[]",
        f"['N{visit}']" if sold else "[]", f"['{at}']" if sold else "[]", "[3000]" if sold else "[]", "['RUB']" if sold else "[]", *origin,
    )
    return "\t".join(str(cell) for cell in cells)
