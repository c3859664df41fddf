"""How long the agency has worked for a client: a stock, of which the value of the last day counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from metrics.tenure import tenure


@dataclass(frozen=True)
class Tenure:
    """`months` are whole months since `since`, the day of the contract."""

    since: date
    months: int


def read(facts: Mapping[str, Any], today: date) -> Tenure | None:
    """By the day that the client's settings give; None where they give none."""
    said = facts.get("client_since")
    since = date.fromisoformat(str(said)) if said else None
    return Tenure(since, tenure(since, today)) if since else None
