"""Looking into a service's JSON: what is documented is taken, what is not as documented is named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.refusals import changed


@dataclass(frozen=True)
class Shape:
    """A document (or a part of one) from a service. `path` is how problems name the part."""

    held: Any
    service: str
    account: str
    path: str = ""

    def text(self, name: str) -> str:
        """A text, or a number written as one: ids come either way."""
        found = self._of(name)
        if isinstance(found, bool) or not isinstance(found, (str, int)):
            raise self._changed(name, found)
        return str(found)

    def whole(self, name: str) -> int:
        found = self._of(name)
        if isinstance(found, bool) or not isinstance(found, (int, float)) or found != int(found):
            raise self._changed(name, found)
        return int(found)

    def flag(self, name: str, default: bool = False) -> bool:
        """NB: some of the booleans come as 0 and 1."""
        found = self._mapping().get(name, default)
        if found not in (0, 1):
            raise self._changed(name, found)
        return bool(found)

    def part(self, name: str) -> Shape:
        """An object inside."""
        found = self._of(name)
        if not isinstance(found, Mapping):
            raise self._changed(name, found)
        return Shape(found, self.service, self.account, self._named(name))

    def parts(self, name: str) -> list[Shape]:
        """A list of objects inside."""
        return [Shape(one, self.service, self.account, f"{self._named(name)}[{n}]") for n, one in enumerate(self.list(name))]

    def list(self, name: str) -> Sequence[Any]:
        found = self._of(name)
        if not isinstance(found, list):
            raise self._changed(name, found)
        return found

    def numbers(self, name: str) -> Sequence[float | None]:
        """A list of numbers; null is one that does not exist."""
        found = self.list(name)
        if any(isinstance(one, bool) or not isinstance(one, (int, float, type(None))) for one in found):
            raise self._changed(name, found)
        return found

    def get(self, name: str, default: str = "") -> str:
        """A text that may be absent."""
        found = self._mapping().get(name)
        return default if found is None else str(found)

    def _mapping(self) -> Mapping[str, Any]:
        if not isinstance(self.held, Mapping):
            raise self._changed("", self.held)
        return self.held

    def _of(self, name: str) -> Any:
        return self._mapping().get(name)

    def _named(self, name: str) -> str:
        return f"{self.path}.{name}".strip(".")

    def _changed(self, name: str, found: object) -> Exception:
        return changed(self.service, self.account, self._named(name) or "JSON", "absent" if found is None else repr(found)[:80])
