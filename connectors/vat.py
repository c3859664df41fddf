"""VAT: from what an export shows to money net of it.

Source: Russian Tax Code, general rate 20 % to 31 December 2025 and 22 % from 1 January 2026.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from data.errors import Ask, Problem

_RUSSIAN = ((date(2026, 1, 1), 0.22), (date(2019, 1, 1), 0.20), (date.min, 0.18))
_WORDS = {
    "net": "net",
    "without": "net",
    "excluded": "net",
    "exclude": "net",
    "no": "net",
    "none": "net",
    "0": "net",
    "без ндс": "net",
    "gross": "gross",
    "with": "gross",
    "included": "gross",
    "include": "gross",
    "yes": "gross",
    "с ндс": "gross",
}
SIX = Decimal("0.000001")
ASK = Ask("vat", "Are the amounts in this file without VAT (net) or with it (gross)?", ("net", "gross"), "net")


def basis(answer: str) -> tuple[str, float | None]:
    """`net`, `gross`, or `gross:10` for a rate other than the general one. Shape: (net or gross, stated rate as a share or None)."""
    word, _, rate = answer.strip().lower().partition(":")
    said = _WORDS.get(word.strip())
    share = rate.strip().rstrip("%").replace(",", ".")
    if said is None or (share and not share.replace(".", "", 1).isdecimal()):
        raise Problem(
            "{answer} does not say whether the amounts contain VAT.",
            "--vat",
            "Say net (without VAT), gross (with VAT at the general rate of the day), or gross:10 for another rate.",
            answer=answer,
        )
    return said, float(share) / 100 if share else None


def rate(day: date, stated: float | None = None) -> float:
    """VAT rate of the day as a share."""
    if stated is not None:
        return stated
    return next(share for since, share in _RUSSIAN if day >= since)


def rate_of(since: date, until: date, answer: str, currency: str) -> float | None:
    """The one VAT rate of a period; None where it has two, or where the money is not roubles and no rate is stated."""
    stated = basis(answer)[1]
    if stated is None and (currency != "RUB" or rate(since) != rate(until)):
        return None
    return rate(since, stated)


def net(amount: Decimal, since: date, until: date, answer: str, currency: str) -> Decimal:
    """`amount` of a period net of VAT, exact to six decimals. Raises Problem when it contains VAT at a rate that cannot be told."""
    if basis(answer)[0] == "net":
        return amount.quantize(SIX)
    share = rate_of(since, until, answer, currency)
    if share is None:
        raise Problem(
            "VAT cannot be taken out: one rate for {since} to {until} in {currency} is not known.",
            "--vat",
            "State the rate, for example gross:20, or export the amounts by day.",
            since=since,
            until=until,
            currency=currency,
        )
    return (amount / (1 + Decimal(str(share)))).quantize(SIX)


def net_sql(amount: str, day: str, answer: str) -> str:
    """The same as an expression of the engine: `amount` net of VAT on `day`."""
    said, stated = basis(answer)
    if said == "net":
        return amount
    if stated is not None:
        return f"({amount}) / {1 + stated}"
    cases = " ".join(f"WHEN {day} >= DATE '{since}' THEN {1 + share}" for since, share in _RUSSIAN[:-1])
    return f"({amount}) / (CASE {cases} ELSE {1 + _RUSSIAN[-1][1]} END)"
