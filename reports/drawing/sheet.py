"""A sheet to draw on: shapes and words as SVG text, nothing else. No script, no style sheet, no reference to anything outside.

Lengths are the units of the sheet: points on paper, pixels on a screen. y grows downwards.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

from reports.palette import Palette

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_NARROW, _WIDE = set("iljftr.,:;'|!()[] \u00a0\u202fгт"), set("mwMWшщюжфмШЩЮЖФМ@%—")


@dataclass(frozen=True)
class Look:
    """How everything of one document is drawn: width of the sheet, size and family of its words, colours."""

    width: float
    size: float
    family: str
    palette: Palette


@dataclass(frozen=True)
class Written:
    """Words on the sheet, on the base line y."""

    x: float
    y: float
    words: str
    anchor: str
    colour: str
    size: float
    bold: bool


@dataclass
class Sheet:
    """Collects shapes and words; words lie over all shapes."""

    look: Look
    height: float
    parts: list[str] = field(default_factory=list)
    words: list[Written] = field(default_factory=list)

    def line(self, x1: float, y1: float, x2: float, y2: float, colour: str, width: float = 1.0, dash: str = "") -> None:
        self._add("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=colour, stroke_width=width, stroke_dasharray=dash)

    def bar(self, x: float, y: float, width: float, height: float, colour: str, says: str = "", opacity: float = 1.0) -> None:
        """A rectangle; `says` is what the pointer, and who cannot see, is told."""
        shown = None if opacity >= 1 else opacity
        self._add("rect", says, x=x, y=y, width=max(0.0, width), height=max(0.0, height), fill=colour, fill_opacity=shown)

    def path(self, points: Sequence[tuple[float, float]], colour: str, width: float, dash: str = "") -> None:
        """A line through the points."""
        way = "M" + "L".join(f"{_number(x)} {_number(y)}" for x, y in points)
        self._add("path", d=way, fill="none", stroke=colour, stroke_width=width, stroke_dasharray=dash, stroke_linejoin="round")

    def dot(self, x: float, y: float, radius: float, colour: str, says: str = "", opacity: float = 1.0) -> None:
        self._add("circle", says, cx=x, cy=y, r=radius, fill=colour, fill_opacity=None if opacity >= 1 else opacity)

    def text(self, x: float, y: float, words: str, anchor: str = "start", colour: str = "", size: float = 0.0, bold: bool = False) -> None:
        """Words on the base line y; `anchor` is start, middle or end."""
        self.words.append(Written(x, y, words, anchor, colour or self.look.palette.soft, size or self.look.size, bold))

    def svg(self, says: str) -> str:
        """The picture with its words, and what it shows in a sentence."""
        return self._whole(says, [*self.parts, *map(_text, self.words)])

    def shapes(self, says: str) -> str:
        """The picture without its words, for who sets them as words."""
        return self._whole(says, self.parts)

    def _whole(self, says: str, parts: Sequence[str]) -> str:
        width, height = _number(self.look.width), _number(self.height)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
            f'aria-label="{clean(says)}" font-family="{clean(self.look.family)}">' + "".join(parts) + "</svg>"
        )

    def _add(self, name: str, says: str = "", **attributes: str | float | None) -> None:
        self.parts.append(_tag(name, f"<title>{clean(says)}</title>" if says else "", **attributes))


def _tag(name: str, body: str, **attributes: str | float | None) -> str:
    written = "".join(
        f' {key.replace("_", "-")}="{clean(value) if isinstance(value, str) else _number(value)}"'
        for key, value in attributes.items()
        if value is not None and value != ""
    )
    return f"<{name}{written}>{body}</{name}>"


def _text(one: Written) -> str:
    anchor = None if one.anchor == "start" else one.anchor
    weight = 600 if one.bold else None
    return _tag(
        "text",
        clean(one.words),
        x=one.x,
        y=one.y,
        text_anchor=anchor,
        fill=one.colour,
        font_size=one.size,
        font_weight=weight,
    )


def clean(words: str) -> str:
    """Words as XML may hold them."""
    return escape(_FORBIDDEN.sub("", words))


def wide(words: str, size: float) -> float:
    """About how wide words are: no font is at hand to measure them."""
    letters = sum(0.32 if one in _NARROW else 0.86 if one in _WIDE else 0.68 if one.isupper() else 0.56 for one in words)
    return letters * size


def wrapped(words: str, width: float, size: float, most: int) -> list[str]:
    """Words in lines of at most this width; the last of `most` lines is cut where they are too many."""
    lines: list[str] = []
    for word in words.split():
        if lines and wide(f"{lines[-1]} {word}", size) <= width:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(word)
    kept = lines if len(lines) <= most else [*lines[: most - 1], f"{lines[most - 1]}…"]
    return [cut(line, width, size) for line in kept]


def cut(words: str, width: float, size: float) -> str:
    """Words that fit the width, with an ellipsis where something was cut."""
    if wide(words, size) <= width:
        return words
    kept = words.rstrip("…")
    while len(kept) > 1 and wide(f"{kept}…", size) > width:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


def _number(value: float | None) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if value is not None else ""
