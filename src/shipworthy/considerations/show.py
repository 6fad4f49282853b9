"""What considerations share when they put numbers into sentences and figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
import numpy.typing as npt

from shipworthy.considerations.base import Draws, Evaluation, Status, View
from shipworthy.words import amount, join, one_line, plain

SIGNS: dict[Status, tuple[str, str]] = {
    "meets": ("✓", "meets"),
    "at_risk": ("!", "at risk"),
    "fails": ("✕", "fails"),
    "unknown": ("?", "unknown"),
    "not_applicable": ("–", "n/a"),
}
"""Sign and word of every status: no status is told by its colour alone."""


def signed(status: Status) -> str:
    """Sign and word of a status.

    >>> signed("at_risk")
    '! at risk'
    """
    return " ".join(SIGNS[status])


@dataclass(frozen=True)
class Summary:
    """Mean and quantiles of a quantity over the draws."""

    mean: float
    p10: float
    p50: float
    p90: float

    @property
    def certain(self) -> bool:
        """Whether it is one number."""
        return self.p10 == self.p90


def summary(values: Draws) -> Summary:
    """Mean, p10, p50 and p90 (linear interpolation between order statistics, as numpy's default).

    >>> summary(np.arange(11.0))
    Summary(mean=5.0, p10=1.0, p50=5.0, p90=9.0)
    >>> summary(3.0).certain
    True
    """
    flat = np.asarray(values, dtype=np.float64)
    if flat.ndim == 0 or flat.size == 1:
        only = float(flat.reshape(-1)[0])
        return Summary(only, only, only, only)
    return Summary(float(flat.mean()), *quantiles(flat, (0.1, 0.5, 0.9)))


def quantiles(values: npt.NDArray[np.float64], shares: tuple[float, ...]) -> tuple[float, ...]:
    """Quantiles, linear between order statistics: one sort serves them all."""
    ordered = np.sort(values)
    found = []
    for share in shares:
        place = share * (values.size - 1)
        below = int(place)
        low, high = ordered[below], ordered[min(below + 1, values.size - 1)]
        found.append(float(low + (high - low) * (place - below)) if low != high and place > below else float(low))
    return tuple(found)


def mean(values: npt.ArrayLike) -> float:
    """The mean over the draws.

    >>> mean([1.0, 2.0, 6.0]), mean(3)
    (3.0, 3.0)
    """
    return float(np.asarray(values, dtype=np.float64).mean())


def median(values: npt.ArrayLike) -> float:
    """The middle value, infinite ones allowed.

    >>> median([1.0, 5.0, 2.0]), median(3)
    (2.0, 3.0)
    """
    return quantiles(np.asarray(values, dtype=np.float64).reshape(-1), (0.5,))[0]


def currency(view: View) -> str:
    """The decision's currency."""
    return str(view.world.value("value_stream.currency", view.option)[1] or "USD")


def money(view: View, value: float) -> str:
    """An amount with its currency: ``1.9M EUR``."""
    return f"{amount(value)} {currency(view)}"


def money_range(view: View, found: Summary) -> str:
    """``1.9M (0.9M to 2.6M) EUR``, or one amount where nothing is uncertain."""
    if found.certain:
        return money(view, found.mean)
    return f"{amount(found.mean)} ({amount(found.p10)} to {amount(found.p90)}) {currency(view)}"


def missing_words(view: View, result: Evaluation, what: str) -> str:
    """The headline where an answer is missing: which, and what cannot be said without it."""
    labels = [f"“{view.world.question(key).label}”" for key in result.missing]
    shown = labels[:3] + ([f"{len(labels) - 3} more"] if len(labels) > 3 else [])
    return f"Not known yet: {join(shown)}. Without {'it' if len(labels) == 1 else 'them'} we cannot say {what}."


def begins_later(view: View) -> str:
    """That something is found out before work begins, and for how long; nothing where there is no such thing."""
    decision = view.world.decision
    first = [f"“{one_line(each.name, 80)}”" for each in decision.inquiries if each.first and each.days]
    if not first:
        return ""
    days = "1 day" if decision.delay == 1 else f"{plain(decision.delay)} days"
    done = "is done first" if len(first) == 1 else "are done first, side by side"
    return f"Everything begins {days} later: {join(first)} {done}."


def older(count: int) -> str:
    """That rows of a reference table are past its shelf life.

    >>> older(1)
    'One of these rows is older than it should be'
    """
    if count == 1:
        return "One of these rows is older than it should be"
    return f"{count} of these rows are older than they should be"


INK, SOFT, LINE, SEA, BAD, OK = "#17212b", "#5a6672", "#dde3e9", "#0b5cad", "#b3261e", "#14713f"
COLOURS = (SEA, "#8a5a00", OK, "#6b3fa0", "#00707a", "#9a3a6a", INK, SOFT)
"""Colours of things side by side, in order."""
WASH = "rgba(11,92,173,0.13)"


def layout(x_title: str, y_title: str, **rest: Any) -> dict[str, Any]:
    """The layout that all charts share, as plotly JSON."""
    axis = {"gridcolor": LINE, "zerolinecolor": "#b9c3cd", "tickfont": {"color": SOFT}, "automargin": True}
    return {
        "font": {
            "family": "system-ui, -apple-system, Segoe UI, Roboto, Noto Sans, sans-serif",
            "size": 13,
            "color": INK,
        },
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 8, "r": 12, "t": 12, "b": 8},
        "showlegend": False,
        "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
        "hovermode": "x unified",
        "xaxis": {**axis, "title": {"text": x_title, "font": {"color": SOFT, "size": 13}, "standoff": 6}},
        "yaxis": {**axis, "title": {"text": y_title, "font": {"color": SOFT, "size": 13}}},
        **rest,
    }


def marked(at: float | str, text: str, *, colour: str = BAD, log: bool = False, side: str = "center") -> dict[str, Any]:
    """A dashed line upright across a chart, with a word above its end: shapes, annotations and margin of the layout.

    >>> marked(30.0, "limit")["shapes"][0]["x0"], marked(100.0, "today", log=True)["annotations"][0]["x"]
    (30.0, 2.0)
    """
    line = {
        "type": "line",
        "x0": at,
        "x1": at,
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "line": {"color": colour, "dash": "dash"},
    }
    end = float(np.log10(float(at))) if log else at  # plotly counts notes on a log axis in powers of ten
    note = {"x": end, "y": 1, "yref": "paper", "yanchor": "bottom", "xanchor": side, "text": text, "showarrow": False,
            "font": {"color": colour}}  # fmt: skip
    return {"shapes": [line], "annotations": [note], "margin": {"l": 8, "r": 12, "t": 26, "b": 8}}


def side_of(at: float, high: float) -> str:
    """Where the word above a line stands, so that it stays on a chart that goes from 0 to ``high``.

    >>> side_of(5.0, 100.0), side_of(50.0, 100.0), side_of(95.0, 100.0)
    ('left', 'center', 'right')
    """
    return "left" if at < 0.2 * high else "right" if at > 0.8 * high else "center"


def legend_below(chart: dict[str, Any], names: Sequence[str], height: int = 300) -> dict[str, Any]:
    """The layout with its legend under the axis, where it takes no width, as high as its lines need on a narrow screen.

    >>> legend_below({}, ["one", "two"])["height"]
    320
    """
    across = max(1, int(_NARROW / (_LETTER * max((len(name) for name in names), default=1) + 44)))
    lines = -(-len(names) // across) * _LINE
    margin = {**chart.get("margin", {"l": 8, "r": 12, "t": 12}), "b": 48 + lines}
    below = -46 / max(height - margin.get("t", 12) - 48, 1)  # in heights of the plot
    place = {"orientation": "h", "x": 0, "xanchor": "left", "y": below, "yanchor": "top"}
    return {
        **chart,
        "showlegend": True,
        "legend": {**place, "traceorder": "normal"},
        "margin": margin,
        "height": height + lines,
    }


def listed(
    chart: dict[str, Any], rows: Sequence[tuple[str, str]], legend: Sequence[str] = (), row: int = 42
) -> dict[str, Any]:
    """The layout of level bars with their names above them, and amounts at the right end: no width is lost to words.

    The bar of row i is around i + 0.2; its name and amount stand between i − 0.5 and i − 0.05.

    >>> listed(layout("EUR", ""), [("Uplift", "474k")])["annotations"][1]["text"]
    '474k'
    """
    notes = list(chart.get("annotations", ()))
    words = {
        "showarrow": False,
        "yref": "y",
        "yanchor": "top",
        "xref": "paper",
        "borderpad": 0,
        "bgcolor": "rgba(255,255,255,0.85)",
    }
    for place, (name, shown) in enumerate(rows):
        called = escape(one_line(name, _LETTERS - len(shown)), quote=False)  # plotly.js reads a little markup
        for x, anchor, text in ((0, "left", called), (1, "right", shown)):
            font = {"color": INK, "size": 12}
            notes.append({"x": x, "xanchor": anchor, "y": place - 0.5, "text": text, "font": font, **words})
    hidden = {
        "range": [len(rows) - 0.5, -0.5], "showticklabels": False, "showgrid": False, "zeroline": False, "automargin": False,
        "title": {"text": ""},
    }  # fmt: skip
    unit = chart["xaxis"]["title"]  # plotly would put it on the numbers of the axis where the margin is fixed
    if unit["text"]:
        notes.append(
            {
                "x": 0.5,
                "xref": "paper",
                "y": 0,
                "yref": "paper",
                "yanchor": "top",
                "yshift": -20,
                "showarrow": False,
                "text": unit["text"],
                "font": unit["font"],
            }
        )
    top = {**chart.get("margin", {}), "l": 10, "r": 18, "b": 44 if unit["text"] else 26}
    axes = {
        "yaxis": {**chart["yaxis"], **hidden},
        "xaxis": {**chart["xaxis"], "automargin": False, "title": {"text": ""}},
    }
    made = {**chart, **axes, "annotations": notes, "margin": top, "hovermode": "closest"}
    height = top["b"] + int(top.get("t", 12)) + row * len(rows)
    return legend_below(made, legend, height) if legend else {**made, "height": height}


def log_axis(axis: dict[str, Any], low: float, high: float) -> dict[str, Any]:
    """An axis in powers of ten from one amount to another, its numbers in the words of the sentences.

    >>> log_axis({}, 600.0, 13_000.0)["ticktext"], log_axis({}, 2e7, 2e12)["ticktext"]
    (['1k', '2k', '5k', '10k'], ['100M', '10bn', '1,000bn'])
    """
    low, high = max(low, 1e-9), max(high, 1e-9)
    steps = range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))) + 1)
    digits, every = ((1, 2, 5), 1) if len(steps) <= 4 else ((1,), 2 if len(steps) > 5 else 1)
    places = [digit * 10.0**step for step in steps if step % every == 0 for digit in digits]
    places = [each for each in places if 0.999 * low <= each <= 1.001 * high] or [low, high]
    return {
        **axis,
        "type": "log",
        "tickmode": "array",
        "tickvals": places,
        "ticktext": [amount(each) for each in places],
    }


_NARROW, _LETTER, _LINE, _LETTERS = 290, 7, 20, 41
"""Width of a chart on a phone, of a letter, height of a line of a legend [px]; letters that fit in a row."""
