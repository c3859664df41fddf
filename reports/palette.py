"""The colours of one client's documents: an accent of the client's own, and roles and tones that mean the same in every chart. Pure.

Good and bad differ in hue, in lightness and by a sign or a word, so they survive colour blindness and a grey printer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

WHITE: Final = "#FFFFFF"
INK: Final = "#17212B"
NIGHT: Final = "#12181F"
DAY_LIGHT, LEGIBLE = 3.0, 4.5
"""Least contrast of a shape, and of a text, to what lies under it."""

BEFORE, LAST_YEAR, PLAN = "#8792A0", "#A98B55", "#A62FB0"
GOOD, BAD, FLAT = "#12A38C", "#B8430A", "#707C8A"
PARTS: Final = (PLAN, "#B0791B", "#C2557F", "#4A98B5", "#6B8E23", FLAT)


@dataclass(frozen=True)
class Palette:
    """Colours as an SVG or a style sheet reads them. `accent` is for shapes; `ink`, `soft` for words; `grid`, `axis` for lines."""

    accent: str
    ink: str
    soft: str
    grid: str
    axis: str
    paper: str
    on_accent: str = WHITE
    before: str = BEFORE
    year: str = LAST_YEAR
    plan: str = PLAN
    good: str = GOOD
    bad: str = BAD
    flat: str = FLAT
    parts: tuple[str, ...] = PARTS

    def tone(self, tone: str) -> str:
        return {"good": self.good, "bad": self.bad}.get(tone, self.flat)

    def role(self, role: str, place: int = 0) -> str:
        """`place` numbers the series of a chart: parts of a whole take the colours in turn, the accent first."""
        if role == "part":
            return (self.accent, *self.parts)[place % (len(self.parts) + 1)]
        known = {"now": self.accent, "before": self.before, "year": self.year, "plan": self.plan, "good": self.good, "bad": self.bad}
        return known.get(role, self.flat)


def printed(accent: str) -> Palette:
    """For white paper."""
    shown = readable(accent, WHITE)
    return Palette(shown, INK, "#5B6875", "#E3E7EB", "#A9B3BD", WHITE, over(shown))


def readable(colour: str, paper: str, least: float = DAY_LIGHT) -> str:
    """The colour, moved towards black or white until it stands out from the paper. What is no colour becomes the house's blue."""
    shown = colour if re.fullmatch(r"#[0-9A-Fa-f]{6}", colour) else "#2F74D0"
    away = "#000000" if light(paper) > 0.4 else WHITE
    for step in range(21):
        moved = mixed(shown, away, step / 20)
        if contrast(moved, paper) >= least:
            return moved
    return away


def over(colour: str) -> str:
    """What words on this colour are written in."""
    return WHITE if contrast(colour, WHITE) >= DAY_LIGHT else INK


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black on white). Source: WCAG 2.2, contrast ratio."""
    lighter, darker = sorted((light(one), light(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def light(colour: str) -> float:
    """Relative luminance, 0 to 1. Source: WCAG 2.2."""
    parts = (channel / 255 for channel in _channels(colour))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def mixed(one: str, other: str, share: float) -> str:
    """Between two colours: `share` 0 is the one, 1 the other."""
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)
