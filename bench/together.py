"""All considerations at once, the network of a plan, and how exact the quick response times are."""

from collections.abc import Callable, Iterator
from itertools import cycle
from typing import Any

import numpy as np

from bench.arithmetic import ON, TIMES, read
from bench.measure import Row, at_most, median, timed
from shipworthy import draws, edits
from shipworthy.assess import assess
from shipworthy.calculators.response import sum_percentile
from shipworthy.calculators.schedule import Task, schedule
from shipworthy.considerations import with_dimensions
from shipworthy.considerations.deadline_templates import template
from shipworthy.decision import Answer, Decision, RangeValue, Value
from shipworthy.decision import Row as Line
from shipworthy.examples import example

ALL_MS, NETWORK_MS, WITHIN = 25.0, 15.0, 3.0
TASKS = 14
_STAGES = ((4.0, 9.0), (30.0, 75.0), (12.0, 60.0), (80.0, 200.0), (25.0, 60.0), (6.0, 10.0))


def rows() -> Iterator[Row]:
    """One answer of each consideration changed; a network of 50 tasks; six stages against brute force."""
    base = _case()
    for key, option, values in _changes():
        what = f"all considerations, four options, {TASKS}-task plans, {key} changed"
        yield at_most(what, 1000 * median(_again(base, key, option, values)), ALL_MS, "ms")
    found = [timed(_network(50)) for _ in range(TIMES)]
    yield at_most("schedule of 50 tasks, 16,384 draws", 1000 * median(found), NETWORK_MS, "ms")
    yield from _exactness()


def _case() -> Decision:
    """Object recognition with a plan for every option."""
    case = example("object-recognition")
    plan = list(template("on_device"))
    while len(plan) < TASKS:
        after = str(plan[-1].cells["task"])
        cells = {"task": f"Step {len(plan)}", "days": RangeValue(low=3.0, likely=6.0, high=14.0), "after": after}
        plan.append(Line(id=f"more_{len(plan)}", cells=cells))
    answers = {
        "planned": Answer(value="yes"), "kind": Answer(value="contract"), "date": Answer(value="2027-09-01"),
        "once": Answer(value=50_000.0), "a_day": Answer(value=RangeValue(low=500.0, likely=1_000.0, high=3_000.0)),
        "plan": Answer(value=tuple(plan)),
    }  # fmt: skip
    known = {name: answer for name, answer in answers.items() if name in _questions()}
    return with_dimensions(case.model_copy(update={"answers": {**case.answers, "deadline": known, **_rules()}}))


def _rules() -> dict[str, dict[str, Answer]]:
    """What the product is made of, and what it decides, as two other cases have it, for all options."""
    made, decides = (
        example("sharegpt-assistant").answers["licences"],
        example("loan-decisions").answers["explainability"],
    )
    return {
        "licences": {name: _for_all(answer, "ship") for name, answer in made.items()},
        "explainability": {name: _for_all(answer, "deep") for name, answer in decides.items()},
    }


def _for_all(answer: Answer, option: str) -> Answer:
    """One option's answer as that of all."""
    if not answer.differs:
        return answer
    return answer.model_copy(update={"differs": False, "by_option": {}, "value": answer.by_option.get(option)})


def _questions() -> set[str]:
    from shipworthy.considerations import registry

    return set(registry()["deadline"].questions)


def _changes() -> Iterator[tuple[str, str | None, tuple[Value, ...]]]:
    yield "value_stream.value", None, tuple(RangeValue(low=15.0, likely=25.0 + i, high=60.0) for i in range(7))
    yield "deployment.round_trip", None, tuple(RangeValue(low=40.0, likely=60.0 + i, high=90.0) for i in range(7))
    yield "deployment.peak", None, tuple(RangeValue(low=1.2, likely=1.6 + i / 10, high=3.0) for i in range(7))
    yield "licences.users", None, tuple(RangeValue(low=1e4, likely=5e4 + i, high=1e5) for i in range(7))
    yield "explainability.might", None, tuple(0.4 + i / 50 for i in range(7))
    yield "deadline.a_day", None, tuple(RangeValue(low=500.0, likely=1_000.0 + i, high=3_000.0) for i in range(7))
    yield "deadline.alike", None, tuple(0.3 + i / 50 for i in range(7))


def _again(base: Decision, key: str, option: str | None, values: tuple[Value, ...]) -> list[float]:
    told = cycle([edits.say(base, key, value, option) for value in values])
    kept: dict[Any, Any] = {}
    read(assess(next(told), on=ON, kept=kept))
    return [timed(lambda: read(assess(next(told), on=ON, kept=kept))) for _ in range(TIMES)]


def _network(count: int) -> Callable[[], object]:
    """Tasks in ten chains that meet now and then, four people among them."""
    days = [np.exp(0.5 * draws.scores(i).astype(np.float64)) * (3 + i % 7) for i in range(count)]
    tasks = [
        Task(
            f"t{i}",
            days[i],
            tuple(f"t{j}" for j in {i - 10, i - 7 - i % 3} if j >= 0),
            who=f"p{i % 8}" if i % 2 else "",
        )
        for i in range(count)
    ]
    people = {f"p{i}": 1 + i % 3 for i in range(8)}
    return lambda: schedule(tasks, people)


def _exactness() -> Iterator[Row]:
    """Six lognormal stages inside the draws, against ten million draws."""
    rng = np.random.default_rng(7)
    total = np.zeros(10_000_000)
    for p50, p95 in _STAGES:
        total += p50 * np.exp(np.log(p95 / p50) / 1.6448536269514722 * rng.standard_normal(total.size))
    true = np.quantile(total, (0.95, 0.99))
    quick = [float(sum_percentile(*zip(*_STAGES, strict=True), share)) for share in (0.95, 0.99)]
    for share, ours, exact in zip(("p95", "p99"), quick, true, strict=True):
        off = 100 * abs(ours / exact - 1)
        yield at_most(
            f"{share} of six stages inside the draws, off by", off, WITHIN, "%", f"{ours:.1f} against {exact:.1f} ms"
        )
