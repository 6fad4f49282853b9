"""From the rows that a team typed to the graph of what a product is made of, and how it is used."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from shipworthy.calculators.licence_flow import Asset, Clearance, Flow, cleared
from shipworthy.calculators.licence_names import resolve
from shipworthy.calculators.licence_terms import OWN, Competes, Delivery, Terms, Use
from shipworthy.considerations.base import View
from shipworthy.considerations.licences_questions import HOW, KINDS, UNUSED, verb
from shipworthy.considerations.world import RowView
from shipworthy.errors import InputError
from shipworthy.reference import loader as reference
from shipworthy.words import join, one_line

PRODUCT = "product"
_OURS = re.compile(
    r"\s*((our\s+)?own|(made\s+)?in[\s-]*house|self[\s-]?made)(\s+(work|data|code|model))?\s*|\s*ours\s*", re.IGNORECASE
)


@dataclass(frozen=True)
class Made:
    """What a product is made of, as it was typed and understood."""

    assets: tuple[Asset, ...]
    flows: tuple[Flow, ...]
    understood: Mapping[str, str]
    """By asset: how its licence was understood, in words."""
    unclear: tuple[str, ...]
    """Sentences on licences that were not understood."""


def made_of(view: View) -> Made | None:
    """The graph of the option in view; None where nothing is listed.

    Raises
    ------
    InputError
        One sentence on rows that contradict each other or a flow that leads nowhere.
    """
    typed = enumerate(view.rows("assets"), start=1)
    placed = [(place, row) for place, row in typed if any(row.known(each) for each in ("name", "licence", "into"))]
    rows = [row for _, row in placed]
    if not rows:
        return None
    contracts = (
        {row.word("name"): row for row in view.rows("contracts") if row.word("name")} if view.known("contracts") else {}
    )
    names: dict[str, str] = {}
    for place, row in placed:
        name = row.word("name")
        if not name:
            raise InputError(f"What it is made of, row {place} has no name: type what the asset is called.")
        if _key(name) == PRODUCT:
            raise InputError(
                f"What it is made of, row {place}: “{one_line(name)}” stands for the product itself; call the asset something else."
            )
        names.setdefault(_key(name), name)
    flows = tuple(_flow(row, names) for row in rows if row.word("how") != UNUSED)
    delivery = view.word("delivery")
    assets, understood, unclear = [], {}, []
    for key, name in names.items():
        own = [row for row in rows if _key(row.word("name")) == key]
        asset, words, problem = _asset(key, name, own, contracts, delivery)
        assets.append(asset)
        made_here = not asset.choices and _made_here(asset, flows)
        understood[key] = "made here" if made_here else words
        unclear += [problem] if problem and not made_here else []
    return Made(tuple(assets), flows, understood, tuple(unclear))


def _key(name: str) -> str:
    return " ".join(name.casefold().split())


def _made_here(asset: Asset, flows: Sequence[Flow]) -> bool:
    """Whether it is a model that others train, or the outputs of one: such need no terms of their own."""
    makes = ("generates", "trains", "tunes", "distils")
    return asset.kind in ("model", "outputs") and any(each.target == asset.id and each.how in makes for each in flows)


def _asset(
    key: str, name: str, rows: Sequence[RowView], contracts: Mapping[str, RowView], delivery: str
) -> tuple[Asset, str, str]:
    """An asset with its terms, how they were understood, and what is wrong with them."""
    shown = one_line(name, 60)
    kinds = list(dict.fromkeys(row.word("kind") for row in rows if row.word("kind")))
    licences = list(dict.fromkeys(row.word("licence") for row in rows if row.word("licence")))
    for what, found in (("is", [KINDS.get(each, each) for each in kinds]), ("is under", licences)):
        if len(found) > 1:
            raise InputError(
                f"“{shown}” {what} {join([f'“{one_line(each)}”' for each in found])} in different rows: make them say the same."
            )
    kind = kinds[0] if kinds else "data"
    typed = licences[0] if licences else ""
    choices, words, problem = terms_of(typed, contracts, kind, delivery)
    if problem:
        problem = f"“{shown}”: {problem}"
    return Asset(key, name, kind, choices), words, problem  # type: ignore[arg-type]


def terms_of(
    typed: str, contracts: Mapping[str, RowView], kind: str, delivery: str
) -> tuple[tuple[tuple[Terms, ...], ...], str, str]:
    """Terms behind a licence as it was typed, how it was understood, and a sentence where it was not."""
    if _OURS.fullmatch(typed):
        return ((OWN,),), "our own", ""
    found = resolve(typed, contracts=tuple(contracts))
    if not found.known:
        near = (
            f" Perhaps {join([reference.load('licences')[each].text('name') for each in found.suggestions[:4]], 'or')}?"
            if found.suggestions
            else ""
        )
        return (), "not known", (found.error or found.words) + near
    folded = {_key(name): row for name, row in contracts.items()}
    choices = tuple(tuple(_terms(key, folded, kind, delivery) for key in together) for together in found.choices)
    return choices, found.words, ""


def _terms(key: str, contracts: Mapping[str, RowView], kind: str, delivery: str) -> Terms:
    if key.startswith("contract:"):
        name = key.removeprefix("contract:")
        return _contract(name, contracts[_key(name)], kind, delivery)
    return _row(key)


@lru_cache(maxsize=256)
def _row(key: str) -> Terms:
    return Terms.of(reference.load("licences")[key])


def _contract(name: str, row: RowView, kind: str, delivery: str) -> Terms:
    """A contract from the answers that were given, for an asset of that kind; what was not answered is a fact that decides.

    It binds whoever signed it, whatever becomes of the asset. A fact names the asset, not the contract, whose name may be
    anything: the rules look at its words for what it is about.
    """
    said = {column: row.word(column) for column in ("commercial", "training", "outputs", "sharing", "attribution")}
    asked = [] if said["commercial"] else ["commercial use"]
    if delivery == "distributed" and not said["sharing"]:
        asked.append("handing out what is made from it")
    if kind in ("model", "service", "outputs") and not said["outputs"]:
        asked.append("training with its answers" if asked else "training with its outputs")
    return Terms(
        licence=f"contract:{name}",
        name=one_line(name, 80),
        kind="data",
        commercial={"no": "no", "yes": "yes"}.get(said["commercial"], "limited"),
        training={"no": "no", "yes": "yes"}.get(said["training"], "unclear"),
        outputs={"no": "no", "yes": "yes"}.get(said["outputs"], "na"),
        derivatives={"no": "private", "yes": "yes"}.get(said["sharing"], "unclear"),
        reaches_models="yes",
        attribution=said["attribution"] == "yes",
        fact=f"what the contract of {{asset}} says about {join(asked, 'or')}" if asked else "",
        source="answers of the team",
        checked="",
    )


def _flow(row: RowView, names: Mapping[str, str]) -> Flow:
    into, how = row.word("into"), row.word("how") or "ships"
    target = PRODUCT if not into or (_key(into) in (PRODUCT, "the product") and _key(into) not in names) else _key(into)
    shown = one_line(row.word("name"), 60)
    if target != PRODUCT and target not in names:
        raise InputError(
            f"“{shown}” goes into “{one_line(into, 60)}”, which is not in the list: type the name of another row, or leave it empty for the product."
        )
    if target == PRODUCT and how not in ("ships", "evaluates"):
        raise InputError(f"“{shown}” {verb(how)} the product itself: type into which row, or choose “{HOW['ships']}”.")
    return Flow(_key(row.word("name")), how, target)  # type: ignore[arg-type]


def use_of(view: View) -> Use:
    """How the option in view is used."""
    return Use(
        commercial=view.word("commercial") != "no",
        delivery=cast(Delivery, view.word("delivery") or "served"),
        regions=frozenset(view.picked("regions")),
        fields=frozenset(view.picked("fields")),
        competes=cast(Competes, view.peek("competes") or "unknown"),
        human_decides=view.peek("explainability.automation") == "human",
        language_model={"yes": True, "no": False}.get(view.peek("llm")),
    )


@lru_cache(maxsize=32)
def clearance(assets: tuple[Asset, ...], flows: tuple[Flow, ...], use: Use) -> Clearance:
    """What the terms permit; the same for all draws, so it is worked out once."""
    return cleared(assets, flows, use)
