"""Uploaded files on disk, for as long as their session lives."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol


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
            path = self.folder / upload.file_id
            if not path.exists():
                path.write_bytes(upload.getbuffer())
            kept[path] = upload.name
        for path in set(self.folder.iterdir()) - set(kept):
            path.unlink()
        return kept
