"""Colours that mean something stay apart: on both pages, for people who see fewer colours, and on a grey printer."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from pages.ui import design, stage_chart
from reports import palette

Colour = np.ndarray[tuple[int], np.dtype[np.float64]]
# Source: Machado, Oliveira & Fernandes 2009, full severity; rows act on linear RGB.
SIGHTS = {
    "full": np.eye(3),
    "protanopia": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
    "deuteranopia": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]),
    "tritanopia": np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]),
}
XYZ = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]])
APART = 10.0
"""Unit: distance in CIE Lab; 2.3 is just noticeable side by side, four times that across a chart."""
TOGETHER = (
    ("GOOD", "BAD"), ("GOOD", "NEUTRAL"), ("BAD", "NEUTRAL"), ("NOW", "BEFORE"), ("NOW", "LAST_YEAR"), ("NOW", "PLAN"),
    ("PLAN", "LAST_YEAR"), ("NOW", "GOOD"), ("NOW", "BAD"),
)
"""What one chart may hold side by side."""


def linear(colour: str) -> Colour:
    parts = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def lab(light: Colour) -> Colour:
    """Shape: lightness, green-red, blue-yellow, under daylight."""
    shares = XYZ @ np.clip(light, 0, 1) / np.array([0.95047, 1.0, 1.08883])
    roots = np.where(shares > 0.008856, np.cbrt(shares), 7.787 * shares + 16 / 116)
    return np.array([116 * roots[1] - 16, 500 * (roots[0] - roots[1]), 200 * (roots[1] - roots[2])])


def distance(one: str, other: str, sight: str) -> float:
    first, second = (lab(SIGHTS[sight] @ linear(colour)) for colour in (one, other))
    return float(np.linalg.norm(first - second))


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("pair", TOGETHER, ids="-".join)
def test_what_stands_side_by_side_can_be_told_apart_by_everybody(pair: tuple[str, str], sight: str) -> None:
    one, other = (getattr(design, name) for name in pair)
    assert distance(one, other, sight) > APART


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("pair", list(combinations(stage_chart.COLOURS, 2)), ids="-".join)
def test_stages_can_be_told_apart_by_everybody(pair: tuple[str, str], sight: str) -> None:
    one, other = (stage_chart.COLOURS[stage] for stage in pair)
    assert distance(one, other, sight) > APART


def test_good_bad_and_neither_differ_in_grey_too() -> None:
    greys = sorted(float(lab(linear(colour))[0]) for colour in (design.GOOD, design.NEUTRAL, design.BAD))
    assert min(np.diff(greys)) > 6


def test_documents_have_the_colours_of_the_screen() -> None:
    screen = (design.BEFORE, design.LAST_YEAR, design.PLAN, design.GOOD, design.BAD, design.NEUTRAL)
    assert screen == (palette.BEFORE, palette.LAST_YEAR, palette.PLAN, palette.GOOD, palette.BAD, palette.FLAT)
