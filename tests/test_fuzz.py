"""Five thousand damaged files: each is a Problem that says what to do, or is still read; never a traceback, never a changed store.

Shipped samples are cut off, shuffled, half re-encoded, given other delimiters, filled with formulas, or packed into bombs. All are
recognised and read; every fiftieth goes through a real store as well.
"""

from __future__ import annotations

import gzip
import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from connectors import intake
from data.errors import Problem
from data.warehouse import Warehouse
from tests.stored import SAMPLES, stored

SEEDS, EACH, THROUGH_A_STORE = 50, 100, 2
STATED = {
    "timezone": "Europe/Moscow", "vat": "net", "currency": "RUB", "account": "70000017", "period": "2026-03-01/2026-03-31",
    "attribution": "automatic", "goal": "*", "money": "plain",
}
HEALTHY = [path for path in sorted(SAMPLES.glob("*/*/*")) if path.name != "expected.json" and path.stat().st_size < 20_000]
SOUND = SAMPLES / "direct_wizard" / "days" / "report.xlsx"
FORMULAS = ("=1+1", "=HYPERLINK(\"http://x\")", "@SUM(A1:A9)", "=cmd|' /C calc'!A0", "+7", "-", "{=A1}", "#REF!", "#N/A", "=\t")
BITS = (b"", b"\x00", b'"', b"\n", b"\t", b",;", b"\xff\xfe", b"-1", b"#", b"9" * 40, b"\xd0", b"\r", b"''", b"\\", b"NaN", b"1e309")


def cut(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(1, max(2, len(content)))]


def headless(content: bytes, chance: random.Random) -> bytes:
    return content[chance.randrange(1, max(2, len(content))) :]


def flipped(content: bytes, chance: random.Random) -> bytes:
    """Bytes are cut out, replaced or doubled in a few places."""
    changed = bytearray(content)
    for _ in range(chance.randint(1, 5)):
        place = chance.randrange(max(1, len(changed)))
        changed[place : place + chance.randint(0, 40)] = chance.choice(BITS) * chance.randint(1, 3)
    return bytes(changed)


def shuffled(content: bytes, chance: random.Random) -> bytes:
    """Columns change places: in all lines alike, or in each line by itself."""
    mark = max(b"\t;,", key=content.count).to_bytes()
    rows = [line.split(mark) for line in content.split(b"\n")]
    order = random.Random(chance.random())
    alike, seed = chance.random() < 0.5, order.random()
    for row in rows:
        (random.Random(seed) if alike else order).shuffle(row)
    return b"\n".join(mark.join(row) for row in rows)


def lines_moved(content: bytes, chance: random.Random) -> bytes:
    """Lines change places, go or come twice."""
    lines = content.split(b"\n")
    return b"\n".join(chance.choices(lines, k=chance.randint(1, 2 * len(lines))))


def recoded(content: bytes, chance: random.Random) -> bytes:
    """One part of the file in another encoding than the rest."""
    text = content.decode("utf-8", "replace")
    place = chance.randrange(len(text) + 1)
    first, second = (chance.choice(("utf-8", "cp1251", "utf-16", "utf-16-be", "cp866", "utf-8-sig")) for _ in range(2))
    return text[:place].encode(first, "replace") + text[place:].encode(second, "replace")


def other_marks(content: bytes, chance: random.Random) -> bytes:
    """Delimiters of another kind: everywhere, or from a place on."""
    place = chance.choice((0, chance.randrange(len(content) + 1)))
    one, other = chance.sample([b"\t", b";", b",", b"|", b'"'], 2)
    return content[:place] + content[place:].replace(one, other)


def formulas(content: bytes, chance: random.Random) -> bytes:
    """Cells become formulas, errors of spreadsheets or signs alone."""
    mark = max(b"\t;,", key=content.count).to_bytes()
    lines = [line.split(mark) for line in content.split(b"\n")]
    for _ in range(chance.randint(1, 6)):
        line = chance.choice(lines)
        line[chance.randrange(len(line))] = chance.choice(FORMULAS).encode()
    return b"\n".join(mark.join(line) for line in lines)


def workbook_of_formulas(content: bytes, chance: random.Random) -> bytes:
    """The same lines as a workbook with formulas, errors and numbers that are none."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "nan_inf_to_errors": True}) as book:
        sheet = book.add_worksheet()
        for line, row in enumerate(content.decode("utf-8", "replace").splitlines()[:40]):
            for place, cell in enumerate(row.split(",")[:40]):
                if chance.random() < 0.05:
                    sheet.write_formula(line, place, chance.choice(FORMULAS), value=chance.choice(["#REF!", 0, "text", True]))
                elif chance.random() < 0.03:
                    sheet.write_number(line, place, chance.choice([float("nan"), float("inf"), -1e300, 1e19, 0.1 + 0.2]))
                else:
                    sheet.write(line, place, cell)
    return file.getvalue()


def bomb(content: bytes, chance: random.Random) -> bytes:
    """Small packed, large unpacked: a workbook whose sheet goes on and on, or a text of one cell."""
    if chance.random() < 0.5:
        return gzip.compress(content + b"0" * 3_000_000, compresslevel=1)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("xl/workbook.xml", content)
        archive.writestr("xl/worksheets/sheet1.xml", b"<sheetData>" + b'<c r="XFD1048576"><v>1</v></c>' * chance.randint(1, 20_000))
    return file.getvalue()


def packed(content: bytes, chance: random.Random) -> bytes:
    """Gzip, whole or broken."""
    whole = gzip.compress(content)
    return chance.choice((lambda: whole, lambda: cut(whole, chance), lambda: flipped(whole, chance)))()


WAYS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    cut, headless, flipped, shuffled, lines_moved, recoded, other_marks, formulas, packed,
)
RARE = (workbook_of_formulas, bomb)


def damaged(chance: random.Random) -> bytes:
    """A sample with one kind of damage, or two."""
    content = chance.choice(HEALTHY).read_bytes()
    for _ in range(chance.randint(1, 2)):
        content = chance.choice(WAYS)(content, chance)
    return chance.choice(RARE)(content, chance) if chance.random() < 0.04 else content


def outcome(path: Path, store: Warehouse | None = None) -> Problem | None:
    """Everything that happens to a file up to its batches, or up to the store; the Problem it ended with, if any."""
    handful = intake.sort([path])
    if handful.refused:
        return handful.refused[0].problem
    for series in handful.series:
        try:
            batches = intake.read(intake.resolve(series, intake.Known(stated=STATED)))
            if store:
                store.load(batches)
        except Problem as problem:
            return problem
    return None


@pytest.mark.parametrize("seed", range(SEEDS))
def test_damaged_files_are_problems_and_change_nothing(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    store = Warehouse(tmp_path / "store")
    assert outcome(SOUND, store) is None
    for number in range(EACH):
        path = tmp_path / "damaged"
        path.write_bytes(damaged(chance))
        tried = store if number < THROUGH_A_STORE else None
        before = stored(store) if tried else None
        problem = outcome(path, tried)
        if problem is not None:
            assert str(problem).strip() and problem.fix, (seed, number)
            assert before is None or stored(store) == before, (seed, number)
