"""`lifetime`: what customers bring and cost, who they are, who comes back, and the weakest step of the funnel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

import click

from commands import show, spoken
from commands._customers import cells, tell
from commands._reading import DAY, as_data, between, client_option, counter_option, footnotes, grouping_option, opened, period, say
from commands._subscription import recurring
from data.batches import Note
from data.text import sign
from metrics.buying.payback import Payback
from metrics.readings import customers, lifetime, subscription
from metrics.readings.buying import Repeating, Staying
from metrics.readings.lifetime import ALL, Asked, Curve, EconomicsLine, LifetimeReading
from metrics.sentences import paying

VIEWS = ("cohorts", "rfm", "customers", "funnel", "models", "subscription")
USUAL = 90


@click.command(name="lifetime")
@client_option
@click.option("--view", type=click.Choice(VIEWS), default="cohorts", show_default=True, help="Which part to show.")
@click.option("--since", type=DAY, help="First day of the funnel, and the first cohorts shown. [default: 90 days; all cohorts]")
@click.option("--until", type=DAY, help="The day as of which customers are read. [default: the last loaded day]")
@click.option(
    "--horizon", type=click.IntRange(1, 60), default=lifetime.HORIZON, show_default=True, help="Months of a life, the first included."
)
@click.option("--discount", type=click.FloatRange(0, 1), help="Yearly discount as a share: 0.18. [default: the client's, else none]")
@click.option("--cohorts", "by_cohort", is_flag=True, help="Also every cohort of every paid channel.")
@counter_option
@grouping_option
@show.format_option
def command(
    client: str,
    view: str,
    since: datetime | None,
    until: datetime | None,
    horizon: int,
    discount: float | None,
    by_cohort: bool,
    counter: str,
    grouping: str,
    form: str,
) -> None:
    """Say what a customer is worth and costs, from cohorts; the state of the base; the funnel; recurring revenue.

    \b
    python vitrina.py lifetime --client tea-hedgehog
    python vitrina.py lifetime --client tea-hedgehog --view customers
    python vitrina.py lifetime --client evening-class --view models --discount 0.18
    python vitrina.py lifetime --client evening-class --view subscription
    """
    found = opened(client)
    first, last, _ = period(found, ("orders",) if view != "funnel" else ("visits",), since, until, USUAL)
    if view in ("cohorts", "models"):
        asked = Asked(horizon, discount, grouping, counter, with_models=view == "models" or form == "json")
        reading = lifetime.read(found.store.run, found.settings, found.client.facts, last, asked)
        return _values(reading, view, form, since.date() if since else None, by_cohort)
    if view == "subscription":
        return recurring(subscription.read(found.store.run, found.settings, found.client.facts, last, grouping, counter), form)
    base = customers.read(found.store.run, found.settings, found.client.facts, first, last, grouping, counter)
    return tell(base, view, form)


# ------------------------------------------------------------------------------------------------------------- cohorts, models


def _values(reading: LifetimeReading, view: str, form: str, since: date | None, by_cohort: bool) -> None:
    if form == "json":
        return show.as_json(as_data(reading))
    if form == "csv" and view == "models":
        return show.as_csv(_parameters(reading), ("model", "name", "value"))
    if form == "csv":
        names = ("channel", "title", "cohort", "customers", "cac", "so_far", "value", "ratio", "payback")
        rows = [_flat(line) for line in reading.economics]
        return show.as_csv(rows, names)
    click.echo(spoken().t("Customers as known on {day}", day=reading.until))
    say(reading.why or reading.headline)
    if reading.why is None and view == "cohorts" and reading.curve is not None:
        _curve(reading, reading.curve)
        _economics(reading, by_cohort)
        _triangle(reading, since)
    if reading.models is not None and view == "models":
        _repeating(reading, reading.models.repeating)
        _staying(reading, reading.models.staying)
    return footnotes(reading.notes)


def _parameters(reading: LifetimeReading) -> list[dict[str, Any]]:
    """What was fitted, a row per parameter; nothing where the models abstain."""
    if reading.models is None:
        return []
    staying = reading.models.staying
    rows = [{"model": "BG/NBD", "name": name, "value": value} for name, value in reading.models.repeating.parameters.items()]
    return rows + [{"model": "sBG", "name": name, "value": getattr(staying, name)} for name in ("alpha", "beta") if staying.why is None]


def _flat(line: EconomicsLine) -> dict[str, Any]:
    values = {name: getattr(line, name) for name in ("channel", "title", "cohort", "customers", "cac", "so_far", "value", "ratio")}
    return values | {"payback": line.payback.month if line.payback else None}


def _money(reading: LifetimeReading) -> Callable[[Any], str]:
    return partial(spoken().money, currency=reading.currency)


def _curve(reading: LifetimeReading, curve: Curve) -> None:
    """The curve by month, its band and its back-test."""
    words, money = spoken(), _money(reading)
    rows = [
        {"month": month, "observed": observed, "projected": projected, "seen": seen}
        for month, (observed, projected, seen) in enumerate(zip(curve.observed, curve.projected, curve.seen, strict=True), 1)
        if month <= reading.horizon
    ]
    click.echo("")
    titles = {"month": words.t("Month of life"), "observed": words.t("Seen so far"), "projected": words.t("With projection")}
    formats: dict[str, Callable[[Any], str]] = {"month": str, "observed": money, "projected": money, "seen": partial(words.share, digits=0)}
    show.as_table(rows, titles | {"seen": words.t("Customers old enough")}, formats)
    if curve.low is not None and curve.high is not None:
        text = "With other cohorts of the same kind: {low} to {high} (10 to 90%)."
        click.echo(words.t(text, low=money(curve.low), high=money(curve.high)))
    if curve.tested is not None:
        tested = curve.tested
        text = (
            "Back-test: {months} months ago the same method foretold {predicted}, {actual} came; by cohort actual over foretold {low} to "
            "{high}."
        )
        ends = {"low": words.multiple(tested.low), "high": words.multiple(tested.high)}
        click.echo(words.t(text, months=tested.months, predicted=money(tested.predicted), actual=money(tested.actual), **ends))


def _economics(reading: LifetimeReading, by_cohort: bool) -> None:
    words, money = spoken(), _money(reading)
    lines = [line for line in reading.economics if line.cohort is None or (by_cohort and line.cac is not None and line.channel != ALL)]
    rows = [
        {
            "title": words.t(line.title) if line.cohort is None else f"    {words.month(line.cohort)}",
            "customers": line.customers,
            "cac": line.cac,
            "so_far": line.so_far,
            "value": line.value,
            "ratio": line.ratio,
            "payback": _paid_back(line.payback),
        }
        for line in lines
    ]
    click.echo("")
    titles = {
        "title": words.t("Channel of the first order"),
        "customers": words.t("Customers"),
        "cac": words.t("CAC"),
        "so_far": words.t("Brought so far"),
        "value": words.t("LTV, {n} months", n=reading.horizon),
        "ratio": words.t("LTV:CAC"),
        "payback": words.t("Payback"),
    }
    formats: dict[str, Callable[[Any], str]] = {
        "customers": words.number,
        "cac": money,
        "so_far": money,
        "value": money,
        "ratio": words.multiple,
    }
    show.as_table(rows, titles, formats)
    _reasons([(line.title, line.why) for line in lines if line.cohort is None and line.why is not None])


def _paid_back(found: Payback | None) -> str | None:
    return None if found is None else paying.paid_back(found, spoken())


def _reasons(reasons: Sequence[tuple[str, Note | None]]) -> None:
    """Why lines have no value; lines with one reason are one."""
    words = spoken()
    together: dict[str, list[str]] = {}
    for name, why in reasons:
        together.setdefault(words.note(why) if why else "", []).append(words.t(name))
    for said, names in together.items():
        click.echo(f"  {', '.join(names)}: {said}")


def _triangle(reading: LifetimeReading, since: date | None) -> None:
    """What a customer of each month had brought by each month of life."""
    words = spoken()
    lines = [line for line in reading.cohorts if since is None or line.cohort >= since.replace(day=1)]
    if not lines:
        return
    click.echo("\n" + words.t("Brought per customer by the end of each month of life, {currency}", currency=sign(reading.currency)))
    cells([(line.cohort, line.customers, line.values) for line in lines], lambda value: words.number(value))


def _repeating(reading: LifetimeReading, found: Repeating) -> None:
    words, money = spoken(), _money(reading)
    click.echo("\n" + words.t("Repeat buying (BG/NBD, Gamma-Gamma)"))
    say(found.why)
    if found.why is None:
        say(Note("model", "Customers: {n}, of them with a repeat: {again}.", {"n": found.customers, "again": found.repeaters}))
        values = ", ".join(f"{name} {words.number(value, 4)}" for name, value in found.parameters.items())
        click.echo(words.t("Parameters (in weeks): {values}", values=values))
    if found.repeats is not None:
        text = "A new customer buys again {range} times in {n} months, by two models."
        ends = between(words.number(found.repeats[0], 2), words.number(found.repeats[1], 2))
        click.echo(words.t(text, range=ends, n=reading.horizon))
    if found.value is not None and found.basket is not None:
        text = "A mean repeat order brings {basket}; a new customer {value} in {n} months."
        click.echo(words.t(text, basket=money(found.basket), value=money(found.value), n=reading.horizon))
    if found.tested is not None:
        text = "Back-test on the last third of the history: {foretold} repeats foretold, {actual} came ({ratio})."
        facts = {"foretold": words.number(found.tested.foretold), "actual": words.number(found.tested.actual)}
        click.echo(words.t(text, **facts, ratio=words.multiple(found.tested.ratio)))
    say(found.money_why)


def _staying(reading: LifetimeReading, found: Staying) -> None:
    words = spoken()
    click.echo("\n" + words.t("Staying of subscribers (sBG)"))
    if found.why is not None or found.periods is None:
        return say(found.why)
    values = f"alpha {words.number(found.alpha, 3)}, beta {words.number(found.beta, 3)}"
    click.echo(words.t("Parameters: {values}", values=values))
    still = ", ".join(words.share(found.survival[place], 0) for place in (1, 3, 6, 12))
    click.echo(words.t("Still there after 1, 3, 6 and 12 renewals: {shares}.", shares=still))
    text = "A new subscriber pays for {periods} of {n} months."
    return click.echo(words.t(text, periods=words.number(found.periods, 1), n=reading.horizon))
