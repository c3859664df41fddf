"""What the program says about its own work: one JSON object a line, with the ids of what it was doing and no secret in it.

Every rerun of a page and every load or pull has an id. It stands in each line that is written meanwhile, and in the error box that a
person sees. Where the lines go is `VITRINA_LOG` (`stderr`, or a file, which may be rotated by renaming it), how many `VITRINA_LOG_LEVEL`.
"""

from __future__ import annotations

import json
import logging
import logging.handlers
import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any
from uuid import uuid4

from data import secret, settings

logger = logging.getLogger("vitrina")
logger.addHandler(logging.NullHandler())  # without a target nothing is said, not even by the library's last resort
_NOTHING: Mapping[str, Any] = MappingProxyType({})
_DOING: ContextVar[Mapping[str, Any]] = ContextVar("doing", default=_NOTHING)
_ROUND = "VITRINA_ROUND"
"""The id of what started this process, in its environment: so that a night's pull is found under one id."""
_OTHERS = ("streamlit", "uvicorn", "websockets")
"""Libraries that bring handlers of their own; their lines become ours."""


def number() -> str:
    """A new id: short enough to be read out on the telephone."""
    return uuid4().hex[:8]


@contextmanager
def about(**facts: Any) -> Iterator[None]:
    """Lines that are written inside carry these facts."""
    before = _DOING.set({**_DOING.get(), **facts})
    try:
        yield
    finally:
        _DOING.reset(before)


def told(name: str) -> str:
    """What is being done under this name: `run`, `load`, `pull`. Empty when nothing is."""
    return str(_DOING.get().get(name, ""))


@contextmanager
def work(kind: str, known: str = "", **facts: Any) -> Iterator[str]:
    """A piece of work with an id: yields it, and says when it is done or has failed and how many seconds it took."""
    own, begun = known or number(), time.monotonic()
    with about(**{kind: own}, **facts):
        try:
            yield own
        except Exception as error:
            event(f"{kind} failed", logging.WARNING, seconds=round(time.monotonic() - begun, 3), reason=f"{type(error).__name__}: {error}")
            raise
        except BaseException:
            event(f"{kind} stopped", seconds=round(time.monotonic() - begun, 3))
            raise
        event(f"{kind} done", seconds=round(time.monotonic() - begun, 3))


def event(text: str, level: int = logging.INFO, error: BaseException | None = None, **facts: Any) -> None:
    """Write one line."""
    logger.log(level, text, exc_info=error, extra={"facts": facts})


def inherited(own: str) -> dict[str, str]:
    """The environment of a child whose lines are to be found under our id."""
    return {**os.environ, _ROUND: own}


def start(otherwise: str = "") -> None:
    """Send what is written to where the settings say, or to `otherwise` where they say nothing; to nowhere new without either.

    NB: libraries make their loggers when they are imported and when they start, so a server calls this once more when it has started.
    """
    where = settings.log_target() or otherwise
    if not where:
        return
    handler = logging.StreamHandler(sys.stderr) if where == "stderr" else _file(where)
    handler.setFormatter(Lines())
    root = logging.getLogger()
    for old in [one for one in root.handlers if isinstance(one.formatter, Lines)]:
        root.removeHandler(old)
    root.addHandler(handler)
    logger.setLevel(settings.log_level())
    for name, one in logging.root.manager.loggerDict.items():
        if isinstance(one, logging.Logger) and name.partition(".")[0] in _OTHERS:
            one.handlers.clear()
            one.propagate = True
            one.setLevel(logging.WARNING)


def _file(path: str) -> logging.Handler:
    """NB: opened for appending, so two processes may share it; watched, so that it may be rotated under us."""
    handler = logging.handlers.WatchedFileHandler(path, encoding="utf-8", errors="backslashreplace", delay=False)
    os.chmod(path, 0o600)
    return handler


class Lines(logging.Formatter):
    """A record as a line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(), "event": record.getMessage(), "process": record.process,
        }
        if record.name != logger.name:
            line["logger"] = record.name
        if _ROUND in os.environ:
            line["round"] = os.environ[_ROUND]
        line |= {**_DOING.get(), **getattr(record, "facts", {})}
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps({name: _clean(value) for name, value in line.items()}, ensure_ascii=False)


def _clean(value: Any) -> Any:
    """NB: masked before it becomes JSON, where a quote inside a secret would be written otherwise."""
    return value if isinstance(value, (int, float, bool)) or value is None else secret.masked(str(value))
