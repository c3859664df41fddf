"""Words and formats of one language. English stands in the code; every other language is a folder of TOML files under `locales`.

A catalogue maps the English text to its translation, as it stands in the code, braces included. `Words` is what a page, a document
or a command holds: it translates and writes numbers, money, shares and dates the way readers of the language expect.
"""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from data.batches import Amounts, Note
from data.errors import Problem

FOLDER = Path(__file__).parent / "locales"
NBSP, THIN, MINUS, DASH = "\u00a0", "\u202f", "\u2212", "\u2013"
LONG = 10_000
"""Whole numbers from here on are written in groups of three inside a sentence; a year is not."""
_SIGNS = {"RUB": "₽", "USD": "$", "EUR": "€", "KZT": "₸", "BYN": "Br", "GBP": "£", "INR": "₹", "TRY": "₺", "CNY": "¥"}
# (size, from which value on it is used, Russian, English)
_SCALES: tuple[tuple[float, float, str, str], ...] = ((1e9, 9.995e8, "млрд", "B"), (1e6, 9.995e5, "млн", "M"), (1e3, 1e4, "тыс.", "K"))
_MONTHS = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "ru": ("янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"),
}
_MONTHS_ALONE = {
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"),
    "ru": ("январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь"),
}


@cache
def languages() -> tuple[str, ...]:
    """Codes of the languages there are; English first."""
    return ("en", *sorted(folder.name for folder in FOLDER.iterdir() if folder.is_dir()))


@cache
def catalogue(language: str) -> dict[str, str]:
    """All translations of a language, from every file of its folder. Empty for English."""
    found: dict[str, str] = {}
    for path in sorted((FOLDER / language).glob("*.toml")):
        found |= tomllib.loads(path.read_text(encoding="utf-8"))
    return found


@cache
def words(language: str) -> Words:
    return Words(language if language in languages() else "en")


@dataclass(frozen=True)
class Words:
    """One language."""

    language: str

    @property
    def russian(self) -> bool:
        return self.language == "ru"

    def t(self, text: str, /, **facts: Any) -> str:
        """The text in this language, its braces filled. Untranslated texts stay English; a test lists them."""
        said = catalogue(self.language).get(text, text)
        return said.format(**{name: self._fact(value) for name, value in facts.items()}) if facts else said

    def written(self, text: str) -> str:
        """What a person wrote, as it was written. Only the demo's invented notes have a translation."""
        return catalogue(self.language).get(text, text)

    def note(self, note: Note) -> str:
        return self.t(note.text, **note.facts)

    def problem(self, problem: Problem) -> tuple[str, str, str]:
        """What, where and how to fix, in this language."""
        what, where, fix = (self.t(template, **problem.facts) for template in problem.lines())
        return what, where, fix

    def _fact(self, value: Any) -> Any:
        if isinstance(value, date):
            return self.day(value)
        if isinstance(value, str):
            return catalogue(self.language).get(value, value)
        if isinstance(value, float):
            return self.number(value, _digits(value, 2))
        if isinstance(value, int) and abs(value) >= LONG:
            return self.number(value)
        if isinstance(value, Amounts):
            return ", ".join(self.money(amount, currency) for currency, amount in value.each)
        if isinstance(value, tuple):
            return "; ".join(str(self._fact(one)) for one in value)
        return value

    # ------------------------------------------------------------------------------------------------------ numbers

    def number(self, value: float | Decimal | None, digits: int = 0) -> str:
        """`1 234,5` or `1,234.5`; a dash where there is no value."""
        if value is None or (isinstance(value, float) and math.isnan(value)):
            return DASH
        text = f"{value:,.{digits}f}"
        if text.strip("-0.,") == "":
            text = text.lstrip("-")
        text = text.replace("-", MINUS)
        return text.replace(",", THIN).replace(".", ",") if self.russian else text

    def share(self, value: float | None, digits: int = 1) -> str:
        """A share between 0 and 1 as percent."""
        if value is None or math.isnan(value):
            return DASH
        return f"{self.number(value * 100, digits)}{NBSP + '%' if self.russian else '%'}"

    def money(self, value: float | Decimal | None, currency: str, digits: int | None = None) -> str:
        """An amount with its currency; kopecks only where they matter (below 100)."""
        if value is None or (isinstance(value, float) and math.isnan(value)):
            return DASH
        if digits is None:
            digits = 2 if -100 < value < 100 and value != 0 else 0
        return f"{self.number(value, digits)}{NBSP}{sign(currency)}".rstrip()

    def multiple(self, value: float | None, digits: int = 2) -> str:
        """A ratio such as ROAS: `3,40×`."""
        return DASH if value is None or math.isnan(value) else f"{self.number(value, digits)}×"

    def seconds(self, value: float | None) -> str:
        """A duration as `3:05`."""
        if value is None or math.isnan(value):
            return DASH
        minutes, rest = divmod(round(value), 60)
        return f"{minutes}:{rest:02d}"

    def compact(self, value: float | None) -> str:
        """A large number in few characters, for axes and cards: `1,2 млн`, `1.2M`."""
        if value is None or math.isnan(value):
            return DASH
        for size, least, russian, english in _SCALES:
            if abs(value) >= least:
                short = self._short(value / size)
                return f"{short}{NBSP}{russian}" if self.russian else f"{short}{english}"
        return self.number(value, 0 if abs(value) >= 10 or value == int(value) else 2)

    def _short(self, value: float) -> str:
        """Three digits that say something: `1.95`, `19.5`, `195`, `2`."""
        return self.number(value, _digits(value, 2 if abs(value) < 10 else 1 if abs(value) < 100 else 0))

    # -------------------------------------------------------------------------------------------------------- dates

    def day(self, day: date) -> str:
        """`5 мар 2026`, `5 Mar 2026`."""
        return f"{day.day}{NBSP}{_MONTHS[self.language][day.month - 1]}{NBSP}{day.year}"

    def month(self, day: date) -> str:
        """`март 2026`, `March 2026`."""
        return f"{_MONTHS_ALONE[self.language][day.month - 1]}{NBSP}{day.year}"

    def period(self, since: date, until: date) -> str:
        """`1–31 мар 2026`, with as little repeated as can be."""
        if since == until:
            return self.day(since)
        if (since.year, since.month) == (until.year, until.month):
            return f"{since.day}{DASH}{self.day(until)}"
        if since.year == until.year:
            return f"{since.day}{NBSP}{_MONTHS[self.language][since.month - 1]}{NBSP}{DASH} {self.day(until)}"
        return f"{self.day(since)}{NBSP}{DASH} {self.day(until)}"


def _digits(value: float, most: int) -> int:
    """So many digits behind the point as say something, and no more than `most`."""
    return next((digits for digits in range(most) if round(value, digits) == round(value, most)), most)


def sign(currency: str) -> str:
    """Sign of a currency code; the code itself where there is none."""
    return _SIGNS.get(currency, currency)
