"""`unusual`: what stands out lately."""

from __future__ import annotations

from typing import Any

import click

from commands import _asked as asked
from commands import show, spoken
from data.desk import marks
from data.text import DASH, Words
from metrics.readings import unusual
from metrics.readings.stretches import Finding
from metrics.readings.subject import main_metrics, plain
from metrics.readings.unusual import UnusualReading
from metrics.sentences.forms import counted, figure, signed
from metrics.sentences.unusual import sentence, sentences

_COLUMNS = (
    "state",
    "grain",
    "channel",
    "metric",
    "since",
    "until",
    "value",
    "expected",
    "effect",
    "money",
    "z",
    "chance",
    "shift",
    "holds",
)


@click.command(name="unusual")
@asked.client_options
@click.option("--weeks", type=click.IntRange(1, 104), help="How many whole weeks to look back. [default: 12, or those since the first day]")
@click.option("--metric", default="", help="Only these figures, by comma. [default: the main ones of the client's model]")
@click.option("--by", default="channel", show_default=True, help="Breakdown whose parts are watched beside the total.")
@click.option("--floor", type=click.FloatRange(min=0), help="Money below which nothing is an alert. [default: 1 % of a week]")
@show.format_option
def command(weeks: int | None, metric: str, by: str, floor: float | None, form: str, **chosen: Any) -> None:
    """What is unusual: weeks and days unlike the client's others, holidays and marks taken into account, dearest first.

    \b
    python vitrina.py unusual --client polar-contour
    python vitrina.py unusual --client polar-contour --until 2026-07-19 --weeks 4
    """
    about = asked.About.of(chosen)
    metrics = tuple(asked.known_metric(word.strip()) for word in metric.split(",") if word.strip())
    until = about.last(metrics or main_metrics(about.subject))
    back = weeks or (max(1, ((until - about.since).days + 1) // 7) if about.since else unusual.WEEKS)
    reading = unusual.read(
        about.run, about.settings, about.subject, until, back, metrics, by, marks.of(about.workspace, about.client.slug, until=until), floor
    )
    if form == "json":
        return show.as_json(plain(reading) | {"summary": sentences(reading, spoken())})
    if form == "csv":
        return show.as_csv([{column: getattr(one, column) for column in _COLUMNS} for one in reading.findings], _COLUMNS)
    return _table(reading, spoken(), hidden=not about.settings.money)


def _table(reading: UnusualReading, say: Words, hidden: bool) -> None:
    watched, thin = (counted(number, "series", "series", say) for number in (reading.judged, reading.thin))
    floor = DASH if hidden else say.money(reading.floor, reading.currency)
    text = "{days} · {series} watched, {thin} too thin to judge, alerts from {floor} on"
    click.echo(say.t(text, days=say.period(reading.since, reading.until), series=watched, thin=thin, floor=floor))
    if not reading.findings or reading.note:
        click.echo(sentences(reading, say))
    for one in reading.findings:
        click.echo(f"{say.t(one.state):<8} {sentence(one, reading, say)}")
    if reading.findings:
        click.echo("")
        _figures(reading, say)
    asked.notes((), reading.notes, say)
    if hidden:
        click.echo(say.t("Money is not shown to you."))


def _figures(reading: UnusualReading, say: Words) -> None:
    titles = {
        "channel": say.t("Where"),
        "metric": say.t("Figure"),
        "days": say.t("When"),
        "value": say.t("Fact"),
        "expected": say.t("Usual"),
        "effect": "±",
        "money": say.t("Money"),
        "state": "",
    }
    show.as_table(
        [_row(one, reading, say) for one in reading.findings], titles, dict.fromkeys(("value", "expected", "effect", "money"), str)
    )


def _row(one: Finding, reading: UnusualReading, say: Words) -> dict[str, str]:
    value, expected = (figure(number, one.unit, reading.currency, say) for number in (one.value, one.expected))
    effect = "" if one.effect is None else f"{'+' if one.effect > 0 else ''}{say.share(one.effect, 0)}"
    return {
        "channel": say.t(one.channel_title),
        "metric": say.t(one.title),
        "days": say.period(one.since, one.until),
        "value": value,
        "expected": expected,
        "effect": effect,
        "money": signed(one.money, "money", reading.currency, say),
        "state": say.t(one.state),
    }
