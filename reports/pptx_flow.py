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

    def cut(self, room: float, fresh: bool) -> tuple[Band | None, Band | None]:
        """What stands in `room` inches of height, and what remains for the next slide. Nothing of it, or nothing left: None.

        On a `fresh` slide something has to stand.
        """
        ...

    def draw(self, slide: Any, box: Box) -> None: ...


@dataclass(frozen=True)
class Placed:
    band: Band
    y: float
    height: float


def pages(bands: Sequence[Band], first: float, later: float, foot: float = 0.0) -> list[list[Placed]]:
    """Bands in their order on pages; `first` and `later` are how high the first page is, and those after it.

    `foot` is kept free at the end of the last page, for which another page is opened where it has to be.
    """
    found: list[list[Band]] = [[]]
    left = first
    for band in bands:
        rest: Band | None = band
        while rest is not None:
            head, tail = rest.cut(left, not found[-1])
            if head is not None:
                found[-1].append(head)
                left -= head.least + GAP
            rest = tail
            if rest is not None:
                found.append([])
                left = later
    heights = [first, *(later for _ in found[1:])]
    if foot and found[-1]:
        heights[-1] -= foot
        if sum(band.least + GAP for band in found[-1]) - GAP > heights[-1] and len(found[-1]) > 1:
            heights[-1:] = [heights[-1] + foot, later - foot]
            found[-1:] = [found[-1][:-1], found[-1][-1:]]
    return [_spread(page, height) for page, height in zip(found, heights, strict=True) if page]


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

    def cut(self, room: float, fresh: bool) -> tuple[Band | None, Band | None]:
        return (self, None) if fresh or self.least <= room + 0.01 else (None, self)

    def draw(self, slide: Any, box: Box) -> None:
        inner = box.w - 2 * GAP
        width = inner * self.share
        self.left.draw(slide, Box(box.x, box.y, width, min(box.h, max(self.left.most, self.left.least))))
        self.right.draw(slide, Box(box.x + width + 2 * GAP, box.y, inner - width, min(box.h, max(self.right.most, self.right.least))))
