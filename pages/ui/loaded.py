"""What is loaded, drawn: a strip per account and table, and under it how fresh and how trustworthy each one is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import streamlit as st

from connectors import discover, live
from pages.ui import coverage, escape, ledger, store
from pages.ui.language import current, t
from pages.ui.ledger import Strip
from pages.ui.view import View

LATELY = timedelta(days=92)
"""A gap up to yesterday that is longer than this is said in words instead of drawn."""
TITLES: Mapping[str, str] = {
    "visits": "visits", "conversions": "goal reaches", "orders": "orders", "traffic": "traffic by day", "audience": "people",
    "spend": "spend", "steps": "steps of a funnel", "demand": "demand of the market",
}


def calendar(view: View) -> None:
    """Draw the calendar of one client's store, which holds something."""
    yesterday = view.today - timedelta(days=1)
    strips = ledger.strips(store.ledger(view.store), yesterday)
    names = _names(strips)
    stretches = [
        replace(stretch, strip=name, marks=tuple(_marks(strip, view)))
        for strip, name in zip(strips, names, strict=True) for stretch in strip.stretches
    ]
    since, until = min(strip.since for strip in strips), max(strip.until for strip in strips)
    if until < yesterday <= until + LATELY:
        until = yesterday
    drawn = coverage.draw(names, [stretch for stretch in stretches if stretch.since <= until], since, until, current())
    st.plotly_chart(drawn, key="calendar", config={"displayModeBar": False}, alt=t("Which days are loaded, by account and table"))
    _freshness(strips, names, view)


def _names(strips: Sequence[Strip]) -> list[str]:
    """`45231030 · visits`; with its source where two sources fill the same table of one account."""
    plain = Counter((strip.account, strip.table) for strip in strips)
    named = [f"{strip.account} · {t(TITLES.get(strip.table, strip.table))}" for strip in strips]
    return [
        f"{name} · {_source(strip)}" if plain[strip.account, strip.table] > 1 else name
        for strip, name in zip(strips, named, strict=True)
    ]


def _freshness(strips: Sequence[Strip], names: Sequence[str], view: View) -> None:
    """One line per strip: until when, loaded when, from what, and whether it is all the source has."""
    words = current()
    columns: dict[str, list[str]] = {
        t("What"): [escape.markdown(name) for name in names],
        t("Source"): [escape.markdown(_source(strip)) for strip in strips],
        t("Dates"): [words.period(strip.since, strip.until) for strip in strips],
        t("Loaded"): [_moment(strip, view) for strip in strips],
        t("Worth knowing"): [escape.markdown("; ".join(_marks(strip, view))) for strip in strips],
        t("Files"): [escape.markdown(_files(strip)) for strip in strips],
    }
    st.table(columns, border="horizontal", hide_index=True, alt=t("Freshness of what is loaded"))


def _moment(strip: Strip, view: View) -> str:
    """When it was loaded, on the client's clock."""
    at = strip.loaded_at.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(view.client.timezone))
    return f"{current().day(at.date())}, {at:%H:%M}"


def _files(strip: Strip) -> str:
    """The newest file, and how many more. An export in parts names them all in one breath."""
    parts = [part for origin in strip.origins for part in origin.split(" + ")]
    names = list(dict.fromkeys(part.rsplit(" #", 1)[0] for part in parts))
    return names[-1] if len(names) == 1 else t("{name} and {count} more", name=names[-1], count=len(names) - 1)


def _marks(strip: Strip, view: View) -> list[str]:
    marks = []
    behind = (view.today - strip.until).days - 1
    if behind > 0:
        marks.append(t("days without data since: {count}", count=behind))
    if strip.sample_share is not None and strip.sample_share < 1:
        marks.append(t("sampled: {share} of the data", share=current().share(strip.sample_share, 0)))
    if strip.thresholded:
        marks.append(t("small rows may be hidden"))
    missing = sum((s.until - s.since).days + 1 for s in strip.stretches if s.state == "absent" and s.until <= strip.until)
    if missing:
        marks.append(t("days missing inside: {count}", count=missing))
    if any(stretch.state == "provisional" for stretch in strip.stretches):
        marks.append(t("last days may still change"))
    return marks


def _source(strip: Strip) -> str:
    """The source's title as people call it."""
    known = {**{one.name: one.title for one in live.services()}, **{source.name: source.title for source in discover()}}
    return t(known.get(strip.source, strip.source))
