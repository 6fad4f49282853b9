"""What a screen, a record and a terminal say of what is worth knowing before the choice, and of how it is found out."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from shipworthy._answer_names import Names
from shipworthy.assess import Assessment
from shipworthy.deciding import ToFindOut
from shipworthy.decision import Inquiry
from shipworthy.inquiries import FindingOut, Inquired
from shipworthy.words import join, one_line, plain, total, with_unit

MOST = 8
"""Answers without a way to find them out that are listed; the others are counted."""
COUNTING = "…"
MEANT = (
    "What is left is what choosing after it is expected to bring, with every launch later by its days, less its cost, less "
    "what choosing now is expected to bring. Each stands for itself, beside what is done first anyway."
)
PAID = "What finding out costs is told here alone, and is in no option’s payoff: it is paid whichever is chosen."
Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Told:
    """Everything in words, ready for a table."""

    finding: str
    """The one sentence to read."""
    more: tuple[str, ...]
    """Sentences above the list."""
    head: tuple[str, ...]
    rows: Rows
    """What is not known at all first, then what pays, the best first, then what nobody has said how to find out, then the rest."""
    notes: tuple[str, ...]
    """Sentences below the list: what was taken for granted, what tells nothing and why."""


def told(found: FindingOut, assessment: Assessment) -> Told:
    """Put what is found into words; while nothing can be compared, only what is not known at all."""
    money = assessment.currency()
    if not assessment.comparable:
        found = replace(found, asked=(), uncovered=(), unmeasurable=0, first=None)
    worth = found.uncovered[:MOST]
    paying = [each for each in found.asked if each.pays]
    others = [each for each in found.asked if not each.pays and not each.unknown]
    rows = [(f"{label}: not known at all yet", *["–"] * 5) for label in _unknown(found)]
    rows += [_row(each) for each in found.asked if each.unknown]
    rows += [_row(each) for each in paying]
    rows += [_uncovered(each) for each in worth]
    rows += [_row(each) for each in others]
    head = ("To find out", f"Worth up to [{money}]", f"Costs [{money}]", "Takes", f"Waiting costs [{money}]",
            f"Left [{money}]")  # fmt: skip
    return Told(finding(found, money), tuple(_more(found, money)), head, tuple(rows), tuple(_notes(found, money)))


def finding(found: FindingOut, money: str) -> str:
    """What to find out first, or that choosing now is best."""
    best = next((each for each in found.asked if each.pays), None)
    asked = [each for each in found.asked if not each.problem]
    if found.unknown:
        return f"Find out first what is not known at all: {_quoted(found.unknown)}."
    if asked and not found.whole:
        return "What finding out brings is being counted…"
    if found.first is not None and found.first.net < 0:
        return f"What is done first is expected to bring {total(-found.first.net)} {money} less than choosing now."
    if best is not None:
        done = "is done first: it" if best.inquiry.first else "first: it"
        return f"{'' if best.inquiry.first else 'Find out '}“{_name(best)}” {done} {_sums(best, money)}."
    if asked:
        return "None of the ways to find out pays: choosing now is expected to bring more."
    if found.uncovered:
        top = found.uncovered[0]
        return f"Knowing “{one_line(top.label, 80)}” is worth up to {total(top.worth.value)} {money}; nobody has said yet how to find it out."
    if not found.unmeasurable:
        return "No answer is uncertain: there is nothing to find out."
    return "Nothing is worth finding out first: whatever a single answer turned out to be, the same option would be chosen."


def _sums(each: Inquired, money: str) -> str:
    """``is worth 11k EUR, costs 2k and 10 days, which cost 5.2k: 3.6k are left``."""
    days = each.inquiry.days
    said = f"is worth {total(each.worth)} {money}"
    said += f", costs {total(each.cost)}" if total(each.cost) != "0" else ", costs nothing"
    if days:
        lost = total(each.waiting) if each.waiting >= 1 else ""
        said += f" and takes {_days(days)}, " + (f"in which {lost} are lost" if lost else "in which nothing is lost")
    return f"{said}; {total(each.net)} are left"


def _more(found: FindingOut, money: str) -> Iterator[str]:
    if found.first is not None:
        each = found.first
        pays = (
            f"{total(each.net)} are left"
            if each.net >= 1
            else f"that is {total(-each.net)} less than choosing now brings"
        )
        yield (
            f"Done first, side by side: {_quoted(each.names)}. Together they are worth {total(each.worth)} {money}, cost "
            f"{total(each.cost)} and take {_days(each.days)}, in which {total(max(each.waiting, 0.0))} are lost; {pays}."
        )
    for one in found.asked:
        if one.inquiry.first and one.counted and not one.problem and not one.pays:
            yield f"“{_name(one)}” is done first although it does not pay: choosing without it is expected to bring {total(-one.net)} {money} more."  # fmt: skip
    if found.uncovered or found.asked:
        yield f"Knowing everything would be worth {total(found.everything)} {money}: no way to find out can be worth more."


def _notes(found: FindingOut, money: str) -> Iterator[str]:
    for each in found.asked:
        if each.problem or each.left_out:
            yield f"“{_name(each)}”: {each.problem or each.left_out}"
        for taken in each.telling.assumed:
            value = with_unit(taken.strays, taken.unit, currency=money)
            yield (
                f"“{_name(each)}”: nobody said how far one case strays from the mean of “{one_line(taken.label, 80)}”, so as "
                f"much as its likely value is taken, {value}."
            )
    hidden = len(found.uncovered[MOST:])
    rest = hidden + found.unmeasurable
    if rest:
        are, have = ("answer is", "has") if rest == 1 else ("answers are", "have")
        yield f"{rest} more {are} uncertain and {have} no measurable or a smaller value: knowing would hardly change what is chosen."
    if any(not each.problem for each in found.asked):
        yield MEANT
        yield PAID


def _row(each: Inquired) -> tuple[str, ...]:
    what = f"{join([one_line(label, 80) for label in each.labels])}{_default(each.unconfirmed)}"
    if each.problem:
        why = "not known at all yet" if each.unknown else "it tells nothing, see below"
        return (f"{_name(each)}: {what}; {why}", *["–"] * 5)
    name = f"{_name(each)} ({kind(each)}): {what}"
    takes = _days(each.inquiry.days) if each.inquiry.days else "–"
    if not each.counted:
        return (name, COUNTING, COUNTING, takes, COUNTING, COUNTING)
    worth = total(each.worth) if each.worth >= 1 else "no measurable value"
    if each.telling.cases == 0 and each.inquiry.kind != "ask":
        worth = "less than it costs"
    left = total(each.net) if each.pays else f"{total(each.net)}, does not pay"
    return (name, worth, total(each.cost), takes, total(each.waiting), left)


def _uncovered(each: ToFindOut) -> tuple[str, ...]:
    name = f"{one_line(each.label, 80)} ({each.consideration}){_default(each.unconfirmed)}; nobody has said how"
    return (name, total(each.worth.value), *["–"] * 4)


def kind(each: Inquired) -> str:
    """``a pilot with 336 users, which pays best, done first``."""
    cases = each.telling.cases
    first = ", done first" if each.inquiry.first else ""
    if each.inquiry.kind == "ask":
        return f"known afterwards{first}"
    best = "" if each.inquiry.cases is not None or not cases else ", which pays best"
    if each.inquiry.kind == "pilot":
        many = f"a pilot with {count(cases)} user{'' if cases == 1 else 's'}" if cases else "a pilot"
    else:
        many = f"{count(cases)} measurement{'' if cases == 1 else 's'}" if cases else "measurements"
    return f"{many}{best}{first}"


def plainly(inquiry: Inquiry, names: Names) -> str:
    """What an inquiry tells and takes, before anything is counted: ``tells “Recall”; a pilot with 300 users; costs 2,000; 10 days``."""
    labels = [f"“{one_line(names.label(answer), 80)}”" for answer in inquiry.answers]
    cases = "" if inquiry.cases is None else f" with {count(inquiry.cases)}"
    said = [
        f"tells {join(labels)}",
        {"ask": "known afterwards", "pilot": "a pilot", "measure": "measurements"}[inquiry.kind] + cases,
    ]
    costs = [f"{inquiry.once:,.12g}"] if inquiry.once else []
    costs += [f"{inquiry.each:,.12g} a case"] if inquiry.each else []
    said += [f"costs {' and '.join(costs)}"] if costs else []
    said += [f"one strays by {inquiry.strays:,.12g}"] if inquiry.strays is not None else []
    said += [_days(inquiry.days)] if inquiry.days else []
    return "; ".join([*said, *(["done first"] if inquiry.first else [])])


def count(cases: int) -> str:
    """``12,000``, as it is.

    >>> count(336), count(12_000)
    ('336', '12,000')
    """
    return f"{cases:,}"


def _unknown(found: FindingOut) -> list[str]:
    """What is not known at all and that no inquiry tells of."""
    covered = {label for each in found.asked if each.unknown for label in each.labels}
    return [label for label in found.unknown if label not in covered]


def _name(each: Inquired) -> str:
    return one_line(each.inquiry.name, 80)


def _default(unconfirmed: bool) -> str:
    return ", an unconfirmed default" if unconfirmed else ""


def _days(days: float) -> str:
    return "1 day" if days == 1 else f"{plain(days)} days"


def _quoted(names: tuple[str, ...]) -> str:
    return join([f"“{one_line(name, 80)}”" for name in names])
