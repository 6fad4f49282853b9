"""What the deployment target says: which limit binds, then what costs most, then the rest."""

from collections.abc import Iterator

import numpy as np

from shipworthy.calculators import availability
from shipworthy.considerations import deployment_device as fit
from shipworthy.considerations import deployment_figures as charts
from shipworthy.considerations import deployment_scale as servers
from shipworthy.considerations.base import Evaluation, View, Words
from shipworthy.considerations.deployment_questions import P95, TARGETS
from shipworthy.considerations.show import mean, median, money
from shipworthy.words import percent, plain

_TOPIC = {"in_time": "time", "to_spare": "time", "downtime": "outages", "load": "servers", "room": "device"}
"""What the sentences of a limit are about."""
_HARDLY = 0.995
"""Share of the uses that the servers get done, above which overload is not named among what costs."""


def words(view: View, result: Evaluation) -> Words:
    """The limit that binds, with its own sentences first; of the others those first that cost most a year."""
    binding = _binding(view, result)
    topics = {
        "time": list(_time(view, result)),
        "outages": list(_outages(view, result)),
        "servers": list(servers.words(view, result)) if _has_servers(result) else [],
        "device": list(fit.words(view, result)),
    }
    costs = {
        "outages": mean(result.figures.get("lost", 0.0)),
        "servers": 12.0 * mean(result.figures.get("server_cost", 0.0)),
    }
    first = _TOPIC[binding]
    order = [first, *sorted((each for each in topics if each != first), key=lambda each: -costs.get(each, 0.0))]
    found = [topics[each] for each in order if topics[each]]
    opening, rest = [each[0] for each in found], [line for each in found for line in each[1:]]
    if first == "device":  # what would make it fit stands with what does not fit
        opening[0:1], rest = topics["device"][:2], [line for line in rest if line not in topics["device"][:2]]
    return Words(_headline(view, result, binding), (*opening, *rest))


def _has_servers(result: Evaluation) -> bool:
    """Whether there are servers that cost something, or cannot become more."""
    return bool(np.any(result.figures.get("server_cost", 0.0))) or "busy" in result.figures


def _binding(view: View, result: Evaluation) -> str:
    """The requirement that is furthest from the confidence asked for."""

    def left(name: str) -> float:
        met = float(np.mean(np.greater_equal(result.margins[name], 0.0)))
        return met - view.requirement(name).confidence

    return min(result.margins, key=left)


def _headline(view: View, result: Evaluation, binding: str) -> str:
    figures, asked = result.figures, view.requirement(binding).limit
    limit = plain(mean(view.number("limit")))
    said, wanted = {
        "in_time": lambda: (
            f"{percent(mean(figures['in_time']))} of the answers come within {limit} ms",
            f"{percent(asked)} are asked for",
        ),
        "to_spare": lambda: (
            f"95 in 100 answers come within {plain(round(median(figures['p95'])))} ms",
            f"{limit} ms are asked for" + (f", with {plain(asked)} to spare" if asked else ""),
        ),
        "downtime": lambda: (
            f"It is down {plain(mean(figures['down']))} minutes a month",
            f"at most {plain(asked)} are asked for",
        ),
        "load": lambda: (
            f"In the busiest hour the servers are {percent(mean(figures['busy']))} busy",
            f"at most {percent(asked)} is asked for",
        ),
        "room": lambda: (_room(result), f"at least {fit.size(asked)} are asked for" if asked else "it has to fit"),
    }[binding]()  # fmt: skip
    if np.mean(np.greater_equal(result.margins[binding], 0.0)) >= view.requirement(binding).confidence:
        said = said[:1].lower() + said[1:]
        return f"{TARGETS[result.notes['target']]}: every limit is met. The closest: {said}; {wanted}."
    return f"{said}; {wanted}."


def _room(result: Evaluation) -> str:
    left = mean(result.figures["room"])
    return f"{fit.size(left)} of memory are left" if left >= 0 else f"{fit.size(-left)} of memory are missing"


def _time(view: View, result: Evaluation) -> Iterator[str]:
    """How many are in time, and how long they take; no times where the servers are overloaded."""
    yield from result.notes.get("crossed", ())
    figures = result.figures
    of_all, chance = mean(figures["in_time"]), percent(mean(figures["p95_in_time"]))
    asked = ", which is what is asked for," if view.word("asked") == P95 else ""
    yield (
        f"On average {plain(round(100 * of_all))} of 100 answers come in time. The chance that it is 95 or more{asked} is {chance}."
    )
    if not servers.overloaded(result):
        times = charts.percentiles(result)
        yield (
            f"Half of the answers take up to {plain(times[0])} ms, 95 in 100 up to {plain(times[1])} ms, 99 in 100 up to "
            f"{plain(times[2])} ms, where every estimate is at its middle."
        )


def _outages(view: View, result: Evaluation) -> Iterator[str]:
    """Minutes a month, what they cost a year, the chance of a bad month."""
    figures, budget = result.figures, view.requirement("downtime").limit
    costs = ""
    if mean(figures.get("lost", 0.0)) >= 1.0:
        late, over = view.peek("late") == "nothing", mean(result.notes["served"]) < _HARDLY
        what = "Outages, late and lost answers" if late and over else "Outages and late answers" if late else "Outages"
        what = "Outages and overload" if over and not late else what
        costs = f" {what} cost {money(view, mean(figures['lost']))} a year of what it would bring."
    yield f"It is down {plain(mean(figures['down']))} minutes a month on average.{costs}"
    minutes, length = median(figures["down"]), median(view.number("outage"))
    chance = float(availability.chance_downtime_exceeds(median(figures["up"]), length, budget))
    yield (
        f"The chance that a month has more than {plain(budget)} minutes of outages is {percent(chance)}, at the middle estimate "
        f"of {plain(minutes)}."
    )
