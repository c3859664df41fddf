"""What went wrong, in three lines a manager can act on.

    Problem                what happened, where, how to fix it
    ├── BadFile            the file is not what a source exports        fix: which export to make
    ├── ContractBroken     rows that break a table's contract           names line, column, value and rule
    ├── MissingAnswer      a file does not say something we must know   names the questions and their options
    ├── MissingSetting     a setting or a secret is absent              names it and where it is looked up
    ├── NoSuchClient       the client is not known, or not yours        did you mean
    ├── NotAllowed         the person may not do this                   who can open it
    ├── CannotAnswer       unknown metric or dimension, or a question the loaded data cannot answer
    ├── NeedsMemory        a load needs more memory than it may take    names the setting
    ├── StoreBusy          another process is loading into this client
    ├── StoreDamaged       no version of the store is what was written
    └── DiskRefuses        the disk is full, can only be read, or fails

Texts are templates plus facts, so that they can be said in any language (`data.text.say`). Libraries' errors become Problems at
the edge where they happen, with the cause chained; outside the frame's boundary nobody catches everything.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any


class Problem(Exception):
    """Something a person can fix. `what`, `where` and `fix` are English templates; `facts` fill their braces."""

    def __init__(self, what: str, where: str = "", fix: str = "", /, **facts: Any) -> None:
        self.what, self.where, self.fix, self.facts = what, where, fix, facts
        super().__init__(what)

    def lines(self) -> tuple[str, str, str]:
        """What, where and fix as templates, in this order."""
        return self.what, self.where, self.fix

    def __str__(self) -> str:
        facts = {name: "; ".join(map(str, fact)) if isinstance(fact, tuple) else fact for name, fact in self.facts.items()}
        return "\n".join(template.format(**facts) for template in self.lines() if template)


class BadFile(Problem):
    """The file is not an export we understand, or is damaged."""


class ContractBroken(Problem):
    """Rows do not keep the contract of their table."""


class MissingSetting(Problem):
    """A setting or a secret is not there."""


class NoSuchClient(Problem):
    """There is no such client, or the person may not see it: the two are not told apart on purpose."""


class NotAllowed(Problem):
    """The person may not do this here."""


class CannotAnswer(Problem):
    """The question names something unknown, or asks for what is not recorded."""


class NeedsMemory(Problem):
    """A load cannot be done within the memory that it may take."""

    def __init__(self, where: str, /, **facts: Any) -> None:
        fix = "Set VITRINA_LOAD_MEMORY higher (2GB, say), or load the file in parts."
        super().__init__("The load needs more memory than it may take.", where, fix, **facts)


class StoreBusy(Problem):
    """Another process holds the client's store for writing."""


class StoreDamaged(Problem):
    """A published version cannot be opened or is not whole."""


class DiskRefuses(Problem):
    """Nothing can be written: the disk is full, can only be read, or fails."""


@dataclass(frozen=True)
class Ask:
    """One thing a file does not say. `option` is the answer's name (account, timezone, vat…), `text` the question in English.

    `guess` says that the default is what the file itself suggests, and worth being shown where nobody can be asked.
    """

    option: str
    text: str
    choices: tuple[str, ...] = ()
    default: str = ""
    guess: bool = False

    @property
    def written(self) -> str:
        """The option as it is typed at the command line."""
        return f"--{self.option} '{self.default}'" if self.guess and self.default else f"--{self.option}"


class MissingAnswer(Problem):
    """The file leaves something open; `asks` are the questions."""

    def __init__(self, asks: Iterable[Ask], where: str, /, **facts: Any) -> None:
        self.asks = tuple(asks)
        options = ", ".join(f"--{ask.option}" for ask in self.asks)
        said = ", ".join(ask.written for ask in self.asks)
        super().__init__("Not said and not guessed: {options}", where, "Say it with {said}.", options=options, said=said, **facts)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The nearest known words as `a, b, c`; empty when nothing is near."""
    return ", ".join(get_close_matches(word, list(known), n=3, cutoff=0.5))
