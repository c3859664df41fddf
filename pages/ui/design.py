"""The colours and sizes that charts, cards and tables share. The theme in `.streamlit/config.toml` holds the rest.

One accent says "now". Good and bad differ in hue, in lightness and by an arrow or a word, so they survive colour blindness and a
grey printer. Chart colours are of middle lightness: each stands out from the light and from the dark page (at least 3 to 1).
"""

from __future__ import annotations

from typing import Final

NOW: Final = "#2F74D0"
BEFORE: Final = "#8792A0"
LAST_YEAR: Final = "#A98B55"
PLAN: Final = "#A62FB0"
GOOD: Final = "#12A38C"
BAD: Final = "#B8430A"
NEUTRAL: Final = "#707C8A"

INK: Final = "#17212B"
INK_ON_DARK: Final = "#E7EBF0"
GRID: Final = "rgba(128,140,153,0.22)"
AXIS: Final = "rgba(128,140,153,0.55)"
VEIL: Final = "rgba(128,140,153,0.12)"
HATCH: Final = "rgba(128,140,153,0.40)"

SERIES: Final = (NOW, PLAN, GOOD, "#B0791B", "#C2557F", "#4A98B5", NEUTRAL)
"""For parts of a whole that have no better or worse; the same list as chartCategoricalColors."""

SMALL, BODY = 12, 13
"""Unit: pixels of chart text."""
