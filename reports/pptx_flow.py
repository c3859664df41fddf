"""How a block's parts flow over slides: each part says what room it needs and how it can be cut; nothing ever leaves the page. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from reports.pptx_text import Box

GAP = 0.18
"""Between parts, in inches."""


class Band(Protocol):
    """A part of a block as wide as its box. `least` to `most` is how high it may be, in inches."""

    @property
    def least(self) -> float: ...

    @property
    def most(self) -> float: ...

    def cut(self, room: float) -> tuple[Band | None, Band | None]:
        """What stands in `room` inches of height, and what remains for the next slide. Nothing of it, or nothing left: None."""
        ...

    def draw(self, slide: Any, box: Box) -> None: ...


@dataclass(frozen=True)
class Placed:
    band: Band
    y: float
    height: float


def pages(bands: Sequence[Band], first: float, later: float) -> list[list[Placed]]:
    """Bands in their order on pages; `first` and `later` are how high the first page is, and those after it."""
    found: list[list[Band]] = [[]]
    left = first
    for band in bands:
        rest: Band | None = band
        while rest is not None:
            head, tail = rest.cut(left)
            if head is None and not found[-1]:
                head, tail = rest, None
            if head is not None:
                found[-1].append(head)
                left -= head.least + GAP
            rest = tail
            if rest is not None:
                found.append([])
                left = later
    return [_spread(page, first if place == 0 else later) for place, page in enumerate(found) if page]


def _spread(page: Sequence[Band], room: float) -> list[Placed]:
    """Room that is left goes to the bands that can use it."""
    heights = [band.least for band in page]
    spare = room - sum(heights) - GAP * (len(page) - 1)
    for _ in page:
        able = [place for place, band in enumerate(page) if band.most - heights[place] > 0.01]
        if spare <= 0.01 or not able:
            break
        share = spare / len(able)
        for place in able:
            more = min(share, page[place].most - heights[place])
            heights[place] += more
            spare -= more
    placed, y = [], 0.0
    for band, height in zip(page, heights, strict=True):
        placed.append(Placed(band, y, height))
        y += height + GAP
    return placed


@dataclass(frozen=True)
class Beside:
    """Two parts side by side; `share` of the width is the left one's. It stays whole."""

    left: Band
    right: Band
    share: float

    @property
    def least(self) -> float:
        return max(self.left.least, self.right.least)

    @property
    def most(self) -> float:
        return max(self.left.most, self.right.most)

    def cut(self, room: float) -> tuple[Band | None, Band | None]:
        return (self, None) if self.least <= room else (None, self)

    def draw(self, slide: Any, box: Box) -> None:
        inner = box.w - 2 * GAP
        width = inner * self.share
        self.left.draw(slide, Box(box.x, box.y, width, min(box.h, max(self.left.most, self.left.least))))
        self.right.draw(slide, Box(box.x + width + 2 * GAP, box.y, inner - width, min(box.h, max(self.right.most, self.right.least))))
