"""The chart of data licences: what goes into what, and the way by which something blocks."""

from collections.abc import Iterable, Mapping
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
_LABEL = 22
_WORST = {"blocked": "✕ blocked", "unknown": "? not known", "conditional": "! hangs on a fact", "": "may be used"}


def flow(result: Evaluation) -> Figure:
    """Assets from the left to the product on the right; the blocked way thick, dashed and marked with a cross."""
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
    for kind, symbol in _SYMBOLS.items():
        part = [key for key in places if kinds[key] == kind]
        if part:
            data.append(_nodes(part, places, names, worst, symbol, {**KINDS, "product": "The product"}[kind]))
    chart = layout("", "", showlegend=True)
    chart["hovermode"] = "closest"
    deep = max(x for x, _ in places.values())
    chart["xaxis"] = {**chart["xaxis"], "visible": False, "range": [-0.6, deep + 0.6]}
    chart["yaxis"] = {
        **chart["yaxis"],
        "visible": False,
        "range": [min(y for _, y in places.values()) - 0.7, max(y for _, y in places.values()) + 0.7],
    }
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
    """Column by the longest way to the product, row by the order in the column."""
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
    deepest = max(depths.values())
    columns: dict[int, list[str]] = {}
    for key in ["product", *sorted(shown)]:
        columns.setdefault(depths[key], []).append(key)
    return {
        key: (float(deepest - level), (len(column) - 1) / 2 - row)
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
        "textposition": "top center", "textfont": {"size": 11, "color": BAD if blocked else INK}, "line": line, "hoverinfo": "skip",
    }  # fmt: skip


def _nodes(
    keys: list[str],
    places: Mapping[str, tuple[float, float]],
    names: Mapping[str, str],
    worst: Mapping[str, str],
    symbol: str,
    name: str,
) -> dict[str, Any]:
    signs = {"blocked": "✕ ", "unknown": "? ", "conditional": "! "}
    return {
        "type": "scatter", "mode": "markers+text", "name": name,
        "x": [places[key][0] for key in keys], "y": [places[key][1] for key in keys],
        "text": [signs.get(worst.get(key, ""), "") + one_line(names[key], _LABEL) for key in keys],
        "hovertext": [names[key] for key in keys], "hoverinfo": "text", "textposition": "bottom center",
        "marker": {"symbol": symbol, "size": 18, "color": [BAD if worst.get(key) == "blocked" else SEA for key in keys], "line": {"color": INK, "width": 1}},
    }  # fmt: skip


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
    said = "From the left into the product on the right. A cross and a thick dashed line mark what blocks it."
    return said + (f" {count - shown} more assets are in the table only." if count > shown else "")
