"""Number formats say what the printed text says, and every word that slides and workbooks add is said in every language."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

from data.text import FOLDER, catalogue, languages
from reports import office
from reports.pptx_text import shortened, width, wrapped
from tests.story_sample import told

ROOM = Path(__file__).parent.parent / "reports"
OURS = sorted((*ROOM.glob("pptx*.py"), *ROOM.glob("xlsx*.py"), ROOM / "office.py"))


def spoken() -> set[str]:
    """Every text that these files say through t(), or raise."""
    found = set()
    for path in OURS:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args:
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                count = 3 if name == "Problem" else 1 if name == "t" else 0
                found |= {str(one.value) for one in node.args[:count] if isinstance(one, ast.Constant)}
    return found


@pytest.mark.parametrize("language", [language for language in languages() if language != "en"])
def test_every_word_of_slides_and_workbooks_is_said_in_every_language(language: str) -> None:
    assert spoken() - set(catalogue(language)) == set()


def test_no_translation_is_stale() -> None:
    written = tomllib.loads((FOLDER / "ru" / "reports_office.toml").read_text(encoding="utf-8"))
    assert set(written) - spoken() == set()


@pytest.mark.parametrize(
    ("unit", "texts", "language", "code"),
    [
        ("count", ["1 441"], "ru", "[$-419]#,##0"),
        ("money", ["522,41 ₽"], "ru", '[$-419]#,##0.00"\u00a0₽"'),
        ("money", ["12,3 тыс. ₽"], "ru", '[$-419]#,##0"\u00a0₽"'),
        ("share", ["0,79 %"], "ru", '[$-419]0.00"\u00a0"%'),
        ("share", ["12.3%"], "en", "[$-409]0.0%"),
        ("multiple", ["3.07×"], "en", '[$-409]#,##0.00"×"'),
        ("seconds", ["3:05"], "en", "[m]:ss"),
        ("text", ["word"], "en", ""),
    ],
)
def test_a_format_has_the_unit_and_the_digits_of_the_printed_text(unit: str, texts: list[str], language: str, code: str) -> None:
    assert office.written(unit, "RUB", language, office.digits(texts, unit, language)) == code


@pytest.mark.parametrize(
    ("unit", "largest", "tick", "code"),
    [
        ("money", 800_000.0, 200_000.0, '[$-419]#,##0,"\u00a0тыс.""\u00a0₽"'),
        ("count", 1_500_000.0, 500_000.0, '[$-419]#,##0.0,,"\u00a0млн"'),
        ("count", 2_000.0, 500.0, "[$-419]#,##0"),
        ("share", 0.02, 0.005, '[$-419]0.0"\u00a0"%'),
    ],
)
def test_an_axis_is_short_and_tells_its_ticks_apart(unit: str, largest: float, tick: float, code: str) -> None:
    assert office.axis(unit, "RUB", "ru", largest, tick) == code


@pytest.mark.parametrize(
    ("text", "unit"), [("1 480 ₽", "money"), ("12,3 %", "share"), ("3,40×", "multiple"), ("3:05", "seconds"), ("50", "number")]
)
def test_the_unit_of_a_mixed_column_is_read_off_the_print(text: str, unit: str) -> None:
    assert office.unit(text, "RUB") == unit


@pytest.mark.parametrize(("low", "high", "step"), [(0.0, 2000.0, 500.0), (0.0, 0.6, 0.2), (0.0, 0.0, 1.0), (-30.0, 40.0, 20.0)])
def test_ticks_are_round(low: float, high: float, step: float) -> None:
    assert office.step(low, high) == pytest.approx(step)


def test_a_cleaned_story_is_the_same_but_for_what_no_file_can_hold() -> None:
    story = told("ru")
    cleaned = office.cleaned(story)
    assert office.cleaned(cleaned) == cleaned
    assert cleaned.block("course") == story.block("course")
    assert "\x07" not in cleaned.block("campaigns").lead[0]


def test_a_shortened_text_fits_and_says_that_it_goes_on() -> None:
    text = "Отключить площадки ВКонтакте с очень высокой стоимостью лида и вернуть бюджет поиску"
    for lines in (1, 2):
        cut = shortened(text, 11, 2.0, lines)
        assert cut.endswith("…") and len(wrapped(cut, 11, 2.0)) <= lines
    assert shortened(text, 11, 40.0) == text
    assert all(width(line, 11) <= 2.0 for line in wrapped("ы" * 300, 11, 2.0))
