"""A workspace on a disk that can only be read.

SQLite keeps what was written last in a file of its own beside the database, and has to write there even to read. Where nothing can be
written it would refuse, or (told that nothing changes) leave out the last hours without a word. So both files are copied to where one can
write, and that copy is opened; whatever is written is refused, because it would be lost.
"""

from __future__ import annotations

import atexit
import errno
import os
import shutil
import tempfile
from pathlib import Path

import sqlalchemy as sa

ASIDE = ("-wal", "-journal")


def address(url: str) -> str:
    """The database to open: the one that is named, or a copy of it that refuses changes."""
    said = sa.make_url(url)
    path = Path(said.database or "")
    if said.get_backend_name() != "sqlite" or not path.is_file() or _writable(path.parent):
        return url
    folder = Path(tempfile.mkdtemp(prefix="vitrina-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for name in (path.name, *(f"{path.name}{suffix}" for suffix in ASIDE)):
        if (path.parent / name).exists():
            shutil.copyfile(path.parent / name, folder / name)
    return f"sqlite:///file:{folder / path.name}?vitrina=copy&uri=true"


def is_copy(url: sa.URL) -> bool:
    """Whether this is such a copy."""
    return "vitrina" in url.query


def _writable(folder: Path) -> bool:
    """NB: tried and not asked: the rights of a folder say nothing about the disk."""
    try:
        handle, name = tempfile.mkstemp(prefix=".writable-", dir=folder)
    except OSError as error:
        return error.errno not in (errno.EROFS, errno.EACCES)
    os.close(handle)
    os.unlink(name)
    return True
