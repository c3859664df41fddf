"""What a client's settings hold as lists (terms of spend, products, drivers by hand), as rows to edit and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from data.errors import Problem
from metrics.basis import LEVY, PARTS, Basis
from metrics.drivers import TREES, Driver
from pages.ui import newcomer

PERCENT = 100.0
TERMS = ("since", "gross", "levy", "fee", "counts_levy", "counts_fee")
PRODUCTS = ("key", "title", "title_ru", "goals")
DRIVERS = ("key", "name", "value")
TARIFFS = ("sum", "days")
Row = Mapping[str, Any]


# -------------------------------------------------------------------------------------------------------------- terms of spend


def terms_shown(facts: Mapping[str, Any]) -> pd.DataFrame:
    """Shape: a row per term, oldest first: from when on, whether VAT is added, levy and fee in percent, what spend includes."""
    rows = [
        {
            "since": None if one.since == date.min else one.since, "gross": one.gross, "levy": round(float(one.levy) * PERCENT, 4),
            "fee": round(float(one.fee) * PERCENT, 4), "counts_levy": "levy" in one.counts, "counts_fee": "fee" in one.counts,
        }
        for one in Basis.of(facts).terms
    ]
    kinds = {"since": "object", "gross": "bool", "levy": "float", "fee": "float", "counts_levy": "bool", "counts_fee": "bool"}
    return pd.DataFrame(rows, columns=list(TERMS)).astype(kinds)


def terms(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """The rows as the client's settings keep them; empty ones are left out. Raises Problem."""
    found = [_term(row) for row in rows if any(_given(row.get(name)) for name in TERMS)]
    days = [one.get("since", "") for one in found]
    for day in days:
        if days.count(day) > 1:
            raise Problem("Two terms of spend begin on the same day: {day}.", "spend_terms", "Keep one of them.", day=day or "–")
    Basis.of({"spend_terms": found})
    return sorted(found, key=lambda one: str(one.get("since", "")))


def _term(row: Row) -> dict[str, Any]:
    levy, fee = _share(row.get("levy")), _share(row.get("fee"))
    counts = [part for part in PARTS if _given(row.get(f"counts_{part}"))]
    vat = "gross" if _given(row.get("gross")) else "net"
    # The levy of the law is kept as a yes, so that it follows the law.
    made: dict[str, Any] = {"vat": vat, "levy": True if levy == float(LEVY) else levy or False, "fee": fee, "counts": counts}
    if _given(row.get("since")):
        made["since"] = _day(row["since"])
    return made


def _day(value: Any) -> str:
    return value[:10] if isinstance(value, str) else pd.Timestamp(value).date().isoformat()


def _share(value: Any) -> float:
    return round(float(value) / PERCENT, 6) if _given(value) else 0.0


# ------------------------------------------------------------------------------------------------------------------- products


def products_shown(facts: Mapping[str, Any]) -> pd.DataFrame:
    """Shape: a row per product: its short name, its titles, the goals that are the demand for it."""
    kept: Mapping[str, Row] = facts.get("products") or {}
    rows = [
        {"key": key, "title": row.get("title", ""), "title_ru": row.get("title_ru", ""), "goals": [str(goal) for goal in row["goals"]]}
        for key, row in kept.items()
    ]
    return pd.DataFrame(rows, columns=list(PRODUCTS)).astype("object")


def products(rows: Iterable[Row]) -> dict[str, dict[str, Any]]:
    """The rows as the client's settings keep them, under their short names. Raises Problem."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        title, russian, goals = (_text(row.get("title")), _text(row.get("title_ru")), [str(goal) for goal in _list(row.get("goals"))])
        if not (title or russian or goals):
            continue
        name = title or russian
        if not name or not goals:
            fix = "Give every product a name and at least one goal, or take its row away."
            raise Problem("A product lacks its name or its goals: {product}.", "products", fix, product=name or ", ".join(goals))
        key = _text(row.get("key")) or newcomer.slug(name)
        if key in found:
            raise Problem("Two products are called {product}.", "products", "Give them different names.", product=name)
        found[key] = {"title": name, "title_ru": russian, "goals": goals} if russian else {"title": name, "goals": goals}
    return found


# -------------------------------------------------------------------------------------------------------------------- drivers


def drivers_of(model: str) -> tuple[Driver, ...]:
    """The drivers of a business model that a person may give by hand."""
    return TREES[model]().drivers if model in TREES else ()


def drivers_shown(facts: Mapping[str, Any], model: str, names: Mapping[str, str]) -> pd.DataFrame:
    """Shape: a row per driver of the model with the value given by hand. Unit: shares in percent."""
    kept: Mapping[str, Any] = facts.get("drivers") or {}
    rows = [{"key": one.key, "name": names[one.key], "value": _scaled(kept.get(one.key), one)} for one in drivers_of(model)]
    return pd.DataFrame(rows, columns=list(DRIVERS)).astype({"key": "object", "name": "object", "value": "float"})


def drivers(rows: Iterable[Row], model: str, facts: Mapping[str, Any]) -> dict[str, float]:
    """The values given by hand; those of drivers that another model knows stay as they are."""
    known = {one.key: one for one in drivers_of(model)}
    stays = {str(key): float(value) for key, value in (facts.get("drivers") or {}).items() if key not in known}
    given = {str(row["key"]): row["value"] for row in rows if _given(row.get("value"), zero=True)}
    return stays | {key: float(value) / (PERCENT if known[key].unit == "share" else 1.0) for key, value in given.items()}


def _scaled(value: Any, one: Driver) -> float | None:
    return None if value is None else float(value) * (PERCENT if one.unit == "share" else 1.0)


# --------------------------------------------------------------------------------------------------------------------- tariffs


def tariffs_shown(facts: Mapping[str, Any]) -> pd.DataFrame:
    """Shape: a row per sum that pays for another term than the usual one: sum, days."""
    kept: Mapping[str, Any] = facts.get("tariffs") or {}
    rows = sorted((float(price), float(days)) for price, days in kept.items())
    return pd.DataFrame(rows, columns=list(TARIFFS)).astype({"sum": "float", "days": "float"})


def tariffs(rows: Iterable[Row]) -> dict[str, int]:
    """The rows as the client's settings keep them; those without a sum or a term are left out."""
    both = [row for row in rows if _given(row.get("sum")) and _given(row.get("days"))]
    return {f"{float(row['sum']):.2f}".removesuffix(".00"): int(row["days"]) for row in both}


# ---------------------------------------------------------------------------------------------------------------------- cells


def _given(value: Any, zero: bool = False) -> bool:
    """Whether a cell holds something; a tick that is not set, and a zero unless told so, hold nothing."""
    if value is None or (isinstance(value, float) and value != value) or value is pd.NaT:
        return False
    return True if zero and isinstance(value, (int, float)) else bool(value)


def _text(value: Any) -> str:
    return str(value).strip() if _given(value) else ""


def _list(value: Any) -> Sequence[Any]:
    return list(value) if isinstance(value, (list, tuple)) else []
