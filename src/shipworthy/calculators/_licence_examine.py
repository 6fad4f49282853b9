"""Terms and graph brought together: what bites in each alternative, which clash, and which alternatives to take."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

from shipworthy.calculators._licence_graph import Graph, State
from shipworthy.calculators._licence_pairs import Clash, Entry, clashes
from shipworthy.calculators._licence_rules import Trouble, duties, troubles
from shipworthy.calculators.licence_terms import Terms, Use

_TRY_ALL = 512
"""Up to so many combinations of alternatives are all tried; beyond, each asset's is improved in turn."""

_WEIGHTS = {"blocked": (1, 0), "conditional": (0, 1), "unknown": (0, 1)}
Weight = tuple[int, int, int]


class Bite(NamedTuple):
    """Terms of one asset that bite: in which state it reaches the product."""

    asset: str
    terms: Terms | None
    trouble: Trouble
    end: State


UNKNOWN = Trouble("unknown", "unknown", "any use: its terms are not known")


@dataclass(frozen=True)
class Examined:
    """All that was found, for every alternative of every asset, and the alternatives that were taken."""

    graph: Graph
    use: Use
    choices: Mapping[str, tuple[tuple[Terms, ...], ...]]
    bites: Mapping[str, tuple[tuple[Bite, ...], ...]]
    clashes: tuple[Clash, ...]
    chosen: Mapping[str, int]

    def taken(self) -> tuple[list[Bite], list[Clash]]:
        """What bites and clashes in the alternatives that were taken."""
        bites = [bite for key, place in self.chosen.items() for bite in self.bites[key][place]]
        return bites, [clash for clash in self.clashes if _both(clash, self.chosen)]

    @property
    def blocked(self) -> bool:
        """Whether anything blocks."""
        bites, met = self.taken()
        return any(bite.trouble.kind == "blocked" for bite in bites) or any(clash.kind == "blocked" for clash in met)

    @property
    def something_ships(self) -> bool:
        """Whether anything at all reaches the product and stays in it."""
        return any(not end.tested and end.made != "tool" for key in self.chosen for end in self.graph.ends(key))


def examine(graph: Graph, use: Use) -> Examined:
    """Judge every asset that reaches the product in each of its alternatives, find clashes, take the best alternatives."""
    choices: dict[str, tuple[tuple[Terms, ...], ...]] = {}
    bites: dict[str, tuple[tuple[Bite, ...], ...]] = {}
    entries: list[Entry] = []
    for key, asset in graph.assets.items():
        ends = list(graph.ends(key))
        if not ends:
            continue
        known = tuple(each for each in asset.choices if each)
        choices[key] = known or ((),)
        if known:
            bites[key] = tuple(_bites(graph, key, each, use) for each in known)
            entries += [Entry(key, place, terms) for place, each in enumerate(known) for terms in each]
        else:
            first = min(ends, key=lambda end: (end.tested, end))
            bites[key] = (() if graph.made_here(key) else (Bite(key, None, UNKNOWN, first),),)
    met = clashes(graph, entries, use)
    weights = {
        key: [_weight(graph, key, each, choices[key][at], use) for at, each in enumerate(found)]
        for key, found in bites.items()
    }
    return Examined(graph, use, choices, bites, met, _chosen(weights, met))


def _bites(graph: Graph, key: str, both: tuple[Terms, ...], use: Use) -> tuple[Bite, ...]:
    """What bites in one alternative: each rule of each terms once, where it bites hardest and the way is shortest."""
    kind = graph.assets[key].kind
    found: dict[tuple[str, str], tuple[tuple[int, int], Bite]] = {}
    for terms in both:
        for end in graph.ends(key):
            for trouble in troubles(terms, kind, end, use):
                rank = (0 if trouble.kind == "blocked" else 1, len(graph.way(key, end)))
                before = found.get((terms.licence, trouble.rule))
                if before is None or rank < before[0]:
                    found[terms.licence, trouble.rule] = rank, Bite(key, terms, trouble, end)
    return tuple(bite for _, bite in found.values())


def _weight(graph: Graph, key: str, bites: tuple[Bite, ...], both: tuple[Terms, ...], use: Use) -> Weight:
    """How much trouble an alternative is: what blocks, what is open, what is asked for."""
    blocked = sum(bite.trouble.kind == "blocked" for bite in bites)
    asked = 0
    if len(graph.assets[key].choices) > 1:
        asked = sum(len(duties(terms, graph.assets[key].kind, end, use)) for terms in both for end in graph.ends(key))
    return blocked, len(bites) - blocked, asked


def _chosen(weights: Mapping[str, list[Weight]], met: tuple[Clash, ...]) -> dict[str, int]:
    """The alternative of each asset with which there is least trouble altogether."""
    chosen = {key: min(range(len(each)), key=each.__getitem__) for key, each in weights.items()}
    open_ones = {key for clash in met for key in (clash.one.asset, clash.other.asset) if len(weights[key]) > 1}
    several = [key for key in chosen if key in open_ones]
    if not several:
        return chosen
    concerned = [clash for clash in met if clash.one.asset in open_ones or clash.other.asset in open_ones]

    def trouble(taken: Mapping[str, int]) -> Weight:
        clashing = [_WEIGHTS[clash.kind] for clash in concerned if _both(clash, taken)]
        parts = [weights[key][taken[key]] for key in several]
        blocked, left = (sum(each[at] for each in parts) + sum(each[at] for each in clashing) for at in (0, 1))
        return blocked, left, sum(each[2] for each in parts)

    if math.prod(len(weights[key]) for key in several) <= _TRY_ALL:
        every = product(*(range(len(weights[key])) for key in several))
        return min(({**chosen, **dict(zip(several, each, strict=True))} for each in every), key=trouble)
    best, better = trouble(chosen), True
    while better:
        better = False
        for key in several:
            for place in range(len(weights[key])):
                found = trouble({**chosen, key: place})
                if found < best:
                    chosen[key], best, better = place, found, True
    return chosen


def _both(clash: Clash, taken: Mapping[str, int]) -> bool:
    return taken[clash.one.asset] == clash.one.choice and taken[clash.other.asset] == clash.other.choice
