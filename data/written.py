"""Expressions as text of an engine, written once.

Writing an expression costs more than running it. So an asker may leave stand-ins in it for days and texts, and say what each stands for:
the text is kept, and a question asked anew tomorrow, or for another city, only gets other words put in.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import ibis

if TYPE_CHECKING:
    from ibis.expr.types import Expr

Meant = Sequence[tuple[date, date] | tuple[str, str | tuple[str, ...]]]
"""Shape: (stand-in, the day, the text or the list of texts that it stands for)."""


def text(expression: Expr, dialect: str, meant: Meant = ()) -> str:
    """The expression as the engine understands it.

    NB: everything is put in at one pass, so that a text that looks like a stand-in stays what it is.
    """
    written = _text(expression.op(), dialect)
    if not meant:
        return written
    said = {_literal(stand_in, dialect): _said(value, dialect) for stand_in, value in meant}
    return re.sub("|".join(map(re.escape, said)), lambda found: said[found[0]], written)


def _said(value: date | str | tuple[str, ...], dialect: str) -> str:
    return ", ".join(_literal(one, dialect) for one in value) if isinstance(value, tuple) else _literal(value, dialect)


@lru_cache(maxsize=512)
def _text(node: Any, dialect: str) -> str:
    return str(ibis.to_sql(node.to_expr(), dialect=dialect))


@lru_cache(maxsize=4096)
def _literal(value: date | str, dialect: str) -> str:
    alone = str(ibis.to_sql(ibis.literal(value, "date" if isinstance(value, date) else "string"), dialect=dialect))
    return alone[len("SELECT") : alone.rindex(" AS ")].strip()
