"""Which old versions stay, and why: the last few, those that a document which went out refers to, and those that are young."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from data import clock, disk, settings, versions
from data.versions import Version

CURRENT, LAST, REFERRED, YOUNG = "current", "one of the last", "a document refers to it", "young"
_ASIDE = timedelta(days=30)
"""How long a damaged file is kept for whoever wants to look at it."""


@dataclass(frozen=True)
class Fate:
    """What becomes of one file. `reason` is why it stays; empty where it goes. `number` is 0 for a file that was put aside."""

    number: int
    path: Path
    made_at: datetime
    size: int
    reason: str

    @property
    def stays(self) -> bool:
        return bool(self.reason)


def plan(
    folder: Path, current: Version | None, referred: frozenset[int], keep: int | None = None, days: int | None = None
) -> tuple[Fate, ...]:
    """The fate of every version of a client, the newest first; then of damaged files. `keep` and `days` stand in for the settings.

    What has a number that was never reached is left from a publication that was killed, and goes.
    """
    if current is None:
        return ()
    counted = [version for version in versions.known(folder) if version.number < current.number or version.path == current.path]
    last = {version.path for version in counted[: max(2, settings.versions_kept() if keep is None else keep)]}
    young = timedelta(days=settings.version_days() if days is None else days)
    fates = [
        _fate(version, _reason(version, current, last, referred, young) if version in counted else "") for version in versions.known(folder)
    ]
    return (*fates, *map(_put_aside, versions.aside(folder)))


def carry_out(fates: tuple[Fate, ...]) -> None:
    """Remove what does not stay, record and all."""
    for fate in fates:
        if not fate.stays:
            disk.remove(fate.path)
            disk.remove(fate.path.with_suffix(".json"))


def _reason(version: Version, current: Version, last: set[Path], referred: frozenset[int], young: timedelta) -> str:
    if version.path == current.path:
        return CURRENT
    if version.path in last:
        return LAST
    if version.number in referred:
        return REFERRED
    # NB: what is dated in the future was written before the clock was set right, and is not young for years to come.
    return YOUNG if young and timedelta() <= clock.now() - version.made_at < young else ""


def _fate(version: Version, reason: str) -> Fate:
    return Fate(version.number, version.path, version.made_at, version.size or _size(version.path), reason)


def _put_aside(path: Path) -> Fate:
    stat = path.stat()
    put = datetime.fromtimestamp(stat.st_mtime, UTC)
    return Fate(0, path, put, stat.st_size, YOUNG if clock.now() - put < _ASIDE else "")


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
