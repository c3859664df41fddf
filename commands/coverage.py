"""`coverage`: what is loaded for a client, by source and days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import click

from commands import show, spoken
from data.coverage import Span, runs, spans
from data.door import workspace


@click.command(name="coverage")
@click.option("--client", required=True, help="Short name of the client.")
@show.format_option
def command(client: str, form: str) -> None:
    """Show what is loaded: which table of which account, from when to when, from which file."""
    store = workspace().store(workspace().client(client))
    found = spans(store)
    rows = [asdict(span) for span in found]
    if form == "json":
        return show.as_json(rows)
    if form == "csv":
        return show.as_csv(rows, list(Span.__dataclass_fields__))
    t = spoken().t
    if not rows:
        return click.echo(t("Nothing is loaded yet. Load files with `load --client {client} FILE…`.", client=client))
    titles = {
        "account": t("Account"),
        "table": t("Table"),
        "attribution": t("Attribution"),
        "since": t("From"),
        "until": t("To"),
        "days": t("Days"),
        "empty": t("Empty days"),
        "rows": t("Rows"),
        "origin": t("From file"),
        "state": "",
    }
    return show.as_table([_run(run) for run in runs(found)], titles, dict.fromkeys(("days", "empty", "rows"), spoken().number))


def _run(run: Sequence[Span]) -> dict[str, Any]:
    """Neighbouring spans of one file in one line."""
    first, last = run[0], run[-1]
    said = {"whole": "one period that cannot be split", "provisional": "may still change"}
    return asdict(first) | {
        "until": last.until,
        "days": (last.until - first.since).days + 1,
        "empty": sum((span.until - span.since).days + 1 for span in run if span.state == "zero"),
        "rows": sum(span.rows for span in run),
        "origin": first.origin.split(" + ")[0] + (" …" if " + " in first.origin else ""),
        "state": ", ".join(dict.fromkeys(spoken().t(said[span.state]) for span in run if span.state in said)),
    }
