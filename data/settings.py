"""The one reader of the environment. Values only; no connection is opened here."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def home() -> Path:
    """The folder of stores and workspace: `VITRINA_HOME`, or `data/store` beside the code."""
    return Path(os.environ.get("VITRINA_HOME") or ROOT / "data" / "store").expanduser().resolve()


def memory_limit() -> str:
    """Memory that one load may use in the engine before it spills to disk: `VITRINA_LOAD_MEMORY`, 1 GB by default."""
    return os.environ.get("VITRINA_LOAD_MEMORY", "1GB")


def versions_kept() -> int:
    """How many published versions of a client's store stay on disk: `VITRINA_VERSIONS`, 5 by default."""
    return max(2, int(os.environ.get("VITRINA_VERSIONS", "5")))
