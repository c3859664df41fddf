"""The month that the tree is of: full months only, the last one of the bar's period first."""

from __future__ import annotations

from datetime import date, timedelta

from pages.ui import control
from pages.ui.language import current, t
from pages.ui.view import View

MOST = 24
NAME = "month"


def full(view: View) -> list[date]:
    """First days of the months that are over and inside what is loaded, newest first."""
    if view.loaded is None:
        return []
    found: list[date] = []
    month = view.loaded[1].replace(day=1)
    if _end(month) > view.loaded[1]:
        month = _before(month)
    while month >= view.loaded[0] and len(found) < MOST:
        found.append(month)
        month = _before(month)
    return found


def chosen(view: View) -> date | None:
    """The month; its control is drawn by `pick`. None where no full month is loaded."""
    months = full(view)
    return date.fromisoformat(control.kept(NAME, _options(months), _default(view, months))) if months else None


def pick(view: View) -> None:
    """The control."""
    months = full(view)
    titles = {month.isoformat(): current().month(month) for month in months}
    control.pick(NAME, t("Month"), titles, _default(view, months), width=170)


def _options(months: list[date]) -> list[str]:
    return [month.isoformat() for month in months]


def _default(view: View, months: list[date]) -> str:
    """The last full month of the period, or before it."""
    return next((month for month in months if _end(month) <= view.until), months[-1]).isoformat()


def _end(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _before(month: date) -> date:
    return (month - timedelta(days=1)).replace(day=1)
