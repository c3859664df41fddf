"""What counts as spend: the client's switches for VAT, the advertising levy and the agency's fee, each from a date on.

Stored spend is what media cost, net of VAT. A client that cannot reclaim VAT pays it; an agency may bill the levy and its fee on. So an
amount of a day is multiplied by what is in force on that day, row by row, in the row's own currency. Nothing is multiplied by default.

Source: Tax Code of Russia, general rate 20 % from 2019 and 22 % from 2026; Federal Law 479-FZ of 26 December 2024, levy of 3 % on income
from internet advertising from 1 April 2025.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any

import ibis
import ibis.expr.types as ir

from data.batches import Note
from data.errors import CannotAnswer

VAT = ((date(2019, 1, 1), Decimal("0.20")), (date(2026, 1, 1), Decimal("0.22")))
LEVY, LEVY_SINCE = Decimal("0.03"), date(2025, 4, 1)
PARTS = ("levy", "fee")
WAYS = ("spend", "media", "levy", "fee", "goods")
"""What a sum may be multiplied into: spend as the client counts it, its three parts, and the cost of goods."""
_RATE = "decimal(9, 6)"


@dataclass(frozen=True)
class Terms:
    """What is agreed with a client from a day on. `gross` adds VAT; `counts` are the parts that spend, and so every price, includes.

    Unit: `levy` and `fee` shares of what media cost, net.
    """

    since: date = date.min
    gross: bool = False
    levy: Decimal = Decimal(0)
    fee: Decimal = Decimal(0)
    counts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step:
    """From `since` on a net amount is multiplied by `factor`, and by one plus the VAT rate (zero where VAT is not added)."""

    since: date
    factor: Decimal
    vat: Decimal


@dataclass(frozen=True)
class Basis:
    """The terms of a client, oldest first. Without any, spend is what media cost, net of VAT."""

    terms: tuple[Terms, ...] = ()

    @staticmethod
    def of(facts: Mapping[str, Any]) -> Basis:
        """Terms as they are kept in a client's facts under `spend_terms`: one table or a list of them, each from its `since` on.

        Shape: {"since": "2025-04-01", "vat": "net" or "gross", "levy": true, "fee": 0.12, "counts": ["levy", "fee"]}, all optional.
        Raises: CannotAnswer for what cannot be read.
        """
        kept = facts.get("spend_terms") or ()
        rows: Sequence[Mapping[str, Any]] = (kept,) if isinstance(kept, Mapping) else kept
        return Basis(tuple(sorted((_terms(row) for row in rows), key=lambda one: one.since)))

    def on(self, day: date) -> Terms:
        """The terms in force on a day."""
        return next((one for one in reversed(self.terms) if one.since <= day), Terms())

    def steps(self, way: str) -> tuple[Step, ...]:
        """How amounts are multiplied, from which day on; empty where every amount stays as it is."""
        days = sorted({one.since for one in self.terms} | {since for since, _ in VAT} | {LEVY_SINCE, date.min})
        steps = [Step(day, _factor(self.on(day), way, day), _vat(day) if self.on(day).gross else Decimal(0)) for day in days]
        changes = [steps[0], *(step for earlier, step in pairwise(steps) if (step.factor, step.vat) != (earlier.factor, earlier.vat))]
        return () if len(changes) == 1 and changes[0].factor == 1 and not changes[0].vat else tuple(changes)

    def notes(self, since: date, until: date) -> list[Note]:
        """What spend of these days includes beyond what media cost, net."""
        return list(_told(self._between(since, until)))

    def _between(self, since: date, until: date) -> list[tuple[date | None, Terms]]:
        """Terms in force on the days, each with the day on which it began, None where that was no later than the first."""
        first = (None, self.on(since))
        return [first, *((one.since, one) for one in self.terms if since < one.since <= until)]


def _factor(terms: Terms, way: str, day: date) -> Decimal:
    parts = {"levy": terms.levy if day >= LEVY_SINCE else Decimal(0), "fee": terms.fee}
    if way in PARTS:
        return parts[way]
    counted = sum((parts[part] for part in PARTS if part in terms.counts), Decimal(0))
    return 1 + counted if way == "spend" else Decimal(1)


def _vat(day: date) -> Decimal:
    return next((rate for since, rate in reversed(VAT) if since <= day), VAT[0][1])


AS_PAID = Basis()
"""Spend as the ad systems were paid, net of VAT."""


# ------------------------------------------------------------------------------------------------------------- as kept, in words


def _terms(row: Mapping[str, Any]) -> Terms:
    try:
        since = date.fromisoformat(str(row["since"])) if row.get("since") else date.min
        vat, levy, counts = str(row.get("vat", "net")), row.get("levy") or False, tuple(map(str, row.get("counts", ())))
        rate = (LEVY if levy else Decimal(0)) if isinstance(levy, bool) else Decimal(str(levy))
        fee = Decimal(str(row.get("fee") or 0))
    except (ValueError, InvalidOperation, TypeError) as error:
        raise _unreadable(row) from error
    if vat not in ("net", "gross") or not set(counts) <= set(PARTS) or not (0 <= rate < 1 and 0 <= fee < 1):
        raise _unreadable(row)
    return Terms(since, vat == "gross", rate, fee, counts)


def _unreadable(row: Mapping[str, Any]) -> CannotAnswer:
    return CannotAnswer(
        "The terms of spend cannot be read: {terms}.", "spend_terms",
        "Give since as a date, vat as net or gross, levy as yes or no, fee as a share below 1, counts as levy and fee.", terms=dict(row),
    )


_SAYINGS: tuple[tuple[Callable[[Terms], Decimal | bool], str, str], ...] = (
    (lambda one: one.gross, "Spend and the cost of goods include VAT.", "Since {since} spend and the cost of goods include VAT."),
    (
        lambda one: one.levy if "levy" in one.counts else False,
        "Spend includes the advertising levy: {percent} % from 1 April 2025 on.",
        "Since {since} spend includes the advertising levy: {percent} %.",
    ),
    (
        lambda one: one.fee if "fee" in one.counts else False,
        "Spend includes the agency's fee: {percent} %.",
        "Since {since} spend includes the agency's fee: {percent} %.",
    ),
)
"""What may be included, how it is said when it always was, and when it came in between."""


def _told(found: Sequence[tuple[date | None, Terms]]) -> Iterator[Note]:
    """Each part that spend includes, told once per rate."""
    for included, always, later in _SAYINGS:
        known: Decimal | bool = False
        for since, terms in found:
            rate = included(terms)
            if rate and rate != known:
                facts = {"percent": f"{float(rate) * 100:.3g}", **({"since": since} if since else {})}
                yield Note("spend", later if since else always, facts)
            known = rate


# ---------------------------------------------------------------------------------------------------------- as an expression


def multiplied(amount: ir.NumericValue, day: ir.DateValue, steps: tuple[Step, ...], sent: ir.NumericValue | None = None) -> ir.NumericValue:
    """The amount of each row times what is in force on its day. `sent` is the VAT rate that the row itself names."""
    factor = _stepped(day, [(step.since, step.factor) for step in steps])
    if not any(step.vat for step in steps):
        return amount * factor
    vat = _stepped(day, [(step.since, step.vat) for step in steps])
    known = vat if sent is None else ibis.ifelse(vat > 0, sent.cast(_RATE).fill_null(vat), vat)
    return amount * factor * (known + 1)


def _stepped(day: ir.DateValue, steps: Sequence[tuple[date, Decimal]]) -> ir.NumericValue:
    """A constant of each day; the last step that has begun."""
    first, *later = (ibis.literal(value, _RATE) for _, value in steps)
    branches = [(day >= ibis.literal(since, "date"), value) for (since, _), value in zip(steps[1:], later, strict=True)]
    return ibis.cases(*reversed(branches), else_=first) if branches else first
