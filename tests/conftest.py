"""Property tests look at fresh examples on a developer's machine, and at half as many fixed ones in CI: a chance find must not stop another
change, and CI has twenty minutes."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

from data import versions

settings.register_profile("ci", derandomize=True, max_examples=50)
if os.environ.get("CI"):
    settings.load_profile("ci")


@pytest.fixture(autouse=True)
def _nothing_of_the_test_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a process remembers, and tests in one process would pass on: in whose name it acts, which damage it has met."""
    monkeypatch.setenv("VITRINA_AS", "")
    monkeypatch.setattr(versions, "_SEEN", {})
