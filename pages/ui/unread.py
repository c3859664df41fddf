"""Rows of files that could not be read: how many there are, why, and a button to take them away."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from data import rejected
from data.batches import Rejected
from data.rejected import Heap
from data.warehouse import Warehouse
from pages.ui import escape, show
from pages.ui.language import current, t
from pages.ui.loaded import TITLES
from pages.ui.view import View


def offer(name: str, rows: Sequence[Rejected], key: str) -> None:
    """A button that hands the rows over; nothing where there are none."""
    if not rows:
        return
    header, russian = [t("Line"), t("Row"), t("Why")], current().russian
    st.download_button(
        t("Download the rows that could not be read"), data=lambda: escape.sheet(header, rejected.sheet(rows), russian),
        file_name=f"{name}_unread.csv", mime="text/csv", icon=":material/download:", type="tertiary", key=key, on_click="ignore",
    )


def draw(view: View) -> None:
    """What could not be read of everything that was loaded, file by file."""
    heaps = _heaps(view.store.key, view.version, view.store)
    if not heaps:
        return
    count = sum(len(heap.rows) for heap in heaps)
    with st.expander(t("Rows that could not be read: {count}", count=count), icon=":material/report:"):
        show.text(t("They are in no figure. Correct them in the file and load it again; what can be read then replaces what stands here."))
        for place, heap in enumerate(heaps):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                what = t(TITLES.get(heap.table, heap.table))
                show.text(f"{heap.origin} · {what} · {heap.account}: {len(heap.rows)}")
                st.space("stretch")
                offer(f"{view.client.slug}_{place + 1}", heap.rows, f"unread_{place}")


@st.cache_resource(max_entries=50, show_spinner=False)
def _heaps(folder: str, version: int, _store: Warehouse) -> tuple[Heap, ...]:
    return rejected.of(_store.pinned())
