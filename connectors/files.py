"""The one reader of export files: what kind of file it is, its encoding and delimiter, and its rows.

Nothing here knows any source. A file is looked at once (`peek`), by content and never by name; sources decide on the `Head` whether
they know it. Tables that fit in memory come as rows of text or typed cells; logs of any size are left to the engine. What the cells
mean is decided in `connectors.values`, a column at a time.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import hashlib
import io
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

from connectors import workbooks
from data.batches import Note
from data.errors import BadFile

PEEK_BYTES = 256 * 1024
PEEK_ROWS = 40
MOST_TEXT_BYTES = 64 * 1024 * 1024
MOST_TIMES = 100
"""How many times its size a packed file may unpack to. Logs unpack to five to thirty times; a bomb to a thousand."""
_GZIP = b"\x1f\x8b"
_CHUNK = 64 * 1024
_MOST_DENSE = 1032
"""What a byte of gzip can unpack to at most."""
_PICTURES = {
    b"\x89PNG": "PNG picture", b"\xff\xd8\xff": "JPEG picture", b"GIF8": "GIF picture", b"%PDF": "PDF document", b"RIFF": "media file",
}
_OPAQUE = {b"PAR1": "parquet", b"Obj\x01": "avro"}
"""Files of a data warehouse: their sources look into them by themselves."""
_MARKS = ("\t", ";", ",")

Row = list[Any]


@dataclass(frozen=True)
class Head:
    """The beginning of a file. `kind` is text, workbook, parquet or avro; `rows` are its first rows as cells (of the first sheet
    that has any).

    `quoted` says whether quotation marks enclose cells (else they are data); `sheets` are the other filled sheets of a workbook;
    `bare` says that the file holds one line and nothing under it.
    """

    path: Path
    name: str
    size: int
    kind: str
    encoding: str
    delimiter: str
    rows: tuple[tuple[Any, ...], ...]
    quoted: bool = True
    sheets: tuple[str, ...] = ()
    bare: bool = False

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the whole file, first 12 hex digits: enough to tell one export from another."""
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()[:12]

    @property
    def origin(self) -> str:
        """How the ledger names the file."""
        return f"{self.name} #{self.digest}"

    def first(self, row: int = 0, column: int = 0) -> str:
        """A cell of the first rows as stripped text; empty where there is none."""
        if row < len(self.rows) and column < len(self.rows[row]):
            return str(self.rows[row][column]).strip()
        return ""


def peek(path: Path, name: str = "") -> Head:
    """Look at a file. Raises BadFile when it is empty, a picture, an archive or in no encoding that exports use."""
    name = name or path.name
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(PEEK_BYTES)
    except OSError as error:
        raise BadFile(
            "The file cannot be opened: {error}.", "{name}", "Check the path and the permissions.", name=name, error=error.strerror
        ) from error
    if not start.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise BadFile("The file is empty.", "{name}", "Export it again; the download was probably interrupted.", name=name)
    for magic, what in _PICTURES.items():
        if start.startswith(magic):
            raise BadFile(
                "This is a {what}, whatever its name says.", "{name}", "Give the CSV, TSV or XLSX that the source exports.",
                name=name, what=what,
            )
    for magic, kind in _OPAQUE.items():
        if start.startswith(magic):
            return Head(path, name, size, kind, "", "", ())
    if start.startswith((workbooks.ZIP, workbooks.OLE)):
        rows, sheets = workbooks.read(path, name, size, PEEK_ROWS)
        bare = len(rows) < PEEK_ROWS and sum(not blank(row) for row in rows) == 1
        return Head(path, name, size, "workbook", "", "", tuple(map(tuple, rows)), sheets=sheets, bare=bare)
    return _peek_text(path, name, size, start)


def _peek_text(path: Path, name: str, size: int, start: bytes) -> Head:
    whole = size <= PEEK_BYTES
    if start.startswith(_GZIP):
        _check_packing(path, name)
        start = _unpacked(path, name, PEEK_BYTES)
        whole = len(start) < PEEK_BYTES
    encoding = _encoding(start, name, whole)
    text = _decode(start, encoding, name, whole)
    delimiter, quoted = _dialect(text)
    rows = tuple(tuple(row) for row in _sample(text, delimiter, quoted)[0])
    lines = [line for line in text.splitlines() if line.strip()] if whole else []
    bare = len(lines) == 1 and not lines[0].lstrip("\ufeff").startswith(("{", "["))
    return Head(path, name, size, "text", encoding, delimiter, rows, quoted, bare=bare)


def table(head: Head) -> list[Row]:
    """All rows of a file that fits in memory, blank ones included, so that a row's place is its line.

    Shape: cells are text for text files, text / float / bool / date for workbooks. Raises BadFile when it is damaged or too large.
    """
    if head.kind == "workbook":
        return workbooks.read(head.path, head.name, head.size, None)[0]
    if head.size > MOST_TEXT_BYTES:
        raise workbooks.too_large(head.name, head.size)
    content = head.path.read_bytes()
    if content.startswith(_GZIP):
        content = _unpacked(head.path, head.name, MOST_TEXT_BYTES + 1)
        if len(content) > MOST_TEXT_BYTES:
            raise workbooks.too_large(head.name, len(content))
    text = _decode_all(content, head)
    rows: list[Row] = []
    try:
        rows.extend(_rows(text, head.delimiter, head.quoted))
    except csv.Error as error:
        raise BadFile(
            "A quotation mark inside a cell is not doubled, or one is never closed.", "{name}, line {line}",
            "Correct the line or export the file again.", name=head.name, line=len(rows) + 1,
        ) from error
    return rows


def unread(head: Head) -> tuple[Note, ...]:
    """What of a workbook is not read: only its first filled sheet is."""
    if not head.sheets:
        return ()
    return (Note("not loaded", "Only the first filled sheet is read; these are not: {sheets}", {"sheets": ", ".join(head.sheets)}),)


def blank(row: Iterable[Any]) -> bool:
    """Whether no cell of the row holds anything."""
    return not any(str(cell).strip() for cell in row)


def packed(head: Head) -> bool:
    """Whether the file is gzip, whatever its name says."""
    with head.path.open("rb") as file:
        return file.read(2) == _GZIP


def cut_off(head: Head) -> bool:
    """Whether a text file that always ends with a line break does not: its last line is probably half a line."""
    if packed(head):
        return False
    with head.path.open("rb") as file:
        file.seek(-min(2, head.size), io.SEEK_END)
        end = file.read()
    return end not in (b"\n\x00", b"\x00\n") if head.encoding.startswith("utf-16") else not end.endswith(b"\n")


def names(row: Sequence[Any]) -> tuple[str, ...]:
    """A header's names: stripped, lower case, single spaces."""
    return tuple(" ".join(str(cell).replace("\u00a0", " ").split()).lower() for cell in row)


# -------------------------------------------------------------------------------------------------------------- text


def _unpacked(path: Path, name: str, most: int) -> bytes:
    try:
        with gzip.open(path) as file:
            return file.read(most)
    except (OSError, EOFError, zlib.error) as error:
        raise BadFile("The archive is damaged.", "{name}", "Download it again.", name=name) from error


def _check_packing(path: Path, name: str) -> None:
    """Turn away what unpacks to far more than a table would: a file of megabytes that fills the disk. NB: logs of any size are read by the
    engine, so there is no other place where this would be noticed. The beginning is enough: a log is as dense at its end."""
    if path.stat().st_size * _MOST_DENSE < MOST_TEXT_BYTES:
        return
    taken = unpacked = 0
    packer = zlib.decompressobj(31)
    with path.open("rb") as file:
        while unpacked < MOST_TEXT_BYTES and not packer.eof and (chunk := packer.unconsumed_tail or file.read(_CHUNK)):
            taken += 0 if packer.unconsumed_tail else len(chunk)
            try:
                unpacked += len(packer.decompress(chunk, 16 * _CHUNK))
            except zlib.error:
                return
    if unpacked > MOST_TIMES * taken:
        raise BadFile(
            "The archive unpacks to more than {times} times its size, which no table does.", "{name}", "Pack the export itself, once.",
            name=name, times=MOST_TIMES,
        )


def _binary(name: str) -> BadFile:
    return BadFile("The file is binary, not a table.", "{name}", "Give the CSV, TSV or XLSX that the source exports.", name=name)


def _encoding(start: bytes, name: str, whole: bool) -> str:
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if b"\x00" in start[:4096]:
        return _wide(start[:4096], name)
    try:
        _decode_part(start, "utf-8-sig", whole)
    except UnicodeDecodeError:
        controls = sum(1 for byte in start if byte < 32 and byte not in b"\t\r\n")
        if controls * 100 > len(start):
            raise _binary(name) from None
        return "cp1251"
    return "utf-8-sig"


def _wide(start: bytes, name: str) -> str:
    """UTF-16 without its mark: every other byte of Latin text is zero."""
    half = len(start) // 2
    for encoding, zeros in (("utf-16-le", start[1::2]), ("utf-16-be", start[0::2])):
        if zeros.count(0) * 2 > half and start.count(0) == zeros.count(0):
            return encoding
    raise _binary(name)


def _decode_part(content: bytes, encoding: str, whole: bool) -> str:
    """NB: a peek may cut the last character in two, which is no fault of the file."""
    return codecs.getincrementaldecoder(encoding)().decode(content, final=whole)


def _decode(content: bytes, encoding: str, name: str, whole: bool) -> str:
    try:
        return _decode_part(content, encoding, whole)
    except UnicodeDecodeError as error:
        raise BadFile(
            "The file has a damaged character at byte {place}.", "{name}", "Export it again, best as UTF-8.", name=name, place=error.start
        ) from error


def _decode_all(content: bytes, head: Head) -> str:
    """NB: a file may begin with pages of plain Latin and turn out to be cp1251 later."""
    if head.encoding == "utf-8-sig" and content[:PEEK_BYTES].isascii() and not content.isascii():
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError:
            return _decode(content, "cp1251", head.name, whole=True)
    return _decode(content, head.encoding, head.name, whole=True)


def _dialect(text: str) -> tuple[str, bool]:
    """Delimiter and whether quotes enclose cells: the reading under which most lines have the same number of cells.

    Of equal readings a tab comes before a semicolon and that before a comma, which in a Russian file is the decimal mark.
    """
    quoting = (True, False) if '"' in text else (True,)
    readings = [(mark, quoted) for mark in _MARKS for quoted in quoting]
    return max(readings, key=lambda reading: _agreement(text, *reading))


def _agreement(text: str, delimiter: str, quoted: bool) -> float:
    """Share of the first lines (banners aside) that have the commonest number of cells, two at least.

    NB: only tab files are known to hold bare quotation marks. Elsewhere a fault in the quoting is better named than read around.
    """
    sample, sound = _sample(text, delimiter, quoted)
    rows = [row for row in sample if not blank(row) and not str(row[0]).startswith("#")]
    widths = Counter(len(row) for row in rows if len(row) > 1)
    share = max(widths.values(), default=0) / len(rows) if rows else 0.0
    if quoted:
        return share if sound else 0.6 * share
    return share if delimiter == "\t" or share == 1 else 0.5 * share


def _sample(text: str, delimiter: str, quoted: bool) -> tuple[list[Row], bool]:
    """The first rows, up to a fault where there is one, and whether there was none."""
    found: list[Row] = []
    try:
        found.extend(islice(_rows(text, delimiter, quoted), PEEK_ROWS))
    except csv.Error:
        return found, False
    return found, True


def _rows(text: str, delimiter: str, quoted: bool) -> Iterator[Row]:
    """NB: strict, because a stray quotation mark would otherwise swallow the lines after it without a word."""
    if quoted:
        return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    return (line.rstrip("\r").split(delimiter) for line in text.split("\n"))
