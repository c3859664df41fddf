"""The two buttons under every table: the workbook and the CSV."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.ui import show
from pages.ui.explore import export
from pages.ui.explore.export import Field, Making
from pages.ui.language import current, t


def downloads(name: str, columns: Sequence[Field], made: Making, said: dict[str, str], currency: str) -> None:
    """Both files, each built only when its button is pressed. NB: that happens outside of the session, which alone knows the language."""
    words = current()
    st.download_button(
        t("Download XLSX"), data=lambda: export.workbook(made(), said, currency, words), file_name=f"{name}.xlsx", mime=export.XLSX,
        icon=":material/table_view:", type="tertiary", key=f"xlsx_{name}", on_click="ignore",
    )
    show.download(name, [field.title for field in columns], lambda: export.csv_rows(made()), key=f"csv_{name}")
