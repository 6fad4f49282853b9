"""The charts of the deployment target, and the percentiles at the middle of every estimate."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from shipworthy.calculators.general_queues import servers_needed_varying
from shipworthy.calculators.response import ColdStart
from shipworthy.calculators.response_curve import Curve, convolved, sampled
from shipworthy.considerations.base import Evaluation, Figure, View
from shipworthy.considerations.deployment_device import size
from shipworthy.considerations.show import COLOURS, INK, SOFT, currency, layout, marked, mean, median, money
from shipworthy.words import percent, plain

SHARES = (0.5, 0.95, 0.99)
IN_PATIENCE = 0.95
"""Share of the uses that must not wait longer than is accepted, in the busiest hour."""
GB = 1e9


def percentiles(result: Evaluation) -> tuple[float, ...]:
    """Response time that 50, 95 and 99 in 100 uses stay under, every estimate at its middle [ms]."""
    if "percentiles" not in result.notes:
        result.notes["percentiles"] = tuple(_percentile(_paths(result), share) for share in SHARES)
    found: tuple[float, ...] = result.notes["percentiles"]
    return found


def _paths(result: Evaluation) -> list[tuple[float, Curve | None]]:
    """The ways that a use can take, each with its share: on the device, and in the cloud with its cold starts."""
    chain = result.notes["chain"]
    remote, cold, extra, alike = (median(chain[name]) for name in ("remote", "cold", "cold_ms", "alike"))
    near, far = (tuple((median(a), median(b)) for a, b in chain[name]) for name in ("near", "far"))
    ways = [(1.0 - remote, _curve(near, alike, 0.0, 0.0)), (remote, _curve(far, alike, cold, extra))]
    return [(share, found) for share, found in ways if share > 0]


@lru_cache(maxsize=64)
def _curve(stages: tuple[tuple[float, float], ...], alike: float, cold: float, extra: float) -> Curve | None:
    """Shares of the uses by their time; none where nothing takes any. Kept: most edits leave most options as they were."""
    used = [(typical, max(typical, slow)) for typical, slow in stages if typical > 0]
    starts = ColdStart(cold, extra, extra) if cold > 0 else None
    if not used:
        return None
    typical, slow = zip(*used, strict=True)
    return sampled(typical, slow, alike, starts) if alike > 0 else convolved(typical, slow, starts)


def _percentile(paths: list[tuple[float, Curve | None]], share: float) -> float:
    """Where the ways together pass a share, by halving."""
    if len(paths) == 1:
        return float(paths[0][1].percentile(share)) if paths[0][1] is not None else 0.0
    low, high = 0.0, max((float(each.percentile(0.9999)) for _, each in paths if each is not None), default=0.0)
    for _ in range(50):
        middle = 0.5 * (low + high)
        within = sum(part * (1.0 if each is None else float(each.share_within(middle))) for part, each in paths)
        low, high = (low, middle) if within >= share else (middle, high)
    return high


def stages(view: View, found: Mapping[str, Evaluation]) -> Figure:
    """Typical time of every stage, one on the other, with the slowest 5 in 100 and the limit."""
    names = {option: view.world.decision.option(option).name for option in found}
    parts: dict[str, dict[str, float]] = {}
    for option, result in found.items():
        often = _met(result)
        for name, where, typical, _ in result.notes["stages"]:
            parts.setdefault(name or "stage", {})[option] = often.get(where, 1.0) * median(typical)
        stages = sum(median(typical) for _, where, typical, _ in result.notes["stages"] if where != "device")
        network = often["cloud"] * (sum(median(a) for a, _ in result.notes["chain"]["far"]) - stages)
        if network > 1e-9:
            parts.setdefault("network", {})[option] = network
    order = list(found)[::-1]
    data: list[dict[str, Any]] = [
        {"type": "bar", "orientation": "h", "name": name, "y": [names[each] for each in order],
         "x": [times.get(each, 0.0) for each in order], "marker": {"color": COLOURS[i % len(COLOURS)]}}
        for i, (name, times) in enumerate(parts.items())
    ]  # fmt: skip
    slow = {option: percentiles(found[option])[1] for option in found}
    data.append(
        {"type": "scatter", "mode": "markers", "name": "95 in 100 within", "y": [names[each] for each in order],
         "x": [slow[each] for each in order], "marker": {"symbol": "diamond", "size": 11, "color": INK}}
    )  # fmt: skip
    limit = float(np.mean(view.number("limit")))
    chart = layout("milliseconds", "", **marked(limit, "limit"), barmode="stack", showlegend=True, hovermode="closest")
    rows = tuple(
        (
            names[each],
            *(f"{plain(value)} ms" for value in percentiles(found[each])),
            percent(mean(found[each].figures["in_time"])),
        )
        for each in found
    )
    worst = max(slow, key=lambda each: slow[each])
    alt = f"95 in 100 answers come within {plain(slow[view.option])} ms here; slowest is {names[worst]} with {plain(slow[worst])} ms; the limit is {plain(limit)} ms."
    caption = "Bars: the typical time of each stage, as often as it is met. Diamond: 95 in 100 answers are there. The slowest 5 in 100 of each stage do not add up."
    head = ("Option", "Half within", "95 in 100 within", "99 in 100 within", "In time")
    return Figure("stages", "Response time by stage", {"data": data, "layout": chart}, alt, caption, head, rows)


def _met(result: Evaluation) -> dict[str, float]:
    """Share of the uses that meet a stage, by where it is."""
    remote = median(result.notes["chain"]["remote"])
    return {"cloud": remote, "device": 1.0 - remote}


def cost_of_users(view: View, found: Mapping[str, Evaluation]) -> Iterator[Figure]:
    """Servers and their cost a month from a hundredth of today's use to a thousand times as much."""
    served = {option: each for option, each in found.items() if np.any(each.figures.get("server_cost", 0.0))}
    uses = median(view.number("value_stream.uses"))
    if not served or uses <= 0:
        return
    times = np.geomspace(0.01, 1000.0, 26)
    data, rows = [], []
    for colour, (option, result) in zip(COLOURS, served.items(), strict=False):
        name = view.world.decision.option(option).name
        cost = [_bill(result, factor) for factor in times]
        shown = {"color": colour, "width": 4 if option == view.option else 2}
        data.append(
            {"type": "scatter", "mode": "lines", "name": name, "x": (uses * times).tolist(), "y": cost, "line": shown}
        )
        rows.append((name, *(money(view, _bill(result, factor)) for factor in (1.0, 10.0, 1000.0))))
    chart = layout(
        "uses a month",
        f"{currency(view)} a month",
        **marked(uses, "today", colour=SOFT, log=True),
        showlegend=len(data) > 1,
    )
    chart["xaxis"] = {**chart["xaxis"], "type": "log"}
    chart["yaxis"] = {**chart["yaxis"], "type": "log"}
    alt = (
        "; ".join(
            f"{row[0]}: {row[1]} a month today, {row[2]} at ten times, {row[3]} at a thousand times the use"
            for row in rows
        )
        + "."
    )
    caption = "Servers for the busiest hour alone; what a use costs beside them is under cost per use. On a device the users bring them."
    yield Figure(
        "users",
        "Servers against users",
        {"data": data, "layout": chart},
        alt,
        caption,
        ("Option", "Today", "× 10", "× 1,000"),
        tuple(rows),
    )


def _bill(result: Evaluation, factor: float) -> float:
    """Cost of the servers a month at a multiple of today's use, every estimate at its middle."""
    known = {name: median(value) for name, value in result.notes["scale"].items()}
    parts = (known["rate"] * factor, known["work"], known["differs"], known["patience"])
    lines = float(servers_needed_varying(*parts, IN_PATIENCE))
    return float(np.ceil(lines / known["slots"]) * known["price"])


def memory(view: View, found: Mapping[str, Evaluation]) -> Iterator[Figure]:
    """What each option's model takes of the memory that is free on the device."""
    fitted = {option: each for option, each in found.items() if "memory_parts" in each.notes}
    if not fitted:
        return
    names = [view.world.decision.option(option).name for option in fitted]
    kinds = list(dict.fromkeys(name for each in fitted.values() for name in each.notes["memory_parts"]))
    data: list[dict[str, Any]] = [
        {"type": "bar", "name": kind, "x": names, "marker": {"color": COLOURS[i]},
         "y": [median(each.notes["memory_parts"].get(kind, 0.0)) / GB for each in fitted.values()]}
        for i, kind in enumerate(kinds)
    ]  # fmt: skip
    free = median(next(iter(fitted.values())).figures["free"])
    line = marked(free, "free on the device", level=True)
    chart = layout("", "GB", **line, barmode="stack", showlegend=True, hovermode="closest")
    rows = tuple(
        (name, *(size(median(each.notes["memory_parts"].get(kind, 0.0)) / GB) for kind in kinds),
         size(median(each.figures["room"])))
        for name, each in zip(names, fitted.values(), strict=True)
    )  # fmt: skip
    alt = "; ".join(f"{row[0]} leaves {row[-1]}" for row in rows) + f"; {size(free)} are free."
    caption = "Weights at the bits chosen, what a use needs while it is worked out, and the tokens kept in mind."
    yield Figure(
        "memory",
        "Memory on the device",
        {"data": data, "layout": chart},
        alt,
        caption,
        ("Option", *kinds, "Left"),
        rows,
    )
