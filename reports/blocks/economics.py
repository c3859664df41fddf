"""Unit economics: what a customer costs and brings, by channel, and when the cost is back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from data.text import DASH
from metrics.readings.lifetime import ALL, EconomicsLine, LifetimeReading
from metrics.sentences import paying
from metrics.sentences.forms import figure
from metrics.stats import Interval
from reports import tables
from reports.context import Context
from reports.story import Block, Cell, Chart, Column, Figure, Row, Series, Table

TITLE = "Unit economics"
MOST = 8


def make(context: Context) -> Block | None:
    """None where no orders with their customers are loaded."""
    found = context.lifetime
    if found.why is not None or not found.economics:
        return None
    whole = found.economics[0]
    chart = _curve(found, whole, context)
    return Block(
        "economics", "economics", _title(found, whole, context), _lead(found, context), _cards(found, whole, context),
        (chart,) if chart else (), (_table(found, context),),
        notes=_notes(found, context), speaker=_speaker(found, context),
    )


def _title(found: LifetimeReading, whole: EconomicsLine, context: Context) -> str:
    """The headline, its ratio written as on the card."""
    if found.headline is None:
        return context.say.t("What a customer costs and brings")
    ratio = context.say.number(whole.ratio, 2) if whole.ratio is not None else ""
    return context.say.note(replace(found.headline, facts={**found.headline.facts, "ratio": ratio})).rstrip(".")


def _cards(found: LifetimeReading, whole: EconomicsLine, context: Context) -> tuple[Figure, ...]:
    say = context.say
    told, n = context.receipts.told, found.horizon
    how = {
        "cac": say.t("Spend of all months ÷ customers whose first order fell into them"),
        "ltv": say.t("Cohorts of customers: what they have brought, continued by the growth of older cohorts up to month {n}", n=n),
        "ratio": say.t("LTV ÷ CAC"), "payback": say.t("The first month of life in which a customer has brought what he cost"),
    }
    word, tone = paying.verdict(whole, found.basis)
    cards = []
    if whole.cac is not None:
        band = _range(paying.cac_range(whole), "money", context)
        cards.append(told("cac", say.t("CAC"), whole.cac, _money(whole.cac, context), "money", how["cac"], was=band))
    if whole.value is not None:
        ends = "" if found.curve is None or found.curve.low is None else _between(found.curve.low, found.curve.high, "money", context)
        cards.append(told("ltv", say.t("LTV, {n} months", n=n), whole.value, _money(whole.value, context), "money", how["ltv"], was=ends))
    if whole.ratio is not None:
        band, text = _range(paying.ratio_range(whole), "multiple", context), figure(whole.ratio, "multiple", "", say)
        cards.append(told("ratio", say.t("LTV:CAC"), whole.ratio, text, "multiple", how["ratio"], tone, band or say.t(word)))
    if whole.payback is not None:
        month = float(whole.payback.month) if whole.payback.month else None
        cards.append(told("payback", say.t("Payback"), month, paying.paid_back(whole.payback, say), "count", how["payback"]))
    return tuple(cards)


def _money(value: float | None, context: Context) -> str:
    return figure(value, "money", context.lifetime.currency, context.say)


def _range(found: Interval | None, unit: str, context: Context) -> str:
    return "" if found is None or found.high == float("inf") else _between(found.low, found.high, unit, context)


def _between(low: float | None, high: float | None, unit: str, context: Context) -> str:
    ends = (figure(value, unit, context.lifetime.currency, context.say) for value in (low, high))
    return context.say.t("from {low} to {high}", **dict(zip(("low", "high"), ends, strict=True)))


def _curve(found: LifetimeReading, whole: EconomicsLine, context: Context) -> Chart | None:
    """What a customer has brought by each month of life, against what he cost."""
    if found.curve is None or found.curve.value is None:
        return None
    say, curve = context.say, found.curve
    months = min(found.horizon, len(curve.projected))
    labels = tuple(str(month + 1) for month in range(months))

    def series(name: str, values: tuple[float | None, ...], role: str) -> Series:
        return Series(name, values, role, tuple(_money(value, context) if value is not None else "" for value in values))

    drawn = [series(say.t("Brought on average"), curve.projected[:months], "now")]
    if whole.cac is not None:
        drawn.append(series(say.t("CAC"), (whole.cac,) * months, "plan"))
    alt = "; ".join(f"{label}: {text}" for label, text in zip(labels, drawn[0].texts, strict=True))
    title = say.t("Margin from a customer by month of life" if found.basis == "margin" else "Revenue from a customer by month of life")
    return Chart("line", title, labels, tuple(drawn), "money", alt, (say.t("Month of life"), ""))


def _table(found: LifetimeReading, context: Context) -> Table:
    say = context.say
    columns = (
        Column("customers", say.t("Customers"), "count"), Column("cac", say.t("CAC"), "money"),
        Column("so_far", say.t("Brought so far"), "money"), Column("value", say.t("LTV, {n} months", n=found.horizon), "money"),
        Column("ratio", say.t("LTV:CAC"), "multiple"), tables.words("payback", say.t("Payback")), tables.words("verdict", say.t("Verdict")),
    )
    total = next((line for line in found.economics if line.cohort is None and line.channel == ALL), None)
    last = None if total is None else Row(say.t("All channels"), _cells(total, found, context))
    rows = tuple(Row(say.t(line.title), _cells(line, found, context)) for line in _shown(found))
    return Table(say.t("Unit economics"), columns, rows, last)


def _shown(found: LifetimeReading) -> list[EconomicsLine]:
    return [line for line in found.economics if line.cohort is None and line.channel != ALL][:MOST]


def _cells(line: EconomicsLine, found: LifetimeReading, context: Context) -> tuple[Cell, ...]:
    say = context.say
    word, tone = paying.verdict(line, found.basis)

    def shown(value: float | None, unit: str) -> Cell:
        return tables.number(value, unit, found.currency, say)

    return (
        shown(line.customers, "count"), shown(line.cac, "money"), shown(line.so_far, "money"), shown(line.value, "money"),
        shown(line.ratio, "multiple"), tables.said(DASH if _untold(line) else paying.paid_back(line.payback, say)),
        tables.said(say.t(word), tone) if word else tables.NOTHING,
    )


def _untold(line: EconomicsLine) -> bool:
    """Whether a channel is too young or too small to have paid back: that it has not says nothing then."""
    return line.why is not None and (line.payback is None or line.payback.month is None)


def _lead(found: LifetimeReading, context: Context) -> tuple[str, ...]:
    """Channels on either side of paying back, as far as the range tells."""
    say = context.say
    lines = [line for line in found.economics if line.cohort is None and line.channel != ALL]
    judged = [(line, paying.verdict(line, found.basis)[0]) for line in lines]
    said = []
    for word, text in (("pays back", "Pays back beyond chance: {channels}."), ("does not pay back", "Does not pay back: {channels}.")):
        named = [_named(line, context) for line, verdict in judged if verdict == word]
        if named:
            said.append(say.t(text, channels="; ".join(named)))
    close = [say.t(line.title) for line, verdict in judged if verdict == "too close to call"]
    if close:
        said.append(say.t("Too close to call: {channels}.", channels=", ".join(close)))
    return tuple(said)


def _named(line: EconomicsLine, context: Context) -> str:
    return f"{context.say.t(line.title)} (LTV:CAC {figure(line.ratio, 'multiple', '', context.say)})"


def _notes(found: LifetimeReading, context: Context) -> tuple[str, ...]:
    say = context.say
    days = say.period(found.since, found.until) if found.since else ""
    head = say.t("Customers and orders of {days}; ranges hold nineteen times of twenty.", days=days) if days else ""
    return tuple(dict.fromkeys(filter(None, (head, *map(context.note, found.notes), *_reasons(found, context)))))


def _reasons(found: LifetimeReading, context: Context) -> tuple[str, ...]:
    """Why channels that cost something have no payback: under the table, which has a dash there."""
    return _grouped([line for line in _shown(found) if line.cac is not None and _untold(line)], context)


def _speaker(found: LifetimeReading, context: Context) -> tuple[str, ...]:
    return _grouped(found.economics, context)


def _grouped(lines: Sequence[EconomicsLine], context: Context) -> tuple[str, ...]:
    """Why channels have no value; those with one reason together."""
    reasons: dict[str, list[str]] = {}
    for line in lines:
        if line.cohort is None and line.why is not None:
            reasons.setdefault(context.note(line.why), []).append(context.say.t(line.title))
    return tuple(f"{', '.join(names)}: {why}" for why, names in reasons.items())
