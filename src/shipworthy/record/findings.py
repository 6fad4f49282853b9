"""Each consideration as the record prints it: findings, what flips them, tables, figures."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from shipworthy.assess import Assessment, Finding
from shipworthy.considerations.base import Consideration, Figure, FlipPoint, Listing, Status
from shipworthy.considerations.show import SIGNS
from shipworthy.decision import DO_NOTHING, RangeValue, SpreadValue
from shipworthy.insight import along, going_on, nearest_first
from shipworthy.record.answers import Asked, sections
from shipworthy.record.embed import chart_json
from shipworthy.words import percent, with_unit

Flips = Mapping[str, Mapping[str, list[FlipPoint]]]
"""Flip points by option, then by consideration."""

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
    """A flip point in words: when, and what is so then."""

    words: str
    then: str


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
    lists: tuple[Listing, ...] = ()


@dataclass(frozen=True)
class Chart:
    """A figure with its own table, its plotly JSON as it may stand in a script element, and the option that it shows."""

    figure: Figure
    json: str
    option: str


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
    sections: list[tuple[str, list[Asked]]]
    elsewhere: tuple[tuple[str, str], ...]


def badge(finding: Finding) -> Badge:
    """A finding's status and probability as they are shown."""
    share = finding.probability
    told = share is not None and finding.status not in ("unknown", "not_applicable")
    return Badge(finding.status, percent(share) if told and share is not None else "")


def chapter(assessment: Assessment, consideration: Consideration, flips: Flips, main: str) -> Chapter:
    """All that the record says of one consideration; figures are for ``main``, or the first option that it concerns.

    Where a consideration says so, every option that fails has its figures too.
    """
    key = consideration.key
    found, silent = [], []
    for option, result in assessment.options.items():
        finding = result.findings[key]
        if finding.status == "not_applicable" and not finding.words.detail:
            silent.append(result.option.name)
            continue
        near = nearest_first(flips.get(option, {}).get(key, []))[:SHOWN_FLIPS]
        phase = assessment.decision.option(finding.phase).name if finding.phase else ""
        said = finding.words
        found.append(
            Found(
                result.option.name,
                option == assessment.recommended and assessment.comparable,
                badge(finding),
                said.headline,
                said.detail,
                tuple(_flip(assessment, option, point) for point in near),
                phase,
                said.lists,
            )
        )
    evaluations = assessment.evaluations(key)
    charted = [main if main in evaluations else next(iter(evaluations), "")]
    if consideration.charts_failing:
        charted += [each for each in evaluations if assessment.options[each].findings[key].status == "fails"]
    return Chapter(
        consideration,
        tuple(found),
        tuple(silent),
        _table(assessment, consideration),
        tuple(chart for each in dict.fromkeys(charted) for chart in _charts(assessment, consideration, each)),
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
    made = consideration.figures(assessment.view(consideration.key, option), assessment.evaluations(consideration.key))
    name = assessment.decision.option(option).name
    return tuple(charted(figure, assessment, name) for figure in made)


def charted(figure: Figure, assessment: Assessment, option: str = "") -> Chart:
    """A figure as it goes into the record."""
    typed = tuple(each.name for each in assessment.decision.options)
    return Chart(figure, chart_json(figure.plotly, typed), option)


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
    """The flip points of every option that stands for itself, as many as are printed."""
    return {key: assessment.nearest_flips(key, SHOWN_FLIPS) for key in assessment.options if key != DO_NOTHING}


def foremost(assessment: Assessment, option: str, flips: Flips) -> Flip | None:
    """The one thing that could change what is said of an option: the nearest change of a status of its; of one that fails,
    of what it fails."""
    failed = [key for key, each in assessment.options[option].findings.items() if each.status == "fails"]
    found = [
        (key, point) for key, points in flips.get(option, {}).items() for point in points if not failed or key in failed
    ]
    if not found:
        return None
    first = nearest_first([point for _, point in found])[0]
    key = next(key for key, point in found if point is first)
    then = f"{assessment.registry[key].name} {_THEN[first.status]}"
    if first.then is not None and first.then_status is not None:
        beyond = _over(assessment, first, first.then)
        then += f", and {_THEN[first.then_status]} where it is {beyond}"
    return Flip(_flip(assessment, option, replace(first, then=None)).words, then)


_THEN: dict[Status, str] = {"meets": "meets its requirements", "at_risk": "is at risk", "fails": "fails"}


def _over(assessment: Assessment, point: FlipPoint, value: float) -> str:
    side = "above" if point.at_least else "below"
    return f"{side} {with_unit(value, point.unit, currency=assessment.currency(), beside=point.here)}"


def _flip(assessment: Assessment, option: str, point: FlipPoint) -> Flip:
    value = assessment.world.value(point.answer, option)[1]
    now, currency = _place(value), assessment.currency()
    typical = "typically " if isinstance(value, SpreadValue) else ""
    stands = f" (now {with_unit(now, point.unit, currency=currency, beside=point.value)})" if now is not None else ""
    sign, word = SIGNS[point.status]
    words = f"“{point.label}” is {typical}{_over(assessment, point, point.value)}{stands}"
    return Flip(words + going_on(point, currency) + along(point), f"{sign} {word}")


def _place(value: Any) -> float | None:
    """Where an answer stands."""
    if isinstance(value, SpreadValue):
        return _place(value.p50)
    if isinstance(value, RangeValue):
        return value.likely
    return float(value) if isinstance(value, float | int) else None
