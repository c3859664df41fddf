"""`load`: export files into a client's store."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from commands import complain, show, spoken
from connectors import discover, intake
from connectors.plain_words import KEYS
from data import rejected, salt
from data.batches import Batch
from data.cells import harmless
from data.desk import marks, sheets
from data.door import workspace
from data.errors import Ask, Problem
from data.loading import Loaded, Progress
from data.workspace import Client


@click.command(name="load")
@click.option("--client", required=True, help="Short name of the client.")
@click.option("--account", default="", help="Counter, property or ad account, where the file does not say.")
@click.option("--source", default="", help=f"Read the files as this source: {', '.join(source.name for source in discover())}.")
@click.option("--timezone", default="", help="Time zone of the account. [default: the client's]")
@click.option("--currency", default="", help="Currency of the amounts, where the file does not say: RUB, USD…")
@click.option("--vat", default="", help="net: amounts without VAT; gross: with VAT at the rate of the day; gross:10: at another rate.")
@click.option("--attribution", default="", help="Attribution model of the sources, where the file does not say.")
@click.option("--money", default="", help="micros or plain: how a report of Direct's API writes money, where its figures do not tell.")
@click.option("--as", "as", default="", help=f"What a sheet of your own holds: {', '.join(KEYS)}.")
@click.option("--columns", default="", help="Which column of such a sheet is which: 'date=Дата,cost=Потрачено'.")
@click.option("--step", default="", help="The step of a funnel that a sheet counts.")
@click.option("--phrase", default="", help="The phrase or index of a demand series.")
@click.option("--lead", default="", help="The goal that a sheet of leads counts as.")
@click.option("--event", default="", help="Kind of events where the sheet does not say: ours, market, competitor, fault, season.")
@click.option("--rejected", "unread", type=click.Path(path_type=Path), help="Write rows that could not be read to this CSV.")
@click.option("--goal", default="", help="Number or name of the goal chosen above a report of Metrica that does not name it; * for all.")
@click.option("--goals", default="", help="Events that are key events, separated by commas, where the file does not say.")
@click.option("--period", default="", help="Days that the file covers, where it does not say: 2026-03-01/2026-03-31.")
@click.option("--replace", "replace_days", is_flag=True, help="Empty the covered days first, whatever the file brings.")
@show.format_option
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=False))
def command(
    client: str, files: tuple[Path, ...], source: str, replace_days: bool, form: str, unread: Path | None, **said: str
) -> None:
    """Load export files: Metrica logs, GA4 reports, Direct workbooks, cost sheets, or any sheet with a column of days.

    Files are recognised by what is in them. What a file does not say is asked at the terminal, or named as a missing option
    when nobody sits there; answers are remembered, for the account or for the header of a sheet of your own. Loading a file
    twice changes nothing.
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
    if unread:
        _write_rejected(unread, done)
    for note in intake.clashes([batch for _, batches in ready for batch in batches]):
        click.echo(spoken().note(note), err=True)
    for trouble in troubles:
        complain(trouble)
    if troubles:
        sys.exit(2)


Ready = list[tuple[intake.Resolved, tuple[Batch, ...]]]


def _read(client: Client, series: Sequence[intake.Series], stated: Mapping[str, str], troubles: list[Problem]) -> Ready:
    """Settle what is open, asking where somebody sits at the terminal, and read; what cannot be read joins the troubles."""
    known = _known(client, stated)
    ready: Ready = []
    for one in series:
        try:
            resolved = intake.resolve(one, known)
            answers: dict[str, str] = {}
            while resolved.missing and sys.stdin.isatty():
                # One at a time: what a sheet holds decides what else is asked.
                answers[resolved.missing[0].option] = _asked(resolved.missing[0], one.name)
                resolved = intake.resolve(one, replace(known, stated={**stated, **answers}))
            ready.append((resolved, intake.read(resolved)))
            known = known.after(resolved)
        except Problem as problem:
            troubles.append(problem)
    return ready


def _known(client: Client, stated: Mapping[str, str]) -> intake.Known:
    agency = workspace()
    remembered = {(source, account): answers for account, source, answers in agency.accounts(client.slug)}
    return intake.Known(
        stated, remembered, client.timezone, client.currency, sheets.everything(agency, client.slug), salt.of(agency.store(client).folder)
    )


def _load(client: Client, resolved: intake.Resolved, batches: Sequence[Batch], replace_days: bool) -> tuple[Loaded, ...]:
    """One new version of the store with the files of a series in it. Raises Problem, with nothing changed."""
    series = resolved.series
    loaded: tuple[Loaded, ...] = ()
    found = intake.marks(resolved)
    if batches:
        with bar(series.name) as progress:
            loaded = workspace().store(client).load(batches, progress, replace_days)
        workspace().remember(client.slug, series.source.name, resolved.account, resolved.memory)
    if found:
        added = marks.add(workspace(), client.slug, found)
        text = spoken().t("{name}: events {count}, new ones {new}", name=series.name, count=len(found), new=len(added))
        click.echo(text, err=True)
    if series.shape:
        sheets.put(workspace(), client.slug, series.shape, resolved.shape_memory)
    return loaded


def _write_rejected(path: Path, done: Sequence[Loaded]) -> None:
    """The rows that could not be read, of all files, and nothing but a header where there are none."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["file", *rejected.HEADER])
        for loaded in done:
            rows = rejected.sheet(rejected.among(loaded.notes))
            writer.writerows([harmless(cell) for cell in (loaded.batch.origin, *row)] for row in rows)


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
