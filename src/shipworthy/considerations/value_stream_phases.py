"""The value of options that follow each other: what each part brings, from when on, and over the period."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from shipworthy.calculators.joint import discounted_days
from shipworthy.considerations.base import Draws, Evaluation, Terms, View
from shipworthy.considerations.show import begins_later, mean, median, money, money_range, summary
from shipworthy.words import join, plain, total

_YEAR = 365.0


@dataclass(frozen=True)
class Part:
    """One option of several in turn: what it is worth a year, from when to when it is the one that is live."""

    option: str
    worth: Draws
    live: Draws
    until: Draws
    one_off: float
    running: float
    period: float
    rate: float

    @property
    def over(self) -> Draws:
        """What it is worth while it is the one that is live, over the period, discounted [money]."""
        over: Draws = self.worth * (discounted_days(self.live, self.until, self.rate) / _YEAR)
        return over


def joined(found: Mapping[str, Evaluation]) -> Evaluation:
    """The parts together: each has to be worth enough, and is worth something until the next is live."""
    results = list(found.values())
    made = Evaluation(
        margins={"worth": results[0].margins["worth"]},
        terms=results[0].terms,
        figures={"worth": results[-1].figures["worth"]},
        notes={"parts": parts(found)},
        missing=tuple(dict.fromkeys(name for each in results for name in each.missing)),
        used=frozenset().union(*(each.used for each in results)),
    )
    for each in results[1:]:
        made.margins["worth"] = np.minimum(made.margins["worth"], each.margins["worth"])
    problems = [each.notes["problem"] for each in results if "problem" in each.notes]
    made.notes.update({"problem": problems[0]} if problems else {})
    return made


def parts(found: Mapping[str, Evaluation]) -> tuple[Part, ...]:
    """Every option in turn, live from its launch until the next one is or the period ends."""
    made: list[Part] = []
    until: Draws = float("inf")
    for option, result in reversed(list(found.items())):
        terms: Terms = result.notes["terms"]
        period = mean(terms.get("period", 0.0))
        live = terms.get("launch", 0.0) + terms.get("repair_days", 0.0)
        gate = terms.get("gate_open", 1.0)
        if not (isinstance(gate, float) and gate > 0):
            live = np.where(np.asarray(gate) > 0, live, np.inf)
        until = np.minimum(until, period)
        once, month, rate = (mean(terms.get(name, 0.0)) for name in ("one_off", "running", "rate"))
        made.append(Part(option, result.figures["worth"], live, until, once, month, period, rate))
        until = np.minimum(until, live)
    return tuple(reversed(made))


def headline(view: View, found: tuple[Part, ...]) -> str:
    """``Worth 202k EUR a year with “Service”, then 346k EUR with “Own model”, before their costs.``"""
    said = [f"{money(view, mean(each.worth))} a year with {_name(view, each)}" for each in found]
    losing = [_name(view, each) for each in found if mean(each.worth) <= 0]
    if losing:
        do = "does" if len(losing) == 1 else "do"
        return f"{join(losing)} {do} not pay even before {'its' if len(losing) == 1 else 'their'} costs: {', then '.join(said)}."
    return f"Worth {', then '.join(said)}, before their costs."


def detail(view: View, found: tuple[Part, ...]) -> Iterator[str]:
    """From when on each is live, and what it brings until the next takes over."""
    if later := begins_later(view):
        yield later
    for each in found:
        middle = median(each.live)
        begins = f"live after {plain(middle)} days" if np.isfinite(middle) else "never live in half of the cases"
        yield (
            f"{_name(view, each)}: {begins}, worth {money_range(view, summary(each.worth))} a year from then on; "
            f"{money(view, mean(each.over))} while it is the one in use."
        )
    whole = sum(mean(each.over) for each in found)
    names = join([_name(view, each) for each in found])
    yield f"Over {plain(found[0].period / _YEAR)} years {names} are worth {money(view, whole)} together, before their costs, in today's money."


def cells(view: View, found: tuple[Part, ...]) -> tuple[str, str, str, str]:
    """Worth a year, between what it lies, one-off and running cost: of each part in turn, the one-off costs together."""
    spans = [summary(each.worth) for each in found]
    return (
        f"{', then '.join(total(each.mean) for each in spans)} {_currency(view)}",
        f"{', then '.join(f'{total(each.p10)} to {total(each.p90)}' for each in spans)} {_currency(view)}",
        money(view, sum(each.one_off for each in found)),
        f"{', then '.join(total(each.running) for each in found)} {_currency(view)}",
    )


def _currency(view: View) -> str:
    return money(view, 0.0).partition(" ")[2]


def _name(view: View, part: Part) -> str:
    return f"“{view.world.decision.option(part.option).name}”"
