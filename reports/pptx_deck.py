"""An empty deck in the client's colours: theme, two layouts with the logo, and slides that have a title, a footer and a number.

The accent is the theme's first colour and the font the theme's font, so that PowerPoint recolours the whole deck in one place.
"""

from __future__ import annotations

import copy
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

from lxml import etree
from PIL import UnidentifiedImageError
from pptx import Presentation
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.text import MSO_ANCHOR
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml.shapes.autoshape import CT_Shape
from pptx.oxml.shapes.picture import CT_Picture
from pptx.util import Emu, Inches, Length, Pt

from data.errors import Problem
from data.text import Words, words
from reports import palette
from reports.palette import Palette
from reports.pptx_text import FINE, FONT, Box, Said, colour, fill, height, panel, put, shortened, spoken, wrapped
from reports.story import Story

PANEL: Final = "#F4F6F8"
WIDTH, HEIGHT = 13.333, 7.5
LEFT, RIGHT = 0.6, 12.733
BODY: Final = Box(LEFT, 1.5, RIGHT - LEFT, 5.3)
"""Where a slide's own parts stand. Unit: inches."""
_TITLE, _FOOTER, _NUMBER = Box(LEFT, 0.42, 10.2, 0.9), Box(LEFT, 6.98, 11.2, 0.28), Box(11.93, 6.98, 0.8, 0.28)
_LOGO, _COVER_LOGO = Box(11.133, 0.5, 1.6, 0.6), Box(1.1, 0.8, 3.2, 1.0)
_COVER_TITLE, _COVER_WORDS = Box(1.1, 2.5, 11.0, 1.5), Box(1.1, 4.15, 11.0, 1.9)
_TITLE_SIZES = ((26, 1), (22, 2), (19, 2), (17, 3))
"""Sizes in points with the most lines that stand in the title's box."""
HEADING: Final = 20
"""Points of the title of a second block on a slide."""
_LEAST_TOP: Final = 1.12
"""No body begins above this, for the logo's sake. Unit: inches."""
_A: Final = "http://schemas.openxmlformats.org/drawingml/2006/main"


@dataclass(eq=False)
class Deck:
    """A presentation in the making, and what everything on it has to know of the story."""

    story: Story

    @property
    def language(self) -> str:
        return self.story.language

    @cached_property
    def say(self) -> Words:
        return words(self.language)

    @cached_property
    def colours(self) -> Palette:
        return palette.printed(self.story.theme.accent)

    @cached_property
    def file(self) -> Any:
        file = Presentation()
        file.slide_width, file.slide_height = Inches(WIDTH), Inches(HEIGHT)
        for layout in list(file.slide_layouts):
            if layout.name not in ("Title Slide", "Title Only"):
                file.slide_layouts.remove(layout)
        self._theme(file)
        self._master(file.slide_masters[0])
        self._layouts(*file.slide_layouts)
        properties = file.core_properties
        properties.title, properties.author, properties.language = self.story.title, self.story.theme.agency, self.language
        properties.created = properties.modified = self.story.made.replace(tzinfo=None)
        return file

    def cover(self, title: str, said: Sequence[str], notes: Sequence[str]) -> None:
        """The first slide."""
        slide = self.file.slides.add_slide(self.file.slide_layouts[0])
        room = _COVER_TITLE.w
        size = next((size for size in (40, 34, 28) if len(wrapped(title, size, room, True)) <= 2), 24)
        shown = shortened(title, size, room, 3, True)
        _title(slide, shown, size, self.language)
        words_of = slide.placeholders[1]
        _move(words_of, replace(_COVER_WORDS, y=_COVER_TITLE.y + height(len(wrapped(shown, size, room, True)), size) + 0.25))
        top = Said(shortened(self.story.name, 18, room, 1, True), 18, self.colours.accent, bold=True)
        put(slide, Box(_COVER_TITLE.x, 2.05, room, 0.4), [top], self.language, "Client")
        lines = [Said(shortened(one, 16, room, 2), 16, self.colours.soft, after=6) for one in said[:4]]
        fill(words_of.text_frame, lines or [Said(self.say.period(self.story.since, self.story.until), 16)], self.language)
        made = self.say.t("Made on {day}", day=self.story.made.date())
        below = " · ".join(filter(None, (self.story.theme.agency, made)))
        put(slide, Box(_COVER_TITLE.x, 6.6, room, 0.35), [Said(shortened(below, 12, room), 12, self.colours.soft)], self.language, "Agency")
        _notes(slide, notes)

    def body(self, title: str) -> Box:
        """Where a slide's parts stand under a title: higher up where it has one line."""
        size, _ = self._sized(title)
        lines = len(wrapped(title, size, self._title.w, True))
        top = max(_LEAST_TOP, _TITLE.y + height(lines, size) + 0.3)
        return Box(BODY.x, top, BODY.w, BODY.y + BODY.h - top)

    def heading(self, slide: Any, box: Box, text: str) -> None:
        """The title of a second block on a slide, with the stripe that titles have."""
        panel(slide, Box(box.x, box.y + 0.04, 0.06, box.h - 0.1), self.colours.accent, "Stripe")
        inner = Box(box.x + 0.18, box.y, box.w - 0.18, box.h)
        shown = shortened(text, HEADING, inner.w, 2, True)
        put(slide, inner, [Said(shown, HEADING, self.colours.ink, bold=True, after=0)], self.language, "Heading")

    def slide(self, title: str, notes: Sequence[str] = ()) -> Any:
        """A slide with its title and footer; BODY is free."""
        slide = self.file.slides.add_slide(self.file.slide_layouts[1])
        size, lines = self._sized(title)
        _title(slide, shortened(title, size, self._title.w, lines, True), size, self.language)
        self._footer(slide)
        _notes(slide, notes)
        return slide

    def _sized(self, title: str) -> tuple[float, int]:
        """The largest letters in which a title stands in its box, and how many lines it may take there."""
        sizes = (size for size in _TITLE_SIZES if len(wrapped(title, size[0], self._title.w, True)) <= size[1])
        return next(sizes, _TITLE_SIZES[-1])

    def paint(self, to: Any, code: str) -> None:
        """Gives a colour to a fill or a line; the accent as the theme's."""
        if code == self.colours.accent:
            to.theme_color = MSO_THEME_COLOR.ACCENT_1
        else:
            to.rgb = colour(code)

    def word(self, tone: str) -> str:
        """The colour of a tone for text: dark enough to be read on white and on a panel."""
        return self.colours.soft if tone == "flat" else palette.readable(self.colours.tone(tone), PANEL, palette.LEGIBLE)

    @property
    def _title(self) -> Box:
        """A title leaves room for the logo, where there is one."""
        return _TITLE if self.story.theme.logo else replace(_TITLE, w=BODY.w)

    def saved(self) -> bytes:
        kept = io.BytesIO()
        self.file.save(kept)
        return kept.getvalue()

    def _footer(self, slide: Any) -> None:
        story = self.story
        said = [story.name, self.say.period(story.since, story.until)]
        if story.sources:
            said.append(self.say.t("Sources: {sources}", sources="; ".join(map(self.say.written, story.sources))))
        for kind in ("ftr", "sldNum"):
            shape = copy.deepcopy(_placeholder(slide.slide_layout, kind)._element)
            slide.shapes._spTree.append(shape)
        text = _placeholder(slide, "ftr").text_frame
        text.text = shortened(" · ".join(said), FINE, _FOOTER.w)
        text.paragraphs[0].runs[0].font.size = Pt(FINE)

    # ------------------------------------------------------------------------------------------------------- the template

    def _theme(self, file: Any) -> None:
        """NB: the library hands the theme out as bytes only, so they are replaced as a whole."""
        part = file.slide_masters[0].part.part_related_by(RELATIONSHIP_TYPE.THEME)
        root = etree.fromstring(part.blob)
        root.set("name", "Vitrina")
        accents = (self.colours.accent, *self.colours.parts)[:6]
        shown = {
            "dk1": self.colours.ink,
            "dk2": self.colours.soft,
            "lt2": PANEL,
            "hlink": self.colours.accent,
            "folHlink": self.colours.soft,
        }
        shown |= {f"accent{place}": code for place, code in enumerate(accents, 1)}
        for name, code in shown.items():
            slot = root.find(f".//{{{_A}}}{name}")
            slot[:] = [etree.Element(f"{{{_A}}}srgbClr", val=code.lstrip("#"))]
        for latin in root.iterfind(f".//{{{_A}}}fontScheme/*/{{{_A}}}latin"):
            latin.set("typeface", FONT)
        part._blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)

    def _master(self, master: Any) -> None:
        for shape in master.placeholders:
            kind = shape.element.ph.get("type")
            place = {"title": self._title, "ftr": _FOOTER, "sldNum": _NUMBER, "dt": _NUMBER}.get(kind, BODY)
            _move(shape, place)
            level = shape.element.find(f".//{{{_A}}}lstStyle/{{{_A}}}lvl1pPr")
            if kind in ("ftr", "sldNum") and level is not None:
                level.set("algn", "l" if kind == "ftr" else "r")
                level.find(f"{{{_A}}}defRPr").set("sz", str(FINE * 100))
                shape.text_frame.margin_left = shape.text_frame.margin_right = 0
        style = master.element.find(f".//{{*}}titleStyle/{{{_A}}}lvl1pPr")
        style.set("algn", "l")
        style.find(f"{{{_A}}}defRPr").set("b", "1")
        frame = next(shape for shape in master.placeholders if shape.element.ph.get("type") == "title").text_frame
        frame.vertical_anchor = MSO_ANCHOR.TOP
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0

    def _layouts(self, cover: Any, plain: Any) -> None:
        for layout in (cover, plain):
            date = _placeholder(layout, "dt")
            date._element.getparent().remove(date._element)
        for kind in ("ftr", "sldNum"):
            shape = _placeholder(cover, kind)
            shape._element.getparent().remove(shape._element)
        _move(_placeholder(cover, "ctrTitle"), _COVER_TITLE)
        _move(_placeholder(cover, "subTitle"), _COVER_WORDS)
        self._stripe(cover, Box(0, 0, 0.42, HEIGHT))
        self._stripe(plain, Box(0, 0.42, 0.14, 0.9))
        if self.story.theme.logo:
            self._logo(cover, _COVER_LOGO, to_the_left=True)
            self._logo(plain, _LOGO, to_the_left=False)

    def _stripe(self, layout: Any, box: Box) -> None:
        shape = CT_Shape.new_autoshape_sp(100, "Accent", "rect", *_emu(box))
        shape.remove(shape.find("{*}style"))
        filled = etree.SubElement(shape.spPr, f"{{{_A}}}solidFill")
        etree.SubElement(filled, f"{{{_A}}}schemeClr", val="accent1")
        etree.SubElement(etree.SubElement(shape.spPr, f"{{{_A}}}ln"), f"{{{_A}}}noFill")
        layout.shapes._spTree.insert(2, shape)

    def _logo(self, layout: Any, box: Box, to_the_left: bool) -> None:
        """In a corner of the layout, in its own proportions, so that one change there changes every slide."""
        try:
            picture, key = layout.part.get_or_add_image_part(io.BytesIO(self.story.theme.logo or b""))
        except (UnidentifiedImageError, OSError, ValueError) as error:
            raise Problem(
                "The logo of {client} is not a picture that a document can hold.",
                "brand",
                "Upload the logo as PNG or JPEG.",
                client=self.story.name,
            ) from error
        wide, high = picture.scale(None, None)
        scale = min(Inches(box.w) / wide, Inches(box.h) / high)
        size = (Emu(int(wide * scale)), Emu(int(high * scale)))
        x = Inches(box.x) if to_the_left else Inches(box.x + box.w) - size[0]
        shape = CT_Picture.new_pic(101, "Logo", "", key, x, Inches(box.y), *size)
        shape.nvPicPr.cNvPr.set("descr", self.story.name)  # NB: the library pastes it between quotation marks as it stands
        layout.shapes._spTree.append(shape)


def _title(slide: Any, text: str, size: float, language: str) -> None:
    frame = slide.shapes.title.text_frame
    frame.text = text
    frame.word_wrap = True
    run = frame.paragraphs[0].runs[0] if frame.paragraphs[0].runs else frame.paragraphs[0].add_run()
    run.font.size = Pt(size)
    spoken(run, language)


def _notes(slide: Any, notes: Sequence[str]) -> None:
    if notes:
        slide.notes_slide.notes_text_frame.text = "\n".join(notes)


def _placeholder(holder: Any, kind: str) -> Any:
    return next(shape for shape in holder.placeholders if shape.element.ph.get("type") == kind)


def _move(shape: Any, box: Box) -> None:
    shape.left, shape.top, shape.width, shape.height = _emu(box)


def _emu(box: Box) -> tuple[Length, Length, Length, Length]:
    return Inches(box.x), Inches(box.y), Inches(box.w), Inches(box.h)
