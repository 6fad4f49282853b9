"""The chart of data licences: what goes into what, and the way by which something blocks."""

from collections.abc import Container, Iterable, Mapping
from html import escape
from itertools import pairwise
from typing import Any

from shipworthy.calculators.licence_flow import Asset, Clearance, Flow
from shipworthy.considerations import licences_places as at
from shipworthy.considerations.base import Evaluation, Figure
from shipworthy.considerations.licences_questions import KINDS, verb
from shipworthy.considerations.show import BAD, INK, SEA, layout
from shipworthy.words import one_line

_SYMBOLS = {"data": "circle", "source": "diamond", "model": "square", "outputs": "triangle-up", "code": "hexagon", "service": "star", "product": "pentagon"}  # fmt: skip
_KINDS = {"data": "data set", "source": "source", "model": "model", "outputs": "outputs", "code": "code", "service": "service", "product": ""}  # fmt: skip
_WORST = {"blocked": "✕ blocked", "unknown": "? not known", "conditional": "! hangs on a fact", "": "may be used"}


def flow(result: Evaluation) -> Figure:
    """Assets from the top to the product below; the blocked way thick, dashed and marked with a cross."""
    found: Clearance = result.notes["found"]
    assets: tuple[Asset, ...] = result.notes["made"].assets
    flows: tuple[Flow, ...] = result.notes["made"].flows
    worst = _worst(found)
    on_way = {edge for issue in found.of("blocked") for edge in _edges(issue.path)}
    drawn = at.shown(assets, flows, found.issues)
    places = at.places(drawn, flows)
    kinds = {each.id: each.kind for each in assets} | {"product": "product"}
    names = {each.id: each.label for each in assets} | {"product": "The product"}
    labels = {key: _label(key, places, names[key], kinds[key], worst) for key in places}
    edges = list(
        {(each.source, each.target): each for each in flows if {each.source, each.target} <= places.keys()}.values()
    )
    edges.sort(key=lambda each: (each.source, each.target) not in on_way)
    said = {(each.source, each.target): _said(each, kinds, on_way) for each in edges}
    words = at.words(places, labels, [(*ends, text) for ends, text in said.items()])
    data: list[dict[str, Any]] = []
    for blocked in (False, True):
        part = [ends for ends in said if (ends in on_way) is blocked]
        if part:
            data.append(_lines(part, places, said, words, blocked))
    for kind, symbol in _SYMBOLS.items():
        for single in (True, False):
            keys = [key for key in places if kinds[key] == kind and at.alone(places, key) is single]
            if keys:
                data.append(_nodes(keys, places, (names, labels), worst, (symbol, _KINDS[kind], single)))
    chart = layout("", "")
    chart["hovermode"] = "closest"
    top = max(y for _, y in places.values())
    chart["xaxis"] = {**chart["xaxis"], "visible": False, "range": [0, 1], "fixedrange": True}
    chart["yaxis"] = {**chart["yaxis"], "visible": False, "range": [-0.5, top + 0.4], "fixedrange": True}
    chart["margin"] = {"l": 4, "r": 4, "t": 4, "b": 4}
    chart["height"] = round(at.ROW * (top + 0.9)) + 8
    return Figure(
        "flow", "What goes into what", {"data": data, "layout": chart}, _alt(found, len(assets)),
        _caption(len(assets), len(drawn), len(words) < len(said)),
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


def _label(key: str, places: at.Places, name: str, kind: str, worst: Mapping[str, str]) -> str:
    """What is written at an asset: its sign, as much of its name as has room, and what it is where there is room for it."""
    sign = {"blocked": "✕ ", "unknown": "? ", "conditional": "! "}.get(worst.get(key, ""), "")
    what = f" ({_KINDS[kind]})" if _KINDS[kind] and at.alone(places, key) else ""
    room = (at.ALONE if at.alone(places, key) else at.PAIRED) - len(sign) - len(what)
    return f"{sign}{one_line(name, room)}{what}"


def _said(flow: Flow, kinds: Mapping[str, str], on_way: Container[tuple[str, str]]) -> str:
    cross = "✕ " if (flow.source, flow.target) in on_way else ""
    return cross + verb(flow.how, kinds[flow.source], kinds[flow.target])


def _lines(
    ends: Iterable[tuple[str, str]],
    places: at.Places,
    said: Mapping[tuple[str, str], str],
    words: Mapping[tuple[str, str], at.Word],
    blocked: bool,
) -> dict[str, Any]:
    x: list[float | None] = []
    y: list[float | None] = []
    text: list[str] = []
    sides: list[str] = []
    for each in ends:
        (x0, y0), (x1, y1) = places[each[0]], places[each[1]]
        word = words.get(each, at.Word(0.5, "right"))
        x += [x0, x0 + word.along * (x1 - x0), x1, None]
        y += [y0, y0 + word.along * (y1 - y0), y1, None]
        text += ["", said[each] if each in words else "", "", ""]
        sides += [f"middle {word.side}"] * 4
    line = {"color": BAD, "width": 3, "dash": "dash"} if blocked else {"color": "#9aa6b2", "width": 1.5}
    return {
        "type": "scatter", "mode": "lines+text", "name": "the way by which it is blocked" if blocked else "goes into", "x": x, "y": y, "text": text,
        "textposition": sides, "textfont": {"size": 11, "color": BAD if blocked else INK}, "line": line, "hoverinfo": "skip",
    }  # fmt: skip


def _nodes(
    keys: list[str],
    places: at.Places,
    texts: tuple[Mapping[str, str], Mapping[str, str]],
    worst: Mapping[str, str],
    looks: tuple[str, str, bool],
) -> dict[str, Any]:
    """Nodes of one kind: what stands alone in its row is named at its side, the others below."""
    (names, labels), (symbol, kind, alone) = texts, looks
    return {
        "type": "scatter", "mode": "markers+text", "name": kind or "The product",
        "x": [places[key][0] for key in keys], "y": [places[key][1] for key in keys],
        "text": [_letters(labels[key]) for key in keys],
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
    kinds = {each.id: each.kind for each in made.assets}
    for each in made.assets:
        into = [
            f"{verb(flow.how, each.kind, kinds.get(flow.target, ''))} {names[flow.target]}"
            for flow in made.flows
            if flow.source == each.id
        ]
        terms = " or ".join(" and ".join(part.name for part in both) for both in each.choices) or "–"
        yield each.label, KINDS[each.kind], terms, "; ".join(into) or "–", _WORST[worst.get(each.id, "")]


def _alt(found: Clearance, count: int) -> str:
    blocked = found.of("blocked")
    if not blocked:
        return f"{count} assets and how they go into the product; none of them blocks it."
    return f"{count} assets and how they go into the product. Blocked: {'; '.join(dict.fromkeys(each.way for each in blocked[:3]))}."


def _caption(count: int, drawn: int, silent: bool) -> str:
    said = "From the top down into the product. Shapes tell what it is; a cross and a thick dashed line mark what blocks it."
    said += " What a line without a word means is in the table." if silent else ""
    left = count - drawn
    return said + (f" {left} more asset{' is' if left == 1 else 's are'} in the table only." if left else "")
