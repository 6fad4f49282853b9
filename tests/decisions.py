"""Small decisions for tests: a few numbers in, a document out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from shipworthy import edits
from shipworthy.assess import Assessment, assess
from shipworthy.considerations import check, with_dimensions
from shipworthy.decision import Answer, Change, Decision, Frame, Option, RangeValue, Scenario, SpreadValue, Value

ON = date(2026, 11, 20)


@dataclass(frozen=True)
class Own:
    """An answer in which options differ."""

    values: Mapping[str, Value | None]


def own(**values: Any) -> Own:
    """Each option's own value."""
    return Own(values)


def rng(low: float, likely: float, high: float) -> RangeValue:
    """A range."""
    return RangeValue(low=float(low), likely=float(likely), high=float(high))


def spread(p50: Any, p95: Any) -> SpreadValue:
    """A spread."""
    return SpreadValue(p50=p50, p95=p95)


def answered(value: Any) -> Answer:
    """An answer that was given."""
    if isinstance(value, Answer):
        return value
    if isinstance(value, Own):
        return Answer(differs=True, by_option=dict(value.values))
    return Answer(value=float(value) if isinstance(value, int) else value)


def decision(options: str | tuple[Option, ...], answers: Mapping[str, Any], **rest: Any) -> Decision:
    """A checked document: options by their keys (``"a b"``) and “Do nothing”, answers by ``consideration.question``."""
    if isinstance(options, str):
        options = tuple(Option(key=key, name=key.upper()) for key in options.split())
    grouped: dict[str, dict[str, Answer]] = {}
    for key, value in answers.items():
        consideration, _, name = key.partition(".")
        grouped.setdefault(consideration, {})[name] = answered(value)
    made = Decision(
        frame=Frame(title="A test"),
        options=(*options, Option(key="do_nothing", name="Do nothing")),
        answers=grouped,
        **rest,
    )
    check(made)
    return with_dimensions(made)


def edited(document: Decision, *changes: tuple[str, Any, str | None]) -> Decision:
    """A document with other answers: each a question, what is said, and for which option."""
    for key, value, option in changes:
        document = edits.say(document, key, value, option)
    return document


PLAIN: Mapping[str, Any] = {
    "deployment.target": "batch",
    "explainability.effect": "none",
    "licences.theirs": "no",
    "value_stream.uses": 1000,
    "value_stream.effect": 0.1,
    "value_stream.value": 50,
    "value_stream.wrong": 0.02,
    "value_stream.harm": 10,
    "value_stream.running": 300,
    "value_stream.one_off": 10_000,
    "value_stream.live": 73,
    "value_stream.period": 2,
    "value_stream.discount_rate": 0,
    "lead_time.depends": "no",
    "cost.priced": "nothing",
}
"""All certain. 1000 × 0.1 × 50 = 5000 a month, less 1000 × 0.02 × 10 = 200 harm and 300 running: 4500 a month.
Live for 730 − 73 = 657 days = 21.6 months: 97,200, less 10,000 to build: 87,200."""

ACTING: Mapping[str, Any] = {
    "deployment.target": "batch",
    "explainability.effect": "none",
    "licences.theirs": "no",
    "value_stream.uses": 10_000,
    "value_stream.value": 1000,
    "value_stream.running": 800,
    "value_stream.one_off": 30_000,
    "value_stream.live": 0,
    "value_stream.period": 1,
    "value_stream.discount_rate": 0,
    "lead_time.depends": "yes",
    "lead_time.gap": 200,
    "lead_time.window": 30,
    "lead_time.rhythm": 30,
    "lead_time.data_delay": 2,
    "lead_time.hand_over": 2,
    "lead_time.contact": SpreadValue(p50=0.0, p95=0.0),
    "lead_time.persuasion": SpreadValue(p50=0.0, p95=0.0),
    "lead_time.notice": 0,
    "lead_time.events": 100,
    "lead_time.precision": 0.25,
    "lead_time.recall": 0.5,
    "lead_time.decay": 0,
    "lead_time.people": 2,
    "lead_time.hours": 50,
    "lead_time.contacts_an_hour": 2,
    "lead_time.contact_rate": 0.8,
    "lead_time.success": 0.5,
    "lead_time.incentive": 100,
    "lead_time.takers": 0.1,
    "lead_time.contact_cost": 5,
    "cost.priced": "nothing",
}
"""All certain. 100 × 0.5 / 0.25 = 200 flagged a month, 2 × 50 × 2 = 200 tried, everybody in time (200 days of gap).
True cases 50, of which 0.8 × 0.5 stay: 20 saves, 20,000 a month. Contacts 200 × 5 = 1000, incentives 20 × 100 = 2000,
takers 150 × 0.8 × 0.1 × 100 = 1200: 4200. Left 15,800, less 800 running: 15,000 a month; a year 180,000, less 30,000."""


def assessed(document: Decision, size: int = 2, **rest: Any) -> Assessment:
    """Assessed on the day of the tests; two draws are enough where all is certain."""
    return assess(document, on=ON, size=size, **rest)


UNSURE: Mapping[str, Any] = {
    **ACTING,
    "value_stream.uses": rng(9_000, 10_000, 12_000),
    "value_stream.value": rng(700, 1000, 1400),
    "value_stream.one_off": rng(20_000, 30_000, 50_000),
    "value_stream.live": rng(30, 60, 120),
    "lead_time.gap": rng(20, 40, 60),
    "lead_time.persuasion": spread(rng(10, 20, 35), rng(40, 50, 80)),
    "lead_time.events": rng(80, 100, 130),
    "lead_time.precision": rng(0.15, 0.25, 0.4),
    "lead_time.recall": rng(0.4, 0.5, 0.65),
    "lead_time.success": rng(0.3, 0.5, 0.6),
    "cost.priced": "per_call",
    "cost.call_price": rng(0.01, 0.02, 0.05),
}
"""ACTING, uncertain in all that matters."""

CHAT: Mapping[str, Any] = {
    **PLAIN,
    "value_stream.effect": rng(0.05, 0.1, 0.2),
    "cost.priced": "hosted",
    "cost.model": "anthropic/claude-haiku-4-5",
    "cost.turns": spread(3.0, 9.0),
}
"""Uncertain, with a hosted model."""


def cost_table(assessment: Assessment) -> dict[str, dict[str, str]]:
    """What cost per use shows of each option, by its name."""
    consideration = assessment.registry["cost"]
    columns, rows = consideration.table(assessment.evaluations("cost"), lambda key: assessment.view("cost", key))
    return {row[0]: dict(zip(columns, row[1:], strict=True)) for row in rows}


def scenario(*changes: tuple[Any, ...], name: str = "Other") -> Scenario:
    """A scenario from its changes: an answer, a value, and for which option."""
    made = [Change(answer=each[0], value=each[1], option=each[2] if len(each) > 2 else None) for each in changes]
    return Scenario(name=name, changes=tuple(made))
