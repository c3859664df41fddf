"""How an answer is printed for people: rows with their changes in words, the total, what has to be known, and the receipt."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import click

from commands import show
from data.tables import ATTRIBUTIONS
from data.text import Words
from metrics import DIMENSIONS, METRICS, Result
from metrics.rows import Metric
from metrics.stats import Verdict


def table(result: Result, rows: Sequence[Mapping[str, Any]], say: Words) -> None:
    """Print an answer. `rows` are its rows with titles in place of keys."""
    query, compared = result.query, result.before is not None
    columns = {key: say.t(DIMENSIONS[key].title) for key in query.by}
    formats: dict[str, Callable[[Any], str]] = {}
    for key in query.metrics:
        columns[key] = say.t(METRICS[key].title)
        formats[key] = written(key, result.currency, say)
        if compared:
            columns[f"{key}__change"] = "±"
            formats[f"{key}__change"] = str
    sums = result.frame.to_dict("records") if compared else [{}] * len(rows)
    body = [{**row, **_changes(result, row, found, say)} for row, found in zip(rows, sums, strict=True)]
    last = _total(result, say)
    click.echo(say.period(query.since, query.until))
    if result.compared:
        click.echo(say.t("compared with {period}", period=say.period(*result.compared)))
    show.as_table(body if query.by else [last], columns, formats, last if query.by else None)
    for note in result.notes:
        click.echo(f"· {say.note(note)}")


def _changes(result: Result, row: Mapping[str, Any], sums: Mapping[Any, Any], say: Words) -> dict[str, str]:
    """The changes of a row, each with its word."""
    if result.before is None:
        return {}
    metrics = result.query.metrics
    return {f"{key}__change": changed(METRICS[key], row.get(f"{key}__change"), result.verdict(key, sums), say) for key in metrics}


def _total(result: Result, say: Words) -> dict[str, Any]:
    first = {result.query.by[0]: say.t("Total")} if result.query.by else {}
    if result.change is None:
        return {**first, **result.total}
    moved = {
        f"{key}__change": changed(METRICS[key], result.change[key], result.verdict(key), say) for key in result.query.metrics
    }
    return {**first, **result.total, **moved}


def receipt(result: Result, say: Words) -> None:
    """Print where the totals come from."""
    kept = result.receipt
    click.echo("")
    for line in kept.lines:
        click.echo(f"{say.t(METRICS[line.metric].title)}: {line}")
    model = next((say.t(one.title) for one in ATTRIBUTIONS if one.key == kept.attribution), "")
    facts = {
        "Filters": "; ".join(f"{say.t(DIMENSIONS[key].title)}: {', '.join(values)}" for key, values in kept.filters),
        "Accounts": "; ".join(f"{say.t(name)}: {', '.join(accounts)}" for name, accounts in kept.accounts.items()),
        "Attribution": model,
        "Channel rules": kept.rules,
        "Money": f"{kept.currency}, {say.t('with VAT' if kept.vat == 'gross' else 'net of VAT')}",
        "Store version": str(kept.version),
    }
    for name, value in facts.items():
        if value:
            click.echo(f"{say.t(name)}: {value}")
    # A log fills several tables; it is one file all the same.
    files = (f"{load.origin}, {say.period(load.since, load.until)}, {load.loaded_at:%Y-%m-%d %H:%M} UTC" for load in kept.loads)
    for text in dict.fromkeys(files):
        click.echo(f"{say.t('From file')}: {text}")


def written(metric: str, currency: str, say: Words) -> Callable[[Any], str]:
    """How values of a metric are written."""
    ways: dict[str, Callable[[Any], str]] = {
        "count": say.number,
        "money": partial(say.money, currency=currency),
        "share": say.share,
        "multiple": say.multiple,
        "seconds": say.seconds,
    }
    return ways.get(METRICS[metric].unit, partial(say.number, digits=2))


def changed(metric: Metric, value: float | None, verdict: Verdict | None, say: Words) -> str:
    """A change, points for shares and percent for the rest, and whether it is more than chance."""
    word = f" {say.t(str(verdict.word))}" if verdict else ""
    if value is None or value != value:
        return word.strip() or say.share(None)
    sign = "+" if value > 0 else ""
    amount = f"{sign}{say.number(value * 100, 1)} {say.t('pp')}" if metric.unit == "share" else f"{sign}{say.share(value)}"
    return amount + word


