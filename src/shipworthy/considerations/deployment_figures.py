"""The charts of the deployment target, and the percentiles at the middle of every estimate."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from shipworthy.calculators.response import ColdStart
from shipworthy.calculators.response_curve import Curve, convolved, sampled
from shipworthy.considerations.base import Evaluation, Figure, View
from shipworthy.considerations.deployment_device import size
from shipworthy.considerations.deployment_scale import bills, overloaded
from shipworthy.considerations.show import (
    COLOURS,
    INK,
    SOFT,
    currency,
    layout,
    legend_below,
    listed,
    log_axis,
    marked,
    mean,
    median,
    money,
    side_of,
)
from shipworthy.words import percent, plain

SHARES = (0.5, 0.95, 0.99)
WAIT = "wait for a free server"
_USERS = {"1k": 1e3, "100k": 1e5, "1M": 1e6}
_RARELY = 1e-6
"""Of those that wait less often, no percentile tells anything."""
GB = 1e9


def percentiles(result: Evaluation) -> tuple[float, ...]:
    """Response time that 50, 95 and 99 in 100 uses stay under, every estimate at its middle [ms]; nan where overloaded."""
    if overloaded(result):
        return (np.nan,) * len(SHARES)
    if "percentiles" not in result.notes:
        result.notes["percentiles"] = tuple(_percentile(_paths(result), share) for share in SHARES)
    found: tuple[float, ...] = result.notes["percentiles"]
    return found


def _paths(result: Evaluation) -> list[tuple[float, Curve | None]]:
    """The ways that a use can take, each with its share: on the device, and in the cloud with its cold starts, waiting for
    a free server or not."""
    chain = result.notes["chain"]
    remote, cold, extra, alike = (median(chain[name]) for name in ("remote", "cold", "cold_ms", "alike"))
    near, far = (tuple((median(a), median(b)) for a, b in chain[name]) for name in ("near", "far"))
    waits = [(median(share), (median(typical), median(slow))) for share, typical, slow in chain["waits"]]
    straight = 1.0 - sum(share for share, _ in waits)
    ways = [(1.0 - remote, _curve(near, alike, 0.0, 0.0)), (remote * straight, _curve(far, alike, cold, extra))]
    ways += [(remote * share, _curve((*far, wait), alike, cold, extra)) for share, wait in waits if share > _RARELY]
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
        if not overloaded(result) and median(result.figures.get("wait", 0.0)) > 0:
            parts.setdefault(WAIT, {})[option] = often["cloud"] * median(result.figures["wait"])
        network = often["cloud"] * sum(median(a) for a, _ in result.notes["chain"]["network"])
        if network > 1e-9:
            parts.setdefault("network", {})[option] = network
    places = [place + 0.2 for place in range(len(found))]
    data: list[dict[str, Any]] = [
        {"type": "bar", "orientation": "h", "name": name, "y": places, "x": [times.get(each, 0.0) for each in found], "width": 0.46,
         "hovertext": [f"{names[each]}, {name}: {plain(times.get(each, 0.0))} ms" for each in found], "hoverinfo": "text",
         "marker": {"color": COLOURS[i % len(COLOURS)]}}
        for i, (name, times) in enumerate(parts.items())
    ]  # fmt: skip
    slow = {option: percentiles(found[option])[1] for option in found}
    data.append(
        {"type": "scatter", "mode": "markers", "name": "95 in 100 within", "y": places, "x": [slow[each] if np.isfinite(slow[each]) else None for each in found],
         "hoverinfo": "x", "marker": {"symbol": "diamond", "size": 11, "color": INK, "line": {"color": "#fff", "width": 1}}}
    )  # fmt: skip
    limit = float(np.mean(view.number("limit")))
    longest = max(limit, *(each for each in slow.values() if np.isfinite(each)), *(sum(each.get(option, 0.0) for each in parts.values()) for option in found))  # fmt: skip
    line = marked(limit, f"limit {plain(limit)} ms", side=side_of(limit, longest))
    told = [(names[each], f"95 in 100: {_time(slow[each])}") for each in found]
    chart = listed(layout("milliseconds", "", barmode="stack", **line), told, [trace["name"] for trace in data])
    rows = tuple(
        (
            names[each],
            *(_time(value) for value in percentiles(found[each])),
            percent(mean(found[each].figures["in_time"])),
        )
        for each in found
    )
    known = {each: time for each, time in slow.items() if np.isfinite(time)}
    alt = f"The limit is {plain(limit)} ms."
    if known:
        worst = max(known, key=lambda each: known[each])
        alt = f"slowest is {names[worst]} with {plain(slow[worst])} ms; the limit is {plain(limit)} ms."
    here = (
        f"95 in 100 answers come within {_time(slow[view.option])} here; "
        if view.option in known
        else "Overloaded here; "
    )
    alt = here + alt[0].lower() + alt[1:]
    caption = "Bars: the typical time of each stage, as often as it is met. Diamond: 95 in 100 answers are there. The slowest 5 in 100 of each stage do not add up."
    head = ("Option", "Half within", "95 in 100 within", "99 in 100 within", "In time")
    return Figure("stages", "Response time by stage", {"data": data, "layout": chart}, alt, caption, head, rows)


def _time(value: float) -> str:
    return f"{plain(value)} ms" if np.isfinite(value) else "overloaded"


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
    times = [float(each) for each in np.geomspace(0.01, 1000.0, 26)]
    points = _points(view, uses)
    data: list[dict[str, Any]] = []
    rows: list[tuple[str, ...]] = []
    for colour, (option, result) in zip(COLOURS, served.items(), strict=False):
        name = view.world.decision.option(option).name
        cost = bills(result, [*times, *points.values()])
        shown = {"color": colour, "width": 4 if option == view.option else 2}
        data.append(
            {"type": "scatter", "mode": "lines", "name": name, "x": [uses * each for each in times], "y": cost[: len(times)], "line": shown}
        )  # fmt: skip
        pairs = zip(points.values(), cost[len(times) :], strict=True)
        rows.append((name, *(money(view, each) + (", overloaded" if overloaded(result, factor) else "") for factor, each in pairs)))  # fmt: skip
    chart = layout(
        "uses a month",
        f"{currency(view)} a month",
        **marked(uses, "today", colour=SOFT, log=True),
    )
    bill = [each for trace in data for each in trace["y"] if each > 0]
    chart["xaxis"] = log_axis(chart["xaxis"], uses * times[0], uses * times[-1])
    chart["yaxis"] = log_axis(chart["yaxis"], min(bill), max(bill))
    for place, factor in list(points.items())[3:]:  # the users that a case is told by
        if times[0] <= factor <= times[-1]:
            more = marked(uses * factor, place, colour=SOFT, log=True)
            chart["shapes"] += more["shapes"]
            chart["annotations"] += more["annotations"]
    if len(chart["annotations"]) > 1:  # every other word stands higher, so that neighbours do not touch
        for rank, note in enumerate(sorted(chart["annotations"], key=lambda each: float(each["x"]))):
            note["yshift"] = 15 * (rank % 2)
        chart["margin"] = {**chart["margin"], "t": 42}
    if len(data) > 1:
        chart = legend_below(chart, [trace["name"] for trace in data])
    told = ("; ".join(f"{place} {each}" for place, each in zip(points, row[1:], strict=True)) for row in rows)
    alt = " ".join(f"{row[0]}, a month: {each}." for row, each in zip(rows, told, strict=True))
    caption = (
        "Servers for the busiest hour alone; what a use costs beside them is under cost per use. On a device the users bring them. A line "
        "ends level where there cannot be more servers: what comes in above is lost."
    )
    yield Figure(
        "users", "Servers against users", {"data": data, "layout": chart}, alt, caption, ("Option", *(each[0].upper() + each[1:] for each in points)), tuple(rows),
    )  # fmt: skip


def _points(view: View, uses: float) -> dict[str, float]:
    """Where the table tells the cost: multiples of today's use, and round numbers of users where it is known how often
    one of them uses it."""
    points = {"today": 1.0, "× 10": 10.0, "× 1,000": 1000.0}
    each = median(view.number("user_uses")) if view.known("user_uses") else 0.0
    if each > 0:
        points |= {f"{shown} users": users * each / uses for shown, users in _USERS.items()}
    return points


def memory(view: View, found: Mapping[str, Evaluation]) -> Iterator[Figure]:
    """What each option's model takes of the memory that is free on the device."""
    fitted = {option: each for option, each in found.items() if "memory_parts" in each.notes}
    if not fitted:
        return
    names = [view.world.decision.option(option).name for option in fitted]
    kinds = list(dict.fromkeys(name for each in fitted.values() for name in each.notes["memory_parts"]))
    free = median(next(iter(fitted.values())).figures["free"])
    needed = [sum(median(part) for part in each.notes["memory_parts"].values()) / GB for each in fitted.values()]
    unit, scale = ("MB", 1000.0) if max(free, *needed) < 1 else ("GB", 1.0)  # as the words have it
    data: list[dict[str, Any]] = [
        {"type": "bar", "orientation": "h", "name": kind, "y": [place + 0.2 for place in range(len(names))], "width": 0.46,
         "x": [scale * median(each.notes["memory_parts"].get(kind, 0.0)) / GB for each in fitted.values()],
         "hoverinfo": "name+x", "marker": {"color": COLOURS[i]}}
        for i, kind in enumerate(kinds)
    ]  # fmt: skip
    line = marked(scale * free, f"free: {size(free)}", side=side_of(free, max(free, *needed)))
    left = [median(each.figures["room"]) for each in fitted.values()]
    told = [
        (name, f"{size(abs(each))} {'left' if each >= 0 else 'missing'}")
        for name, each in zip(names, left, strict=True)
    ]
    chart = listed(layout(unit, "", barmode="stack", **line), told, kinds)
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
