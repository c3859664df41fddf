"""The one reader of the environment. Values only; no connection is opened here."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def home() -> Path:
    """The folder of stores and workspace: `VITRINA_HOME`, or `data/store` beside the code."""
    return Path(os.environ.get("VITRINA_HOME") or ROOT / "data" / "store").expanduser().resolve()


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
