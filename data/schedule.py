"""When the next pull is due: written by `serve`, read by the screens. A small file in the home folder, replaced whole."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from pathlib import Path

from data import clock, settings

LATE = timedelta(minutes=15)
"""How long after its moment a pull that has not begun counts as missed."""


@dataclass(frozen=True)
class Schedule:
    """Moments are UTC. `code` is how the last pull ended: 0 when all went well; None before the first one."""

    due: datetime
    every: str
    begun: datetime | None = None
    ended: datetime | None = None
    code: int | None = None

    @property
    def running(self) -> bool:
        """Whether a pull is running now, as far as was written."""
        return self.begun is not None and (self.ended is None or self.ended < self.begun)

    @property
    def missed(self) -> bool:
        """Whether the moment has passed and nothing came of it: the scheduler does not run."""
        return not self.running and clock.now() > self.due + LATE


def keep(schedule: Schedule) -> None:
    """Write it down. Raises OSError."""
    settings.home().mkdir(parents=True, exist_ok=True)
    said = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in asdict(schedule).items()}
    draft = _path().with_name(f"{_path().name}.{os.getpid()}")
    draft.write_text(json.dumps(said), encoding="utf-8")
    os.replace(draft, _path())


def forget() -> None:
    """Nothing is scheduled any more."""
    _path().unlink(missing_ok=True)


def read() -> Schedule | None:
    """The schedule; None where there is none. What cannot be read is none either: it only tells when, and is written anew by `serve`."""
    try:
        said = json.loads(_path().read_text(encoding="utf-8"))
        moments = {name: datetime.fromisoformat(said[name]) for name in ("due", "begun", "ended") if said.get(name)}
        return Schedule(**{one.name: said.get(one.name) for one in fields(Schedule)} | moments)
    except (OSError, ValueError, TypeError, AttributeError):
        return None


def _path() -> Path:
    return settings.home() / "schedule.json"
