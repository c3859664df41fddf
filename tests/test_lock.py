"""What is installed is what was looked at: every package is pinned with the hashes of its files, and the pins keep to what is asked for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PAIRS = {"requirements.lock": ("requirements.txt",), "requirements-dev.lock": ("requirements.txt", "requirements-dev.txt")}
PYTHONS = ("3.11", "3.12", "3.13", "3.14")


def asked(*names: str) -> dict[str, Requirement]:
    """What people wrote. Shape: name -> requirement."""
    lines = [line.split("#")[0].strip() for name in names for line in (ROOT / name).read_text(encoding="utf-8").splitlines()]
    found = [Requirement(line) for line in lines if line and not line.startswith("-")]
    return {canonicalize_name(one.name): one for one in found}


def pinned(name: str) -> list[tuple[Requirement, list[str]]]:
    """What is installed. Shape: (requirement with one version, hashes of its files)."""
    text = re.sub(r"^\s*#.*\n", "", (ROOT / name).read_text(encoding="utf-8"), flags=re.MULTILINE)
    entries = [entry.replace("\\\n", " ") for entry in re.split(r"\n(?=\S)", text.strip())]
    return [(Requirement(entry.split(" --hash")[0].strip()), re.findall(r"--hash=sha256:([0-9a-f]{64})\b", entry)) for entry in entries]


@pytest.mark.parametrize("lock", PAIRS)
def test_every_pin_has_one_version_and_the_hashes_of_its_files(lock: str) -> None:
    for one, hashes in pinned(lock):
        assert re.fullmatch(r"==[\w.+!]+", str(one.specifier)), one
        assert hashes and len(hashes) == len(set(hashes)), one


@pytest.mark.parametrize("lock", PAIRS)
@pytest.mark.parametrize("python", PYTHONS)
def test_what_is_asked_for_is_pinned_within_its_limits_for_every_python(lock: str, python: str) -> None:
    here = {"python_version": python, "python_full_version": f"{python}.5", "platform_python_implementation": "CPython",
            "implementation_name": "cpython", "sys_platform": "linux", "platform_system": "Linux"}
    found: dict[str, str] = {}
    for one, _ in pinned(lock):
        if one.marker is None or one.marker.evaluate(here):
            assert canonicalize_name(one.name) not in found, f"two versions of {one.name} for Python {python}"
            found[canonicalize_name(one.name)] = str(one.specifier).removeprefix("==")
    wrong = {name: found.get(name) for name, one in asked(*PAIRS[lock]).items() if not one.specifier.contains(found.get(name, ""), True)}
    assert wrong == {}, f"{lock} does not keep to what is asked for: make lock"


def test_what_is_tested_is_what_is_served() -> None:
    assert {str(one) for one, _ in pinned("requirements.lock")} <= {str(one) for one, _ in pinned("requirements-dev.lock")}


@pytest.mark.parametrize("lock", PAIRS)
def test_the_lock_names_no_place_to_fetch_from(lock: str) -> None:
    """Whoever installs uses the index that is set up for him; the hashes are what makes it the same."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert re.findall(r"https?:|file:|--index|--find-links|--trusted|-e |@ ", text) == []


def test_the_two_commands_install_by_the_locks() -> None:
    lines = [line for line in (ROOT / "Makefile").read_text(encoding="utf-8").splitlines() if "$(PIP) " in line]
    assert lines == ["\t$(PIP) --require-hashes -r requirements.lock", "\t$(PIP) --require-hashes -r requirements-dev.lock"]
