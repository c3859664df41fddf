"""Attribution of a million journeys by all models, beside the packages `channelattribution` and `marketing-attribution-models`.

    python -m benchmarks.attribution [--journeys 1000000] [--rounds 3] [--rivals PYTHON]

Every contestant runs in a fresh process on the same journeys; seconds of its work by the clock and by the processor (imports
and reading its input not counted) and its peak memory (all of it counted) are printed; on a busy machine quote the processor. Ours
starts from single visits, as they lie in the store: it links them to conversions, groups them in the engine and runs all models on counts
and money, exactly. The packages start from finished path strings; their Markov model is simulated or first order only. `--rivals` names
an interpreter that has them; what is not installed is left out.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

CHANNELS = ("ads", "search", "direct", "social", "mail", "links", "video", "maps", "push", "partners", "offline", "rest")

OURS = """
import resource, sys, time
from datetime import date
import duckdb, ibis, pandas
from benchmarks.attribution import CHANNELS
from metrics.attribution import attribute
from metrics.credit.journeys import grouped
from metrics.credit.paths import paths_from_engine
connection = duckdb.connect(sys.argv[1], read_only=True)
connection.execute("SET enable_progress_bar = false")
touches = ibis.table({"visitor": "uint64", "day": "date", "second": "int64", "channel": "int64"}, name="touches")
ends = ibis.table({"visitor": "uint64", "day": "date", "second": "int64", "conversions": "int64", "value": "float64"}, name="ends")
started, worked = time.perf_counter(), time.process_time()
query = ibis.to_sql(grouped(touches, ends, date(2025, 1, 1), date(2025, 12, 31), date(2026, 6, 30)), dialect="duckdb")
paths = paths_from_engine(connection.execute(query).df(), CHANNELS)
built = time.perf_counter()
found = attribute(paths)
ended = time.perf_counter()
answered = sum(credit.conversions is not None for credit in found.credits)
print(f"{answered} models, {len(paths):,} distinct paths; grouping {built - started:.2f} s, models {ended - built:.2f} s", file=sys.stderr)
"""
SIMULATED = """
import contextlib, io, resource, sys, time
import pandas as pd
with contextlib.redirect_stdout(io.StringIO()):
    from ChannelAttribution import heuristic_models, markov_model
frame = pd.read_csv(sys.argv[2])
started, worked = time.perf_counter(), time.process_time()
with contextlib.redirect_stdout(io.StringIO()):
    frame["null"] = 1 - frame["converted"]
    data = frame.groupby("path", as_index=False)[["converted", "value", "null"]].sum()
    built = time.perf_counter()
    heuristic_models(data, "path", "converted", "value", flg_pro=False)
    for order in (1, 2):
        markov_model(data, "path", "converted", "value", "null", order=order, verbose=False, flg_pro=False)
ended = time.perf_counter()
done = "first, last, linear, Markov 1 and 2 by simulation"
print(f"{done}; grouping {built - started:.2f} s, models {ended - built:.2f} s", file=sys.stderr)
"""
MAM = """
import resource, sys, time
import pandas as pd
from mam import MAM
frame = pd.read_csv(sys.argv[2])
started, worked = time.perf_counter(), time.process_time()
named = dict(user_id_colname="journey", time_till_conv_colname="hours", conversion_value_colname="value")
models = MAM(frame, "journey", "path", "converted", **named)
for run in (models.run_first_click, models.run_last_click, models.run_linear, models.run_position_based, models.run_time_decay,
            models.run_markov, models.run_shapley):
    run()
ended = time.perf_counter()
print("first, last, linear, position, decay, Markov 1, Shapley of 4 channels", file=sys.stderr)
"""
MEASURE = "\nprint(ended - started, time.process_time() - worked, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)\n"
CONTESTANTS = (("ours", OURS, ""), ("channelattribution", SIMULATED, "ChannelAttribution"), ("marketing-attribution-models", MAM, "mam"))


def write(store: Path, strings: Path, journeys: int) -> None:
    """The same journeys twice: visits and conversions in a store, path strings in a file. About three visits a journey, 22 % convert."""
    import duckdb

    names = ", ".join(f"'{name}'" for name in CHANNELS)
    with duckdb.connect(str(store)) as connection:
        connection.execute("SET enable_progress_bar = false")
        connection.execute(f"""
            CREATE TABLE journeys AS SELECT i AS journey, hash(i + 1) % 100 < 22 AS converted,
                1 + least(floor(-ln(1 - (hash(i + 2) % 999983) / 999983.0) * 2.5), 14)::BIGINT AS length,
                epoch(DATE '2025-02-15')::BIGINT + (hash(i + 3) % (250 * 86400))::BIGINT AS begun,
                (hash(i + 4) % 900000 + 10000) / 100.0 AS value
            FROM range({journeys}) t(i);
            CREATE TABLE visits AS SELECT journey, n, begun + n * (3600 + (hash(journey * 16 + n) % 345600)::BIGINT) AS second,
                floor(12 * pow((hash(journey * 16 + n + 7) % 999983) / 999983.0, 2))::BIGINT AS channel
            FROM journeys, unnest(range(length)) u(n);
            CREATE TABLE touches AS SELECT (journey + 1)::UBIGINT AS visitor, make_timestamp(second * 1000000)::DATE AS day, second, channel
            FROM visits ORDER BY hash(journey * 16 + n);
            CREATE TABLE last AS SELECT journey, max(second) + 300 AS second FROM visits GROUP BY journey;
            CREATE TABLE ends AS SELECT (journey + 1)::UBIGINT AS visitor, make_timestamp(second * 1000000)::DATE AS day, second,
                1::BIGINT AS conversions, value FROM journeys JOIN last USING (journey) WHERE converted;
            COPY (SELECT journey, string_agg([{names}][channel + 1], ' > ' ORDER BY visits.second) AS path,
                string_agg(((last.second - visits.second) / 3600)::INT, ' > ' ORDER BY visits.second) AS hours,
                any_value(converted)::INT AS converted, any_value(CASE WHEN converted THEN value ELSE 0 END) AS value
                FROM visits JOIN journeys USING (journey) JOIN last USING (journey) GROUP BY journey) TO '{strings}' (HEADER);
            DROP TABLE visits; DROP TABLE journeys; DROP TABLE last""")


def has(python: str, module: str) -> bool:
    find = f"import importlib.util, sys; sys.exit(importlib.util.find_spec('{module}') is None)"
    return not module or subprocess.run([python, "-c", find], check=False).returncode == 0


def measured(python: str, program: str, store: Path, strings: Path) -> tuple[float, float, float, str]:
    """Seconds by the clock and by the processor, peak megabytes and what was done, from one fresh process."""
    said = subprocess.run([python, "-c", program + MEASURE, str(store), str(strings)], capture_output=True, text=True, check=True)
    seconds, work, memory = map(float, said.stdout.split()[-3:])
    return seconds, work, memory, said.stderr.strip().splitlines()[-1]


def compare(journeys: int, rounds: int, rivals: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        # NB: written by a process of its own, since a child's peak memory starts at what its parent had.
        store, strings = Path(folder) / "journeys.duckdb", Path(folder) / "journeys.csv"
        code = f"from pathlib import Path; from benchmarks.attribution import write; write(Path('{store}'), Path('{strings}'), {journeys})"
        subprocess.run([sys.executable, "-c", code], check=True)
        print(f"{journeys:,} journeys")
        runs: dict[str, list[tuple[float, float]]] = {}
        for _ in range(rounds):
            for name, program, module in CONTESTANTS:
                python = rivals if module else sys.executable
                if has(python, module):
                    seconds, work, memory, done = measured(python, program, store, strings)
                    runs.setdefault(name, []).append((seconds, work))
                    print(f"{name:>28}: {seconds:6.2f} s, processor {work:6.2f} s, {memory:6,.0f} MB   {done}")
    for name, took in runs.items():
        seconds, work = (statistics.median(column) for column in zip(*took, strict=True))
        print(f"median {name}: {seconds:.2f} s, processor {work:.2f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--journeys", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rivals", default=sys.executable)
    chosen = parser.parse_args()
    compare(chosen.journeys, chosen.rounds, chosen.rivals)


if __name__ == "__main__":
    main()
