"""Loading a Metrica log against the least that anybody could do: DuckDB's own `read_csv` into a table, in the same run.

    python -m benchmarks.ingest [--visits 2000000] [--rounds 3] [--sizes 500000,1000000,2000000,4000000]

Each round runs both in fresh processes, one after the other, and prints seconds and peak memory of each; the figure to quote is the
median of the rounds' ratios. `--sizes` shows instead how peak memory grows with the file.
"""

from __future__ import annotations

import argparse
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import logs


def bare(file: Path, folder: Path) -> None:
    """What is timed as the yardstick: every column sniffed and stored, file closed."""
    import duckdb

    with duckdb.connect(str(folder / "bare.duckdb")) as connection:
        connection.execute("SET enable_progress_bar = false")
        connection.execute(f"CREATE TABLE t AS SELECT * FROM read_csv('{file}', delim='\t', quote='', escape='', header=true)")


def load(file: Path, folder: Path) -> None:
    """What is timed as ours: recognised, typed, checked, de-duplicated, rolled up, entered in the ledger, verified and published."""
    from connectors import understand
    from data.warehouse import Warehouse

    understood = understand(file)
    answers = {"timezone": "Europe/Moscow", **understood.says.facts}
    loaded = Warehouse(folder / "store").load(understood.source.read([understood.head], answers))
    print(f"{loaded[0].rows} visits", file=sys.stderr)


def measured(what: str, file: Path) -> tuple[float, float]:
    """Seconds and peak megabytes of one fresh process."""
    with tempfile.TemporaryDirectory() as folder:
        code = f"from pathlib import Path; from benchmarks import ingest; ingest.timed('{what}', Path('{file}'), Path('{folder}'))"
        said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    return float(said[0]), float(said[1])


def timed(what: str, file: Path, folder: Path) -> None:
    """Run inside the fresh process: print seconds (imports not counted) and peak megabytes."""
    import connectors
    import data.warehouse  # noqa: F401

    connectors.discover()
    started = time.perf_counter()
    {"bare": bare, "load": load}[what](file, folder)
    print(time.perf_counter() - started, peak())


def peak() -> float:
    """Peak megabytes of this process alone.

    NB: `ru_maxrss` of a child begins at what its parent had when it forked; the kernel's own high-water mark begins anew with the program.
    """
    return int(re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))[0]) / 1024


def compare(visits: int, rounds: int, folder: Path) -> None:
    file = folder / "visits.tsv"
    logs.write(file, visits)
    print(f"{visits:,} visits, 20 columns, {file.stat().st_size / 2**20:,.0f} MB")
    ratios = []
    for number in range(rounds):
        (bare_seconds, bare_memory), (seconds, memory) = measured("bare", file), measured("load", file)
        ratios.append(seconds / bare_seconds)
        print(
            f"round {number + 1}: bare {bare_seconds:5.2f} s {bare_memory:6,.0f} MB   "
            f"load {seconds:5.2f} s {memory:6,.0f} MB   ratio {ratios[-1]:.2f}"
        )
    print(f"median ratio {statistics.median(ratios):.2f}")


def grow(sizes: list[int], folder: Path) -> None:
    """NB: the log is written by a process of its own, so that nothing of it is left in the memory of the one that measures."""
    for visits in sizes:
        file = folder / f"{visits}.tsv"
        code = f"import duckdb; duckdb.sql('SET enable_progress_bar = false'); from benchmarks import logs; logs.write('{file}', {visits})"
        subprocess.run([sys.executable, "-c", code], check=True)
        seconds, memory = measured("load", file)
        print(f"{visits:>10,} visits, {file.stat().st_size / 2**20:6,.0f} MB: {seconds:6.2f} s, peak {memory:6,.0f} MB", flush=True)
        file.unlink()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--visits", type=int, default=2_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sizes", default="")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if chosen.sizes:
            grow([int(size) for size in chosen.sizes.split(",")], Path(folder))
        else:
            compare(chosen.visits, chosen.rounds, Path(folder))


if __name__ == "__main__":
    main()
