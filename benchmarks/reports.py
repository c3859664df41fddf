"""A deck in every format: how long the story takes, how long each format, and how large the files are. Times are of the processor.

    VITRINA_HOME=… python -m benchmarks.reports [--client tea-hedgehog] [--template month] [--lang ru] [--rounds 3]

The home must hold the demo agency (`python vitrina.py demo`). The story is made once per round from the store (asking and judging), then
handed to every exporter that is there; medians are warm, the first round is shown beside them, because it also loads the libraries.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from data import clock
from data.desk import written
from data.text import words
from data.workspace import workspace
from metrics.readings.subject import Subject, last_loaded
from metrics.scope import Settings
from reports import templates
from reports.build import build
from reports.context import Context
from reports.exporters import exporters
from reports.story import Story

Made = TypeVar("Made")
SECONDS = 5.0


def made(client: str, name: str, language: str) -> Story:
    """The story of the last week, month or quarter that is over."""
    agency = workspace()
    kept = agency.client(client)
    store = agency.store(kept).pinned()
    about = Subject.of(kept.facts)
    since, until = templates.days(name, last_loaded(store.run, ("visits", "spend")) or clock.today(kept.timezone))
    context = Context(
        store.run, Settings.of(kept.currency, kept.facts, store.version()), about, client, kept.name, kept.facts,
        written.of(agency, client),
        words(language), since, until, templates.comparison(since, until), clock.today(kept.timezone), name,
    )
    return build(context, templates.template(name, about.model))


def timed(work: Callable[[], Made]) -> tuple[float, Made]:
    begun = time.process_time()
    found = work()
    return time.process_time() - begun, found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--client", default="tea-hedgehog")
    parser.add_argument("--template", default="month")
    parser.add_argument("--lang", default="ru")
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    times: dict[str, list[float]] = {}
    sizes: dict[str, int] = {}
    blocks = 0
    for _ in range(asked.rounds):
        seconds, told = timed(partial(made, asked.client, asked.template, asked.lang))
        blocks = len(told.blocks)
        times.setdefault("story", []).append(seconds)
        for name, one in exporters().items():
            seconds, written_ = timed(partial(one.write, told))
            times.setdefault(name, []).append(seconds)
            sizes[name] = len(written_)
    _tell(times, sizes, blocks)


def _tell(times: dict[str, list[float]], sizes: dict[str, int], blocks: int) -> None:
    print(f"{blocks} blocks\n{'what':8} {'first, s':>9} {'median, s':>10} {'KB':>8}")
    for name, found in times.items():
        size = f"{sizes[name] / 1024:8.0f}" if name in sizes else ""
        print(f"{name:8} {found[0]:9.2f} {statistics.median(found):10.2f} {size}")
    every = {name: statistics.median(found) for name, found in times.items() if name != "story"}
    story = statistics.median(times["story"])
    print(f"all formats: {sum(every.values()):.2f} s (aim {SECONDS:.0f}), with the story {sum(every.values()) + story:.2f} s")


if __name__ == "__main__":
    main()
