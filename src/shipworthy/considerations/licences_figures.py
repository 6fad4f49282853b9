"""The chart of data licences: what goes into what, and the way by which something blocks."""

from collections.abc import Iterable, Mapping
from html import escape
from itertools import pairwise
from typing import Any

from shipworthy.calculators.licence_flow import Asset, Clearance, Flow
from shipworthy.considerations.base import Evaluation, Figure
from shipworthy.considerations.licences_questions import HOW, KINDS
from shipworthy.considerations.show import BAD, INK, SEA, layout
from shipworthy.words import one_line

_SYMBOLS = {"data": "circle", "source": "diamond", "model": "square", "outputs": "triangle-up", "code": "hexagon", "service": "star", "product": "pentagon"}  # fmt: skip
_MOST = 24
"""Assets that are drawn; those on the way of something that blocks come first."""
_ALONE, _SIDE_BY_SIDE = 22, 44
"""Letters of a name: of one that stands alone in its row, and of all in a row together."""
_LEFT = 0.22
"""Where what stands alone in its row stands: its name is at its right."""
_KINDS = {"data": "data set", "source": "source", "model": "model", "outputs": "outputs", "code": "code", "service": "service", "product": ""}  # fmt: skip
_WORST = {"blocked": "✕ blocked", "unknown": "? not known", "conditional": "! hangs on a fact", "": "may be used"}


def flow(result: Evaluation) -> Figure:
    """Assets from the top to the product below; the blocked way thick, dashed and marked with a cross."""
    found: Clearance = result.notes["found"]
    assets: tuple[Asset, ...] = result.notes["made"].assets
    flows: tuple[Flow, ...] = result.notes["made"].flows
    worst = _worst(found)
    on_way = {edge for issue in found.of("blocked") for edge in _edges(issue.path)}
    shown = _shown(assets, found)
    places = _places(shown, [each for each in flows if each.source in shown])
    kinds = {each.id: each.kind for each in assets} | {"product": "product"}
    names = {each.id: each.label for each in assets} | {"product": "The product"}
    data: list[dict[str, Any]] = []
    for blocked in (False, True):
        edges = [
            each
            for each in flows
            if each.source in places and each.target in places and ((each.source, each.target) in on_way) is blocked
        ]
        if edges:
            data.append(_lines(edges, places, blocked))
    alone = {level for level in {y for _, y in places.values()} if [y for _, y in places.values()].count(level) == 1}
    for kind, symbol in _SYMBOLS.items():
        for single in (True, False):
            part = [key for key in places if kinds[key] == kind and (places[key][1] in alone) is single]
            if part:
                data.append(_nodes(part, places, names, worst, (symbol, _KINDS[kind], single)))
    chart = layout("", "")
    chart["hovermode"] = "closest"
    top = max(y for _, y in places.values())
    chart["xaxis"] = {**chart["xaxis"], "visible": False, "range": [0, 1], "fixedrange": True}
    chart["yaxis"] = {**chart["yaxis"], "visible": False, "range": [-0.5, top + 0.4], "fixedrange": True}
    chart["margin"] = {"l": 4, "r": 4, "t": 4, "b": 4}
    return Figure(
        "flow", "What goes into what", {"data": data, "layout": chart}, _alt(found, len(assets)), _caption(len(assets), len(shown)),
        ("Asset", "What it is", "Terms", "Goes into", "Stands"), tuple(_rows(result, worst)),
    )  # fmt: skip


def _worst(found: Clearance) -> dict[str, str]:
    """The worst that is said of each asset."""
    ranks = list(_WORST)
    kept: dict[str, str] = {}
    for issue in found.issues:
        for key in filter(None, (issue.asset, issue.with_asset)):
            kept[key] = min(kept.get(key, ""), issue.kind, key=ranks.index)
    return kept


def _edges(path: tuple[str, ...]) -> Iterable[tuple[str, str]]:
    return pairwise(path[::2])


def _shown(assets: tuple[Asset, ...], found: Clearance) -> set[str]:
    """Assets that are drawn: all of them, or those that matter and the next ones."""
    first = [key for issue in found.issues for key in issue.path[::2] if key != "product"]
    order = list(dict.fromkeys([*first, *(each.id for each in assets)]))
    return set(order[:_MOST])


def _places(shown: set[str], flows: list[Flow]) -> dict[str, tuple[float, float]]:
    """Row by the longest way to the product, place by the order in the row."""
    onward: dict[str, list[str]] = {}
    for each in flows:
        onward.setdefault(each.source, []).append(each.target)
    depths: dict[str, int] = {"product": 0}

    def depth(key: str) -> int:
        if key not in depths:
            depths[key] = 1 + max(
                (depth(target) for target in onward.get(key, ()) if target in shown or target == "product"), default=0
            )
        return depths[key]

    for key in sorted(shown):
        depth(key)
    columns: dict[int, list[str]] = {}
    for key in ["product", *sorted(shown)]:
        columns.setdefault(depths[key], []).append(key)
    return {
        key: ((row + 0.5) / len(column) if len(column) > 1 else _LEFT, float(level))
        for level, column in columns.items()
        for row, key in enumerate(column)
    }


def _lines(edges: list[Flow], places: Mapping[str, tuple[float, float]], blocked: bool) -> dict[str, Any]:
    x: list[float | None] = []
    y: list[float | None] = []
    text: list[str] = []
    for each in edges:
        (x0, y0), (x1, y1) = places[each.source], places[each.target]
        x += [x0, (x0 + x1) / 2, x1, None]
        y += [y0, (y0 + y1) / 2, y1, None]
        text += ["", f"{'✕ ' if blocked else ''}{HOW[each.how].lower()}", "", ""]
    line = {"color": BAD, "width": 3, "dash": "dash"} if blocked else {"color": "#9aa6b2", "width": 1.5}
    return {
        "type": "scatter", "mode": "lines+text", "name": "the way by which it is blocked" if blocked else "goes into", "x": x, "y": y, "text": text,
        "textposition": "middle right", "textfont": {"size": 11, "color": BAD if blocked else INK}, "line": line, "hoverinfo": "skip",
    }  # fmt: skip


def _nodes(
    keys: list[str],
    places: Mapping[str, tuple[float, float]],
    names: Mapping[str, str],
    worst: Mapping[str, str],
    looks: tuple[str, str, bool],
) -> dict[str, Any]:
    """Nodes of one kind: what stands alone in its row is named at its side, the others below."""
    symbol, kind, alone = looks
    signs = {"blocked": "✕ ", "unknown": "? ", "conditional": "! "}
    widest = max(sum(y == places[key][1] for _, y in places.values()) for key in keys)
    room = _ALONE if alone else max(9, _SIDE_BY_SIDE // widest)
    return {
        "type": "scatter", "mode": "markers+text", "name": kind or "The product",
        "x": [places[key][0] for key in keys], "y": [places[key][1] for key in keys],
        "text": [signs.get(worst.get(key, ""), "") + _letters(one_line(names[key], room)) + (f" ({kind})" if kind and alone else "") for key in keys],
        "hovertext": [f"{_letters(names[key])}{f' ({kind})' if kind else ''}" for key in keys], "hoverinfo": "text",
        "textposition": "middle right" if alone else "bottom center", "textfont": {"size": 12},
        "marker": {"symbol": symbol, "size": 16, "color": [BAD if worst.get(key) == "blocked" else SEA for key in keys], "line": {"color": INK, "width": 1}},
    }  # fmt: skip


def _letters(name: str) -> str:
    """A typed name, shown letter by letter: plotly.js reads a little markup in texts."""
    return escape(name, quote=False)


def _rows(result: Evaluation, worst: Mapping[str, str]) -> Iterable[tuple[str, ...]]:
    made = result.notes["made"]
    names = {each.id: each.label for each in made.assets} | {"product": "the product"}
    for each in made.assets:
        into = [f"{HOW[flow.how].lower()} {names[flow.target]}" for flow in made.flows if flow.source == each.id]
        terms = " or ".join(" and ".join(part.name for part in both) for both in each.choices) or "–"
        yield each.label, KINDS[each.kind], terms, "; ".join(into) or "–", _WORST[worst.get(each.id, "")]


def _alt(found: Clearance, count: int) -> str:
    blocked = found.of("blocked")
    if not blocked:
        return f"{count} assets and how they go into the product; none of them blocks it."
    return f"{count} assets and how they go into the product. Blocked: {'; '.join(dict.fromkeys(each.way for each in blocked[:3]))}."


def _caption(count: int, shown: int) -> str:
    said = "From the top down into the product. Shapes tell what it is; a cross and a thick dashed line mark what blocks it."
    return said + (f" {count - shown} more assets are in the table only." if count > shown else "")
