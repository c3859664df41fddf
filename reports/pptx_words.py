"""Paragraphs, bullets and cards of a slide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from pptx.enum.text import MSO_ANCHOR

from reports.pptx_deck import PANEL, Deck
from reports.pptx_flow import GAP, Band
from reports.pptx_text import BODY, SMALL, Box, Said, height, panel, put, shortened, width, wrapped
from reports.story import Figure

MOST_CARDS = 6
"""In one row."""
_CARD = 1.42
_INSET = 0.14


@dataclass(frozen=True)
class Texts:
    """Paragraphs in a column of `room` inches. They are cut between lines where a slide ends."""

    deck: Deck
    said: tuple[Said, ...]
    room: float

    @property
    def least(self) -> float:
        return sum(self._high(one) for one in self.said)

    @property
    def most(self) -> float:
        return self.least

    def cut(self, room: float) -> tuple[Band | None, Band | None]:
        kept: list[Said] = []
        for place, one in enumerate(self.said):
            high = self._high(one)
            if high <= room + 0.01:
                kept.append(one)
                room -= high
                continue
            head, tail = self._split(one, room)
            rest = replace(self, said=(*([tail] if tail else []), *self.said[place + 1 :]))
            whole = (*kept, *([head] if head else []))
            return (replace(self, said=whole) if whole else None), rest
        return self, None

    def draw(self, slide: Any, box: Box) -> None:
        put(slide, box, self.said, self.deck.language, "Text")

    def _high(self, one: Said) -> float:
        return height(len(self._lines(one)), one.size) + one.after / 72

    def _lines(self, one: Said) -> list[str]:
        return wrapped(one.text, one.size, self.room - (0.2 if one.bullet else 0.0), one.bold)

    def _split(self, one: Said, room: float) -> tuple[Said | None, Said | None]:
        """A paragraph that is longer than a slide, or its rest, is cut between lines; a shorter one moves on whole."""
        lines = self._lines(one)
        fit = int(room / height(1, one.size))
        if len(lines) < 12 or fit < 3:
            return None, one
        return replace(one, text=" ".join(lines[:fit])), replace(one, text=" ".join(lines[fit:]), bullet=False)


def lead(deck: Deck, texts: Sequence[str], room: float, size: float = BODY) -> Texts:
    return Texts(deck, tuple(Said(text, size, deck.colours.ink, after=5) for text in texts), room)


def bullets(deck: Deck, texts: Sequence[str], room: float, size: float = BODY) -> Texts:
    return Texts(deck, tuple(Said(text, size, deck.colours.ink, bullet=True, after=5) for text in texts), room)


def notes(deck: Deck, texts: Sequence[str], room: float) -> Texts:
    """What the reader has to know about the figures."""
    return Texts(deck, tuple(Said(text, 10.5, deck.colours.soft, after=2) for text in texts), room)


@dataclass(frozen=True)
class Cards:
    """A row of figures: title, value, change with a word for its tone, code."""

    deck: Deck
    figures: tuple[Figure, ...]
    least: float = _CARD
    most: float = _CARD

    def cut(self, room: float) -> tuple[Band | None, Band | None]:
        return (self, None) if self.least <= room else (None, self)

    def draw(self, slide: Any, box: Box) -> None:
        places = max(3, len(self.figures))
        wide = (box.w - GAP * (places - 1)) / places
        for place, figure in enumerate(self.figures):
            self._card(slide, Box(box.x + place * (wide + GAP), box.y, wide, box.h), figure)

    def _card(self, slide: Any, box: Box, figure: Figure) -> None:
        deck, room = self.deck, box.w - 2 * _INSET
        panel(slide, box, PANEL, f"Card {figure.code}")
        code = width(figure.code, 9) + 0.05
        size = next((size for size in (26, 22, 19, 16) if width(figure.text, size, True) <= room), 13)
        title = shortened(figure.title, SMALL, room - code, 2)
        above = 2 if len(wrapped(title, SMALL, room - code)) > 1 else 1
        soft = deck.colours.soft
        put(slide, Box(box.x + _INSET, box.y + 0.1, room - code, height(above, SMALL)), [Said(title, SMALL, soft, after=0)], deck.language)
        put(
            slide, Box(box.x + box.w - _INSET - code, box.y + 0.1, code, height(1, 9)), [Said(figure.code, 9, soft, after=0, align="right")],
            deck.language,
        )
        middle = Box(box.x + _INSET, box.y + 0.48, room, 0.44)
        value = Said(shortened(figure.text, size, room, 1, True), size, deck.colours.ink, bold=True, after=0)
        put(slide, middle, [value], deck.language, anchor=MSO_ANCHOR.MIDDLE)
        self._change(slide, Box(box.x + _INSET, box.y + 0.94, room, 0.4), figure)

    def _change(self, slide: Any, box: Box, figure: Figure) -> None:
        """The change and what it is, in a word: a colour alone would be lost on a grey printer."""
        deck, moved = self.deck, figure.change
        if moved and figure.tone != "flat":
            moved = f"{moved} · {tone_word(deck, figure.tone)}"
        shown = [Said(shortened(moved, SMALL, box.w, 1, True), SMALL, deck.word(figure.tone), bold=figure.tone != "flat", after=0)] if moved else []
        if figure.was:
            shown.append(Said(shortened(figure.was, 10, box.w), 10, deck.colours.soft, after=0))
        if shown:
            put(slide, box, shown, deck.language)


def tone_word(deck: Deck, tone: str) -> str:
    return deck.say.t("better") if tone == "good" else deck.say.t("worse")


def cards(deck: Deck, figures: Sequence[Figure]) -> list[Cards]:
    """Rows of equal length."""
    rows = -(-len(figures) // MOST_CARDS)
    per = -(-len(figures) // rows) if rows else 1
    return [Cards(deck, tuple(figures[start : start + per])) for start in range(0, len(figures), per)]
