"""Servers for the busiest hour: how many, what they cost, and what happens where there cannot be more of them."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from shipworthy.calculators import overload, scale
from shipworthy.calculators.general_queues import servers_needed_varying, simulated_wait
from shipworthy.considerations.base import Draws, Evaluation, View
from shipworthy.considerations.deployment_questions import FACTOR, HOURS
from shipworthy.considerations.deployment_response import Waiting
from shipworthy.considerations.show import mean, median, money
from shipworthy.reference import loader as reference
from shipworthy.words import percent, plain

IN_PATIENCE = 0.95
"""Share of the uses that must not wait longer than is accepted, in the busiest hour."""
_CROWDED = 0.75
"""Hours that have at least this part of the busiest hour's uses are counted as busy as that one, for the wait."""
_SIMULATED, _MOST_SIMULATED = 40_000, 200
"""Uses that are simulated, and the most of them at once for which that is quick enough."""
_FIRST = 2**10
"""Draws with which the cost at other numbers of uses is worked out."""


def evaluate(view: View, result: Evaluation, there: Draws) -> tuple[Waiting, ...]:
    """Servers for the busiest hour and their cost. Where there cannot be more: what they get done, and how long uses wait.

    Uses above what the servers can do are lost. They are counted over the day: hour by hour where the shape of the day
    is known, else the busiest hour against 23 even ones, which loses least.
    """
    work, slots, patience = view.number("work") / 1000.0, view.number("slots"), view.number("patience") / 1000.0
    peak, levels = _day(view)
    rate = view.world.once(_rate, view.number("value_stream.uses"), there, peak)
    differs, price = view.number("differs"), view.number("server_price")
    lines = view.world.once(_lines, rate, view.number("work"), differs, patience)
    most = view.number("most_servers") if view.known("most_servers") else np.inf
    servers = _servers(lines, slots, most)
    result.notes["scale"] = {
        "rate": rate, "peak": peak, "work": work, "patience": patience, "slots": slots, "price": price,
        "differs": differs, "most": most,
    }  # fmt: skip
    result.figures.update(
        rate=rate, at_once=scale.concurrency(rate, work), servers=servers, server_cost=servers * price
    )
    result.terms["servers"] = servers * price
    if not np.all(np.isfinite(most)):
        return ()
    result.figures["busy"] = busy = scale.utilisation(rate, work, most * slots)
    result.margins["load"] = view.requirement("load").limit - busy
    later = view.word("away") == "queued"  # what does not fit into a busy hour is done in a quiet one
    result.figures["served"] = overload.capacity_share(
        busy / peak if later else busy, ((1.0, 1.0),) if later else levels
    )
    return tuple(_waits(view, result, lines, levels))


def _waits(view: View, result: Evaluation, lines: Draws, levels: Sequence[overload.Level]) -> Iterator[Waiting]:
    """Who waits for a free server in the busy hours, and who in the rest of the day."""
    known = result.notes["scale"]
    paid = (lines, known["slots"], known["most"])
    for crowded, (against, share) in zip((True, False), _two(levels), strict=False):
        wait = view.world.once(_wait, known["rate"], against, view.number("work"), known["differs"], *paid)
        if crowded:
            result.figures.update(wait=1000.0 * wait.percentile(0.5), wait_slow=1000.0 * wait.percentile(0.95))
        yield Waiting(share * wait.share, 1000.0 * wait.typical, 1000.0 * wait.slow)


def _two(levels: Sequence[overload.Level]) -> list[overload.Level]:
    """The hours that are about as busy as the busiest one, and the rest of the day at its mean."""
    busy = [each for each in levels if np.min(each[0]) >= _CROWDED]
    rest = [each for each in levels if np.min(each[0]) < _CROWDED]
    found: list[overload.Level] = [(1.0, sum(share for _, share in busy))]
    if len(rest) == 1:
        found += rest
    elif rest:
        # by hours: an hour has uses in proportion to how busy it is
        hours = [np.asarray(share) / np.maximum(against, 1e-9) for against, share in rest]
        uses: Any = sum(np.asarray(share) for _, share in rest)
        found.append((uses / np.maximum(sum(hours), 1e-9), uses))
    return found


def _wait(rate: Draws, against: Draws, work: Draws, differs: Draws, *paid: Draws) -> overload.Wait:
    """The wait for one of the servers that are paid; work in [ms]."""
    return overload.wait_stage(rate * against, work / 1000.0, differs, _servers(*paid) * paid[1])


def _servers(lines: Draws, slots: Draws, most: Draws) -> Any:
    """Whole servers that are paid for: as many as it takes, and no more than there can be."""
    return np.minimum(np.ceil(lines / slots), np.ceil(most))


def _day(view: View) -> tuple[Draws, Sequence[overload.Level]]:
    """How much busier the busiest hour is than the average, as typed or from the shape of the day; and that day."""
    shape = view.word("shape")
    if shape == FACTOR:
        peak = view.number("peak")
        return peak, view.world.once(overload.peaked_day, peak)
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
        return 1.0, ((1.0, 1.0),)
    return scale.peak_factor(hours), overload.hourly_day(hours)


def _rate(uses: Draws, there: Draws, peak: Draws) -> Any:
    """Uses a second in the busiest hour."""
    return scale.peak_rate(uses, there, peak)


def _lines(rate: Draws, work: Draws, differs: Draws, patience: Draws) -> Any:
    """Uses that have to be worked on at once for most of them to wait no longer than that; work in [ms]."""
    return servers_needed_varying(rate, work / 1000.0, differs, patience, IN_PATIENCE)


def overloaded(result: Evaluation, factor: float = 1.0) -> bool:
    """Whether more comes in than the most servers there can be get done, on average or with every estimate at its middle."""
    return factor * _load(result) >= 1.0


def _load(result: Evaluation) -> float:
    busy = result.figures.get("busy", 0.0)
    return max(mean(busy), median(busy))


def bills(result: Evaluation, factors: Sequence[float]) -> list[float]:
    """Mean cost of the servers a month at multiples of today's use; at once what the text says, elsewhere on some draws."""
    known = {name: _some(value) for name, value in result.notes["scale"].items()}
    many = np.asarray(factors, dtype=np.float64)[:, None]
    lines = servers_needed_varying(
        known["rate"] * many, known["work"], known["differs"], known["patience"], IN_PATIENCE
    )
    servers = np.minimum(np.ceil(lines / known["slots"]), np.ceil(known["most"]))
    costs = np.broadcast_to(servers * known["price"], (many.size, max(np.shape(servers)[1], _length(known["price"]))))
    today = mean(result.figures["server_cost"])
    return [today if factor == 1.0 else float(cost) for factor, cost in zip(factors, costs.mean(axis=1), strict=True)]


def _some(value: Draws) -> npt.NDArray[np.float64]:
    return np.atleast_1d(np.asarray(value, dtype=np.float64))[:_FIRST]


def _length(value: npt.NDArray[np.float64]) -> int:
    return int(value.size)


def words(view: View, result: Evaluation) -> Iterator[str]:
    """How many servers, what they cost, how long a use waits for one; what is lost where they are too few."""
    figures, known = result.figures, {name: median(value) for name, value in result.notes["scale"].items()}
    if "busy" in figures and overloaded(result):
        most = servers(known["most"])
        there = " that go to the cloud" if result.notes["target"] == "hybrid" else ""
        yield (
            f"Overloaded: in the busiest hour {plain(_load(result))} times as much comes in as {most} can get done. "
            f"{percent(1.0 - mean(figures['served']))} of the uses{there} are lost over the day{_counted(view)}. The line grows without end, so no "
            "response time can be given."
        )
    that = ""
    if view.peek("shape") != FACTOR:
        that = f", {plain(mean(result.notes['scale']['peak']))} times as many uses as the average hour of the day has"
    yield (
        f"In the busiest hour {plain(mean(figures['rate']))} uses a second come in{that}, and {plain(mean(figures['at_once']))} are worked on at "
        f"once: {servers(mean(figures['servers']))}, {money(view, mean(figures['server_cost']))} a month."
    )
    if "wait" in figures and not overloaded(result):
        half, rare = (plain(round(median(figures[name]), 1)) for name in ("wait", "wait_slow"))
        yield (
            "Hardly a use waits for a free server, even in the busiest hour."
            if rare == "0"
            else f"Waiting for a free server, in the busiest hour: half of the uses up to {half} ms, 95 in 100 up to {rare} ms."
        )
    lines = int(min(median(figures["servers"]) * known["slots"], 1e9))
    if known["differs"] > 1 and 0 < known["rate"] * known["work"] < lines <= _MOST_SIMULATED:
        late = _waits_too_long(known["rate"], known["work"], known["differs"], lines, known["patience"])
        yield (
            f"The work differs so much that no formula holds: simulated, {percent(late)} of the uses wait longer than "
            f"{plain(1000 * known['patience'])} ms in the busiest hour."
        )


def _counted(view: View) -> str:
    """How the uses that are lost were counted."""
    if view.peek("away") == "queued":
        return ", those of a busy hour that a quiet one cannot take over"
    return ", counted as one such hour and 23 even ones" if view.peek("shape") == FACTOR else ", counted hour by hour"


def servers(number: float) -> str:
    """A number of servers in words.

    >>> servers(1.0), servers(5.82)
    ('1 server', '5.8 servers')
    """
    shown = plain(number)
    return f"{shown} server" + ("" if shown == "1" else "s")


@lru_cache(maxsize=64)
def _waits_too_long(rate: float, work: float, differs: float, lines: int, patience: float) -> float:
    """Share of the uses that wait too long, simulated: for work that differs more than the formula allows."""
    return float(simulated_wait(rate, work, differs, lines, requests=_SIMULATED).exceeds(patience))
