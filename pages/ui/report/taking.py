"""Taking the document away: a file per format, written when it is pressed."""

from __future__ import annotations

from collections.abc import Callable, Collection

import streamlit as st

from pages.ui import show
from pages.ui.language import t
from reports.exporters import exporters
from reports.exporting import Export
from reports.story import Story

TITLES = {
    "pptx": "PowerPoint", "pdf": "PDF", "html": "Web page, one file", "xlsx": "Excel", "md": "Text (Markdown)", "json": "Data (JSON)",
}
_ICONS = {
    "pptx": ":material/slideshow:", "pdf": ":material/picture_as_pdf:", "html": ":material/language:", "xlsx": ":material/table_chart:",
    "md": ":material/description:", "json": ":material/data_object:",
}


def offer(made: Story, key: str, formats: Collection[str] = ()) -> None:
    """A button that opens the list of formats, or of those that are named."""
    with st.popover(t("Download"), icon=":material/download:", key=f"take_{key}"):
        if made.held:
            show.caption(t("Checks hold this document. What you take now says so in its footnotes."))
        for name in sorted(set(exporters()) & set(formats or exporters()), key=_place):
            _button(made, exporters()[name], key)


def _button(made: Story, one: Export, key: str) -> None:
    st.download_button(
        t(TITLES.get(one.format, one.format)), data=_written(made, one), file_name=f"{named(made)}.{one.extension}", mime=one.mime,
        icon=_ICONS.get(one.format, ":material/draft:"), key=f"take_{key}_{one.format}", on_click="ignore", type="tertiary",
    )


def _written(made: Story, one: Export) -> Callable[[], bytes]:
    return lambda: one.write(made)


def named(made: Story) -> str:
    """`kettles_month_2026-10-01_2026-10-31_ru`."""
    return f"{made.client}_{made.template}_{made.since}_{made.until}_{made.language}"


def _place(name: str) -> tuple[int, str]:
    known = list(TITLES)
    return known.index(name) if name in known else len(known), name
