"""What clears a product: the smallest change, the ways that are priced, and what they cost and take on the draws."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from shipworthy.calculators.licence_flow import Asset, Clearance, Flow
from shipworthy.calculators.licence_repair import (
    Action,
    Kind,
    Price,
    Repair,
    actions,
    applied,
    asset_words,
    repairs,
    together,
)
from shipworthy.calculators.licence_terms import Use
from shipworthy.considerations.base import Draws, Evaluation, View
from shipworthy.considerations.licences_made import Made, clearance
from shipworthy.considerations.licences_open import Open
from shipworthy.considerations.licences_questions import WAYS
from shipworthy.considerations.show import mean
from shipworthy.considerations.world import RowView
from shipworthy.errors import InputError
from shipworthy.words import one_line

Rows = Mapping[tuple[str, str], RowView]
_Prices = tuple[tuple[str, tuple[tuple[str, Price], ...]], ...]
_SETTLES: tuple[Kind, ...] = ("buy", "ask", "replace")
"""Ways that end what hangs on a fact, too."""


@dataclass
class Plan:
    """What is done about what stands in the way, and whether it works in each draw."""

    rows: Rows = field(default_factory=dict)
    priced: Repair | None = None
    """The set of priced ways that ends what blocks; None where there is none, or it is left as it is."""
    works: Draws = 0.0
    """Whether that works."""
    after: Clearance | None = None
    """The product once it has."""
    settling: tuple[Action, ...] = ()
    """Ways that end a point that is open."""
    settled: dict[str, Draws] = field(default_factory=dict)
    """By asset: whether they work."""
    left: bool = False
    """Whether it is left as it is."""

    @property
    def done(self) -> tuple[Action, ...]:
        """All that is counted."""
        return (*(self.priced.actions if self.priced else ()), *self.settling)


def searched(view: View, result: Evaluation) -> Plan:
    """Look for what clears the product; the smallest change goes into the notes, whether it is priced or not."""
    made, use, found = result.notes["made"], result.notes["use"], result.notes["found"]
    plan = Plan(_ways(view, made) if found.issues else {}, left=view.word("repair") == "leave")
    result.notes["repairs"] = every = _repairs(made.assets, made.flows, use, _prices(plan.rows), False)
    result.notes["smallest"] = chosen(every, view)
    result.notes["priced"] = best = chosen(_repairs(made.assets, made.flows, use, _prices(plan.rows), True), view)
    result.notes["plan"] = plan
    if not found.of("blocked"):
        plan.works, plan.after = 1.0, found
    elif best is not None and not plan.left:
        assets, flows, _ = applied(made.assets, made.flows, use, best.actions)
        plan.priced, plan.works = best, _together(plan.rows, best.actions)
        plan.after = clearance(tuple(assets), tuple(flows), use)
    return plan


def settle(view: View, result: Evaluation, plan: Plan, still: Open) -> None:
    """Choose the priced ways that end what is open after the rest is done, and enter what everything costs and takes."""
    if plan.after is not None and not plan.left:
        for issue in still.hangs(plan.after):
            asset = issue.asset
            taken = {each.asset for each in plan.done}
            way = None if asset in taken or issue.with_asset in taken else _settling(view, result, plan.rows, asset)
            if way is not None:
                plan.settling += (way,)
                plan.settled[asset] = _chance(plan.rows, way)
    cost: Draws = 0.0
    days: Draws = 0.0
    for each in plan.done:
        row = plan.rows[str(each.asset), each.kind]
        cost = cost + row.number("cost")
        days = np.maximum(days, row.number("days"))
    if plan.done:
        result.notes["counted"] = together(result.notes["made"].assets, result.notes["made"].flows, plan.done)
        result.terms.update(repair_cost=cost, repair_days=days)


def chosen(found: tuple[Repair, ...], view: View) -> Repair | None:
    """The cheapest that works out as surely as is asked for, else the cheapest of those that most likely do."""
    asked = round(view.requirement("cleared").confidence, 9)
    sure = [each for each in found if round(each.chance, 9) >= asked]
    return sure[0] if sure else max(found, key=lambda each: round(each.chance, 9), default=None)


def _settling(view: View, result: Evaluation, rows: Rows, asset: str) -> Action | None:
    """The priced way that settles what is open about an asset: sure and cheap, as :func:`chosen`."""
    names = {each.id: each.label for each in result.notes["made"].assets}
    could = [
        Action(f"{kind}:{asset}", kind, asset, price.cost, price.days, price.chance, asset_words(kind, names[asset]))
        for kind in _SETTLES
        if (asset, kind) in rows and (price := _price(rows[asset, kind])).chance > 0
    ]
    could.sort(key=lambda each: (each.cost or 0.0, each.days))
    asked = round(view.requirement("cleared").confidence, 9)
    sure = [each for each in could if round(each.chance, 9) >= asked]
    return sure[0] if sure else max(could, key=lambda each: round(each.chance, 9), default=None)


def _together(rows: Rows, done: tuple[Action, ...]) -> Draws:
    works: Draws = 1.0
    for each in done:
        works = works * _chance(rows, each)
    return works


def _chance(rows: Rows, action: Action) -> Draws:
    return rows[str(action.asset), action.kind].number("chance", 1.0)


def _ways(view: View, made: Made) -> dict[tuple[str, str], RowView]:
    """Priced ways out by asset and kind."""
    found: dict[tuple[str, str], RowView] = {}
    ids = {each.id for each in made.assets}
    for row in view.rows("ways") if view.known("ways") else ():
        asset, way = " ".join(row.word("asset").casefold().split()), row.word("way")
        if asset and asset not in ids:
            raise InputError(
                f"Ways out: “{one_line(row.word('asset'), 60)}” is not in the list of what it is made of; type the name of one of its rows."
            )
        if asset and way and row.known("cost"):
            if (asset, way) in found:
                name = one_line(row.word("asset"), 60)
                raise InputError(f"Ways out: “{WAYS[way]}” is priced twice for “{name}”: keep one of the two rows.")
            found[asset, way] = row
    return found


def _price(row: RowView) -> Price:
    chance = row.row.cells.get("chance")  # as it was typed: a mean over draws is not quite that
    typed = float(chance) if isinstance(chance, float | int) else mean(row.number("chance", 1.0))
    return Price(mean(row.number("cost")), mean(row.number("days")), typed)


def _prices(rows: Rows) -> _Prices:
    by_asset: dict[str, list[tuple[str, Price]]] = {}
    for (asset, way), row in rows.items():
        by_asset.setdefault(asset, []).append((way, _price(row)))
    return tuple((asset, tuple(found)) for asset, found in by_asset.items())


@lru_cache(maxsize=64)
def _repairs(
    assets: tuple[Asset, ...], flows: tuple[Flow, ...], use: Use, prices: _Prices, priced: bool
) -> tuple[Repair, ...]:
    """The smallest changes that clear it; only such as are priced, or all that there are."""
    given: dict[str, Any] = {asset: dict(found) for asset, found in prices}
    if priced:
        given = {each.id: given.get(each.id, {}) for each in assets}
    could = actions(assets, flows, use, given, {} if priced else None)
    return tuple(repairs(assets, flows, use, could))
