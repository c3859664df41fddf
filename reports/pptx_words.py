"""Paragraphs, bullets and cards of a slide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from pptx.enum.text import MSO_ANCHOR

from reports.pptx_deck import HEADING, PANEL, Deck
from reports.pptx_flow import GAP, Band
from reports.pptx_text import BODY, FINE, SMALL, Box, Said, height, panel, put, shortened, width, wrapped
from reports.story import Figure

MOST_CARDS = 6
"""In one row."""
_CARD = 1.32
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

    def cut(self, room: float, fresh: bool) -> tuple[Band | None, Band | None]:
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

    def _lines(self, one: Said) -> tuple[str, ...]:
        return wrapped(one.text, one.size, self.room - (0.2 if one.bullet else 0.0), one.bold)

    def _split(self, one: Said, room: float) -> tuple[Said | None, Said | None]:
        """A paragraph that is longer than a slide, or its rest, is cut between lines; a shorter one moves on whole."""
        lines = self._lines(one)
        fit = int(room / height(1, one.size))
        if len(lines) < 12 or fit < 3:
            return None, one
        return replace(one, text=" ".join(lines[:fit])), replace(one, text=" ".join(lines[fit:]), bullet=False)


@dataclass(frozen=True)
class Heading:
    """The title of the second block on a slide. It never stands last."""

    deck: Deck
    text: str
    room: float

    @property
    def least(self) -> float:
        return height(min(2, len(wrapped(self.text, HEADING, self.room - 0.2, True))), HEADING) + 0.1

    @property
    def most(self) -> float:
        return self.least

    def cut(self, room: float, fresh: bool) -> tuple[Band | None, Band | None]:
        return (self, None) if fresh or self.least <= room + 0.01 else (None, self)

    def draw(self, slide: Any, box: Box) -> None:
        self.deck.heading(slide, box, self.text)


def lead(deck: Deck, texts: Sequence[str], room: float, size: float = BODY) -> Texts:
    return Texts(deck, tuple(Said(text, size, deck.colours.ink, after=5) for text in texts), room)


def bullets(deck: Deck, texts: Sequence[str], room: float, size: float = BODY) -> Texts:
    return Texts(deck, tuple(Said(text, size, deck.colours.ink, bullet=True, after=5) for text in texts), room)


def notes(deck: Deck, texts: Sequence[str], room: float) -> Texts:
    """What the reader has to know about the figures."""
    return Texts(deck, tuple(Said(text, 10.5, deck.colours.soft, after=2) for text in texts), room)


@dataclass(frozen=True)
class Cards:
    """A row of figures: title, value, change with a word for its tone, code. `scale` makes all of it larger."""

    deck: Deck
    figures: tuple[Figure, ...]
    scale: float = 1.0
    places: int = 3

    @property
    def least(self) -> float:
        return _CARD * self.scale

    @property
    def most(self) -> float:
        return self.least

    def cut(self, room: float, fresh: bool) -> tuple[Band | None, Band | None]:
        return (self, None) if fresh or self.least <= room + 0.01 else (None, self)

    def draw(self, slide: Any, box: Box) -> None:
        places = max(self.places, len(self.figures))
        wide = (box.w - GAP * (places - 1)) / places
        for place, figure in enumerate(self.figures):
            self._card(slide, Box(box.x + place * (wide + GAP), box.y, wide, self.least), figure)

    def _card(self, slide: Any, box: Box, figure: Figure) -> None:
        deck, room, small, fine = self.deck, box.w - 2 * _INSET, SMALL * self.scale, FINE * self.scale
        panel(slide, box, PANEL, f"Card {figure.code}")
        code = width(figure.code, fine) + 0.05
        title = shortened(figure.title, small, room - code, 2)
        said = Said(title, small, deck.colours.soft, after=0)
        left = box.x + _INSET
        self._put(slide, Box(left, box.y + 0.08 * self.scale, room - code, height(2, small)), [said])
        mark = Said(figure.code, fine, deck.colours.soft, after=0, align="right")
        self._put(slide, Box(left + room - code, box.y + 0.08 * self.scale, code, height(1, fine)), [mark])
        size = self._size(room)
        value = Said(shortened(figure.text, size, room, 1, True), size, deck.colours.ink, bold=True, after=0)
        self._put(slide, Box(left, box.y + 0.44 * self.scale, room, 0.42 * self.scale), [value], MSO_ANCHOR.MIDDLE)
        under = self._change(figure, room)
        if under:
            self._put(slide, Box(left, box.y + 0.88 * self.scale, room, 0.4 * self.scale), under)

    def _size(self, room: float) -> float:
        """The largest letters in which every value of the row stands: figures side by side are written alike."""
        sizes = (size * self.scale for size in (26, 22, 19, 16))
        return next((size for size in sizes if all(width(one.text, size, True) <= room for one in self.figures)), 13)

    def _put(self, slide: Any, box: Box, said: Sequence[Said], anchor: MSO_ANCHOR = MSO_ANCHOR.TOP) -> None:
        put(slide, box, said, self.deck.language, anchor=anchor)

    def _change(self, figure: Figure, room: float) -> list[Said]:
        """The change and what it is, in a word: a colour alone would be lost on a grey printer."""
        deck, moved, small, fine = self.deck, figure.change, SMALL * self.scale, 10 * self.scale
        toned = figure.tone != "flat"
        if moved and toned:
            moved = f"{moved} · {tone_word(deck, figure.tone)}"
        found = [Said(shortened(moved, small, room, 1, True), small, deck.word(figure.tone), bold=toned, after=0)] if moved else []
        if figure.was:
            found.append(Said(shortened(figure.was, fine, room), fine, deck.colours.soft, after=0))
        return found


def tone_word(deck: Deck, tone: str) -> str:
    return deck.say.t("better") if tone == "good" else deck.say.t("worse")


def cards(deck: Deck, figures: Sequence[Figure], alone: bool = False) -> list[Cards]:
    """Rows of equal length; larger where nothing else stands on the slide."""
    most = MOST_CARDS // 2 if alone and len(figures) > 2 else MOST_CARDS
    rows = -(-len(figures) // most)
    per = -(-len(figures) // rows) if rows else 1
    scale = 1.6 if alone and rows < 3 else 1.0
    return [Cards(deck, tuple(figures[start : start + per]), scale) for start in range(0, len(figures), per)]
