"""What the cells of an export mean: numbers, currencies, days and durations, decided a column at a time.

One cell never decides alone: `1,234` is a thousand in one column and one and a bit in another, and `03/04/2026` is March or April.
The whole column is looked at, and a cell that stays ambiguous is reported, not guessed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Generic, TypeVar

T = TypeVar("T")
Span = tuple[date, date]
"""First and last day of a period, both inclusive; the same day twice for a day."""

_NOTHING = frozenset(("", "-", "--", "—", "–", "−", "n/a", "na", "#n/a", "null", "none", "nan", "н/д", "нет данных"))
_SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f'’]+")
_CURRENCIES = {
    "₽": "RUB", "руб": "RUB", "р": "RUB", "рублей": "RUB", "рубль": "RUB", "рубли": "RUB", "rub": "RUB", "rur": "RUB",
    "$": "USD", "us$": "USD", "usd": "USD",
    "€": "EUR", "eur": "EUR", "евро": "EUR", "₸": "KZT", "тг": "KZT", "тенге": "KZT", "kzt": "KZT", "byn": "BYN", "br": "BYN",
    "£": "GBP", "gbp": "GBP", "₺": "TRY", "₴": "UAH", "uah": "UAH", "₹": "INR", "inr": "INR", "cny": "CNY", "amd": "AMD",
    "gel": "GEL", "aed": "AED", "uzs": "UZS", "kgs": "KGS",
}
_SIGN = "|".join(sorted((re.escape(sign) for sign in _CURRENCIES), key=len, reverse=True))
_MONEY = re.compile(rf"^(?P<before>{_SIGN})?\.?(?P<number>[^a-zа-яё$€₽₸£₺₴₹]*?)(?P<after>{_SIGN})?\.?$", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?(?:\d+(?:[.,]\d+)?|[.,]\d+|\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d+)?|\d{1,3}(?:\.\d{3})+(?:,\d+)?)")
"""NB: in the grouped forms the decimal mark differs from the grouping one; India groups by two (`12,34,567`)."""
_TINY = re.compile(r"[+-]?\d(?:\.\d+)?e-\d{1,3}", re.IGNORECASE)
"""How programs write shares that are nearly nothing: `9.99e-05`."""
_LOST_DIGITS = re.compile(r"^\d+(?:[.,]\d+)?e\+?\d+$", re.IGNORECASE)
_MOST = Decimal(10) ** 12
_LONGEST = 100
"""NB: a cell may be a million digits long, which no decimal holds."""
_EXACT_FLOAT = 2**53


@dataclass(frozen=True)
class Parsed(Generic[T]):
    """A column's values, None where the cell is empty or says nothing; `wrong` are the places of cells that cannot be read."""

    values: tuple[T | None, ...]
    wrong: frozenset[int]


def missing(cell: Any) -> bool:
    """Whether the cell says that there is no value."""
    return cell is None or (isinstance(cell, str) and cell.strip().lower() in _NOTHING)


# ------------------------------------------------------------------------------------------------------------ numbers


def numbers(cells: Sequence[Any], whole: bool = False, elsewhere: str = "", percent: bool = False) -> Parsed[Decimal]:
    """Exact numbers of a column. `whole` says that it counts things, `elsewhere` is the decimal mark of the file's other columns.

    With `percent`, `12,5 %` is 0.125; without it a percent sign makes the cell wrong.
    """
    mark = decimal_mark(cells, whole) or elsewhere
    values, wrong = [], set()
    for place, cell in enumerate(cells):
        value = None if missing(cell) else _number(cell, mark, percent)
        if not missing(cell) and (value is None or abs(value) >= _MOST or (whole and value != value.to_integral_value())):
            wrong.add(place)
            value = None
        values.append(value)
    return Parsed(tuple(values), frozenset(wrong))


def decimal_mark(cells: Sequence[Any], whole: bool = False) -> str:
    """The decimal mark that the column proves: a point, a comma, or nothing where no cell proves any."""
    proofs = {proof for cell in cells if isinstance(cell, str) and not missing(cell) for proof in [_proof(_bare(cell), whole)] if proof}
    return proofs.pop() if len(proofs) == 1 else ""


def _proof(text: str, whole: bool) -> str:
    """The decimal mark that this one cell proves."""
    marks = [char for char in text if char in ".,"]
    if not marks:
        return ""
    if len(set(marks)) == 2 or (len(marks) == 1 and not _ambiguous(text)):
        return marks[-1]
    return {",": ".", ".": ","}[marks[0]] if len(marks) > 1 or whole else ""


def _ambiguous(text: str) -> bool:
    """Whether `1,234` could be a thousand as well: one mark, three digits behind it, one to three before it, no leading zero."""
    return bool(re.fullmatch(r"[+-]?[1-9]\d{0,2}[.,]\d{3}", text))


def _bare(cell: str) -> str:
    """The cell without spaces, currency, percent sign and brackets; a long minus made plain."""
    text = _SPACES.sub("", cell).replace("−", "-").replace("‑", "-")
    if text.startswith("(") and text.endswith(")"):
        text = "-" + text[1:-1]
    found = _MONEY.match(text.removesuffix("%"))
    return found["number"] if found else text


def _number(cell: Any, mark: str, percent: bool) -> Decimal | None:
    if isinstance(cell, bool) or not isinstance(cell, (str, int, float, Decimal)):
        return None
    if not isinstance(cell, str):
        return Decimal(str(cell)) if not isinstance(cell, float) or math.isfinite(cell) else None
    if len(cell) > _LONGEST:
        return None
    shared = cell.strip().endswith("%")
    text = _bare(cell)
    if _TINY.fullmatch(text) and not shared:
        return Decimal(text)
    if (shared and not percent) or not text.strip("+-") or not _NUMBER.fullmatch(text):
        return None
    if _ambiguous(text) and not mark:
        return None
    own = _proof(text, whole=False) or mark
    plain = text.replace({",": ".", ".": ","}.get(own, ","), "").replace(own or ".", ".")
    return Decimal(plain) / 100 if shared else Decimal(plain)


def currency(text: str) -> str:
    """Code of the currency that a header or a cell names by sign or word; empty where it names none we know."""
    words = re.split(r"[\s,;.()\[\]\d+-]+", text.lower().replace("\u00a0", " "))
    return next((_CURRENCIES[word] for word in words if word in _CURRENCIES), "")


def plain(cell: Any) -> str | None:
    """A cell as text, ids unchanged to the digit; None where a spreadsheet has already lost digits of a number."""
    if isinstance(cell, float):
        if not math.isfinite(cell) or abs(cell) >= _EXACT_FLOAT:
            return None
        return str(int(cell)) if cell.is_integer() else repr(cell)
    text = str(cell).strip()
    if _LOST_DIGITS.match(text):
        return None
    return "" if missing(text) else text


# --------------------------------------------------------------------------------------------------------------- days

_MONTHS = {
    name: number
    for number, names in enumerate((
        "январь января янв january jan", "февраль февраля фев февр february feb", "март марта мар march mar", "апрель апреля апр april apr",
        "май мая may", "июнь июня июн june jun", "июль июля июл july jul", "август августа авг august aug",
        "сентябрь сентября сен сент september sep sept", "октябрь октября окт october oct", "ноябрь ноября ноя нояб november nov",
        "декабрь декабря дек december dec",
    ), start=1)
    for name in names.split()
}
_BETWEEN = (r"\s+[-–—]\s+", r"\s*[–—]\s*", r"\s*\.\.+\s*", r"\s+(?:по|до|to)\s+", r"\s*/\s*", r"\s*-\s*")
_SERIALS = range(30_000, 74_000)
_YEARS = range(2000, 2101)


def spans(cells: Sequence[Any]) -> Parsed[Span]:
    """Days, months or periods of a column. `03/04/2026` is read as the rest of the column proves, or not at all."""
    order = _order(cells)
    values = [None if missing(cell) else _span(cell, order) for cell in cells]
    wrong = {place for place, cell in enumerate(cells) if values[place] is None and not missing(cell)}
    return Parsed(tuple(values), frozenset(wrong))


def span(text: str) -> Span | None:
    """One period as a person types it: `2026-03-01/2026-03-31`, `март 2026`, `01.03.2026 - 31.03.2026`."""
    return _span(text, "")


def _order(cells: Sequence[Any]) -> str:
    """`dm` or `md` where the column proves which comes first in dates with slashes."""
    pairs = [(int(a), int(b)) for cell in cells if isinstance(cell, str) for a, b in re.findall(r"\b(\d{1,2})/(\d{1,2})/\d{2,4}\b", cell)]
    proofs = {"dm" if first > 12 else "md" for first, second in pairs if max(first, second) > 12}
    return proofs.pop() if len(proofs) == 1 else ""


def _span(cell: Any, order: str) -> Span | None:
    found = _spanned(cell, order)
    return found if found and found[0].year in _YEARS and found[0] <= found[1] else None


def _spanned(cell: Any, order: str) -> Span | None:
    if isinstance(cell, datetime):
        return cell.date(), cell.date()
    if isinstance(cell, date):
        return cell, cell
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return _serial(cell)
    if not isinstance(cell, str):
        return None
    text = re.sub(r"\s+", " ", cell.strip().lower().replace("\u00a0", " ").removeprefix("с ").removeprefix("from "))
    return _single(text, order) or _between(text, order)


def _serial(number: float) -> Span | None:
    """A day as a workbook counts it, or as eight digits that a workbook has taken for a number."""
    if not math.isfinite(number) or number != int(number):
        return None
    if int(number) in _SERIALS:
        day = date(1899, 12, 30) + timedelta(days=int(number))
        return day, day
    return _single(str(int(number)), "")


def _between(text: str, order: str) -> Span | None:
    for mark in _BETWEEN:
        parts = re.split(mark, text)
        if len(parts) == 2:
            first, last = (_single(part, order) for part in parts)
            if first and last:
                return first[0], last[1]
    return None


def _single(text: str, order: str) -> Span | None:
    """A day or a month."""
    for pattern, parts in _DAYS:
        if found := re.fullmatch(pattern, text):
            return _day(*(int(found[part]) for part in parts))
    if found := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})" + _CLOCK, text):
        first, second = (1, 2) if order == "md" else (2, 1)
        return _day(int(found[3]), int(found[first]), int(found[second])) if order or found[1] == found[2] else None
    for pattern, year, month in _WHOLE_MONTHS:
        if found := re.fullmatch(pattern, text):
            return _month(int(found[year]), int(found[month]))
    return _worded(text)


_CLOCK = r"(?:[ t]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?z?)?"
_DAYS = (
    (r"(\d{4})-(\d{1,2})-(\d{1,2})" + _CLOCK, (1, 2, 3)),
    (r"(\d{4})[./](\d{1,2})[./](\d{1,2})" + _CLOCK, (1, 2, 3)),
    (r"(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})" + _CLOCK, (3, 2, 1)),
    (r"(\d{1,2})-(\d{1,2})-(\d{4})" + _CLOCK, (3, 2, 1)),
    (r"(\d{4})(\d{2})(\d{2})", (1, 2, 3)),
)
_WHOLE_MONTHS = ((r"(\d{4})-(\d{1,2})", 1, 2), (r"(\d{1,2})[./](\d{4})", 2, 1))


def _worded(text: str) -> Span | None:
    """`1 марта 2026 г.`, `Sun, 1 Mar 2026`, `March 1, 2026`, `март 2026`."""
    words = [word for word in re.split(r"[\s,.]+", text) if word not in ("", "г", "года", "год")]
    month = [_MONTHS[word] for word in words if word in _MONTHS]
    figures = [int(word) for word in words if word.isdecimal() and len(word) <= 4]
    years = [figure for figure in figures if figure > 31]
    days = [figure for figure in figures if figure <= 31]
    others = len(words) - len(month) - len(figures)
    if len(month) != 1 or len(years) != 1 or len(days) > 1 or others > 1:
        return None
    return _day(years[0], month[0], days[0]) if days else _month(years[0], month[0])


def _day(year: int, month: int, day: int) -> Span | None:
    try:
        found = date(year + 2000 if year < 100 else year, month, day)
    except ValueError:
        return None
    return (found, found) if found.year in _YEARS else None


def _month(year: int, month: int) -> Span | None:
    first = _day(year, month, 1)
    if not first:
        return None
    following = date(year + month // 12, month % 12 + 1, 1)
    return first[0], following - timedelta(days=1)


# ---------------------------------------------------------------------------------------------------------- durations

_CLOCKED = re.compile(r"(?:(\d+):)?(\d{1,3}):(\d{2}(?:[.,]\d+)?)")
_UNITS = re.compile(r"(?:(\d+)\s*(?:ч|h|hr)[а-яa-z.]*\s*)?(?:(\d+)\s*(?:м|m)[а-яa-z.]*\s*)?(?:(\d+(?:[.,]\d+)?)\s*(?:с|c|s)[а-яa-z.]*)?")


def durations(cells: Sequence[Any], elsewhere: str = "") -> Parsed[Decimal]:
    """Seconds of a column: plain numbers, `00:08:45`, `2:05`, `1m 05s`, `3 м 50 с` or a workbook's times."""
    spoken = [_seconds(cell) for cell in cells]
    rest = numbers([cell if second is None else None for cell, second in zip(cells, spoken, strict=True)], elsewhere=elsewhere)
    return Parsed(tuple(second if second is not None else number for second, number in zip(spoken, rest.values, strict=True)), rest.wrong)


def _seconds(cell: Any) -> Decimal | None:
    if isinstance(cell, timedelta):
        return Decimal(str(cell.total_seconds()))
    if isinstance(cell, time):
        return Decimal(cell.hour * 3600 + cell.minute * 60 + cell.second)
    if not isinstance(cell, str):
        return None
    text = cell.strip().lower().replace("\u00a0", " ")
    found = _CLOCKED.fullmatch(text) or _UNITS.fullmatch(text)
    if not found or not any(found.groups()):
        return None
    hours, minutes, seconds = (Decimal((part or "0").replace(",", ".")) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds
