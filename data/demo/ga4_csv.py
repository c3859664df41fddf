"""The same site through a second counter: a GA4 "Traffic acquisition" download for the last full month, about a tenth
smaller."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import numpy as np

from data.demo.arrays import Bools, Ints, Random
from data.demo.book import Book
from data.demo.clock import Clock
from data.demo.plan import Plan, Source

HEADER = (
    "Session primary channel group (Default Channel Group)", "Sessions", "Engaged sessions", "Engagement rate",
    "Average engagement time per session", "Events per session", "Event count", "Key events", "Session key event rate",
    "Total revenue", "Active users", "Total users",
)
SEEN: Mapping[str, float] = {
    "Direct": 0.93, "Organic Search": 0.91, "Paid Search": 0.89, "Paid Other": 0.84, "Referral": 0.93,
    "Organic Social": 0.85, "Email": 0.94, "Unassigned": 0.83, "AI Assistant": 0.94,
}
"""Share of Metrica's visits that the second counter records, by channel: blockers and consent weigh unevenly."""
_ASSISTANT_CHANNEL = date(2026, 5, 13)
_UNTAGGED: Mapping[str, str] = {
    "organic": "Organic Search", "social": "Organic Social", "messenger": "Organic Social", "recommend": "Referral",
    "referral": "Referral", "ad": "Referral",
}
_ASSISTANTS = frozenset(("chatgpt.com", "gemini.google.com", "perplexity.ai", "chat.deepseek.com"))


def last_full_month(until: date) -> tuple[date, date]:
    """First and last day of the last calendar month that ended by `until`."""
    day = np.datetime64(until) + 1
    month = day.astype("datetime64[M]")
    first: date = (month - 1).astype("datetime64[D]").astype(date)
    last: date = (month.astype("datetime64[D]") - 1).astype(date)
    return first, last


def channel(source: Source, month: date) -> str:
    """Google's default channel group of a session with this source; `month` because the AI channel exists since May
    2026."""
    tagged, medium = source.utm[0], source.utm[1]
    if source.host in _ASSISTANTS:
        return "AI Assistant" if month >= _ASSISTANT_CHANNEL else "Referral"
    if medium == "cpc":
        return "Paid Search" if tagged in ("yandex", "google") else "Paid Other"
    if tagged and medium == "email":
        return "Email"
    if tagged:
        return "Unassigned"
    return _UNTAGGED.get(source.traffic, "Direct")


def write_ga4(folder: Path, plan: Plan, clock: Clock, book: Book, until: date, random: Random) -> Path:
    """Write the download. Shape: one row per channel group, the largest first. Lines end as Google's do, the last one
    does not."""
    first, last = last_full_month(until)
    days = clock.days[clock.shown :][book.day]
    seen = (days >= np.datetime64(first)) & (days <= np.datetime64(last))
    groups = np.array([channel(source, last) for source in book.sources])[book.last]
    seen &= random.random(len(groups)) < np.array([SEEN[group] for group in groups])
    found = sorted(set(groups[seen].tolist()))
    rows = [_row(plan, book, group, np.flatnonzero(seen & (groups == group)), random) for group in found]
    rows.sort(key=lambda row: -int(row[1]))
    banner = (
        "# ----------------------------------------",
        "# Traffic acquisition: Session primary channel group (Default Channel Group)",
        f"# Account: {plan.name}", f"# Property: {plan.ga_property}",
        "# ----------------------------------------", "# ", "# All Users",
        f"# Start date: {first:%Y%m%d}", f"# End date: {last:%Y%m%d}",
    )
    file = folder / f"ga4_traffic_acquisition_{first:%Y_%m}.csv"
    lines = [*banner, ",".join(HEADER), *(",".join(row) for row in rows)]
    file.write_text("\r\n".join(lines), encoding="utf-8", newline="")
    return file


def _row(plan: Plan, book: Book, group: str, chosen: Ints, random: Random) -> tuple[str, ...]:
    sessions = len(chosen)
    engaged = int((_engaged(book, chosen)).sum())
    events = int(book.pages[chosen].sum() * 1.6 + sessions * 2.1)
    wins = np.isin(
        book.visits.act[chosen],
        [plan.act(act) for goal in plan.goals if goal.id in plan.key_goals for act in goal.acts],
    )
    money = np.isin(book.visits.act[chosen], [plan.act(act) for goal in plan.goals if goal.money for act in goal.acts])
    users = len(np.unique(book.visitor[chosen]))
    active = users - int(random.binomial(users, 0.02))
    return (
        group, str(sessions), str(engaged), _share(engaged, sessions), _share(
            book.seconds[chosen].sum() * 0.55, sessions,
        ),
        _share(events, sessions), str(events), str(int(wins.sum())), _share(wins.sum(), sessions),
        f"{book.visits.value[chosen][money].sum():.0f}", str(active), str(users),
    )


def _engaged(book: Book, chosen: Ints) -> Bools:
    """Google's own rule: ten seconds, or two pages, or a key event."""
    engaged: Bools = (book.seconds[chosen] >= 10) | (book.pages[chosen] > 1) | (book.visits.act[chosen] > 0)
    return engaged


def _share(part: float, whole: float) -> str:
    return repr(float(part) / float(whole)) if part else "0"
