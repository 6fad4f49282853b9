"""The smallest change that clears a product: drop, replace, buy, ask, or use it otherwise.

What could be done comes with its cost, where that is known, and is searched for the sets of actions that leave nothing
blocked: see ``_licence_search``. A set is found by clearing the changed product again, not by advice written in advance.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from shipworthy.calculators._licence_actions import (
    CHANGES,
    SEVERAL,
    Action,
    Kind,
    Price,
    after,
    applied,
    asset_words,
    change_words,
    changed,
    check,
    several_words,
)
from shipworthy.calculators._licence_examine import Bite, Examined, examine
from shipworthy.calculators._licence_graph import Asset, Flow, Graph
from shipworthy.calculators._licence_pairs import Clash, against
from shipworthy.calculators._licence_rules import troubles
from shipworthy.calculators._licence_search import Problem, search, weight
from shipworthy.calculators.licence_flow import clash_path
from shipworthy.calculators.licence_terms import Use
from shipworthy.words import amount, join, percent

__all__ = [
    "CHANGES", "Action", "Kind", "Price", "Repair", "actions", "applied", "asset_words", "changed", "rank", "repairs", "together",
]  # fmt: skip


@dataclass(frozen=True)
class Repair:
    """A set of actions that clears the product, none of which can be left out.

    Parameters
    ----------
    actions : tuple of Action
        What is to be done.
    cost : float or None
        Of all together; ``None`` where that of any is not known.
    known : float
        The part of it that is known.
    days : float
        The longest of them [day].
    chance : float
        That all work out [0..1].
    words : str
        The repair as a sentence.
    proven : bool
        Whether the search went far enough to be certain that no cheaper set is missed.
    """

    actions: tuple[Action, ...]
    cost: float | None
    known: float
    days: float
    chance: float
    words: str
    proven: bool = True


def actions(
    assets: Sequence[Asset],
    flows: Sequence[Flow],
    use: Use,
    prices: Mapping[str, Mapping[Kind, Price]] | None = None,
    changes: Mapping[str, Price] | None = None,
) -> list[Action]:
    """What could be done about what blocks.

    Parameters
    ----------
    assets, flows, use
        As for :func:`shipworthy.calculators.licence_flow.cleared`.
    prices : mapping of str to mapping of str to Price, optional
        By the asset's id and by drop, replace, buy or ask: what it takes. An asset that is named can have just these;
        one that is not can be dropped, replaced or asked for at a cost that is not known.
    changes : mapping of str to Price, optional
        By the change of use: a key of :data:`CHANGES`, or ``region:CODE``. Left out: any, at a cost that is not known.

    Returns
    -------
    list of Action
        For assets on the way of something that blocks, and changes of use that end something that blocks.

    Examples
    --------
    >>> from shipworthy.calculators.licence_terms import Terms
    >>> terms = Terms("nc", "NC terms", "data", commercial="no")
    >>> assets, flows = [Asset("d", "Posts", "data", ((terms,),))], [Flow("d", "ships", "product")]
    >>> use = Use(True, "internal", competes="none")
    >>> [each.key for each in actions(assets, flows, use, {"d": {"buy": Price(5000.0, 20.0)}})]
    ['buy:d', 'use:non_commercial']
    """
    found = examine(Graph(assets, flows), use)
    witnesses = list(_witnesses(found))
    concerned = {key for witness in witnesses for key in _owners(witness)}
    graph = found.graph
    for key in graph.order:
        if key in concerned:
            concerned.update(target for _, target in graph.out[key] if target in found.chosen)
    default: Mapping[Kind, Price] = {"drop": Price(), "replace": Price(), "ask": Price()}
    given = prices or {}
    made: list[Action] = []
    for key in graph.assets:
        for kind, price in given.get(key, default).items() if key in concerned else ():
            if price.chance > 0:
                words = asset_words(kind, graph.label(key))
                made.append(Action(f"{kind}:{key}", kind, key, price.cost, price.days, price.chance, words))
    offered = (
        changes
        if changes is not None
        else dict.fromkeys([*CHANGES, *(f"region:{each}" for each in sorted(use.regions))], Price())
    )
    for change, price in offered.items():
        if any(_ended(found, witness, changed(use, change)) for witness in witnesses):
            words = change_words(change)
            made.append(
                Action(f"use:{change}", "change_use", None, price.cost, price.days, price.chance, words, change)
            )
    return made


def repairs(
    assets: Sequence[Asset], flows: Sequence[Flow], use: Use, actions: Sequence[Action], most: int = 5
) -> list[Repair]:
    """The best sets of actions that leave nothing blocked and something to ship, none with an action too many.

    Ranked by costs that are not known (fewest first), cost, number of actions, days. A product that is not blocked, and
    one that no set clears, both give none.

    Parameters
    ----------
    assets, flows, use
        As for :func:`shipworthy.calculators.licence_flow.cleared`.
    actions : sequence of Action
        What could be done.
    most : int, optional
        How many sets to look for.

    Returns
    -------
    list of Repair
        Best first.

    Raises
    ------
    InputError
        Where an action names what is not there, comes twice, or has a cost, days or chance that cannot be.

    Examples
    --------
    >>> from shipworthy.calculators.licence_terms import Terms
    >>> terms = Terms("nc", "NC terms", "data", commercial="no")
    >>> assets, flows = [Asset("d", "Posts", "data", ((terms,),)), Asset("m", "Model", "model")], [Flow("d", "trains", "m"), Flow("m", "ships", "product")]
    >>> use = Use(True, "served", competes="none")
    >>> could = actions(assets, flows, use, {"d": {"buy": Price(5000.0, 20.0), "drop": Price(8000.0)}, "m": {}}, {})
    >>> [each.words for each in repairs(assets, flows, use, could)]
    ['Buy a licence for Posts: 5k, 20 days.', 'Drop Posts: 8k.']
    """
    graph = Graph(assets, flows)
    check(graph, actions)
    changes = _Changes(graph, use, actions)
    weights, days = [weight(each.cost) for each in actions], [each.days for each in actions]
    problem = Problem(weights, days, cache(changes.examined), changes.ends)
    found = search(problem, most, changes.plain())
    return sorted(
        (_repair(graph, [each for at, each in enumerate(actions) if mask >> at & 1], sure) for mask, sure in found),
        key=rank,
    )


def together(assets: Sequence[Asset], flows: Sequence[Flow], done: Sequence[Action]) -> Repair:
    """Actions as one repair, in words with what they take, whether or not they clear the product.

    Examples
    --------
    >>> together([Asset("d", "Posts", "data")], [], [Action("x", "buy", "d", 5000.0, 20.0, 0.9, "buy a licence for Posts")]).words
    'Buy a licence for Posts: 5k, 20 days, works out with 90 %.'
    """
    return _repair(Graph(assets, flows), done, True)


def rank(repair: Repair) -> tuple[int, float, int, float]:
    """What repairs are ranked by: costs that are not known, cost, number of actions, days."""
    unknown = sum(each.cost is None for each in repair.actions)
    return unknown, repair.known, len(repair.actions), repair.days


class _Changes:
    """The product after any set of the actions, and which actions end a witness."""

    def __init__(self, graph: Graph, use: Use, actions: Sequence[Action]) -> None:
        self._graph, self._use, self._actions = graph, use, actions
        self._on_the_way: dict[str, int] = {}
        self._own: dict[str, int] = {}
        self._uses: list[tuple[int, str]] = []
        for at, each in enumerate(actions):
            if each.kind == "change_use":
                self._uses.append((1 << at, each.change))
            elif each.asset is not None:
                kept = self._on_the_way if each.kind in ("drop", "replace") else self._own
                kept[each.asset] = kept.get(each.asset, 0) | 1 << at

    def plain(self) -> list[int]:
        """Drop all that blocks by its own terms; replace all of it."""
        owners = {key for witness in _witnesses(examine(self._graph, self._use)) for key in _owners(witness)}
        found = []
        for kind in ("drop", "replace"):
            bits = {each.asset: 1 << at for at, each in enumerate(self._actions) if each.kind == kind}
            if owners <= set(bits):
                found.append(sum(bits[key] for key in owners))
        return found

    def examined(self, chosen: int) -> Examined:
        """The product cleared again after the chosen actions."""
        done = [each for at, each in enumerate(self._actions) if chosen >> at & 1]
        assets, flows, use = after(self._graph, self._use, done)
        return examine(Graph(assets, flows), use)

    def ends(self, found: Examined, witness: Bite | Clash) -> int:
        """The actions that end a witness: on its way, for its owner, or by using the product otherwise."""
        if isinstance(witness, Clash):
            ways = list(clash_path(found.graph, witness))
        else:
            ways = [found.graph.way(witness.asset, witness.end)]
        mask = 0
        for key in {key for way in ways for key in way[::2]}:
            mask |= self._on_the_way.get(key, 0)
        for key in _owners(witness):
            mask |= self._own.get(key, 0)
        for bit, change in self._uses:
            if _ended(found, witness, changed(found.use, change)):
                mask |= bit
        return mask


def _ended(found: Examined, witness: Bite | Clash, use: Use) -> bool:
    """Whether a witness blocks no longer with another use."""
    if isinstance(witness, Clash):
        return against(witness.one.terms, witness.other.terms, use) is None
    if witness.terms is None:
        return False
    kind, rule = found.graph.assets[witness.asset].kind, witness.trouble.rule
    return not any(
        each.rule == rule and each.kind == "blocked" for each in troubles(witness.terms, kind, witness.end, use)
    )


def _witnesses(found: Examined) -> Iterator[Bite | Clash]:
    """What blocks, in all alternatives, where anything blocks at all."""
    if found.blocked:
        for alternatives in found.bites.values():
            yield from (bite for each in alternatives for bite in each if bite.trouble.kind == "blocked")
        yield from (clash for clash in found.clashes if clash.kind == "blocked")


def _owners(witness: Bite | Clash) -> tuple[str, ...]:
    return (witness.one.asset, witness.other.asset) if isinstance(witness, Clash) else (witness.asset,)


def _said(graph: Graph, done: Sequence[Action]) -> list[str]:
    """What is to be done; what is the same for several assets once."""
    several: dict[str, list[str]] = {}
    for each in done:
        label = graph.label(each.asset) if each.asset else ""
        same = each.kind in SEVERAL and each.words == asset_words(each.kind, label)
        several.setdefault(each.kind if same else f"={each.words or each.key}", []).append(label)
    return [
        kind[1:] if kind.startswith("=") else several_words(kind, labels)  # type: ignore[arg-type]
        for kind, labels in several.items()
    ]


def _repair(graph: Graph, done: Sequence[Action], proven: bool) -> Repair:
    known = sum(each.cost for each in done if each.cost is not None)
    unknown = any(each.cost is None for each in done)
    days, chance = max(each.days for each in done), 1.0
    for each in done:
        chance *= each.chance
    said = join(_said(graph, done))
    cost = (
        ("at least " + amount(known) + ", the rest not known" if known else "cost not known")
        if unknown
        else amount(known)
    )
    takes = (
        [cost]
        + ([f"{amount(days)} days"] if days else [])
        + ([f"works out with {percent(chance)}"] if chance < 1 else [])
    )
    doubt = "" if proven else " There may be a cheaper way: the search was stopped."
    words = f"{said[:1].upper()}{said[1:]}: {', '.join(takes)}.{doubt}"
    return Repair(tuple(done), None if unknown else known, known, days, chance, words, proven)
