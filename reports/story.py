"""What a document says, before anybody decides what it looks like: blocks of words, figures, charts and tables. Plain values only.

Every text is in the story's language and every figure is there twice: as a number, for charts and cells that are to be edited, and as it
is printed. So all formats show the same, and a frozen story reopens as it was sent.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

Kind = TypeVar("Kind")

TONES = ("good", "bad", "flat")
CHARTS = ("line", "bar", "stacked", "waterfall", "map", "heat")
ROLES = ("now", "before", "year", "plan", "good", "bad", "part")


@dataclass(frozen=True)
class Figure:
    """A value as it is printed. `code` finds its receipt in the appendix; `tone` colours the change and is flat where noise explains it."""

    code: str
    metric: str
    title: str
    value: float | None
    text: str
    unit: str
    change: str = ""
    tone: str = "flat"
    was: str = ""
    receipt: str = ""


@dataclass(frozen=True)
class Series:
    """The values of a chart's line, or of its bars, one per label. `role` chooses the colour; None is a gap, which is not zero.

    `tones` colours single bars (of a waterfall, say) where they differ. `texts` are the values as printed.
    """

    name: str
    values: tuple[float | None, ...]
    role: str = "now"
    texts: tuple[str, ...] = ()
    tones: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chart:
    """A picture that has to be drawn natively. `kind` is one of CHARTS.

    Line, bar, stacked: labels along the axis, one value per label and series. Waterfall: one series; the first and the last value are
    levels, the ones between are steps that add up. Map: two series, x and y, a point per label, and a third for sizes; `names` title the
    axes. Heat: a series per row, a value per column label; None is not known yet.
    """

    kind: str
    title: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str
    alt: str
    names: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Cell:
    """One cell: its number (None where there is none), its text, its change in words. `unit` is its own where rows differ in it."""

    value: float | None
    text: str
    change: str = ""
    tone: str = "flat"
    unit: str = ""


@dataclass(frozen=True)
class Column:
    """A column of figures; `unit` is the metric's: count, money, share, multiple, number, seconds, or text."""

    key: str
    title: str
    unit: str


@dataclass(frozen=True)
class Row:
    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Table:
    """Rows under titles. `sums` names the columns of which `total` is the sum of the rows (a workbook writes a formula there)."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: Row | None = None
    sums: tuple[str, ...] = ()


@dataclass(frozen=True)
class Block:
    """One slide, section or sheet. `title` is its answer in a sentence, `lead` the commentary, `notes` what the reader has to know about
    the figures, `speaker` what the presenter says and the receipts behind it.

    `draft` is the commentary as it was written from the figures, `drafted` the title; they differ from `lead` and `title` when somebody
    has edited those, and `stale` says that the figures have changed under the edited words. `digest` is that of the figures: an edit
    keeps it.
    """

    key: str
    kind: str
    title: str
    lead: tuple[str, ...] = ()
    cards: tuple[Figure, ...] = ()
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()
    bullets: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    speaker: tuple[str, ...] = ()
    draft: tuple[str, ...] = ()
    stale: bool = False
    drafted: str = ""
    digest: str = ""


@dataclass(frozen=True)
class Check:
    """One pre-flight check: green passes, amber has put a footnote under `blocks`, red holds the document. `fix` says what to do."""

    key: str
    light: str
    said: str
    fix: str = ""
    blocks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Theme:
    """How a client's documents look. Colours as `#RRGGBB`; the logo is a PNG or JPEG."""

    accent: str = "#2F74D0"
    logo: bytes | None = None
    agency: str = ""


@dataclass(frozen=True)
class Story:
    """A document about the days from `since` to `until`. `made` is when, in UTC; `version` the store it was made from."""

    client: str
    name: str
    title: str
    subtitle: str
    template: str
    language: str
    currency: str
    since: date
    until: date
    made: datetime
    version: int
    blocks: tuple[Block, ...]
    compared: tuple[date, date] | None = None
    theme: Theme = field(default_factory=Theme)
    sources: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()

    @property
    def held(self) -> bool:
        """Whether a check forbids to send it."""
        return any(check.light == "red" for check in self.checks)

    def block(self, key: str) -> Block:
        return next(block for block in self.blocks if block.key == key)


def plain(value: Any) -> Any:
    """A story, or a part of one, as what JSON can hold."""
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    return value.isoformat() if isinstance(value, date) else value


def story(written: Mapping[str, Any]) -> Story:
    """The story that `plain` has written."""
    return _built(Story, written)


def _built(kind: type[Kind], written: Mapping[str, Any]) -> Kind:
    types = get_type_hints(kind)
    return kind(**{name: _read(types[name], value) for name, value in written.items() if name in types})


def _read(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if get_origin(kind) in (Union, UnionType):
        kind = next(one for one in get_args(kind) if one is not type(None))
    if get_origin(kind) is tuple:
        inner = get_args(kind)
        kinds = [inner[0]] * len(value) if inner[-1] is Ellipsis else inner
        return tuple(_read(one, part) for one, part in zip(kinds, value, strict=True))
    if is_dataclass(kind) and isinstance(kind, type):
        return _built(kind, value)
    if kind is bytes:
        return base64.b64decode(value)
    return kind.fromisoformat(value) if kind in (date, datetime) else value
