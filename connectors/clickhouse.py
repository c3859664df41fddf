"""ClickHouse's TSV as Metrica's Logs API writes it: reading staged logs as SQL, whatever they are logs of.

Nothing is quoted, so a quote is data; escapes are undone one by one; arrays come in two escapes in one file; each part repeats the header.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from connectors import Answers
from connectors.files import Head, cut_off, packed
from data.batches import Batch, Note
from data.errors import BadFile

DEVICES: Mapping[str, str] = {"1": "desktop", "2": "phone", "3": "tablet", "4": "tv"}
_HELD = "chr(57344)"
"""A private character that stands for an escaped backslash while the other escapes are undone."""
_ESCAPES = (
    (r"\t", "chr(9)"),
    (r"\n", "chr(10)"),
    (r"\r", "chr(13)"),
    (r"\b", "chr(8)"),
    (r"\f", "chr(12)"),
    (r"\''", "chr(39)"),
    (r"\0", "''"),
)


def header(head: Head) -> list[str]:
    return [str(cell).strip() for cell in head.rows[0]] if head.rows else []


def columns(head: Head, prefix: str) -> dict[str, str]:
    """Shape: lower-case name without prefix -> name as written, for the columns of one prefix."""
    return {name[len(prefix) :].lower(): name for name in header(head) if name.startswith(prefix)}


def check_whole(heads: Sequence[Head]) -> None:
    """Raises BadFile when a part was saved by another program or its last line is cut off."""
    for head in heads:
        if not head.encoding.startswith("utf-8"):
            raise BadFile(
                "Logs are in UTF-8 and this file is in {encoding}: it was saved by another program.",
                "{name}",
                "Download the part again and load it as it is.",
                encoding=head.encoding,
                name=head.name,
            )
        if cut_off(head):
            raise BadFile(
                "The last line is cut off: logs end with a line break and this file does not.",
                "{name}",
                "Download the part again. If you know that it is whole, add a line break at its end.",
                name=head.name,
            )


def noted(batch: Batch, notes: Iterable[Note]) -> Batch:
    """The batch with notes put before its own."""
    return replace(batch, notes=(*notes, *batch.notes))


class Log:
    """The SQL that reads files with this header under these answers."""

    def __init__(self, head: Head, prefix: str, answers: Answers) -> None:
        self.header = header(head)
        self.columns = columns(head, prefix)
        self.packed = packed(head)
        self.answers = answers

    def raw(self, name: str) -> str:
        """The column as text, or an empty text where the file has none."""
        written = self.columns.get(name.lower())
        return f"coalesce({identifier(written)}, '')" if written else "''"

    def text(self, name: str) -> str:
        """The column as free text, ClickHouse escapes undone."""
        raw = self.raw(name)
        return raw if raw == "''" else unescaped(raw)

    def day(self) -> str:
        """The day in the account's time zone; null where it is none."""
        return f"try_cast({self.raw('date')} AS DATE)" if "date" in self.columns else f"try_cast(left({self.raw('dateTime')}, 10) AS DATE)"

    def instant(self, name: str) -> str:
        """A column of local times as UTC."""
        return f"make_timestamp(epoch_us(timezone({literal(self.answers['timezone'])}, try_cast({self.raw(name)} AS TIMESTAMP))))"

    def device(self) -> str:
        return "CASE " + self.raw("deviceCategory") + "".join(f" WHEN '{k}' THEN '{v}'" for k, v in DEVICES.items()) + " ELSE '' END"

    def refused(self, id: str, why: str) -> tuple[tuple[str, str, str], ...]:
        """What no row may be. Shape: (condition, template of the reason, column that shows it)."""
        rules = [
            # NB: a cast takes `1.8E+19` too, which is what a spreadsheet makes of an id: what was read must be what stands there.
            (f"{id} IS NULL OR {id}::VARCHAR <> raw_{id}", why, f"raw_{id}"),
            (
                "visitor IS NULL OR (raw_visitor <> '' AND visitor::VARCHAR <> raw_visitor)", "A client id is not a whole number: {value}",
                "raw_visitor",
            ),
            ("day IS NULL", "A date is not a date: {value}", "raw_day"),
        ]
        if "counterid" in self.columns:
            other = f"counter <> {literal(self.answers['account'])}"
            rules.append((other, "The file mixes counters: {value} stands beside the first one", "counter"))
        return tuple(rules)

    def source(self) -> str:
        """The table function over `$files`.

        NB: nothing is sniffed. The engine's sniffer would try `#` as the mark of a comment and gives up on a file with one bad line.
        """
        types = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in self.header)
        return (
            f"read_csv($files, auto_detect=false, columns={{{types}}}, header=true, delim='\t', quote='', "
            f"escape='', comment='', nullstr='\\N', encoding='utf-8', compression='{'gzip' if self.packed else 'none'}')"
        )


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def listed(words: Sequence[str]) -> str:
    return ", ".join(map(literal, words))


def unescaped(raw: str) -> str:
    r"""Undo `\t \n \r \' \\`; the backslash goes through a placeholder so that `\\t` stays a backslash and a t."""
    if raw == "''":
        return raw
    undone = f"replace({raw}, '\\\\', {_HELD})"
    for escaped, plain in _ESCAPES:
        undone = f"replace({undone}, '{escaped}', {plain})"
    undone = f"replace({undone}, {_HELD}, '\\')"
    return f"CASE WHEN contains({raw}, '\\') THEN {undone} ELSE {raw} END"


def items(array: str) -> str:
    r"""An array literal as a list of texts. Quoted items come as `\'a\'` or `'a'` and may hold commas; numbers come bare."""
    quoted = f"regexp_extract_all(replace({array}, '\\''', ''''), '''((?:[^''\\\\]|\\\\.)*)''', 1)"
    bare = f"string_split(trim({array}, '[]'), ',')"
    return f"(CASE WHEN contains({array}, '''') THEN {quoted} ELSE {bare} END)"


def item(array: str, index: str) -> str:
    return f"{items(array)}[{index}]"
