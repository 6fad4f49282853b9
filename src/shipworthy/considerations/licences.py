"""Data licences: may everything in the product be used as it is going to be, what stands in the way, what clears it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from shipworthy.calculators.licence_flow import Asset, Clearance, Flow, Issue
from shipworthy.calculators.licence_repair import Price, Repair, actions, applied, repairs
from shipworthy.calculators.licence_terms import Use
from shipworthy.considerations import licences_figures as charts
from shipworthy.considerations import licences_words as wording
from shipworthy.considerations.base import Consideration, Draws, Evaluation, Figure, View, Words
from shipworthy.considerations.licences_made import Made, clearance, made_of, use_of
from shipworthy.considerations.licences_questions import WAYS, Questions
from shipworthy.considerations.show import mean, missing_words
from shipworthy.considerations.world import RowView
from shipworthy.errors import InputError
from shipworthy.words import one_line, percent, plain

_LIMITS = {"users": "licences.users", "revenue": "licences.revenue"}
_Prices = tuple[tuple[str, tuple[tuple[str, Price], ...]], ...]


class Licences(Consideration):
    """Terms kept as data, carried along the graph of what the product is made of."""

    key, order = "licences", 400
    name = "Data licences"
    title = "May we use what it is made of?"
    lead = "Terms travel: from a site to the data collected there, to the model tuned on them, to the product. Ask before building on them."
    formula = (
        "open points = what blocks and is not cleared + what hangs on a fact, where the fact turns out badly; live only where no more than "
        "allowed are open"
    )
    source = (
        "Table of licences and terms, each with its source, date and how far it was checked; expressions read by license-expression; pairs of "
        "software licences by the OSADL compatibility matrix (CC BY 4.0, OSADL eG). Not legal advice."
    )
    Questions = Questions
    shows = ("explainability.automation",)

    def evaluate(self, view: View) -> Evaluation:
        """Points that stay open on the draws, the gate, and what clearing costs and takes."""
        theirs = view.word("theirs")
        result = Evaluation(notes={"theirs": theirs})
        if theirs == "no":
            result.margins["cleared"] = view.requirement("cleared").limit
        if theirs != "yes":
            return result
        try:
            self._made(view, result)
        except InputError as problem:
            result.notes["problem"] = str(problem)
            view.missing["licences.assets"] = None
        return result

    def _made(self, view: View, result: Evaluation) -> None:
        """Carry the terms along the graph and count what stays open."""
        made = made_of(view)
        if made is None:
            view.missing["licences.assets"] = None
            return
        use = use_of(view)
        found = clearance(made.assets, made.flows, use)
        result.notes.update(made=made, use=use, found=found, personal=_personal(view))
        if found.of("unknown"):
            view.missing["licences.assets"] = None
        works = self._repaired(view, result)
        still: Draws = 0.0
        if not (isinstance(works, float) and works == 1.0):
            still = (1.0 - np.asarray(works)) * (len(found.of("blocked")) + np.asarray(self._hang(view, result, found)))
        if not (isinstance(works, float) and works == 0.0):
            assets, flows, _ = applied(made.assets, made.flows, use, result.notes["priced"].actions)
            after = clearance(tuple(assets), tuple(flows), use)
            still = still + np.asarray(works) * np.asarray(self._hang(view, result, after))
        if result.notes["personal"]:
            fine = 0.0 if result.notes["personal"] == "blocked" else view.number("doubt")
            still = still + (1.0 - np.asarray(fine))
            if np.all(np.equal(fine, 1.0)):
                result.notes["personal"] = "settled"
        result.figures["open"] = still
        result.margins["cleared"] = margin = view.requirement("cleared").limit - np.asarray(still, dtype=np.float64)
        result.terms["gate_open"] = np.where(margin >= 0, 1.0, 0.0)

    def _hang(self, view: View, result: Evaluation, found: Clearance) -> Draws:
        """How many of the facts on which it hangs turn out badly, in each draw; notes those that the answers settle."""
        badly: Draws = 0.0
        for issue in found.of("conditional"):
            holds = self._holds(view, issue)
            if holds is not None:
                badly = badly + (1.0 - np.asarray(holds))
                for state, value in (("settled", 1.0), ("against", 0.0)):
                    if np.all(np.equal(holds, value)):
                        result.notes[state] = (*result.notes.get(state, ()), issue)
        return badly

    def _holds(self, view: View, issue: Issue) -> Draws | None:
        """Whether what an issue hangs on turns out well, in each draw; None where the team was asked and does not know."""
        key = "licences.competes" if issue.rule == "competing" and not view.peek("competes") else ""
        if issue.limit is not None:
            key = _LIMITS[issue.limit[0]]
        if key:
            view.need(key)
            if not view.known(key):
                return None
        if issue.limit is None:
            return view.number("doubt")
        quantity, most = issue.limit
        value = view.number(key)
        if quantity == "revenue":  # the table's limits are in US dollars
            value = value / np.maximum(view.number("value_stream.usd_rate"), 1e-12)
        return np.where(np.asarray(value) <= most, 1.0, 0.0)[()]

    def _repaired(self, view: View, result: Evaluation) -> Draws:
        """Whether the cheapest priced repair works, in each draw; its cost and days are entered. 0 where there is none."""
        made, use = result.notes["made"], result.notes["use"]
        rows = _ways(view, made) if result.notes["found"].of("blocked") else {}
        result.notes["repairs"] = found = _repairs(made.assets, made.flows, use, _prices(rows), False)
        result.notes["smallest"] = _chosen(found, view)
        priced = _chosen(_repairs(made.assets, made.flows, use, _prices(rows), True), view)
        result.notes["priced"] = priced
        if priced is None or view.word("repair") == "leave":
            return 0.0
        cost: Draws = 0.0
        days: Draws = 0.0
        works: Draws = 1.0
        for each in priced.actions:
            row = rows[str(each.asset), each.kind]
            cost = cost + row.number("cost")
            days = np.maximum(days, row.number("days"))
            works = works * row.number("chance", 1.0)
        result.terms.update(repair_cost=cost, repair_days=days)
        return works

    # ---- in words

    def words(self, view: View, result: Evaluation) -> Words:
        """Clear or not, by which asset and on which way; what clears it; what it obliges to; what to ask."""
        if problem := result.notes.get("problem"):
            return Words(str(problem))
        if result.notes["theirs"] == "no":
            return Words("Everything in it is your own, or a service used for what it is sold for.")
        if "found" not in result.notes:
            return Words(missing_words(view, result, "whether it may be used"))
        said = wording.words(view, result)
        if result.missing and not result.notes["found"].issues:
            return replace(said, headline=missing_words(view, result, "whether it may be used"))
        return said

    def table(
        self, evaluations: Mapping[str, Evaluation], view: Callable[[str], View]
    ) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
        """What blocks, what hangs on a fact, what is to be done, and the smallest change that clears it."""
        rows: list[tuple[str, ...]] = []
        for option, result in evaluations.items():
            found: Clearance | None = result.notes.get("found")
            if found is None or "cleared" not in result.margins:
                continue
            best, personal = result.notes["smallest"], result.notes["personal"]
            chance = percent(mean(np.greater_equal(result.margins["cleared"], 0.0)))
            numbers = (
                plain(len(found.of("blocked")) + (personal == "blocked")),
                plain(len(wording.open_facts(result)) + (personal == "conditional")),
                plain(len(found.obligations)),
            )
            rows.append((option, chance, *numbers, one_line(best.words, 90) if best else "–"))
        return ("May be used", "Blocked by", "Hang on a fact", "Obligations", "Smallest change that clears it"), rows

    def figures(self, view: View, evaluations: Mapping[str, Evaluation]) -> Iterator[Figure]:
        """What goes into what, and the way by which something blocks."""
        result = evaluations.get(view.option)
        if result is not None and "found" in result.notes:
            yield charts.flow(result)


def _chosen(found: tuple[Repair, ...], view: View) -> Repair | None:
    """The cheapest that works out as surely as is asked for, else the one that is most likely to."""
    asked = view.requirement("cleared").confidence
    sure = [each for each in found if each.chance >= asked]
    return sure[0] if sure else max(found, key=lambda each: each.chance, default=None)


def _personal(view: View) -> str:
    """How the people in the data stand to what is done with them: nothing, conditional (later perhaps settled) or blocked."""
    if view.word("basis") in ("", "none"):
        return ""
    return {"other": "blocked", "compatible": "conditional"}.get(view.word("purpose"), "")


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


def _prices(rows: Mapping[tuple[str, str], RowView]) -> _Prices:
    by_asset: dict[str, list[tuple[str, Price]]] = {}
    for (asset, way), row in rows.items():
        price = Price(mean(row.number("cost")), mean(row.number("days")), mean(row.number("chance", 1.0)))
        by_asset.setdefault(asset, []).append((way, price))
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
