"""How much room words take, and words in boxes. Widths are estimates on the safe side: a deck is laid out where its font may be absent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from lxml import etree
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.util import Inches, Pt

FONT: Final = "Arial"
"""On every Windows and macOS, with a twin of the same widths on Linux; it has Cyrillic and the rouble sign."""

BODY, SMALL, FINE = 14, 11, 9
"""Unit: points."""
SPACING: Final = 1.2
_A: Final = "http://schemas.openxmlformats.org/drawingml/2006/main"
_THIN, _WIDE = frozenset("ijltfrI.,:;'|!()[]{}·-\u00a0\u202f "), frozenset("mwMWшщжюыфмШЩЖЮЫФМД@%—…&₽")


@dataclass(frozen=True)
class Box:
    """A place on a slide. Unit: inches."""

    x: float
    y: float
    w: float
    h: float


@lru_cache(maxsize=8192)
def width(text: str, size: float, bold: bool = False) -> float:
    """Of a line. Unit: inches."""
    ems = sum(0.31 if sign in _THIN else 0.84 if sign in _WIDE else 0.7 if sign.isupper() else 0.565 for sign in text)
    return ems * size / 72 * (1.06 if bold else 1.0)


@lru_cache(maxsize=8192)
def wrapped(text: str, size: float, room: float, bold: bool = False) -> tuple[str, ...]:
    """The lines that a text takes in `room` inches; words longer than a line are broken."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            while width(word, size, bold) > room and len(word) > 1:
                fits = max(1, next(end for end in range(len(word), 0, -1) if end == 1 or width(word[:end], size, bold) <= room))
                lines, line, word = [*lines, *([line] if line else []), word[:fits]], "", word[fits:]
            joined = f"{line} {word}" if line else word
            if line and width(joined, size, bold) > room:
                lines.append(line)
                joined = word
            line = joined
        lines.append(line)
    return tuple(lines)


def shortened(text: str, size: float, room: float, lines: int = 1, bold: bool = False) -> str:
    """The text, cut with an ellipsis where it needs more lines than there are."""
    whole = wrapped(text, size, room, bold)
    if len(whole) <= lines:
        return text
    last = " ".join(whole[lines - 1 :])
    while last and width(f"{last}…", size, bold) > room:
        last = last[:-1]
    return " ".join((*whole[: lines - 1], f"{last.rstrip()}…"))


def height(lines: int, size: float) -> float:
    """Unit: inches."""
    return lines * size * SPACING / 72


def panel(slide: Any, box: Box, code: str, name: str) -> None:
    """A plain rectangle of one colour under words."""
    shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, Inches(box.x), Inches(box.y), Inches(box.w), Inches(box.h))
    shape.name = name
    shape.fill.solid()
    shape.fill.fore_color.rgb = colour(code)
    shape.line.fill.background()
    shape._element.remove(shape._element.find("{*}style"))


def colour(code: str) -> RGBColor:
    return RGBColor(*bytes.fromhex(code.lstrip("#")))


@dataclass(frozen=True)
class Said:
    """A paragraph and how it looks. `after` is the space under it, in points."""

    text: str
    size: float = BODY
    colour: str = ""
    bold: bool = False
    bullet: bool = False
    after: float = 4
    align: str = "left"


ALIGN: Final = {"left": PP_ALIGN.LEFT, "right": PP_ALIGN.RIGHT, "center": PP_ALIGN.CENTER}


def put(slide: Any, box: Box, said: Sequence[Said], language: str, name: str = "", anchor: MSO_ANCHOR = MSO_ANCHOR.TOP) -> Any:
    """A text box without margins, so that texts line up with charts and tables."""
    shape = slide.shapes.add_textbox(Inches(box.x), Inches(box.y), Inches(box.w), Inches(box.h))
    if name:
        shape.name = name
    fill(shape.text_frame, said, language, anchor)
    return shape


def fill(frame: Any, said: Sequence[Said], language: str, anchor: MSO_ANCHOR = MSO_ANCHOR.TOP) -> None:
    frame.word_wrap = True
    frame.auto_size = MSO_AUTO_SIZE.NONE
    frame.vertical_anchor = anchor
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    for place, one in enumerate(said):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        write(paragraph, one, language)


def write(paragraph: Any, said: Said, language: str) -> None:
    paragraph.alignment = ALIGN[said.align]
    paragraph.space_after = Pt(said.after)
    if not paragraph.runs:
        paragraph.font.size = Pt(said.size)
    if said.bullet:
        _bullet(paragraph)
    if not said.text:
        etree.SubElement(paragraph._p, f"{{{_A}}}endParaRPr", sz=str(round(said.size * 100)))
        return
    run = paragraph.add_run()
    run.text = said.text
    run.font.size = Pt(said.size)
    run.font.bold = said.bold
    if said.colour:
        run.font.color.rgb = colour(said.colour)
    spoken(run, language)


def spoken(run: Any, language: str) -> None:
    """The run's language, for the spelling checker and the form of numbers."""
    run._r.get_or_add_rPr().set("lang", {"ru": "ru-RU", "en": "en-GB"}[language])


def _bullet(paragraph: Any) -> None:
    properties = paragraph._p.get_or_add_pPr()
    properties.set("marL", str(Inches(0.2)))
    properties.set("indent", str(-Inches(0.2)))
    default = properties.find(f"{{{_A}}}defRPr")
    mark = properties.makeelement(f"{{{_A}}}buChar", {"char": "•"})
    properties.append(mark) if default is None else default.addprevious(mark)
