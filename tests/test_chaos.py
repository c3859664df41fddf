"""Killed at any moment, a loader and a writer leave whole states and lose nothing they reported (a thousand times: benchmarks.chaos)."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import chaos
from data.warehouse import Warehouse
from tests.test_warehouse import contents


@pytest.mark.promise("R01")
def test_nothing_is_lost_or_mixed_and_the_last_load_gives_what_a_quiet_one_gives(tmp_path: Path) -> None:
    tormented = tmp_path / "tormented"
    tormented.mkdir()
    for name, one in chaos.run(12, seed=11, folder=tormented).items():
        assert one.clean, (name, one.said)
        assert one.kills == 6 and one.halfway > 0 and one.reads > 0, "the test has not tested anything"
    quiet = tmp_path / "quiet"
    quiet.mkdir()
    (quiet / "visits.tsv").write_bytes((tormented / "visits.tsv").read_bytes())
    for folder in (tormented, quiet):
        chaos.load(folder, 1000)
    assert contents(Warehouse(tormented / "store")) == contents(Warehouse(quiet / "store"))
