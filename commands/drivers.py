"""`drivers`: what moves the client's money."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import click

from commands import _asked as asked
from commands import show, spoken
from data.desk import marks
from data.errors import CannotAnswer
from data.text import DASH, Words
from metrics.readings import drivers
from metrics.readings.drivers import DriversReading, Reach
from metrics.readings.subject import plain
from metrics.sentences.drivers import sentences
from metrics.sentences.forms import figure, signed

_COLUMNS = ("key", "name", "owner", "now", "low", "high", "goal", "gain", "by_tenth", "elasticity", "periods")


@click.command(name="drivers")
@asked.client_options
@click.option("--month", default="", help="Which full month, as 2026-03. [default: the last full one]")
@click.option("--change", multiple=True, help="What if: driver=share, cr_new=+10%. May be repeated.")
@click.option("--cap", multiple=True, help="Limit of a node in a what-if: orders_new=300. May be repeated.")
@click.option("--no-curves", is_flag=True, help="Leave out the response curves.")
@show.format_option
def command(month: str, change: tuple[str, ...], cap: tuple[str, ...], no_curves: bool, form: str, **chosen: Any) -> None:
    """What moves the money: the business as a tree with live numbers, levers within reach, what-if, and the next rouble.

    \b
    python vitrina.py drivers --client tea-hedgehog
    python vitrina.py drivers --client tea-hedgehog --change cr_new=+10% --cap orders_new=250
    """
    about = asked.About.of(chosen)
    first = _month(month) if month else _last_full(about.last(("spend",)))
    given = {key: float(value) for key, value in (about.client.facts.get("drivers") or {}).items()}
    reading = drivers.read(
        about.run,
        about.settings,
        about.subject,
        first,
        given,
        {key: value for key, value in map(_pair, change)},
        {key: value for key, value in map(_pair, cap)},
        marks.of(about.workspace, about.client.slug),
        not no_curves,
    )
    if form == "json":
        return show.as_json(plain(reading) | {"summary": sentences(reading, spoken())})
    if form == "csv":
        return show.as_csv([{column: getattr(one, column) for column in _COLUMNS} for one in reading.levers], _COLUMNS)
    return _print(reading, spoken())


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise CannotAnswer("{value} is not a month.", "--month", "Write it as 2026-03.", value=text) from error


def _last_full(day: date) -> date:
    """First day of the last month that is over."""
    tomorrow = day + timedelta(days=1)
    return (tomorrow.replace(day=1) - timedelta(days=1)).replace(day=1)


def _pair(text: str) -> tuple[str, float]:
    key, _, said = text.partition("=")
    try:
        number = float(said.strip().rstrip("%").replace(",", "."))
    except ValueError as error:
        raise CannotAnswer(
            "A change is written driver=share: {text}", "--change, --cap", "For example: --change cr_new=+10%", text=text
        ) from error
    return key.strip(), number / 100 if said.strip().endswith("%") else number


def _print(reading: DriversReading, say: Words) -> None:
    click.echo(sentences(reading, say))
    click.echo("")
    _tree(reading, say)
    if any(lever.gain is not None for lever in reading.levers):
        click.echo("")
        _levers(reading, say)
    if reading.response:
        click.echo("")
        _response(reading, say)
    asked.notes((), reading.notes, say)


def _tree(reading: DriversReading, say: Words) -> None:
    names = {node.key: say.t(node.name) for node in reading.nodes}
    rows = [
        {
            "name": names[node.key],
            "value": figure(node.value, node.unit, reading.currency, say),
            "before": figure(node.before, node.unit, reading.currency, say),
            "how": " ".join(names.get(word, word) for word in node.formula.split()),
            "owner": say.t(node.owner) if node.owner else "",
        }
        for node in reading.nodes
    ]
    titles = {
        "name": say.t("Figure"),
        "value": say.month(reading.month),
        "before": say.t("A year before"),
        "how": say.t("Made of"),
        "owner": say.t("Who moves it"),
    }
    show.as_table(rows, titles, {"value": str, "before": str})


def _levers(reading: DriversReading, say: Words) -> None:
    titles = {
        "name": say.t("Lever"),
        "now": say.t("Now"),
        "range": say.t("Its own range"),
        "gain": say.t("Within reach"),
        "tenth": "+10 %",
        "what": say.t("By what"),
    }
    show.as_table([_lever(one, reading, say) for one in reading.levers], titles, {"now": str, "range": str, "gain": str, "tenth": str})


def _lever(one: Reach, reading: DriversReading, say: Words) -> dict[str, str]:
    money = {
        key: signed(value, reading.outcome_unit, reading.currency, say) for key, value in (("gain", one.gain), ("tenth", one.by_tenth))
    }
    low, high = (figure(value, one.unit, reading.currency, say) for value in (one.low, one.high))
    return {
        "name": say.t(one.name),
        "now": figure(one.now, one.unit, reading.currency, say),
        "range": f"{low} … {high}" if one.low is not None else DASH,
        **money,
        "what": say.t(one.levers) if one.levers else "",
    }


def _response(reading: DriversReading, say: Words) -> None:
    found = reading.response
    assert found is not None
    click.echo(say.t("Response curves, {basis}; spend by the week", basis=say.t(found.basis)))
    money = found.result == "revenue"
    titles: Mapping[str, str] = {
        "title": say.t("Channel"),
        "spend": say.t("Spend"),
        "next": say.t("The next rouble brings") if money else say.t("The next result costs"),
        "proposed": say.t("Proposed"),
    }
    rows = [
        {
            "title": say.t(one.title),
            "spend": say.money(one.spend, reading.currency),
            "proposed": say.money(one.proposed, reading.currency),
            "next": DASH if not one.marginal else say.money(one.marginal if money else 1 / one.marginal, reading.currency),
        }
        for one in found.channels
    ]
    show.as_table(rows, titles, {"spend": str, "next": str, "proposed": str})
    for check in found.checks:
        if not check.passed:
            click.echo(f"· {say.note(check.said)}")
