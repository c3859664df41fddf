"""How batches become rows: stage the files, check the rows, turn origins into keys, replace what was there, write the ledger.

Everything here runs inside one DuckDB file that nobody else can see yet (`data.warehouse` makes and publishes it). Rows never
pass through Python one by one.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import duckdb
import pyarrow as pa

from data import clock, ledger, log, rejected, replacing
from data.batches import Batch, Note, Scan, Stage
from data.engine import NOT_SENT, TYPES, Connection, count, create, grow, key, mine, quoted
from data.errors import BadFile, ContractBroken, NeedsMemory, Problem
from data.rollup import roll_up
from data.tables import ORDERS, ORIGIN_NAMES, TABLES, VISITS, Column, Table

Progress = Callable[[float, str], None]

_ADDED_UP = ("visits", "reaches", "orders", "revenue", "cost", "clicks", "reached", "amount", "searches")


@dataclass(frozen=True)
class Loaded:
    """What one batch became. `before` and `after` are sums over its days in the table, for the person who has to believe them."""

    batch: Batch
    since: date
    until: date
    rows: int
    folded: int
    before: Mapping[str, Decimal]
    after: Mapping[str, Decimal]
    notes: tuple[Note, ...]

    def verify(self, connection: Connection) -> None:
        """Count again in the finished file what was counted while writing it."""
        found = _sums(connection, self.batch, self.since, self.until)
        if found != self.after:
            raise ContractBroken(
                "The finished version does not hold what was written: {found} instead of {expected}.",
                "{table}",
                "Nothing was published. Check the disk and load again.",
                table=self.batch.table.name,
                found=found,
                expected=self.after,
            )


def apply(connection: Connection, batches: Sequence[Batch], progress: Progress, replace_days: bool = False) -> tuple[Loaded, ...]:
    """Load all batches into a file of our own. Raises BadFile or ContractBroken; the caller throws the file away then."""
    for table in TABLES.values():
        connection.execute(create(table))
        grow(connection, table)
    load = _Load(connection, progress, replace_days, f"{clock.now():%Y%m%dT%H%M%S}-{log.told('load') or log.number()}")
    loaded = []
    for number, batch in enumerate(batches):
        load.tell(number / max(1, len(batches)), batch)
        loaded.append(load.one(batch))
    progress(1.0, "checked")
    # A later batch of the same load may have replaced days of an earlier one: what counts is what is there in the end.
    return tuple(replace(one, after=_sums(connection, one.batch, one.since, one.until)) for one in loaded)


class _Load:
    """The steps of one load over one connection; holds what later batches need from earlier ones (staged files, replaced visits)."""

    def __init__(self, connection: Connection, progress: Progress, replace_days: bool, load_id: str) -> None:
        self.connection, self.progress, self.replace_days, self.load_id = connection, progress, replace_days, load_id
        self.origins: tuple[str, ...] = ()
        self.staged: Stage | None = None
        self.visits_from: Stage | None = None
        self.told: tuple[Note, ...] = ()

    def tell(self, share: float, batch: Batch) -> None:
        self.progress(share, batch.origin)

    def one(self, batch: Batch) -> Loaded:
        self._arrive(batch)
        batch = self._days(batch)
        folded = self._fold(batch)
        self._check(batch)
        before = _sums(self.connection, batch, batch.since, batch.until)
        notes = (*self._tell_staged(), *self._replace(batch))
        order = "" if isinstance(batch.rows, Scan) else " ORDER BY day"
        self.connection.execute(f"INSERT INTO {batch.table.name} BY NAME SELECT * FROM incoming{order}")
        rows = count(self.connection, "incoming")
        ledger.enter(self.connection, batch, self.load_id)
        rejected.keep(self.connection, batch, self.load_id)
        if batch.table is VISITS:
            roll_up(self.connection, batch, self.load_id)
        after = _sums(self.connection, batch, batch.since, batch.until)
        return Loaded(batch, batch.since, batch.until, rows, folded, before, after, (*batch.notes, *notes, *_lessened(before, after)))

    # ---------------------------------------------------------------------------------------------------- arriving

    def _arrive(self, batch: Batch) -> None:
        """Make `incoming` from the batch: all columns of the table, in its order, what was not sent filled in, origins as keys.

        Visits are a view as long as nothing has to be changed in them: millions of staged rows are not copied once more. What is cut
        out of them, and is much smaller, is cut once.
        """
        if isinstance(batch.rows, Scan):
            self._stage(batch.rows.stage, batch)
            source = f"({batch.rows.sql})"
            sent = {name for name, *_ in self.connection.execute(f"DESCRIBE {batch.rows.sql}").fetchall()}
        else:
            self.connection.register("arrived_rows", _conform(batch.table, batch.rows))
            self.connection.execute("CREATE OR REPLACE TEMP TABLE arrived AS SELECT * FROM arrived_rows")
            self.connection.unregister("arrived_rows")
            source, sent = "arrived", set(batch.rows.column_names)
        self.origins = tuple(name for name in batch.table.origins if name in sent)
        for name in self.origins:
            self._learn(name, source)
        fixed = {"account": batch.account, "attribution": batch.attribution, "breakdown": batch.breakdown}
        columns = ", ".join(_arriving(c, sent, fixed) for c in batch.table.columns)
        self._drop_incoming()
        kind = "VIEW" if batch.table is VISITS else "TABLE"
        self.connection.execute(f"CREATE TEMP {kind} incoming AS SELECT {columns} FROM {source}")

    def _drop_incoming(self) -> None:
        found = self.connection.execute("SELECT table_type FROM information_schema.tables WHERE table_name = 'incoming'").fetchone()
        if found:
            self.connection.execute(f"DROP {'VIEW' if found[0] == 'VIEW' else 'TABLE'} incoming")

    def _rewrite_incoming(self, query: str) -> None:
        """Replace `incoming` by the answer to a query over it."""
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE rewritten AS {query}")
        self._drop_incoming()
        self.connection.execute("ALTER TABLE rewritten RENAME TO incoming")

    def _stage(self, stage: Stage, batch: Batch) -> None:
        if stage == self.staged:
            return
        with _ticking(self.connection, self.progress, batch.origin):
            try:
                self.connection.execute(f"CREATE OR REPLACE TEMP TABLE staged AS {stage.sql}", {"files": list(stage.files)})
            except duckdb.Error as error:
                raise _unreadable(error, batch) from error
        for predicate, template, value in stage.refuse:
            count, example = self.connection.execute(
                f"SELECT count(*), any_value(({value})::VARCHAR) FROM staged WHERE {predicate}"
            ).fetchone() or (0, None)
            if count:
                raise BadFile(
                    template,
                    "{origin}: {count} rows",
                    "Export the file again; it is damaged or was edited by hand.",
                    origin=batch.origin,
                    count=count,
                    value=example,
                )
        self.staged = stage
        self.told = tuple(
            Note("not loaded", template, {"count": number})
            for counted, template in stage.tells if (number := self._staged_number(counted))
        )

    def _staged_number(self, counted: str) -> int:
        row = self.connection.execute(f"SELECT {counted} FROM staged").fetchone()
        return int(row[0] or 0) if row else 0

    def _tell_staged(self) -> tuple[Note, ...]:
        """What the staged files have to say, once: with the first batch that is cut from them."""
        told, self.told = self.told, ()
        return told

    def _days(self, batch: Batch) -> Batch:
        """A scan learns its days only when it has run."""
        if not isinstance(batch.rows, Scan) or batch.since <= batch.until:
            return batch
        since, until = self.connection.execute("SELECT min(day), max(day) FROM staged").fetchone() or (None, None)
        if since is None:
            raise BadFile(
                "The file has a header and no rows.", "{origin}", "Export a period in which the counter was working.", origin=batch.origin
            )
        return replace(batch, since=since, until=until)

    def _fold(self, batch: Batch) -> int:
        """Fold rows that repeat a key into one. Of two that differ the fuller one stays. Returns how many rows were folded away."""
        key = ", ".join(name for name in batch.table.grain if name != "account")
        if not batch.table.keyed:
            return 0
        total, distinct = self.connection.execute(
            f"SELECT count(*), (SELECT count(*) FROM (SELECT DISTINCT {key} FROM incoming)) FROM incoming"
        ).fetchone() or (0, 0)
        if total != distinct:
            order = {VISITS.name: "page_views DESC, seconds DESC", ORDERS.name: "placed_at"}.get(batch.table.name, "reached_at")
            self._rewrite_incoming(f"SELECT * FROM incoming QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY {order}) = 1")
        return int(total - distinct)

    def _check(self, batch: Batch) -> None:
        """The contract: no hole in a column that must be filled, nothing negative that counts, every row inside the stated days."""
        rules = [(f'"{c.name}" IS NULL', c.name, "must not be empty") for c in batch.table.columns if not c.null]
        rules += [(f'"{c.name}" < 0', c.name, "must not be negative") for c in batch.table.columns if c.kind in ("count", "number")]
        rules.append((f"day NOT BETWEEN DATE '{batch.since}' AND DATE '{batch.until}'", "day", "must lie inside the period of the file"))
        if "until" in batch.table.names:
            rules.append(("until < day", "until", "must not be before its first day"))
        broken = ", ".join(f"bool_or({predicate})" for predicate, *_ in rules)
        for rule, found in zip(rules, self.connection.execute(f"SELECT {broken} FROM incoming").fetchone() or (), strict=True):
            if found:
                self._refuse(batch, *rule)

    def _refuse(self, batch: Batch, predicate: str, column: str, rule: str) -> None:
        row = self.connection.execute(
            f"SELECT n, value FROM (SELECT row_number() OVER () AS n, ({column})::VARCHAR AS value, ({predicate}) AS broken FROM incoming) "
            f"WHERE broken ORDER BY n LIMIT 1"
        ).fetchone() or (0, None)
        raise ContractBroken(
            "{column} {rule}, but a row has: {value}",
            "{origin}, row {row} of {table}",
            "Correct the file or export it again.",
            column=column,
            rule=rule,
            value=row[1],
            row=row[0],
            table=batch.table.name,
            origin=batch.origin,
        )

    def _learn(self, name: str, source: str) -> None:
        """Keep the distinct origins of a column in ORIGINS; facts carry their keys."""
        fields = ", ".join(f"o.{field} AS {field}" for field in ORIGIN_NAMES)
        self.connection.execute(
            f"CREATE OR REPLACE TEMP TABLE learned AS SELECT {key('o')} AS origin, {fields} "
            f"FROM (SELECT DISTINCT {name} AS o FROM {source} WHERE {name} IS NOT NULL)"
        )
        same = " AND ".join(f"l.{field} = k.{field}" for field in ORIGIN_NAMES)
        clash = count(self.connection, f"learned l JOIN origins k USING (origin) WHERE NOT ({same})") + count(
            self.connection, "(SELECT origin FROM learned GROUP BY origin HAVING count(*) > 1)"
        )
        if clash:
            raise ContractBroken("Two different origins have the same key.", "origins", "Report this with the file; nothing was changed.")
        self.connection.execute("INSERT INTO origins SELECT * FROM learned WHERE origin NOT IN (SELECT origin FROM origins)")

    # --------------------------------------------------------------------------------------------------- replacing

    def _replace(self, batch: Batch) -> tuple[Note, ...]:
        if not batch.table.keyed:
            return (*replacing.poorer(self.connection, batch), *replacing.replace_days(self.connection, batch, self.replace_days))
        if batch.completes:
            return replacing.complete(self.connection, batch)
        if self.replace_days:
            replacing.empty_days(self.connection, batch)
        stage = batch.rows.stage if isinstance(batch.rows, Scan) else None
        if batch.table is VISITS:
            adopted = replacing.adopted_origins(self.connection, batch, self.origins)
            if adopted:
                self._rewrite_incoming(adopted)
            self.connection.execute("CREATE OR REPLACE TEMP TABLE arrived_visits AS SELECT account, year, visit FROM incoming")
            self.visits_from = stage
        if stage is not None and stage == self.visits_from:
            # What hangs on a visit that arrives again goes with it: a goal may have been taken back.
            replacing.replace_ids(self.connection, batch, "arrived_visits", VISITS.grain)
        replacing.replace_ids(self.connection, batch, "incoming", batch.table.grain)
        return ()


def _arriving(column: Column, sent: set[str], fixed: Mapping[str, str]) -> str:
    name, engine = column.name, TYPES[column.kind]
    if name in fixed:
        return f"{quoted(fixed[name])} AS {name}"
    if column.kind == "origin":
        return f"{key(name)} AS {name}" if name in sent else f"NULL::UBIGINT AS {name}"
    if name in sent:
        value = f'"{name}"::{engine}'
        return f"coalesce({value}, '') AS {name}" if column.kind == "text" else f"{value} AS {name}"
    if name == "year":
        return "year(day)::UINTEGER AS year"
    if name == "until":
        return "day AS until"
    return f"{'NULL::' + engine if column.null else NOT_SENT[column.kind]} AS {name}"


def _sums(connection: Connection, batch: Batch, since: date, until: date) -> dict[str, Decimal]:
    """Row count and exact sums of the additive columns over the batch's account and days."""
    table = batch.table
    names = [name for name in _ADDED_UP if name in table.names]
    columns = "".join(f", coalesce(sum({name}), 0)" for name in names)
    row = connection.execute(
        f"SELECT count(*){columns} FROM {table.name} WHERE {mine(batch, table)} AND day BETWEEN '{since}' AND '{until}'"
    ).fetchone()
    return {name: Decimal(str(value)) for name, value in zip(("rows", *names), row or (), strict=True)}


def _lessened(before: Mapping[str, Decimal], after: Mapping[str, Decimal]) -> Iterator[Note]:
    """Warn when a load leaves less than there was: it may hold only a part of what it replaces."""
    for name, value in after.items():
        if name != "rows" and value < before[name]:
            facts = {"name": name, "before": round(float(before[name]), 2), "after": round(float(value), 2)}
            yield Note("less", "Less than before: {name} of these days was {before} and is {after} now. Is the file complete?", facts)


def _conform(table: Table, rows: pa.Table) -> pa.Table:
    """Cast what arrived to the contract's Arrow types. Raises ContractBroken with the column's name."""
    arriving = table.arriving()
    columns = {}
    for name in rows.column_names:
        index = arriving.get_field_index(name)
        if index < 0:
            raise ContractBroken("There is no column {column}.", "{table}", "Report this.", column=name, table=table.name)
        try:
            columns[name] = rows.column(name).cast(arriving.field(index).type)
        except pa.ArrowInvalid as error:
            raise ContractBroken(
                "{column} holds a value that is not a {kind}: {error}",
                "{table}",
                "Correct the file or export it again.",
                column=name,
                kind=table.column(name).kind,
                error=str(error).splitlines()[0],
                table=table.name,
            ) from error
    return pa.table(columns)


def _unreadable(error: duckdb.Error, batch: Batch) -> Problem:
    """DuckDB's words about a file it cannot parse, as a Problem that names the line."""
    said = str(error)
    if isinstance(error, duckdb.OutOfMemoryException):
        return NeedsMemory("{origin}", origin=batch.origin)
    found = re.search(r"\b[Ll]ine:? (\d+)", said)
    line = found[1] if found else ""
    return BadFile(
        "A row cannot be read: it is cut off or has the wrong number of columns.",
        "{origin}, line {line}" if line else "{origin}",
        "Download the file again: part of it is missing, or it was saved by another program.",
        origin=batch.origin,
        line=line,
    )


@contextmanager
def _ticking(connection: Connection, progress: Progress, what: str) -> Iterator[None]:
    """Report how far the engine is while a long statement runs."""
    done = threading.Event()

    def tick() -> None:
        while not done.wait(0.2):
            share = connection.query_progress()
            if share > 0:
                progress(min(share, 100.0) / 100 * 0.5, what)

    thread = threading.Thread(target=tick, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
