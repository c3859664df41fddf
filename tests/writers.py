"""Small writers of the dialects in which exports come: rows in, the bytes of a file out. Each writes as its source does."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import xlsxwriter


@dataclass(frozen=True)
class Seen:
    """Visits of one set of tags."""

    source: str
    medium: str
    campaign: str
    visits: int
    bounces: int
    pages: int
    seconds: int
    reaches: int
    revenue: Decimal


@dataclass(frozen=True)
class Ad:
    """A day of one campaign."""

    day: date
    number: str
    campaign: str
    impressions: int
    clicks: int
    cost: Decimal
    claimed: int | None


@dataclass(frozen=True)
class Sale:
    """One order. `placed` is local time."""

    number: str
    placed: datetime
    customer: str
    client: int
    status: str
    revenue: Decimal | None
    cost: Decimal | None
    currency: str


@dataclass(frozen=True)
class Reach:
    """One offline conversion."""

    client: int
    target: str
    second: int
    price: Decimal | None


def separated(rows: Iterable[Sequence[object]], delimiter: str = ",", every: bool = False, end: str = "\r\n") -> str:
    """CSV with quotes where they are needed, or round every cell."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL if every else csv.QUOTE_MINIMAL, lineterminator=end).writerows(rows)
    return text.getvalue()


_METRICA = {
    "ru": ("UTM Source", "UTM Medium", "UTM Campaign", "Визиты", "Отказы", "Глубина просмотра", "Время на сайте",
           "Достижения цели (Заявка)", "Доход, ₽"),
    "en": ("UTM Source", "UTM Medium", "UTM Campaign", "Visits", "Bounce rate", "Page depth", "Time on site", "Goal reaches (Заявка)",
           "Revenue, ₽"),
}
_TOTALS = {"ru": "Итого и средние", "en": "Totals and averages"}


def metrica_table(seen: Sequence[Seen], language: str) -> bytes:
    """A table of tags from the web interface: every cell quoted, totals first, shares as long fractions."""
    total = [_TOTALS[language], "", "", sum(one.visits for one in seen), "0", "0", "00:00:00", sum(one.reaches for one in seen),
             sum(one.revenue for one in seen)]
    rows = [
        [one.source, one.medium, one.campaign, one.visits, one.bounces / one.visits, one.pages / one.visits, _clock(one.seconds),
         one.reaches, one.revenue]
        for one in seen
    ]
    return separated([_METRICA[language], total, *rows], every=True, end="\n").encode()


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds % 3600 // 60:02}:{seconds % 60:02}"


def ga4_report(seen: Sequence[Seen], since: date, until: date) -> bytes:
    """A report of GA4's interface: a banner of comments, rates as fractions, no totals, no line break at the end."""
    rule = "# " + "-" * 40
    banner = [rule, "# Traffic acquisition", "# Account: Shop", "# Property: shop.example", rule, "# ", "# All Users",
              f"# Start date: {since:%Y%m%d}", f"# End date: {until:%Y%m%d}"]
    header = ["Session source", "Session medium", "Session campaign", "Sessions", "Engaged sessions", "Engagement rate", "Key events",
              "Total revenue"]
    rows = [
        [one.source, one.medium, one.campaign, one.visits, one.visits - one.bounces, 1 - one.bounces / one.visits, one.reaches, one.revenue]
        for one in seen
    ]
    return ("\r\n".join(banner) + "\r\n" + separated([header, *rows])).rstrip("\r\n").encode()


def _dash(value: int | None, dash: str) -> object:
    return dash if value is None else value


_WIZARD = ("Дата", "Название кампании", "№ Кампании", "Расход, ₽", "Показы", "Клики", "Конверсии")


def direct_wizard(path: Path, ads: Sequence[Ad], workbook: bool) -> None:
    """The report wizard: a preamble, the header, the total above the rows, a dash for nothing; as XLSX or as CSV of the same shape."""
    days = [one.day for one in ads]
    period = f"Период: {min(days):%d.%m.%Y} - {max(days):%d.%m.%Y}"
    preamble: list[list[str]] = [["Клиент: ООО Тарелка (tarelka-ads)"], ["Отчет: Мастер отчетов"], [period], []]
    total = ["Итого", "", "", sum(one.cost for one in ads), sum(one.impressions for one in ads), sum(one.clicks for one in ads), "-"]
    rows = [
        [f"{one.day:%d.%m.%Y}", one.campaign, one.number, one.cost, one.impressions, one.clicks, _dash(one.claimed, "-")] for one in ads
    ]
    table: list[Sequence[object]] = [*preamble, _WIZARD, total, *rows]
    if not workbook:
        path.write_bytes(separated(table, delimiter=";").replace("\r\n\r\n", "\r\n" + ";" * 6 + "\r\n").encode("utf-8-sig"))
        return
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        for line, row in enumerate(table):
            for place, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(line, place, cell)
                else:
                    sheet.write_number(line, place, cell)


def direct_api(ads: Sequence[Ad], micros: bool) -> bytes:
    """The Reports service: a name, a header, tabs and no quoting, millionths or two decimals, the number of rows."""
    days = [one.day for one in ads]
    lines = [f'"Spend ({min(days)} - {max(days)})"', "Date\tCampaignId\tCampaignName\tImpressions\tClicks\tCost\tConversions"]
    for one in ads:
        cost = str(int(one.cost * 1_000_000)) if micros else f"{one.cost:.2f}"
        lines.append("\t".join(map(str, (one.day, one.number, one.campaign, one.impressions, one.clicks, cost, _dash(one.claimed, "--")))))
    return ("\n".join([*lines, f"Total rows: {len(ads)}"]) + "\n").encode()


def google_ads(ads: Sequence[Ad], excel: bool) -> bytes:
    """Google Ads' interface: CSV in UTF-8 or "Excel CSV" in UTF-16 with tabs; thousands commas, ` --`, two totals."""
    days = [one.day for one in ads]
    header = ["Day", "Campaign", "Campaign ID", "Currency code", "Impr.", "Clicks", "Cost", "Conversions"]
    rows = [
        [one.day, one.campaign, one.number, "USD", f"{one.impressions:,}", f"{one.clicks:,}", f"{one.cost:,.2f}", _dash(one.claimed, " --")]
        for one in ads
    ]
    sums = (f"{sum(o.impressions for o in ads):,}", f"{sum(o.clicks for o in ads):,}", f"{sum(o.cost for o in ads):,.2f}", " --")
    totals = [[f"Total: {of}", " --", " --", "USD", *sums] for of in ("Campaigns", "Account")]
    banner = [["Campaign report"], [f"{min(days):%B} {min(days).day}, {min(days).year} - {max(days):%B} {max(days).day}, {max(days).year}"]]
    text = separated([*banner, header, *rows, *totals], delimiter="\t" if excel else ",")
    return text.encode("utf-16" if excel else "utf-8")


def simple_orders(sales: Sequence[Sale], delimiter: str) -> bytes:
    """The simple-orders file of Metrica's data import."""
    header = ["id", "create_date_time", "client_uniq_id", "client_ids", "emails", "phones", "emails_md5", "phones_md5", "order_status",
              "revenue", "cost", "goals", "currency"]
    rows = [
        [one.number, f"{one.placed:%d.%m.%Y %H:%M}", one.customer, one.client or "", "", "", "", "", one.status, _empty(one.revenue),
         _empty(one.cost), "", one.currency]
        for one in sales
    ]
    return separated([header, *rows], delimiter=delimiter).encode()


def _empty(value: Decimal | None) -> object:
    return "" if value is None else value


def offline_conversions(reaches: Sequence[Reach]) -> bytes:
    """The offline-conversions file of Metrica."""
    rows = [[one.client, one.target, one.second, _empty(one.price), "RUB" if one.price is not None else ""] for one in reaches]
    return separated([["ClientId", "Target", "DateTime", "Price", "Currency"], *rows], end="\n").encode()
