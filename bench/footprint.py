"""What an import costs, and how large a record is and how long it takes to make."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import partial
from pkgutil import iter_modules
from time import perf_counter

from bench.measure import Row, at_most, median, median_ratio, shown, side_by_side
from shipworthy import calculators, record
from shipworthy.assess import assess
from shipworthy.considerations import with_dimensions
from shipworthy.examples import example, keys
from shipworthy.record.findings import all_flips

ON, MADE = date(2026, 11, 20), datetime(2026, 11, 20, 12, tzinfo=UTC)
RUNS, RECORDS = 15, 3
RATIO, MOST_MB, MOST_MS = 1.3, 6.0, 400.0


def imports() -> Iterator[Row]:
    """A whole process that imports the calculators, over one that imports numpy."""

    def imported(name: str) -> None:
        subprocess.run([sys.executable, "-c", f"import {name}"], check=True, timeout=60)

    every = ", ".join(f"{calculators.__name__}.{each.name}" for each in iter_modules(calculators.__path__))
    names = ("numpy", "shipworthy.calculators", every)
    for name in names:
        imported(name)  # the files are in memory from here on
    base, package, modules = side_by_side(RUNS, *(partial(imported, name) for name in names))
    more = [f"{shown(1000 * median(found))} against {shown(1000 * median(base))} ms" for found in (package, modules)]
    yield at_most("import shipworthy.calculators, over import numpy", median_ratio(package, base), RATIO, "×", more[0])
    yield Row("– with every module in it", f"{shown(median_ratio(modules, base))} × ({more[1]})")


def records() -> Iterator[Row]:
    """The record of the largest example: its size, and how long it takes, flip points and all, nothing known before."""
    found = {key: _made(key) for key in keys()}  # the first one imports what is needed: none is measured the first time
    largest, longest = (max(found, key=lambda key: found[key][place]) for place in (0, 1))
    others = f"all {len(found)} have {shown(min(each[0] for each in found.values()))} MB or more"
    yield at_most(f"largest record ({largest})", found[largest][0], MOST_MB, "MB", others)
    for key in dict.fromkeys((longest, largest)):
        _, whole, searching = found[key]
        more = f"of these {shown(searching)} ms to find what flips a status; {shown(found[key][0])} MB"
        yield at_most(f"record of {key} made, everything worked out anew", whole, MOST_MS, "ms", more)
    median_ms = median([each[1] for each in found.values()])
    yield Row("– the median of all examples", f"{shown(median_ms)} ms")


def _made(key: str) -> tuple[float, float, float]:
    """MB, and milliseconds in all and for the flip points, of an assessment of which nothing was asked before."""
    sizes, times, searches = [], [], []
    for _ in range(RECORDS + 1):
        found = assess(with_dimensions(example(key)), on=ON)
        started = perf_counter()
        flips = all_flips(found)
        searched = perf_counter()
        sizes.append(len(record.make(found, made_at=MADE, flips=flips).encode()) / 1e6)
        times.append(1000 * (perf_counter() - started))
        searches.append(1000 * (searched - started))
    return sizes[-1], median(times[1:]), median(searches[1:])
