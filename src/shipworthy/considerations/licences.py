"""Data licences: may everything in the product be used as it is going to be, what stands in the way, what clears it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import numpy as np

from shipworthy.calculators.licence_flow import Clearance
from shipworthy.considerations import licences_figures as charts
from shipworthy.considerations import licences_words as wording
from shipworthy.considerations.base import Consideration, Draws, Evaluation, Figure, View, Words
from shipworthy.considerations.licences_made import clearance, made_of, use_of
from shipworthy.considerations.licences_open import Open
from shipworthy.considerations.licences_questions import Questions
from shipworthy.considerations.licences_repair import Plan, searched, settle
from shipworthy.considerations.show import mean, missing_words
from shipworthy.errors import InputError
from shipworthy.words import one_line, percent, plain

_ANSWERS = tuple(f"licences.{each}" for each in ("assets", "competes", "users", "revenue", "purpose", "doubt"))
"""Answers without which nothing certain can be said, unless something blocks."""


class Licences(Consideration):
    """Terms kept as data, carried along the graph of what the product is made of."""

    key, order = "licences", 400
    name = "Data licences"
    title = "May we use what it is made of?"
    lead = "Terms travel: from a site to the data collected there, to the model tuned on them, to the product. Ask before building on them."
    formula = (
        "open points = what blocks and is not cleared + what hangs on a fact or is not known, where that turns out badly; live only where no more than "
        "allowed are open"
    )
    source = (
        "Table of licences and terms, each with its source, date and how far it was checked; expressions read by license-expression; pairs of "
        "software licences by the OSADL compatibility matrix (CC BY 4.0, OSADL eG). Not legal advice."
    )
    Questions = Questions
    shows = ("explainability.automation",)
    charts_failing = True

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
            result.terms["gate_open"] = 0.0  # a list that cannot be read is no permission
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
        personal, limit = result.notes["personal"], view.requirement("cleared").limit
        plan = searched(view, result)
        states = [found] if plan.after in (None, found) else [found, plan.after]
        points = Open(view, result, states, personal == "conditional")
        settle(view, result, plan, points)
        result.notes["questions"] = points.questions
        still = _points(points, found, plan)
        if personal:
            fine = 0.0 if personal == "blocked" else points.people()
            still = still + (1.0 - np.asarray(fine))
            if np.all(np.equal(fine, 1.0)):
                result.notes["personal"] = "settled"
        certain = (0 if plan.after else len(found.of("blocked"))) + (personal == "blocked")
        if certain > limit:  # what is certain needs no further answers
            for key in _ANSWERS:
                view.missing.pop(key, None)
        elif any(each.asset not in plan.settled for each in (plan.after or found).of("unknown")):
            view.missing["licences.assets"] = None
        result.figures["open"] = still
        result.margins["cleared"] = margin = limit - np.asarray(still, dtype=np.float64)
        result.terms["gate_open"] = np.where(margin >= 0, 1.0, 0.0)

    # ---- in words

    def words(self, view: View, result: Evaluation) -> Words:
        """Clear or not, by which asset and on which way; what clears it; what it obliges to; what to ask."""
        if problem := result.notes.get("problem"):
            return Words(str(problem), ("Until then it counts as not cleared, and does not go live.",))
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
            best, personal = result.notes["smallest"] or result.notes.get("counted"), result.notes["personal"]
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


def _points(points: Open, found: Clearance, plan: Plan) -> Draws:
    """How many points stay open in each draw: with what is done where it works, as things stand where it does not."""
    still: Draws = 0.0
    if not (isinstance(plan.works, float) and plan.works == 1.0):
        as_it_is = len(found.of("blocked")) + np.asarray(points.badly(found, {}))
        still = (1.0 - np.asarray(plan.works)) * as_it_is
    if plan.after is not None and not (isinstance(plan.works, float) and plan.works == 0.0):
        still = still + np.asarray(plan.works) * np.asarray(points.badly(plan.after, plan.settled))
    return still


def _personal(view: View) -> str:
    """How the people in the data stand to what is done with them: nothing, conditional (later perhaps settled) or blocked."""
    if view.word("basis") in ("", "none"):
        return ""
    return {"other": "blocked", "compatible": "conditional"}.get(view.word("purpose"), "")
