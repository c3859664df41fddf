"""A document whose every text is an attack: names, titles, labels, notes, footers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass, replace
from itertools import cycle
from typing import Any, TypeVar

from reports.story import Story
from tests.story_sample import told

Told = TypeVar("Told")
_OURS = frozenset((
    "key", "kind", "unit", "code", "metric", "language", "client", "template", "tone", "tones", "role", "currency", "accent", "drafted",
    "light", "format",
))
"""Fields whose values are words of ours, never of a person or a file."""


def poisoned(texts: Sequence[str], language: str = "en") -> Story:
    """The sample with these texts in turn wherever somebody else's words can stand."""
    return _filled(told(language), cycle(texts))


def _filled(value: Told, texts: Iterator[str]) -> Told:
    if isinstance(value, str):
        return next(texts)  # type: ignore[return-value]
    if isinstance(value, tuple):
        return tuple(_filled(one, texts) for one in value)  # type: ignore[return-value]
    if is_dataclass(value) and not isinstance(value, type):
        held: dict[str, Any] = {
            one.name: _filled(getattr(value, one.name), texts) for one in fields(value) if one.init and one.name not in _OURS
        }
        return replace(value, **held)
    return value
