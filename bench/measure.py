"""Rows of the table, timing side by side, and the machine that it was done on."""

import gc
import os
import platform
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil  # type: ignore[import-untyped,unused-ignore]

CALM = 0.5
"""Load average above which figures are not to be trusted."""


@dataclass(frozen=True)
class Row:
    """One line of the table. Without a target it is there to be known."""

    what: str
    measured: str
    target: str = ""
    met: bool | None = None


def at_most(what: str, found: float, limit: float, unit: str, more: str = "") -> Row:
    """A row whose figure must not be above a limit; ``more`` follows the figure."""
    said = f"{shown(found)} {unit}" + (f" ({more})" if more else "")
    return Row(what, said, f"≤ {shown(limit)} {unit}", found <= limit)


def shown(value: float) -> str:
    """A figure with three digits that count.

    >>> shown(0.01234), shown(4.56789), shown(1234.5)
    ('0.0123', '4.57', '1234')
    """
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def timed(run: Callable[[], object]) -> float:
    """Seconds that one call takes."""
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def side_by_side(times: int, *runs: Callable[[], object]) -> list[list[float]]:
    """Seconds of each call of each run, in turns (A B A B), so that whatever slows the machine slows them all."""
    found: list[list[float]] = [[] for _ in runs]
    gc.collect()
    for _ in range(times):
        for kept, run in zip(found, runs, strict=True):
            kept.append(timed(run))
    return found


def median(values: Sequence[float]) -> float:
    """The middle value."""
    return statistics.median(values)


def p95(values: Sequence[float]) -> float:
    """What 95 in 100 stay within: the smallest value that at least 95 % do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-95 * len(ordered) // 100) - 1)]


def median_ratio(over: Sequence[float], under: Sequence[float]) -> float:
    """The ratio of two medians."""
    return median(over) / median(under)


def process(code: str, **environment: str) -> str:
    """What a fresh Python prints."""
    import sys

    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"python -c {code[:60]!r}… ended with {done.returncode}:\n{done.stderr}")
    return done.stdout


def load() -> float:
    """The load average of the last minute."""
    return os.getloadavg()[0]


def machine(load_at_start: float) -> str:
    """The machine in one line."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{cores} cores, {memory:.0f} GB of memory, {_processor()}; Python {platform.python_version()} on "
        f"{platform.system()}; load average {load_at_start:.2f} at the start"
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def table(rows: Sequence[Row]) -> str:
    """The rows as a markdown table."""
    lines = ["| what | measured | target | met |", "| --- | --- | --- | --- |"]
    for row in rows:
        met = "" if row.met is None else "yes" if row.met else "**no**"
        lines.append(f"| {row.what} | {row.measured} | {row.target} | {met} |")
    return "\n".join(lines)
