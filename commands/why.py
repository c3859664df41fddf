"""`why`: why a figure moved."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import click

from commands import _asked as asked
from commands import show, spoken
from metrics.readings import why
from metrics.readings.parts import CAUSES as ORDER
from metrics.readings.parts import Part
from metrics.readings.subject import plain
from metrics.readings.why import WhyReading
from metrics.sentences.forms import figure, signed
from metrics.sentences.why import CAUSES, sentences


@click.command(name="why")
@asked.client_options
@click.option(
    "--metric", default="", help="Which figure: visits, conversions, revenue, spend, cpa, cr, drr, romi… [default: by the client's model]"
)
@click.option("--by", default="channel,campaign", show_default=True, help="One or two breakdowns, the second within the first.")
@click.option("--compare", default="previous", show_default=True, help="previous, weekdays, year, or two days: 2026-01-01/2026-01-31.")
@click.option("--top", type=click.IntRange(min=1), default=10, show_default=True, help="Parts that are shown; the rest becomes one row.")
@show.format_option
def command(metric: str, by: str, compare: str, top: int, form: str, **chosen: Any) -> None:
    """Why a figure moved: the change taken apart by channel and campaign, to the last kopeck.

    \b
    python vitrina.py why --client tea-hedgehog --metric drr --compare year
    python vitrina.py why --client tea-hedgehog --metric revenue --by device
    """
    about = asked.About.of(chosen)
    key = metric or {"shop": "revenue", "subscription": "revenue"}.get(about.subject.model, "conversions")
    since, until = about.period((asked.known_metric(key),))
    levels = [word.strip() for word in by.split(",") if word.strip()]
    reading = why.read(about.run, about.settings, about.subject, key, since, until, compare, levels)
    if form == "json":
        return show.as_json(plain(reading) | {"summary": sentences(reading, spoken())})
    rows = _rows(reading.parts, reading)
    if form == "csv":
        return show.as_csv(rows, list(rows[0]) if rows else ["segment", "part"])
    return _table(reading, rows, top, about)


def _rows(parts: tuple[Part, ...], reading: WhyReading, above: str = "") -> list[dict[str, Any]]:
    """A row per part, each followed by what is inside it."""
    rows = []
    for part in parts:
        causes = {key: next((cause.printed for cause in part.causes if cause.key == key), 0.0) for key in ORDER}
        rows.append(
            {
                "segment": part.title,
                "within": above,
                "key": part.key,
                "before": part.before,
                "after": part.after,
                "part": part.printed,
                "low": part.low,
                "high": part.high,
                "beyond_noise": part.real,
                **{name.replace(" ", "_"): value for name, value in causes.items()},
            }
        )
        rows += _rows(part.children, reading, part.title)
    return rows


def _table(reading: WhyReading, rows: list[dict[str, Any]], top: int, about: asked.About) -> None:
    say = spoken()
    click.echo(
        f"{say.period(reading.since, reading.until)} / {say.period(reading.compared_since, reading.compared_until)}{about.said(say)}"
    )
    click.echo(sentences(reading, say))
    if reading.parts:
        click.echo("")
        heads = [row for row in rows if not row["within"]]
        shown = [row for row in _inside(rows, {row["segment"] for row in heads[:top]})]
        if len(heads) > top:
            shown.append(_rest(heads[top:], say.t("all others")))
        for row in shown:
            row["segment"] = ("  " if row["within"] else "") + say.t(row["segment"])
            row["beyond_noise"] = say.t("beyond noise" if row["beyond_noise"] else "") if not row["within"] else ""
        there = [cause.key for cause in reading.causes]
        money = partial(signed, unit=reading.unit, currency=reading.currency, say=say, digits=reading.digits)
        own = partial(figure, unit=reading.unit, currency=reading.currency, say=say)
        titles = {"segment": say.t("Segment"), "before": say.t("Before"), "after": say.t("Now"), "part": say.t("Part of the change")}
        titles |= {key.replace(" ", "_"): say.t(CAUSES[key]) for key in there} if len(there) > 1 else {}
        formats: dict[str, Callable[[Any], str]] = {
            "before": own,
            "after": own,
            "part": money,
            **{key.replace(" ", "_"): lambda amount: money(amount) if amount else "" for key in there},
        }
        last = {
            "segment": say.t("Total"),
            "before": reading.before,
            "after": reading.after,
            "part": sum(row["part"] for row in rows if not row["within"]),
        }
        last |= {cause.key.replace(" ", "_"): cause.printed for cause in reading.causes} | {"beyond_noise": say.t(reading.word)}
        show.as_table(shown, titles | {"beyond_noise": ""}, formats, last)
    asked.notes((reading.note,) if reading.note and not reading.parts else (), reading.notes, say)


def _inside(rows: list[dict[str, Any]], heads: set[str]) -> list[dict[str, Any]]:
    """Rows of the shown segments; what is inside one is left out where it is all one thing, and where it rounds to nothing."""
    lone = {row["within"] for row in rows if row["within"] and sum(other["within"] == row["within"] for other in rows) == 1}
    return [row for row in rows if (row["segment"] in heads and not row["within"]) or (row["within"] in heads - lone and row["part"])]


def _rest(rows: list[dict[str, Any]], title: str) -> dict[str, Any]:
    sums = {name: sum(row[name] for row in rows) for name in ("part", *(key.replace(" ", "_") for key in ORDER))}
    return {"segment": title, "within": "", "before": None, "after": None, "beyond_noise": False, **sums}
