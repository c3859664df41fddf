"""What people search for month by month, as somebody keeps it who looks it up in Wordstat: the client's category and its own name."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from data.demo import season
from data.demo.arrays import Days, Random

MONTHS = 24
"""Two whole years: from then on the season of a category is known."""
ANSWERS = {"as": "index", "account": "Wordstat", "columns": "day=Период,phrase=Фраза,searches=Число запросов"}
_CHANCE = 0.03
"""Scatter of a month's searches beside season and growth, natural log."""


@dataclass(frozen=True)
class Phrase:
    """A phrase: its searches in an average month of the first year, and how many times more there are a year later."""

    text: str
    searches: float
    growth: float


PHRASES: Mapping[str, tuple[Phrase, ...]] = {
    "tea-hedgehog": (
        Phrase("купить чай", 61_000, 1.03), Phrase("чайная посуда", 27_500, 1.0), Phrase("подарочный чай", 18_200, 1.06),
        Phrase("электрочайник", 84_000, 0.97), Phrase("чайный ёж", 2_900, 1.09),
    ),
}
BRANDS: Mapping[str, tuple[str, ...]] = {"tea-hedgehog": ("чайный ёж",)}
"""Words that a client's name is searched by."""


def write_demand(folder: Path, slug: str, profile: str, until: date, random: Random) -> Path | None:
    """Write a client's sheet, up to the last whole month; None where nobody keeps one."""
    phrases = PHRASES.get(slug)
    if not phrases:
        return None
    file = folder / f"wordstat_{slug.replace('-', '_')}.csv"
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, delimiter=";", lineterminator="\n")
        writer.writerow(("Период", "Фраза", "Число запросов"))
        writer.writerows(_rows(phrases, profile, until, random))
    return file


def _rows(phrases: Sequence[Phrase], profile: str, until: date, random: Random) -> Iterator[tuple[str, str, str]]:
    end = np.datetime64(until + timedelta(days=1), "M")
    for place, month in enumerate(np.arange(end - MONTHS, end)):
        days: Days = np.arange(month.astype("datetime64[D]"), (month + 1).astype("datetime64[D]"), dtype="datetime64[D]")
        level = float(season.demand(profile, days).mean())
        for phrase in phrases:
            searches = phrase.searches * phrase.growth ** (place / 12) * level * float(np.exp(random.normal(0.0, _CHANCE)))
            yield f"{month.astype(object):%m.%Y}", phrase.text, str(round(searches))
