"""How a model tells its reasons: what a statement may say of the way it was decided, and what stands in brackets.

Points add up, a path can be followed, exact shares can be named; what only approximates the model is not told as if it were
the reason: it stands in square brackets until somebody has checked it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shipworthy.calculators.explanation import METHODS, strength
from shipworthy.words import join, percent, plain

_KINDS = (("points", "sum"), ("additive", "sum"), ("path", "path"), ("tree_attributions", "shares"))
"""Methods that tell the reasons exactly, the best first, and how."""
_PROCEDURE = "How it was decided: [the procedure in two or three plain sentences]."

Reasons = Sequence[tuple[str, float]]


@dataclass(frozen=True)
class Telling:
    """How the reasons of one option come about."""

    kind: str
    """sum, path, shares, tried (exact answers to a what-if), approximate; empty where nothing was said of it."""
    by: str = ""
    """By what they are approximated, in words; empty where nothing gives them."""
    changes: tuple[str, ...] = ()
    """Sentences on how a change would alter the result; made from the reasons where there are none."""

    def reason(self, place: int, feature: str) -> str:
        """A numbered reason, in brackets where it has to be checked first."""
        return f"{place}. [{feature}]" if self.kind == "approximate" else f"{place}. {feature}"

    def warning(self) -> list[str]:
        """What has to be checked before the reasons may be told."""
        if self.kind != "approximate":
            return []
        how = f"Approximated by {self.by}" if self.by else "No method of this option gives reasons for one person"
        return [f"[{how}: to be checked that they are the ones actually used.]"]

    def procedure(self, hurt: Reasons) -> str:
        """How it was decided, in what is true of such a model."""
        total = sum(points for _, points in hurt)
        if self.kind == "sum":
            return (
                f"{_PROCEDURE} Each of the data below counts for or against you, and the sum decides. Against you counted "
                f"{plain(total, digits=3)} points; the limit was missed by [points]."
            )
        if self.kind == "path":
            return (
                f"{_PROCEDURE} Rules are gone through one after the other; those that the reasons above name decided."
            )
        if self.kind == "shares":
            named = join([f"{small(feature)} {percent(points / total)}" for feature, points in hurt])
            return f"{_PROCEDURE} Of what counted against you, these are the shares: {named}."
        if self.kind == "tried":
            return (
                f"{_PROCEDURE} The reasons above were found by changing one fact at a time and looking at the result."
            )
        return _PROCEDURE

    def change(self, feature: str, points: float) -> str:
        """What a change would do; only where points add up is it known from the points."""
        if self.kind == "sum":
            return (
                f"- {feature}: at a value that costs nothing, the sum would be {plain(points, digits=3)} points better."
            )
        if self.kind == "path":
            return f"- {feature}: [the value from which another rule decides]."
        if self.kind in ("shares", "tried"):
            return f"- {feature}: [the value from which the result is another, all else the same]."
        return f"- {feature}: [to be tried in the model: the value from which the result is another]."


SAID_NOTHING = Telling("")


def telling(family: str, methods: Iterable[str]) -> Telling:
    """How an option tells its reasons, by the best of its methods.

    >>> telling("additive", ["additive", "counterfactual"]).kind, telling("monotone_boosted", ["tree_attributions"]).kind
    ('sum', 'shares')
    >>> telling("deep", ["gradients"])
    Telling(kind='approximate', by='gradients or saliency maps', changes=())

    Raises
    ------
    InputError
        If a method does not belong to the family.
    """
    used = list(methods)
    meets = {each: strength(family, each, "reasons").strength in ("strong", "acceptable") for each in used}
    for method, kind in _KINDS:
        if method in used:
            return Telling(kind)
    if meets.get("counterfactual"):
        return Telling("tried")
    return Telling("approximate", join([METHODS[each] for each in used if each not in ("global", "none")]))


def small(words: str) -> str:
    """Words as they stand inside a sentence: the first letter small, unless an abbreviation begins them.

    >>> small("Debt"), small("IBAN")
    ('debt', 'IBAN')
    """
    return words[0].lower() + words[1:] if len(words) > 1 and not words[1].isupper() else words
