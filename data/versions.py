"""A client's versions on disk: which there are, which one counts, and whether each still is what was written.

    current.json                   the pointer: the record of the published version
    v000007-3fa2c1.duckdb          a version; never written again
    v000007-3fa2c1.json            its record: number, moment, size, SHA-256
    damaged-v000007-….duckdb       a version that is no longer what its record says; nobody opens it again

A version is read whole and compared with its SHA-256 when this process meets it first, and again when its size, time or inode are
not what they were. What rots on the disk without a trace in these is found by the engine, which checks each block that it reads
(`Warehouse` then comes back here with `suspect`). At 1.5 GB a second that is felt from half a gigabyte on: a larger file that has the
size and the time that it was published with is left to the engine alone.

**Damage** is no state of its own: whenever the pointer names a version that is not sound, the newest sound one before it is served, by
every process alike, until the next version is published.
"""

from __future__ import annotations

import errno
import json
import os
import threading
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from data import clock, disk, opened
from data.batches import Note
from data.errors import StoreDamaged

POINTER, LAST, ASIDE = "current.json", "last.json", "damaged-"
_BELIEVED = 512 * 1024 * 1024
"""Unit: bytes."""
_Identity = tuple[int, int, int]
_SOUND: dict[Path, _Identity] = {}
_UNSOUND: dict[Path, _Identity] = {}
_SEEN: dict[Path, Damage] = {}
_GUARD = threading.Lock()


@dataclass(frozen=True)
class Version:
    """A published state: its number, its file, when it was made (UTC), and what the file was then. `digest` is empty for one from before
    digests were kept."""

    number: int
    path: Path
    made_at: datetime
    size: int = 0
    digest: str = ""
    written: int = 0

    @property
    def record(self) -> Path:
        return self.path.with_suffix(".json")


@dataclass(frozen=True)
class Damage:
    """The published version `number` (0 where the pointer itself cannot be read) is damaged; `served` stands in for it."""

    number: int
    served: Version

    def note(self) -> Note:
        """What people are told, with the age of what they see."""
        hours = max(0, int((clock.now() - self.served.made_at).total_seconds() // 3600))
        facts = {
            "day": self.served.made_at.date(), "time": f"{self.served.made_at:%H:%M}", "number": self.served.number,
            "count": hours if hours < 48 else hours // 24,
        }
        return Note("damaged", _HOURS if hours < 48 else _DAYS, facts)


_HOURS = (
    "The newest data is damaged and was put aside. What you see was loaded by {day}, {time} UTC ({count} h ago). Load again what was "
    "loaded after that, or restore a backup."
)
_DAYS = (
    "The newest data is damaged and was put aside. What you see was loaded by {day}, {time} UTC ({count} days ago). Load again what was "
    "loaded after that, or restore a backup."
)


def look(folder: Path) -> tuple[Version | None, Damage | None]:
    """The version that counts, and what is wrong where it is not the published one. Raises StoreDamaged when none is sound."""
    pointed = _pointed(folder)
    while pointed is not None and not sound(pointed):
        now = _pointed(folder)
        if now == pointed:
            return _instead(folder, pointed)
        pointed = now  # Somebody has published since, and the file of then is pruned.
    if pointed is None and _pointer_lost(folder):
        return _instead(folder, None)
    return pointed, None


def _pointer_lost(folder: Path) -> bool:
    """Whether something was published here and nothing says what. NB: a lone first version may be one whose publication was killed."""
    return (folder / POINTER).exists() or any(version.number > 1 for version in known(folder))


def _instead(folder: Path, lost: Version | None) -> tuple[Version, Damage]:
    """The newest sound version before the one that is lost."""
    if lost is not None:
        put_aside(lost.path)
    for version in known(folder):
        if (lost is None or version.number < lost.number) and sound(version):
            damage = Damage(lost.number if lost else 0, version)
            _SEEN[folder] = damage
            return version, damage
    raise StoreDamaged(
        "The current version of the store cannot be opened." if lost else "The pointer to the current version cannot be read.",
        "{file}",
        "Load the files again, or restore a backup.",
        file=lost.path.name if lost else POINTER,
    )


def seen() -> tuple[tuple[Path, Damage], ...]:
    """The damage that this process has met. Shape: (folder of the client, damage)."""
    return tuple(_SEEN.items())


def known(folder: Path) -> tuple[Version, ...]:
    """Every version on disk, the newest first. What a killed publication left behind may be among them."""
    found, pointed = [], _pointed(folder)
    for path in folder.glob("v*.duckdb"):
        version = _read(path.with_suffix(".json"), folder)
        if version is None and pointed is not None and pointed.path == path:
            version = pointed
        number = path.name[1:].partition("-")[0]
        if version is None and number.isdigit():
            with suppress(FileNotFoundError):
                version = Version(int(number), path, datetime.fromtimestamp(path.stat().st_mtime, UTC))
        if version is not None and version.path == path:
            found.append(version)
    return tuple(sorted(found, key=lambda one: (one.number, one.digest), reverse=True))


def last_number(folder: Path) -> int:
    """The highest number that was ever published here, also before the client's data was deleted: a number is never used twice."""
    pointed = _pointed(folder)
    if pointed is not None:
        return pointed.number
    numbers = [version.number for version in known(folder)]
    with suppress(FileNotFoundError):
        numbers.append(int(json.loads((folder / LAST).read_text(encoding="utf-8"))["version"]))
    return max(numbers, default=0)


def keep_number(folder: Path, number: int) -> None:
    """Remember the highest number where the versions themselves go."""
    disk.write(folder / LAST, json.dumps({"version": number}))


def describe(number: int, path: Path) -> Version:
    """A finished file as a version."""
    stat = path.stat()
    made = clock.now().replace(microsecond=0)
    return Version(number, path, made, stat.st_size, disk.digest(path), stat.st_mtime_ns)


def point(version: Version) -> None:
    """Publish: from now on this version counts. The record goes first, so that what is pointed at can always be checked."""
    with _GUARD:
        _SOUND[version.path] = _identity(version.path)
    text = written(version)
    disk.write(version.record, text)
    disk.flush(version.path.parent)
    disk.write(version.path.parent / POINTER, text)
    disk.flush(version.path.parent)
    _SEEN.pop(version.path.parent, None)


def forget(version: Version) -> None:
    """Remove a version and its record."""
    disk.remove(version.path)
    disk.remove(version.record)


def sound(version: Version) -> bool:
    """Whether the file is there and is what was published."""
    try:
        identity = _identity(version.path)
    except FileNotFoundError:
        return False
    if _SOUND.get(version.path) == identity:
        return True
    if _UNSOUND.get(version.path) == identity:
        return False
    found = _whole(version, identity)
    with _GUARD:
        (_SOUND if found else _UNSOUND)[version.path] = identity
    return found


def suspect(version: Version, error: duckdb.Error) -> bool:
    """Look closer after the engine has stumbled over a version. True when it is damaged, and then it is put aside."""
    try:
        identity = _identity(version.path)
        damaged = not _same(version) if version.digest else opened.tells_of_damage(error)
    except FileNotFoundError:
        return True
    if damaged:
        with _GUARD:
            _SOUND.pop(version.path, None)
            _UNSOUND[version.path] = identity
        put_aside(version.path)
    return damaged


def put_aside(path: Path) -> None:
    """Rename what is damaged, so that nobody opens it. On a disk that can only be read it stays, and every process finds out for itself."""
    with suppress(OSError):
        os.replace(path, path.with_name(f"{ASIDE}{path.name}"))


def aside(folder: Path) -> tuple[Path, ...]:
    """Files that were put aside."""
    return tuple(sorted(folder.glob(f"{ASIDE}*")))


def _whole(version: Version, identity: _Identity) -> bool:
    if not version.digest:
        return not opened.unreadable(version.path)
    if version.size != identity[0]:
        return False
    if version.size > _BELIEVED and version.written == identity[1]:
        return True
    return _same(version)


def _same(version: Version) -> bool:
    """NB: a sector that cannot be read is damage; any other trouble with opening it is not, and must not cost a good file its place."""
    try:
        return disk.digest(version.path) == version.digest
    except OSError as error:
        if error.errno != errno.EIO:
            raise
        return False


def _identity(path: Path) -> _Identity:
    stat = path.stat()
    return stat.st_size, stat.st_mtime_ns, stat.st_ino


def _pointed(folder: Path) -> Version | None:
    """What the pointer says; None where there is none, or it cannot be read."""
    return _read(folder / POINTER, folder)


def _read(path: Path, folder: Path) -> Version | None:
    try:
        said: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        made = datetime.fromisoformat(said["made_at"])
        return Version(
            int(said["version"]), folder / Path(said["file"]).name, made, int(said.get("size", 0)), str(said.get("digest", "")),
            int(said.get("written", 0)),
        )
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def written(version: Version) -> str:
    """The record of a version, as its file holds it."""
    return json.dumps({
        "version": version.number, "file": version.path.name, "made_at": version.made_at.isoformat(timespec="seconds"),
        "size": version.size, "digest": version.digest, "written": version.written,
    })
