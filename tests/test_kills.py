"""A loader killed at any moment leaves a store that opens and shows one whole version (the hundred-fold run: benchmarks.kills)."""

from __future__ import annotations

from pathlib import Path

from benchmarks import kills


def test_a_killed_loader_leaves_the_last_whole_version(tmp_path: Path) -> None:
    count, interrupted = kills.run(6, seed=11, folder=tmp_path)
    assert count == 6
    assert interrupted > 0, "no kill fell into a load: the test has not tested anything"
