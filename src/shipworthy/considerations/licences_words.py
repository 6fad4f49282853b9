"""What data licences say: what stands in the way and how it got there, what clears it, and the lists to take along."""

from collections.abc import Iterator
from itertools import islice

from shipworthy.calculators.licence_flow import Clearance, Issue, attribution_text, counsel_question
from shipworthy.calculators.licence_repair import Repair
from shipworthy.considerations.base import Evaluation, Listing, View, Words
from shipworthy.considerations.show import currency, mean, money, older
from shipworthy.reference import loader as reference
from shipworthy.reference.loader import CHECKED
from shipworthy.words import join, one_line, plain

_SHOWN = 4
_PEOPLE = {
    "blocked": "The people in the data gave them for something else: another purpose needs a basis of its own (GDPR Art. 6(4), 5(1)(b)).",
    "conditional": "The people in the data gave them for something close to it: whether the two go together has to be tested (GDPR Art. 6(4)).",
}


def words(view: View, result: Evaluation) -> Words:
    """The finding for one option."""
    return Words(_headline(result), tuple(_detail(view, result)), tuple(_lists(result)))


def open_facts(result: Evaluation) -> tuple[Issue, ...]:
    """What hangs on a fact that the answers do not settle."""
    settled = result.notes.get("settled", ())
    return tuple(each for each in result.notes["found"].of("conditional") if each not in settled)


def _headline(result: Evaluation) -> str:
    found: Clearance = result.notes["found"]
    blocked, unknown, hangs = found.of("blocked"), found.of("unknown"), open_facts(result)
    personal = result.notes["personal"]
    if unknown:
        others = f" and {len(unknown) - 1} more" if len(unknown) > 1 else ""
        return f"The terms of “{one_line(unknown[0].name)}”{others} are not known, and that is not permission."
    if blocked:
        first = blocked[0]
        said = f"“{one_line(first.name)}” stands against {first.bites}"
        priced: Repair | None = result.notes["priced"]
        if priced is None or "repair_cost" not in result.terms:
            return f"Stopped: {said}."
        if personal != "blocked":
            return f"{said}; clearing it is counted: {_first_small(priced.words)}"
    if personal == "blocked":
        return _PEOPLE["blocked"]
    if against := [each for each in hangs if each in result.notes.get("against", ())]:
        return f"Stopped: it would have to be that {_decides(against[0])}, and by what is answered here it is not so."
    if hangs:
        first = hangs[0]
        return f"Clear if {_decides(first)}{f' (and {len(hangs) - 1} more)' if len(hangs) > 1 else ''}."
    if personal == "conditional":
        return _PEOPLE["conditional"]
    count = len(found.obligations)
    if count:
        return f"Everything in it may be used, with {count} thing{'' if count == 1 else 's'} to do."
    return "Everything in it may be used, and nothing has to be done for it."


def _decides(issue: Issue) -> str:
    if issue.limit:
        quantity, most = issue.limit
        return f"no more than {plain(most)} {'people use your products in a month' if quantity == 'users' else 'US dollars are taken in a year'} (“{one_line(issue.name)}”)"
    return f"this turns out well: {issue.fact or issue.bites} (“{one_line(issue.name)}”)"


def _open_issues(result: Evaluation) -> list[Issue]:
    """What stands in the way, without what the answers settle."""
    settled = result.notes.get("settled", ())
    return [each for each in result.notes["found"].issues if each not in settled]


def _detail(view: View, result: Evaluation) -> Iterator[str]:
    found: Clearance = result.notes["found"]
    issues = _open_issues(result)
    if issues:  # the headline says the rest, where it is about this one
        yield _way(issues[0]) if one_line(issues[0].name) in _headline(result) else issues[0].words
    yield _stand(view, result)
    yield from (each.words for each in islice(issues, 1, _SHOWN))
    more = len(issues) - _SHOWN
    if more > 0:
        yield f"{more} more points stand in the way; all are in the list of questions."
    yield from result.notes["made"].unclear
    yield from _repair_words(view, result)
    personal = result.notes["personal"]
    settled = [f"{each.bites} (“{one_line(each.name)}”)" for each in result.notes.get("settled", ())]
    settled += ["what the people in the data gave them for"] if personal == "settled" else []
    if settled:
        yield f"Settled by what is answered here: {join(list(dict.fromkeys(settled)))}."
    if personal in _PEOPLE and _headline(result) != _PEOPLE[personal]:
        yield _PEOPLE[personal]
    yield from found.notes


def _way(issue: Issue) -> str:
    """The clause, and how the asset that carries it reaches the product."""
    clause = f" The clause: {issue.clause}." if issue.terms else ""
    return f"How it gets there: {issue.way}.{clause}"


def _question(issue: Issue) -> str:
    """What to ask counsel, in one line; the list below has it whole."""
    if issue.terms is None:
        return f"Under which terms may we use “{one_line(issue.name)}”, and who can grant them?"
    under = f" under {issue.terms.name}"
    if issue.rule == "fact":
        return f"May we use “{one_line(issue.name)}”{under}, given {issue.fact}?"
    return f"May we use “{one_line(issue.name)}”{under} like this: {issue.bites}?"


def _repair_words(view: View, result: Evaluation) -> Iterator[str]:
    smallest: Repair | None = result.notes["smallest"]
    if smallest is None:
        if result.notes["found"].of("blocked"):
            yield "Nothing that was looked at clears it: not dropping, replacing, buying, asking, nor using it otherwise."
        return
    yield f"The smallest change that clears it: {_first_small(_in_currency(view, smallest.words))}"
    if "repair_cost" in result.terms:
        cost, days = mean(result.terms["repair_cost"]), mean(result.terms["repair_days"])
        yield f"Counted: {money(view, cost)} and {plain(days)} days before it is live."
    elif result.notes["priced"] is None:
        yield "No way out is priced yet, so none is counted: it does not go live."
    else:
        yield "It is left as it is, so nothing is counted for clearing it: it does not go live."


def _in_currency(view: View, text: str) -> str:
    return text if "not known" in text else f"{text.rstrip('.')} (in {currency(view)})."


def _first_small(text: str) -> str:
    return text[:1].lower() + text[1:]


def _stand(view: View, result: Evaluation) -> str:
    """As of when, on which text, checked how, and the question to ask."""
    found: Clearance = result.notes["found"]
    deciding = [each.terms for each in found.issues if each.terms] or [
        each for both in found.chosen.values() for each in both
    ]
    texts = [each for each in dict.fromkeys(deciding) if each.as_of]
    if texts:
        oldest = min(each.as_of for each in texts if each.as_of)
        how = "; ".join(CHECKED[word] for word in CHECKED if word in {each.checked for each in texts})
        named = join([each.name for each in texts[:3]]) + (" and others" if len(texts) > 3 else "")
        said = f"As of {oldest}, on the text of {named}; how far checked: {how}."
        table = reference.load("licences")
        old = [each for each in texts if each.licence in table and table[each.licence].stale(view.world.on)]
        if old:
            said += f" {older(len(old))}: look whether the terms have moved."
    else:
        said = "On what the team says of its own work and contracts."
    if issues := _open_issues(result):
        return f"{said} Not legal advice. Ask counsel: “{_question(issues[0])}” (whole in the list below)."
    return (
        f"{said} Not legal advice. Ask counsel: “Do the terms listed here let us use everything in it as we describe?”"
    )


def _lists(result: Evaluation) -> Iterator[Listing]:
    found: Clearance = result.notes["found"]
    repairs: tuple[Repair, ...] = result.notes["repairs"]
    if repairs:
        yield Listing("Ways to clear it, the cheapest first", tuple(each.words for each in repairs))
    if found.obligations:
        yield Listing("What it obliges you to", tuple(f"{each.sentence} ({each.why})" for each in found.obligations))
    if text := attribution_text(found):
        yield Listing("The text that names the authors", tuple(text.split("\n")), text=True)
    if found.issues:
        yield Listing(
            "What to ask counsel", tuple(counsel_question(each, result.notes["use"]) for each in found.issues)
        )
    understood = result.notes["made"].understood
    names = {each.id: each.name for each in result.notes["made"].assets}
    yield Listing(
        "How the licences were understood",
        tuple(f"{one_line(names[key], 60)}: {said}" for key, said in understood.items()),
    )
