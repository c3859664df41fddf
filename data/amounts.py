"""Amounts of money in what people have written, which are not for everybody who may read the rest of it."""

from __future__ import annotations

import re

HIDDEN = "•••"
"""Stands where an amount stood."""
_GAP = r"[ \t\u00a0\u2009\u202f]?"
_NUMBER = r"(?:\d{1,3}(?:[ \u00a0\u2009\u202f'’.,]\d{3})+(?!\d)(?:[.,]\d{1,2}(?!\d))?|\d+(?:[.,]\d+)?)"
_SCALE = r"(?:тысяч\w*|тыс\b\.?|миллион\w*|миллиард\w*|млн\b\.?|млрд\b\.?|thousand\b|million\b|billion\b|mln\b|bn\b)"
_ATTACHED = r"(?:[kкmм]{1,2}\b)"
"""Scales that are words of their own unless they hang on the number: 500к, but «с 5 к 10»."""
_SIGNS = "[₽$€£₸₹₺¥₴₾]"
_CODES = r"(?:rub|rur|usd|eur|gbp|kzt|byn|uah|inr|try|cny|aed|gel|amd|uzs)\b"
_NAMES = (
    r"(?:руб\w*|р\b\.?|т\.?\s?р\b\.?|коп(?:еек|ейк\w*|\b\.?)|доллар\w*|евро\b|тенге\b|у\.\s?е\.|"
    r"roubles?\b|rubles?\b|dollars?\b|euros?\b)"
)
_CURRENCY = rf"(?:{_SIGNS}|Br\b|{_CODES}|{_NAMES})"
_PIECE = rf"(?:(?:{_SIGNS}|\b(?:Br\b|{_CODES})){_GAP})?{_NUMBER}(?:{_ATTACHED}|{_GAP}{_SCALE})?(?:{_GAP}{_CURRENCY})?"
_JOINED = r"\s*(?:[-–—/+…]|→|->|\.\.\.?|до\b|на\b|по\b|и\b|или\b|против\b|вместо\b|to\b|and\b|or\b|vs\.?|instead of\b)\s*"
_CHAIN = re.compile(rf"(?<!\d)(?<!\d[.,]){_PIECE}(?:{_JOINED}{_PIECE})*", re.IGNORECASE)
_OF_MONEY = re.compile(rf"{_CURRENCY}|{_SCALE}|\d{_ATTACHED}", re.IGNORECASE)
_TOPICS = (
    r"\b(?:(?:бюджет|расход|трат|затрат|выручк|оборот|доход|прибыл|маржа|марж[иуе]|ставк|ставок|стоимост|чек|лимит|"
    r"budget|spen[dt]|cost|revenue|profit|margin|price|bid)\w*|цен(?:[аыуе]|ой|ам|ами|ах)?\b|(?:cp[aclmo]|cac|ltv|aov|arpu)\b)"
)
_TOPIC = re.compile(rf"{_TOPICS}[^;\n]{{0,80}}[\d .,]*", re.IGNORECASE)
_BARE = re.compile(rf"(?<!\w)(?<!\d[.,]){_NUMBER}(?!\d|[.,:]\d|{_GAP}(?:%|процент|percent))", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")


def without_amounts(text: str) -> str:
    """The text with every amount of money as HIDDEN: a number with a sign or word of a currency, in thousands or millions, or after a
    word such as "budget". Numbers of other things stay. What is spelled in letters cannot be told from words and stays too."""
    return _TOPIC.sub(lambda topic: _BARE.sub(_named, topic[0]), _CHAIN.sub(_hidden, text))


def _hidden(found: re.Match[str]) -> str:
    return HIDDEN if _OF_MONEY.search(found[0]) else found[0]


def _named(found: re.Match[str]) -> str:
    """NB: after such a word days and years are no amounts, so small numbers stay."""
    small = len(re.sub(r"[.,]\d{1,2}$|\D", "", found[0])) < 3 or _YEAR.fullmatch(found[0])
    return found[0] if small else HIDDEN
