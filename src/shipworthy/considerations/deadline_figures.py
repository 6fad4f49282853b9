"""The charts of the deadline: when it is live, and the plan with its ranges."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np

from shipworthy.calculators.schedule import criticality
from shipworthy.considerations.base import Draws, Evaluation, Figure, View
from shipworthy.considerations.deadline_plan import Plan
from shipworthy.considerations.show import (
    BAD,
    COLOURS,
    INK,
    SEA,
    SOFT,
    begins_later,
    layout,
    legend_below,
    listed,
    marked,
    mean,
    money,
    quantiles,
)
from shipworthy.words import percent

_SHARES = (0.01, 0.02, *(round(0.05 * each, 2) for each in range(1, 20)), 0.98, 0.99)
_ROWS = (0.1, 0.5, 0.8, 0.95)
_LONGEST = 36_500
_NEVER = "never"
_OTHERS = tuple(colour for colour in COLOURS if colour != SEA)


def finish(view: View, evaluations: Mapping[str, Evaluation]) -> Figure:
    """Share of the cases in which each option is live by a day, with the date that is to be met."""
    found = {
        option: result
        for option, result in evaluations.items()
        if "live" in result.figures and not result.missing and np.any(np.isfinite(result.figures["live"]))
    }
    data: list[dict[str, Any]] = []
    rows, said = [], []
    others = iter(_OTHERS)
    for option, result in found.items():
        own = option == view.option
        name = view.world.decision.option(option).name
        known = [
            (day, share)
            for day, share in zip(quantiles(_flat(result.figures["live"]), _SHARES), _SHARES, strict=True)
            if np.isfinite(day)
        ]
        line = {"color": SEA, "width": 4} if own else {"color": next(others), "width": 2}
        data.append(
            {"type": "scatter", "mode": "lines", "name": name, "line": line, "x": [_iso(view, day) for day, _ in known], "y": [share for _, share in known]}
        )  # fmt: skip
        dates = [_iso(view, each) for each in quantiles(_flat(result.figures["live"]), _ROWS)]
        rows.append((name, *dates))
        said.append(f"{name} by {dates[1]}" if dates[1] != _NEVER else f"{name} never")
    names = [trace["name"] for trace in data]
    chart = legend_below(layout("day", "share of cases live by then", **_due(view, evaluations)), names)
    chart["xaxis"] = {**chart["xaxis"], "type": "date", "nticks": 4, "tickangle": 0}
    chart["yaxis"] = {**chart["yaxis"], "tickformat": ".0%", "range": [0, 1.02]}
    alt = f"In half of the cases live: {'; '.join(said)}."
    caption = "A curve that is high where it crosses the date is in time; a flat one is uncertain."
    head = ("Option", "1 in 10 live by", "1 in 2", "4 in 5", "19 in 20")
    return Figure("finish", "When it is live", {"data": data, "layout": chart}, alt, caption, head, tuple(rows))


def gantt(view: View, result: Evaluation) -> Figure:
    """The plan: each task from its likely start to its likely end, the range of its end, and how often it is critical."""
    plan: Plan = result.notes["plan"]
    index = criticality(plan.found)
    data: list[dict[str, Any]] = []
    rows, names, ends = [], [], []
    later = view.world.decision.delay
    for place, task in enumerate(plan.found.tasks):
        start = _middle(plan, plan.found.starts[place]) + later
        done = _flat(plan.calendar.moments(plan.found.finishes[place])) + later
        early, middle, late = quantiles(done, (0.1, 0.5, 0.9))
        share = index[task.key]
        colour = BAD if share >= 0.5 else SEA if share >= 0.05 else SOFT
        label = f"{percent(share)} critical"
        bar = {"mode": "lines", "line": {"color": colour, "width": 14}, "name": task.name, "text": [label, label]}
        data.append(
            {
                "type": "scatter",
                "x": [_iso(view, start), _iso(view, middle)],
                "y": [place + 0.2] * 2,
                "hoverinfo": "text+x",
                **bar,
            }
        )
        thin = {
            "mode": "lines+markers",
            "line": {"color": INK, "width": 1},
            "marker": {"symbol": "line-ns-open", "size": 8},
        }
        data.append(
            {
                "type": "scatter",
                "x": [_iso(view, early), _iso(view, late)],
                "y": [place + 0.2] * 2,
                "hoverinfo": "skip",
                **thin,
            }
        )
        days = (_iso(view, each) for each in (start, early, middle, late))
        rows.append((task.name, *days, percent(share), money(view, mean(plan.costs[task.key]))))
        names.append(task.name)
        ends.append(middle)
    told = [(name, f"by {_iso(view, end)}") for name, end in zip(names, ends, strict=True)]
    chart = listed(layout("", "", **_due(view, {view.option: result})), told, row=38)
    chart["xaxis"] = {**chart["xaxis"], "type": "date", "nticks": 4, "tickangle": 0}
    if later:
        chart["shapes"] = [*chart.get("shapes", ()), _before(view, later)]
    most = max(index, key=lambda key: index[key])
    name = next(task.name for task in plan.found.tasks if task.key == most)
    alt = f"{len(names)} tasks, the last done by {_iso(view, max(ends))} in half of the cases; most often critical: {name}, in {percent(index[most])}."
    caption = "Bars: likely start to likely end, which is told beside the name. Thin lines: the end in 8 of 10 cases. Red tasks decide the date in half of the cases or more."
    caption += f" {begins_later(view)} That is the grey band." if later else ""
    head = ("Task", "Likely start", "Done, 1 in 10", "Done, 1 in 2", "Done, 9 in 10", "Critical", "One-off cost")
    return Figure("plan", "The plan, with its ranges", {"data": data, "layout": chart}, alt, caption, head, tuple(rows))


def _before(view: View, later: float) -> dict[str, Any]:
    """The days in which something is found out before work begins."""
    ends = {"x0": _iso(view, 0.0), "x1": _iso(view, later), "y0": 0, "y1": 1, "yref": "paper"}
    return {"type": "rect", **ends, "fillcolor": SOFT, "opacity": 0.15, "line": {"width": 0}, "layer": "below"}


def _flat(values: Draws) -> Any:
    return np.asarray(values, dtype=np.float64).reshape(-1)


def _middle(plan: Plan, work: Draws) -> float:
    """The day on which a task likely begins: the working day after so much work."""
    middle = quantiles(_flat(work), (0.5,))[0]
    return float((plan.calendar.start_of(middle) - plan.calendar.first).days)


def _iso(view: View, moment: float) -> str:
    """The day on whose morning it is there."""
    if not np.isfinite(moment):
        return _NEVER
    day: date = view.world.on + timedelta(days=min(int(np.ceil(moment - 1e-9)), _LONGEST))
    return day.isoformat()


def _due(view: View, evaluations: Mapping[str, Evaluation]) -> dict[str, Any]:
    """The line at the date that is to be met, where there is one."""
    days = [mean(each.terms["date_day"]) for each in evaluations.values() if "date_day" in each.terms]
    if not days:
        return {}
    return marked(_iso(view, days[0]), "the date")
