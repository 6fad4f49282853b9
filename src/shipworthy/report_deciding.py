"""What helps to decide, as plain data (in ``assess --json``) and as lines (in ``assess``).

The options among each other, what it is worth to find out and how, what moves the recommended option's payoff, what would
change the recommendation, and the scenarios.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from shipworthy._inquiry_words import delayed, told
from shipworthy.assess import Assessment
from shipworthy.deciding import Deciding, deciding
from shipworthy.decision import SpreadValue, Value
from shipworthy.inquiries import FindingOut, Inquired, finding_out
from shipworthy.moving import Movements, Moving
from shipworthy.scenarios import Beside, Side, side_by_side
from shipworthy.turning import Searched, Turning
from shipworthy.words import join

FIRST = 3
"""What to find out first that is printed."""


def data(assessment: Assessment) -> dict[str, Any] | None:
    """Everything that helps to decide; None where nothing can be compared yet.

    Examples
    --------
    >>> from datetime import date
    >>> from shipworthy.assess import assess
    >>> from shipworthy.examples import example
    >>> found = data(assess(example("churn"), on=date(2026, 11, 20)))
    >>> found["choices"]["expected"], found["find_out"]["answers"][0]["consideration"]
    ('three_month_gap', 'Intervention lead time')
    """
    if not assessment.comparable:
        return None
    found, movements = deciding(assessment), Movements(assessment)
    turning = Turning(assessment, movements)
    searched = [each for each in turning.search() if each is not None]
    return {
        "standings": {key: asdict(each) for key, each in found.standings.items()},
        "choices": dict(found.choices),
        "disagreeing": list(found.disagreeing),
        "find_out": _find_out(found, finding_out(assessment)),
        "moving": _moving(movements.of(assessment.recommended)),
        "turning": {"searched": [_searched(each) for each in searched], "others": turning.others},
        "scenarios": [_scenario(side_by_side(assessment, None, each)) for each in assessment.decision.scenarios],
    }


def first(assessment: Assessment) -> list[str]:
    """What is done first and what that delays, then what to find out first, in at most three lines.

    One line where nothing is worth it; none where nothing can be compared and nothing is unknown.
    """
    found = finding_out(assessment)
    said = told(found, assessment)
    rows = [_line(row, assessment.currency()) for row in said.rows[: min(FIRST, said.leading)]]
    if not assessment.comparable:
        return rows
    return [*_done_first(assessment, said.more), *(rows or [said.finding])]


def _done_first(assessment: Assessment, more: Sequence[str]) -> list[str]:
    """What is done first, what that delays and takes from the payoffs, and what the record says of it."""
    if not any(each.first for each in assessment.decision.inquiries):
        return []
    return [*filter(None, [delayed(assessment)]), *more]


def _line(row: tuple[str, ...], money: str) -> str:
    """A row of the table as a line: ``Gap: worth 11k EUR``."""
    what, worth, cost, takes, waiting, left = row
    if worth == "–":
        return what
    brings, waited = waiting.startswith("−"), "–" if waiting == "0" else waiting.removeprefix("−")
    paid = (
        ("cost {}" if cost == "not said yet" else "costs {}", cost),
        ("takes {}", takes),
        ("waiting brings {}" if brings else "waiting costs {}", waited),
        ("{} left", left),
    )
    parts = [text.format(figure) for text, figure in paid if figure != "–"]
    return f"{what}: worth {join([f'{worth} {money}', *parts])}"


def _find_out(found: Deciding, asked: FindingOut) -> dict[str, Any]:
    done = asked.first
    return {
        "everything": found.everything,
        "answers": [
            {
                "answer": each.answer,
                "label": each.label,
                "consideration": each.consideration,
                "worth": each.worth.value,
                "noise": each.worth.floor,
                "measurable": each.worth.measurable,
                "unconfirmed": each.unconfirmed,
            }
            for each in found.found
        ],
        "unknown": list(found.unknown),
        "inquiries": [_inquired(each) for each in asked.asked],
        "uncovered": [each.answer for each in asked.uncovered],
        "first": None
        if done is None
        else {**asdict(done), "names": list(done.names), "net": done.net},
    }  # fmt: skip


def _inquired(found: Inquired) -> dict[str, Any]:
    inquiry, telling = found.inquiry, found.telling
    curve = telling.curve
    told_of = {"name": inquiry.name, "answers": list(inquiry.answers), "labels": list(found.labels), "kind": inquiry.kind,
               "days": inquiry.days, "first": inquiry.first}  # fmt: skip
    if found.problem:
        return {**told_of, "problem": found.problem, "figures": None}
    figures = {
        "worth": found.worth,
        "limit": telling.limit,
        "beside": list(found.beside),
        "cost": found.cost,
        "costed": inquiry.costed,
        "waiting": found.waiting,
        "net": found.net,
        "pays": found.pays,
        "cases": telling.cases,
        "assumed": [asdict(each) for each in telling.assumed],
        "curve": None if curve is None else {name: list(each) for name, each in (("sizes", curve.sizes), ("worths", curve.worths), ("costs", curve.costs))},
    }  # fmt: skip
    return {**told_of, "problem": found.left_out or None, "figures": figures}


def _moving(found: Moving) -> dict[str, Any]:
    return {
        "option": found.option,
        "answers": [
            {
                "answer": each.answer,
                "label": each.label,
                "unit": each.question.unit,
                "owner": each.owner or None,
                "chance": each.chance,
                "values": [_value(value) for value in each.values],
                "payoffs": [each.bar.low, each.bar.middle, each.bar.high],
                "share": each.share.value,
                "share_error": each.share.error,
            }
            for each in found.moves
        ],
    }


def _value(value: Value) -> Any:
    return {"p50": value.p50, "p95": value.p95} if isinstance(value, SpreadValue) else value


def _searched(found: Searched) -> dict[str, Any]:
    return {
        "answer": found.answer,
        "label": found.label,
        "unit": found.unit,
        "owner": found.owner or None,
        "typical": found.typical,
        "now": found.here,
        "from": found.low,
        "to": found.high,
        "turns": [
            {
                "value": each.value,
                "direction": "at_least" if each.at_least else "at_most",
                "until": each.until,
                "recommended": each.leader,
                "distance": each.distance,
            }
            for each in found.turns
        ],
    }


def _scenario(found: Beside) -> dict[str, Any]:
    right = found.right
    return {
        "name": right.name,
        "recommended": right.recommended,
        "comparable": right.comparable,
        "missing": list(right.missing),
        "problems": list(right.problems),
        "options": dict(_options(found, right)),
        "turned": [
            {"option": each.option, "consideration": each.consideration, "before": asdict(each.left), "after": asdict(each.right)}
            for each in found.turned
        ],
    }  # fmt: skip


def _options(found: Beside, side: Side) -> Iterator[tuple[str, dict[str, Any]]]:
    for key, paid in side.options.items():
        payoff = {name: getattr(paid.payoff, name) for name in ("mean", "p10", "p50", "p90")}
        gained = found.differences[key]
        yield key, {"payoff": payoff, "meets_all": paid.meets_all_probability, "gained": asdict(gained)}
