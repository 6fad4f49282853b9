"""How long the licences of a large product take: clearing it, and the search for the cheapest repairs."""

import random
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from bench.measure import Row, at_most, median, timed
from shipworthy.calculators.licence_flow import Asset, Flow, cleared
from shipworthy.calculators.licence_repair import Action, Kind, Price, actions, repairs
from shipworthy.calculators.licence_terms import Terms, Use

ASSETS, BLOCKING, TIMES, LIMIT_MS = 200, 12, 25, 100.0
_FREE = Terms("by", "Attribution only", "data", attribution=True, clause="section 3")
_SHARED = Terms("sa", "Share alike", "data", share_alike="adapted", reaches_models="unsettled", attribution=True)
_BARRED = Terms("nc", "Non-commercial", "data", commercial="no", training="non_commercial", clause="section 2")
_USE = Use(True, "distributed", frozenset({"EU", "US"}), frozenset({"medical"}), "none")

Case = tuple[list[Asset], list[Flow], list[Action]]


def rows() -> Iterator[Row]:
    """Clearing 200 assets, and the five best repairs where twelve of them block, each on one way and on many."""
    for name, ways in (("one way each", 1), ("up to four ways each", 4)):
        assets, flows, could = case(ways)
        found = repairs(assets, flows, _USE, could)
        blocking = {issue.asset for issue in cleared(assets, flows, _USE).of("blocked")}
        if len(blocking) != BLOCKING or len(found) != 5 or not found[0].proven:
            raise RuntimeError(
                f"{len(blocking)} assets block, {len(found)} repairs were found: the case is not the one meant."
            )
        clearing = partial(cleared, assets, flows, _USE)
        yield at_most(f"licences of {ASSETS} assets cleared, {name}", _milliseconds(clearing), LIMIT_MS, "ms")
        what = f"five best repairs of {ASSETS} assets, {BLOCKING} of them blocking, {len(could)} actions, {name}"
        yield at_most(what, _milliseconds(partial(repairs, assets, flows, _USE, could)), LIMIT_MS, "ms")
        yield _unpriced(assets, flows, name)


def _unpriced(assets: list[Asset], flows: list[Flow], name: str) -> Row:
    """The same search where nothing has a price: doing without something is among what is found."""
    could = actions(assets, flows, _USE)
    found = repairs(assets, flows, _USE, could)
    if not any(all(each.kind == "drop" for each in repair.actions) for repair in found):
        raise RuntimeError("Nothing to do without was found: the case is not the one meant.")
    what = f"repairs of {ASSETS} assets, {BLOCKING} of them blocking, {len(could)} actions without a price, {name}"
    return at_most(what, _milliseconds(partial(repairs, assets, flows, _USE, could)), LIMIT_MS, "ms")


def _milliseconds(run: Callable[[], object]) -> float:
    return 1000 * median([timed(run) for _ in range(TIMES)])


def case(ways: int, seed: int = 3) -> Case:
    """Sources, data sets and models in layers: sources are collected into sets, sets train models, models ship."""
    dice = random.Random(seed)
    models = [Asset(f"m{at}", f"Model {at}", "model") for at in range(20)]
    sets = [Asset(f"d{at}", f"Set {at}", "data", ((dice.choice((_FREE, _FREE, _SHARED)),),)) for at in range(80)]
    sources = [Asset(f"s{at}", f"Source {at}", "source", ((_FREE,),)) for at in range(ASSETS - 100)]
    barred = dice.sample(range(len(sources)), BLOCKING)
    for at in barred:
        sources[at] = Asset(f"s{at}", f"Source {at}", "source", ((_BARRED,),))
    flows = [Flow(each.id, "ships", "product") for each in models]
    for each in sets:
        flows += [Flow(each.id, "trains", target.id) for target in dice.sample(models, dice.randint(1, ways))]
    for each in sources:
        flows += [Flow(each.id, "collected", target.id) for target in dice.sample(sets, dice.randint(1, ways))]
    assets = [*sources, *sets, *models]
    kinds: tuple[Kind, ...] = ("drop", "replace", "buy", "ask")
    prices: dict[str, Mapping[Kind, Price]] = {
        each.id: {
            kind: Price(float(dice.randint(1, 90) * 1000), dice.randint(1, 60))
            for kind in kinds[: 2 if each in sets else 4]
        }
        for each in [*sets, *sources]
    }
    could = actions(assets, flows, _USE, {**prices, **{each.id: {} for each in models}}, {"non_commercial": Price(4e6)})
    return assets, flows, could
