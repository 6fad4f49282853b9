"""Small decisions about licences and explanations for tests: rows and answers in, findings out."""

import re
from typing import Any

from decisions import PLAIN, assessed, decision

from shipworthy.assess import Assessment, Finding
from shipworthy.considerations.base import Evaluation
from shipworthy.decision import Row


def _row_id(*parts: str) -> str:
    return "_".join(re.sub("[^a-z0-9]+", "_", part.lower()) for part in parts)[:48]


def asset(name: str, licence: str = "", how: str = "", into: str = "", kind: str = "", row: str = "") -> Row:
    """A row of what a product is made of; empty cells are left out."""
    cells = {"name": name, "licence": licence, "how": how, "into": into, "kind": kind}
    return Row(id=row or _row_id("a", name, how, into), cells={key: cell for key, cell in cells.items() if cell})


def way(name: str, kind: str, cost: Any, days: Any = 0.0, chance: float | None = None, row: str = "") -> Row:
    """A priced way out."""
    cells = {"asset": name, "way": kind, "cost": cost, "days": days}
    return Row(id=row or _row_id("w", kind, name), cells=cells if chance is None else {**cells, "chance": chance})


def contract(name: str, **cells: str) -> Row:
    """A contract described by hand."""
    return Row(id=_row_id("c", name), cells={"name": name, **cells})


MODEL = asset("Our model", kind="model", how="ships")
"""What the others train; it ships."""

LICENSED: dict[str, Any] = {**PLAIN, "licences.theirs": "yes", "licences.competes": "none"}

LENDING: dict[str, Any] = {
    **PLAIN,
    "explainability.effect": "adverse",
    "explainability.automation": "solely",
    "explainability.people": "consumers",
    "explainability.domains": ("credit",),
    "explainability.bureau": "no",
    "explainability.affected": ("EU",),
    "explainability.family": "neural_tabular",
    "explainability.methods": ("sampled_attributions",),
}
"""A deep network alone refuses loans to people in the European Union."""


def licensed(*rows: Row, size: int = 2, on: Any = None, **answers: Any) -> Assessment:
    """A product made of these, otherwise as :data:`LICENSED`; ``doubt=1.0`` is ``licences.doubt``."""
    said = {"licences.assets": rows, **{_key(key, "licences"): value for key, value in answers.items()}}
    return _assessed({**LICENSED, **said}, size, on)


def lending(size: int = 2, on: Any = None, **answers: Any) -> Assessment:
    """The lender of :data:`LENDING` with other answers; None takes one away."""
    said = {**LENDING, **{_key(key, "explainability"): value for key, value in answers.items()}}
    return _assessed({key: value for key, value in said.items() if value is not None}, size, on)


def finding(found: Assessment, key: str, option: str = "a") -> Finding:
    """What a consideration says of an option."""
    return found.options[option].findings[key]


def evaluation(found: Assessment, key: str, option: str = "a") -> Evaluation:
    """What it computed."""
    return found.evaluations(key)[option]


def said(found: Assessment, key: str, option: str = "a") -> str:
    """Its headline and sentences, one after the other."""
    words = finding(found, key, option).words
    return " ".join((words.headline, *words.detail))


def listed(found: Assessment, key: str, title: str, option: str = "a") -> tuple[str, ...]:
    """The lines of one of its lists; none where it has no such list."""
    lists = finding(found, key, option).words.lists
    return next((each.items for each in lists if each.title == title), ())


def _key(name: str, consideration: str) -> str:
    """``value_stream__uses`` is another consideration's answer."""
    return name.replace("__", ".") if "__" in name else f"{consideration}.{name}"


def _assessed(answers: dict[str, Any], size: int, on: Any) -> Assessment:
    document = decision("a", answers)
    if on is None:
        return assessed(document, size=size)
    from shipworthy.assess import assess

    return assess(document, on=on, size=size)
