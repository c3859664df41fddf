"""Files that survive a power cut, and what a disk says when it takes no more."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from data.errors import DiskRefuses

_CHUNK = 1 << 20
_FULL = ("The disk is full.", "Free some space and try again. Nothing was lost: what was there before still holds.")
_READ_ONLY = (
    "Nothing can be written: the disk or the folder can only be read.",
    "Make it writable and repeat this. What is there can still be looked at.",
)
_FAILING = ("The disk does not do what it is told: {said}", "Look at the disk first, then try again. Nothing was changed.")
_NUMBERS = {
    errno.ENOSPC: _FULL, errno.EDQUOT: _FULL, errno.EFBIG: _FULL, errno.EROFS: _READ_ONLY, errno.EACCES: _READ_ONLY, errno.EIO: _FAILING,
}
_WORDS = {
    "no space left": _FULL, "disk is full": _FULL, "quota exceeded": _FULL, "file too large": _FULL, "out of disk space": _FULL,
    "read-only file system": _READ_ONLY, "readonly database": _READ_ONLY, "permission denied": _READ_ONLY,
    "unable to open database file": _FAILING, "disk i/o error": _FAILING, "input/output error": _FAILING,
}
"""What the engines' messages say, in small letters: they carry no numbers."""


def refusal(error: BaseException, where: Path | str) -> DiskRefuses | None:
    """What the disk has said, as a Problem; None where the error is about something else."""
    said = str(error).splitlines()[0] if str(error) else ""
    found = None
    if isinstance(error, OSError):
        found = _NUMBERS.get(error.errno or 0)
    elif isinstance(error, (duckdb.Error, sqlite3.Error)):
        found = next((words for mark, words in _WORDS.items() if mark in str(error).lower()), None)
    if found is None:
        return None
    return DiskRefuses(found[0], "{where}", found[1], where=Path(where).name, said=said)


@contextmanager
def told(where: Path | str) -> Iterator[None]:
    """What the disk refuses inside is said in plain words. Raises DiskRefuses."""
    try:
        yield
    except (OSError, duckdb.Error, sqlite3.Error) as error:
        said = refusal(error, where)
        if said is None:
            raise
        raise said from error


def flush(path: Path) -> None:
    """Make the file (or the folder's names) survive a power cut."""
    if os.name == "nt" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write(path: Path, text: str) -> None:
    """Write a small file whole or not at all: whoever opens it sees what stood there before, or all of this."""
    draft = path.with_name(f"{path.name}.draft")
    try:
        draft.write_text(text, encoding="utf-8")
        flush(draft)
        os.replace(draft, path)
    except OSError:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise


def remove(path: Path) -> None:
    """Delete what nobody needs. Where the system forbids it because somebody still reads, the next load tries again."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(PermissionError):
            path.unlink(missing_ok=True)


def digest(path: Path) -> str:
    """SHA-256 of a file. Raises OSError."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            found.update(chunk)
    return found.hexdigest()


def copy(source: Path, target: Path) -> tuple[int, str]:
    """Copy a file and make the copy last. Shape: (bytes, SHA-256 of what was read). Raises OSError."""
    found, size = hashlib.sha256(), 0
    with source.open("rb") as read, target.open("xb") as written:
        while chunk := read.read(_CHUNK):
            found.update(chunk)
            written.write(chunk)
            size += len(chunk)
        written.flush()
        os.fsync(written.fileno())
    return size, found.hexdigest()
