"""What an import costs, and how large a record is and how long it takes to make."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import partial
from pkgutil import iter_modules

from bench.measure import Row, at_most, median, median_ratio, shown, side_by_side, timed
from shipworthy import calculators, record
from shipworthy.assess import assess
from shipworthy.considerations import with_dimensions
from shipworthy.examples import example

ON, MADE = date(2026, 11, 20), datetime(2026, 11, 20, 12, tzinfo=UTC)
RUNS = 15
RATIO, MOST_MB = 1.3, 6.0


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
    """The record of each example: its size, and how long it takes with the flip points found."""
    for key in ("churn", "shopping-assistant"):
        found = assess(with_dimensions(example(key)), on=ON)
        flips = {option: found.flips(option) for option in found.options}
        pages: list[str] = []
        times = [timed(lambda: pages.append(record.make(found, made_at=MADE, flips=flips))) for _ in range(4)]  # noqa: B023
        more = f"made in {shown(1000 * times[0])} ms, in {shown(1000 * median(times[1:]))} ms after that"
        yield at_most(f"record of {key}", len(pages[0].encode()) / 1e6, MOST_MB, "MB", more)
