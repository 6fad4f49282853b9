"""What a screen, a record and a terminal say of what is worth knowing before the choice, and of how it is found out."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from shipworthy._answer_names import Names
from shipworthy.assess import Assessment
from shipworthy.deciding import ToFindOut
from shipworthy.decision import Inquiry
from shipworthy.inquiries import NOT_COMPARED, FindingOut, Inquired, without_delay
from shipworthy.words import join, one_line, plain, total, with_unit

MOST = 8
"""Answers without a way to find them out that are listed; the others are counted."""
COUNTING = "…"
MEANT = (
    "What is left is what we expect when we choose after it, with every launch later by its days, less its cost, less what we "
    "expect when we choose now."
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
    """What is not known at all first, then what pays, the best first, then what nobody has said how to find out or what that
    costs, then the rest."""
    notes: tuple[str, ...]
    """Sentences below the list: what was taken for granted, what tells nothing and why."""
    leading: int
    """Rows at the top that are worth a look before choosing."""
    every_head: tuple[str, ...]
    every: Rows
    """Each answer that is uncertain, and what it is worth to know it: what is not known at all first."""


def told(found: FindingOut, assessment: Assessment) -> Told:
    """Put what is found into words; while nothing can be compared, only what is not known at all, and why the rest waits."""
    money = assessment.currency()
    if not assessment.comparable:
        found = replace(found, uncovered=(), unmeasurable=0, first=None)
    open_ = [(each.worth, _row(each)) for each in found.asked if each.open]
    open_ += [(each.worth.value, _uncovered(each)) for each in found.uncovered[:MOST]]
    open_.sort(key=lambda pair: -pair[0])
    rows = [(f"{label}: not known at all yet", *["–"] * 5) for label in _unknown(found)]
    rows += [_row(each) for each in found.asked if each.unknown or each.pays]
    rows += [row for _, row in open_]
    others = [_row(each) for each in found.asked if not (each.unknown or each.pays or each.open)]
    head = (
        "To find out",
        f"Worth [{money}]",
        f"Costs [{money}]",
        "Takes",
        f"Waiting costs [{money}]",
        f"Left [{money}]",
    )
    return Told(
        finding(found, money), tuple(_more(found, money)), head, (*rows, *others), tuple(_notes(found, money)), len(rows),
        ("Uncertain answer", "Asked in", f"Worth of knowing it [{money}]"), tuple(_every(found, assessment)),
    )  # fmt: skip


def _every(found: FindingOut, assessment: Assessment) -> Iterator[tuple[str, ...]]:
    for key in assessment.missing:
        question = assessment.world.question(key)
        yield question.label, assessment.registry[question.consideration].name, "not known at all yet"
    for each in found.every if assessment.comparable else ():
        worth, below = each.worth, max(each.worth.floor, 1.0)
        measured = worth.measurable and worth.value >= 1
        said = total(worth.value) if measured else f"no measurable value: below {total(below)}"
        yield f"{one_line(each.label, 80)}{_default(each.unconfirmed)}", each.consideration, said


def delayed(assessment: Assessment) -> str:
    """What being done first does to every launch and to the option that is recommended; nothing where nothing is delayed.

    ``All launches are 60 days later, because “Two weeks of new calls” is done first; without that “A model” would bring 594k
    EUR instead of 571k.``
    """
    decision, money = assessment.decision, assessment.currency()
    first = tuple(each.name for each in decision.inquiries if each.first and each.days)
    if not first:
        return ""
    done = "is done first" if len(first) == 1 else "are done first, side by side"
    said = f"All launches are {_days(decision.delay)} later, because {_quoted(first)} {done}"
    if not assessment.comparable:
        return f"{said}."
    sooner, now = without_delay(assessment), assessment.recommended
    then = sooner.recommended
    name = f"“{one_line(decision.option(then).name, 80)}”"
    brings = total(sooner.options[then].summary.mean)
    if then != now:
        only = one_line(decision.option(now).name, 80)
        return f"{said}. Only because of that “{only}” is ahead: without it {name} would be, with {brings} {money}."
    today = total(assessment.options[now].summary.mean)
    return (
        f"{said}."
        if brings == today
        else f"{said}; without that {name} would bring {brings} {money} instead of {today}."
    )


def finding(found: FindingOut, money: str) -> str:
    """What to find out first, or that choosing now is best."""
    best = next((each for each in found.asked if each.pays), None)
    open_ = max((each for each in found.asked if each.open), key=lambda each: each.worth, default=None)
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
    top = found.uncovered[0] if found.uncovered else None
    if open_ is not None and (top is None or top.worth.value <= open_.worth):
        return f"“{_name(open_)}” is worth {total(open_.worth)} {money}{_beside(open_)}; nobody has said yet what it costs."
    if asked and open_ is None:
        return "None of the ways to find out pays: choosing now is expected to bring more."
    if top is not None:
        return f"Knowing “{one_line(top.label, 80)}” is worth {total(top.worth.value)} {money}; nobody has said yet how to find it out."
    if not found.unmeasurable:
        return "No answer is uncertain: there is nothing to find out."
    return "Nothing is worth finding out first: whatever a single answer turned out to be, the same option would be chosen."


def _beside(each: Inquired) -> str:
    return f" beside {_quoted(each.beside)}" if each.beside else ""


def _sums(each: Inquired, money: str) -> str:
    """``is worth 11k EUR, costs 2k and 10 days, which cost 5.2k: 3.6k are left``."""
    days = each.inquiry.days
    said = f"is worth {total(each.worth)} {money}{_beside(each)}"
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
            yield _although(one, money)
    if found.uncovered or found.asked:
        yield f"Knowing everything would be worth {total(found.everything)} {money}: no way to find out can be worth more."


def _although(one: Inquired, money: str) -> str:
    """That something is done first although it does not pay, or although nobody has said what it costs."""
    if one.open:
        return f"“{_name(one)}” is done first, and nobody has said yet what it costs."
    less = total(-one.net)
    more = (
        f"choosing without it is expected to bring {less} {money} more"
        if less != "0"
        else "choosing without it brings as much"
    )
    others = f", with {_quoted(one.beside)} done" if one.beside else ""
    return f"“{_name(one)}” is done first although it does not pay{others}: {more}."


def _notes(found: FindingOut, money: str) -> Iterator[str]:
    waiting = tuple(each.inquiry.name for each in found.asked if each.problem == NOT_COMPARED)
    if waiting:
        yield f"{_quoted(waiting)}: {NOT_COMPARED}"
    for each in found.asked:
        if (each.problem or each.left_out) and each.problem != NOT_COMPARED:
            yield f"“{_name(each)}”: {each.problem or each.left_out}"
        for taken in each.telling.assumed:
            value = with_unit(taken.strays, taken.unit, currency=money)
            yield (
                f"“{_name(each)}”: nobody said how far one case usually is from the average of “{one_line(taken.label, 80)}”, so "
                f"as much as its likely value is taken, {value}."
            )
    hidden = len(found.uncovered[MOST:])
    rest = hidden + found.unmeasurable
    if rest:
        are, have = ("answer is", "has") if rest == 1 else ("answers are", "have")
        yield (
            f"{rest} more {are} uncertain and {have} no measurable or a smaller value: knowing would hardly change what is "
            "chosen. All are listed below."
        )
    if any(not each.problem for each in found.asked):
        yield from (MEANT, *_besides(found), PAID)


def _besides(found: FindingOut) -> Iterator[str]:
    """How what is done first counts in the others."""
    first = tuple(each.inquiry.name for each in found.asked if each.inquiry.first and not each.problem)
    others = any(not (each.problem or each.inquiry.first) for each in found.asked)
    if first and others:
        alone = " An answer that nobody has said how to find out stands for itself." if found.uncovered else ""
        yield f"Each of the others is worth what it adds to {_quoted(first)}, done first.{alone}"
    if len(first) > 1:
        yield f"{_quoted(first)} are done first: each of them is worth what it adds to {'the other' if len(first) == 2 else 'the others'}."


def _row(each: Inquired) -> tuple[str, ...]:
    if each.problem:
        why = "not known at all yet" if each.unknown else "it tells nothing, see below"
        why = "nothing can be compared yet" if each.problem == NOT_COMPARED else why
        return (f"{_name(each)}{_tells(each)}; {why}", *["–"] * 5)
    name = f"{_name(each)} ({kind(each)}){_tells(each)}"
    takes = _days(each.inquiry.days) if each.inquiry.days else "–"
    if not each.counted:
        return (name, COUNTING, COUNTING, takes, COUNTING, COUNTING)
    worth, cost, waiting = (
        total(each.worth) if each.worth >= 1 else "no measurable value",
        total(each.cost),
        total(each.waiting),
    )
    if each.none:
        worth = worth if each.telling.cases is None else "less than it costs"
        cost = f"at least {cost}" if each.inquiry.costed else "not said yet"
        return (name, worth, cost, takes, waiting, "does not pay")
    if not each.inquiry.costed:
        return (name, worth, "not said yet", takes, waiting, "–" if each.open else "does not pay")
    return (name, worth, cost, takes, waiting, total(each.net) if each.pays else f"{total(each.net)}, does not pay")


def _tells(each: Inquired) -> str:
    """What it tells, where its name does not say so itself."""
    named = each.inquiry.name.casefold()
    labels = [one_line(label, 80) for label in each.labels]
    said = "" if all(label.casefold() in named for label in labels) else f": {join(labels)}"
    return f"{said}{_default(each.unconfirmed)}"


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
    """What an inquiry tells and takes, before anything is counted: ``tells “Recall”; a pilot with 300 users; costs 2,000 EUR; 10 days``."""
    labels = [f"“{one_line(names.label(answer), 80)}”" for answer in inquiry.answers]
    cases = "" if inquiry.cases is None else f" with {count(inquiry.cases)}"
    said = [
        f"tells {join(labels)}",
        {"ask": "known afterwards", "pilot": "a pilot", "measure": "measurements"}[inquiry.kind] + cases,
    ]
    costs = [f"{inquiry.once:,.12g} {names.currency}"] if inquiry.once else []
    costs += [f"{inquiry.each:,.12g} {names.currency} a case"] if inquiry.each else []
    costs = costs or (["nothing"] if inquiry.free else [])
    said += [f"costs {' and '.join(costs)}"] if costs else []
    if inquiry.strays is not None:
        said.append(
            f"one case is usually {names.said(names.declared(inquiry.answers[0]), inquiry.strays)} from the average"
        )
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
