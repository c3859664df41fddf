"""`stage`: where products stand in their life cycle, what to do there, and the manager's own word on it."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

import click

from commands import show, spoken
from commands._reading import DAY, Opened, as_data, client_option, counter_option, footnotes, grouping_option, opened, period, say
from data import clock
from data.desk import marks, overrules
from data.desk.overrules import Overrule
from data.door import workspace
from data.text import languages, words
from metrics.product_stage import Override
from metrics.readings import stage
from metrics.readings.demand import product
from metrics.readings.stage import Asked, Month, StageView
from metrics.registry import METRICS
from metrics.stages.stage_filter import STAGES

HISTORY = 12
"""Months of history printed for one product."""


@click.command(name="stage")
@client_option
@click.option(
    "--product", default="", help="One product: its name, or a goal that is the demand for it. [default: the client and all products]"
)
@click.option("--until", type=DAY, help="The day as of which the stage is read. [default: the last loaded day]")
@click.option(
    "--since", type=DAY, help="First month of the history shown, or the day from which --overrule holds. [default: a year; today]"
)
@click.option("--band", type=click.FloatRange(0.001, 0.2), help="Change per month that still counts as flat. [default: 0.01]")
@click.option("--overrule", default="", help="Set the stage by hand: introduction, growth, maturity or decline. Needs --reason.")
@click.option("--reason", default="", help="What the figures cannot know.")
@click.option("--withdraw", is_flag=True, help="Take back the stage that was set by hand.")
@counter_option
@grouping_option
@show.format_option
def command(
    client: str,
    since: datetime | None,
    until: datetime | None,
    overrule: str,
    reason: str,
    withdraw: bool,
    form: str,
    **chosen: Any,
) -> None:
    """Read the stage of the life cycle: introduction, growth, maturity or decline, with its probability and what works in it.

    \b
    python vitrina.py stage --client tea-hedgehog
    python vitrina.py stage --client tea-hedgehog --product 310445014
    python vitrina.py stage --client tea-hedgehog --product 310445014 --overrule maturity --reason "Out of stock since May"
    """
    found = opened(client)
    subject = product(found.client.facts, chosen["product"]).key if chosen["product"] else ""
    if overrule:
        _set(found, subject, overrule, reason, since)
    if withdraw:
        overrules.withdraw(workspace(), client, subject)
    _, last, _ = period(found, ("orders", "conversions", "traffic"), None, until, 1)
    day = until.date() if until else clock.today(found.client.timezone)
    views = _views(found, last, day, Asked(chosen["band"], chosen["grouping"], chosen["counter"]), chosen["product"])
    if form == "json":
        return show.as_json(as_data(views[0] if chosen["product"] else views))
    if form == "csv":
        rows = [_flat(view) for view in views]
        return show.as_csv(rows, list(rows[0]))
    return _tell(views, found, since.date() if since and not overrule else None, bool(chosen["product"]))


def _set(found: Opened, subject: str, named: str, reason: str, since: datetime | None) -> None:
    """Keep a stage set by hand. Raises CannotAnswer for a stage there is not, or without a reason."""
    known = {words(language).t(one).casefold(): one for language in languages() for one in STAGES}
    on = since.date() if since else clock.today(found.client.timezone)
    checked = Override(known.get(named.casefold(), named), reason, "", on)
    overrules.put(workspace(), found.client.slug, Overrule(subject, checked.stage, checked.reason, on), os.environ.get("USER", ""))


def _views(found: Opened, last: date, day: date, asked: Asked, wanted: str) -> tuple[StageView, ...]:
    """The readings as of the last day, with what the manager had set by hand on `day`."""
    slug, facts = found.client.slug, found.client.facts
    known = marks.of(workspace(), slug)
    by_hand = [one for one in overrules.of(workspace(), slug) if one.since <= day]
    if wanted:
        return (stage.read(found.store.run, found.settings, facts, last, asked, wanted, known, by_hand),)
    return stage.read_all(found.store.run, found.settings, facts, last, asked, known, by_hand)


def _flat(view: StageView) -> dict[str, Any]:
    """One row per product."""
    return {
        "product": view.key,
        "title": view.name.en,
        "stage": view.stage,
        "shown": view.shown,
        **{f"p_{one}": view.chances.get(one) for one in STAGES},
        "months_in_stage": view.time_in_stage.mid if view.time_in_stage else None,
        **{f"p_decline_{ahead}m": chance for ahead, chance in (view.decline_within or {}).items()},
        "alert": view.alert,
        "reason": words("en").note(view.why) if view.why else "",
        "set_by_hand": view.by_hand.reason if view.by_hand else "",
    }


# ------------------------------------------------------------------------------------------------------------------ for people


def _tell(views: Sequence[StageView], found: Opened, since: date | None, one: bool) -> None:
    t = spoken().t
    click.echo(t("Life cycle as known on {day}", day=views[0].until))
    if not one:
        _table(views)
        if len(views) == 1 and not found.client.facts.get("products"):
            click.echo(t("No products are set for this client. Name a goal to read one: --product GOAL."))
    view = views[0]
    click.echo(
        "\n" + t("{name}, by {what}", name=view.name.text(spoken().language), what=t("orders" if view.what == "orders" else "goal reaches"))
    )
    say(*view.lines)
    if view.second is not None:
        click.echo(t("Second opinion, visits from search: {said}", said=spoken().note(view.second)))
    if view.decline_within:
        parts = ", ".join(
            t("{n} months: {share}", n=ahead, share=spoken().share(chance, 0)) for ahead, chance in view.decline_within.items()
        )
        click.echo(t("Chance of decline within {parts}", parts=parts))
    _signals(view)
    _advice(view)
    if one:
        _history(view, since)
    footnotes(view.notes)


def _table(views: Sequence[StageView]) -> None:
    say_, t = spoken(), spoken().t
    rows = [
        {
            "name": view.name.text(say_.language),
            "stage": t(view.shown or "not clear"),
            "chance": _chance(view),
            "months": _months(view),
            "slope": view.evidence.slope.mid if view.evidence else None,
            "decline": (view.decline_within or {}).get(6),
            "alert": t(view.alert) if view.alert else "",
        }
        for view in views
    ]
    titles = {
        "name": t("Product"),
        "stage": t("Stage"),
        "chance": t("Probability"),
        "months": t("Months in it"),
        "slope": t("Trend a month"),
        "decline": t("Decline within 6 months"),
    } | ({"alert": t("Alarm")} if any(view.alert for view in views) else {})
    formats: dict[str, Callable[[Any], str]] = {"chance": str, "slope": say_.share, "decline": partial(say_.share, digits=0)}
    show.as_table(rows, titles, formats)


def _chance(view: StageView) -> str:
    """The probability of the stage; a stage set by hand has none."""
    if view.by_hand is not None:
        return spoken().t("set by hand")
    return spoken().share(view.chances[view.stage], 0) if view.stage else spoken().share(None)


def _months(view: StageView) -> str | None:
    if view.time_in_stage is None or view.by_hand is not None:
        return None
    span = view.time_in_stage
    ends = f"{round(span.mid)} ({round(span.low)}–{round(span.high)})"
    return f"≥ {ends}" if span.at_least else ends


def _signals(view: StageView) -> None:
    t = spoken().t
    if view.signals:
        click.echo("\n" + t("Early signs of decline"))
    for one in view.signals:
        mark = {"warns": "!", "quiet": "✓", "unknown": "?"}[one.state]
        click.echo(f"  {mark} {spoken().note(one.note)}")


def _advice(view: StageView) -> None:
    """The playbook of the stage, by group of channels."""
    language, t = spoken().language, spoken().t
    if view.play is None:
        return
    aim = t("What to do: {aim}", aim=view.play.aim.text(language))
    click.echo(f"\n{aim}")
    click.echo(t("Leading indicator: {kpi}", kpi=view.play.kpi.text(language)))
    names = ", ".join(t(METRICS[key].title) for key in view.play.metrics if key in METRICS)
    click.echo(t("Look at: {metrics}", metrics=names))
    for one in view.advice:
        click.echo(f"  {one.title.text(language)}: {one.text.text(language)}")


def _left_out(month: Month) -> str:
    return spoken().t("left out") if month.masked else ""


def _history(view: StageView, since: date | None) -> None:
    """The last months: demand, and what was known of the stage then."""
    say_, t = spoken(), spoken().t
    months = [month for month in view.history if since is None or month.month >= since.replace(day=1)]
    rows = [
        {
            "month": say_.month(month.month),
            "demand": month.demand,
            "adjusted": month.adjusted,
            **(month.chances or {}),
            "masked": _left_out(month),
        }
        for month in (months if since else months[-HISTORY:])
    ]
    if not rows:
        return
    click.echo("")
    titles = {"month": t("Month"), "demand": t("Demand"), "adjusted": t("Free of season"), **{one: t(one) for one in STAGES}}
    titles |= {"masked": ""} if any(row["masked"] for row in rows) else {}
    formats: dict[str, Callable[[Any], str]] = {"demand": say_.number, "adjusted": say_.number}
    show.as_table(rows, titles, formats | dict.fromkeys(STAGES, partial(say_.share, digits=0)))
