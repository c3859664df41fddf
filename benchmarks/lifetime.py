"""Fitting of buying models, beside the package `lifetimes` on the same customers in the same run.

    python -m benchmarks.lifetime [--customers 2500,25000] [--rounds 3] [--rivals PYTHON]

First the 2 357 customers of CDNOW, where the package brings them: seconds of the processor to fit BG/NBD, and the parameters of both,
which must agree. Then made-up bases.
Customers are drawn from BG/NBD with the published parameters of a music shop, 39 weeks. Every contestant fits BG/NBD, Pareto/NBD and
Gamma-Gamma in a fresh process (imports not counted); ours also resamples BG/NBD 200 times, which decides whether the fit is shown at all.
`--rivals` names an interpreter that has the package; where it is not installed, ours runs alone.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

OURS = """
import sys, time
import pandas as pd
from metrics.buying import bgnbd, gamma_gamma, pareto_nbd
from metrics.buying.repeats import repeats_of
frame = pd.read_csv(sys.argv[1])
alike = frame.groupby(["repeats", "lived", "age"], as_index=False).size().rename(columns={"size": "customers"})
started = time.perf_counter()
seen = repeats_of(alike)
model = bgnbd.fit(seen); first = time.perf_counter()
pareto_nbd.fit(seen); second = time.perf_counter()
gamma_gamma.fit(frame["repeats"].to_numpy(float), frame["basket"].to_numpy(float)); third = time.perf_counter()
bgnbd.spread(model, seen); fourth = time.perf_counter()
print(first - started, second - first, third - second, fourth - third)
"""
THEIRS = """
import sys, time, warnings
warnings.simplefilter("ignore")
import pandas as pd
from lifetimes import BetaGeoFitter, GammaGammaFitter, ParetoNBDFitter
frame = pd.read_csv(sys.argv[1])
x, last, age = frame["repeats"], frame["lived"] / 7, frame["age"] / 7
started = time.perf_counter()
BetaGeoFitter().fit(x, last, age); first = time.perf_counter()
ParetoNBDFitter().fit(x, last, age); second = time.perf_counter()
some = x > 0
GammaGammaFitter().fit(x[some], frame["basket"][some]); third = time.perf_counter()
print(first - started, second - first, third - second)
"""
CDNOW_OURS = """
import sys, time
import numpy as np, pandas as pd
from metrics.buying import bgnbd
from metrics.buying.repeats import Repeats
frame = pd.read_csv(sys.argv[1])
started = time.process_time()
model = bgnbd.fit(Repeats(*(frame[name].to_numpy(float) for name in ("frequency", "recency", "T")), np.ones(len(frame))))
print(time.process_time() - started, *model.parameters)
"""
CDNOW_THEIRS = """
import sys, time, warnings
warnings.simplefilter("ignore")
import pandas as pd
from lifetimes import BetaGeoFitter
frame = pd.read_csv(sys.argv[1])
started = time.process_time()
model = BetaGeoFitter().fit(frame["frequency"], frame["recency"], frame["T"])
print(time.process_time() - started, *(model.params_[name] for name in ("r", "alpha", "a", "b")))
"""
WHERE = "import lifetimes, pathlib; print(pathlib.Path(lifetimes.__file__).parent / 'datasets' / 'cdnow_customers_summary.csv')"
PARTS = ("BG/NBD", "Pareto/NBD", "Gamma-Gamma", "200 resamples")


def write(path: Path, customers: int) -> None:
    """A base that lives by BG/NBD, with baskets by Gamma-Gamma, in whole days."""
    random = np.random.default_rng(0)
    rate, drop = random.gamma(0.2426, 1 / 4.4135, customers), random.beta(0.7929, 2.4258, customers)
    age = 39 - random.uniform(0, 12, customers)
    repeats, last, alive = np.zeros(customers), np.zeros(customers), np.ones(customers, dtype=bool)
    while alive.any():
        ahead = last + random.exponential(1, customers) / np.maximum(rate, 1e-12)
        alive &= ahead <= age
        repeats[alive] += 1
        last[alive] = ahead[alive]
        alive &= random.random(customers) > drop
    basket = random.gamma(6.25 * np.maximum(repeats, 1)) / np.maximum(repeats, 1) / random.gamma(3.745, 1 / 15.448, customers)
    columns = {"repeats": repeats, "lived": np.floor(last * 7), "age": np.ceil(age * 7), "basket": np.where(repeats > 0, basket, 0)}
    pd.DataFrame(columns).to_csv(path, index=False)


def measured(python: str, program: str, path: Path) -> list[float]:
    # NB: idle threads of the linear algebra spin while a busy machine keeps them waiting, and that counts as work.
    alone = dict(os.environ) | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    said = subprocess.run([python, "-c", program, str(path)], capture_output=True, text=True, check=True, env=alone)
    return [float(word) for word in said.stdout.split()]


def has(python: str, module: str) -> bool:
    find = f"import importlib.util, sys; sys.exit(importlib.util.find_spec('{module}') is None)"
    return subprocess.run([python, "-c", find], check=False).returncode == 0


def compare(customers: int, rounds: int, rivals: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "customers.csv"
        write(path, customers)
        contestants = [("ours", sys.executable, OURS)] + ([("lifetimes", rivals, THEIRS)] if has(rivals, "lifetimes") else [])
        print(f"{customers:,} customers, median of {rounds} rounds")
        for name, python, program in contestants:
            runs = [measured(python, program, path) for _ in range(rounds)]
            took = [statistics.median(times) for times in zip(*runs, strict=True)]
            print(f"{name:>10}: " + ", ".join(f"{part} {seconds:.2f} s" for part, seconds in zip(PARTS, took, strict=False)))


def published(rounds: int, rivals: str) -> None:
    """Both on the customers of the paper, read where the package keeps them."""
    if not has(rivals, "lifetimes"):
        return print("CDNOW: the package that brings it is not installed")
    path = Path(subprocess.run([rivals, "-c", WHERE], capture_output=True, text=True, check=True).stdout.strip())
    print(f"CDNOW, 2 357 customers, BG/NBD, median of {rounds} rounds")
    found = {}
    for name, python, program in (("ours", sys.executable, CDNOW_OURS), ("lifetimes", rivals, CDNOW_THEIRS)):
        runs = np.array([measured(python, program, path) for _ in range(rounds)])
        found[name] = runs[0, 1:]
        listed = ", ".join(f"{key} {value:.5f}" for key, value in zip(("r", "alpha", "a", "b"), found[name], strict=True))
        print(f"{name:>10}: {np.median(runs[:, 0]):.3f} s of the processor, {listed}")
    apart = float(np.abs(found["ours"] / found["lifetimes"] - 1).max())
    return print(f"    {'reached' if apart <= 1e-3 else 'MISSED '}  parameters differ by at most {apart:.1e} <= 1e-3")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", default="2500,25000")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rivals", default=sys.executable)
    chosen = parser.parse_args()
    published(chosen.rounds, chosen.rivals)
    for customers in chosen.customers.split(","):
        compare(int(customers), chosen.rounds, chosen.rivals)


if __name__ == "__main__":
    main()
