"""How much better scrambled Sobol draws are than plain random ones, and what it costs to have them.

Exact answers are closed forms; the error is the root mean square over seeds.
"""

import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from bench.measure import Row, shown
from shipworthy import draws

Rows = npt.NDArray[np.floating]
SEEDS = range(1, 17)
_LOAD = "from shipworthy.draws import scores; import time; t = time.perf_counter(); scores(0); a = time.perf_counter();"
_TIMES = "scores(0); b = time.perf_counter(); scores(1); c = time.perf_counter(); print(a - t, b - a, c - b)"


def rows() -> Iterator[Row]:
    """The errors of both kinds of draws, and the seconds until scores are there."""
    for name, sobol, plain in errors():
        more = f"{sobol:.1e} against {plain:.1e}"
        yield Row(
            f"error of {draws.SIZE:,} draws, {name}", f"{shown(plain / sobol)} × smaller than Monte Carlo ({more})"
        )
    for name, seconds in loading():
        yield Row(f"draws, {name}", f"{shown(seconds * 1000)} ms")
    started = time.perf_counter()
    draws._make(7, 2**16, 0)
    yield Row("draws, 65,536 of them made", f"{shown((time.perf_counter() - started) * 1000)} ms")


def problems() -> dict[str, tuple[Callable[[Rows], float], float]]:
    """Name, mean over the draws, and the exact answer."""
    normal = NormalDist()
    edge = 1.0 / math.sqrt(6)
    return {
        "smooth sum, 12 dimensions": (lambda z: float(np.exp(0.5 * z[:12]).sum(axis=0).mean()), 12 * math.exp(0.125)),
        "product of six factors": (lambda z: float(np.exp(0.3 * z[:6].sum(axis=0)).mean()), math.exp(0.27)),
        "kink, six dimensions": (
            lambda z: float(np.maximum(z[:6].sum(axis=0) - 1, 0).mean()),
            math.sqrt(6) * normal.pdf(edge) - normal.cdf(-edge),
        ),
        "indicator, six dimensions": (lambda z: float((z[:6].sum(axis=0) > 1).mean()), normal.cdf(-edge)),
    }


def errors() -> list[tuple[str, float, float]]:
    """Root mean square error of each problem: Sobol, then plain Monte Carlo."""
    cases = problems()
    squares = {name: [0.0, 0.0] for name in cases}
    for seed in SEEDS:
        sobol = draws._make(seed, draws.SIZE, 0)[:12].astype(np.float64)
        plain = np.random.default_rng(seed).standard_normal((12, draws.SIZE))
        for name, (estimate, exact) in cases.items():
            squares[name][0] += (estimate(sobol) - exact) ** 2
            squares[name][1] += (estimate(plain) - exact) ** 2
    return [(name, math.sqrt(a / len(SEEDS)), math.sqrt(b / len(SEEDS))) for name, (a, b) in squares.items()]


def loading() -> list[tuple[str, float]]:
    """Seconds until scores are there, in fresh processes."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "SHIPWORTHY_CACHE": folder}
        runs = []
        for _ in range(2):
            done = subprocess.run(
                [sys.executable, "-c", _LOAD + _TIMES],
                env=environment,
                capture_output=True,
                text=True,
                check=True,
                timeout=60,
            )
            runs.append([float(x) for x in done.stdout.split()])
    made, opened = runs
    return [
        ("no file yet: made", made[0]),
        ("file there: first column", opened[0]),
        ("another column", opened[2]),
        ("same column again", opened[1]),
    ]
