"""`pace`: where the month will end."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from commands import _asked as asked
from commands import show, spoken
from data.desk import plans
from data.errors import CannotAnswer
from data.text import DASH, Words
from metrics import METRICS
from metrics.readings import pace
from metrics.readings.pace import Line, PaceReading
from metrics.readings.subject import main_metrics, plain
from metrics.registry import of_money
from metrics.sentences.forms import figure, likely, signed
from metrics.sentences.pace import a_day, name, sentence, sentences

_COLUMNS = (
    "metric",
    "channel",
    "plan",
    "fact",
    "to_date",
    "index",
    "gap",
    "gap_money",
    "expected",
    "low",
    "high",
    "chance",
    "required",
    "running",
    "outlook",
    "runs_out",
    "remains",
)


@click.command(name="pace")
@asked.client_options
@click.option("--month", default="", help="Which month, as 2026-03. [default: that of the last day]")
@click.option("--metric", default="", help="Only these figures, by comma. [default: those with a target, and the main ones]")
@click.option("--channel", default="", help="Only targets of this channel.")
@show.format_option
def command(month: str, metric: str, channel: str, form: str, **chosen: Any) -> None:
    """Where the month will end: plan and budget against fact, the chance to keep them, and what a day must bring.

    \b
    python vitrina.py pace --client tea-hedgehog
    python vitrina.py pace --client tea-hedgehog --until 2026-11-10 --metric revenue,spend
    """
    about = asked.About.of(chosen)
    metrics = tuple(asked.known_metric(word.strip()) for word in metric.split(",") if word.strip())
    if any(of_money(key) for key in metrics):
        about.settings.need_money()
    day = about.last(metrics or main_metrics(about.subject))
    first = _month(month) if month else day.replace(day=1)
    targets = [one for one in plans.of(about.workspace, about.client.slug, first, first) if not channel or one.channel == channel]
    targets = [one for one in targets if about.settings.money or (one.metric in METRICS and not of_money(one.metric))]
    if channel and not targets:
        raise CannotAnswer(
            "No target of {channel} is set for this month.",
            "--channel",
            "Set one on the page “Plan”, or leave the channel out.",
            channel=channel,
        )
    reading = pace.read(about.run, about.settings, about.subject, first, day, targets, metrics)
    if form == "json":
        return show.as_json(plain(reading) | {"summary": sentences(reading, spoken())})
    if form == "csv":
        return show.as_csv([{column: getattr(line, column) for column in _COLUMNS} for line in reading.lines], _COLUMNS)
    return _table(reading, spoken(), hidden=not about.settings.money)


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise CannotAnswer("{value} is not a month.", "--month", "Write it as 2026-03.", value=text) from error


def _table(reading: PaceReading, say: Words, hidden: bool) -> None:
    last = say.day(reading.day) if reading.day else DASH
    click.echo(
        say.t(
            "{month}, loaded up to {day}; {share} of the month by the client's own days",
            month=say.month(reading.month),
            day=last,
            share=say.share(reading.share, 0),
        )
    )
    for line in [line for line in reading.lines if line.plan is not None]:
        click.echo(sentence(line, reading, say))
    click.echo("")
    titles = {
        "what": say.t("Figure"),
        "plan": say.t("Plan"),
        "fact": say.t("Fact"),
        "to_date": say.t("Plan to date"),
        "index": say.t("Pace"),
        "gap_money": say.t("Gap in money"),
        "expected": say.t("By the end"),
        "band": say.t("80 % band"),
        "chance": say.t("Chance"),
        "required": say.t("Needed a day"),
        "outlook": "",
    }
    if not any(line.plan is not None for line in reading.lines):
        titles = {key: title for key, title in titles.items() if key in ("what", "fact", "expected", "band")}
    show.as_table(
        [_row(line, reading, say) for line in reading.lines],
        titles,
        dict.fromkeys(list(titles)[1:-1] if "outlook" in titles else list(titles)[1:], str),
    )
    asked.notes([line.note for line in reading.lines if line.note], reading.notes, say)
    if hidden:
        click.echo(say.t("Money is not shown to you."))


def _row(line: Line, reading: PaceReading, say: Words) -> dict[str, str]:
    """A line as it is printed."""
    numbers = {key: figure(getattr(line, key), line.unit, reading.currency, say) for key in ("plan", "fact", "to_date", "expected")}
    numbers["required"] = a_day(line, line.required, reading, say) if line.required and line.required > 0 else DASH
    band = (
        DASH
        if line.low is None
        else f"{figure(line.low, line.unit, reading.currency, say)} … {figure(line.high, line.unit, reading.currency, say)}"
    )
    return {
        "what": name(line, say),
        **numbers,
        "band": band,
        "index": say.share(line.index, 0),
        "gap_money": DASH if line.gap_money is None else signed(line.gap_money, "money", reading.currency, say),
        "chance": DASH if line.chance is None else likely(line.chance, say),
        "outlook": _outlook(line, reading, say),
    }


def _outlook(line: Line, reading: PaceReading, say: Words) -> str:
    if line.plan is None:
        return say.t("no plan")
    if not line.budget:
        return say.t(line.outlook) if line.outlook else ""
    if line.runs_out and reading.day and line.runs_out <= reading.day:
        return say.t("spent by {day}", day=line.runs_out)
    if line.runs_out and line.runs_out < reading.until:
        return say.t("lasts until {day}", day=line.runs_out)
    return say.t("left over {amount}", amount=signed(line.remains, line.unit, reading.currency, say).removeprefix("+"))
