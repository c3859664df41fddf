"""What is printed from the registries is fresh; what the README promises exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs import generate

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("name", generate.PAGES)
def test_the_generated_reference_is_fresh(name: str) -> None:
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == generate.PAGES[name](), "run `make docs` and commit what it writes"


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_links_of_the_readme_lead_somewhere(page: str) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", (ROOT / page).read_text(encoding="utf-8"))
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_setting_that_the_code_reads_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    sources = [path for room in ("data", "commands", "pages", "connectors") for path in (ROOT / room).rglob("*.py")]
    named = {name for path in sources for name in re.findall(r"environ(?:\.get\(|\[)\"([A-Z_]+)\"", path.read_text(encoding="utf-8"))}
    system = {"USER", "LANG", "LC_ALL"}
    assert {name for name in named - system if f"`{name}`" not in readme} == set()
