"""Files that attack: refused in words or read as what they are, within seconds and megabytes; nothing is written outside of its place."""

from __future__ import annotations

import gzip
import io
import json
import os
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import xlsxwriter

from data.desk import looks
from data.errors import Problem
from data.pictures import measures
from data.text import words
from data.workspace import Workspace
from pages.ui.shelf import Shelf, called
from tests.story_sample import picture

ROOT = Path(__file__).parents[2]
SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
SPREADSHEET = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LOG = "\t".join(f"ym:s:{name}" for name in ("visitID", "counterID", "date", "dateTime", "clientID", "lastsignTrafficSource")) + "\n"
VISIT = "123\t1\t2026-03-01\t2026-03-01 10:00:00\t55\tad\n"


def book() -> dict[str, bytes]:
    """The parts of a small sheet of costs."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as file:
        sheet = file.add_worksheet()
        for line, row in enumerate([["Дата", "Источник", "Расход"], ["01.03.2026", "vk", "5"], ["02.03.2026", "vk", "6"]]):
            for place, cell in enumerate(row):
                sheet.write_string(line, place, cell)
    with zipfile.ZipFile(made) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: dict[str, bytes], level: int = 6) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return made.getvalue()


def with_part(name: str, content: bytes) -> bytes:
    return packed({**book(), name: content})


def laughs() -> bytes:
    entities = b"".join(b'<!ENTITY %c "%s">' % (98 + n, (b"&%c;" % (97 + n)) * 10) for n in range(12))
    return b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "lol">' + entities + b"]><sst " + SPREADSHEET + b"><si><t>&m;</t></si></sst>"


def shared_text() -> bytes:
    """One long text that fifty thousand cells show: five gigabytes in memory."""
    cells = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (n, n) for n in range(1, 50_001))
    parts = book()
    parts[STRINGS] = b"<sst " + SPREADSHEET + b"><si><t>" + b"x" * 100_000 + b"</t></si></sst>"
    parts[SHEET] = b"<worksheet " + SPREADSHEET + b"><sheetData>" + cells + b"</sheetData></worksheet>"
    return packed(parts)


def many_parts() -> bytes:
    return packed({**book(), **{f"xl/a{n}": b"" for n in range(20_000)}})


def endless() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive, archive.open("xl/media/x", "w") as part:
        for _ in range(60):
            part.write(bytes(10_000_000))
    return made.getvalue()


def lying_size() -> bytes:
    """A part of twenty megabytes whose catalogue says ten bytes."""
    made = bytearray(with_part("xl/media/x", b"0" * 20_000_000))
    entry = made.rfind(b"PK\x01\x02", 0, made.rfind(b"xl/media/x"))
    struct.pack_into("<I", made, entry + 24, 10)
    return bytes(made)


def nested(depth: int = 6) -> bytes:
    made = b"0" * 1_000_000
    for level in range(depth):
        made = packed({f"{level}.zip": made})
    return made


def binary_book() -> bytes:
    return packed({"xl/workbook.bin": b"\x83\x01\x00", "xl/worksheets/sheet1.bin": bytes(100), "[Content_Types].xml": b"<Types/>"})


def other_office() -> bytes:
    cell = b'<table:table-cell table:number-columns-repeated="16384"/>'
    rows = b'<table:table-row table:number-rows-repeated="1048576">' + cell + b"</table:table-row>"
    return packed({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": rows * 100, "xl/workbook.xml": b"<x/>"})


ANY = ""


@dataclass(frozen=True)
class Attack:
    """A file as somebody hands it in. `says` is in the refusal; ANY stands for a file that may as well be read as what it is."""

    make: Callable[[], bytes]
    says: str
    name: str = "costs.xlsx"


COSTS = "Дата;Источник;Расход\n01.03.2026;vk;5\n"
ATTACKS = {
    "a billion laughs": Attack(lambda: with_part(STRINGS, laughs()), "not a workbook"),
    "an entity that names a file": Attack(
        lambda: with_part(STRINGS, book()[STRINGS].replace(b"<sst", b'<!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]><sst', 1)
                  .replace(b"vk", b"&x;")), "not a workbook"),
    "an entity that names a page": Attack(
        lambda: with_part(STRINGS, b'<!DOCTYPE s SYSTEM "http://127.0.0.1:9/x.dtd">' + book()[STRINGS].split(b"?>", 1)[-1]), ANY),
    "one text in fifty thousand cells": Attack(shared_text, "too large"),
    "twenty thousand parts": Attack(many_parts, "not a workbook"),
    "a part that lies about its size": Attack(lying_size, "not a workbook"),
    "half a gigabyte of zeros": Attack(endless, "too large"),
    "archives in archives": Attack(nested, "an archive, not a table", "costs.zip"),
    "parts that climb out of the folder": Attack(
        lambda: packed({**book(), "../../../../tmp/vitrina-evil": b"x", "/etc/vitrina-evil": b"x"}), ANY,
    ),
    "a binary workbook": Attack(binary_book, "another format", "costs.xlsb"),
    "another office's workbook that repeats": Attack(other_office, "another format", "costs.ods"),
    "macros": Attack(lambda: packed({**book(), "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"}), ANY, "costs.xlsm"),
    "a log packed two hundred times": Attack(
        lambda: gzip.compress((LOG + VISIT * 2_000_000).encode(), 6), "unpacks to more", "visits.tsv.gz",
    ),
    "zeros packed a thousand times": Attack(lambda: gzip.compress(b"Date;Source;Cost\n" + bytes(150_000_000), 6), ANY, "costs.csv.gz"),
    "empty lines": Attack(lambda: gzip.compress(b"\n" * 100_000_000, 6), ANY, "costs.csv.gz"),
    "an archive that ends in the middle": Attack(lambda: gzip.compress(COSTS.encode() * 9)[:40], "damaged", "costs.csv.gz"),
    "a picture with a table's name": Attack(lambda: picture(), "PNG picture", "costs.csv"),
    "a program with a workbook's name": Attack(lambda: b"MZ\x90\x00" + bytes(4000), "binary"),
    "a document with a table's name": Attack(lambda: b"%PDF-1.7\n" + bytes(100), "PDF document", "costs.csv"),
    "quotation marks alone": Attack(lambda: b'"' * 2_000_000, ANY, "costs.csv"),
    "delimiters alone": Attack(lambda: b";" * 5_000_000, ANY, "costs.csv"),
    "brackets alone": Attack(lambda: b"[" * 200_000, ANY, "events.json"),
    "objects in objects": Attack(lambda: b'{"event_date":"20260301","event_name":' * 20_000, "JSON", "events.json"),
    "one line of ten megabytes": Attack(lambda: b"Date;Source;Cost\n" + b"a" * 10_000_000, ANY, "costs.csv"),
    "a number of a hundred thousand digits": Attack(
        lambda: COSTS.replace("5\n", "9" * 100_000 + "\n").encode(), "cannot be read", "costs.csv",
    ),
    "a number with an endless exponent": Attack(lambda: (COSTS + "02.03.2026;vk;1e999999999\n").encode(), ANY, "costs.csv"),
    "digits of another alphabet": Attack(lambda: (COSTS + "02.03.2026;vk;١٢٣\n").encode(), ANY, "costs.csv"),
    "a zero byte in a cell": Attack(lambda: COSTS.encode() + b"02.03.2026;v\x00k;5\n", ANY, "costs.csv"),
    "a thousand columns": Attack(lambda: (";".join(f"c{n}" for n in range(50_000)) + "\n").encode() * 20, ANY, "costs.csv"),
}


READING = """
import json, resource, sys
from pathlib import Path
from connectors import intake
from data.errors import Problem
from data.text import words
resource.setrlimit(resource.RLIMIT_AS, (4_000_000_000, 4_000_000_000))
stated = {"timezone": "Europe/Moscow", "vat": "net", "currency": "RUB", "account": "1", "period": "2026-03-01/2026-03-31"}
for line in sys.stdin:
    path, name = json.loads(line)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    said = []
    try:
        handful = intake.sort([Path(path)], {Path(path): name})
        said = [" ".join(words("en").problem(one.problem)) for one in handful.refused]
        for series in handful.series:
            intake.read(intake.resolve(series, intake.Known(stated=stated)))
    except Problem as problem:
        said.append(" ".join(words("en").problem(problem)))
    print(json.dumps([said, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before]), flush=True)
"""
MOST = 450
"""Unit: megabytes that reading one file may add to the process. What a table of the largest allowed size takes."""
pytestmark = pytest.mark.promise("R18")


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[list[str], int]]:
    """What became of every file, in one process that reads them one after the other. Shape: attack -> (refusals, megabytes added)."""
    folder = tmp_path_factory.mktemp("handed-in")
    lines = []
    for number, attack in enumerate(ATTACKS.values()):
        path = folder / str(number)
        path.write_bytes(attack.make())
        lines.append(json.dumps([str(path), attack.name]))
    done = subprocess.run(
        [sys.executable, "-c", READING], input="\n".join(lines), capture_output=True, text=True, cwd=ROOT, timeout=240, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == len(ATTACKS), f"the process fell at {list(ATTACKS)[len(answers)]}: {done.stderr[-600:]}"
    assert sorted(path.name for path in folder.iterdir()) == sorted(map(str, range(len(ATTACKS)))), "nothing was written"
    return {name: (said, kilobytes // 1024) for name, (said, kilobytes) in zip(ATTACKS, answers, strict=True)}


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_file_that_attacks_is_refused_in_words_or_read_as_what_it_is(attack: str, outcomes: dict[str, tuple[list[str], int]]) -> None:
    said, megabytes = outcomes[attack]
    assert megabytes < MOST
    assert ATTACKS[attack].says in " ".join(said)
    for one in said:
        assert "Traceback" not in one and "root:" not in one and str(ROOT) not in one and len(one) < 2500
    assert not Path("/tmp/vitrina-evil").exists() and not Path("/etc/vitrina-evil").exists()


# ------------------------------------------------------------------------------------------------------------------ names


@dataclass(frozen=True)
class Upload:
    """What the browser, or somebody in its place, has sent."""

    name: str
    file_id: str

    def getbuffer(self) -> memoryview:
        return memoryview(b"a,b\n1,2\n")


NAMES = {
    "a climb": ("../../../../etc/passwd", "passwd"),
    "a climb of Windows": ("..\\..\\Windows\\system.ini", "system.ini"),
    "an absolute path": ("/etc/shadow", "shadow"),
    "a drive": ("C:\\Users\\anna\\costs.csv", "costs.csv"),
    "a share of Windows": ("\\\\evil.example\\share\\costs.csv", "costs.csv"),
    "a stream of Windows": ("costs.csv:evil.exe", "costs.csv:evil.exe"),
    "a device of Windows": ("CON", "CON"),
    "a zero byte": ("costs.csv\x00.exe", "costs.csv.exe"),
    "a new line": ("costs\n2026-01-01 error admin logged in.csv", "costs2026-01-01 error admin logged in.csv"),
    "a coloured terminal": ("\x1b[31mcosts.csv", "[31mcosts.csv"),
    "letters turned around": ("costs\u202evsc.exe", "costsvsc.exe"),
    "nothing": ("", "file"),
    "dots": ("..", "file"),
    "blanks": (" \t ", "file"),
    "ten thousand letters": ("x" * 10_000 + ".csv", "x" * 79 + "…" + "x" * 36 + ".csv"),
    "home": ("~/.ssh/id_rsa", "id_rsa"),
    "markup": ("<img src=x onerror=alert(1)>.csv", "<img src=x onerror=alert(1)>.csv"),
}
IDS = ("../../evil", "/etc/evil", "..", ".", "", "a/b", "C:\\evil", "x" * 5_000, "a\x00b", "\n")


@pytest.mark.parametrize("attack", NAMES)
def test_a_name_is_shown_bare_and_no_file_is_written_under_it(attack: str) -> None:
    name, shown = NAMES[attack]
    shelf = Shelf()
    [(path, found)] = shelf.put([Upload(name, "1")]).items()
    assert found == shown == called(name)
    assert path.parent == shelf.folder and path.read_bytes() == b"a,b\n1,2\n"
    assert [one.name for one in shelf.folder.iterdir()] == [path.name]


@pytest.mark.parametrize("file_id", IDS)
def test_an_id_that_is_a_path_stays_in_the_folder(file_id: str) -> None:
    shelf = Shelf()
    beside = sorted(shelf.folder.parent.glob("*evil*"))
    [path] = shelf.put([Upload("costs.csv", file_id)])
    assert path.parent == shelf.folder and path.is_file()
    assert sorted(shelf.folder.parent.glob("*evil*")) == beside and not Path("/etc/evil").exists()


# --------------------------------------------------------------------------------------------------------------- pictures


def png(width: int, height: int) -> bytes:
    """A picture that says it is so large."""
    made = bytearray(picture(8, 8))
    struct.pack_into(">II", made, 16, width, height)
    struct.pack_into(">I", made, 29, zlib.crc32(bytes(made[12:29])))
    return bytes(made)


def jpeg(width: int, height: int) -> bytes:
    frame = b"\xff\xc2\x00\x11\x08" + struct.pack(">HH", height, width) + b"\x03\x01\x11\x00\x02\x11\x00\x03\x11\x00"
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + frame + bytes(40)


PICTURES = {
    "a drawing that runs": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "a drawing that names a file": b"<?xml version='1.0'?><!DOCTYPE svg [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><svg>&x;</svg>",
    "a page": b"<html><script>alert(1)</script></html>",
    "a moving picture": b"GIF89a" + bytes(40),
    "a picture of a billion pixels": png(40_000, 40_000),
    "a photograph of a billion pixels": jpeg(65_535, 65_535),
    "a picture as wide as a street": png(200_000, 1),
    "a picture of nothing": png(0, 0),
    "a picture that is only its beginning": b"\x89PNG\r\n\x1a\n",
    "a picture whose head is something else": b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rtEXt" + bytes(40),
    "a photograph that never begins": b"\xff\xd8\xff" + b"\xff" * 500,
    "a picture of a megabyte": picture(8, 8) + bytes(1_000_000),
    "an archive": packed({"a": b"b"}),
    "nothing": b"",
}


@pytest.mark.parametrize("attack", PICTURES)
def test_a_picture_that_lies_is_no_logo(attack: str, tmp_path: Path) -> None:
    desk = Workspace(f"sqlite:///{tmp_path / 'desk.sqlite'}")
    desk.add_client("kettles", "Kettles", "RUB", "Europe/Moscow")
    with pytest.raises(Problem) as caught:
        looks.put(desk, "kettles", looks.Look("", PICTURES[attack]))
    english, russian = (words(language).problem(caught.value)[0] for language in ("en", "ru"))
    assert english != russian and looks.of(desk, "kettles") == looks.Look()


def test_pictures_of_a_logos_size_are_taken() -> None:
    assert measures(picture(96, 32)) == (96, 32)
    assert measures(jpeg(600, 200)) == (600, 200)


COLOURS = ("red", "#12345", "#1234567", "#12345g", "#123456;}*{x:1", "#123456\n", "url(//evil.example)", "＃123456", "#１23456")


@pytest.mark.parametrize("colour", COLOURS)
def test_a_colour_is_a_colour(colour: str, tmp_path: Path) -> None:
    desk = Workspace(f"sqlite:///{tmp_path / 'desk.sqlite'}")
    desk.add_client("kettles", "Kettles", "RUB", "Europe/Moscow")
    with pytest.raises(Problem):
        looks.put(desk, "kettles", looks.Look(colour))
