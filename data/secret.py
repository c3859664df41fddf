"""Secrets and endpoints: from the environment, or from `.streamlit/secrets.toml` beside the code or in the user's folder.

A `Secret` shows itself nowhere: not in a text, a log, a traceback's values, a pickle. What needs it calls `reveal` at the last moment.
"""

from __future__ import annotations

import hashlib
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

from data import settings
from data.errors import MissingSetting, Problem

HIDDEN = "•••"
_HELD: dict[str, None] = {}
_MOST_HELD = 1_000
"""Secrets that this process has met, to be masked wherever they turn up in a text."""
_SHORTEST = 6
_NAMED = re.compile(r"TOKEN|SECRET|PASSWORD|PASSWD|_KEY$|_KEY_")
_SHAPES = (
    re.compile(r"(?i)((?:authorization|cookie|token|secret|password|passwd|api[_-]?key)[\"']?\s{0,9}[:=]\s{0,9}[\"']?"
               r"(?:bearer |oauth |basic )?)[^\s\"',;&)]+"),
    re.compile(r"(://[^\s/:@]*:)[^\s/@]+(?=@)"),
    re.compile(r"(/share/)[\w-]{16,}"),
)
"""How secrets look that nobody has told us of: after their name, in an address, in a share link. What stands before them stays."""


class Secret:
    """A token or a key. Two of them are equal when they hold the same."""

    __slots__ = ("_held", "name")

    def __init__(self, name: str, held: str) -> None:
        self.name, self._held = name, held
        _HELD[held] = None
        while len(_HELD) > _MOST_HELD:
            _HELD.pop(next(iter(_HELD)))

    def reveal(self) -> str:
        """The secret itself, for the one place that sends it."""
        return self._held

    @property
    def mark(self) -> str:
        """A short mark that tells one secret from another and does not lead back to it."""
        return hashlib.sha256(b"vitrina:" + self._held.encode()).hexdigest()[:12]

    def mask(self, text: str) -> str:
        """The text without the secret in it."""
        return text.replace(self._held, HIDDEN) if self._held else text

    def __repr__(self) -> str:
        return f"<{self.name}: {HIDDEN}>"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return repr(self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._held == self._held

    def __hash__(self) -> int:
        return hash(self.mark)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not pickled")


def secret(name: str, fix: str) -> Secret:
    """The secret of this name. `fix` is the English template that says how to get one. Raises MissingSetting."""
    held = stated(name)
    if isinstance(held, str) and held.strip():
        return Secret(name, held.strip())
    raise MissingSetting("There is no {setting}.", "the environment, or .streamlit/secrets.toml", fix, setting=name)


def stated(name: str) -> str | Mapping[str, Any]:
    """What is stated under this name: a text, or a table where the file of secrets has one; an empty text where nothing is."""
    if found := os.environ.get(name):
        return found
    for folder in (settings.ROOT, Path.home()):
        held = _file(folder / ".streamlit" / "secrets.toml").get(name, "")
        if held:
            return held if isinstance(held, Mapping) else str(held)
    return ""


def masked(text: str) -> str:
    """The text without any secret that is known here, and without what looks like one."""
    stated_here = (value for name, value in os.environ.items() if _NAMED.search(name))
    for held in sorted((one for one in (*_HELD, *stated_here) if len(one) >= _SHORTEST), key=len, reverse=True):
        text = text.replace(held, HIDDEN)
    for shape in _SHAPES:
        text = shape.sub(rf"\g<1>{HIDDEN}", text)
    return text


def _file(path: Path) -> Mapping[str, Any]:
    """NB: read anew each time, so that a token that was just put there is seen; a parser's message would quote the line, and the secret."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise Problem(
            "The file of secrets cannot be read: it is not TOML.", "{file}", 'Write one line for each secret: NAME = "value".',
            file=".streamlit/secrets.toml",
        ) from None
