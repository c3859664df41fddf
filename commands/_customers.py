"""The base of customers in tables: states, flows, retention, RFM, the funnel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date
from functools import partial
from typing import Any

import click

from commands import show, spoken
from commands._reading import as_data, footnotes, say
from metrics.customers import TITLES, State
from metrics.readings.customers import CustomersReading

SHOWN = 12
"""Months of a triangle that fit beside each other."""
NOT_YET = "·"


def cells(lines: Sequence[tuple[date, float, Sequence[float | None]]], written: Callable[[float], str]) -> None:
    """A triangle: cells that are not yet are a dot, never zero."""
    words = spoken()
    width = min(max(len(values) for _, _, values in lines), SHOWN)
    columns = [str(month) for month in range(1, width + 1)]
    rows = [
        {"cohort": words.month(cohort), "customers": customers}
        | {name: values[place] if place < len(values) else None for place, name in enumerate(columns)}
        for cohort, customers, values in lines
    ]
    titles = {"cohort": words.t("Cohort"), "customers": words.t("Customers")} | {name: name for name in columns}
    formats: dict[str, Callable[[Any], str]] = {"customers": words.number}
    show.as_table(rows, titles, formats | dict.fromkeys(columns, lambda value: NOT_YET if value is None else written(value)))


def tell(reading: CustomersReading, view: str, form: str) -> None:
    """One view of the base, as people or programs want it."""
    if form == "json":
        return show.as_json(as_data(reading))
    if form == "csv":
        rows = _rows(reading, view)
        return show.as_csv(rows, list(rows[0]) if rows else [])
    words = spoken()
    day = words.t("Customers as known on {day}", day=reading.until)
    click.echo(words.period(reading.since, reading.until) if view == "funnel" else day)
    if view == "funnel":
        _funnel(reading)
    elif reading.why is not None and not (view == "rfm" and reading.segments):
        say(reading.why)
    elif view == "rfm":
        _segments(reading)
    else:
        say(reading.headline)
        _states(reading)
        _flows(reading)
        _retention(reading)
    return footnotes(reading.funnel_notes if view == "funnel" else reading.notes)


def _rows(reading: CustomersReading, view: str) -> list[dict[str, Any]]:
    if view == "rfm":
        return [asdict(line) for line in reading.segments]
    if view == "funnel":
        return [{name: getattr(line, name) for name in ("step", "count", "rate", "worth", "weakest")} for line in reading.steps]
    return [asdict(line) for line in reading.flows]


def _states(reading: CustomersReading) -> None:
    words = spoken()
    if reading.gap is not None:
        click.echo(words.t("The usual time between purchases is {gap} days; silence is measured in it.", gap=round(reading.gap)))
    click.echo("")
    rows = [{"title": words.t(line.title), "customers": line.customers, "share": line.share} for line in reading.states]
    titles = {"title": words.t("State"), "customers": words.t("Customers"), "share": words.t("Share")}
    show.as_table(rows, titles, {"customers": words.number, "share": words.share})


def _flows(reading: CustomersReading) -> None:
    """Flows by month: start + new + won back - lost = end."""
    words = spoken()
    if not reading.flows:
        return
    click.echo("")
    rows = [asdict(line) | {"month": words.month(line.until)} for line in reading.flows]
    titles = {
        "month": words.t("Month"),
        "start": words.t("At the start"),
        "new": f"+ {words.t(TITLES[State.NEW])}",
        "reactivated": f"+ {words.t(TITLES[State.REACTIVATED])}",
        "lapsed": f"− {words.t(TITLES[State.CHURNED])}",
        "end": words.t("At the end"),
    }
    show.as_table(rows, titles, dict.fromkeys(("start", "new", "reactivated", "lapsed", "end"), words.number))


def _retention(reading: CustomersReading) -> None:
    words = spoken()
    if not reading.retention:
        return
    click.echo("\n" + words.t("Share of each month's new customers who bought in each month of life; · is not yet"))
    cells([(line.cohort, line.customers, _known(line.shares)) for line in reading.retention], lambda value: words.share(value, 0))


def _known(shares: Sequence[float | None]) -> list[float | None]:
    return [share for share in shares if share is not None]


def _segments(reading: CustomersReading) -> None:
    words = spoken()
    rows = [asdict(line) | {"title": words.t(line.segment)} for line in reading.segments]
    titles = {
        "title": words.t("Segment"),
        "customers": words.t("Customers"),
        "customer_share": words.t("Share"),
        "amount": words.t("Brought in 12 months, {basis}", basis=words.t(reading.basis)),
        "amount_share": words.t("Share of it"),
    }
    formats: dict[str, Callable[[Any], str]] = {
        "customers": words.number,
        "customer_share": words.share,
        "amount": partial(words.money, currency=reading.currency),
        "amount_share": words.share,
    }
    show.as_table(rows, titles, formats)


def _funnel(reading: CustomersReading) -> None:
    words = spoken()
    weakest = [words.t(line.title) for line in reading.steps if line.weakest]
    if weakest:
        click.echo(words.t("A tenth more brings most money at: {steps}.", steps=", ".join(weakest)))
    say(reading.funnel_why)
    click.echo("")
    rows = [
        {
            "title": words.t(line.title),
            "count": line.count,
            "rate": line.rate,
            "worth": line.worth,
            "note": words.note(line.note) if line.note else "",
        }
        for line in reading.steps
    ]
    titles = {
        "title": words.t("Step"),
        "count": words.t("Pass it"),
        "rate": words.t("Of the step before"),
        "worth": words.t("A tenth more adds, {basis}", basis=words.t(reading.basis)),
    } | ({"note": ""} if any(row["note"] for row in rows) else {})
    show.as_table(
        rows,
        titles,
        {"count": words.number, "rate": partial(words.share, digits=2), "worth": partial(words.money, currency=reading.currency)},
    )
