"""A load on trial: what the files became, what would change, and whether it is to stay. No Streamlit here, only the steps."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from connectors import intake
from connectors.intake import Known, Refused, Resolved
from data import salt
from data.batches import Batch, Note
from data.desk import marks, sheets
from data.desk.marks import Mark
from data.errors import Problem
from data.loading import Loaded
from data.tables import AUDIENCE, TRAFFIC
from data.warehouse import Candidate, Progress, Warehouse
from data.workspace import Client, Workspace

Stated = Mapping[str, Mapping[str, str]]
"""Answers given on the page: name of the series -> option -> answer."""


@dataclass(frozen=True)
class Understood:
    """Files that were dropped: series with what is answered and what is not, and files that were refused."""

    resolved: tuple[Resolved, ...]
    refused: tuple[Refused, ...]

    @property
    def open(self) -> bool:
        """Whether a question is still unanswered."""
        return any(one.missing for one in self.resolved)


@dataclass(frozen=True)
class Trial:
    """A version that holds the files but is not published. `faults` are series that could not be read and are not in it."""

    candidate: Candidate | None
    resolved: tuple[Resolved, ...]
    faults: tuple[Refused, ...] = ()
    notes: tuple[Note, ...] = field(default=())
    marks: tuple[Mark, ...] = ()


def understand(files: Mapping[Path, str], stated: Stated, client: Client, agency: Workspace) -> Understood:
    """Sort the files and answer what can be answered. An answer that cannot be one is refused, and its question stays open."""
    handful = intake.sort(list(files), files)
    resolved, refused = [], list(handful.refused)
    for series in handful.series:
        try:
            resolved.append(intake.resolve(series, _known(stated.get(series.name, {}), client, agency)))
        except Problem as problem:
            refused.append(Refused(series.name, problem))
            resolved.append(intake.resolve(series, _known({}, client, agency)))
    return Understood(tuple(resolved), tuple(refused))


def prepare(understood: Understood, store: Warehouse, progress: Progress) -> Trial:
    """Read every series and build the version that a load would publish. Raises Problem when the rows are not what they should be."""
    batches: list[Batch] = []
    good: list[Resolved] = []
    faults: list[Refused] = []
    found: list[Mark] = []
    for one in understood.resolved:
        try:
            batches += intake.read(one)
            found += intake.marks(one)
            good.append(one)
        except Problem as problem:
            faults.append(Refused(one.series.name, problem))
    candidate = store.prepare(batches, progress) if batches else None
    return Trial(candidate, tuple(good), tuple(faults), intake.clashes(batches), tuple(found))


def publish(trial: Trial, store: Warehouse, client: Client, agency: Workspace) -> bool:
    """Make it the current version, keep its marks, and remember the answers. False when somebody else has loaded since it was prepared."""
    if trial.candidate is not None and not store.publish(trial.candidate):
        return False
    marks.add(agency, client.slug, trial.marks)
    for one in trial.resolved:
        if one.answers.get("as") != "events":
            agency.remember(client.slug, one.series.source.name, one.account, one.memory)
        if one.series.shape:
            sheets.put(agency, client.slug, one.series.shape, one.shape_memory)
    return True


@dataclass(frozen=True)
class Change:
    """What a load would do to one table of one account: batches of one file that hold nothing twice, taken together."""

    table: str
    account: str
    since: date
    until: date
    rows: int
    folded: int
    before: Mapping[str, Decimal]
    after: Mapping[str, Decimal]


def together(loaded: Sequence[Loaded]) -> list[Change]:
    """Phrases, steps and weeks of one file as one change. Breakdowns of daily totals stay apart: they count the same visits."""
    groups: dict[tuple[str, ...], list[Loaded]] = {}
    for one in loaded:
        batch = one.batch
        apart = (batch.attribution, batch.breakdown) if batch.table in (TRAFFIC, AUDIENCE) else ()
        groups.setdefault((batch.table.name, batch.account, batch.origin, *apart), []).append(one)
    return [_together(group) for group in groups.values()]


def notes_by_file(loaded: Sequence[Loaded]) -> dict[str, list[Note]]:
    """What is to be said about each file. Shape: name of the file -> notes."""
    found: dict[str, list[Note]] = {}
    for one in loaded:
        name = re.sub(r" #[0-9a-f]+", "", one.batch.origin)
        if one.notes:
            found.setdefault(name, []).extend(one.notes)
    return found


def _together(group: Sequence[Loaded]) -> Change:
    batch = group[0].batch
    return Change(
        batch.table.name, batch.account, min(one.since for one in group), max(one.until for one in group),
        sum(one.rows for one in group), sum(one.folded for one in group),
        _added(one.before for one in group), _added(one.after for one in group),
    )


def _added(sums: Iterable[Mapping[str, Decimal]]) -> dict[str, Decimal]:
    added: dict[str, Decimal] = {}
    for one in sums:
        for name, value in one.items():
            added[name] = added.get(name, Decimal(0)) + value
    return added


def discard(trial: Trial, store: Warehouse) -> None:
    """Forget it."""
    if trial.candidate is not None:
        store.discard(trial.candidate)


def _known(stated: Mapping[str, str], client: Client, agency: Workspace) -> Known:
    remembered = {(source, account): answers for account, source, answers in agency.accounts(client.slug)}
    shapes, secret = sheets.everything(agency, client.slug), salt.of(agency.store(client).folder)
    return Known(stated, remembered, client.timezone, client.currency, shapes, secret)
