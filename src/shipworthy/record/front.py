"""The first page of the record: what is recommended or decided, how sure that is, and what could change it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from shipworthy.assess import Assessment, OptionResult, differences
from shipworthy.considerations.show import Summary
from shipworthy.decision import DO_NOTHING
from shipworthy.record.findings import Badge, Flip, Flips, badge, foremost
from shipworthy.record.outcome import Told, told
from shipworthy.words import amount, chance_words, join, percent, plain, total

_SIZES = ((1e9, "bn"), (1e6, "M"), (1e3, "k"))


@dataclass(frozen=True)
class Bar:
    """An interval on the scale that all options share, in percent of its width."""

    low: float
    mean: float
    high: float
    zero: float


@dataclass(frozen=True)
class Line:
    """One option in the comparison."""

    key: str
    name: str
    recommended: bool
    chosen: bool
    badges: tuple[Badge, ...]
    meets_all: str
    payoff: str
    interval: str
    without: bool
    bar: Bar


@dataclass(frozen=True)
class Front:
    """The first page."""

    main: OptionResult
    status: str
    sentences: tuple[str, ...]
    failed: tuple[str, ...]
    """What stands against it, in a sentence for each consideration that it fails."""
    flip: Flip | None
    heads: tuple[str, ...]
    """Considerations that concern an option at all: a column each."""
    silent: tuple[str, ...]
    """The others: they are named below the table, which has to fit on a page."""
    lines: tuple[Line, ...]
    period: str
    missing: tuple[tuple[str, str], ...]
    used: int
    unconfirmed: int
    told: Told
    """The outcome, beside what stands in the document in its own words."""


def front(assessment: Assessment, flips: Flips, main: str) -> Front:
    result = assessment.options[main]
    used, unconfirmed, _ = assessment.stands_on()
    concerned = assessment.concerned
    names = {key: each.name for key, each in assessment.registry.items()}
    return Front(
        result,
        _worst(result),
        tuple(tied(each) for each in _sentences(assessment, result)),
        tuple(tied(each.headline) for each in result.findings.values() if each.status == "fails"),
        foremost(assessment, main, flips),
        tuple(names[key] for key in concerned),
        tuple(name for key, name in names.items() if key not in concerned),
        tuple(_lines(assessment, concerned)),
        _period(result),
        tuple(named(assessment, key) for key in assessment.missing),
        used,
        unconfirmed,
        told(assessment),
    )


def _worst(result: OptionResult) -> str:
    order = ("not_applicable", "meets", "at_risk", "unknown", "fails")
    return max((each.status for each in result.findings.values()), key=order.index, default="not_applicable")


def _sentences(assessment: Assessment, result: OptionResult) -> Iterator[str]:
    """What the verdict says: how sure, how much, against which other, and what it misses."""
    share, money = result.meets_all_probability, _money(assessment, result)
    if not assessment.comparable:
        yield "Nothing can be compared yet: what the options bring is not known."
    elif result.key == DO_NOTHING:
        others = [each for each in assessment.options.values() if each.key != DO_NOTHING]
        if result.summary.mean == 0.0 and all(each.summary.mean <= 0.0 for each in others):
            known = "As far as is known, no" if assessment.provisional else "No"
            yield f"{known} option is expected to bring more than it costs."
    elif result.unknown:
        yield (
            "Whether it meets every requirement is not known. "
            f"As far as is known, it is expected to bring {money} over {_period(result)}."
        )
    elif share is None:
        yield f"No requirement concerns it. It is expected to bring {money} over {_period(result)}."
    else:
        yield (
            f"It has {chance_words(share)} of meeting every requirement, "
            f"and is expected to bring {money} over {_period(result)}."
        )
    if result.without:
        yield f"These figures are {assessment.without_words(result.without)}, not known yet."
    missed = [assessment.registry[key].name for key, each in result.findings.items() if each.status == "fails"]
    risky = [assessment.registry[key].name for key, each in result.findings.items() if each.status == "at_risk"]
    said = [f"{word}: {join(names)}" for word, names in (("It fails", missed), ("At risk", risky)) if names]
    if said:
        yield ". ".join(said) + "."
    yield from _against(assessment, result)


def _against(assessment: Assessment, result: OptionResult) -> Iterator[str]:
    """How often it is ahead of the best of the others, and which other is better at meeting every requirement."""
    others = [assessment.options[key] for key in assessment.compared if key != result.key]
    if not others or not assessment.comparable:
        return
    best = max(others, key=lambda each: each.summary.mean)
    ahead = _share_ahead(assessment, result.key, best.key)
    mean = _money(assessment, best, interval=False)
    if best.summary.mean > result.summary.mean:
        yield f"The highest expected payoff has “{best.option.name}”: {mean}."
    elif best.summary.mean == result.summary.mean:
        yield f"“{best.option.name}” has the same expected payoff."
    elif result.key != DO_NOTHING:
        yield f"It has {chance_words(ahead)} of paying more than the next best, “{best.option.name}” ({mean})."
    own = result.meets_all_probability
    safer = max(others, key=lambda each: each.meets_all_probability or 0.0)
    surest = safer.meets_all_probability or 0.0
    if own is not None and surest > own + 0.1 and result.key != DO_NOTHING:
        yield f"“{safer.option.name}” meets every requirement more often: {percent(surest)}."


def _share_ahead(assessment: Assessment, option: str, other: str) -> float:
    gained = differences(assessment, option, other)
    return float((gained > 0).mean())


def _lines(assessment: Assessment, concerned: tuple[str, ...]) -> Iterator[Line]:
    found = [result.summary for result in assessment.options.values()]
    low = min(0.0, *(each.p10 for each in found), *(each.mean for each in found))
    high = max(0.0, *(each.p90 for each in found), *(each.mean for each in found))
    span = (high - low) or 1.0

    def place(value: float) -> float:
        return round(100 * (value - low) / span, 2)

    for key, result in assessment.options.items():
        each = result.summary
        yield Line(
            key,
            result.option.name,
            key == assessment.recommended and assessment.comparable,
            key == assessment.decision.outcome.chosen,
            tuple(badge(result.findings[name]) for name in concerned),
            result.meets_all_words,
            _sized(assessment, each.mean),
            _interval(assessment, each),
            bool(result.without),
            Bar(place(each.p10), place(each.mean), place(each.p90), place(0.0)),
        )


def _money(assessment: Assessment, result: OptionResult, interval: bool = True) -> str:
    found = result.summary
    told = f"{total(found.mean)} {assessment.currency()}{result.mark}"
    low, high = total(found.p10), total(found.p90)
    return told if low == high or not interval else f"{told} (8 in 10: {low} to {high})"


def _interval(assessment: Assessment, found: Summary) -> str:
    return "" if found.certain else f"{_sized(assessment, found.p10)} to {_sized(assessment, found.p90)}"


def _sized(assessment: Assessment, value: float) -> str:
    """An amount in the size that all payoffs of the first page share, so that they compare at a glance."""
    if abs(value) > 1e12:
        return amount(value)
    largest = max(abs(part) for each in assessment.options.values() for part in (each.summary.mean, each.summary.p90))
    factor, suffix = next(((size, sign) for size, sign in _SIZES if largest >= size / 2), (1.0, ""))
    decimals = 2 if largest < 2 * factor else 1 if largest < 20 * factor else 0
    text = f"{abs(value) / factor:,.{decimals if factor > 1 else 0}f}"
    if not text.strip("0.,"):
        return "0" if abs(value) < 1 else f"{'−' if value < 0 else ''}{amount(abs(value), digits=1)}"
    return f"{'−' if value < 0 else ''}{text}{suffix}"


def tied(text: str) -> str:
    """A sentence that does not break between a number and what belongs to it."""
    return re.sub(
        r"(?<=\d[ \u00a0]in) (?=\d)|(?<=\d) (?=%|in \d|years?\b|days?\b|[A-Z]{3}\b)|(?<=over|nder) (?=\d+ %)",
        "\u00a0",
        text,
    )


def _period(result: OptionResult) -> str:
    years = float(result.runs[0].terms.get("period", 3 * 365.0)) / 365.0
    return "1 year" if years == 1 else f"{plain(years)} years"


def named(assessment: Assessment, key: str) -> tuple[str, str]:
    """An answer's consideration and label."""
    consideration = assessment.registry[key.partition(".")[0]]
    return consideration.name, assessment.world.question(key).label
