"""Deployment target: does it answer in time, is it up, are there enough servers, does it fit where it has to run?"""

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from shipworthy.calculators import availability
from shipworthy.considerations import deployment_device as fit
from shipworthy.considerations import deployment_figures as charts
from shipworthy.considerations import deployment_night as night
from shipworthy.considerations import deployment_response as times
from shipworthy.considerations import deployment_scale as servers
from shipworthy.considerations import deployment_words as said
from shipworthy.considerations.base import Consideration, Draws, Evaluation, Figure, RowView, Terms, View, Words
from shipworthy.considerations.deployment_questions import ON_DEVICE, REMOTE, Questions
from shipworthy.considerations.show import mean, missing_words
from shipworthy.words import percent, plain

_COMPONENT = {"up": 1.0, "needed": 1.0, "copies": 1.0, "common": 0.0}
"""What is asked of a component, and what stands where nothing is said."""


class Deployment(Consideration):
    """Response time, outages, scale and device fit of each option, on the same inputs."""

    key, order = "deployment", 200
    name = "Deployment target"
    title = "Does it answer in time, stay up, and fit where it runs?"
    lead = "The same model is another product in the cloud, on a phone and overnight. Ask where it runs before it is built."
    formula = (
        "in time = P(network + stages + cold start ≤ limit); up = product of the components, k of n where there are copies; "
        "servers = fewest with P(wait > patience) ≤ 5 % (Erlang C, waits × (1 + cv²) / 2), where they are limited the wait is a stage; "
        "lost to overload = what comes in above what they can do; memory = weights + activations + tokens kept in mind"
    )
    source = (
        "Sums of response times: four matched moments, checked against convolution. Queue: Erlang C (Cooper 1981), other "
        "variation of the work by Allen (1990). Device: "
        "roofline (Williams, Waterman, Patterson 2009) with a range of efficiencies. Tables: devices, models, networks."
    )
    Questions = Questions
    shows = ("value_stream.uses",)

    def evaluate(self, view: View) -> Evaluation:
        """What is answered in time, what is up, which servers it takes and what is left of the memory."""
        target = view.word("target")
        result = Evaluation(notes={"target": target})
        if target == "batch":
            night.evaluate(view, result)
        if target in ("", "batch"):
            return result
        if target in ON_DEVICE:
            fit.evaluate(view, result)
        remote = times.cloud_share(view, result)
        waits = servers.evaluate(view, result, remote) if target in REMOTE else ()
        served = 1.0 - remote * (1.0 - result.figures.get("served", 1.0))
        result.notes["served"] = served
        times.evaluate(view, result, remote, waits)
        self._outages(view, result, served)
        return result

    def _outages(self, view: View, result: Evaluation, served: Draws) -> None:
        """Minutes a month that it is down, and the share of the effect that is left of the uses.

        A use that comes in above what the servers can do fares like one that meets an outage: it is lost, something
        simpler answers, or a quieter hour does. Where a late answer is worth nothing, one that is not there is one of
        the late ones.
        """
        together: Draws = 1.0
        parts = []
        for place, row in enumerate(view.rows("components"), start=1):
            if any(row.known(each) for each in ("name", *_COMPONENT)):
                together = together * self._component(view, result, row, times.named(row, place, "components"))
                parts.append(row.word("name"))
        result.notes["components"] = parts
        away = view.word("away")
        fallback = view.number("fallback") if away == "fallback" else 0.0
        result.figures["up"] = together
        result.figures["down"] = minutes = availability.downtime_minutes(together)
        result.margins["downtime"] = view.requirement("downtime").limit - minutes
        kept: Draws = availability.served_share(together, fallback, 1.0 if away == "queued" else 0.0)
        late = view.word("late") == "nothing"
        there = result.figures["in_time"] if late else served + (1.0 - served) * fallback
        result.terms["availability"] = kept * there

    def _component(self, view: View, result: Evaluation, row: RowView, who: str) -> Draws:
        """How much of the time a component is up, its copies counted; a sentence where its row cannot be."""
        asked = {name: row.number(name, neutral) for name, neutral in _COMPONENT.items()}
        needed, copies = mean(asked["needed"]), mean(asked["copies"])
        wrong = ""
        if not row.known("up"):
            wrong = f"{who}: how much of the time it is up is not said yet. Type it, such as 99.9 %."
        elif needed > copies:
            wrong = f"{who}: {plain(needed)} of {plain(copies)} copies are needed. Type no more than there are."
        elif needed != int(needed) or copies != int(copies):
            wrong = f"{who}: {plain(needed)} of {plain(copies)} copies are needed. Type whole numbers."
        if wrong:
            times.spoilt(view, result, "components", wrong)
            return 1.0
        found: Draws = view.world.once(availability.k_of_n, *asked.values())
        return found

    def judge(self, view: View, result: Evaluation, terms: Terms) -> None:
        """What outages and late answers cost a year, once it is known what a use brings."""
        if "availability" in result.terms:
            brought: Draws = 12.0
            for name in ("volume", "reach", "effect", "value"):
                brought = brought * terms.get(name, 1.0 if name == "reach" else 0.0)
            result.figures["lost"] = brought * (1.0 - np.asarray(result.terms["availability"]))

    def words(self, view: View, result: Evaluation) -> Words:
        """Which limit binds and by how much, then each of them."""
        if result.missing:
            return Words(result.notes.get("problem") or missing_words(view, result, "whether it works where it runs"))
        if result.notes["target"] == "batch":
            return Words(*night.words(result, view))
        return said.words(view, result)

    def table(
        self, evaluations: Mapping[str, Evaluation], view: Callable[[str], View]
    ) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
        """In time, slowest 5 in 100, down a month, servers, memory left."""
        rows: list[tuple[str, ...]] = []
        for option, result in evaluations.items():
            figures = result.figures
            if "in_time" not in figures:
                continue
            p95 = charts.percentiles(result)[1]
            count = plain(mean(figures["servers"])) if "servers" in figures else "–"
            room = fit.size(mean(figures["room"])) if "room" in figures else "–"
            rows.append(
                (
                    option,
                    percent(mean(figures["in_time"])),
                    f"{plain(p95)} ms" if np.isfinite(p95) else "overloaded",
                    f"{plain(mean(figures['down']))} min",
                    count,
                    room,
                )
            )
        return ("In time", "95 in 100 within", "Down a month", "Servers", "Memory left"), rows

    def figures(self, view: View, evaluations: Mapping[str, Evaluation]) -> Iterator[Figure]:
        """Response time by stage against the limit, cost against users, memory on the device."""
        found = {option: each for option, each in evaluations.items() if "in_time" in each.figures and not each.missing}
        if view.option in found:
            yield charts.stages(view, found)
            yield from charts.cost_of_users(view, found)
            yield from charts.memory(view, found)
