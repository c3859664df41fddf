"""Cost sheets of the channels that have no connector, in three hands: a Russian Excel, Metrica's *Expenses* upload, a
plain English one."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from data.demo.arrays import Floats
from data.demo.clients import CURRENCY
from data.demo.clock import Clock
from data.demo.plan import Plan
from data.demo.spend import Spend, vat_rate


@dataclass(frozen=True)
class Sheet:
    """How one kind of sheet is written: its name, separator, encoding and columns."""

    name: str
    delimiter: str
    encoding: str
    header: tuple[str, ...]


SHEETS: Mapping[str, Sheet] = {
    "russian": Sheet(
        "rashody_{slug}.csv", ";", "utf-8-sig", ("Дата", "Источник", "Канал", "Кампания", "Расход", "Клики", "Показы"),
    ),
    "metrica": Sheet(
        "expenses_{slug}.csv", ",", "utf-8", ("Date", "UTMSource", "UTMMedium", "UTMCampaign", "Expenses", "Clicks"),
    ),
    "english": Sheet("costs_{slug}.csv", ",", "utf-8",
                     ("date", "utm_source", "utm_medium", "utm_campaign", "cost", "clicks", "impressions", "currency")),
}


def write_costs(folder: Path, plan: Plan, clock: Clock, spends: Sequence[Spend]) -> Path:
    """Write the cost sheet of one client. Shape: one row per day and campaign with any cost; with VAT as the plan
    says."""
    sheet = SHEETS[plan.sheet_kind]
    days = clock.days[clock.shown :]
    tax = 1 + vat_rate(days) if plan.sheet_vat == "gross" else np.ones(len(days))
    file = folder / sheet.name.format(slug=plan.slug.replace("-", "_"))
    with file.open("w", encoding=sheet.encoding, newline="") as stream:
        writer = csv.writer(stream, delimiter=sheet.delimiter, lineterminator="\n")
        writer.writerow(sheet.header)
        writer.writerows(_rows(plan.sheet_kind, days.tolist(), spends, tax))
    return file


def _rows(kind: str, days: Sequence[date], spends: Sequence[Spend], tax: Floats) -> Iterator[Sequence[str]]:
    for place, day in enumerate(days):
        for spend in spends:
            clicks, shows = (str(int(part[place])) for part in (spend.clicks, spend.impressions))
            cost = f"{spend.cost[place] * tax[place]:.2f}"
            if cost == "0.00":
                continue
            source, medium, campaign, *_ = spend.touch.sources[0].utm
            if kind == "russian":
                yield f"{day:%d.%m.%Y}", source, medium, campaign, cost.replace(".", ","), clicks, shows
            elif kind == "metrica":
                yield f"{day:%Y-%m-%d}", source, medium, campaign, cost, clicks
            else:
                yield f"{day:%Y-%m-%d}", source, medium, campaign, cost, clicks, shows, CURRENCY
