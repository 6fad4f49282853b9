"""What can be done about terms that block, and the product after it was done."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from shipworthy.calculators._licence_graph import Asset, Flow, Graph
from shipworthy.calculators.licence_terms import AGREED, DELIVERIES, OWN, Use
from shipworthy.errors import InputError
from shipworthy.words import join, one_line

Kind = Literal["drop", "replace", "buy", "ask", "change_use"]

CHANGES: Mapping[str, str] = {
    "non_commercial": "make the use non-commercial",
    "internal": "keep it inside the house",
    "served": "serve it over a network instead of handing it out",
    "human_decides": "let a person decide about people",
    "not_competing": "build nothing that competes with the provider",
}
"""Changes of use. Besides these, ``region:CODE`` closes a region."""


@dataclass(frozen=True)
class Price:
    """What an action takes: cost (``None`` where that is not known), days, and the chance that it works out."""

    cost: float | None = None
    days: float = 0.0
    chance: float = 1.0


@dataclass(frozen=True)
class Action:
    """One thing that could be done.

    Parameters
    ----------
    key : str
        What it is told apart by.
    kind : str
        drop; replace (something else in its place, with nothing flowing into it that was not agreed); buy or ask (its own
        terms no longer matter); change_use.
    asset : str or None, optional
        Id of the asset; ``None`` for a change of use.
    cost : float or None, optional
        [currency of the decision]; ``None`` where it is not known.
    days : float, optional
        How long it takes [day].
    chance : float, optional
        Chance that it works out [0..1].
    words : str, optional
        The action in words; made up where there are none.
    change : str, optional
        For a change of use: a key of :data:`CHANGES`, or ``region:CODE``.
    """

    key: str
    kind: Kind
    asset: str | None = None
    cost: float | None = None
    days: float = 0.0
    chance: float = 1.0
    words: str = ""
    change: str = ""


def changed(use: Use, change: str) -> Use:
    """The use after a change of it.

    Raises
    ------
    InputError
        Where there is no such change.

    Examples
    --------
    >>> changed(Use(True, "distributed", frozenset({"EU", "US"})), "region:EU").regions
    frozenset({'US'})
    """
    if change.startswith("region:"):
        return replace(use, regions=use.regions - {change.removeprefix("region:")})
    if change == "non_commercial":
        return replace(use, commercial=False)
    if change in ("internal", "served"):
        least = min(DELIVERIES.index(use.delivery), DELIVERIES.index("internal" if change == "internal" else "served"))
        return replace(use, delivery=DELIVERIES[least])
    if change == "human_decides":
        return replace(use, human_decides=True)
    if change == "not_competing":
        return replace(use, competes="none")
    raise InputError(
        f"“{one_line(change)}” is no change of use; {join(list(CHANGES), 'or')} would do, or region: and the region's code."
    )


def applied(
    assets: Sequence[Asset], flows: Iterable[Flow], use: Use, actions: Iterable[Action]
) -> tuple[list[Asset], list[Flow], Use]:
    """The product after some actions.

    What was dropped is gone with its flows; what was replaced, bought or asked for has terms that agree to the use, and
    nothing flows into a replacement. Models and outputs that were made here stay so, even where nothing is left that flows
    into them.

    Examples
    --------
    >>> assets, flows = [Asset("a", "Crawl", "data"), Asset("m", "Model", "model")], [Flow("a", "trains", "m"), Flow("m", "ships", "product")]
    >>> after = applied(assets, flows, Use(True, "served"), [Action("x", "drop", "a")])
    >>> [each.id for each in after[0]], [each.source for each in after[1]]
    (['m'], ['m'])
    """
    flows = list(flows)
    return after(Graph(assets, flows), use, list(actions))


def after(graph: Graph, use: Use, actions: Sequence[Action]) -> tuple[list[Asset], list[Flow], Use]:
    """As :func:`applied`, with the graph at hand."""
    by_kind: dict[str, set[str]] = {"drop": set(), "replace": set(), "buy": set(), "ask": set()}
    for each in actions:
        if each.kind == "change_use":
            use = changed(use, each.change)
        elif each.asset is not None:
            by_kind[each.kind].add(each.asset)
    gone, cut = by_kind["drop"], by_kind["drop"] | by_kind["replace"]
    agreed = by_kind["replace"] | by_kind["buy"] | by_kind["ask"]
    left: list[Asset] = []
    for key, asset in graph.assets.items():
        if key in agreed:
            asset = replace(asset, choices=((AGREED,),))
        elif not asset.choices and graph.made_here(key):
            asset = replace(asset, choices=((OWN,),))
        if key not in gone:
            left.append(asset)
    return left, [flow for flow in graph.flows if flow.source not in gone and flow.target not in cut], use


def check(graph: Graph, actions: Sequence[Action]) -> None:
    """Refuse actions that cannot be."""
    seen: set[str] = set()
    for each in actions:
        named = f"Action “{one_line(each.words or each.key, 60)}”"
        if each.key in seen:
            raise InputError(f"{named} is there twice: give each its own key.")
        seen.add(each.key)
        if each.kind == "change_use":
            changed(Use(False, "internal"), each.change)
        elif each.asset not in graph.assets:
            raise InputError(f"{named} is about “{one_line(str(each.asset))}”, which is not among the assets.")
        if each.cost is not None and not 0 <= each.cost < float("inf"):
            raise InputError(f"{named} costs {each.cost:g}: 0 or more would do, or nothing where it is not known.")
        if not (0 <= each.days < float("inf") and 0 < each.chance <= 1):
            raise InputError(f"{named}: 0 days or more and a chance above 0 and up to 1 (100 %) would do.")


def asset_words(kind: Kind, name: str) -> str:
    """An action on an asset in words."""
    said = {
        "drop": f"drop {name}",
        "replace": f"replace {name} with one that may be used like this",
        "buy": f"buy a licence for {name}",
        "ask": f"ask for permission to use {name} like this",
    }
    if kind not in said:
        raise InputError(
            f"{name}: “{one_line(kind)}” is nothing to be done with an asset; {join(list(said), 'or')} would do."
        )
    return said[kind]


SEVERAL: Mapping[str, str] = {
    "drop": "drop {}",
    "replace": "replace {} with such as may be used like this",
    "buy": "buy licences for {}",
    "ask": "ask for permission to use {} like this",
}
"""An action on several assets."""


def several_words(kind: Kind, names: Sequence[str]) -> str:
    """An action on one asset or several in words.

    >>> several_words("drop", ["Posts"]), several_words("buy", ["Posts", "Songs"])
    ('drop Posts', 'buy licences for Posts and Songs')
    """
    return asset_words(kind, names[0]) if len(names) == 1 else SEVERAL[kind].replace("{}", join(list(names)))


def change_words(change: str) -> str:
    """A change of use in words."""
    return CHANGES.get(change) or f"do not offer it in {one_line(change.removeprefix('region:'), 20)}"
