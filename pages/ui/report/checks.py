"""Is it safe to send? The checks, the worst first, each with what to do."""

from __future__ import annotations

import streamlit as st

from pages.ui import show
from pages.ui.language import current, t
from reports.preflight import AMBER, GREEN, RED
from reports.story import Check, Story

_SIGNS = {RED: ":red[:material/block:]", AMBER: ":orange[:material/warning:]", GREEN: ":green[:material/check_circle:]"}


def draw(made: Story) -> None:
    """The panel. What is green is one line that opens."""
    found = [check for check in made.checks if check.light != GREEN]
    passed = [check for check in made.checks if check.light == GREEN]
    with st.container(border=True, gap="xsmall", key="checks"):
        show.section(verdict(made))
        for check in found:
            _line(check)
        if passed:
            with st.expander(t("Passed: {count}", count=current().number(len(passed))), icon=":material/check_circle:"):
                for check in passed:
                    _line(check)


def verdict(made: Story) -> str:
    """In a few words."""
    if made.held:
        return t("Held: not safe to send")
    if any(check.light == AMBER for check in made.checks):
        return t("Safe to send, with footnotes")
    return t("Safe to send")


def _line(check: Check) -> None:
    fix = f"  \n:gray[{show.marked(check.fix)}]" if check.fix and check.light != GREEN else ""
    st.markdown(f"{_SIGNS[check.light]} {show.marked(check.said)}{fix}")
