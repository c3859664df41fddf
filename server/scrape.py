"""The text that Prometheus reads: what this process has counted, its memory, and the state of the stores."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from data import meters
from data.health import Health
from data.meters import Labels

KIND = "text/plain; version=0.0.4; charset=utf-8"


def text(health: Health) -> str:
    """Everything, one scrape. Sessions, and caches where they are asked for, stand in the framework's own `/_stcore/metrics`."""
    return "\n".join([*meters.lines(), *_stores(health), *_machine(health), *_schedule(health)]) + "\n"


def _stores(health: Health) -> list[str]:
    def each(value: str) -> list[tuple[Labels, float]]:
        return [((("client", slug),), float(getattr(shop, value))) for slug, shop in health.stores.items()]

    made = [((("client", slug),), shop.made_at.timestamp()) for slug, shop in health.stores.items() if shop.made_at]
    return [
        *meters.family("vitrina_store_version", "gauge", "Number of the newest version: one more with every load.", each("version")),
        *meters.family("vitrina_store_made_timestamp_seconds", "gauge", "When the newest version was published.", made),
        *meters.family("vitrina_store_files", "gauge", "Versions that are on the disk.", each("files")),
        *meters.family("vitrina_store_bytes", "gauge", "What they take.", each("size")),
        *meters.family("vitrina_store_readable", "gauge", "Whether the newest version can be read.", each("readable")),
    ]


def _machine(health: Health) -> list[str]:
    found = meters.family("vitrina_disk_free_bytes", "gauge", "Room on the disk of the stores.", [((), health.free)])
    found += meters.family("vitrina_workspace_up", "gauge", "Whether the workspace opens.", [((), health.workspace)])
    resident = memory()
    if resident is not None:
        found += meters.family("process_resident_memory_bytes", "gauge", "Memory of this process.", [((), resident)])
    return found


def _schedule(health: Health) -> list[str]:
    known = health.schedule
    if known is None:
        return []
    found = meters.family("vitrina_next_pull_timestamp_seconds", "gauge", "When the next pull is due.", [((), known.due.timestamp())])
    if known.code is not None:
        found += meters.family("vitrina_last_pull_exit_code", "gauge", "How the last pull ended; 0 is well.", [((), known.code)])
    return found


def memory() -> int | None:
    """Bytes that this process has in memory; None where the system does not tell."""
    if not sys.platform.startswith("linux"):
        return None
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")
