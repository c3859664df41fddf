"""What this process counts about itself, in the text that Prometheus reads. Sessions and caches are counted by the framework."""

from __future__ import annotations

import threading
import time
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

Labels = tuple[tuple[str, str], ...]
EDGES = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Unit: seconds."""
COUNTED: Mapping[str, str] = {
    "vitrina_errors_total": "Faults and Problems that people met, by page and kind.",
}
TIMED: Mapping[str, str] = {
    "vitrina_run_seconds": "Reruns of a page and how long each took, by page.",
    "vitrina_query_seconds": "Questions to a client's store.",
}


@dataclass
class _Timed:
    """One histogram."""

    total: float = 0.0
    within: list[int] = field(default_factory=lambda: [0] * (len(EDGES) + 1))


_counts: dict[tuple[str, Labels], int] = {}
_times: dict[tuple[str, Labels], _Timed] = {}
_now: dict[str, int] = {}
_guard = threading.Lock()


def count(name: str, **labels: str) -> None:
    """Count one more. The name has to stand in COUNTED."""
    key = _key(name, COUNTED, labels)
    with _guard:
        _counts[key] = _counts.get(key, 0) + 1


def took(name: str, seconds: float, **labels: str) -> None:
    """Enter how long one took. The name has to stand in TIMED."""
    key = _key(name, TIMED, labels)
    with _guard:
        found = _times.setdefault(key, _Timed())
        found.total += seconds
        found.within[bisect_left(EDGES, seconds)] += 1


@contextmanager
def timed(name: str, **labels: str) -> Iterator[None]:
    """Time what is inside, whether it fails or not."""
    begun = time.perf_counter()
    _step(name, 1)
    try:
        yield
    finally:
        _step(name, -1)
        took(name, time.perf_counter() - begun, **labels)


def running(name: str) -> int:
    """How many are inside right now."""
    with _guard:
        return _now.get(name, 0)


def _step(name: str, by: int) -> None:
    with _guard:
        _now[name] = _now.get(name, 0) + by


def lines() -> list[str]:
    """Everything that was counted so far."""
    with _guard:
        counts = dict(_counts)
        times = {key: (one.total, tuple(one.within)) for key, one in _times.items()}
    found: list[str] = []
    for name, meaning in COUNTED.items():
        found += family(name, "counter", meaning, [(labels, float(value)) for (own, labels), value in counts.items() if own == name])
    for name, meaning in TIMED.items():
        found += _head(name, "histogram", meaning)
        for (own, labels), (total, within) in times.items():
            found += _histogram(name, labels, total, within) if own == name else []
    return found + family("vitrina_runs_now", "gauge", "Reruns that are being answered now.", [((), running("vitrina_run_seconds"))])


def family(name: str, kind: str, meaning: str, values: Sequence[tuple[Labels, float]]) -> list[str]:
    """A family of single values."""
    return [*_head(name, kind, meaning), *(f"{name}{_labelled(labels)} {value:.15g}" for labels, value in values)]


def _histogram(name: str, labels: Labels, total: float, within: Sequence[int]) -> list[str]:
    found, below = [], 0
    for edge, number in zip((*map(str, EDGES), "+Inf"), within, strict=True):
        below += number
        found.append(f"{name}_bucket{_labelled((*labels, ('le', edge)))} {below}")
    return [*found, f"{name}_sum{_labelled(labels)} {total:.6f}", f"{name}_count{_labelled(labels)} {below}"]


def _head(name: str, kind: str, meaning: str) -> list[str]:
    return [f"# HELP {name} {meaning}", f"# TYPE {name} {kind}"]


def _labelled(labels: Labels) -> str:
    return "{" + ",".join(f'{name}="{_escaped(value)}"' for name, value in labels) + "}" if labels else ""


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _key(name: str, known: Mapping[str, str], labels: Mapping[str, str]) -> tuple[str, Labels]:
    if name not in known:
        raise KeyError(name)
    return name, tuple(sorted(labels.items()))
