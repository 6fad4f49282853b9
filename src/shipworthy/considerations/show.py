"""What considerations share when they put numbers into sentences and figures."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from shipworthy.considerations.base import Draws, Evaluation, Status, View
from shipworthy.words import amount, join

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
        "xaxis": {**axis, "title": {"text": x_title, "font": {"color": SOFT}}},
        "yaxis": {**axis, "title": {"text": y_title, "font": {"color": SOFT}}},
        **rest,
    }


def marked(at: float | str, text: str, *, level: bool = False, colour: str = BAD, log: bool = False) -> dict[str, Any]:
    """A dashed line across a chart, upright or level, with a word at its end: shapes and annotations of the layout.

    >>> marked(30.0, "limit")["shapes"][0]["x0"], marked(100.0, "today", log=True)["annotations"][0]["x"]
    (30.0, 2.0)
    """
    along, across = ("y", "x") if level else ("x", "y")
    line = {"type": "line", f"{along}0": at, f"{along}1": at, f"{across}ref": "paper", f"{across}0": 0, f"{across}1": 1,
            "line": {"color": colour, "dash": "dash"}}  # fmt: skip
    end = float(np.log10(float(at))) if log else at  # plotly counts notes on a log axis in powers of ten
    note = {along: end, across: 0 if level else 1, f"{across}ref": "paper", "text": text, "showarrow": False, "xanchor": "left",
            ("yshift" if level else "xshift"): 9 if level else 4, "font": {"color": colour}}  # fmt: skip
    return {"shapes": [line], "annotations": [note]}
