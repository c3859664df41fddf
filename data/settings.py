"""The one reader of the environment. Values only; no connection is opened here."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def home() -> Path:
    """The folder of stores and workspace: `VITRINA_HOME`, or `data/store` beside the code."""
    path = os.environ.get("VITRINA_HOME") or str(ROOT / "data" / "store")
    return _resolved(path, "" if os.path.isabs(path) else os.getcwd())


@cache
def _resolved(path: str, seen_from: str) -> Path:
    """NB: kept, because links on the way are looked up at the disk, and every rerun of a page asks several times."""
    return Path(path).expanduser().resolve()


def memory_limit() -> str:
    """Memory that one load may use in the engine at most: `VITRINA_LOAD_MEMORY`, 1 GB by default."""
    return os.environ.get("VITRINA_LOAD_MEMORY", "1GB")


def memory_steps() -> tuple[str, ...]:
    """Limits that a load tries in turn: what nearly every file needs whatever its size, then what one may take at most. Beyond a limit the
    engine spills to disk; only what it cannot spill (a wide event export) needs the second step."""
    return (memory_limit(),) if "VITRINA_LOAD_MEMORY" in os.environ else ("400MB", memory_limit())


def versions_kept() -> int:
    """How many published versions of a client's store stay on disk: `VITRINA_VERSIONS`, 5 by default."""
    return max(2, int(os.environ.get("VITRINA_VERSIONS", "5")))


def version_days() -> int:
    """Versions younger than so many days stay beyond that number: `VITRINA_VERSION_DAYS`, 0 by default."""
    return max(0, int(os.environ.get("VITRINA_VERSION_DAYS", "0")))


def sent_days() -> int:
    """For so many days after a document was frozen the version that it was made from stays: `VITRINA_SENT_DAYS`, 100 by default."""
    return max(0, int(os.environ.get("VITRINA_SENT_DAYS", "100")))


def acting_as() -> str:
    """In whose name the command line acts: `VITRINA_AS`, an e-mail address; empty for the operator of the machine, who may do all."""
    return os.environ.get("VITRINA_AS", "").strip()


def session_hours() -> float:
    """Hours after which whoever has signed in does so again: `VITRINA_SESSION_HOURS`, 12 by default."""
    return float(os.environ.get("VITRINA_SESSION_HOURS", "12"))


def log_target() -> str:
    """Where the lines of the log go: `VITRINA_LOG`, which is `stderr` or a file; empty where nothing is said."""
    return os.environ.get("VITRINA_LOG", "")


def log_level() -> str:
    """From which weight on lines are written: `VITRINA_LOG_LEVEL`. Every rerun and load where a log is asked for, warnings elsewhere."""
    return (os.environ.get("VITRINA_LOG_LEVEL") or ("info" if log_target() else "warning")).upper()


def disk_least() -> int:
    """Bytes that have to be free on the disk of the stores: `VITRINA_DISK_LEAST_MB`, 500 by default."""
    return int(os.environ.get("VITRINA_DISK_LEAST_MB", "500")) * 1_000_000
