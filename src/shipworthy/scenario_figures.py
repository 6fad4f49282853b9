"""Two scenarios as a chart: what each option pays in both, as a bar from 1 in 10 below to 1 in 10 above."""

from typing import Any

from shipworthy._comparing_words import Named
from shipworthy._scenario_words import Told, title
from shipworthy.assess import Assessment
from shipworthy.considerations.base import Figure
from shipworthy.considerations.show import INK, SEA, SOFT, layout, listed
from shipworthy.scenarios import Beside, Side
from shipworthy.words import amount, one_line

_PLACES = (0.08, 0.3)
"""Where the two bars of a row are, in rows below its middle."""
_LETTERS = 34


def figure(found: Beside, said: Told, assessment: Assessment) -> Figure:
    """What each option pays on both sides, the ones that pay most on the left first."""
    names, money = Named(assessment), assessment.currency()
    sides = (found.left, found.right)
    order = sorted(found.left.options, key=lambda key: -found.left.options[key].payoff.mean)
    data: list[dict[str, Any]] = []
    for side, place, colour in zip(sides, _PLACES, (SOFT, SEA), strict=True):
        data += _bars(side, order, place, colour)
    rows = [(names[key], " → ".join(amount(side.options[key].payoff.mean) for side in sides)) for key in order]
    chart = layout(money, "")
    chart["xaxis"] = {**chart["xaxis"], "zeroline": True, "rangemode": "tozero"}
    legend = [one_line(title(side), _LETTERS) for side in sides]
    caption = (
        f"What each option pays over the period, in {money}: the upper bar {_given(found.left)}, the lower one "
        f"{_given(found.right)}. A bar goes from the amount that 1 in 10 fall below to the one that 1 in 10 rise above; the mark "
        "is what is expected."
    )
    alt = "; ".join(f"{name}: {shown}" for name, shown in rows)
    return Figure("what_if", "What each option pays in both", {"data": data, "layout": listed(chart, rows, legend, row=52)}, alt, caption, said.head, said.rows)  # fmt: skip


def _given(side: Side) -> str:
    return f"with “{title(side)}”" if side.name else "with the answers as they stand"


def _bars(side: Side, order: list[str], place: float, colour: str) -> list[dict[str, Any]]:
    name = one_line(title(side), _LETTERS)
    x: list[float | None] = []
    y: list[float | None] = []
    for row, key in enumerate(order):
        paid = side.options[key].payoff
        x += [_six(paid.p10), _six(paid.p90), None]
        y += [row + place, row + place, None]
    means = [_six(side.options[key].payoff.mean) for key in order]
    told = [f"{one_line(name, 24)}: {amount(each)}" for each in means]
    bars = {
        "type": "scatter", "x": x, "y": y, "mode": "lines", "line": {"color": colour, "width": 9}, "opacity": 0.6,
        "hoverinfo": "skip", "name": name,
    }  # fmt: skip
    marks = {
        "type": "scatter", "x": means, "y": [row + place for row in range(len(order))], "mode": "markers", "showlegend": False,
        "marker": {"color": INK, "size": 10, "symbol": "diamond", "line": {"color": "white", "width": 1.5}},
        "text": told, "hoverinfo": "text", "name": name,
    }  # fmt: skip
    return [bars, marks]


def _six(value: float) -> float:
    return float(f"{value:.6g}")
