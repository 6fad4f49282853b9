"""Terms that bite in one way each, and small graphs drawn at random, for the tests of licences."""

import random
from collections.abc import Sequence

from shipworthy.calculators.licence_flow import Asset, Clearance, Flow
from shipworthy.calculators.licence_terms import Terms, Use

FREE = Terms("free", "Free terms", "data")
BY = Terms("by", "BY 4", "data", attribution=True, notice="a link to the licence", clause="section 3(a)")
SA = Terms(
    "sa", "SA 4", "data", attribution=True, share_alike="adapted", reaches_models="unsettled", clause="section 3(b)"
)
NC = Terms("nc", "NC 4", "data", commercial="no", training="non_commercial", attribution=True, clause="section 2(a)")
ND = Terms("nd", "ND 4", "data", derivatives="private", reaches_models="unsettled")
ASSISTANT = Terms(
    "assistant", "Assistant terms", "service", outputs="no_competing_model", clause="section 2, restrictions"
)
RIVAL = Terms("rival", "Rival terms", "service", outputs="no_competing_product")
RAIL = Terms("rail", "Rail", "model", share_alike="terms", reaches_models="yes", reaches_distilled=True, policy=True,
             fields_barred=frozenset({"medical", "automated_decisions"}), outputs="terms", clause="attachment A")  # fmt: skip
LLAMA = Terms("llama", "Llama 0", "model", commercial="limited", users_most=700e6, naming="Built with Llama", outputs="named",
              closed_in=frozenset({"EU"}), fact="whether the model takes pictures", clause="section 2")  # fmt: skip
CLOSED = Terms("closed", "Closed in places", "model", closed_in=frozenset({"EU", "UK"}))
NONE = Terms("unspecified", "No licence found", "status", commercial="no", derivatives="no", training="permission")
GPL2 = Terms(
    "gpl2",
    "GPL 2.0 only",
    "software",
    "GPL-2.0-only",
    share_alike="work",
    training="unclear",
    reaches_models="unsettled",
)
GPL3 = Terms(
    "gpl3", "GPL 3.0", "software", "GPL-3.0-only", share_alike="work", training="unclear", reaches_models="unsettled"
)
AGPL = Terms("agpl", "AGPL 3.0", "software", "AGPL-3.0-only", share_alike="network", training="unclear")
APACHE = Terms("apache", "Apache 2.0", "software", "Apache-2.0", attribution=True)
MIT = Terms("mit", "MIT", "software", "MIT", attribution=True)
DATABASE = Terms("odbl", "Data base terms", "data", share_alike="data", reaches_models="no")
BUSL = Terms("busl", "Source available", "software", commercial="limited", fields_barred=frozenset({"production"}))

ALL = (FREE, BY, SA, NC, ND, ASSISTANT, RIVAL, RAIL, LLAMA, CLOSED, NONE, GPL2, GPL3, AGPL, APACHE, MIT, DATABASE, BUSL)
HARSH = (SA, NC, ASSISTANT, RIVAL, RAIL, CLOSED, NONE, GPL2, APACHE, FREE, FREE)
COMMERCIAL = Use(True, "distributed", frozenset({"US"}), competes="none")

Drawn = tuple[list[Asset], list[Flow], Use]


def one(terms: Terms, kind: str = "data") -> Asset:
    """An asset “a” under these terms."""
    return Asset("a", "Thing", kind, ((terms,),))  # type: ignore[arg-type]


def flows(*said: str) -> list[Flow]:
    """Flows written as “a trains m”."""
    return [Flow(*each.split()) for each in said]  # type: ignore[arg-type]


def found(clearance: Clearance) -> list[tuple[str, str]]:
    """Kind and rule of each issue."""
    return [(issue.kind, issue.rule) for issue in clearance.issues]


def keys(clearance: Clearance) -> set[tuple[object, ...]]:
    """What tells an issue from another, however it gets to the product and however hard it bites."""
    return {
        (issue.rule, issue.asset, issue.terms and issue.terms.licence, *sorted([issue.asset, issue.with_asset or ""]))
        if issue.with_asset is None
        else ("together", *sorted([issue.asset, issue.with_asset]))
        for issue in clearance.issues
    }


def drawn(seed: int, pool: Sequence[Terms] = ALL, alternatives: bool = False, size: int = 7) -> Drawn:
    """A small graph without circles, and a use."""
    dice = random.Random(seed)
    assets: list[Asset] = []
    listed: list[Flow] = []
    for at in range(dice.randint(2, size)):
        kind = dice.choice(("data", "source", "model", "outputs", "code", "service"))
        many = dice.choice((1, 1, 2)) if alternatives else 1
        choices = tuple(tuple(dice.sample(pool, dice.choice((1, 1, 2)))) for _ in range(many))
        assets.append(Asset(f"a{at}", f"Asset {at}", kind, choices if dice.random() < 0.9 else ()))
    for at, asset in enumerate(assets):
        targets = assets[at + 1 :]
        for _ in range(dice.randint(0, 3)):
            if targets:
                listed += _flow(dice, asset, dice.choice(targets))
        if dice.random() < 0.35 or at == len(assets) - 1:
            listed.append(Flow(asset.id, dice.choice(("ships", "ships", "ships", "evaluates")), "product"))
    return assets, listed, any_use(dice)


def any_use(dice: random.Random) -> Use:
    """A use drawn at random."""
    regions = frozenset(dice.sample(("EU", "US", "UK"), dice.randint(0, 3)))
    fields = frozenset(dice.sample(("medical", "automated_decisions", "military"), dice.randint(0, 2)))
    competes = dice.choice(("none", "model", "product", "unknown"))
    delivery = dice.choice(("internal", "served", "distributed"))
    return Use(dice.random() < 0.7, delivery, regions, fields, competes, dice.random() < 0.5)  # type: ignore[arg-type]


def _flow(dice: random.Random, asset: Asset, target: Asset) -> list[Flow]:
    can = ["ships", "evaluates"]
    if target.kind in ("model", "service", "code"):
        can += ["trains", "tunes", "distils"]
    if asset.kind in ("model", "service") and target.kind in ("outputs", "data"):
        can += ["generates", "generates"]
    if target.kind == "data":
        can += ["collected"]
    return [Flow(asset.id, dice.choice(can), target.id)]  # type: ignore[arg-type]
