"""The minutes as a file to take away."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from metrics.readings.outcomes import Outcome
from metrics.readings.pace import PaceReading
from metrics.readings.unusual import UnusualReading
from metrics.readings.why import WhyReading
from metrics.result import Result
from pages.ui.language import current, t
from pages.ui.view import View
from pages.ui.week import figures, minutes


def offer(
    view: View, totals: Result, moved: WhyReading, month: PaceReading | None, strange: UnusualReading, done: Sequence[Outcome]
) -> None:
    """A button that writes the page only when it is pressed. NB: that happens outside of the session, which alone knows the language."""
    say, metrics = current(), figures.metrics(view)
    st.download_button(
        t("Minutes of the meeting"), data=lambda: minutes.written(view.name, totals, metrics, moved, month, strange, done, say),
        file_name=f"{view.client.slug}_{view.since}_{view.until}.md", mime="text/markdown", icon=":material/description:",
        on_click="ignore",
    )
