"""The chart of a pilot or of measurements: worth, cost and what is left over the number of cases."""

from typing import Any

from shipworthy._inquiry_words import count
from shipworthy.considerations.base import Figure
from shipworthy.considerations.show import BAD, OK, SEA, layout, legend_below, marked
from shipworthy.inquiries import Inquired
from shipworthy.words import join, one_line, total

_FEWEST = 5
"""Sizes that are drawn at least, however much they cost."""
_TICKS = (1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000)


def over_cases(found: Inquired, currency: str) -> Figure | None:
    """Worth, cost with waiting, and what is left, over the number of cases; none where it is no sample."""
    curve, cases = found.telling.curve, found.telling.cases or 0
    if curve is None:
        return None
    paid = [cost + found.waiting for cost in curve.costs]
    left = [worth - cost for worth, cost in zip(curve.worths, paid, strict=True)]
    sizes = list(curve.sizes)
    shown = [each for each in range(len(sizes)) if left[each] >= -2.0 * max(curve.worths)]
    last = max(
        [*shown, min(_FEWEST, len(sizes)) - 1]
    )  # where cases cost far more than they tell, only the scale would suffer
    lines = (
        ("worth", list(curve.worths), SEA, "solid"),
        ("cost, with waiting", paid, BAD, "dash"),
        ("left", left, OK, "solid"),
    )
    data: list[dict[str, Any]] = [
        {"type": "scatter", "mode": "lines", "name": name, "x": sizes[: last + 1], "y": values[: last + 1],
         "line": {"color": colour, "dash": dash, "width": 3 if name == "left" else 2}}
        for name, values, colour, dash in lines
    ]  # fmt: skip
    what = "users in the pilot" if found.inquiry.kind == "pilot" else "measurements"
    best = f"{count(cases)}{'' if found.inquiry.cases else ' pay best'}"
    mark = marked(float(cases), best, colour="#5a6672", log=True, side=_side(cases, sizes[last])) if cases else {}
    chart = legend_below(layout(what, currency, **mark), [name for name, *_ in lines])
    ticks = [each for each in _TICKS if each <= sizes[last]]
    chart["xaxis"] = {**chart["xaxis"], "type": "log", "tickvals": ticks, "ticktext": [count(each) for each in ticks]}
    name = one_line(found.inquiry.name, 60)
    alt = f"“{name}” with {count(cases)} {what}: worth {total(found.worth)} {currency}, {total(found.net)} are left." if cases else f"“{name}”: no number of {what} is worth what it costs."  # fmt: skip
    caption = (
        f"More cases tell more, but never more than knowing it for certain: {total(found.telling.limit)} {currency}."
    )
    if found.beside:
        caption += f" It is what this adds to {join([f'“{one_line(each, 60)}”' for each in found.beside])}, done first."
    if cases and found.inquiry.cases is None and not found.inquiry.each:
        why = "A case costs nothing" if found.inquiry.costed else "Nobody has said yet what it costs"
        caption += f" {why}, so the smallest number is taken that tells nearly all."
    rows = tuple(
        (count(size), total(worth), total(cost), total(net))
        for size, worth, cost, net in zip(sizes, curve.worths, paid, left, strict=True)
    )
    head = (what[0].upper() + what[1:], f"Worth [{currency}]", "Cost, with waiting", "Left")
    return Figure("cases", name, {"data": data, "layout": chart}, alt, caption, head, rows)


def _side(cases: int, most: int) -> str:
    return "left" if cases <= 2 else "right" if cases > 0.3 * most else "center"
