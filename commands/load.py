"""`load`: export files into a client's store."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from commands import complain, show, spoken
from connectors import discover, intake
from data.errors import Ask, Problem
from data.loading import Loaded, Progress
from data.tables import Batch
from data.workspace import Client, workspace


@click.command(name="load")
@click.option("--client", required=True, help="Short name of the client.")
@click.option("--account", default="", help="Counter, property or ad account, where the file does not say.")
@click.option("--source", default="", help=f"Read the files as this source: {', '.join(source.name for source in discover())}.")
@click.option("--timezone", default="", help="Time zone of the account. [default: the client's]")
@click.option("--currency", default="", help="Currency of the amounts, where the file does not say: RUB, USD…")
@click.option("--vat", default="", help="net: amounts without VAT; gross: with VAT at the rate of the day; gross:10: at another rate.")
@click.option("--attribution", default="", help="Attribution model of the sources, where the file does not say.")
@click.option("--money", default="", help="micros or plain: how a report of Direct's API writes money, where its figures do not tell.")
@click.option("--period", default="", help="Days that the file covers, where it does not say: 2026-03-01/2026-03-31.")
@click.option("--replace", "replace_days", is_flag=True, help="Empty the covered days first, whatever the file brings.")
@show.format_option
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=False))
def command(client: str, files: tuple[Path, ...], source: str, replace_days: bool, form: str, **said: str) -> None:
    """Load export files: Metrica logs, GA4 reports, Direct workbooks, cost sheets.

    Files are recognised by what is in them. What a file does not say is asked at the terminal, or named as a missing option
    when nobody sits there; answers are remembered for the account. Loading a file twice changes nothing.
    """
    known = workspace().client(client)
    handful = intake.sort(files, source=source)
    troubles = [refused.problem for refused in handful.refused]
    ready = _read(known, handful.series, {option: answer for option, answer in said.items() if answer}, troubles)
    done: list[Loaded] = []
    for resolved, batches in ready:
        try:
            done += _load(known, resolved, batches, replace_days)
        except Problem as problem:
            troubles.append(problem)
    _report(done, form)
    for note in intake.clashes([batch for _, batches in ready for batch in batches]):
        click.echo(spoken().note(note), err=True)
    for trouble in troubles:
        complain(trouble)
    if troubles:
        sys.exit(2)


Ready = list[tuple[intake.Resolved, tuple[Batch, ...]]]


def _read(client: Client, series: Sequence[intake.Series], stated: Mapping[str, str], troubles: list[Problem]) -> Ready:
    """Settle what is open, asking where somebody sits at the terminal, and read; what cannot be read joins the troubles."""
    remembered = {(source, account): answers for account, source, answers in workspace().accounts(client.slug)}
    known = intake.Known(stated, remembered, client.timezone, client.currency)
    ready: Ready = []
    for one in series:
        try:
            resolved = intake.resolve(one, known)
            if resolved.missing and sys.stdin.isatty():
                answers = {ask.option: _asked(ask, one.name) for ask in resolved.missing}
                resolved = intake.resolve(one, replace(known, stated={**stated, **answers}))
            ready.append((resolved, intake.read(resolved)))
            known = known.after(resolved)
        except Problem as problem:
            troubles.append(problem)
    return ready


def _load(client: Client, resolved: intake.Resolved, batches: Sequence[Batch], replace_days: bool) -> tuple[Loaded, ...]:
    """One new version of the store with the files of a series in it. Raises Problem, with nothing changed."""
    series = resolved.series
    with bar(series.name) as progress:
        loaded = workspace().store(client).load(batches, progress, replace_days)
    workspace().remember(client.slug, series.source.name, resolved.account, resolved.memory)
    return loaded


def _asked(ask: Ask, name: str) -> str:
    choice = click.Choice(ask.choices) if ask.choices else None
    return str(click.prompt(f"{name}: {spoken().t(ask.text)}", default=ask.default or None, type=choice, err=True))


@contextmanager
def bar(label: str) -> Iterator[Progress]:
    """A progress bar on the error stream, for people only."""
    with click.progressbar(length=100, label=label[-40:], file=sys.stderr, hidden=not sys.stderr.isatty()) as drawn:

        def progress(share: float, what: str) -> None:
            drawn.update(max(0, round(share * 100) - drawn.pos))

        yield progress


def _report(done: Sequence[Loaded], form: str) -> None:
    if form == "json":
        return show.as_json([_row(loaded) for loaded in done])
    if form == "csv":
        return show.as_csv([_row(loaded) for loaded in done], list(_row(done[0])) if done else [])
    say = spoken()
    for loaded in done:
        batch, after = loaded.batch, dict(loaded.after)
        rows = f"{say.t('rows')} {say.number(loaded.before['rows'])} → {say.number(after.pop('rows'))}"
        sums = "".join(f"; {say.t(name)} {say.number(value, 2 if value % 1 else 0)}" for name, value in after.items())
        click.echo(f"{say.t(batch.table.name)} · {batch.account} · {say.period(loaded.since, loaded.until)}: {rows}{sums}")
        if loaded.folded:
            click.echo("  " + say.t("Rows that repeated an id, folded: {rows}", rows=say.number(loaded.folded)))
        for note in loaded.notes:
            click.echo(f"  {say.note(note)}")
    return None


def _row(loaded: Loaded) -> dict[str, Any]:
    batch = loaded.batch
    return {
        "table": batch.table.name,
        "source": batch.source,
        "account": batch.account,
        "attribution": batch.attribution,
        "breakdown": batch.breakdown,
        "since": loaded.since,
        "until": loaded.until,
        "rows": loaded.rows,
        "folded": loaded.folded,
        "sums": {name: float(value) for name, value in loaded.after.items()},
        "file": batch.origin,
        "notes": [str(note) for note in loaded.notes],
    }
