"""`ask`: a question to the loaded data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from commands import _answered, show, spoken
from data.coverage import gives_channels, range_loaded
from data.desk import campaigns
from data.door import workspace
from data.errors import CannotAnswer
from data.text import Words, languages, words
from data.warehouse import Warehouse
from data.workspace import Client
from metrics import MEASURES, METRICS, Query, Result, Settings, ask
from metrics.channels import GROUPINGS, titles

_DAY = click.DateTime(["%Y-%m-%d"])


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


@click.command(name="ask")
@click.option("--client", required=True, help="Short name of the client.")
@click.option("--metrics", required=True, help="Metrics, by comma: visits,users,spend,cpa… An unknown one lists all.")
@click.option("--by", default="", help="Breakdowns, by comma: day, week, month, fiscal_month, channel, campaign, device, city…")
@click.option("--since", type=_DAY, help="First day. [default: the first loaded]")
@click.option("--until", type=_DAY, help="Last day. [default: the last loaded]")
@click.option("--compare", default="", help="Set against: previous, weekdays, year, or days of your own as 2026-01-01/2026-01-31.")
@click.option("--to-date", is_flag=True, help="Leave out days at the end that are not loaded yet, and compare with as many days.")
@click.option("--only", multiple=True, help="Filter, dimension=value, several values by |. May be repeated.")
@click.option("--counter", default="", help="Whose visits count. [default: the counter with visits and most days]")
@click.option("--attribution", default="", help="Attribution model. [default: the best that the counter has recorded]")
@click.option("--goals", default="", help="Goals that count as conversions, by comma. [default: the client's key goals, else all]")
@click.option("--grouping", type=click.Choice(GROUPINGS), help="Which channel rules. [default: agency; google where the source gives them]")
@click.option("--top", type=click.IntRange(min=0), default=0, help="Only the first N rows; the rest becomes one row.")
@click.option("--view", type=click.Choice(["cash", "cohort"]), default="cash", help="Cohort dates orders by their customer's first one.")
@click.option("--within", type=click.IntRange(min=0), default=0, help="In the cohort view: only orders of so many days after the first.")
@click.option("--receipt", is_flag=True, help="Print where the totals come from: formulas with values, filters, files and times, version.")
@click.option("--sql", is_flag=True, help="Print the queries behind the answer instead of it.")
@show.format_option
def command(
    client: str, metrics: str, by: str, only: tuple[str, ...], form: str, receipt: bool, sql: bool, **asked: Any
) -> None:
    """Answer a question: metrics, by what, for which days, set against what.

    \b
    python vitrina.py ask --client tea-hedgehog --metrics spend,visits,conversions,cpa --by channel --compare previous
    python vitrina.py ask --client tea-hedgehog --metrics visits,users --by month --only device=phone
    """
    known = workspace().client(client)
    store = workspace().store(known).pinned()
    query = _query(known, store, _words(metrics), _words(by), only, asked)
    settings = Settings.of(known.currency, known.facts, store.version()).matching(campaigns.of(workspace(), known.slug))
    result = ask(query, store.run, settings)
    if sql:
        return click.echo(";\n\n".join(result.receipt.sql))
    if form == "json":
        origin = {"receipt": result.receipt.as_dict()} if receipt else {}
        return show.as_json(result.as_dict() | {"rows": _rows(result, words("en"))} | origin)
    if form == "csv":
        rows = _rows(result, words("en"))
        return show.as_csv(rows, list(rows[0]) if rows else [*query.by, *query.metrics])
    _answered.table(result, _rows(result, spoken()), spoken())
    return _answered.receipt(result, spoken()) if receipt else None


def _query(
    client: Client, store: Warehouse, metrics: tuple[str, ...], by: tuple[str, ...], only: tuple[str, ...], asked: Mapping[str, Any]
) -> Query:
    tables = {gives.table for key in metrics if key in METRICS for measure in METRICS[key].measures for gives in MEASURES[measure].gives}
    grouping = asked["grouping"] or ("google" if gives_channels(store, asked["counter"]) else "agency")
    loaded = range_loaded(store, tables - {"spend"}, asked["counter"]) or range_loaded(store)
    if loaded is None:
        raise CannotAnswer(
            "Nothing is loaded for {client} yet.", "", "Load its files: python vitrina.py load --client {client} FILE…", client=client.slug
        )
    since = asked["since"].date() if asked["since"] else loaded[0]
    until = asked["until"].date() if asked["until"] else max(loaded[1], since)
    return Query(
        metrics=metrics,
        since=since,
        until=until,
        by=by,
        compare=asked["compare"],
        only=tuple(_filter(one, grouping) for one in only),
        counter=asked["counter"],
        attribution=asked["attribution"],
        goals=_words(asked["goals"]) or tuple(client.facts.get("key_goals", ())),
        grouping=grouping,
        top=asked["top"],
        to_date=asked["to_date"],
        view="" if asked["view"] == "cash" else asked["view"],
        within=asked["within"],
    )


def _filter(text: str, grouping: str) -> tuple[str, tuple[str, ...]]:
    dimension, equals, values = text.partition("=")
    if not equals:
        raise CannotAnswer("A filter is written dimension=value: {text}", "--only", "For example: --only device=phone", text=text)
    return dimension.strip(), tuple(_key(dimension.strip(), value.strip(), grouping) for value in values.split("|"))


def _key(dimension: str, value: str, grouping: str) -> str:
    """A channel may be named by its title, in any language."""
    if dimension != "channel":
        return value
    named = {words(language).t(title).lower(): key for key, title in titles(grouping).items() for language in languages()}
    return named.get(value.lower(), value)


def _rows(result: Result, say: Words) -> list[dict[str, Any]]:
    """Rows with titles where keys are not their own; the key then stands beside as `<dimension>_id`."""
    rows = []
    for row in result.rows():
        titled: dict[str, Any] = {}
        for name, value in row.items():
            named = name in result.query.by and name in result.titles
            titled[name] = say.t(result.title(name, value)) if named else value
            if named and titled[name] != value:
                titled[f"{name}_id"] = value
        rows.append(titled)
    return rows
