"""`attribute`: who earned the conversions, under every model side by side."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

import click

from commands import show, spoken
from commands._reading import (
    DAY,
    as_data,
    between,
    client_option,
    counter_option,
    footnotes,
    grouping_option,
    opened,
    period,
    say,
)
from metrics.attribution import HEADS
from metrics.readings import attribution
from metrics.readings.attribution import Asked, AttributionReading, Line
from metrics.readings.ground import BREAKDOWNS

USUAL = 365


@click.command(name="attribute")
@client_option
@click.option("--since", type=DAY, help="First day. [default: a year before the last]")
@click.option("--until", type=DAY, help="Last day. [default: the last day with visits]")
@click.option("--by", type=click.Choice(BREAKDOWNS), default="channel", show_default=True, help="Who gets the credit.")
@click.option("--amount", type=click.Choice(["conversions", "value"]), default="conversions", show_default=True, help="What is divided.")
@click.option("--ends", type=click.Choice(["orders", "goals"]), help="What a journey ends with. [default: what fits the client]")
@click.option("--goals", default="", help="Goals that end a journey, by comma. [default: the client's key goals]")
@click.option("--lookback", type=click.IntRange(1, 365), help="Days before a conversion that count. [default: 90]")
@click.option("--half-life", type=click.FloatRange(0.1, 365), default=7.0, show_default=True, help="Days in which time decay halves.")
@click.option("--target-cpa", type=click.FloatRange(min=0), help="What a conversion may cost. [default: the client's, else by margin]")
@click.option("--paths", is_flag=True, help="Also the commonest paths.")
@counter_option
@grouping_option
@show.format_option
def command(
    client: str,
    since: datetime | None,
    until: datetime | None,
    amount: str,
    paths: bool,
    form: str,
    goals: str,
    **chosen: Any,
) -> None:
    """Divide conversions between channels by every model, and say where a decision depends on the model.

    \b
    python vitrina.py attribute --client tea-hedgehog
    python vitrina.py attribute --client tea-hedgehog --since 2026-09-01 --by campaign --amount value
    """
    found = opened(client)
    first, last, usual = period(found, ("visits",), since, until, USUAL)
    asked = Asked(
        by=chosen["by"],
        ends=chosen["ends"] or "",
        goals=tuple(word.strip() for word in goals.split(",") if word.strip()),
        lookback_days=chosen["lookback"] or 0,
        half_life_days=chosen["half_life"],
        target_cpa=chosen["target_cpa"],
        grouping=chosen["grouping"],
        counter=chosen["counter"],
    )
    reading = attribution.read(found.store.run, found.settings, found.client.facts, first, last, asked)
    if form == "json":
        return show.as_json(as_data(reading))
    if form == "csv":
        return show.as_csv(_flat(reading), ["name", "title", "model", "conversions", "value", "spend", "cpa", "romi", "worth_it"])
    return _table(reading, amount, paths, usual)


def _flat(reading: AttributionReading) -> list[dict[str, Any]]:
    """A row per name and model."""
    return [
        {
            "name": line.name,
            "title": line.title,
            "model": model,
            "conversions": line.conversions[model],
            "value": line.value[model],
            "spend": line.spend,
            "cpa": line.cpa.get(model),
            "romi": line.romi.get(model),
            "worth_it": line.good.get(model),
        }
        for line in reading.lines
        for model in reading.spoken
    ]


def _table(reading: AttributionReading, amount: str, paths: bool, usual: bool) -> None:
    words = spoken()
    days = words.period(reading.since, reading.until)
    click.echo(words.t("{days}, the last year of visits", days=days) if usual else days)
    if reading.why is not None:
        say(reading.why)
        return footnotes(reading.notes)
    what = words.t("Orders" if reading.ends == "orders" else "Goal reaches")
    worth = f" ({words.money(reading.value, reading.currency)})" if reading.value else ""
    facts = {"what": what, "n": words.number(reading.conversions), "worth": worth, "lost": words.number(reading.lost)}
    click.echo(words.t("{what}: {n}{worth}. Lost journeys: {lost}. Lookback: {days} days.", **facts, days=reading.lookback_days))
    say(reading.headline)
    if reading.spoken:
        click.echo("")
        _models(reading, amount)
        _verdicts(reading)
    silent = [f"· {words.t(one.title)}: {words.note(one.why)}" for one in reading.models if one.why is not None]
    if silent:
        click.echo("\n" + words.t("Models that say nothing:"))
        click.echo("\n".join(dict.fromkeys(silent)))
    if paths:
        _paths(reading)
    return footnotes(reading.notes)


def _models(reading: AttributionReading, amount: str) -> None:
    """Every model a column, and the range over them."""
    words = spoken()
    titles = {"title": words.t(reading.by.capitalize())} | {model: words.t(HEADS[model]) for model in reading.spoken}
    titles |= {"low": words.t("Least"), "high": words.t("Most")}
    written: Callable[[Any], str] = words.number if amount == "value" else partial(words.number, digits=1 if _small(reading) else 0)
    rows: list[dict[str, Any]] = []
    for line in reading.lines:
        given = line.value if amount == "value" else line.conversions
        ends = (line.value_low, line.value_high) if amount == "value" else (line.low, line.high)
        rows.append({"title": _named(line), **given, "low": ends[0], "high": ends[1]})
    total = {model: sum(row[model] for row in rows) for model in reading.spoken}
    last = {"title": words.t("Total"), **total, "low": None, "high": None}
    show.as_table(rows, titles, dict.fromkeys([*reading.spoken, "low", "high"], written), last)


def _small(reading: AttributionReading) -> bool:
    """Whether fractions of a conversion are worth a digit."""
    return reading.conversions < 1000


def _verdicts(reading: AttributionReading) -> None:
    """Paid channels: what a conversion costs under the models, and whether the decision hangs on the choice."""
    words = spoken()
    paid = [line for line in reading.lines if line.verdict is not None]
    if not paid:
        return
    click.echo("")
    money = partial(words.money, currency=reading.currency)
    rows = [
        {
            "title": _named(line),
            "spend": line.spend,
            "cpa": _range(line.cpa.values(), money),
            "romi": _range(line.romi.values(), words.share),
            "verdict": words.note(line.verdict) if line.verdict else "",
        }
        for line in sorted(paid, key=lambda line: -(line.spend or 0.0))
    ]
    titles = {"title": words.t(reading.by.capitalize()), "spend": words.t("Spend"), "cpa": words.t("CPA, from – to")}
    titles |= {"romi": words.t("ROMI, from – to")} if any(line.romi for line in paid) else {}
    show.as_table(rows, titles | {"verdict": words.t("Verdict")}, {"spend": money, "cpa": str, "romi": str})
    say(reading.basis)


def _range(values: Any, written: Callable[[Any], str]) -> str:
    """Least to most; a model under which nothing was won has no cost of one."""
    known = [value for value in values if value is not None]
    return between(written(min(known)), written(max(known))) if known else written(None)


def _named(line: Line) -> str:
    return spoken().t(line.title)


def _paths(reading: AttributionReading) -> None:
    words = spoken()
    click.echo("\n" + words.t("Commonest paths"))
    rows = [
        {"path": " → ".join(words.t(name) for name in one.path), "conversions": one.conversions, "lost": one.lost, "value": one.value}
        for one in reading.paths
    ]
    titles = {"path": words.t("Path"), "conversions": words.t("Conversions"), "lost": words.t("Lost journeys"), "value": words.t("Value")}
    show.as_table(
        rows, titles, {"conversions": words.number, "lost": words.number, "value": partial(words.money, currency=reading.currency)}
    )
