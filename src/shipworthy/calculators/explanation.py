"""How well a model family with a method of explanation meets a level, and what accuracy an explainable family keeps.

The strengths are readings of law and literature, rows of the reference table ``explanations``: a judgement unless a row
says otherwise. The gaps to the best black box are in ``families``, for a team to override by a measurement.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from shipworthy.calculators._duties_table import need_codes
from shipworthy.calculators._duties_words import LEVELS
from shipworthy.calculators._numbers import Array, floats
from shipworthy.errors import InputError
from shipworthy.reference.loader import load
from shipworthy.words import join, plain

STRENGTHS = ("strong", "acceptable", "weak", "no")
"""Best first. Strong and acceptable meet a level, weak is at risk, no fails."""

METHODS: Mapping[str, str] = {
    "points": "its own points or coefficients",
    "path": "the path or rule that decided",
    "additive": "exact contributions of an additive model",
    "tree_attributions": "exact attributions of trees (TreeSHAP)",
    "sampled_attributions": "sampled attributions (KernelSHAP, LIME)",
    "gradients": "gradients or saliency maps",
    "counterfactual": "what would have changed the result (a what-if tool)",
    "global": "a description of the model in general",
    "own_words": "the model's own words",
    "none": "none",
}


class Strength(NamedTuple):
    """How well a level is met, why, on whose word, and how far that was checked."""

    strength: str
    why: str
    source: str
    checked: str
    arguable: bool = False
    """Whether it meets the level on a reading that is argued over."""


@dataclass(frozen=True)
class Family:
    """A model family of the table."""

    key: str
    name: str
    gap: tuple[float, float, float]
    """What it loses against the best black box: low, likely, high [AUC]."""
    methods: tuple[str, ...]
    """Methods that can explain it, its own first."""
    note: str
    source: str
    checked: str


def family(key: str) -> Family:
    """A model family of the reference table.

    Parameters
    ----------
    key : str
        Its key in the table ``families``.

    Returns
    -------
    Family
        Its name, gap and methods.

    Raises
    ------
    InputError
        If there is no such family; near names are given.

    Examples
    --------
    >>> found = family("additive")
    >>> found.gap, found.methods[0], found.checked
    ((0.0, 0.002, 0.01), 'additive', 'judgement')

    References
    ----------
    The table ``families``: every row names its source.
    """
    row = load("families")[key]
    low, likely, high = (row.number(f"gap_{word}") for word in ("low", "likely", "high"))
    methods = tuple(row.text("methods").split(";"))
    return Family(key, row.text("name"), (low, likely, high), methods, row.text("note"), row.source, row.checked)


def strength(family_key: str, method: str, level: str) -> Strength:
    """How well a family with one method of explanation meets a level.

    Parameters
    ----------
    family_key : str
        Key of the table ``families``.
    method : str
        One of ``METHODS``; ``none`` goes with every family.
    level : str
        none, notice, reasons or logic.

    Returns
    -------
    Strength
        strong, acceptable, weak or no; one sentence why; source; how far checked; whether that is arguable.

    Raises
    ------
    InputError
        If a name is not known, or the method does not belong to the family.

    Examples
    --------
    >>> strength("additive", "additive", "logic").strength, strength("llm", "own_words", "reasons").strength
    ('strong', 'no')

    References
    ----------
    The table ``explanations``: every row names its source.
    """
    need_codes("What has to be explained", {level}, LEVELS)
    need_codes("Method of explanation", {method}, METHODS)
    found = family(family_key)
    if method not in found.methods:
        others = join([METHODS[code] for code in found.methods if code != "none"], "or")
        raise InputError(f"{found.name} cannot be explained by {METHODS[method]}; {others} would do.")
    if level == "none":
        return Strength("strong", "Nothing has to be explained.", "follows from the level", "derived")
    row = load("explanations")[f"{family_key}.{method}.{level}"]
    arguable = row.text("arguable") == "yes"
    return Strength(row.text("strength"), row.text("why"), row.source, row.checked, arguable)


def strongest(family_key: str, methods: Iterable[str], level: str) -> Strength:
    """The best of several methods used together; of equal ones, one that nobody argues over.

    >>> strongest("monotone_boosted", ["tree_attributions", "counterfactual"], "logic").strength
    'acceptable'

    Raises
    ------
    InputError
        As :func:`strength`.
    """
    found = [strength(family_key, method, level) for method in (*methods, "none")]
    return min(found, key=lambda each: (STRENGTHS.index(each.strength), each.arguable))


def accuracy_kept(best: npt.ArrayLike, baseline: npt.ArrayLike, gap: npt.ArrayLike) -> Array:
    r"""Share of the effect over the baseline that a model keeps which loses a gap against the best.

    .. math:: k = \min\left(1, \max\left(0, \frac{(m - g) - b}{m - b}\right)\right)

    with m the best model's measure, b that of what one has today, g the gap. Where the gap eats all that the best model
    adds, nothing is kept; a model that beats the best keeps all. It assumes that the effect grows in proportion to the
    measure above the baseline.

    Parameters
    ----------
    best : float or array
        Measure of the best black box [AUC, or any measure where more is better].
    baseline : float or array
        Measure of what one has today, or of guessing [as ``best``].
    gap : float or array
        What the model loses against the best [as ``best``].

    Returns
    -------
    float or array
        Share kept [0..1].

    Raises
    ------
    InputError
        If the best is not above the baseline, or a number is none.

    Examples
    --------
    >>> round(float(accuracy_kept(0.80, 0.70, 0.02)), 6)
    0.8

    References
    ----------
    Arithmetic. The gaps of families are in the table ``families``.
    """
    top, floor, loss = floats(best), floats(baseline), floats(gap)
    for label, value in (("Best model", top), ("Baseline", floor), ("Gap", loss)):
        if not np.all(np.isfinite(value)):
            raise InputError(f"{label}: something that is no number was found; a number such as 0.8 would do.")
    added = top - floor
    worst = np.argmin(added)
    if not np.min(added) > 0:
        high, low = (float(np.broadcast_to(value, np.shape(added)).flat[worst]) for value in (top, floor))
        raise InputError(
            f"Best model: {plain(high, digits=3)} is not above the baseline of {plain(low, digits=3)}, "
            "so there is no effect to keep; a best model above the baseline would do."
        )
    kept: Array = np.clip((added - loss) / added, 0.0, 1.0)
    return kept
