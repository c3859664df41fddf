"""All clients, the troubled ones first: one row each, and what has changed since yesterday."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import streamlit as st

from data.roles import Power
from data.text import DASH
from metrics.pace import Outlook
from metrics.readings import tenure
from metrics.readings.pace import Line
from metrics.readings.stretches import Finding
from metrics.registry import METRICS
from metrics.sentences import answer
from metrics.sentences.forms import counted
from metrics.sentences.said import Speech
from pages.ui import address, brand, figures, glance, listing, show, store, who
from pages.ui.figures import Cell, Column, Row
from pages.ui.glance import Glance
from pages.ui.language import current, t

NEWS, NAMED = 5, 3
"""Lines of news; clients that one line names."""
PATIENCE, KEPT = 1.5, 0.05
"""Unit: seconds. How long a turn reads before it draws; and below which a reading was kept from an earlier one."""
_MONEY = frozenset({"spend", "efficiency", "plan", "budget", "report"})
"""Columns for those who may see money."""
SOON = 3
"""Days to a report that are worth a word."""


@dataclass(frozen=True)
class Piece:
    """One line of news: about whom, what, which page tells more, and how much is at stake."""

    client: str
    text: str
    page: str
    weight: float
    tone: str = "flat"


def read() -> list[Glance]:
    """Every client, the dearest trouble first. Main figures come at once; what takes long is read in turns: `go_on` takes the next."""
    begun = time.monotonic()
    found = [glance.first(client) for client in store.clients().values()]
    spent = time.monotonic() - begun
    for place, one in enumerate(found):
        if spent > PATIENCE:
            break
        begun = time.monotonic()
        found[place] = glance.whole(one)
        took = time.monotonic() - begun
        # What is kept costs next to nothing and must not use up the turn, or the last clients would never have theirs.
        spent += took if took > KEPT else 0.0
    return sorted(found, key=lambda one: (not one.read, -one.trouble, -one.behind, one.client.name))


def go_on(found: Sequence[Glance]) -> None:
    """Read the next clients, when what is known so far has been drawn."""
    if any(not one.read for one in found):
        st.rerun()


def headline(found: Sequence[Glance]) -> None:
    """The answer: with whom to begin."""
    question = t("Which clients need you today?")
    troubled = [one for one in found if one.at_risk or any(finding.good is False for finding in one.recent) or one.behind]
    if not troubled:
        left = sum(not one.read for one in found)
        said = t("Reading: clients left {count}", count=left) if left else t("All clients are on their way")
        return show.heading(said, question)
    names = ", ".join(_name(one) for one in troubled[:3])
    return show.heading(t("Begin with: {names}", names=names), question)


# ------------------------------------------------------------------------------------------------------------------ news


def news(found: Sequence[Glance]) -> None:
    """What has changed since yesterday, the dearest first; a press opens the page that tells more."""
    pieces = sorted((*_behind(found), *(piece for one in found for piece in _pieces(one))), key=lambda piece: -piece.weight)[:NEWS]
    if not pieces:
        return
    with st.container(border=True, gap="xxsmall", key="news"):
        show.caption(t("What changed since yesterday"))
        for piece in pieces:
            st.page_link(
                listing.file_of(_open(piece.page)), label=show.marked(piece.text), icon=_ICONS[piece.tone],
                query_params={"client": piece.client, "lang": current().language},
            )


_ICONS = {"good": ":material/trending_up:", "bad": ":material/error:", "flat": ":material/info:"}


def _behind(found: Sequence[Glance]) -> list[Piece]:
    """Clients whose last days are missing, in one line: after a night without loads it would be true of all."""
    late = sorted((one for one in found if one.behind), key=lambda one: (-one.behind, one.client.name))
    if not late:
        return []
    names = ", ".join(f"{_name(one)} ({current().number(one.behind)})" for one in late[:NAMED])
    if len(late) > NAMED:
        names = t("{name} and {count} more", name=names, count=len(late) - NAMED)
    return [Piece(late[0].client.slug, t("Last days not loaded: {clients}", clients=names), "data", 1e6 * late[0].behind, "bad")]


def _pieces(one: Glance) -> list[Piece]:
    name, slug = _name(one), one.client.slug
    made = [Piece(slug, f"{name}: {_finding(finding, one)}", "week", abs(finding.money or 0.0), _tone(finding)) for finding in _fresh(one)]
    made += [_risk(one, line) for line in one.at_risk if line.metric not in _risky_before(one)]
    if one.due is not None and one.due <= SOON:
        text = t("{client}: the report is due on {day}", client=name, day=current().day(one.today + timedelta(days=one.due)))
        made.append(Piece(slug, text, "plan", 100.0, "bad" if one.due < 0 else "flat"))
    if one.said:
        text = t("{client}: new comments on what was sent: {count}", client=name, count=current().number(len(one.said)))
        made.append(Piece(slug, text, "report", 500.0))
    made += [
        Piece(slug, t("{client}: overdue: {what}", client=name, what=current().written(action.what)), "week", 50.0, "bad")
        for action in one.late
    ]
    return made


def _fresh(one: Glance) -> list[Finding]:
    """What has become unusual with the last loaded day."""
    return [finding for finding in one.recent if finding.until == one.last]


def _risky_before(one: Glance) -> set[str]:
    lines = one.before.lines if one.before else ()
    return {line.metric for line in lines if line.outlook is Outlook.AT_RISK}


def _risk(one: Glance, line: Line) -> Piece:
    speech = Speech(line.unit, one.pace.currency if one.pace else one.client.currency, current())
    facts = {"client": _name(one), "target": _titled(line.title, line.channel_title)}
    facts |= {"expected": speech.short(line.expected), "plan": speech.short(line.plan)}
    text = t("{client}: {target} is now at risk: {expected} expected of {plan}", **facts)
    return Piece(one.client.slug, text, "plan", 1_000.0, "bad")


def _finding(finding: Finding, one: Glance) -> str:
    speech = Speech(finding.unit, one.unusual.currency if one.unusual else one.client.currency, current())
    return t(
        "{what}: {value} where {expected} is usual, {days}", what=_titled(finding.title, finding.channel_title),
        value=speech.short(finding.value), expected=speech.short(finding.expected), days=show.dates(finding.since, finding.until),
    )


# ------------------------------------------------------------------------------------------------------------------- rows


def table(found: Sequence[Glance]) -> None:
    """A row per client; a press on its name opens its week."""
    columns = [
        Column("manager", t("Manager"), words=True),
        Column("spend", t("Spend"), t("The last 28 loaded days against the 28 before.")),
        Column("result", t("Result"), t("Orders of a shop, conversions of the others.")),
        Column("efficiency", t("Efficiency"), t("Cost-revenue ratio of a shop, CPA of the others.")),
        Column("plan", t("Plan"), t("Targets of the month that are at risk."), words=True),
        Column("budget", t("Budget"), t("Spent against the plan up to this day; under it, the day it runs out.")),
        Column("unusual", t("Unusual"), t("What is out of the ordinary in the last two weeks, and what it costs or brings.")),
        Column("stage", t("Stage"), words=True),
        Column("report", t("Report"), words=True),
        Column("data", t("Loaded until"), words=True),
    ]
    logos = brand.rows()
    rows = [replace(_row(one), picture=logos.get(one.client.slug, "")) for one in found]
    if not who.may(Power.MONEY):
        places = [place for place, column in enumerate(columns) if column.key not in _MONEY]
        columns = [columns[place] for place in places]
        rows = [replace(row, cells=tuple(row.cells[place] for place in places)) for row in rows]
    pressed = figures.table(
        t("Client"), columns, rows, None, key="portfolio", order=figures.AS_GIVEN, caption=t("Clients"),
    )
    if pressed:
        address.put("client", pressed.row)
        st.switch_page(listing.file_of(_open(_page(pressed.column))), query_params={"client": pressed.row, "lang": current().language})


def _page(column: str) -> str:
    pages = {"plan": "plan", "budget": "plan", "stage": "life_cycle", "data": "data", "spend": "channels", "report": "report"}
    return pages.get(column, "week")


def _open(page: str) -> str:
    """The page, or the week where that one is not open to whoever looks."""
    return page if listing.opens(page) else "week"


def _row(one: Glance) -> Row:
    spend, result, efficiency = (_light(one, metric) for metric in one.metrics)
    manager = current().written(str(one.client.facts.get("manager", ""))) or DASH
    slow = (_plan(one), _budget(one), _unusual(one), _stage(one)) if one.read else (Cell(t("being read…"), absent=True),) * 4
    cells = (Cell(manager, change=_tenure(one)), spend, result, efficiency, *slow, _report(one), _data(one))
    return Row(one.client.slug, _name(one), cells, opens=True)


def _tenure(one: Glance) -> str:
    """How long the agency has worked for the client, where the settings say since when."""
    found = tenure.read(one.client.facts, one.today)
    return t("with us {months} months", months=current().number(found.months)) if found else ""


def _light(one: Glance, metric: str) -> Cell:
    """A main figure and its change; coloured beyond noise only."""
    if one.figures is None:
        return Cell(DASH, absent=True)
    line = answer.total(one.figures, current())
    change = line.change(metric, current())
    title = t(METRICS[metric].title)
    text = Speech(METRICS[metric].unit, one.figures.currency, current()).short(line.now.get(metric))
    return Cell(f"{title} {text}" if metric not in ("spend",) else text, line.now.get(metric), change.text, change.tone)


def _plan(one: Glance) -> Cell:
    targets = [line for line in one.planned if line.outlook is not None]
    if not targets:
        return Cell(t("no plan"), absent=True)
    risky = one.at_risk
    names = ", ".join(dict.fromkeys(_titled(line.title, line.channel_title) for line in risky[:2]))
    text = t("{risky} of {all} at risk", risky=len(risky), all=len(targets)) if risky else t("on its way")
    return Cell(text, float(len(risky)), names, "bad" if risky else "good") if names else Cell(text, 0.0, tone="good")


def _budget(one: Glance) -> Cell:
    line = next((line for line in one.planned if line.budget and not line.channel), None)
    if line is None or line.index is None:
        return Cell(DASH, absent=True)
    more = t("until {day}", day=current().day(line.runs_out)) if line.runs_out else t("lasts")
    return Cell(current().share(line.index, 0), line.index, more, "bad" if line.runs_out else "flat")


def _unusual(one: Glance) -> Cell:
    recent = one.recent
    if not recent:
        return Cell(DASH, 0.0)
    money = sum(finding.money or 0.0 for finding in recent)
    said = Speech("money", one.unusual.currency if one.unusual else one.client.currency, current()).short(money)
    return Cell(current().number(len(recent)), abs(money), said, "bad" if money < 0 else "good" if money > 0 else "flat")


def _stage(one: Glance) -> Cell:
    view = one.stage
    if view is None or view.shown is None:
        return Cell(t("not clear"), absent=True)
    chance = view.chances.get(view.shown)
    return Cell(t(view.shown), chance, t("set by hand") if view.by_hand else current().share(chance, 0) if chance is not None else "")


def _report(one: Glance) -> Cell:
    """When the next report is due, and how long ago the last one went."""
    ago = t("{days} days since the last", days=current().number((one.today - one.sent).days)) if one.sent else ""
    if one.due is None:
        return Cell(DASH, None, ago) if ago else Cell(DASH, absent=True)
    late = [t("overdue")] if one.due < 0 else []
    return Cell(
        current().day(one.today + timedelta(days=one.due)), float(one.due), ", ".join([*late, *filter(None, [ago])]),
        "bad" if late else "flat",
    )


def _data(one: Glance) -> Cell:
    if one.last is None:
        return Cell(t("cannot be read"), tone="bad") if one.fault else Cell(t("nothing is loaded"), absent=True)
    late = t("{days} behind", days=counted(one.behind, "day", "days", current())) if one.behind else ""
    more = late or (t("cannot be read") if one.fault else "")
    return Cell(current().day(one.last), float(-one.behind), more, "bad" if more else "flat")


def _tone(finding: Finding) -> str:
    return {True: "good", False: "bad", None: "flat"}[finding.good]


def _titled(title: str, channel: str) -> str:
    return f"{t(title)} · {t(channel)}" if channel else t(title)


def _name(one: Glance) -> str:
    return store.name(one.client, current().language)
