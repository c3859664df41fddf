"""How long the agency has worked for a client: a stock, of which the value of the last day counts."""

from __future__ import annotations

from datetime import date


def tenure(since: date, today: date) -> int:
    """Whole months since the contract began; zero before it does."""
    months = (today.year - since.year) * 12 + today.month - since.month - (today.day < since.day)
    return max(0, months)
