"""A secret per client that goes into the hashes of its customers, so that equal e-mails of two clients never have the same hash."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from data.errors import Problem

NAME = "salt"
_BYTES = 32


def of(folder: Path) -> str:
    """The secret of the client whose facts lie in the folder; made when it is first asked for.

    NB: it is written once and never changed. With another one every customer of files that are loaded later is a new customer.

    Raises: Problem when the file is there and holds no secret.
    """
    path = folder / NAME
    if not path.exists():
        _make(path)
    secret = path.read_text(encoding="ascii", errors="replace").strip()
    if len(secret) != 2 * _BYTES:
        raise Problem("The client's secret for hashing customers is damaged.", "{path}", "Restore the file from a backup.", path=str(path))
    return secret


def _make(path: Path) -> None:
    """Write a new secret; of two processes that do it at once one wins, and both read the same."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{NAME}-{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(_BYTES))
        file.flush()
        os.fsync(handle)
    try:
        with suppress(FileExistsError):  # somebody else was first: theirs is the secret
            os.link(draft, path)
    finally:
        draft.unlink()
