"""The Decide page: from an answer to its figures, and to what moves the result and what would change what is said."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import cycle
from typing import Any

from bench.arithmetic import ON, TIMES, read
from bench.measure import Row, at_most, median, shown, timed
from shipworthy import draws, edits
from shipworthy.assess import Assessment, assess
from shipworthy.comparing import comparing
from shipworthy.considerations import with_dimensions
from shipworthy.deciding import deciding, uncertain
from shipworthy.decision import Decision, RangeValue
from shipworthy.decision import Row as Line
from shipworthy.examples import example
from shipworthy.moving import Movements
from shipworthy.turning import Turning

OPTIONS, ANSWERS = 5, 30
AT_ONCE_MS, LATER_MS = 60.0, 500.0
_CHANGED = "value_stream.value"


def rows() -> Iterator[Row]:
    """After one answer changed: what is shown at once, and what follows."""
    draws.prepare()
    base = case()
    told = cycle([edits.say(base, _CHANGED, RangeValue(low=11.0, likely=14.0 + i / 10, high=18.0)) for i in range(7)])
    kept: dict[Any, Any] = {}
    _at_once(assess(next(told), on=ON, kept=kept))
    found = [timed(lambda: _at_once(assess(next(told), on=ON, kept=kept))) for _ in range(TIMES)]
    what = f"{OPTIONS} options, {ANSWERS} uncertain answers, {draws.SIZE:,} draws"
    note = "ledgers, statuses, comparison, worth of knowing each answer"
    yield at_most(f"Decide page, {what}: from an answer to its figures", 1000 * median(found), AT_ONCE_MS, "ms", note)
    yield from _later(assess(next(told), on=ON, kept=kept))


def _later(assessment: Assessment) -> Iterator[Row]:
    moving, turning, flips = (_times(each, assessment) for each in (_moving, _turning, _flips))
    note = f"{shown(moving)} + {shown(turning)} + {shown(flips)} ms"
    what = "what moves the result, what changes the recommendation, flip points of the option in view"
    yield at_most(f"– then {what}", moving + turning + flips, LATER_MS, "ms", note)


def _times(work: Callable[[Assessment], object], assessment: Assessment) -> float:
    work(assessment)
    return 1000 * median([timed(lambda: work(assessment)) for _ in range(TIMES // 8)])


def _at_once(assessment: Assessment) -> None:
    read(assessment)
    for option in assessment.options:
        assessment.ledger(option)
    comparing(assessment)
    deciding(assessment)


def _moving(assessment: Assessment) -> None:
    found = Movements(assessment)
    found.of(assessment.recommended)
    found.of(assessment.recommended, found.next_best)


def _turning(assessment: Assessment) -> None:
    for _ in Turning(assessment).search():
        pass


def _flips(assessment: Assessment) -> None:
    for _ in assessment.flip_search(assessment.recommended):
        pass


def case() -> Decision:
    """The recommender, with ranges for numbers that were certain: whole answers, then cells of its list of stages."""
    found = example("recommender")
    for key in ("value_stream.wrong", "deployment.cold_ms"):
        found = _said(found, key, _wide)
    for column in ("typical", "slow"):
        if _uncertain(found) < ANSWERS:
            found = _said(found, "deployment.stages", partial(_first_wide, column=column))
    assert (len(found.options), _uncertain(found)) == (OPTIONS, ANSWERS)
    return found


def _uncertain(decision: Decision) -> int:
    return len(list(uncertain(assess(decision, on=ON, size=256))))


def _said(decision: Decision, key: str, change: Callable[[Any], Any]) -> Decision:
    """The document with an answer changed, for all options or for each one that has its own."""
    world, answer = assess(decision, on=ON, size=256).world, decision.answer(key)
    for option in answer.by_option if answer is not None and answer.differs else [None]:
        now = world.value(key, option or decision.options[0].key)[1]
        decision = edits.say(decision, key, change(now), option)
    return with_dimensions(decision)


def _wide(value: Any) -> Any:
    return RangeValue(low=0.8 * value, likely=value, high=1.25 * value) if isinstance(value, float) else value


def _first_wide(rows: tuple[Line, ...], column: str) -> tuple[Line, ...]:
    first, *rest = rows
    cells = {**first.cells, column: _wide(first.cells[column])}
    return first.model_copy(update={"cells": cells}), *rest
