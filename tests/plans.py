"""Plans for tests: a few tasks in, a document with a deadline out."""

from collections.abc import Mapping
from typing import Any

from decisions import PLAIN, assessed, decision, rng

from shipworthy.assess import Assessment
from shipworthy.decision import Row

SOME = 2**12


def task(key: str, days: Any, after: str = "", who: str = "", cost: float | None = None) -> Row:
    """A task whose id is its name in small letters."""
    cells = {
        "task": key.capitalize(),
        "days": float(days) if isinstance(days, int) else days,
        "after": after,
        "who": who,
        "cost": cost,
    }
    return Row(id=key, cells={name: cell for name, cell in cells.items() if cell not in (None, "")})


def row(key: str, **cells: Any) -> Row:
    """A row of any list."""
    return Row(id=key, cells=cells)


PLANNED: Mapping[str, Any] = {
    **{key: value for key, value in PLAIN.items() if key not in ("value_stream.live", "value_stream.one_off")},
    "deadline.planned": "yes",
    "deadline.ranges": "lived",
    "deadline.plan": (task("data", 10), task("model", 15, "data", "", 4000.0), task("contract", 20), task("launch", 5, "model, contract")),
}  # fmt: skip
"""All certain: 10 + 15 + 5 = 30 working days from Friday 20 November 2026, six weeks: live on 1 January 2027, day 42."""

DATED: Mapping[str, Any] = {
    **PLAIN,
    "deadline.kind": "contract",
    "deadline.date": "2027-01-19",
    "deadline.once": 5000,
    "deadline.a_day": 100,
}
"""Live on day 73, due on day 60: 13 days late, 6300."""

UNSURE: Mapping[str, Any] = {
    **PLANNED,
    "deadline.kind": "law",
    "deadline.date": "2027-02-01",
    "deadline.once": rng(5_000, 10_000, 20_000),
    "deadline.a_day": 200,
    "deadline.ranges": "planned",
    "deadline.plan": (task("data", rng(5, 10, 20)), task("model", rng(8, 15, 30), "data", "ann"), task("label", rng(5, 8, 14), "", "ann"), task("launch", rng(3, 5, 9), "model, label")),
}  # fmt: skip


def found_for(answers: Mapping[str, Any], options: Any = "a", size: int = SOME) -> Assessment:
    """Assessed on few draws."""
    return assessed(decision(options, answers), size=size)
