"""Uploaded files on disk, for as long as their session lives."""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
import unicodedata
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

_LONGEST = 120
"""Unit: characters of a name; its end, which says what it is, is kept."""


class Upload(Protocol):
    """What the browser has sent."""

    name: str
    file_id: str

    def getbuffer(self) -> memoryview: ...


class Shelf:
    """A folder that is removed with the object. A file is written once, whatever number of runs ask for it."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="vitrina-"))
        self._remove = weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)

    def put(self, uploads: Sequence[Upload]) -> dict[Path, str]:
        """Shape: path on disk -> name as people call it. Files that are no longer among the uploads are removed."""
        kept: dict[Path, str] = {}
        for upload in uploads:
            path = self.folder / hashlib.sha256(upload.file_id.encode()).hexdigest()
            if not path.exists():
                path.write_bytes(upload.getbuffer())
            kept[path] = called(upload.name)
        for path in set(self.folder.iterdir()) - set(kept):
            path.unlink()
        return kept


def called(name: str) -> str:
    """A file's name as it may be shown and kept: without folders, and without letters that break lines or turn the text around.

    NB: browsers send a bare name; whoever speaks to the server by himself sends what he likes. No file is ever written under it.
    """
    bare = re.split(r"[/\\]", name)[-1]
    seen = "".join(letter for letter in bare if unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")).strip()
    if len(seen) > _LONGEST:
        seen = f"{seen[: _LONGEST - 41]}…{seen[-40:]}"
    return seen if seen.strip(".") else "file"
