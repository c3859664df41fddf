"""Expressions as text of an engine, written once.

Writing an expression costs more than running it. So an asker may leave stand-ins in it for days and texts, and say what each stands for:
the text is kept, and a question asked anew tomorrow, or for another city, only gets other words put in.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import ibis
from sqlglot import exp

if TYPE_CHECKING:
    from ibis.expr.types import Expr, Value

Meant = Sequence[tuple[date, date] | tuple[int, int] | tuple[str, str | tuple[str, ...]]]
"""Shape: (stand-in, the day, the number of days, the text or the list of texts that it stands for)."""


@dataclass(frozen=True)
class Part:
    """An expression with stand-ins, what they stand for, and its place among those it is gathered with."""

    node: Any
    meant: Meant = ()
    place: int = 0


@dataclass(frozen=True)
class Gathered:
    """The rows of several expressions, one below the other, each with its place as `feed`; numbers that one of them lacks are null.

    Each is written by itself, so that it is written once whatever it stands beside. `common` are tables that all of them may name.
    """

    parts: tuple[Part, ...]
    columns: tuple[str, ...]
    common: tuple[tuple[str, Any], ...] = ()


def text(asked: Expr | Gathered, dialect: str, meant: Meant = ()) -> str:
    """What is asked as the engine understands it."""
    if not isinstance(asked, Gathered):
        return _filled(Part(asked.op(), meant), dialect)
    named = ",\n".join(f"{_name(name, dialect)} AS (\n{query}\n)" for name, query in shared(asked, dialect).items())
    return f"WITH {named}\n{rows(asked, dialect)}" if named else rows(asked, dialect)


def rows(asked: Gathered, dialect: str) -> str:
    """What is asked, for an engine that has the tables that all parts may name."""
    return "\nUNION ALL\n".join(
        f"{_head(part.place, part.node.schema.names, asked.columns, dialect)} FROM (\n{_filled(part, dialect)}\n) AS part_{part.place}"
        for part in asked.parts
    )


def shared(asked: Gathered, dialect: str) -> dict[str, str]:
    """The tables that all parts may name. Shape: name -> query."""
    return {name: _text(node, dialect) for name, node in asked.common}


@lru_cache(maxsize=1024)
def _head(place: int, given: tuple[str, ...], columns: tuple[str, ...], dialect: str) -> str:
    kept = [exp.column(name, quoted=True) if name in given else exp.cast(exp.null(), "double").as_(name, quoted=True) for name in columns]
    return str(exp.select(exp.Literal.number(place).as_("feed", quoted=True), *kept).sql(dialect=dialect))


def _filled(part: Part, dialect: str) -> str:
    """NB: everything is put in at one pass, so that a text that looks like a stand-in stays what it is."""
    written = _text(part.node, dialect)
    if not part.meant:
        return written
    said = {_literal(stand_in, dialect): _said(value, dialect) for stand_in, value in part.meant}
    return re.sub("|".join(map(re.escape, said)), lambda found: said[found[0]], written)


def _name(name: str, dialect: str) -> str:
    return str(exp.to_identifier(name, quoted=True).sql(dialect=dialect))


def _said(value: date | int | str | tuple[str, ...], dialect: str) -> str:
    return ", ".join(_literal(one, dialect) for one in value) if isinstance(value, tuple) else _literal(value, dialect)


@lru_cache(maxsize=512)
def _text(node: Any, dialect: str) -> str:
    return str(ibis.to_sql(node.to_expr(), dialect=dialect))


@lru_cache(maxsize=4096)
def _literal(value: date | int | str, dialect: str) -> str:
    alone = str(ibis.to_sql(_alone(value), dialect=dialect))
    return alone[len("SELECT") : alone.rindex(" AS ")].strip()


def _alone(value: date | int | str) -> Value:
    """A number is a length in days. NB: written with its unit, so that a number within somebody's text is never taken for it."""
    if isinstance(value, int):
        return ibis.interval(days=value)
    return ibis.literal(value, "date" if isinstance(value, date) else "string")
