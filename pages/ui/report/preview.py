"""The document as the client will see it, in a frame of its own that can do nothing to the page around it, and presenting it.

The frame runs scripts without our origin: whatever a document carries, it cannot reach the app.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st

from pages.ui.language import t
from reports.exporters import exporter
from reports.story import Story

_HERE = Path(__file__).parent
_KEPT = 24
_MOVING = re.compile(r'<script type="text/plain" id="plotly">.*?</script>', re.DOTALL)


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
    notes = [list(block.speaker) for block in sorted(made.blocks, key=lambda block: block.kind != "cover")]
    style, script = _layer()
    slides = f"<style>{style}</style><script>{script}</script>"
    _component()(key=key, data={"html": _page(made), "slides": slides, "notes": notes, "words": words})


@lru_cache(maxsize=_KEPT)
def _page(made: Story) -> str:
    """The page with still pictures: what moves would weigh two megabytes more at each run. Its policy lets our slides run too."""
    page = _MOVING.sub("", exporter("html").write(made).decode("utf-8"))
    script = _layer()[1]
    mark = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")
    return page.replace("script-src ", f"script-src 'sha256-{mark}' ", 1)


@lru_cache(maxsize=1)
def _layer() -> tuple[str, str]:
    """Style and script that turn a document into slides; they are put into the frame only."""
    style, script = ((_HERE / f"slides.{kind}").read_text(encoding="utf-8") for kind in ("css", "js"))
    return style, script
