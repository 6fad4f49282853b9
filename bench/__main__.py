"""``python -m bench``: everything that has a target, measured on this machine, as one table."""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import chain
from pathlib import Path

from bench.measure import CALM, Row, load, machine, table

README = Path(__file__).with_name("README.md")
FOLDERS = ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR",
           "IPYTHONDIR", "SHIPWORTHY_CACHE")  # fmt: skip

PAGE = """# How fast, how small

Made by `make bench` (`python -m bench --write`) on {day}.

{machine}.{warning}

{table}

## How to read it

- Figures are medians. A ratio is that of two medians of one run, taken in turns (A B A B), so that whatever slowed the
  machine slowed both.
- *Assessment*: 2^14 draws, every option's payoff, percentiles, probabilities and statuses, after one answer changed,
  with the draws of the other answers kept. *Plain numpy* is the same model written out by hand (`bare.py`): it draws the
  changed answer anew, works out every option from arrays that are already drawn, and gives the same payoffs, which is
  checked. It keeps nothing else, so it can be the slower one where a change leaves most of the model alone.
- *All considerations*: the object recognition case with a plan of 14 tasks for each option, so that every consideration
  that is measured has something to do; one answer of each changes over and over.
- *Worth of knowing*: five options and 30 answers written out (`voi_models.py`), from payoffs to the worth of each answer,
  the order of each answer's draws kept as it is between edits. Error: root mean square over seeds and those answers that
  are worth at least 1 % of knowing everything, against 2^20 draws and plain means of 512 bins. *In the same time*: others
  make their draws, work out the model and order the draws, and use the same estimator, with as many draws (a power of two,
  at least 256) as they can in the time that ours take with kept draws: for as many draws SciPy's are as exact, what is
  gained is that draws and their order are kept. OpenTURNS is a published package for uncertainty; its Sobol points are
  shifted at random, SciPy's and ours are scrambled.
- *Decide page*: the recommender with ranges for four more numbers (`deciding.py`), one answer of it changed over and over;
  what follows is what its faces search later, bit by bit, while the page already shows the rest.
- *Key press*: a real Chromium, the lead time panel of the churn example, one key a time in the box for how long persuasion
  takes; from the key going down to the last change of finding, strip, rail, tables and chart. Flip points follow later
  and are left out. Streamlit: an app with six sliders, 65,536 draws and three charts (`streamlit_app.py`), one arrow key
  on a slider, to the last change of a chart, in the same browser and run.
- *Start page*, *saved decision*: the browser has been there before, a preheated kernel waits; from the start of the
  navigation, as the browser counts it. The saved decision opens on the lead time panel, as its address says: the time
  includes typing into the panel's first box and the finding that answers. An empty Voila page: one slider, preheated,
  until the slider moves.
"""


def rows_by_name() -> dict[str, Callable[[], Iterable[Row]]]:
    """What can be measured, by the name that ``--only`` takes, in order."""
    from bench import arithmetic, deciding, draws, footprint, keys, licences, opening, together, voi

    return {
        "assess": arithmetic.rows,
        "together": together.rows,
        "licences": licences.rows,
        "voi": voi.rows,
        "deciding": deciding.rows,
        "keys": keys.rows,
        "page": opening.rows,
        "kernel": opening.memory,
        "import": footprint.imports,
        "record": footprint.records,
        "draws": draws.rows,
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and write where asked."""
    load_at_start = load()
    known = rows_by_name()
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", action="append", choices=[*known], metavar="NAME", help=f"one of {', '.join(known)}")
    parser.add_argument("--write", action="store_true", help="put the table into bench/README.md")
    asked = parser.parse_args(arguments)
    if asked.write and asked.only:
        parser.error("--write takes the whole table: leave out --only")
    warning = ""
    if load_at_start > CALM:
        warning = f" **The machine was busy: above {CALM} figures say little.**"
        print(f"Load average {load_at_start:.2f}: figures say little above {CALM}.", file=sys.stderr)
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="shipworthy-bench-", ignore_cleanup_errors=True) as home:
        _leave_alone_the_users_folders(Path(home))
        rows = list(chain.from_iterable(_told(name, known[name]) for name in asked.only or known))
    where = machine(load_at_start)
    print(f"{where}\n\n{table(rows)}")
    print(f"{time.monotonic() - started:.0f} s, load average {load():.2f} at the end", file=sys.stderr)
    if asked.write:
        README.write_text(
            PAGE.format(day=date.today().isoformat(), machine=where, warning=warning, table=table(rows)),
            encoding="utf-8",
        )
    return 0


def _told(name: str, rows: Callable[[], Iterable[Row]]) -> Iterator[Row]:
    """The rows, with a word on standard error about what is being measured."""
    print(f"{name} …", file=sys.stderr, flush=True)
    yield from rows()


def _leave_alone_the_users_folders(home: Path) -> None:
    """Caches, settings and data of everything that is started go to a folder of this run."""
    for name in FOLDERS:
        os.environ[name] = str(home / name.lower())
    os.environ["JUPYTER_PLATFORM_DIRS"] = "1"
    for name in [each for each in os.environ if each.startswith("SHIPWORTHY_")]:
        if name not in ("SHIPWORTHY_CACHE", "SHIPWORTHY_CHROMIUM"):
            del os.environ[name]


if __name__ == "__main__":
    sys.exit(main())
