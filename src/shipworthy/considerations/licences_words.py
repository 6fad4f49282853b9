"""What data licences say: what stands in the way and how it got there, what clears it, and the lists to take along."""

from collections.abc import Iterator, Sequence
from itertools import islice

from shipworthy.calculators.licence_flow import Clearance, Issue, attribution_text, counsel_question
from shipworthy.calculators.licence_repair import Repair
from shipworthy.calculators.licence_terms import OWN, Terms
from shipworthy.considerations.base import Evaluation, Listing, View, Words
from shipworthy.considerations.licences_questions import WAYS
from shipworthy.considerations.licences_repair import Plan
from shipworthy.considerations.show import currency, mean, money, older
from shipworthy.reference import loader as reference
from shipworthy.reference.loader import CHECKED
from shipworthy.words import join, one_line, percent, plain

_SHOWN = 4
_STOPPED = " There may be a cheaper way"
_PEOPLE = {
    "blocked": "The people in the data gave them for something else: another purpose needs a basis of its own (GDPR Art. 6(4), 5(1)(b)).",
    "conditional": "The people in the data gave them for something close to it: whether the two go together has to be tested (GDPR Art. 6(4)).",
}


def words(view: View, result: Evaluation) -> Words:
    """The finding for one option."""
    return Words(_headline(result), tuple(_detail(view, result)), tuple(_lists(view, result)))


def open_facts(result: Evaluation) -> tuple[Issue, ...]:
    """What hangs on a fact that the answers do not settle."""
    settled = result.notes.get("settled", ())
    return tuple(each for each in result.notes["found"].of("conditional") if each not in settled)


def _headline(result: Evaluation) -> str:
    found: Clearance = result.notes["found"]
    plan: Plan = result.notes["plan"]
    blocked, personal = found.of("blocked"), result.notes["personal"]
    said = f"“{one_line(blocked[0].name)}” stands against {blocked[0].bites}" if blocked else ""
    if blocked and plan.after is None:
        return f"Stopped: {said}."
    if personal == "blocked":
        return _PEOPLE["blocked"]
    if unknown := [each for each in (plan.after or found).of("unknown") if each.asset not in plan.settled]:
        others = f" and {len(unknown) - 1} more" if len(unknown) > 1 else ""
        return f"The terms of “{one_line(unknown[0].name)}”{others} are not known, and that is not permission."
    if blocked:
        return f"{said}; clearing it is counted: {_first_small(result.notes['counted'].words)}"
    hangs = [each for each in open_facts(result) if each.asset not in plan.settled]
    if against := [each for each in hangs if each in result.notes.get("against", ())]:
        return f"Stopped: it would have to be that {_decides(against[0])}, and by what is answered here it is not so."
    if hangs:
        first = hangs[0]
        return f"Clear if {_decides(first)}{f' (and {len(hangs) - 1} more)' if len(hangs) > 1 else ''}."
    if personal == "conditional":
        return _PEOPLE["conditional"]
    if plan.settling:
        first = next(each for each in found.issues if each.asset in plan.settled)
        what = first.bites if first.terms else "use under terms that are not known"
        return f"“{one_line(first.name)}” may stand against {what}; settling it is counted: {_first_small(result.notes['counted'].words)}"
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
    yield from _several(view, result)
    yield from _repair_words(view, result)
    personal = result.notes["personal"]
    settled = [_decides(each) for each in result.notes.get("settled", ())]
    settled += ["what the people in the data gave them for"] if personal == "settled" else []
    if settled:
        yield f"Settled by what is answered here: {'; '.join(dict.fromkeys(settled))}."
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


def _several(view: View, result: Evaluation) -> Iterator[str]:
    """That several questions are open, and how likely it is that all turn out well."""
    count, chance = result.notes["questions"], view.world.value("licences.doubt", view.option)[1]
    stopped = result.notes["plan"].after is None or result.notes["personal"] == "blocked"
    if count > 1 and not stopped and isinstance(chance, float | int) and 0 < chance < 1:
        yield (
            f"{count} questions that nobody has checked are open. Each turns out well with {percent(chance)}, by itself: "
            f"all of them do with {percent(chance**count)}."
        )


def _repair_words(view: View, result: Evaluation) -> Iterator[str]:
    smallest: Repair | None = result.notes["smallest"]
    plan: Plan = result.notes["plan"]
    blocked = result.notes["found"].of("blocked")
    if blocked and smallest is None:
        yield "Nothing that was looked at clears it: not dropping, replacing, buying, asking, nor using it otherwise."
    elif smallest is not None:
        yield f"The smallest change that clears it: {_first_small(_in_currency(view, smallest.words))}"
    if plan.done:
        cost, days = mean(result.terms["repair_cost"]), mean(result.terms["repair_days"])
        for_open = "" if blocked else f" for what is open: {_first_small(result.notes['counted'].words.rstrip('.'))}"
        yield f"Counted: {money(view, cost)} and {plain(days)} days before it is live{for_open}."
    elif blocked and smallest is not None and result.notes["priced"] is None:
        none = "No way out is priced yet" if not plan.rows else "What is priced does not clear all that blocks"
        yield f"{none}, so none is counted: it does not go live."
    elif blocked and smallest is not None:
        yield "It is left as it is, so nothing is counted for clearing it: it does not go live."
    if said := list(_not_counted(result)):
        yield f"Priced and not counted: {'; '.join(said)}."


def _not_counted(result: Evaluation) -> Iterator[str]:
    """Priced ways that are not taken, each with the reason; those of a product that is left or stays blocked were told."""
    plan: Plan = result.notes["plan"]
    found: Clearance = result.notes["found"]
    if found.of("blocked") and not plan.done:
        return
    names = {each.id: each.label for each in result.notes["made"].assets}
    open_ones = {key for each in _open_issues(result) for key in (each.asset, each.with_asset)}
    taken = {(each.asset, each.kind) for each in plan.done}
    for asset, way in plan.rows:
        if (asset, way) in taken:
            continue
        if plan.left:
            why = "it is left as it is"
        elif asset in {key for key, _ in taken} or found.of("blocked"):
            why = "another way is"
        elif asset in open_ones:
            why = "doing without it is counted only where something blocks"
        else:
            why = "nothing about it stands in the way"
        yield f"“{WAYS[way]}” for {names[asset]} ({why})"


def _in_currency(view: View, text: str) -> str:
    said, stopped, rest = text.partition(_STOPPED)
    return text if "not known" in said else f"{said.rstrip('.')} (in {currency(view)}).{stopped}{rest}"


def _first_small(text: str) -> str:
    return text[:1].lower() + text[1:]


def _stand(view: View, result: Evaluation) -> str:
    """As of when, on which text, checked how, and the question to ask."""
    found: Clearance = result.notes["found"]
    names = {each.id: each.label for each in result.notes["made"].assets}
    deciding = [each.terms for each in found.issues if each.terms] or [
        each for both in found.chosen.values() for each in both
    ]
    texts = [each for each in dict.fromkeys(deciding) if each.as_of]
    if texts:
        oldest = min(each.as_of for each in texts if each.as_of)
        said = f"As of {oldest}, on the text of {_named(texts)}; how far checked: {_how_far(texts)}."
        table = reference.load("licences")
        old = [each for each in texts if each.licence in table and table[each.licence].stale(view.world.on)]
        if old:
            said += f" {older(len(old))}: look whether the terms have moved."
    else:
        said = "On what the team says of its own work and contracts."
    if issues := _open_issues(result):
        return f"{said} Not legal advice. Ask counsel: “{_question(issues[0])}” (whole in the list below)."
    under = [
        f"“{one_line(names[key], 60)}” under {join([each.name for each in both])}" for key, both in _chosen(result)
    ]
    names_all = join([*under[:_SHOWN], *([f"{len(under) - _SHOWN} more"] if len(under) > _SHOWN else [])])
    asked = (
        f"May we use {names_all} like this: {result.notes['use'].words}?"
        if under
        else ("Is all that is listed here ours, and is nothing of others in it?")
    )
    return f"{said} Not legal advice. Ask counsel: “{asked}”"


def _chosen(result: Evaluation) -> list[tuple[str, tuple[Terms, ...]]]:
    """Assets with the terms under which they are used, without what is our own."""
    found: Clearance = result.notes["found"]
    return [(key, both) for key, both in found.chosen.items() if any(each.licence != OWN.licence for each in both)]


def _named(texts: Sequence[Terms]) -> str:
    return join([each.name for each in texts[:3]]) + (" and others" if len(texts) > 3 else "")


def _how_far(texts: Sequence[Terms]) -> str:
    """How far each text was checked, and which were only in part."""
    groups = {word: [each for each in texts if each.checked == word] for word in CHECKED}
    said = [
        CHECKED[word] + (f" ({_named(found)})" if len(found) < len(texts) else "")
        for word, found in groups.items()
        if found
    ]
    part = [each for each in texts if "unverified:" in each.note and each.checked.startswith("seen")]
    return "; ".join(said) + (f"; not all of it, see below ({_named(part)})" if part else "")


def _lists(view: View, result: Evaluation) -> Iterator[Listing]:
    found: Clearance = result.notes["found"]
    repairs: tuple[Repair, ...] = result.notes["repairs"]
    if repairs:
        yield Listing(
            f"Ways to clear it, the cheapest first (costs in {currency(view)})", tuple(each.words for each in repairs)
        )
    if found.obligations:
        yield Listing("What it obliges you to", tuple(f"{each.sentence} ({each.why})" for each in found.obligations))
    if text := attribution_text(found):
        yield Listing("The text that names the authors", tuple(text.split("\n")), text=True)
    if found.issues:
        yield Listing(
            "What to ask counsel", tuple(counsel_question(each, result.notes["use"]) for each in found.issues)
        )
    if notes := tuple(_notes(found)):
        yield Listing("What else is known of these texts", notes)
    understood = result.notes["made"].understood
    names = {each.id: each.name for each in result.notes["made"].assets}
    yield Listing(
        "How the licences were understood",
        tuple(f"{one_line(names[key], 60)}: {said}" for key, said in understood.items()),
    )


def _notes(found: Clearance) -> Iterator[str]:
    """Notes of the texts that stand in the way, that ask for something, or of which something was not verified."""
    matter = [each.terms for each in found.issues if each.terms] + [each.terms for each in found.obligations]
    matter += [each for both in found.chosen.values() for each in both if "unverified:" in each.note]
    for terms in dict.fromkeys(matter):
        if terms.note:
            yield f"{terms.name}: {terms.note.replace('unverified:', 'Not verified:').rstrip('. ')}."
