"""The tree of drivers as boxes that open: plain HTML lists, so that the text can be read out, found and printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import streamlit as st

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Box:
    """A figure and what it is made of. `sign` stands before it (×, /, +, −); `then` is its value in the what-if."""

    key: str
    name: str
    value: str
    change: str = ""
    tone: str = "flat"
    plan: str = ""
    then: str = ""
    sign: str = ""
    absent: bool = False
    parts: tuple[Box, ...] = ()


_TREE = st.components.v2.component(
    "vitrina_tree",
    html='<div class="root tree" tabindex="-1"></div>\n',
    css=(_HERE / "tree.css").read_text(encoding="utf-8"),
    js=(_HERE / "tree.js").read_text(encoding="utf-8"),
)


def draw(root: Box, label: str, key: str) -> str | None:
    """Draw the tree. Returns the key of the box just pressed."""
    said = _TREE(key=key, data={"root": asdict(root), "label": label}, on_pick_change=_nothing)
    pick: str | None = said.pick
    return pick


def every(root: Box) -> Sequence[Box]:
    """The box and all under it."""
    return [root, *(one for part in root.parts for one in every(part))]


def _nothing() -> None:
    """A component reports a press only if somebody listens for it."""
