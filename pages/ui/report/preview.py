"""The document as the client will see it, in a frame of its own that can do nothing to the page around it, and presenting it.

The frame runs scripts without our origin: whatever a document carries, it cannot reach the app.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st

from pages.ui.language import t
from reports.exporters import exporter
from reports.story import Story

_HERE = Path(__file__).parent
_KEPT = 24


@lru_cache(maxsize=1)
def _component() -> Any:
    return st.components.v2.component(
        "vitrina_document", html='<div class="root"></div>\n', css=(_HERE / "preview.css").read_text(encoding="utf-8"),
        js=(_HERE / "preview.js").read_text(encoding="utf-8"),
    )


def draw(made: Story, key: str) -> None:
    """The document; a press on Present fills the screen with one block at a time."""
    words = {
        "present": t("Present"), "keys": t("Arrow keys turn the slides, N shows the notes, Esc leaves"), "notes": t("Notes"),
        "nothing": t("No notes for this slide"), "title": t("The document as the client sees it"),
    }
    notes = {block.key: list(block.speaker) for block in made.blocks}
    _component()(key=key, data={"html": _page(made), "slides": _layer(), "notes": notes, "words": words})


@lru_cache(maxsize=_KEPT)
def _page(made: Story) -> str:
    return exporter("html").write(made).decode("utf-8")


@lru_cache(maxsize=1)
def _layer() -> str:
    """What turns a document into slides; it is put into the frame only."""
    style, script = ((_HERE / f"slides.{kind}").read_text(encoding="utf-8") for kind in ("css", "js"))
    return f"<style>{style}</style><script>{script}</script>"
