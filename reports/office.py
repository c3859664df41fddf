"""What slides and workbooks have in common: texts that XML can hold, and number formats that an office program understands.

Number formats are the file's, not the screen's: a comma groups thousands in every language, and the program writes what its reader expects.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from data.text import sign
from reports.story import Story

Told = TypeVar("Told")

SECONDS_PER_DAY = 86_400
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LOCALES = {"ru": "419", "en": "409"}
_SCALES = ((1e9, ",,,", "млрд", "B"), (1e6, ",,", "млн", "M"), (1e4, ",", "тыс.", "K"))
_DIGITS = {"count": 0, "money": 0, "share": 1, "multiple": 2, "number": 2}


def cleaned(story: Story) -> Story:
    """The story without what a file of XML cannot hold: control characters in texts, numbers that are none."""
    return _cleaned(story)


def _cleaned(value: Told) -> Told:
    if isinstance(value, str):
        return _UNPRINTABLE.sub("", value)  # type: ignore[return-value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None  # type: ignore[return-value]
    if isinstance(value, tuple):
        return tuple(_cleaned(one) for one in value)  # type: ignore[return-value]
    if is_dataclass(value) and not isinstance(value, type):
        held: dict[str, Any] = {one.name: _cleaned(getattr(value, one.name)) for one in fields(value)}
        return replace(value, **held)
    return value


def held(value: float, unit: str) -> float:
    """The number as a cell holds it: durations are parts of a day there."""
    return value / SECONDS_PER_DAY if unit == "seconds" else value


def unit(text: str, currency: str) -> str:
    """The unit of a figure in a column of mixed units, by how it is printed."""
    if "%" in text:
        return "share"
    if "×" in text:
        return "multiple"
    if re.fullmatch(r"\d+:\d\d", text):
        return "seconds"
    return "money" if sign(currency) in text else "number"


def digits(texts: Iterable[str], unit: str, language: str) -> int:
    """Digits after the point: as many as the printed texts have. Shortened texts (12.3K) say nothing about the number itself."""
    point = "," if language == "ru" else "."
    found = [re.search(rf"\d{re.escape(point)}(\d+)", text) for text in texts if not re.search(r"тыс|млн|млрд|\d[KMB]\b", text)]
    exact = [len(one[1]) for one in found if one]
    return max(exact) if exact else 0 if found and unit != "number" else _DIGITS.get(unit, 0)


def written(unit: str, currency: str, language: str, after: int | None = None) -> str:
    """The number format of a unit with `after` digits behind the point; empty for text."""
    if unit == "seconds":
        return "[m]:ss"
    if unit not in _DIGITS:
        return ""
    places = _DIGITS[unit] if after is None else after
    shown = "0" if unit == "share" else "#,##0"
    return f"{_locale(language)}{shown}{'.' if places else ''}{'0' * places}{_suffix(unit, currency, language)}"


def step(low: float, high: float, wanted: int = 5) -> float:
    """The distance of round ticks: 1, 2 or 5 times a power of ten."""
    span = (high - low) / wanted
    if span <= 0 or not math.isfinite(span):
        return 1.0
    power = 10.0 ** math.floor(math.log10(span))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= span * 0.999)


def axis(unit: str, currency: str, language: str, largest: float, tick: float) -> str:
    """The number format of an axis: short, with its unit, and with as many digits as the ticks need."""
    if unit in ("seconds", "share"):
        return written(unit, currency, language, _after(tick * 100))
    size, commas, russian, english = next((one for one in _SCALES if abs(largest) >= one[0]), (1.0, "", "", ""))
    places = _after(tick / size)
    name = f'"\u00a0{russian}"' if language == "ru" else f'"{english}"'
    shown = f"#,##0{'.' if places else ''}{'0' * places}{commas}{name if commas else ''}"
    return f"{_locale(language)}{shown}{_suffix(unit, currency, language)}"


def _after(tick: float) -> int:
    """Digits that tell ticks apart."""
    return next((places for places in range(4) if math.isclose(round(tick, places), tick, rel_tol=1e-6)), 3)


def _locale(language: str) -> str:
    return f"[$-{_LOCALES[language]}]"


def _suffix(unit: str, currency: str, language: str) -> str:
    if unit == "money":
        return f'"\u00a0{sign(currency)}"'
    if unit == "share":
        return '"\u00a0"%' if language == "ru" else "%"
    return '"×"' if unit == "multiple" else ""
