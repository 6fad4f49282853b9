"""The charts of intervention lead time."""

from dataclasses import replace

import numpy as np

from shipworthy.calculators import lead_time as calc
from shipworthy.considerations.base import Consideration, Evaluation, Figure, View, World
from shipworthy.considerations.evaluate import run
from shipworthy.considerations.show import BAD, SEA, WASH, currency, layout, marked, median, money, summary
from shipworthy.words import percent, plain

GAP = "gap"
GAPS = np.arange(0.0, 181.0, 7.5)
_DRAWS = 2**9
_TENTHS = (round(0.1 * (_DRAWS - 1)), round(0.9 * (_DRAWS - 1)))


def profit_against_gap(consideration: Consideration, view: View) -> Figure | None:
    """Profit a month for every gap, its range, this option's gap and the best one; none where an answer is missing."""
    world = World(view.world.decision, view.world.on, view.world.registry, size=_DRAWS, kept=view.world.kept)
    base = run(world, view.option)
    found = base.evaluations[consideration.key]
    if not found.applies or found.missing:
        return None
    moved = world.fork({("lead_time.gap", view.option): GAPS[:, None]})
    profit = (
        run(moved, view.option, base, frozenset(("lead_time.gap",))).evaluations[consideration.key].figures["profit"]
    )
    spread = np.partition(np.broadcast_to(profit, (GAPS.size, world.size)), _TENTHS, axis=1)
    low, high, mean = spread[:, _TENTHS[0]], spread[:, _TENTHS[1]], spread.mean(axis=1)
    best = int(np.argmax(mean))
    here = summary(view.number("gap")).p50
    gaps = GAPS.tolist()
    data = [
        {"type": "scatter", "x": gaps, "y": high.tolist(), "mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"},
        {"type": "scatter", "x": gaps, "y": low.tolist(), "mode": "lines", "line": {"width": 0}, "fill": "tonexty", "fillcolor": WASH, "hoverinfo": "skip"},
        {"type": "scatter", "x": gaps, "y": mean.tolist(), "mode": "lines", "line": {"color": SEA, "width": 3}, "name": "profit a month"},
        {"type": "scatter", "x": [gaps[best]], "y": [float(mean[best])], "mode": "markers+text", "marker": {"color": SEA, "size": 10},
         "text": [f"best: {plain(gaps[best])} days"], "textposition": "top center", "hoverinfo": "skip"},
    ]  # fmt: skip
    chart = layout("gap before the window [days]", f"{currency(view)} a month", **marked(here, "this option"))
    window, rhythm = summary(view.number("window")).p50, summary(view.number("rhythm")).p50
    advice = f"To be useful, train with a gap of about {plain(gaps[best])} days and a label window of {plain(max(window, rhythm))} days."
    if mean[best] <= 0:
        advice = "No gap makes acting on this prediction pay."
    alt = f"Profit a month is {money(view, float(mean[0]))} without a gap and highest, {money(view, float(mean[best]))}, at {plain(gaps[best])} days."
    rows = tuple(
        (plain(GAPS[i]), money(view, mean[i]), money(view, low[i]), money(view, high[i]))
        for i in range(0, len(gaps), 4)
    )
    head = ("Gap [days]", "Profit a month", "Low (1 in 10)", "High (1 in 10)")
    return Figure(GAP, "Profit a month against the gap", {"data": data, "layout": chart}, alt, advice, head, rows)


def typical(result: Evaluation) -> calc.Timing:
    """The times of a case with every uncertain one at its median."""
    timing: calc.Timing = result.notes["timing"]
    middle = {name: median(getattr(timing, name)) for name in ("gap", "window", "rhythm", "fixed", "queue")}
    mu, sigma = timing.spread
    return calc.Timing(**middle, spread=(median(mu), median(sigma)))


def needed_after_score(timing: calc.Timing, shares: tuple[float, ...]) -> list[float]:
    """Days from the score until these shares of the cases are done."""
    found = np.atleast_1d(calc.time_needed_percentile(replace(timing, rhythm=0.0), np.array(shares)))
    return [float(each) for each in found]


def time_needed(view: View, result: Evaluation) -> Figure:
    """How long acting takes, case by case, against the warning."""
    timing = typical(result)
    shares = (0.1, 0.5, 0.9, 0.95, 0.99)
    needed = needed_after_score(timing, shares)
    horizon = median(timing.gap) + median(timing.window)
    days = np.linspace(0.0, 1.1 * max(needed[-1], horizon, 1.0), 81)
    done = np.asarray(calc.time_needed_curve(replace(timing, rhythm=0.0), days), dtype=np.float64)
    shortest, most = (float(each) for each in calc.warning(timing.gap, timing.window, timing.rhythm))
    data = [
        {
            "type": "scatter",
            "x": days.tolist(),
            "y": done.tolist(),
            "mode": "lines",
            "line": {"color": SEA, "width": 3},
            "name": "done by then",
        }
    ]
    band = {
        "type": "rect",
        "x0": shortest,
        "x1": max(most, shortest + 0.5),
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "fillcolor": BAD,
        "opacity": 0.12,
        "line": {"width": 0},
    }
    note = {
        "x": (shortest + most) / 2,
        "y": 1,
        "yref": "paper",
        "text": "the warning ends",
        "showarrow": False,
        "font": {"color": BAD},
    }
    chart = layout("days after the score", "share of cases", shapes=[band], annotations=[note])
    chart["yaxis"] = {**chart["yaxis"], "tickformat": ".0%", "range": [0, 1.05]}
    rows = tuple((percent(share), f"{plain(value)} days") for share, value in zip(shares, needed, strict=True))
    alt = f"Half of the cases take {plain(needed[1])} days and 95 in 100 at most {plain(needed[3])}; the warning is {plain(shortest)} to {plain(most)} days."
    caption = "Counted from the score to the case being turned around; the band is when the event comes."
    return Figure(
        "needed", "How long acting takes", {"data": data, "layout": chart}, alt, caption, ("Cases done", "Within"), rows
    )
