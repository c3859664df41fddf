"""Where to write names beside points so that they cover neither each other nor the points. Pure geometry, in pixels.

Method: points in order of importance; each name tries eight places around its point, near before far, and takes the first that is
free, else the one that overlaps least.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_DIRECTIONS = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1))
_DISTANCES = (4.0, 14.0, 26.0, 42.0, 60.0)
LINE_HEIGHT = 16.0
CHARACTER = 6.7


@dataclass(frozen=True)
class Point:
    """A disc of `radius` at x, y (y grows upwards) with a name."""

    x: float
    y: float
    radius: float
    name: str


@dataclass(frozen=True)
class Box:
    left: float
    bottom: float
    right: float
    top: float

    def overlap(self, other: Box) -> float:
        """Common area. Unit: square pixels."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.top, other.top) - max(self.bottom, other.bottom)
        return max(0.0, wide) * max(0.0, high)

    def outside(self, width: float, height: float) -> float:
        """Area that sticks out of the picture."""
        whole = (self.right - self.left) * (self.top - self.bottom)
        return whole - self.overlap(Box(0.0, 0.0, width, height))


def place(points: Sequence[Point], width: float, height: float) -> list[Box]:
    """One box per point, in the order given. The first points are placed first and so best."""
    discs = [Box(p.x - p.radius, p.y - p.radius, p.x + p.radius, p.y + p.radius) for p in points]
    taken: list[Box] = []
    for point in points:
        taken.append(min(_around(point), key=lambda box: _cost(box, discs, taken, width, height)))
    return taken


def _around(point: Point) -> list[Box]:
    """Boxes to try, best first: `min` keeps the first of equals."""
    return [_beside(point, right, up, gap) for gap in _DISTANCES for right, up in _DIRECTIONS]


def _beside(point: Point, right: int, up: int, gap: float) -> Box:
    wide = len(point.name) * CHARACTER
    reach = point.radius + gap if 0 in (right, up) else point.radius * 0.71 + gap
    left = point.x - wide / 2 + right * (reach + wide / 2)
    bottom = point.y - LINE_HEIGHT / 2 + up * (reach + LINE_HEIGHT / 2)
    return Box(left, bottom, left + wide, bottom + LINE_HEIGHT)


def _cost(box: Box, discs: Sequence[Box], taken: Sequence[Box], width: float, height: float) -> float:
    return sum(box.overlap(other) for other in (*discs, *taken)) + 10 * box.outside(width, height)
