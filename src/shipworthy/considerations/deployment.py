"""Deployment target: does it answer in time, is it up, are there enough servers, does it fit where it has to run?"""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from shipworthy.calculators import availability, response, scale
from shipworthy.calculators.general_queues import servers_needed_varying, simulated_wait
from shipworthy.considerations import deployment_device as fit
from shipworthy.considerations import deployment_figures as charts
from shipworthy.considerations.base import Consideration, Draws, Evaluation, Figure, Terms, View, Words
from shipworthy.considerations.deployment_questions import FACTOR, HOURS, ON_DEVICE, REMOTE, TARGETS, Questions
from shipworthy.considerations.show import mean, median, missing_words, money
from shipworthy.reference import loader as reference
from shipworthy.words import percent, plain

_SIMULATED, _MOST_SIMULATED = 40_000, 200
"""Uses that are simulated, and the most of them at once for which that is quick enough."""
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
        "servers = fewest with P(wait > patience) ≤ 5 % (Erlang C, waits × (1 + cv²) / 2); memory = weights + activations + tokens kept in mind"
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
        if target in ("", "batch"):
            return result
        if target in ON_DEVICE:
            fit.evaluate(view, result)
        in_time = self._response(view, result, target)
        kept = self._outages(view, result)
        if view.word("late") == "nothing":
            kept = kept * in_time
        result.terms["availability"] = kept
        if target in REMOTE:
            self._scale(view, result, target)
        return result

    # ---- response time

    def _response(self, view: View, result: Evaluation, target: str) -> Draws:
        stages = [
            (row.word("name"), row.word("where"), row.number("typical"), row.number("slow"))
            for row in view.rows("stages")
        ]
        stages += fit.stage(result)
        result.notes["stages"] = stages
        remote = 1.0 if target in ("cloud", "servers") else view.number("cloud_share") if target == "hybrid" else 0.0
        near = [(typical, slow) for _, where, typical, slow in stages if where != "cloud"]
        far = [
            *((typical, slow) for _, where, typical, slow in stages if where != "device"),
            *self._network(view),
        ]
        cold, cold_ms = (view.number("cold"), view.number("cold_ms")) if target in REMOTE else (0.0, 0.0)
        limit, alike = view.number("limit"), view.number("alike")
        result.notes["chain"] = {
            "near": near,
            "far": far,
            "remote": remote,
            "cold": cold,
            "cold_ms": cold_ms,
            "alike": alike,
        }
        share: Draws = 0.0
        if target in REMOTE:
            share = remote * _within(view, far, limit, alike, cold, cold_ms)
        if target in ON_DEVICE:
            share = share + (1.0 - remote) * _within(view, near, limit, alike, 0.0, 0.0)
        if view.peek("page") == "yes":
            result.terms["added_ms"] = _typical(view, far if target in REMOTE else near, alike)
        result.figures["in_time"] = share
        result.figures["p95_in_time"] = np.where(np.asarray(share) >= 0.95, 1.0, 0.0)[()]
        result.margins["in_time"] = share - view.requirement("in_time").limit
        return share

    def _network(self, view: View) -> list[tuple[Draws, Draws]]:
        """Round trip and transfer of the payload as one stage, from the table."""
        name = view.word("network")
        if name in ("", "none"):
            return []
        row = reference.load("networks")[name]
        measured = view.known("round_trip")
        way: Draws = view.number("round_trip") if measured else row.number("round_trip_p50")
        payload = (view.number("payload_up"), row.number("up"), view.number("payload_down"), row.number("down"))
        rare = row.number("round_trip_p95") / row.number("round_trip_p50")
        return [view.world.once(_travel, way, rare, *payload)]

    # ---- outages

    def _outages(self, view: View, result: Evaluation) -> Draws:
        """Share of the effect that outages leave, and minutes a month that it is down."""
        together: Draws = 1.0
        parts = []
        for row in view.rows("components"):
            asked = (row.number(name, neutral) for name, neutral in _COMPONENT.items())
            found = view.world.once(availability.k_of_n, *asked)
            parts.append((row.word("name"), found))
            together = together * found
        result.notes["components"] = parts
        away = view.word("away")
        fallback = view.number("fallback") if away == "fallback" else 0.0
        result.figures["up"] = together
        result.figures["down"] = minutes = availability.downtime_minutes(together)
        result.margins["downtime"] = view.requirement("downtime").limit - minutes
        kept: Draws = availability.served_share(together, fallback, 1.0 if away == "queued" else 0.0)
        return kept

    # ---- scale

    def _scale(self, view: View, result: Evaluation, target: str) -> None:
        """Servers for the busiest hour, what they cost, and how busy they are where there cannot be more."""
        work, slots, patience = view.number("work") / 1000.0, view.number("slots"), view.number("patience") / 1000.0
        there: Draws = view.number("cloud_share") if target == "hybrid" else 1.0
        peak = _peak(view)
        rate = view.world.once(_rate, view.number("value_stream.uses"), there, peak)
        differs = view.number("differs")
        servers = np.ceil(view.world.once(_lines, rate, view.number("work"), differs, patience) / slots)
        price = view.number("server_price")
        result.notes["scale"] = {
            "rate": rate,
            "peak": peak,
            "work": work,
            "patience": patience,
            "slots": slots,
            "price": price,
            "differs": differs,
        }
        result.figures.update(
            rate=rate, at_once=scale.concurrency(rate, work), servers=servers, server_cost=servers * price
        )
        result.terms["servers"] = servers * price
        if view.known("most_servers"):
            busy = scale.utilisation(rate, work, view.number("most_servers") * slots)
            result.figures["busy"] = busy
            result.margins["load"] = view.requirement("load").limit - busy

    def judge(self, view: View, result: Evaluation, terms: Terms) -> None:
        """What outages and late answers cost a year, once it is known what a use brings."""
        if "availability" in result.terms:
            brought: Draws = 12.0
            for name in ("volume", "reach", "effect", "value"):
                brought = brought * terms.get(name, 1.0 if name == "reach" else 0.0)
            result.figures["lost"] = brought * (1.0 - np.asarray(result.terms["availability"]))

    # ---- in words

    def words(self, view: View, result: Evaluation) -> Words:
        """Which limit binds and by how much, then each of them."""
        if result.missing:
            return Words(missing_words(view, result, "whether it works where it runs"))
        target = result.notes["target"]
        if target == "batch":
            return Words("Nobody waits for it: it is worked out overnight.", ("Outages are caught up the next night.",))
        return Words(self._headline(view, result), tuple(self._detail(view, result)))

    def _headline(self, view: View, result: Evaluation) -> str:
        binding, share = min(
            ((name, float(np.mean(np.greater_equal(margin, 0.0)))) for name, margin in result.margins.items()),
            key=lambda each: each[1],
        )
        said = {
            "in_time": f"{percent(mean(result.figures['in_time']))} of the answers come within {plain(mean(view.number('limit')))} ms",
            "downtime": f"It is down {plain(mean(result.figures['down']))} minutes a month",
            "load": f"In the busiest hour the servers are {percent(mean(result.figures.get('busy', 0.0)))} busy",
            "room": _room(result),
        }[binding]
        asked = view.requirement(binding).limit
        wanted = {
            "in_time": f"{percent(asked)} are asked for", "downtime": f"at most {plain(asked)} are asked for",
            "load": f"at most {percent(asked)} is asked for", "room": f"at least {fit.size(asked)} are asked for",
        }[binding]  # fmt: skip
        if share >= view.requirement(binding).confidence:
            return f"{TARGETS[result.notes['target']]}: every limit is met. The closest: {_small(said)}; {wanted}."
        return f"{said}; {wanted}."

    def _detail(self, view: View, result: Evaluation) -> Iterator[str]:
        figures = result.figures
        times = charts.percentiles(result)
        yield (
            f"Half of the answers take up to {plain(times[0])} ms, 95 in 100 up to {plain(times[1])} ms, 99 in 100 up to "
            f"{plain(times[2])} ms, where every estimate is at its middle."
        )
        yield (
            f"One use is in time with {percent(mean(figures['in_time']))}. That is not the same as 95 in 100 being in time: the "
            f"chance of that is {percent(mean(figures['p95_in_time']))}."
        )
        budget = view.requirement("downtime").limit
        minutes, length = median(figures["down"]), median(view.number("outage"))
        over = float(availability.chance_downtime_exceeds(median(figures["up"]), length, budget))
        yield (
            f"Outages: {plain(mean(figures['down']))} minutes a month on average; the chance that a month has more than "
            f"{plain(budget)} is {percent(over)}. At the middle estimate: {plain(minutes)}."
        )
        if mean(figures["lost"]) >= 1.0:
            what = "Outages and late answers" if view.word("late") == "nothing" else "Outages"
            yield f"{what} cost {money(view, mean(figures['lost']))} a year of what it would bring."
        if np.any(figures.get("server_cost", 0.0)) or "busy" in figures:
            yield from self._scale_words(view, result)
        yield from fit.words(view, result)

    def _scale_words(self, view: View, result: Evaluation) -> Iterator[str]:
        figures = result.figures
        yield (
            f"In the busiest hour {plain(mean(figures['rate']))} uses a second come in and {plain(mean(figures['at_once']))} are worked on at "
            f"once: {plain(mean(figures['servers']))} servers, {money(view, mean(figures['server_cost']))} a month."
        )
        if view.peek("shape") != FACTOR:
            yield f"That hour has {plain(mean(result.notes['scale']['peak']))} times as many uses as the average hour of the day."
        known = {name: median(value) for name, value in result.notes["scale"].items()}
        lines = int(median(figures["servers"]) * known["slots"])
        if known["differs"] > 1 and 0 < known["rate"] * known["work"] < lines <= _MOST_SIMULATED:
            late = _waits_too_long(known["rate"], known["work"], known["differs"], lines, known["patience"])
            yield (
                f"The work differs so much that no formula holds: simulated, {percent(late)} of the uses wait longer than "
                f"{plain(1000 * known['patience'])} ms in the busiest hour."
            )
        if mean(figures.get("busy", 0.0)) >= 1.0:
            yield "Overloaded: more comes in than the most servers there can be get done. The line grows without end, so no waiting time can be given."

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
            servers = plain(mean(figures["servers"])) if "servers" in figures else "–"
            room = fit.size(mean(figures["room"])) if "room" in figures else "–"
            rows.append(
                (
                    option,
                    percent(mean(figures["in_time"])),
                    f"{plain(p95)} ms",
                    f"{plain(mean(figures['down']))} min",
                    servers,
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


def _within(view: View, stages: list[tuple[Draws, Draws]], *conditions: Draws) -> Draws:
    """Share of uses for which the stages together stay within the limit; worked out once for options that share them."""
    flat = [part for stage in stages for part in stage]
    found: Draws = view.world.once(_share, *conditions, *flat)
    return found


def _share(limit: Draws, alike: Draws, cold: Draws, cold_ms: Draws, *flat: Draws) -> Any:
    starts = response.ColdStart(cold, cold_ms, cold_ms) if np.any(cold) else None
    return response.share_within(*_stages(flat), limit, float(np.mean(alike)), starts)


def _stages(flat: tuple[Draws, ...]) -> tuple[list[Draws], list[Draws]]:
    """Typical and slow times of all stages, the slow one never below the typical one, nor a hundred times above it."""
    typical, slow = flat[::2] or (0.0,), flat[1::2] or (0.0,)
    return (
        [np.maximum(a, np.multiply(b, 0.01)) for a, b in zip(typical, slow, strict=True)],
        [np.maximum(a, b) for a, b in zip(typical, slow, strict=True)],
    )


def _typical(view: View, stages: list[tuple[Draws, Draws]], alike: Draws) -> Draws:
    """The time that half of the uses stay under."""
    found: Draws = view.world.once(_half, alike, *(part for stage in stages for part in stage))
    return found


def _half(alike: Draws, *flat: Draws) -> Any:
    return response.sum_percentile(*_stages(flat), 0.5, float(np.mean(alike)))


def _travel(way: Draws, rare: Draws, up: Draws, up_speed: Draws, down: Draws, down_speed: Draws) -> Any:
    """Typical and slow time of a round trip with the payload both ways."""
    moved = response.transfer_time(up, up_speed) + response.transfer_time(down, down_speed)
    return way + moved, way * rare + moved


def _peak(view: View) -> Draws:
    """How much busier the busiest hour is than the average, as typed or from the shape of the day."""
    shape = view.word("shape")
    if shape == FACTOR:
        return view.number("peak")
    hours = [0.0] * 24
    if shape == HOURS:
        for row in view.rows("hours"):
            if row.known("hour"):
                hours[int(mean(row.number("hour")))] += mean(row.number("uses"))
    elif shape:
        day = reference.load("days")[shape]
        hours = [day.number(f"h{hour:02}") for hour in range(24)]
    if not any(hours):
        if shape:
            view.missing["deployment.hours"] = None
        return 1.0
    return scale.peak_factor(hours)


def _rate(uses: Draws, there: Draws, peak: Draws) -> Any:
    """Uses a second in the busiest hour."""
    return scale.peak_rate(uses, there, peak)


def _lines(rate: Draws, work: Draws, differs: Draws, patience: Draws) -> Any:
    """Uses that have to be worked on at once for most of them to wait no longer than that; work in [ms]."""
    return servers_needed_varying(rate, work / 1000.0, differs, patience, charts.IN_PATIENCE)


@lru_cache(maxsize=64)
def _waits_too_long(rate: float, work: float, differs: float, lines: int, patience: float) -> float:
    """Share of the uses that wait too long, simulated: for work that differs more than the formula allows."""
    return float(simulated_wait(rate, work, differs, lines, requests=_SIMULATED).exceeds(patience))


def _room(result: Evaluation) -> str:
    left = mean(result.figures.get("room", 0.0))
    return f"{fit.size(left)} of memory are left" if left >= 0 else f"{fit.size(-left)} of memory are missing"


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]
