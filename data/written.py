"""Expressions as text of an engine, written once.

Writing an expression costs more than running it. So an asker may leave stand-ins in it for the days, and say which day each stands for: the
text is kept, and a question asked anew tomorrow only gets other days put in.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import ibis

if TYPE_CHECKING:
    from ibis.expr.types import Expr

Days = Sequence[tuple[date, date]]
"""Shape: (stand-in, the day it stands for)."""


def text(expression: Expr, dialect: str, days: Days = ()) -> str:
    """The expression as the engine understands it."""
    written = _text(expression.op(), dialect)
    for stand_in, day in days:
        written = written.replace(_literal(stand_in, dialect), _literal(day, dialect))
    return written


@lru_cache(maxsize=512)
def _text(node: Any, dialect: str) -> str:
    return str(ibis.to_sql(node.to_expr(), dialect=dialect))


@lru_cache(maxsize=4096)
def _literal(day: date, dialect: str) -> str:
    alone = str(ibis.to_sql(ibis.literal(day, "date"), dialect=dialect))
    return alone[len("SELECT") : alone.rindex(" AS ")].strip()
