"""What terms say to one asset in one state for one use: where they bite, and what they ask for.

``{asset}`` stands for the asset's name. A rule never looks at other assets: pairs are in ``_licence_pairs``.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

from shipworthy.calculators._licence_graph import State
from shipworthy.calculators.licence_terms import FIELDS, UNSPECIFIED, Terms, Use
from shipworthy.words import amount, join

Severity = Literal["blocked", "conditional", "unknown"]
DATA = ("data", "source", "outputs")
HELD = ("in", "output")
"""The asset itself is used, or its answers are."""


class Trouble(NamedTuple):
    """Where terms bite: the rule, how hard, what they bite, and the fact or the limit that decides."""

    rule: str
    kind: Severity
    bites: str
    fact: str | None = None
    limit: tuple[str, float] | None = None


class Duty(NamedTuple):
    """What terms ask for, as a sentence to follow, and why."""

    what: str
    sentence: str
    why: str


def reach(terms: Terms, state: State) -> str:
    """Whether terms still bind what an asset has become: yes, no or unsettled."""
    if state.tested or state.made == "tool":
        return "no"
    if state.made in HELD:
        return "yes"
    if state.made == "learned":
        return terms.reaches_models
    if not terms.reaches_distilled:
        return "no"
    return "yes" if state.made == "distilled" else terms.reaches_models


def shared(share_alike: str, use: Use) -> bool:
    """Whether a share-alike rule is triggered by how the product is delivered.

    >>> [shared("network", Use(True, each)) for each in ("internal", "served", "distributed")]
    [False, True, True]
    >>> shared("work", Use(True, "served")), shared("none", Use(True, "distributed"))
    (False, False)
    """
    if use.delivery == "served":
        return share_alike == "network"
    return use.delivery == "distributed" and share_alike != "none"


@lru_cache(maxsize=8192)
def troubles(terms: Terms, kind: str, state: State, use: Use) -> tuple[Trouble, ...]:
    """Where terms bite an asset of that kind in that state."""
    if terms.licence == UNSPECIFIED:
        return (_nothing_granted(terms, state),)
    found: list[Trouble] = []
    for rule in (_commercial, _limits, _territory, _fields, _policy, _training, _outputs, _changes, _reach):
        found.extend(rule(terms, kind, state, use))
    return tuple(found)


def _nothing_granted(terms: Terms, state: State) -> Trouble:
    bites = "any use: no licence was found, so nothing was granted, and unspecified is not permission"
    if state.tested and state.made == "in":
        return Trouble("granted", "conditional", bites, "whether {asset} may be used for a test without a licence")
    return Trouble("granted", "blocked", bites, terms.fact or None)


def _commercial(terms: Terms, kind: str, state: State, use: Use) -> Iterator[Trouble]:
    if not use.commercial or terms.commercial == "yes":
        return
    if terms.commercial == "no":
        bites = "commercial use"
        if state.made in HELD and state.tested:
            fact = "whether testing with {asset} for a commercial product counts as commercial use of it"
            yield Trouble("commercial", "conditional", bites, fact)
        elif state.made not in ("output", "distilled"):
            yield Trouble("commercial", "blocked", bites)
        elif terms.outputs != "non_commercial":
            fact = "whether making outputs with {asset} for a commercial product counts as commercial use of it"
            yield Trouble("commercial", "conditional", bites, fact)
    elif not (terms.limits or terms.fact or terms.policy):
        fact = "which commercial use of {asset} its terms allow"
        yield Trouble("commercial", "conditional", "commercial use that goes beyond what was agreed", fact)


def _limits(terms: Terms, kind: str, state: State, use: Use) -> Iterator[Trouble]:
    if terms.users_most is not None:
        bites = f"use with more than {amount(terms.users_most)} users a month"
        yield Trouble("users", "conditional", bites, limit=("users", terms.users_most))
    if terms.revenue_most is not None and use.commercial:
        bites = f"commercial use by whoever earns more than {amount(terms.revenue_most)} USD a year"
        yield Trouble("revenue", "conditional", bites, limit=("revenue", terms.revenue_most))
    if terms.fact and not terms.closed_in and _asked(terms, kind, state, use):
        yield Trouble("fact", "conditional", "this use", terms.fact)


def _asked(terms: Terms, kind: str, state: State, use: Use) -> bool:
    """Whether a row's fact matters here: one about competing or outputs only where a model learns from those."""
    if "production" in terms.fields_barred:
        return False  # it decides about production: see _fields
    if "competes" in terms.fact or "competing" in terms.fact:
        return _outputs_learned(kind, state) and use.competes in ("model", "product")
    return terms.kind == "status" or "outputs" not in terms.fact or _outputs_learned(kind, state)


def _territory(terms: Terms, kind: str, state: State, use: Use) -> Iterator[Trouble]:
    if terms.closed_in and not use.regions:
        where = " or ".join(sorted(terms.closed_in))
        yield Trouble(
            "territory", "conditional", f"use in {where}", terms.fact or f"whether {{asset}} is used in {where}"
        )
    for region in sorted(terms.closed_in & use.regions):
        fact = terms.fact or (f"whether testing with {{asset}} counts as use in {region}" if state.tested else None)
        yield Trouble(f"territory:{region}", "conditional" if fact else "blocked", f"use in {region}", fact)


def _fields(terms: Terms, kind: str, state: State, use: Use) -> Iterator[Trouble]:
    how = reach(terms, state)
    for code in sorted(terms.fields_barred & (use.fields | {"production"})):
        if code == "automated_decisions" and use.human_decides:
            continue
        if how == "yes" and code == "production" and terms.fact:
            yield Trouble(f"field:{code}", "conditional", FIELDS[code], terms.fact)
        elif how == "yes":
            yield Trouble(f"field:{code}", "blocked", FIELDS[code])
        elif how == "unsettled":
            yield Trouble(f"field:{code}", "conditional", FIELDS[code], _derived(terms))
        elif code == "production" and state.made == "tool":
            fact = "whether building a product with {asset} counts as use in production"
            yield Trouble(f"field:{code}", "conditional", FIELDS[code], fact)


def _policy(terms: Terms, kind: str, state: State, use: Use) -> Iterator[Trouble]:
    """Fields that a policy of acceptable use may bar, where the row does not hold what it says of them."""
    if not terms.policy or terms.policy_read or "barred uses" in terms.fact or reach(terms, state) == "no":
        return
    open_ones = sorted(use.fields - terms.fields_barred - {"production"})
    if use.human_decides and "automated_decisions" in open_ones:
        open_ones.remove("automated_decisions")
    if open_ones:
        bites = join([FIELDS[code] for code in open_ones])
        read = "only in part" if terms.fields_barred or "use policy:" in terms.clause else "not"
        fact = f"whether the use policy of {{asset}}, which was {read} read here, allows {bites}"
        yield Trouble("policy", "conditional", bites, fact)


def _training(terms: Terms, kind: str, state: State, use: Use) -> Iterator[Trouble]:
    if state.made in ("learned", "far"):
        if terms.training in ("no", "permission"):
            bites = "training a model on it" + (" without permission" if terms.training == "permission" else "")
            yield Trouble("training", "blocked", bites)
        elif terms.training == "non_commercial" and use.commercial and terms.commercial != "no":
            yield Trouble("training", "blocked", "training a model on it for a commercial purpose")
        elif terms.training == "unclear":
            yield Trouble(
                "training", "conditional", "training a model on it", "whether {asset} may be used to train a model"
            )
    elif state == State("tool") and terms.training in ("unclear", "no", "permission"):
        fact = "whether {asset} is only run to train the model, or is itself what the model learns from"
        yield Trouble("training", "conditional", "training a model with it", fact)
    elif state == State(tested=True) and kind in DATA and terms.training in ("no", "permission"):
        fact = "whether testing a model with {asset}, without training on it, is allowed"
        yield Trouble("testing", "conditional", "work on a model with it", fact)


def _outputs(terms: Terms, kind: str, state: State, use: Use) -> Iterator[Trouble]:
    """What the outputs of a model or a service may be used for; data may be outputs as well and carry such terms."""
    made, service, learned = terms.outputs, kind in ("model", "service"), _outputs_learned(kind, state)
    sold = state.made in ("output", "distilled") or (learned and terms.commercial != "no")
    if made == "non_commercial" and use.commercial and sold:
        yield Trouble("outputs", "blocked", "commercial use of its outputs")
    elif made in ("no_competing_model", "no_competing_product"):
        yield from _competing(terms, kind, state, use)
    elif made in ("no", "no_other_llm"):
        other = made == "no_other_llm"
        if other and use.language_model is False:
            return
        bites = "training another language model on its outputs" if other else "training another model on its outputs"
        unknown = (
            "whether what learns from {asset} is a large language model"
            if other and use.language_model is None
            else None
        )
        if learned:
            yield Trouble("outputs", "conditional" if unknown else "blocked", bites, unknown)
        elif service and state == State(tested=True):
            fact = unknown or "whether testing with the answers of {asset} counts as improving another model"
            yield Trouble("outputs", "conditional", bites, fact)


def _competing(terms: Terms, kind: str, state: State, use: Use) -> Iterator[Trouble]:
    """A model that competes with the provider, or a product that does. It is another thing than commercial use."""
    product = terms.outputs == "no_competing_product"
    service, learned = kind in ("model", "service"), _outputs_learned(kind, state)
    used = product and kind == "service" and state.made in HELD
    if use.competes == "none" or not (learned or used or (service and state == State(tested=True))):
        return
    what = "product or service" if product else "model"
    bites = f"building a {what} that competes with its provider, which is not the same as commercial use"
    fact = None
    if use.competes == "unknown":
        fact = f"whether the {what} that is built competes with the provider of {{asset}}"
    elif state.tested:
        fact = f"whether testing with {{asset}} counts as building a {what} that competes with its provider"
    elif product and use.competes == "model":
        fact = (
            "whether a model that competes is already a product or service that competes with the provider of {asset}"
        )
    yield Trouble("competing", "conditional" if fact else "blocked", bites, fact)


def _outputs_learned(kind: str, state: State) -> bool:
    """Whether a model learned from outputs: of this model or service, or this data where it holds outputs."""
    return state.made == "distilled" or (state.made in ("learned", "far") and kind in DATA)


def _changes(terms: Terms, kind: str, state: State, use: Use) -> Iterator[Trouble]:
    if terms.derivatives == "yes":
        return
    handed_out = use.delivery == "distributed" and not state.tested
    if state.changed and terms.derivatives == "unclear":
        yield Trouble("changes", "conditional", "changing it", "whether {asset} may be changed")
    elif state.changed and terms.derivatives == "no":
        yield Trouble("changes", "blocked", "changing it")
    elif state.changed and state.made == "in" and handed_out:
        yield Trouble("changes", "blocked", "handing out a changed version")
    elif (
        state.made == "learned"
        and terms.training not in ("no", "permission")
        and terms.derivatives in ("no", "private")
    ):
        bound = handed_out if terms.derivatives == "private" else not state.tested
        if bound and terms.reaches_models == "yes":
            yield Trouble(
                "changes", "blocked", "handing out a model made from it" if handed_out else "making a model from it"
            )
        elif bound and terms.reaches_models == "unsettled":
            yield Trouble("changes", "conditional", "making something new from it", _derived(terms))


def _reach(terms: Terms, kind: str, state: State, use: Use) -> Iterator[Trouble]:
    """Share-alike whose reach nobody has settled."""
    if state.made in ("learned", "far") and shared(terms.share_alike, use) and reach(terms, state) == "unsettled":
        bites = (
            "offering a model that was made from it over a network without its source"
            if terms.share_alike == "network"
            else "handing out a model that was made from it under other terms: share-alike sets the terms of what is shared"
        )
        yield Trouble("share_alike", "conditional", bites, _derived(terms))


def _derived(terms: Terms) -> str:
    return f"whether a model trained on {{asset}} counts as made from it under {terms.name}"


_SHARE: dict[str, str] = {
    "file": "Publish the changes made to files of {asset}, under the same licence.",
    "library": "Publish {asset} with the changes made to it under the same licence, and let people relink it.",
    "work": "Publish the source of the whole work that contains {asset}, under the same licence.",
    "network": "Offer the source of a changed {asset}, and of the work that contains it, also to those who use it over a network.",
    "data": "Publish the data base that was made from {asset}, or the changes to it, under the same licence.",
    "adapted": "Where you share what was adapted from {asset}, do it under the same licence.",
}
_FLOW_DOWN = (
    "Put the limits of use of {asset} into the terms that the product is handed out under, and pass on its licence."
)


@lru_cache(maxsize=8192)
def duties(terms: Terms, kind: str, state: State, use: Use) -> tuple[Duty, ...]:
    """What terms ask for of an asset of that kind in that state. Nothing is asked where they bind no longer."""
    how = reach(terms, state)
    outputs_named = state.made == "distilled" and not state.tested and terms.outputs in ("named", "terms")
    if (how == "no" and not outputs_named) or terms.licence == UNSPECIFIED:
        return ()
    return tuple(_duties(terms, kind, state, use, how))


def _duties(terms: Terms, kind: str, state: State, use: Use, how: str) -> Iterator[Duty]:
    handed_out, internal = use.delivery == "distributed", use.delivery == "internal"

    def cited(what: str) -> str:
        return terms.cited_for(what)

    served = not internal and kind not in ("code", "model", "service") and how == "yes"
    if state.made in ("in", "learned") and (handed_out or served):
        unsettled = (
            "; whether a model counts as made from what it learned from is unsettled, and naming costs little"
            if how == "unsettled"
            else ""
        )
        if terms.attribution:
            sentence = f"Name {{asset}}, its authors and its licence, {terms.name}."
            yield Duty("attribution", sentence, cited("attribution") + unsettled)
        if terms.notice and how == "yes":
            yield Duty("notice", f"Ship with {{asset}}: {terms.notice.rstrip('. ')}.", cited("notice"))
    if (
        terms.naming
        and not internal
        and (state.made == "in" or (state.made == "distilled" and terms.outputs == "named"))
    ):
        yield Duty("naming", f"Keep the rule about names: {terms.naming.rstrip('. ')}.", cited("naming"))
    if terms.share_alike in _SHARE and state.made != "output" and how == "yes" and shared(terms.share_alike, use):
        yield Duty("share_alike", _SHARE[terms.share_alike], cited("share_alike"))
    flows = (terms.share_alike == "terms" and state.made != "output" and how == "yes") or (
        terms.outputs == "terms" and state.made == "distilled"
    )
    if flows and handed_out:
        yield Duty("flow_down", _FLOW_DOWN, cited("flow_down"))
    if terms.policy and how == "yes":
        whom = "" if internal else ", and pass it on to those who use the product"
        yield Duty("policy", f"Keep to the policy of acceptable use of {{asset}}{whom}.", cited("policy_kept"))
