"""What a screen and a record say of two scenarios side by side."""

from collections.abc import Iterator
from dataclasses import dataclass

from shipworthy._comparing_words import Named
from shipworthy.assess import Assessment
from shipworthy.considerations.show import signed
from shipworthy.scenarios import Beside, Judged, Paid, Side
from shipworthy.words import join, one_line, percent, total

AS_IT_STANDS = "The answers as they stand"
NONE_YET = (
    "No scenario yet. Write one below, a line a changed answer: what if persuading takes twice as long? "
    "It is then held against the answers as they stand."
)
Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Told:
    """Two scenarios in words."""

    finding: str
    more: tuple[str, ...]
    """What follows it: changes that do not fit any more, answers that are not known."""
    head: tuple[str, ...]
    rows: Rows
    turned: tuple[str, ...]
    """Findings that are others, a line each."""


def told(found: Beside, assessment: Assessment) -> Told:
    """Put two scenarios into words."""
    names, money = Named(assessment), assessment.currency()
    titles = (title(found.left), title(found.right))
    head = ("Option", *titles, "Difference (8 in 10 between)", "Meets all")
    rows = tuple(
        (names[key], payoff(found.left.options[key]), payoff(found.right.options[key]), _gained(found, key), _met(found, key))
        for key in found.left.options
    )  # fmt: skip
    turned = tuple(
        f"{names[each.option]} › {assessment.registry[each.consideration].name}: {_judged(each.left)} → {_judged(each.right)}"
        for each in found.turned
    )
    return Told(finding(found, names, money), tuple(_more(found, assessment)), head, rows, turned)


def title(side: Side) -> str:
    """What one side is called above its numbers."""
    return one_line(side.name, 60) or "As it stands"


def payoff(paid: Paid) -> str:
    """The expected payoff and between what it lies: ``0.9M (0.3M to 1.6M)``."""
    found = paid.payoff
    between = "" if found.certain else f" ({total(found.p10)} to {total(found.p90)})"
    return f"{total(found.mean)}{paid.mark}{between}"


def gained(amount: float) -> str:
    """An amount with its sign; ``0`` where it is nothing."""
    text = total(amount)
    return text if text == "0" or amount < 0 else f"+{text}"


def finding(found: Beside, names: Named, money: str) -> str:
    """What one sentence says: which option leads, and by how much; always of a scenario against what it is held against."""
    base, other = (found.left, found.right) if found.right.name else (found.right, found.left)
    if not other.name:
        return "The answers as they stand are on both sides: choose a scenario on one of them."
    rather = f" rather than “{title(base)}”" if base.name else ""
    given = f"With “{title(other)}”{rather}"
    if not (base.comparable and other.comparable):
        return f"{given}, nothing can be compared yet: what the options bring is not known."
    if found.same:
        return f"{given}, every figure stays as it is: nothing that is changed counts in any option."
    new, old = other.recommended, base.recommended
    mean = {key: each.payoff.mean for key, each in other.options.items()}
    if new != old:
        return f"{given}, “{names[new]}” leads instead of “{names[old]}”, by {total(mean[new] - mean[old])} {money}."
    before = base.options[new].payoff.mean
    gap = mean[new] - before
    if total(gap) == "0":
        return f"{given}, “{names[new]}” leads as before{_next(base, other, new, names, money)}."
    if total(mean[new]) == total(before):
        return f"{given}, “{names[new]}” still leads, and is expected to bring practically the same: {total(before)} {money}."
    side = "more" if gap > 0 else "less"
    return (
        f"{given}, “{names[new]}” still leads: it is expected to bring {total(abs(gap))} {money} {side}, "
        f"{total(mean[new])} instead of {total(before)}."
    )


def _next(base: Side, other: Side, lead: str, names: Named, money: str) -> str:
    """How far behind the next best is, where there is one."""
    mean = [{key: each.payoff.mean for key, each in side.options.items()} for side in (base, other)]
    second = max((key for key in mean[1] if key != lead), key=lambda key: mean[1][key], default=None)
    if second is None:
        return ""
    then, now = (each[lead] - each[second] for each in mean)
    if total(now - then) == "0":
        return f"; the next best, “{names[second]}”, is {total(now)} {money} behind, as before"
    return f"; the next best, “{names[second]}”, is {total(now)} {money} behind instead of {total(then)}"


def _more(found: Beside, assessment: Assessment) -> Iterator[str]:
    yield from dict.fromkeys((*found.left.problems, *found.right.problems))
    for side in (found.left, found.right):
        if side.missing:
            labels = join([f"“{assessment.world.question(key).label}”" for key in side.missing[:3]])
            rest = f" and {len(side.missing) - 3} more" if len(side.missing) > 3 else ""
            where = f"“{title(side)}” is" if side.name else "The answers as they stand are"
            yield f"{where} without {labels}{rest}, not known yet (†)."


def _gained(found: Beside, option: str) -> str:
    gap = found.differences[option]
    if gap.chance_equal == 1:
        return "the same"
    low, high = gained(gap.p10), gained(gap.p90)
    return gained(gap.mean) + ("" if gap.p10 == gap.p90 or low == high else f" ({low} to {high})")


def _met(found: Beside, option: str) -> str:
    both = [side.options[option].meets_all for side in (found.left, found.right)]
    return both[0] if both[0] == both[1] else " → ".join(both)


def _judged(found: Judged) -> str:
    share = found.probability
    sure = share is not None and found.status in ("meets", "at_risk", "fails")
    return signed(found.status) + (f" ({percent(share)})" if sure and share is not None else "")
