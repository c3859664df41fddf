"""The colours of the client's documents: the client's accent says "now"; good and bad differ in hue and lightness, never alone.

Made for white paper and a projector: every colour of a line or a bar stands out from white, 3 to 1 at least.
"""

from __future__ import annotations

from typing import Final

INK: Final = "#17212B"
QUIET: Final = "#5B6673"
RULE: Final = "#D5DAE0"
PANEL: Final = "#F4F6F8"
PAPER: Final = "#FFFFFF"

BEFORE: Final = "#8792A0"
LAST_YEAR: Final = "#A98B55"
PLAN: Final = "#8A5CC2"
GOOD: Final = "#14917F"
BAD: Final = "#D1591F"
FLAT: Final = "#7C8896"

TONES: Final = {"good": GOOD, "bad": BAD, "flat": FLAT}
"""Of bars and lines."""

WORDS: Final = {"good": "#0E7365", "bad": "#AD4310", "flat": QUIET}
"""The same tones as text: darker, 4.5 to 1 on white and on a panel."""

_PARTS: Final = (PLAN, GOOD, "#B0791B", "#C2557F", "#4A98B5", FLAT)
_ROLES: Final = {"before": BEFORE, "year": LAST_YEAR, "plan": PLAN, "good": GOOD, "bad": BAD}
_LEAST = 3.0


def of(role: str, place: int, accent: str) -> str:
    """Colour of a series. `place` counts the series of a chart and tells parts of a whole apart."""
    parts = (accent, *_PARTS)
    return parts[place % len(parts)] if role == "part" else _ROLES.get(role, accent)


def readable(accent: str) -> str:
    """The accent, darkened until it stands out from white."""
    parts = _parts(accent)
    while contrast(_written(parts), PAPER) < _LEAST:
        parts = tuple(part * 0.93 for part in parts)
    return _written(parts)


def tint(colour: str, strength: float) -> str:
    """The colour mixed into white: 0 is white, 1 the colour itself."""
    return _written(tuple(255 + (part - 255) * min(1.0, max(0.0, strength)) for part in _parts(colour)))


def over(background: str) -> str:
    """Ink or white, whichever is read more easily there."""
    return INK if contrast(INK, background) >= contrast(PAPER, background) else PAPER


def contrast(one: str, other: str) -> float:
    """Ratio between 1 and 21. Source: WCAG 2.2, contrast ratio."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (
        part / 255 / 12.92 if part / 255 <= 0.04045 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in _parts(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _parts(colour: str) -> tuple[float, ...]:
    digits = colour.lstrip("#")
    return tuple(float(int(digits[place : place + 2], 16)) for place in (0, 2, 4))


def _written(parts: tuple[float, ...]) -> str:
    return "#" + "".join(f"{round(part):02X}" for part in parts)
