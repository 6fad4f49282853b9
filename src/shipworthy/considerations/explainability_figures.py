"""The charts of explainability: how far each option can explain itself, and what each duty asks of the one in view."""

import textwrap
from collections.abc import Mapping
from typing import Any

from shipworthy.calculators.duties import LEVELS
from shipworthy.calculators.explanation import STRENGTHS
from shipworthy.considerations import explainability_words as wording
from shipworthy.considerations.base import Evaluation, Figure, View
from shipworthy.considerations.show import BAD, INK, SEA, layout, legend_below, listed, marked
from shipworthy.words import one_line

_LEVELS = ("notice", "reasons", "logic")
_SHORT = {"notice": "notice", "reasons": "reasons", "logic": "logic"}
_SYMBOLS = {"strong": "circle", "acceptable": "circle-open", "weak": "triangle-up-open", "no": "x"}
_COLOURS = {"strong": SEA, "acceptable": SEA, "weak": "#a86400", "no": BAD}
_LINE = 38
"""Letters of a line above a bar, name and word together, so that they keep apart on a phone."""
_TICK = 18
"""Letters of a line beside a row of the chart; the whole name is in the table."""


def levels(view: View, found: Mapping[str, Evaluation]) -> Figure:
    """Options by level: how well each explains itself, and the level that is owed."""
    names = [view.world.decision.option(option).name for option in found]
    cells = {(option, level): wording.at_level(found[option], level) for option in found for level in _LEVELS}
    data: list[dict[str, Any]] = []
    for strength in STRENGTHS:
        places = [
            (x, y)
            for y, option in enumerate(found)
            for x, level in enumerate(_LEVELS)
            if cells[option, level].strength == strength
        ]
        if places:
            data.append(
                {
                    "type": "scatter",
                    "mode": "markers",
                    "name": f"explains {wording.STRENGTH[strength]}",
                    "x": [x for x, _ in places],
                    "y": [y for _, y in places],
                    "marker": {
                        "symbol": _SYMBOLS[strength],
                        "size": 15,
                        "color": _COLOURS[strength],
                        "line": {"width": 2},
                    },
                }
            )
    owed = found[view.option].notes["needed"].level
    line = marked(_LEVELS.index(owed), "owed") if owed in _LEVELS else {}
    height = 90 + 52 * len(names)
    chart = legend_below(layout("", "", hovermode="closest", **line), [each["name"] for each in data], height)
    chart["xaxis"] = {
        **chart["xaxis"],
        "tickmode": "array",
        "tickvals": [0, 1, 2],
        "ticktext": list(_SHORT.values()),
        "tickangle": 0,
        "range": [-0.4, 2.4],
    }
    chart["yaxis"] = {
        **chart["yaxis"], "tickmode": "array", "tickvals": list(range(len(names))), "ticktext": [_tick(name) for name in names], "range": [len(names) - 0.5, -0.5]
    }  # fmt: skip
    rows = tuple(
        (
            name,
            *(wording.STRENGTH[cells[option, level].strength] for level in _LEVELS),
            wording.explains_owed(each),
        )
        for (option, each), name in zip(found.items(), names, strict=True)
    )
    alt = f"Owed to the person: {LEVELS[owed]}. " + "; ".join(f"{row[0]}: {row[-1]}" for row in rows) + "."
    caption = "Filled: well; open: well enough; triangle: weakly; cross: not at all. The line is what is owed for the option in view."
    head = ("Option", "A notice", "Main reasons", "The logic", "What is owed")
    return Figure(
        "levels", "How far each option explains itself", {"data": data, "layout": chart}, alt, caption, head, rows
    )


def _tick(name: str) -> str:
    """A name on two lines at most."""
    lines = textwrap.wrap(one_line(name, 2 * _TICK), _TICK) or [name]
    return "<br>".join(lines[:2])


def duties(result: Evaluation) -> Figure:
    """What each duty asks of the option in view, and how well it is met."""
    owed = result.notes["owed"]
    order = list(LEVELS)
    data: list[dict[str, Any]] = []
    for sure, name, fill in ((True, "applies", SEA), (False, "might apply", "#9fb3c8")):
        part = [(y, each) for y, each in enumerate(owed) if each.sure is sure]
        if part:
            edges = [BAD if each.unmet else INK if each.weak or each.arguable else fill for _, each in part]
            data.append(
                {
                    "type": "bar",
                    "orientation": "h",
                    "name": name,
                    "x": [order.index(each.level) or 0.15 for _, each in part],
                    "y": [y + 0.2 for y, _ in part],
                    "width": 0.4,
                    "hovertext": [f"{each.name}: {_met(each)}" for _, each in part],
                    "hoverinfo": "text",
                    "marker": {"color": fill, "line": {"width": 2, "color": edges}},
                }
            )
    names = [(one_line(each.name, _LINE - len(_met(each))), _met(each)) for each in owed]
    chart = listed(layout("", ""), names, [each["name"] for each in data])
    chart["xaxis"] = {
        **chart["xaxis"],
        "tickmode": "array",
        "tickvals": [0.15, 1, 2, 3],
        "ticktext": ["nothing", *_SHORT.values()],
        "tickangle": 0,
        "range": [0, 3.2],
    }
    rows = tuple(
        (each.name, "applies" if each.sure else "might apply", LEVELS[each.level], _met(each)) for each in owed
    )
    open_ones = [row[0] for row in rows if row[-1] != "met"]
    alt = f"{len(rows)} duties; not surely met: {'; '.join(open_ones) or 'none of them'}."
    caption = (
        "Each duty with the level that it asks for; the word at the right says whether this option meets it. "
        "Whole names are in the table."
    )
    return Figure(
        "duties",
        "Duty by duty",
        {"data": data, "layout": chart},
        alt,
        caption,
        ("Duty", "Applies", "Asks for", "This option"),
        rows,
    )


def _met(owed: Any) -> str:
    """Whether a duty is met, in a word or two."""
    if owed.unmet:
        return "not met"
    return "weakly met" if owed.weak else "arguably met" if owed.arguable else "met"
