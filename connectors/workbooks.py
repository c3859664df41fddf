"""The one reader of workbooks: rows of the first filled sheet of an XLSX file, checked before it is trusted.

NB: the library that reads cells allocates the whole rectangle up to the furthest one and takes the process down where that does not
fit: one space typed into XFD1048576 is enough. So every sheet is measured first.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path
from typing import Any

import python_calamine

from data.errors import BadFile

MOST_BYTES = 32 * 1024 * 1024
MOST_UNPACKED_BYTES = 512 * 1024 * 1024
MOST_CELLS = 5_000_000
MOST_PARTS = 5_000
MOST_LETTERS = 256 * 1024 * 1024
"""Unit: bytes of the texts of all cells together. A text is kept once in the file and once for each cell that shows it in memory."""
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CHUNK = 1024 * 1024
_CELL = re.compile(rb"<(?:\w+:)?c\s[^<>]*?\br\s*=\s*[\"']\s*([A-Za-z]+)(\d+)\s*[\"'][^<>]*(?<!/)>")
_LINE = re.compile(rb"<(?:\w+:)?row\s[^<>]*?\br\s*=\s*[\"']\s*(\d+)\s*[\"'][^<>]*(?<!/)>")
_TEXT = re.compile(rb"<(?:\w+:)?si[\s>].*?</(?:\w+:)?si\s*>", re.DOTALL)
_SHOWN = re.compile(rb"<(?:\w+:)?c\s[^<>]*?\bt\s*=\s*[\"']\s*s\s*[\"'][^<>]*>\s*<(?:\w+:)?v(?:\s[^<>]*)?>\s*(\d+)")

Row = list[Any]


def read(path: Path, name: str, size: int, rows: int | None) -> tuple[list[Row], tuple[str, ...]]:
    """The first `rows` rows (all for None) of the first visible sheet that has any, and the names of the others that have.

    NB: the size that a sheet declares may be wrong (Direct writes A1); it is not believed.
    """
    _check(path, name, size)
    try:
        workbook = python_calamine.CalamineWorkbook.from_path(str(path))
        shown = [sheet.name for sheet in workbook.sheets_metadata if sheet.visible == python_calamine.SheetVisibleEnum.Visible]
        filled: dict[str, list[Row]] = {}
        for sheet in shown:
            found = workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False, nrows=rows if not filled else 1)
            if found:
                filled[sheet] = found
    except (python_calamine.CalamineError, zipfile.BadZipFile, OSError, ValueError) as error:
        raise _damaged(name) from error
    if not filled:
        raise BadFile("The workbook has no rows.", "{name}", "Export it again for a period with data.", name=name)
    first, *others = filled
    return filled[first], tuple(others)


def too_large(name: str, size: int) -> BadFile:
    return BadFile("The file is too large for a report: {size} MB.", "{name}", "Export a shorter period.", name=name, size=size // 2**20)


def _damaged(name: str) -> BadFile:
    return BadFile("The file is not a workbook that can be opened.", "{name}", "Export it again as XLSX; this one is damaged.", name=name)


def _check(path: Path, name: str, size: int) -> None:
    """Turn away what is no XLSX or would not fit in memory."""
    if size > MOST_BYTES:
        raise too_large(name, size)
    with path.open("rb") as file:
        if file.read(len(OLE)) == OLE:
            raise _old_or_protected(path, name)
    try:
        with zipfile.ZipFile(path) as archive:
            _check_parts(archive, name)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise _damaged(name) from error


def _old_or_protected(path: Path, name: str) -> BadFile:
    if "EncryptedPackage".encode("utf-16-le") in path.read_bytes():
        return BadFile("The workbook is protected by a password.", "{name}", "Save it without the password and load that file.", name=name)
    return BadFile("This is a workbook of an old format.", "{name}", "Open it and save it as XLSX.", name=name)


def _check_parts(archive: zipfile.ZipFile, name: str) -> None:
    parts = archive.infolist()
    names = {part.filename.casefold() for part in parts}
    if "xl/workbook.bin" in names or "content.xml" in names:
        raise BadFile("This is a workbook of another format.", "{name}", "Open it and save it as XLSX.", name=name)
    if not any(one.startswith("xl/") for one in names):
        raise BadFile("This is an archive, not a table.", "{name}", "Unpack it and give the files that are inside.", name=name)
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MOST_UNPACKED_BYTES:
        raise too_large(name, unpacked)
    if len(parts) > MOST_PARTS:
        raise _damaged(name)
    cells = 0
    for part in parts:
        rows, columns = _extent(archive, part)
        cells += rows * columns
        if rows * columns > MOST_CELLS:
            raise BadFile(
                "The sheet is {rows} rows by {columns} columns; something stands far away from the table.", "{name}",
                "Copy the table alone into a new workbook and load that.", name=name, rows=rows, columns=columns,
            )
    _check_texts(archive, name, cells)


def _check_texts(archive: zipfile.ZipFile, name: str, cells: int) -> None:
    """Turn away texts that are short in the file and endless in memory: one long text that a hundred thousand cells show."""
    shared = [part for part in archive.infolist() if part.filename.casefold() == "xl/sharedstrings.xml"]
    if cells * sum(part.file_size for part in shared) < MOST_LETTERS:
        return
    sizes = [len(text) for part in shared for text in _TEXT.findall(archive.read(part))]
    if cells * max(sizes, default=0) < MOST_LETTERS:
        return
    sheets = (part for part in archive.infolist() if part.filename.casefold().startswith("xl/worksheets/"))
    letters = sum(sizes[int(place)] for part in sheets for place in _SHOWN.findall(archive.read(part)) if int(place) < len(sizes))
    if letters > MOST_LETTERS:
        raise too_large(name, letters)


def _extent(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> tuple[int, int]:
    """How far a part's filled cells reach. Shape: (rows, columns). Reads the part to its end, which proves its checksum."""
    rows = columns = 0
    rest = b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            text = rest + chunk
            for letters, line in _CELL.findall(text):
                rows, columns = max(rows, int(line)), max(columns, _column(letters))
            rows = max([rows, *map(int, _LINE.findall(text))])
            rest = text[text.rfind(b"<") :] if b"<" in text[-4096:] else b""
    return rows, max(columns, 1)


def _column(letters: bytes) -> int:
    """Number of a column: A is 1, AA is 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
