"""How long a full assessment takes: after one answer changed, from a standing start, and with flip points."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import cycle
from typing import Any

import numpy as np

from bench import bare
from bench.measure import Row, at_most, median, median_ratio, process, shown, side_by_side, timed
from shipworthy import draws, edits
from shipworthy.assess import Assessment, assess
from shipworthy.considerations import registry, with_dimensions
from shipworthy.decision import DO_NOTHING, Answer, Decision, RangeValue, SpreadValue, Value
from shipworthy.estimate import Range
from shipworthy.examples import example

ON = date(2026, 11, 20)
TIMES = 80
WARM_MS, RATIO, COLD_MS, FLIPS_MS = 10.0, 3.0, 60.0, 500.0

_COLD = """
import time
from datetime import date
from shipworthy.assess import assess
from shipworthy.considerations import registry, with_dimensions
from shipworthy.examples import example
{imports}
decision = with_dimensions(example({key!r}))
registry()
started = time.perf_counter()
found = assess(decision, on=date.fromisoformat({on!r}))
for each in found.options.values():
    each.summary, each.meets_all_probability, [finding.status for finding in each.findings.values()]
print(time.perf_counter() - started)
"""
_LAZY = "import scipy.special, genai_prices, genai_prices.data"
"""What an assessment imports when it first needs it."""

Answers = dict[str, Any]
Model = Callable[[Mapping[str, Any], Mapping[str, Mapping[str, Any]]], dict[str, bare.Result]]


@dataclass(frozen=True)
class Change:
    """One answer that is changed over and over: for all options, or for one."""

    answer: str
    values: tuple[Value, ...]
    option: str | None = None


@dataclass(frozen=True)
class Case:
    """An example, its model in plain numpy, and the answers that the model needs."""

    key: str
    model: Model
    shared: tuple[str, ...]
    own: tuple[str, ...]
    changes: tuple[Change, ...]


_VALUE = ("value_stream.uses", "value_stream.value", "value_stream.harm", "value_stream.worth", "cost.margin",
          "value_stream.period", "value_stream.discount_rate")  # fmt: skip
_OPTION = ("value_stream.one_off", "value_stream.running", "value_stream.live")

CASES = (
    Case(
        "churn",
        bare.churn,
        (*_VALUE, "value_stream.wrong", *(f"lead_time.{name}" for name in (
            "rhythm", "data_delay", "hand_over", "notice", "contact", "persuasion", "events", "people", "hours",
            "contacts_an_hour", "contact_rate", "success", "incentive", "takers", "contact_cost", "reached"))),
        (*_OPTION, "lead_time.gap", "lead_time.window", "lead_time.precision", "lead_time.recall"),
        (
            Change("lead_time.persuasion", tuple(SpreadValue(p50=14.0 + i, p95=60.0 + i) for i in range(7))),
            Change("value_stream.value", tuple(RangeValue(low=1800.0, likely=2500.0 + i, high=3400.0) for i in range(7))),
            Change(
                "lead_time.precision",
                tuple(RangeValue(low=0.34, likely=0.42 + i / 1000, high=0.5) for i in range(7)),
                "two_month_gap",
            ),
        ),
    ),
    Case(
        "shopping-assistant",
        bare.shopping,
        (*_VALUE, "value_stream.usd_rate", *(f"cost.{name}" for name in (
            "turns", "system_tokens", "user_tokens", "answer_tokens", "cache_hit"))),
        (*_OPTION, "value_stream.effect", "value_stream.wrong"),
        (
            Change("cost.turns", tuple(SpreadValue(p50=5.0 + i / 10, p95=14.0) for i in range(7))),
            Change("value_stream.value", tuple(RangeValue(low=6.5, likely=9.0 + i / 10, high=12.0) for i in range(7))),
        ),
    ),
)  # fmt: skip


def rows() -> Iterator[Row]:
    """Warm, cold and flip points of both examples."""
    draws.prepare()
    for case in CASES:
        for change in case.changes:
            yield from _warm(case, change)
    for case in CASES:
        yield from _cold(case)
    for case in CASES:
        decision = with_dimensions(example(case.key))
        found = [timed(lambda decision=decision: _flips(decision)) for _ in range(3)]  # type: ignore[misc]
        yield at_most(f"flip points of all options, {case.key}", 1000 * median(found), FLIPS_MS, "ms")


def _warm(case: Case, change: Change) -> Iterator[Row]:
    """The assessment after a change, and the same arithmetic in plain numpy, in turns."""
    base = _overnight(example(case.key))
    told = [edits.say(base, change.answer, value, change.option) for value in change.values]
    plain = _Plain(case, change, base)
    kept: dict[Any, Any] = {}
    for decision, value in zip(told, change.values, strict=True):
        _check(read(assess(decision, on=ON, kept=kept)), plain(value))
    decisions, values = cycle(told), cycle(change.values)
    ours, bares = side_by_side(
        TIMES, lambda: read(assess(next(decisions), on=ON, kept=kept)), lambda: plain(next(values))
    )
    where = f"{change.answer} of {change.option}" if change.option else change.answer
    what = f"assessment of {case.key} after {where} changed"
    yield at_most(what, 1000 * median(ours), WARM_MS, "ms")
    more = f"plain numpy {shown(1000 * median(bares))} ms"
    yield at_most("– over plain numpy", median_ratio(ours, bares), RATIO, "×", more)


def _overnight(decision: Decision) -> Decision:
    """The example as the plain models know it: worked out overnight, so that response time and outages play no part."""
    answers = {**decision.answers, "deployment": {"target": Answer(value="batch")}}
    return with_dimensions(decision.model_copy(update={"answers": answers}))


def _cold(case: Case) -> Iterator[Row]:
    """The first assessment of a fresh process; the draws are in their file."""
    codes = [_COLD.format(key=case.key, on=ON.isoformat(), imports=imports) for imports in (_LAZY, "")]
    imported, lazy = zip(*([float(process(code)) for code in codes] for _ in range(7)), strict=True)
    yield at_most(
        f"first assessment of {case.key} in a fresh process, all imported", 1000 * median(imported), COLD_MS, "ms"
    )
    yield Row("– with what it imports on the way", f"{shown(1000 * median(lazy))} ms")


def _flips(decision: Decision) -> int:
    found = assess(decision, on=ON)
    return sum(len(found.flips(option.key)) for option in decision.options)


def read(found: Assessment) -> Assessment:
    """Everything that the screen reads of an assessment: summaries, probabilities, statuses."""
    for each in found.options.values():
        _ = each.summary, each.meets_all_probability, [finding.status for finding in each.findings.values()]
    return found


class _Plain:
    """An example's model in plain numpy, with one answer that changes."""

    def __init__(self, case: Case, change: Change, decision: Decision) -> None:
        self._model, self._option = case.model, change.option
        self._name = change.answer.partition(".")[2]
        found = assess(decision, on=ON)
        keys = [option.key for option in decision.options if option.key != DO_NOTHING]
        self._shared = {name.partition(".")[2]: _answer(found, name, keys[0]) for name in case.shared}
        self._own = {key: {name.partition(".")[2]: _answer(found, name, key) for name in case.own} for key in keys}
        for key in keys if case.model is bare.shopping else ():
            self._own[key] |= _priced(found, key)
        question = found.world.question(change.answer)
        self._bounds = question.lower, question.upper
        self._scores = draws.scores(found.world.dimensions[change.answer], seed=decision.seed)

    def __call__(self, value: Value) -> dict[str, bare.Result]:
        """Draw the changed answer anew and work out every option."""
        place = self._shared if self._option is None else self._own[self._option]
        if isinstance(value, RangeValue):
            place[self._name] = Range(value.low, value.likely, value.high, *self._bounds).from_scores(self._scores)
        elif isinstance(value, SpreadValue):
            place[self._name] = value.p50, value.p95
        return self._model(self._shared, self._own)


def _answer(found: Assessment, key: str, option: str) -> Any:
    """An answer as numbers or draws, a spread as two of them, a requirement as its limit."""
    view = found.view(key.partition(".")[0], option)
    kind = registry()[key.partition(".")[0]].questions[key.partition(".")[2]].kind
    if kind == "spread":
        return view.spread(key)
    return view.requirement(key).limit if kind == "requirement" else view.number(key)


def _priced(found: Assessment, option: str) -> Answers:
    """What a use is priced with: the list's prices, or servers."""
    listed = found.options[option].runs[0].evaluations["cost"].notes.get("price")
    if listed is not None:
        return {"price": bare.Price(listed.input, listed.output, listed.cache_read, listed.cache_write)}
    names = ("throughput", "utilisation", "gpus", "gpu_price", "people")
    return {name: _answer(found, f"cost.{name}", option) for name in names}


def _check(found: Assessment, plain: Mapping[str, bare.Result]) -> None:
    """Refuse to compare with something that computes something else."""
    for key, expected in plain.items():
        ours = found.options[key]
        np.testing.assert_allclose(ours.payoff, expected.payoff, rtol=1e-9, atol=1e-6, err_msg=key)
        percentiles = (ours.summary.p10, ours.summary.p50, ours.summary.p90)
        np.testing.assert_allclose(percentiles, expected.percentiles, rtol=1e-9, err_msg=key)
        assert ours.meets_all_probability is not None
        np.testing.assert_allclose(ours.meets_all_probability, expected.met_all, atol=1e-4, err_msg=key)
