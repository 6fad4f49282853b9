"""The options' payoffs as hills on one scale, and what the leading one pays more than each of the others."""

from collections.abc import Iterator, Mapping

import numpy as np

from shipworthy._comparing_words import Named
from shipworthy.assess import Assessment
from shipworthy.calculators.comparison import Difference
from shipworthy.comparing import Comparing
from shipworthy.considerations.base import Array, Figure
from shipworthy.considerations.show import INK, SEA, SOFT, Summary, layout, listed, summary
from shipworthy.words import amount, percent, total

_BINS, _ROW = 120, 70
_HIGH = 0.46
"""Height of a hill, in rows."""
_SMOOTH = np.array([1, 4, 7, 4, 1]) / 17
_SHOWN = (0.005, 0.995)
"""Part of the draws that the scale has room for, so that a rare one does not flatten all the rest."""


def figures(found: Comparing, assessment: Assessment) -> Iterator[Figure]:
    """The payoffs, and the differences to the leading option."""
    names, money = Named(assessment), assessment.currency()
    yield _payoffs(found, names, money)
    if found.ahead:
        yield _ahead(found, assessment, names, money)


def _payoffs(found: Comparing, names: Named, money: str) -> Figure:
    told = {key: summary(each) for key, each in found.payoffs.items()}
    order = sorted(told, key=lambda key: (key != found.leading, -told[key].mean))
    rows = [(names[key], _short(told[key])) for key in order]
    chart = _hills([(found.payoffs[key], SEA if key == found.leading else SOFT) for key in order], rows, money)
    lost = {key: float(np.mean(found.payoffs[key] < 0)) for key in order}
    table = tuple((names[key], *_four(told[key]), percent(lost[key])) for key in order)
    head = ("Option", "Expected", "1 in 10 is below", "Middle", "1 in 10 is above", "Less than nothing in")
    alt = "; ".join(f"{name}: {shown}" for name, shown in rows)
    caption = (
        f"What each option pays over the period, in {money}: where a hill is high, that amount is likely. The thick line goes "
        "from the amount that 1 in 10 fall below to the one that 1 in 10 rise above; the dot is what is expected."
    )
    return Figure("payoffs", "What each option pays", chart, alt, caption, head, table)


def _ahead(found: Comparing, assessment: Assessment, names: Named, money: str) -> Figure:
    lead, gaps = found.payoffs[found.leading], found.ahead
    rows = [(names[key], f"ahead in {percent(each.chance_better)}") for key, each in gaps.items()]
    chart = _hills([(lead - found.payoffs[key], SEA) for key in gaps], rows, money)
    head = ("Against", "Expected", "1 in 10 is below", "Middle", "1 in 10 is above", "Pays more in", "The same in")
    table = tuple((names[key], *_four(each), percent(each.chance_better), percent(each.chance_equal)) for key, each in gaps.items())  # fmt: skip
    alt = "; ".join(f"{name}: {shown}" for name, shown in rows)
    caption = (
        f"What “{names[found.leading]}” pays more than the option that is named, in {money}, both in the same state of the world: right of "
        "0 it is ahead. What all options share cancels out, so this is sharper than two hills beside each other."
    )
    return Figure("ahead", "The leading option against the others", chart, alt, caption, head, table)


def _short(found: Summary) -> str:
    return amount(found.mean)


def _four(found: Summary | Difference) -> tuple[str, str, str, str]:
    return total(found.mean), total(found.p10), total(found.p50), total(found.p90)


def _hills(draws: list[tuple[Array, str]], rows: list[tuple[str, str]], money: str) -> dict[str, object]:
    """A hill a row: how likely each amount is, the interval that 8 in 10 fall into, and the mean."""
    low, high = _scale([each for each, _ in draws])
    edges = np.linspace(low, high, _BINS + 1)
    middles = (edges[:-1] + edges[1:]) / 2
    traces = []
    for place, ((values, colour), (name, _)) in enumerate(zip(draws, rows, strict=True)):
        traces += list(_hill(values, colour, place + 0.26, edges, middles, name))
    chart = layout(money, "")
    chart["xaxis"] = {**chart["xaxis"], "range": [low, high], "zeroline": True}
    return {"data": traces, "layout": listed(chart, rows, row=_ROW)}


def _scale(draws: list[Array]) -> tuple[float, float]:
    """From where to where the axis goes: nearly all draws, and nought."""
    ends = np.array([np.quantile(each, _SHOWN) for each in draws])
    low, high = min(0.0, float(ends[:, 0].min())), max(0.0, float(ends[:, 1].max()))
    room = 0.03 * (high - low) or 1.0
    return low - room, high + room


def _hill(values: Array, colour: str, base: float, edges: Array, middles: Array, name: str) -> Iterator[Mapping[str, object]]:  # fmt: skip
    found = summary(values)
    counts = np.convolve(np.histogram(values, edges)[0], _SMOOTH, mode="same")
    heights = base - _HIGH * counts / max(float(counts.max()), 1.0)
    if not found.certain:
        x, y = [middles[0], *middles, middles[-1]], [base, *heights, base]
        yield {
            "type": "scatter", "x": _rounded(x), "y": [round(float(each), 4) for each in y], "mode": "lines", "fill": "toself",
            "line": {"color": colour, "width": 1}, "opacity": 0.45, "hoverinfo": "skip", "name": name,
        }  # fmt: skip
        yield {
            "type": "scatter", "x": _rounded([found.p10, found.p90]), "y": [base, base], "mode": "lines",
            "line": {"color": colour, "width": 6}, "hoverinfo": "skip", "name": name,
        }  # fmt: skip
    told = amount(found.mean) if found.certain else f"{amount(found.mean)} ({amount(found.p10)} to {amount(found.p90)})"
    yield {
        "type": "scatter", "x": _rounded([found.mean]), "y": [base], "mode": "markers", "name": name,
        "marker": {"color": INK, "size": 10, "line": {"color": "white", "width": 1.5}}, "hovertemplate": f"{told}<extra></extra>",
    }  # fmt: skip


def _rounded(values: list[float]) -> list[float]:
    return [float(f"{each:.6g}") for each in values]
