"""The one place where errors become help."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from data.errors import Problem
from pages.ui import show

log = logging.getLogger("vitrina")


@contextmanager
def boundary() -> Iterator[None]:
    """What fails inside is shown, and the frame goes on."""
    try:
        yield
    except Exception as error:
        shown(error)


def shown(error: Exception) -> bool:
    """A Problem is shown as help. Anything else is a bug: its traceback goes to the log, and a number to find it by to the screen."""
    if isinstance(error, show.Said):
        return True
    if isinstance(error, Problem):
        show.problem(error)
        return True
    number = uuid4().hex[:8]
    log.error("error %s", number, exc_info=error)
    show.fault(number)
    return True
