"""Each consideration as the record prints it: findings, what flips them, tables, figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shipworthy.assess import Assessment, Finding
from shipworthy.considerations.base import Consideration, Figure, FlipPoint, Status
from shipworthy.considerations.show import SIGNS
from shipworthy.decision import DO_NOTHING, RangeValue, SpreadValue
from shipworthy.record.answers import Asked, sections
from shipworthy.record.embed import chart_json
from shipworthy.words import percent, with_unit

Flips = Mapping[str, Mapping[str, list[FlipPoint]]]
"""Flip points by option, then by consideration."""

_BETTER: dict[Status, int] = {"meets": 3, "at_risk": 2, "fails": 1, "unknown": 0, "not_applicable": 0}
SHOWN_FLIPS = 3


@dataclass(frozen=True)
class Badge:
    """A status as it is shown."""

    status: Status
    share: str

    @property
    def sign(self) -> str:
        """The status as a sign."""
        return SIGNS[self.status][0]

    @property
    def word(self) -> str:
        """The status as a word."""
        return SIGNS[self.status][1]


@dataclass(frozen=True)
class Flip:
    """A flip point in words, how far away it is, and whether it is for the worse."""

    words: str
    then: str
    distance: float
    worse: bool


@dataclass(frozen=True)
class Found:
    """What a consideration concludes for one option."""

    name: str
    recommended: bool
    badge: Badge
    headline: str
    detail: tuple[str, ...]
    flips: tuple[Flip, ...]
    phase: str


@dataclass(frozen=True)
class Chart:
    """A figure with its own table, and its plotly JSON as it may stand in a script element."""

    figure: Figure
    json: str


@dataclass(frozen=True)
class Table:
    """Numbers that matter, a row an option."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Chapter:
    """One consideration."""

    consideration: Consideration
    found: tuple[Found, ...]
    silent: tuple[str, ...]
    table: Table
    charts: tuple[Chart, ...]
    charted: str
    sections: list[tuple[str, list[Asked]]]
    elsewhere: tuple[tuple[str, str], ...]


def badge(finding: Finding) -> Badge:
    """A finding's status and probability as they are shown."""
    share = finding.probability
    told = share is not None and finding.status not in ("unknown", "not_applicable")
    return Badge(finding.status, percent(share) if told and share is not None else "")


def chapter(assessment: Assessment, consideration: Consideration, flips: Flips, main: str) -> Chapter:
    """All that the record says of one consideration; figures are for ``main``, or the first option that it concerns."""
    key = consideration.key
    found, silent = [], []
    for option, result in assessment.options.items():
        finding = result.findings[key]
        if finding.status == "not_applicable":
            silent.append(result.option.name)
            continue
        near = nearest(assessment, option, flips.get(option, {}).get(key, []))
        phase = assessment.decision.option(finding.phase).name if finding.phase else ""
        said = finding.words
        found.append(
            Found(
                result.option.name,
                option == assessment.recommended,
                badge(finding),
                said.headline,
                said.detail,
                tuple(near[:SHOWN_FLIPS]),
                phase,
            )
        )
    evaluations = assessment.evaluations(key)
    charted = main if main in evaluations else next(iter(evaluations), "")
    return Chapter(
        consideration,
        tuple(found),
        tuple(silent),
        _table(assessment, consideration),
        _charts(assessment, consideration, charted),
        assessment.decision.option(charted).name if charted else "",
        sections(assessment, consideration),
        tuple(_elsewhere(assessment, consideration)),
    )


def _table(assessment: Assessment, consideration: Consideration) -> Table:
    columns, rows = consideration.table(
        assessment.evaluations(consideration.key), lambda option: assessment.view(consideration.key, option)
    )
    named = (((assessment.decision.option(row[0]).name, *row[1:])) for row in rows)
    return Table(tuple(columns), tuple(named))


def _charts(assessment: Assessment, consideration: Consideration, option: str) -> tuple[Chart, ...]:
    if not option:
        return ()
    typed = tuple(each.name for each in assessment.decision.options)
    made = consideration.figures(assessment.view(consideration.key, option), assessment.evaluations(consideration.key))
    return tuple(Chart(figure, chart_json(figure.plotly, typed)) for figure in made)


def _elsewhere(assessment: Assessment, consideration: Consideration) -> list[tuple[str, str]]:
    """Questions that others ask and this one reads: key and label."""
    printed = {
        each.key: each.label
        for owner in {key.partition(".")[0] for key in consideration.shows}
        if owner in assessment.registry
        for _, questions in sections(assessment, assessment.registry[owner])
        for each in questions
    }
    return [(key, printed[key]) for key in consideration.shows if key in printed]


def all_flips(assessment: Assessment) -> dict[str, dict[str, list[FlipPoint]]]:
    """Flip points of every option that stands for itself."""
    return {key: assessment.flips(key) for key in assessment.options if key != DO_NOTHING}


def nearest(assessment: Assessment, option: str, points: list[FlipPoint]) -> list[Flip]:
    """Flip points in words: what is uncertain before what the option is by definition, near before far."""
    made = [_flip(assessment, option, point) for point in points]
    return sorted(made, key=lambda each: each.distance)


def foremost(assessment: Assessment, option: str, flips: Flips) -> Flip | None:
    """The one thing that could change what is said of an option: the nearest change for the worse, else the nearest."""
    found = []
    for key, points in flips.get(option, {}).items():
        now = assessment.options[option].findings[key].status
        for point in points:
            flip = _flip(assessment, option, point, now)
            name = assessment.registry[key].name
            found.append(Flip(flip.words, f"{name} {_then(point.status)}", flip.distance, flip.worse))
    return min(found, key=lambda each: (not each.worse, each.distance), default=None)


def _then(status: Status) -> str:
    return {"meets": "meets its requirements", "at_risk": "is at risk", "fails": "fails"}[status]


def _flip(assessment: Assessment, option: str, point: FlipPoint, now: Status = "unknown") -> Flip:
    value = assessment.world.value(point.answer, option)[1]
    middle, width = _place(value)
    unit, currency = point.unit, assessment.currency()
    side = "above" if point.at_least else "below"
    typical = "typically " if isinstance(value, SpreadValue) else ""
    stands = f" (now {with_unit(middle, unit, currency=currency)})" if middle is not None else ""
    words = f"“{point.label}” is {typical}{side} {with_unit(point.value, unit, currency=currency)}{stands}"
    away = abs(point.value - (middle or 0.0)) / max(abs(middle or 0.0), width, 1e-9)
    answer = assessment.decision.answer(point.answer)
    by_definition = answer is not None and answer.differs and width == 0.0
    sign, word = SIGNS[point.status]
    return Flip(words, f"{sign} {word}", away + (1e12 if by_definition else 0.0), _BETTER[point.status] < _BETTER[now])


def _place(value: Any) -> tuple[float | None, float]:
    """Where an answer stands, and how wide its range is."""
    if isinstance(value, SpreadValue):
        return _place(value.p50)
    if isinstance(value, RangeValue):
        return value.likely, value.high - value.low
    return (float(value), 0.0) if isinstance(value, float | int) else (None, 0.0)
