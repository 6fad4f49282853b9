"""What a team expected when it committed, what came, and how good its ranges and chances were over its decisions.

When an option is chosen, every answer behind it that was not certain is kept as a forecast with the outcome
(:func:`expected`, :func:`kept`). What came is entered later (:func:`with_came`); :func:`score` says how good they were.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import numpy as np

from shipworthy._answer_names import Names
from shipworthy.assess import Assessment
from shipworthy.calculators.scoring import brier, coverage_chance, crps, inside, interval_score
from shipworthy.considerations.questions import Question
from shipworthy.considerations.world import cell_name
from shipworthy.decision import Decision, Forecast, Outcome, RangeValue, Row, SpreadValue, now
from shipworthy.errors import InputError
from shipworthy.estimate import Pool, Range
from shipworthy.words import percent, plain

PROMISED = 0.8
"""Share of what comes that should lie between low (p10) and high (p90)."""
MOST = 200
_FINE = 2000  # quantiles that stand for a distribution: the score is within 0.1 % of the range then
_UNLIKELY = 0.05

Verdict = Literal["too_narrow", "too_wide", "chance"]


@dataclass(frozen=True)
class Scored:
    """One forecast for which something came.

    A range has ``inside``, ``interval`` and ``crps``, a chance has ``brier`` alone, and one number, which promises nothing of
    how far off it may be, ``off`` alone.
    """

    decision: str
    forecast: Forecast
    inside: bool | None = None
    interval: float | None = None
    crps: float | None = None
    brier: float | None = None
    off: float | None = None
    """What came less the one number that was expected, in its unit."""


@dataclass(frozen=True)
class UnitOff:
    """How far single numbers of one unit were off, on average and either way, in that unit."""

    unit: str
    count: int
    off: float


@dataclass(frozen=True)
class UnitScores:
    """Mean scores of the ranges that have one unit, in that unit."""

    unit: str
    count: int
    interval: float
    crps: float


@dataclass(frozen=True)
class Scores:
    """How good the forecasts of one or many decisions were."""

    each: tuple[Scored, ...]
    waiting: int
    """Forecasts for which nothing came yet."""
    ranges: int
    hits: int
    chances: int
    brier: float | None
    by_unit: tuple[UnitScores, ...]
    numbers: int = 0
    """Forecasts that were one number: they are no ranges, and count apart."""
    numbers_by_unit: tuple[UnitOff, ...] = ()

    @property
    def coverage(self) -> float | None:
        """Share of ranges that held what came; 80 % were promised."""
        return self.hits / self.ranges if self.ranges else None

    @property
    def expected_hits(self) -> float:
        """How many ranges would hold what came, on average, if they kept what they promise."""
        return PROMISED * self.ranges

    @property
    def so_few(self) -> float | None:
        """Chance of so many hits or fewer, if the ranges keep what they promise."""
        return float(coverage_chance(self.hits, self.ranges, share=PROMISED)) if self.ranges else None

    @property
    def so_many(self) -> float | None:
        """Chance of so many hits or more, if the ranges keep what they promise."""
        if not self.ranges:
            return None
        return 1.0 - (float(coverage_chance(self.hits - 1, self.ranges, share=PROMISED)) if self.hits else 0.0)

    @property
    def verdict(self) -> Verdict | None:
        """What the hits say of the ranges: chance explains most."""
        if self.so_few is None or self.so_many is None:
            return None
        return "too_narrow" if self.so_few < _UNLIKELY else "too_wide" if self.so_many < _UNLIKELY else "chance"

    def sentences(self) -> Iterator[str]:
        """What there is to say, for people."""
        if self.ranges:
            held = f"{self.hits} of {self.ranges} range{'' if self.ranges == 1 else 's'} held what came"
            yield f"{held} ({percent(self.hits / self.ranges)}; {percent(PROMISED)} were meant to)."
            if self.verdict == "too_narrow":
                yield "That is fewer than chance explains: the ranges were too narrow."
            elif self.verdict == "too_wide":
                yield "That is more than chance explains: the ranges were wider than they had to be."
        if self.chances and self.brier is not None:
            of = "1 chance" if self.chances == 1 else f"{self.chances} chances"
            yield f"The Brier score of {of} is {self.brier:.2f} (0 is perfect, 0.25 is what “half and half” gets)."
        yield from self.of_numbers()

    def of_numbers(self) -> Iterator[str]:
        """What there is to say of forecasts that were one number."""
        for each in self.numbers_by_unit:
            one = each.count == 1
            said = distance(each.off, each.unit)
            yield (
                f"{each.count} forecast{' was' if one else 's were'} one number without a range: "
                f"{'it was' if one else 'they were'} off by {said}{'' if one else ' on average'}."
            )


def distance(size: float, unit: str) -> str:
    """How far a number was off, in its unit: ``20 days``, ``3 percentage points``.

    >>> distance(20.0, "days"), distance(0.03, "share")
    ('20 days', '3 percentage points')
    """
    share = unit == "share"
    text = plain(abs(size) * (100 if share else 1))
    named = "percentage points" if share else unit
    return (
        f"{text} {named.removesuffix('s') if text == '1' and named in ('days', 'percentage points') else named}".strip()
    )


def expected(assessment: Assessment, option: str) -> tuple[Forecast, ...]:
    """What is expected of every answer that an option stands on and that is not certain, cells of its lists included.

    Ranges as they are, the typical case of what differs from case to case, and chances; several people's ranges as the
    10th, 50th and 90th percentile of their pool.

    Examples
    --------
    >>> from shipworthy.assess import assess
    >>> from shipworthy.examples import example
    >>> found = expected(assess(example("churn"), on=date(2026, 11, 20)), "two_month_gap")
    >>> next(each for each in found if each.answer == "lead_time.success").expected.likely
    0.2
    """
    world, names = assessment.world, Names(assessment.decision)
    found: dict[tuple[str, str | None], Forecast] = {}
    for each in assessment.options[option].runs:
        used = {key: None for result in each.evaluations.values() for key in sorted(result.used)}
        for key in used:
            if not world.asked(world.question(key), each.option):
                continue
            answer = assessment.decision.answer(key)
            own = each.option if answer is not None and answer.differs else None
            for name, question, value in _parts(world.question(key), world.value(key, each.option)[1]):
                made = _forecast(names, name, question, value)
                if made is not None:
                    found.setdefault((name, own), made.model_copy(update={"option": own, "at": now()}))
    return tuple(found.values())[:MOST]


def _parts(question: Question, value: Any) -> Iterator[tuple[str, Question, Any]]:
    if question.kind != "rows":
        yield question.key, question, value
        return
    for row in value if isinstance(value, tuple) else ():
        if isinstance(row, Row):
            for column, cell in row.cells.items():
                yield cell_name(question.key, row, column), question.column(column), cell


def _forecast(names: Names, key: str, question: Question, value: Any) -> Forecast | None:
    if isinstance(value, SpreadValue):
        value = value.p50
    if isinstance(value, Pool):
        value = RangeValue(
            **dict(zip(("low", "likely", "high"), value.quantile([0.1, 0.5, 0.9]).tolist(), strict=True))
        )
    chance = question.kind == "chance" and isinstance(value, float | int) and 0 < value < 1
    if not chance and not (isinstance(value, RangeValue) and value.low < value.high):
        return None
    unit = "share" if question.unit == "share" else names.unit(question)
    return Forecast(answer=key, expected=value, chance=chance, unit=unit)


def kept(outcome: Outcome, forecasts: Sequence[Forecast]) -> Outcome:
    """The outcome with new forecasts; those for which something came already stay as they were."""
    known = {(each.answer, each.option): each for each in outcome.forecasts if each.came is not None}
    new = {(each.answer, each.option): each for each in forecasts}
    return outcome.model_copy(update={"forecasts": tuple({**new, **known}.values())[:MOST]})


def with_came(outcome: Outcome, place: int, came: float | None, on: date | None) -> Outcome:
    """The outcome with what came for one forecast, by its place; None takes it back.

    Raises
    ------
    InputError
        Where a chance is given something else than 1 (it came) or 0 (it did not).
    """
    before = outcome.forecasts[place]
    if before.chance and came not in (None, 0.0, 1.0):
        raise InputError("type 1 where it came, 0 where it did not")
    changed = before.model_copy(update={"came": came, "came_on": None if came is None else on})
    made = (*outcome.forecasts[:place], changed, *outcome.forecasts[place + 1 :])
    return outcome.model_copy(update={"forecasts": made})


def score(decisions: Iterable[Decision]) -> Scores:
    """How good the forecasts of one or many decisions were.

    Examples
    --------
    >>> from shipworthy.examples import example
    >>> said = Forecast(answer="lead_time.success", expected=RangeValue(low=0.2, likely=0.3, high=0.4), came=0.35)
    >>> outcome = Outcome(chosen="two_month_gap", forecasts=(said,))
    >>> found = score([example("churn").model_copy(update={"outcome": outcome})])
    >>> found.hits, found.ranges, round(found.each[0].interval, 3), round(found.each[0].crps, 3)
    (1, 1, 0.2, 0.031)
    """
    scored: list[Scored] = []
    waiting = 0
    for decision in decisions:
        names = Names(decision)
        for each in decision.outcome.forecasts:
            if each.came is None:
                waiting += 1
            else:
                scored.append(_scored(decision.frame.title, names, each))
    ranges = [each for each in scored if each.inside is not None]
    chances = [each.brier for each in scored if each.brier is not None]
    singles = [each for each in scored if each.off is not None]
    units = dict.fromkeys(each.forecast.unit for each in ranges)
    return Scores(
        tuple(scored),
        waiting,
        len(ranges),
        sum(bool(each.inside) for each in ranges),
        len(chances),
        float(np.mean(chances)) if chances else None,
        tuple(_of_unit(unit, [each for each in ranges if each.forecast.unit == unit]) for unit in units),
        len(singles),
        tuple(
            UnitOff(unit, len(offs), float(np.mean(offs)))
            for unit in dict.fromkeys(each.forecast.unit for each in singles)
            for offs in [[abs(each.off or 0.0) for each in singles if each.forecast.unit == unit]]
        ),
    )


def _of_unit(unit: str, found: Sequence[Scored]) -> UnitScores:
    interval, distance = ([getattr(each, name) for each in found] for name in ("interval", "crps"))
    return UnitScores(unit, len(found), float(np.mean(interval)), float(np.mean(distance)))


def _scored(title: str, names: Names, forecast: Forecast) -> Scored:
    said, came = forecast.expected, forecast.came
    assert came is not None
    if forecast.chance and isinstance(said, float):
        return Scored(title, forecast, brier=float(brier(said, came)))
    number = one_number(forecast)
    if number is not None or not isinstance(said, RangeValue):
        return Scored(title, forecast, off=came - (number or 0.0))
    return Scored(
        title,
        forecast,
        bool(inside(said.low, said.high, came)),
        float(interval_score(said.low, said.high, came, share=PROMISED)),
        float(crps(_values(names, forecast), came)),
    )


def one_number(forecast: Forecast) -> float | None:
    """The one number that was expected; None where a range or a chance was."""
    said = forecast.expected
    if isinstance(said, RangeValue):
        return said.likely if said.low == said.high else None
    return None if forecast.chance else said


def _values(names: Names, forecast: Forecast) -> list[float]:
    """Equally likely values of the distribution through low, likely and high, within the question's bounds."""
    said = forecast.expected
    assert isinstance(said, RangeValue)
    try:
        question = names.question(forecast.answer)
        fitted = Range(said.low, said.likely, said.high, question.lower, question.upper)
    except InputError:  # the question is not asked any more, or has other bounds now
        fitted = Range(said.low, said.likely, said.high)
    places = (np.arange(_FINE) + 0.5) / _FINE
    return [float(each) for each in fitted.quantile(places)]
