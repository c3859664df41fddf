"""The one place where errors become help."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from data import log, meters
from data.errors import Problem
from pages.ui import show


@contextmanager
def boundary(page: str) -> Iterator[None]:
    """One rerun of a page: it is timed and has an id in the log, and what fails inside is shown, and the frame goes on."""
    with log.work("run", page=page), meters.timed("vitrina_run_seconds", page=page), part():
        yield


@contextmanager
def part() -> Iterator[None]:
    """A part of a page: what fails inside is shown, and the rest of the page goes on."""
    try:
        yield
    except Exception as error:
        shown(error)


def shown(error: Exception) -> bool:
    """A Problem is shown as help. Anything else is a bug: its traceback goes to the log, and the id of this rerun to the screen."""
    if isinstance(error, show.Said):
        return True
    page = log.told("page")
    if isinstance(error, Problem):
        meters.count("vitrina_errors_total", kind="problem", page=page)
        log.event("problem", reason=f"{type(error).__name__}: {error}")
        show.problem(error)
        return True
    number = log.told("run") or log.number()
    meters.count("vitrina_errors_total", kind="fault", page=page)
    log.event(f"error {number}", logging.ERROR, error, run=number)
    show.fault(number)
    return True
